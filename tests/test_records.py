"""The records floor: code lists, models, rules, parsing, labels, privacy warnings and the data dictionary."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import create_engine, inspect
from sqlmodel import SQLModel

from fieldkit.errors import InvalidRecord, NotFound
from fieldkit.records.codes import code_list, code_list_names
from fieldkit.records.dictionary import data_dictionary
from fieldkit.records.kinds import kind, kinds
from fieldkit.records.label import LONGEST, describe
from fieldkit.records.lookup import find
from fieldkit.records.parse import UnknownTerm, labelled, parse
from fieldkit.records.privacy import warnings
from fieldkit.records.spec import FieldSpec

ROOT = Path(__file__).parent.parent
PERSON, OTHER = "a1b2c3d4e5", "f6g7h8i9j0"
ALL_FIELDS = [(one, spec) for one in kinds().values() for spec in one.fields.values()]
NAMES = [f"{one.name}.{spec.name}" for one, spec in ALL_FIELDS]
DECLINED = ("prefer not to say", "Declined", "not stated")


def field(path: str) -> FieldSpec:
    name, _, of = path.partition(".")
    return kind(name).fields[of]


def sentence(problem: pytest.ExceptionInfo[ValueError]) -> str:
    words = str(problem.value)
    assert words.endswith(".") and "Traceback" not in words
    return words


# --- code lists ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", code_list_names())
def test_every_list_is_whole(name: str) -> None:
    answers = code_list(name)
    assert answers.title and answers.source
    assert len(answers.codes) == len(answers.entries) > 1
    labels = Counter(entry.label.casefold() for entry in answers.entries)
    assert max(labels.values()) == 1
    for entry in answers.entries:
        assert entry.role in {"", "declined", "not-asked", "alone"}
        assert entry.code == entry.code.strip() and entry.label == entry.label.strip() != ""
        assert find(answers, entry.code, {}) == find(answers, entry.label.upper(), {}) == entry.code


def test_no_word_names_two_answers() -> None:
    for name in code_list_names():
        for entry in code_list(name).entries:
            for words in filter(None, entry.get("also").split(";")):
                assert find(code_list(name), words, {}) == entry.code, (name, words)


def test_lists_have_the_published_number_of_answers() -> None:
    counts = {
        "theme": 31,
        "region": 8,
        "cluster": 42,
        "fft_rating": 6,
        "mentoring_level": 4,
        "framework_action": 6,
        "audience": 6,
        "band": 15,
        "change_status": 5,
        "framework_grade": 4,
    }
    assert {name: len(code_list(name).entries) for name in counts} == counts


def test_each_region_has_its_clusters_as_published() -> None:
    regions = code_list("region")
    clusters = code_list("cluster").entries
    assert Counter(regions.label(entry.get("region")) for entry in clusters) == {
        "London": 6,
        "West Midlands": 5,
        "East Midlands": 5,
        "East of England": 8,
        "South Central": 3,
        "South East Coast": 3,
        "South West": 6,
        "Yorkshire & Humber": 6,
    }
    assert all(entry.get("group") == regions.label(entry.get("region")) for entry in clusters)
    assert "Southampton Hampshire Isle of Wight and Portsmouth" in {entry.label for entry in clusters}


def test_every_ethnic_group_has_its_nhs_category() -> None:
    groups, categories = code_list("ethnic_group"), code_list("ethnic_category")
    derived = {entry.code: entry.get("nhs") for entry in groups.entries}
    assert "".join(derived[str(number)] for number in range(1, 20)) == "KRHJLNMPFEDGABCCCSS"
    assert derived["Z"] == "Z" == groups.declined
    assert set(derived.values()) | {"99"} == categories.codes


def test_the_open_lists_are_those_a_network_may_add_to() -> None:
    assert {name for name in code_list_names() if code_list(name).open} == code_list("open_list").codes


def test_every_monitoring_question_says_why_and_can_be_declined() -> None:
    block = [spec for _, spec in ALL_FIELDS if spec.monitoring]
    assert len(block) == 24
    for spec in block:
        assert not spec.required and not spec.listed and "Why we ask" in spec.help
        assert parse(spec, "prefer not to say") in ("Z", "M", "declined", ["ZZ"])
        assert parse(spec, "") is None


# --- kinds and models ---------------------------------------------------------------------------------------


def test_kinds_come_in_the_order_in_which_people_meet_them() -> None:
    assert list(kinds()) == (
        [
            "partner",
            "event",
            "person",
            "attendance",
            "feedback",
            "mentorship",
            "session",
            "note",
            "concern",
            "term",
            "withdrawal",
            "device",
            "policy",
        ]
    )
    assert {one.name for one in kinds().values() if not one.shared} == {"note", "concern"}
    assert {one.name for one in kinds().values() if one.network} == {
        "partner",
        "event",
        "term",
        "withdrawal",
        "device",
        "policy",
    }
    assert [one.name for one in kinds().values() if one.coordinator_only] == ["device", "policy"]
    with pytest.raises(NotFound, match="parrot"):
        kind("parrot")


def test_every_kind_is_whole() -> None:
    for one in kinds().values():
        assert one.help and one.label and set(one.label) <= set(one.fields)
        assert min(2, len(one.fields)) <= sum(spec.listed for spec in one.fields.values()) <= 5
        assert all(len(page) <= 6 for page in one.steps.values())
        flags = [spec.monitoring for spec in one.fields.values()]
        assert flags == sorted(flags), "monitoring comes last"
        for spec in one.fields.values():
            assert spec.title and spec.name not in {"kind", "end", "group", "order", "index"}
            assert not spec.codes or spec.code_list.entries
            assert not spec.link or spec.link in kinds()
            assert not spec.only_if or spec.only_if[0] in one.fields


def test_tables_can_be_made() -> None:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    for one in kinds().values():
        columns = {column["name"] for column in inspect(engine).get_columns(one.name)}
        assert set(one.fields) < columns
    engine.dispose()


def test_feedback_points_to_no_person() -> None:
    assert {spec.link for spec in kind("feedback").fields.values()} == {"", "event"}
    assert {spec.link for spec in kind("concern").fields.values()} == {""}


def values_of(spec: FieldSpec) -> st.SearchStrategy[Any]:
    """Values that a field may be given, good ones and bad."""
    known = st.sampled_from(sorted(spec.code_list.codes)) if spec.codes else st.nothing()
    words = st.text(max_size=60)
    good: dict[str, st.SearchStrategy[Any]] = {
        "line": words,
        "text": words,
        "choice": known | words,
        "many": st.lists(known | words, max_size=4),
        "date": st.dates().map(str) | words,
        "time": st.times().map(lambda when: f"{when:%H:%M}") | words,
        "number": st.integers(-5, 1000),
        "scale": st.integers(-1, 11),
        "link": st.from_regex(r"[0-9a-z]{7,12}", fullmatch=True),
    }
    return good[spec.shape] | st.none() | st.just("") | st.just([])


@pytest.mark.parametrize(("one", "spec"), ALL_FIELDS, ids=NAMES)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_canonical_values_stay_as_they_are(one: Any, spec: FieldSpec, data: st.DataObject) -> None:
    value = data.draw(values_of(spec))
    try:
        once = one.check_fields({spec.name: value})
    except InvalidRecord as error:
        assert set(error.problems) == {spec.name}
        with pytest.raises(ValidationError):
            one.model.model_validate({spec.name: value})
        return
    assert one.check_fields(once) == once
    assert getattr(one.model.model_validate({spec.name: value}), spec.name) == once[spec.name]
    if spec.shape in {"choice", "date", "time", "number", "scale", "link"} and once[spec.name] is not None:
        added = {spec.codes: {once[spec.name]: once[spec.name]}} if spec.codes else {}
        assert parse(spec, once[spec.name], added) == once[spec.name]


def test_an_unknown_field_is_a_problem_and_a_missing_one_is_needed() -> None:
    with pytest.raises(InvalidRecord) as problem:
        kind("partner").check_fields({"colour": "red"})
    assert "colour" in problem.value.problems
    with pytest.raises(InvalidRecord) as problem:
        kind("partner").check({})
    assert problem.value.problems == {"name": "Name is needed."}


# --- rules --------------------------------------------------------------------------------------------------

RULES = [
    ("feedback", {"rating": "2"}, ""),
    ("feedback", {"experience": "ਬਹੁਤ ਵਧੀਆ"}, ""),
    ("feedback", {"provider": "A trust"}, "experience"),
    ("feedback", {"rating": "2", "consent_record": "N"}, "consent_record"),
    ("feedback", {"rating": "2", "consent_record": "Z"}, "consent_record"),
    ("feedback", {"rating": "2", "age_band": "under-16"}, "guardian_present"),
    ("feedback", {"rating": "2", "age_band": "under-16", "guardian_present": "Y"}, ""),
    ("person", {"name": "Asha", "consent_record": "N"}, "consent_record"),
    ("person", {"name": "Asha", "age_band": "under-16", "guardian_present": "N"}, "guardian_present"),
    ("attendance", {"event": PERSON, "person": OTHER}, ""),
    ("attendance", {"event": PERSON, "attendee_group": "all", "head_count": 86}, ""),
    ("attendance", {"event": PERSON, "attendee_group": "all", "head_count": 0}, ""),
    ("attendance", {"event": PERSON}, "person"),
    ("attendance", {"event": PERSON, "person": OTHER, "head_count": 3}, "person"),
    ("attendance", {"event": PERSON, "attendee_group": "all"}, "head_count"),
    ("attendance", {"event": PERSON, "head_count": 3}, "attendee_group"),
    ("attendance", {"person": OTHER}, "event"),
    ("mentorship", {"mentor": PERSON, "mentee": OTHER}, ""),
    ("mentorship", {"mentor": PERSON, "mentee": PERSON}, "mentee"),
    ("session", {"mentorship": PERSON, "date": "2026-10-27", "next_date": "2026-10-27"}, ""),
    ("session", {"mentorship": PERSON, "date": "2026-10-27", "next_date": "2026-10-26"}, "next_date"),
    ("session", {"mentorship": PERSON, "date": "2026-10-27", "minutes": 601}, "minutes"),
    ("partner", {"name": "Temple", "region": "london", "cluster": "london-south-west"}, ""),
    ("partner", {"name": "Temple", "region": "south-west", "cluster": "london-south-west"}, "cluster"),
    ("partner", {"name": "Temple", "region": "london", "cluster": "Manchester"}, ""),
    ("partner", {"name": "Hillside Bridge", "postcode": "BD3 OBS"}, ""),
    ("device", {"name": "A", "role": "field", "status": "trusted", "public_key": "ssh-rsa x"}, "public_key"),
    ("person", {"name": "Asha", "postcode_area": "B19 2AB"}, "postcode_area"),
]


@pytest.mark.parametrize(("name", "values", "wrong"), RULES)
def test_rules(name: str, values: dict[str, Any], wrong: str) -> None:
    if not wrong:
        assert kind(name).check(values) == values
        return
    with pytest.raises(InvalidRecord) as problem:
        kind(name).check(values)
    assert set(problem.value.problems) == {wrong}
    assert problem.value.problems[wrong].endswith(".")


def test_no_disability_cannot_stand_beside_one() -> None:
    with pytest.raises(InvalidRecord):
        kind("person").check_fields({"disability": ["02", "NN"]})


# --- parsing ------------------------------------------------------------------------------------------------

TERMS = {"service_area": {"eye-clinic": "eye clinic", "ਅੱਖਾਂ": "ਅੱਖਾਂ ਦਾ ਕਲੀਨਿਕ"}}
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
    words = sentence(problem)
    assert words.startswith(field(path).title) and len(words) < 400


def test_words_that_an_open_list_does_not_hold_say_how_to_add_them() -> None:
    with pytest.raises(UnknownTerm) as problem:
        parse(field("feedback.service_area"), " See and  Convey ")
    assert "--add-terms" in sentence(problem)
    assert (problem.value.list_name, problem.value.words) == ("service_area", "See and Convey")


def test_declined_is_not_the_same_as_not_asked() -> None:
    spec = field("feedback.ethnic_group")
    assert {parse(spec, words) for words in DECLINED} == {"Z"}
    assert {parse(spec, words) for words in ("", "not asked", "-", None)} == {None}
    assert labelled(spec, "Z") == "prefer not to say" and labelled(spec, None) == ""


@settings(max_examples=40, deadline=None)
@given(raw=st.text(max_size=40) | st.integers() | st.floats() | st.booleans() | st.datetimes() | st.times())
def test_parse_gives_a_canonical_value_or_a_sentence(raw: Any) -> None:
    for one in ("feedback", "attendance", "session"):
        for spec in kind(one).fields.values():
            try:
                value = parse(spec, raw)
            except ValueError as error:
                assert str(error).startswith(spec.title)
            else:
                assert value is None or spec.check(value) == value


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


# --- lines that name records --------------------------------------------------------------------------------


def test_describe() -> None:
    values = {
        "service_area": "diabetes",
        "rating": "2",
        "experience": "They moved my\nappointment [/] \x1b[2J" * 9,
    }
    words = describe(kind("feedback"), values)
    assert words.startswith("diabetes · 2 good · They moved my appointment [/] [2J")
    assert len(words) <= LONGEST and words.endswith("…") and "\x1b" not in words
    assert describe(kind("feedback"), {}) == "Feedback"
    count = {"event": PERSON, "head_count": 12, "attendee_group": "staff"}
    assert describe(kind("attendance"), count) == "12 · members of staff"
    pair = {"mentor": PERSON, "mentee": OTHER, "level": "2"}
    assert describe(kind("mentorship"), pair) == "level 2 (band 5)"
    names = {PERSON: "Asha", OTHER: "Ben"}
    assert describe(kind("mentorship"), pair, names=names) == "Asha · Ben · level 2 (band 5)"


# --- privacy ------------------------------------------------------------------------------------------------

POINTED_OUT = [
    ("My number is 943 476 5919.", "nhs-number", "943 476 5919"),
    ("943-476-5919", "nhs-number", "943-476-5919"),
    ("x9434765919y", "nhs-number", "9434765919"),
    ("ring 0121 496 0000 please", "telephone", "0121 496 0000"),
    ("on 07700900123", "telephone", "07700900123"),
    ("(020) 7946 0000", "telephone", "(020) 7946 0000"),
    ("+44 (0)121 496 0000!", "telephone", "+44 (0)121 496 0000"),
    ("write to asha.k@example.org.", "e-mail", "asha.k@example.org"),
    ("I live in BD3 9AB.", "postcode", "BD3 9AB"),
    ("at bd3 9ab", "postcode", "bd3 9ab"),
    ("at BD3 OBS", "postcode", "BD3 OBS"),
    ("SW1A1AA", "postcode", "SW1A1AA"),
]


@pytest.mark.parametrize(("text", "what", "words"), POINTED_OUT)
def test_what_must_not_be_kept_is_pointed_out(text: str, what: str, words: str) -> None:
    (found,) = warnings(text)
    assert (found.kind, text[found.start : found.end]) == (what, words)
    assert found.sentence.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "9434765918",
        "on 01-02-2021 10:30 and 08/09/2021",
        "B19",
        "I waited 10 000 000 000 years",
        "the M6 2nd exit",
        "ward 12 at 10.30, bed 4",
        "a@b",
        "111 then 999",
    ],
)
def test_harmless_numbers_are_left_in_peace(text: str) -> None:
    assert warnings(text) == []


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="0123456789 -+()@.aBD", max_size=200))
def test_warnings_stand_in_order_and_apart(text: str) -> None:
    found = warnings(text)
    assert all(one.start < one.end <= len(text) for one in found)
    assert all(one.end <= two.start for one, two in pairwise(found))


@pytest.mark.parametrize("piece", ["0", "0 ", "00-", "a@", "a.", "B1 ", "+", "9434765919 "])
def test_long_texts_are_looked_through(piece: str) -> None:
    assert len(warnings(piece * (16_000 // len(piece)))) < 4_000


# --- the data dictionary ------------------------------------------------------------------------------------


def test_the_data_dictionary_is_up_to_date() -> None:
    page = (ROOT / "docs" / "data-dictionary.md").read_text("utf-8")
    assert page == data_dictionary(), "run: python -m fieldkit.records.dictionary > docs/data-dictionary.md"


def test_the_data_dictionary_names_everything() -> None:
    page = data_dictionary()
    for one, spec in ALL_FIELDS:
        assert f"(`{one.name}`)" in page and f"| `{spec.name}` | {spec.title} |" in page
    for name in code_list_names():
        assert all(f"`{entry.code}`" in page for entry in code_list(name).entries)


@pytest.mark.parametrize("words", ["-1", "(1)", ".1", "1%", "*3", "--4", "$5", "1-2", "-2.0"])
def test_a_sign_beside_a_number_does_not_make_it_an_answer(words: str) -> None:
    with pytest.raises(ValueError, match="not one of the answers"):
        parse(kind("feedback").fields["rating"], words)


def test_labels_without_letters_are_still_found() -> None:
    age = kind("feedback").fields["age_band"]
    assert parse(age, "16–17") == parse(age, "16-17") == "16-17"


def test_what_was_said_has_a_day_that_has_come() -> None:
    day_after_tomorrow = (date.today() + timedelta(days=2)).isoformat()
    with pytest.raises(InvalidRecord, match="has not come yet"):
        kind("feedback").check({"rating": "1", "date": day_after_tomorrow})
    assert kind("feedback").check({"rating": "1", "date": "2022-01-31"})["date"] == "2022-01-31"
