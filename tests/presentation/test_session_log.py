"""Logging a session: last actions first, ratings beside the last ones, a choice of next date; what travels and what stays."""

from __future__ import annotations

from datetime import date

import pytest

from fieldkit.errors import InvalidRecord
from fieldkit.presentation.forms import new_entry
from fieldkit.presentation.mentoring import session_log as log_module
from fieldkit.presentation.mentoring.agreed_actions import actions_of, open_actions
from fieldkit.presentation.mentoring.next_dates import next_date, next_date_options, weeks_after
from fieldkit.presentation.mentoring.session_log import (
    check_log,
    private_sentences,
    save_log,
    saved_log,
    session_log,
)
from fieldkit.presentation.model.form_plan import is_asked
from fieldkit.records.schema.kind import kind
from fieldkit.store.kit import Kit

DAY = date(2026, 11, 26)


@pytest.fixture
def pair(kit: Kit) -> str:
    """A pair who met once, recorded by an earlier kit, and agreed two actions."""
    people = [kit.add("person", {"name": name, "consent_record": "Y"}).record_id for name in ("Amina", "Ben")]
    mentorship = kit.add("mentorship", dict(zip(("mentor", "mentee"), people, strict=True))).record_id
    kit.add(
        "session",
        {
            "mentorship": mentorship,
            "date": "2026-10-01",
            "minutes": 45,
            "confidence": 4,
            "next_actions": "Ring the union\nRead the code",
        },
    )
    return mentorship


def test_last_actions_come_first_and_ratings_stand_beside_the_last(kit: Kit, pair: str) -> None:
    plan = session_log(kit, pair, DAY).plan
    first = plan.steps[0]
    assert [question.title for question in first.fields] == ["Read the code", "Ring the union"]
    assert [option.label for option in first.fields[0].options] == ["done", "still open", "dropped"]
    assert plan.question("confidence").note == "last time 4 · travels"
    assert plan.question("knowledge").note == "travels"
    assert plan.values["minutes"] == 45 and plan.values["date"] == "2026-11-26"


def test_every_question_says_whether_its_answer_travels(kit: Kit, pair: str) -> None:
    for step in session_log(kit, pair, DAY).plan.steps:
        for question in step.fields:
            stays = question.name.startswith("note_") or question.name == "write_note"
            assert question.note.endswith("stays here" if stays else "travels"), question.name


def test_what_was_saved_is_said_by_the_name_alone(kit: Kit, pair: str) -> None:
    mentee = kit.get(str(kit.get(pair, "mentorship").values["mentee"]), "person")
    kit.edit(mentee, {"organisation": "University Hospitals of Leicester NHS Trust"})
    log = session_log(kit, pair, DAY)
    session_id = save_log(kit, log, {**log.plan.values})
    assert saved_log(kit, session_id) == "Session saved for Ben: 2 actions are open, no next date."


def test_what_was_answered_is_stored_and_nothing_of_the_note_travels(kit: Kit, pair: str) -> None:
    log = session_log(kit, pair, DAY)
    done, still_open = list(log.actions)
    session_id = save_log(
        kit,
        log,
        {
            **log.plan.values,
            done: "done",
            still_open: "open",
            "mode": "video",
            "confidence": 6,
            "topics": "The interview",
            "new_1": "Write the form",
            "new_2": "Ask for time",
            "meet_next": "2026-12-24",
            "write_note": "grow",
            "note_goal": "A band 6 post",
            "note_notes": "Tired today",
        },
    )
    session = kit.get(session_id)
    assert session.values["next_date"] == "2026-12-24" and session.values["confidence"] == 6
    assert "next_actions" not in session.values
    actions = actions_of(kit, pair)[pair]
    assert {action.what: action.state for action in actions} == {
        "Read the code": "done",
        "Ring the union": "open",
        "Write the form": "open",
        "Ask for time": "open",
    }
    (note,) = kit.page("note")
    assert note.values == {
        "session": session_id,
        "date": "2026-11-26",
        "goal": "A band 6 post",
        "notes": "Tired today",
    }
    asked_next = session_log(kit, pair, date(2026, 12, 24))
    assert [action.what for action in asked_next.actions.values()] == [
        "Ring the union",
        "Ask for time",
        "Write the form",
    ]
    assert asked_next.last == {"confidence": 6}


