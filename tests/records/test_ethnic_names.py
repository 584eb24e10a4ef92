"""Names of ethnic groups that nobody can misread: White British people are not all British people."""

from __future__ import annotations

import pytest

from fieldkit.presentation.pack.respondents import questions_of
from fieldkit.records.ethnic_names import ethnic_name


@pytest.mark.parametrize(
    ("label", "group", "name"),
    [
        ("British", "White", "White: British"),
        ("Indian", "Asian or Asian British", "Asian: Indian"),
        ("Chinese", "Other ethnic groups", "Other: Chinese"),
        ("White and Asian", "Mixed", "White and Asian"),
        ("any other Black background", "Black or Black British", "any other Black background"),
        ("White: British", "White", "White: British"),
        ("Bangladeshi", "", "Bangladeshi"),
    ],
)
def test_the_broad_group_stands_in_front_where_the_label_does_not_name_it(
    label: str, group: str, name: str
) -> None:
    assert ethnic_name(label, group) == name


def test_no_table_of_people_has_a_group_that_is_called_british_alone() -> None:
    (question,) = [each for each in questions_of([], ["ethnic"], {}) if each.name == "ethnic"]
    by_level = {level.name: set(level.groups.values()) for level in question.levels}
    assert "White: British" in by_level["NHS categories"]
    assert "White: English, Welsh, Scottish, Northern Irish or British" in by_level["as asked"]
    assert not {"British", "Irish", "African", "Indian"} & set().union(*by_level.values())
