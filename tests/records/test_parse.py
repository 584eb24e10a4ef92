"""Answers as people write them: parsed to one value, or refused with a sentence."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import kind
from fieldkit.records.schema.parse import UnknownTerm, labelled, parse, part_kept
from fields import PERSON, TERMS, field

DECLINED = ("prefer not to say", "Declined", "not stated")


def sentence(problem: pytest.ExceptionInfo[ValueError]) -> str:
    text = str(problem.value)
    assert text.endswith(".") and "Traceback" not in text
    return text


PARSED: list[tuple[str, Any, Any]] = [
    ("feedback.rating", "2", "2"),
    ("feedback.rating", "2 good", "2"),
    ("feedback.rating", "Very Good (1)", "1"),
    ("feedback.rating", "VERY GOOD", "1"),
    ("feedback.rating", "01", "1"),
    ("feedback.rating", "1.0", "1"),
    ("feedback.rating", 5.0, "5"),
    ("feedback.rating", 6, "6"),
    ("feedback.rating", "don’t know", "6"),
    ("feedback.rating", float("nan"), None),
    ("feedback.rating", "Unknown", None),
    ("feedback.rating", " n/a ", None),
    ("feedback.service_area", "Diabetes", "diabetes"),
    ("feedback.service_area", "hiv / aids", "hiv-aids"),
    ("feedback.service_area", "A&E", "emergency"),
    ("feedback.service_area", "Eye  Clinic", "eye-clinic"),
    ("feedback.service_area", "ਅੱਖਾਂ ਦਾ ਕਲੀਨਿਕ", "ਅੱਖਾਂ"),
    ("feedback.consent_record", "YES", "Y"),
    ("feedback.consent_record", True, "Y"),
    ("feedback.consent_record", "0", "N"),
    ("feedback.consent_record", "false", "N"),
    ("feedback.consent_record", "Prefer not to say", "Z"),
    ("person.religion", "unknown", "N"),
    ("person.religion", "not stated", "M"),
    ("person.religion", "None", "L"),
    ("person.orientation", "not known", "9"),
    ("person.age_band", "85+", "85-over"),
    ("person.age_band", "35-44", "35-44"),
    ("person.age_band", "35 – 44", "35-44"),
    ("person.ethnic_group", "Asian, Asian British or Asian Welsh: Indian", "3"),
    ("person.ethnic_group", "refused", "Z"),
    ("person.band", "Band 8a", "8a"),
    ("person.band", 7, "7"),
    ("person.disability", "2; 9", ["02", "09"]),
    ("person.disability", "Hearing, memory, learning and understanding, sight", ["02", "04", "09"]),
    ("person.disability", "None", ["NN"]),
    ("person.disability", "", None),
    ("person.disability", "n/a", None),
    ("feedback.themes", "Parking|Food & drink\nparking", ["environment-food", "travel-parking"]),
    ("feedback.themes", "listening, understanding and involving patients", ["communication-listening"]),
    ("feedback.date", "2026-10-27", "2026-10-27"),
    ("feedback.date", "27/10/2026", "2026-10-27"),
    ("feedback.date", "7-1-2026", "2026-01-07"),
    ("feedback.date", "27.10.26", "2026-10-27"),
    ("feedback.date", "27 Oct 2026", "2026-10-27"),
    ("feedback.date", "Tuesday 27th October, 2026", "2026-10-27"),
    ("feedback.date", "October 27, 2026", "2026-10-27"),
    ("feedback.date", "27/10/2026 14:30:05", "2026-10-27"),
    ("feedback.date", "2026-10-27T14:30:00Z", "2026-10-27"),
    ("feedback.date", "27 Oct 2026 2.30pm", "2026-10-27"),
    ("feedback.date", datetime(2026, 10, 27, 14, 30), "2026-10-27"),
    ("feedback.date", date(2026, 10, 27), "2026-10-27"),
    ("feedback.date", "\u200e27/\u200e10/\u200e2026", "2026-10-27"),
    ("feedback.date", "27\u201110\u20112026", "2026-10-27"),
    ("feedback.date", "２７/１０/２０２６", "2026-10-27"),
    ("feedback.date", "27\u204410\u20442026\u200b", "2026-10-27"),
    ("feedback.date", "not asked", None),
    ("attendance.arrived", "14:30", "14:30"),
    ("attendance.arrived", "2.30pm", "14:30"),
    ("attendance.arrived", "2 PM", "14:00"),
    ("attendance.arrived", "12.05 am", "00:05"),
    ("attendance.arrived", "1430", "14:30"),
    ("attendance.arrived", 930, "09:30"),
    ("attendance.arrived", time(9, 5), "09:05"),
    ("attendance.arrived", "9:05:00", "09:05"),
    ("attendance.head_count", "1,234", 1234),
    ("attendance.head_count", "12.0", 12),
    ("attendance.head_count", 12.0, 12),
    ("attendance.head_count", "0", 0),
    ("attendance.head_count", "\u200e12\u200b", 12),
    ("attendance.head_count", "١٬٢٣٤", 1234),
    ("attendance.arrived", "\u200e14:30", "14:30"),
    ("attendance.arrived", "１４：３０", "14:30"),
    ("feedback.postcode_area", "\u200bB19", "B19"),
    ("attendance.head_count", "-", None),
    ("feedback.experience", "'=SUM(A1)", "=SUM(A1)"),
    ("feedback.experience", "'quoted'", "'quoted'"),
    ("feedback.experience", "n/a", "n/a"),
    ("feedback.experience", "  two\r\nlines ", "two\nlines"),
    ("feedback.experience", " \u00a0 ", None),
    ("feedback.reference", 513.0, "513"),
    ("feedback.postcode_area", "b19", "B19"),
    ("feedback.postcode_area", "B19 2AB", "B19"),
    ("feedback.postcode_area", "Prefer not to say", "declined"),
    ("feedback.postcode_area", "0", "declined"),
    ("feedback.postcode_area", "unknown", None),
    ("partner.postcode", "BD3 OBS", "BD3 OBS"),
    ("feedback.event", f" {PERSON} ", PERSON),
]


@pytest.mark.parametrize(("path", "raw", "value"), PARSED)
def test_parse(path: str, raw: Any, value: Any) -> None:
    assert parse(field(path), raw, TERMS) == value


REFUSED: list[tuple[str, Any]] = [
    ("feedback.rating", "7"),
    ("feedback.rating", "12"),
    ("feedback.rating", "goodish"),
    ("feedback.date", "31/02/2026"),
    ("feedback.date", "10/27/2026"),
    ("feedback.date", "last Tuesday"),
    ("feedback.date", "0000-00-00"),
    ("feedback.date", 44447),
    ("attendance.arrived", "25:00"),
    ("attendance.arrived", "13 pm"),
    ("attendance.arrived", "9"),
    ("attendance.head_count", "90 minutes"),
    ("attendance.head_count", "1.5"),
    ("attendance.head_count", "1,23"),
    ("attendance.head_count", "9" * 5000),
    ("attendance.head_count", "-3"),
    ("attendance.head_count", "\u22123"),
    ("attendance.head_count", "1²"),
    ("attendance.head_count", "1.000\u200b"),
    ("attendance.head_count", True),
    ("session.confidence", "11"),
    ("feedback.event", "St Mary's"),
    ("feedback.themes", "parking; moon"),
    ("person.disability", "hearing; none"),
    ("feedback.postcode_area", "Birmingham"),
]


@pytest.mark.parametrize(("path", "raw"), REFUSED)
def test_parse_refuses_with_a_sentence(path: str, raw: Any) -> None:
    with pytest.raises(ValueError) as problem:
        parse(field(path), raw)
    text = sentence(problem)
    assert text.startswith(field(path).title) and len(text) < 400


def test_words_that_an_open_list_does_not_hold_say_how_to_add_them() -> None:
    with pytest.raises(UnknownTerm) as problem:
        parse(field("feedback.service_area"), " See and  Convey ")
    assert "--add-terms" in sentence(problem)
    assert (problem.value.list_name, problem.value.text) == ("service_area", "See and Convey")


def test_a_term_of_the_network_is_an_answer_whatever_its_sign() -> None:
    assert parse(field("feedback.language"), "?", {"language": {"?": "?"}}) == "?"
    assert parse(field("feedback.language"), "?") is None


def test_declined_is_not_the_same_as_not_asked() -> None:
    spec = field("feedback.ethnic_group")
    assert {parse(spec, text) for text in DECLINED} == {"Z"}
    assert {parse(spec, text) for text in ("", "not asked", "-", None)} == {None}
    assert labelled(spec, "Z") == "prefer not to say" and labelled(spec, None) == ""


@settings(max_examples=40, deadline=None)
@given(raw=st.text(max_size=40) | st.integers() | st.floats() | st.booleans() | st.datetimes() | st.times())
def test_parse_gives_a_canonical_value_or_a_sentence(raw: Any) -> None:
    for entry in ("feedback", "attendance", "session"):
        for spec in kind(entry).fields.values():
            try:
                value = parse(spec, raw)
            except ValueError as error:
                assert str(error).startswith(spec.title)
            else:
                assert value is None or spec.check(value) == value


@pytest.mark.parametrize("text", ["-1", "(1)", ".1", "1%", "*3", "--4", "$5", "1-2", "-2.0"])
def test_a_sign_beside_a_number_does_not_make_it_an_answer(text: str) -> None:
    with pytest.raises(ValueError, match="not one of the answers"):
        parse(kind("feedback").fields["rating"], text)


def test_any_field_may_be_one_that_keeps_half_a_postcode() -> None:
    half = FieldSpec("line", "Where they grew up", name="home", pattern="[A-Z0-9]+", half_a_postcode=True)
    assert part_kept(half, "le4 6by") == "LE4" and parse(half, "le4 6by") == "LE4"
    whole = FieldSpec("line", "Where they grew up", name="postcode_area", pattern="[A-Z0-9 ]+")
    assert part_kept(whole, "LE4 6BY") == "LE4 6BY" == parse(whole, "LE4 6BY")
