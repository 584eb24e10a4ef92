"""The kinds of records: their fields, their tables and the rules of each record."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import create_engine, inspect
from sqlmodel import SQLModel

from fieldkit.errors import InvalidRecord, NotFound
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import kind, kinds
from fieldkit.records.schema.parse import parse
from fields import ALL_FIELDS, NAMES, OTHER, PERSON


def test_kinds_come_in_the_order_in_which_people_meet_them() -> None:
    assert list(kinds()) == (
        [
            "partner",
            "provider",
            "event",
            "person",
            "same_person",
            "attendance",
            "feedback",
            "mentorship",
            "session",
            "action",
            "note",
            "concern",
            "cycle",
            "engagement",
            "dataset",
            "cell",
            "mapping",
            "change",
            "support",
            "response",
            "case_study",
            "desk_source",
            "rationale",
            "quote",
            "release",
            "term",
            "withdrawal",
            "device",
            "policy",
        ]
    )
    assert {entry.name for entry in kinds().values() if not entry.shared} == {"note", "concern"}
    assert {entry.name for entry in kinds().values() if entry.network} == {
        "partner",
        "provider",
        "event",
        "same_person",
        "term",
        "withdrawal",
        "device",
        "policy",
    }
    assert [entry.name for entry in kinds().values() if entry.coordinator_only] == [
        "release",
        "device",
        "policy",
    ]
    with pytest.raises(NotFound, match="parrot"):
        kind("parrot")


def test_every_kind_is_whole() -> None:
    for entry in kinds().values():
        assert entry.help and entry.label and set(entry.label) <= set(entry.fields)
        assert min(2, len(entry.fields)) <= sum(spec.listed for spec in entry.fields.values()) <= 5
        assert all(sum(not spec.from_files for spec in page) <= 6 for page in entry.steps.values())
        flags = [spec.monitoring for spec in entry.fields.values()]
        assert flags == sorted(flags), "monitoring comes last"
        for spec in entry.fields.values():
            assert spec.title and spec.name not in {"kind", "end", "group", "order", "index"}
            assert not spec.codes or spec.code_list.entries
            assert not spec.link or spec.link in kinds()
            assert not spec.only_if or spec.only_if[0] in entry.fields


def test_tables_can_be_made() -> None:
    engine = create_engine("sqlite://")
    every_kind = kinds().values()  # the models must be loaded before their tables are made
    SQLModel.metadata.create_all(engine)
    for each in every_kind:
        columns = {column["name"] for column in inspect(engine).get_columns(each.name)}
        assert set(each.fields) < columns
    engine.dispose()


def test_feedback_points_to_no_person() -> None:
    assert {spec.link for spec in kind("feedback").fields.values()} == {"", "event"}
    assert {spec.link for spec in kind("concern").fields.values()} == {""}


def values_of(spec: FieldSpec) -> st.SearchStrategy[Any]:
    """Values that a field may be given, valid and invalid."""
    known = st.sampled_from(sorted(spec.code_list.codes)) if spec.codes else st.nothing()
    text = st.text(max_size=60)
    good: dict[str, st.SearchStrategy[Any]] = {
        "line": text,
        "text": text,
        "choice": known | text,
        "many": st.lists(known | text, max_size=4),
        "date": st.dates().map(str) | text,
        "time": st.times().map(lambda when: f"{when:%H:%M}") | text,
        "number": st.integers(-5, 1000),
        "scale": st.integers(-1, 11),
        "link": st.from_regex(r"[0-9a-z]{7,12}", fullmatch=True),
        "links": st.lists(st.from_regex(r"[0-9a-z]{8,12}", fullmatch=True), max_size=4),
    }
    return good[spec.shape] | st.none() | st.just("") | st.just([])


@pytest.mark.parametrize(("entry", "spec"), ALL_FIELDS, ids=NAMES)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_canonical_values_stay_as_they_are(entry: Any, spec: FieldSpec, data: st.DataObject) -> None:
    value = data.draw(values_of(spec))
    try:
        once = entry.check_fields({spec.name: value})
    except InvalidRecord as error:
        assert set(error.problems) == {spec.name}
        with pytest.raises(ValidationError):
            entry.model.model_validate({spec.name: value})
        return
    assert entry.check_fields(once) == once
    assert getattr(entry.model.model_validate({spec.name: value}), spec.name) == once[spec.name]
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


# Rules
CHANGE = {"cycle": PERSON, "title": "Open on Saturdays", "what": "Open on Saturday mornings."}
CELL = {"dataset": PERSON, "dimension": "ethnic", "label": "Indian", "shown": "*"}
QUOTE = {
    "feedback": PERSON,
    "field": "experience",
    "excerpt": "0-40",
    "words_hash": "0" * 64,
    "proposed_by": "Asha K",
}
RULES = [
    ("feedback", {"rating": "2"}, ""),
    ("feedback", {"experience": "ਬਹੁਤ ਵਧੀਆ"}, ""),
    ("feedback", {"provider": "A trust"}, "experience"),
    ("feedback", {"rating": "2", "consent_record": "N"}, "consent_record"),
    ("feedback", {"rating": "2", "consent_record": "Z"}, "consent_record"),
    ("feedback", {"rating": "2", "age_band": "under-16"}, "guardian_present"),
    ("feedback", {"rating": "2", "age_band": "under-16", "guardian_present": "Y"}, ""),
    (
        "cycle",
        {"title": "A", "service_area": "gp", "date_from": "2026-02-01", "date_to": "2026-01-31"},
        "date_to",
    ),
    ("cycle", {"title": "A", "service_area": "gp", "date_from": "2026-02-01", "date_to": "2026-02-01"}, ""),
    ("change", {**CHANGE, "status": "declined"}, "reason"),
    ("change", {**CHANGE, "status": "declined", "reason": "No room."}, ""),
    ("change", {**CHANGE, "status": "done"}, ""),
    ("support", {"change": PERSON, "support_kind": "feedback"}, "feedback"),
    ("support", {"change": PERSON, "support_kind": "feedback", "feedback": OTHER}, ""),
    (
        "support",
        {"change": PERSON, "support_kind": "feedback", "feedback": OTHER, "dataset": OTHER},
        "dataset",
    ),
    ("response", {"change": PERSON}, "asked_on"),
    ("response", {"change": PERSON, "asked_on": "2026-01-05"}, ""),
    ("response", {"change": PERSON, "words": "We opened on Saturdays."}, "date"),
    ("response", {"change": PERSON, "date": "2026-01-05"}, "words"),
    ("response", {"change": PERSON, "asked_on": "2026-01-05", "date": "2026-01-04", "words": "No."}, "date"),
    ("case_study", {"title": "A", "story": "It hurt.", "consent_quote": "N"}, "consent_quote"),
    (
        "case_study",
        {"title": "A", "story": "It hurt.", "consent_quote": "Y", "attribute_shown": "age"},
        "attribute_shown",
    ),
    ("quote", {**QUOTE, "state": "approved"}, "looked_by"),
    (
        "quote",
        {**QUOTE, "state": "approved", "looked_by": "ASHA  k.", "looked_on": "2026-01-05"},
        "looked_by",
    ),
    ("quote", {**QUOTE, "state": "approved", "looked_by": "Ben O.", "looked_on": "2026-01-05"}, ""),
    ("quote", {**QUOTE, "state": "refused"}, "reason"),
    ("cell", {**CELL, "low": 5, "high": 4}, "high"),
    ("cell", {**CELL, "low": 5}, ""),
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


def test_what_was_said_has_a_day_that_has_come() -> None:
    day_after_tomorrow = (date.today() + timedelta(days=2)).isoformat()
    with pytest.raises(InvalidRecord, match="has not come yet"):
        kind("feedback").check({"rating": "1", "date": day_after_tomorrow})
    assert kind("feedback").check({"rating": "1", "date": "2022-01-31"})["date"] == "2022-01-31"


def test_a_number_of_records_is_plain_english_for_every_kind() -> None:
    assert kind("feedback").counted(12) == "12 feedback records"
    assert kind("feedback").counted(1) == "1 feedback record"
    assert kind("person").counted(1_200) == "1,200 people"
    assert kind("event").counted(0) == "no events"
    for each in kinds().values():
        singular, others = each.counted(1).removeprefix("1 "), each.counted(2).removeprefix("2 ")
        assert singular != others and singular == singular.lower(), each.name
