"""Groups of figures are named in words: codes that publications use follow them, those of fieldkit never."""

from __future__ import annotations

import pytest

from fieldkit.errors import Misuse
from fieldkit.importing.figures.schemes import SCHEMES, LabelMatch
from fieldkit.presentation.figures.label_questions import group_name, group_of, groups_to_choose


@pytest.mark.parametrize("dimension", SCHEMES)
def test_no_group_is_offered_with_a_code_of_the_program(dimension: str) -> None:
    for code, name in groups_to_choose(dimension, []):
        assert f"({code})" not in name or code == code.upper()
        assert group_of(dimension, SCHEMES[dimension][0], code).code == code


def test_codes_that_publications_use_are_shown() -> None:
    names = dict(groups_to_choose("ethnic", ["K Bangladeshi"]))
    assert next(iter(names.items())) == ("K", "Bangladeshi (K)")
    assert names["99"] == "not known (not asked) (99)"
    assert names["bme"] == "all but White British"
    assert names["unknown-mixed"] == "not stated or not known"


def test_a_group_that_a_label_has_is_named() -> None:
    assert group_name(LabelMatch("J", "nhs16", "group")) == "J Pakistani"
    assert group_name(LabelMatch("asian", "five2001", "parent")) == "Asian or Asian British"


def test_the_hint_of_a_refused_group_names_them_so_too() -> None:
    with pytest.raises(Misuse) as refused:
        group_of("ethnic", "nhs16", "Martian")
    assert "Bangladeshi (K)" in refused.value.hint and "unknown-mixed" not in refused.value.hint
