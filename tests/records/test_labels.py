"""Values as people read them: labels, and lines that name records."""

from __future__ import annotations

import pytest

from fieldkit.records.label import LONGEST, describe, value_label
from fieldkit.records.schema.codes import code_list, code_list_names
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import kind
from fieldkit.records.schema.parse import labelled, parse
from fields import OTHER, PERSON, TERMS, field


@pytest.mark.parametrize("name", code_list_names())
def test_labels_lead_back_to_their_codes(name: str) -> None:
    spec = FieldSpec("choice", "Answer", codes=name)
    for entry in code_list(name).entries:
        assert parse(spec, labelled(spec, entry.code)) == entry.code


def test_labelled() -> None:
    assert labelled(field("feedback.date"), "2026-10-07") == "7 Oct 2026"
    assert labelled(field("person.disability"), ["02", "XX"]) == "hearing; other"
    assert labelled(field("feedback.service_area"), "eye-clinic", TERMS) == "eye clinic"
    assert labelled(field("attendance.head_count"), 0) == "0"
    assert labelled(field("feedback.event"), PERSON) == PERSON


def test_an_answer_has_its_number_only_if_forms_print_that_number() -> None:
    assert value_label(field("feedback.rating"), "2", {}) == "2 good"
    assert value_label(field("feedback.gender"), "3", {}) == "3 non-binary"
    assert value_label(field("feedback.ethnic_group"), "1", {}) == "Bangladeshi"
    assert value_label(field("person.band"), "6", {}) == "band 6"


def test_labels_without_letters_are_still_found() -> None:
    age = kind("feedback").fields["age_band"]
    assert parse(age, "16–17") == parse(age, "16-17") == "16-17"


def test_describe() -> None:
    values = {
        "service_area": "diabetes",
        "rating": "2",
        "experience": "They moved my\nappointment [/] \x1b[2J" * 9,
    }
    text = describe(kind("feedback"), values)
    assert text.startswith("diabetes · 2 good · They moved my appointment [/] [2J")
    assert len(text) <= LONGEST and text.endswith("…") and "\x1b" not in text
    assert describe(kind("feedback"), {}) == "Feedback"
    count = {"event": PERSON, "head_count": 12, "attendee_group": "staff"}
    assert describe(kind("attendance"), count) == "12 · members of staff"
    pair = {"mentor": PERSON, "mentee": OTHER, "level": "2"}
    assert describe(kind("mentorship"), pair) == "level 2 (band 5)"
    names = {f"person:{PERSON}": "Asha", f"person:{OTHER}": "Ben"}
    assert describe(kind("mentorship"), pair, names=names) == "Asha · Ben · level 2 (band 5)"