def test_a_note_is_not_kept_where_none_was_wanted_after_all(kit: Kit, pair: str) -> None:
    log = session_log(kit, pair, DAY)
    save_log(
        kit, log, {**log.plan.values, "write_note": "nothing", "note_notes": "typed, then thought better of"}
    )
    assert kit.count("note") == 0


def test_prompts_alone_make_a_note(kit: Kit, pair: str) -> None:
    log = session_log(kit, pair, DAY)
    save_log(kit, log, {**log.plan.values, "write_note": "grow", "note_goal": "A band 6 post"})
    (note,) = kit.page("note")
    assert note.values["goal"] == "A band 6 post" and note.values["notes"]


def test_one_more_action_is_asked_for_once_there_is_one(kit: Kit, pair: str) -> None:
    plan = session_log(kit, pair, DAY).plan
    assert is_asked(plan.question("new_1"), {})
    assert not is_asked(plan.question("new_2"), {"new_1": ""})
    assert is_asked(plan.question("new_2"), {"new_1": "Write"})


def test_nothing_is_stored_where_an_answer_does_not_hold(kit: Kit, pair: str) -> None:
    log = session_log(kit, pair, DAY)
    first = next(iter(log.actions))
    for wrong in (
        {"minutes": 0},
        {"date": None},
        {"new_1": "x" * 501},
        {"meet_next": "another-day", "next_date": "2026-01-01"},
    ):
        with pytest.raises(InvalidRecord):
            save_log(kit, log, {**log.plan.values, first: "done", **wrong})
    assert kit.count("session") == 1
    assert len(open_actions(actions_of(kit, pair)[pair])) == 2


def test_answers_are_checked_as_they_are_given(kit: Kit, pair: str) -> None:
    values = session_log(kit, pair, DAY).plan.values
    assert check_log("minutes", {**values, "minutes": 900})
    assert check_log("new_1", {**values, "new_1": "x" * 501})
    assert check_log("new_1", {**values, "new_1": "Write"}) is None
    assert check_log("note_goal", {**values, "note_goal": "A band 6 post"}) is None
    assert check_log("next_date", {**values, "meet_next": "another-day", "next_date": "2026-01-01"})


def test_what_may_point_to_a_person_is_named_where_it_travels_only(kit: Kit, pair: str) -> None:
    values = session_log(kit, pair, DAY).plan.values
    assert private_sentences({**values, "note_notes": "Ring 01274 496 0123 or ben@example.org"}) == []
    assert private_sentences({**values, "topics": "ben@example.org"})
    assert private_sentences({**values, "new_1": "Write to ben@example.org"})


def test_next_dates_are_counted_from_the_session() -> None:
    assert next_date_options(DAY)[2].label == "in 4 weeks, Thu 24 Dec 2026"
    assert next_date_options(DAY)[2].code == next_date("2026-12-24") == "2026-12-24"
    assert next_date("another-day") == next_date("no-date") == next_date("") == ""
    assert weeks_after("4", DAY) == weeks_after(" in 4 weeks", DAY) == "2026-12-24"
    assert weeks_after("0", DAY) == weeks_after("soon", DAY) == weeks_after("1000", DAY) == ""
    assert len(next_date_options(DAY)) <= 9


def test_it_says_where_answers_go() -> None:
    assert "never leaves this laptop" in log_module.TRAVELS_SENTENCE


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("session", "travels"),
        ("mentorship", "travels"),
        ("action", "travels"),
        ("note", "stays here"),
        ("feedback", ""),
    ],
)
def test_every_form_of_mentoring_says_beside_each_question_where_its_answer_goes(
    kit: Kit, name: str, note: str
) -> None:
    plan = new_entry(kit, kind(name), {}).plan
    assert {question.note for step in plan.steps for question in step.fields} == {note}


def test_a_choice_of_the_next_date_means_the_same_when_the_log_goes_on_later(kit: Kit, pair: str) -> None:
    values = {**session_log(kit, pair, DAY).plan.values, "date": "2026-11-20", "meet_next": "2026-12-24"}
    later = session_log(kit, pair, date(2026, 12, 1), values)
    option = next(
        each for each in later.plan.question("meet_next").options if each.code == values["meet_next"]
    )
    assert option.label == "in 4 weeks, Thu 24 Dec 2026"
    assert kit.get(save_log(kit, later, later.plan.values)).values["next_date"] == "2026-12-24"
