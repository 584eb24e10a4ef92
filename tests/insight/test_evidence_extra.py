"""The messages if the packages of the extra `evidence` are not installed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from fieldkit.errors import FieldkitError
from fieldkit.evidence_extra import INSTALL, PACKAGES, ExtraMissing, evidence_extra

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]


def _missing(name: str) -> None:
    with evidence_extra():
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)


@pytest.mark.parametrize("name", ["scipy", "scipy.special", "matplotlib.pyplot", "docx"])
def test_a_missing_package_says_what_to_install(name: str) -> None:
    with pytest.raises(FieldkitError) as caught:
        _missing(name)
    assert caught.value.hint == INSTALL
    assert name.partition(".")[0] in caught.value.message
    assert "pip install 'fieldkit[evidence]'" in str(caught.value)


def test_every_package_of_the_extra_is_known_to_the_sentence() -> None:
    names = {need.partition(">")[0] for need in PROJECT["optional-dependencies"]["evidence"]}
    assert {"python-docx" if name == "docx" else name for name in PACKAGES} == names


def test_another_missing_module_is_a_fault_of_the_program() -> None:
    with pytest.raises(ModuleNotFoundError) as caught:
        _missing("fieldkit.nothing")
    assert not isinstance(caught.value, ExtraMissing)
