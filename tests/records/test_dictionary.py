"""The data dictionary is up to date and names everything."""

from __future__ import annotations

from fieldkit.records.dictionary import data_dictionary
from fieldkit.records.schema.codes import code_list, code_list_names
from fields import ALL_FIELDS
from project_files import ROOT

ROOT = ROOT


def test_the_data_dictionary_is_up_to_date() -> None:
    page = (ROOT / "docs" / "data-dictionary.md").read_text("utf-8")
    assert page == data_dictionary(), "run: python -m fieldkit.records.dictionary > docs/data-dictionary.md"


def test_the_data_dictionary_names_everything() -> None:
    page = data_dictionary()
    for each, spec in ALL_FIELDS:
        assert f"(`{each.name}`)" in page and f"| `{spec.name}` | {spec.title} |" in page
    for name in code_list_names():
        assert all(f"`{entry.code}`" in page for entry in code_list(name).entries)
