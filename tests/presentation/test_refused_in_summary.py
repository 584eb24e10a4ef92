"""Rows that an import refused are named beside the figures they would have changed, until they are imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.importing.log import refused_rows
from fieldkit.presentation.summary_texts import read_summary, refusals
from fieldkit.store.kit import Kit
from fieldkit.store.undo_log import key_of_import, undo_spans
from import_steps import import_understood

GOOD, BAD = "1,Kind\n2,Slow\n", "12,?\n11,?\n"


def _import(kit: Kit, path: Path, text: str = "") -> int:
    """Import a file of ratings and text; returns the import's number."""
    if text:
        path.write_text("rating,experience\n" + text, encoding="utf-8")
    return import_understood(kit, "feedback", path).number


def test_refused_rows_are_named_beside_the_figures(kit: Kit, tmp_path: Path) -> None:
    _import(kit, tmp_path / "fft.csv", GOOD + BAD)
    summary = read_summary(kit)
    sentence = "2 rows of fft.csv were refused at import and are not counted."
    assert refusals(summary, "ratings") == [sentence]
    assert refusals(summary, "events") == []
    assert summary.caveats[0] == sentence
    assert summary.as_dict()["refused"] == [{"file": "fft.csv", "kind": "feedback", "rows": 2}]


@pytest.mark.parametrize("where", ["the file of refused rows", "the whole file"])
def test_rows_that_were_corrected_are_refused_no_more(kit: Kit, tmp_path: Path, where: str) -> None:
    _import(kit, tmp_path / "fft.csv", GOOD + BAD)
    if where == "the whole file":
        _import(kit, tmp_path / "fft.csv", GOOD + "1,?\n11,?\n")
    else:
        again = tmp_path / "fft.refused.csv"
        again.write_text("rating,experience\n1,?\n11,?\n", encoding="utf-8")
        _import(kit, again)
    assert refused_rows(kit) == [("fft.csv", "feedback", 1)]


def test_another_file_of_the_same_name_hides_no_refusal(kit: Kit, tmp_path: Path) -> None:
    _import(kit, tmp_path / "export.csv", GOOD + BAD)
    _import(kit, tmp_path / "export.csv", "3,Next month\n11,?\n")
    assert refused_rows(kit) == [("export.csv", "feedback", 3)]


def test_an_import_that_was_undone_shifts_nothing(kit: Kit, tmp_path: Path) -> None:
    before = kit.ledger.origins().get(kit.origin, 0)
    number = _import(kit, tmp_path / "fft.csv", GOOD + BAD)
    undo_spans(kit, [(kit.origin, before + 1, before + 2)], key_of_import(number))
    assert refused_rows(kit) == []
