"""Published labels are matched by exact keys, within their group; labels that are only similar give suggestions."""

from __future__ import annotations

import pytest

from fieldkit.importing.figures.age_bands import age_code
from fieldkit.importing.figures.schemes import (
    five_of,
    likely_dimension,
    match_label,
    nhs16_of,
    pick_scheme,
    suggestions,
)
from fieldkit.records.schema.codes import code_list


@pytest.mark.parametrize(
    ("scheme", "group", "label", "code", "level"),
    [
        ("nhs16", "Asian or Asian British", "Any other Asian background", "L", "group"),
        ("nhs16", "", "Any Other Asian Background", "L", "group"),
        ("nhs16", "Asian or Asian British", "Other", "L", "group"),
        ("nhs16", "", "Other Asian", "L", "group"),
        ("nhs16", "Other Ethnic Groups", "Other", "S", "group"),
        ("nhs16", "White", "British", "A", "group"),
        ("nhs16", "", "White - British", "A", "group"),
        ("nhs16", "", "White: Irish", "B", "group"),
        ("nhs16", "", "British (White)", "A", "group"),
        ("nhs16", "", "White/British", "A", "group"),
        ("nhs16", "", "Asian or Asian British - Bangladeshi", "K", "group"),
        ("nhs16", "", "J", "J", "group"),
        ("nhs16", "", "J - Pakistani", "J", "group"),
        ("nhs16", "", "Mixed - White & Black Caribbean", "D", "group"),
        ("nhs16", "", "White and Asian", "F", "group"),
        ("nhs16", "Asian or Asian British", "Chinese", "R", "group"),
        ("nhs16", "White", "All", "white", "parent"),
        ("nhs16", "", "BME", "bme", "parent"),
        ("nhs16", "Not stated/Not known/Invalid", "All", "unknown-mixed", "unknown"),
        ("nhs16", "", "Not stated", "Z", "declined"),
        ("nhs16", "", "Not known", "99", "not-asked"),
        ("nhs16", "", "All ethnic groups", "total", "total"),
        ("census19", "", "Asian, Asian British or Asian Welsh: Bangladeshi", "1", "group"),
        ("census19", "", "White: English, Welsh, Scottish, Northern Irish or British", "13", "group"),
        ("census19", "", "Other ethnic group: Arab", "18", "group"),
        ("census19", "", "Mixed or Multiple ethnic groups: Other Mixed or Multiple ethnic groups", "12", "group"),
        ("census19", "", "Does not apply", "not-applicable", "unknown"),
        ("religion", "", "Baha`i", "A", "group"),
        ("religion", "", "Bahá’í", "A", "group"),
        ("religion", "", "None", "L", "group"),
        ("orientation", "", "Gay/Lesbian", "2", "group"),
        ("orientation", "", "Bi-sexual", "3", "group"),
        ("orientation", "", "Not stated/Not known/Invalid", "unknown-mixed", "unknown"),
        ("orientation", "", "Not stated / unknown", "unknown-mixed", "unknown"),
        ("disability", "", "01 Behaviour and Emotional", "01", "group"),
        ("disability", "", "NN No Disability", "NN", "group"),
        ("disability", "", "XX Other", "XX", "group"),
        ("disability", "", "No Code Recorded", "not-asked", "not-asked"),
        ("disability", "", "Invalid Code", "invalid", "unknown"),
        ("disability", "", "ZZ Not Stated (Person asked but declined to provide a response)", "ZZ", "declined"),
        ("gender", "", "Female", "2", "group"),
        ("age", "", "18 to 25", "18-25", "group"),
        ("age", "", "All ages", "total", "total"),
        ("carer", "", "Unpaid carer", "Y", "group"),
    ],
)  # fmt: skip
def test_published_labels_find_their_code(scheme: str, group: str, label: str, code: str, level: str) -> None:
    match = match_label(scheme, label, group)
    assert match is not None and (match.code, match.level) == (code, level)


@pytest.mark.parametrize(
    ("scheme", "group", "label"),
    [
        ("nhs16", "", "Any other background"),
        ("nhs16", "", "Azian Indian"),
        ("nhs16", "White", "Pakistani and white"),
        ("nhs16", "Something else", "Other"),
        ("nhs16", "", "K - Pakistani"),
        ("nhs16", "Eastern European", "All"),
        ("orientation", "", "Gay/Pakistani"),
        ("disability", "", "02 Sight"),
        ("religion", "", ""),
        ("age", "", "adults"),
    ],
)
def test_what_is_not_exactly_a_label_is_not_matched(scheme: str, group: str, label: str) -> None:
    assert match_label(scheme, label, group) is None


def test_what_is_alike_is_suggested() -> None:
    assert suggestions("nhs16", "Pakstani")[0].code == "J"
    assert suggestions("nhs16", "Qwertyuiop") == []


def test_the_finer_groups_add_up_to_the_coarser() -> None:
    assert [nhs16_of(str(code)) for code in (13, 15, 16, 17, 18, 19)] == ["A", "C", "C", "C", "S", "S"]
    assert five_of("nhs16", "R") == "other" and five_of("census19", "2") == "asian"
    assert {five_of("nhs16", entry.code) for entry in code_list("ethnic_category").entries if not entry.role} == {
        "white", "mixed", "asian", "black", "other",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("Under 18", "0-17"), ("<16", "under-16"), ("18 to 25", "18-25"), ("Aged 16 to 17 years", "16-17"),
        ("90 and over", "90-over"), ("85+", "85-over"), ("Aged 85 years and over", "85-over"), ("Over 85", "86-over"),
        ("Aged 4 years and under", "0-4"), ("25-34", "25-34"), ("18–24", "18-24"), ("34-25", ""), ("Total", ""),
        ("adults", ""),
    ],
)  # fmt: skip
def test_age_bands_stay_as_published(label: str, code: str) -> None:
    assert age_code(label) == code


def test_the_scheme_is_the_one_that_most_labels_belong_to() -> None:
    census = [
        (entry.label, entry.get("group")) for entry in code_list("ethnic_group").entries if not entry.role
    ]
    nhs = [
        (entry.label, entry.get("group")) for entry in code_list("ethnic_category").entries if not entry.role
    ]
    assert pick_scheme("ethnic", census) == "census19"
    assert pick_scheme("ethnic", nhs) == "nhs16"
    assert likely_dimension([("Hindu", ""), ("Sikh", ""), ("Moon", "")]) == "religion"
    assert likely_dimension([("North", ""), ("South", "")]) == ""
