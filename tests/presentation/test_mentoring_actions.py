"""Actions of mentoring: open until done or dropped, on whichever laptop, in whatever order bundles are merged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from fieldkit.presentation.mentoring.agreed_actions import (
    DONE,
    DROPPED,
    actions_of,
    close,
    lines_of_text,
    open_actions,
)
from fieldkit.presentation.mentoring.mentees import mentees
from fieldkit.presentation.mentoring.mentors import EVERYBODY, mentor_choices, mentors_here, remember_mentor
from fieldkit.store.kit import Kit

TODAY = date(2026, 11, 26)


def _pair(kit: Kit, mentee: str = "Ben", mentor: str = "", **more: str) -> str:
    person = {"consent_record": "Y"}
    mentor = mentor or kit.add("person", {"name": "Amina", **person}).record_id
    other = kit.add("person", {"name": mentee, **person}).record_id
    return kit.add("mentorship", {"mentor": mentor, "mentee": other, **more}).record_id


def _session(kit: Kit, pair: str, day: str, **more: object) -> str:
    return kit.add("session", {"mentorship": pair, "date": day, **more}).record_id


def test_an_action_stays_until_it_is_done_however_many_sessions_follow(kit: Kit) -> None:
    pair = _pair(kit)
    first = _session(kit, pair, "2026-09-01")
    kit.add(
        "action", {"mentorship": pair, "what": "Write the form", "session": first, "agreed": "2026-09-01"}
    )
    for month in (10, 11):
        _session(kit, pair, f"2026-{month}-01")
    (action,) = open_actions(actions_of(kit, pair)[pair])
    assert (action.what, action.agreed) == ("Write the form", "2026-09-01")
    close(kit, action, DONE, "2026-11-26")
    (action,) = actions_of(kit, pair)[pair]
    assert (action.state, action.closed) == (DONE, "2026-11-26")
    assert open_actions([action]) == []


def test_next_actions_of_an_earlier_kit_are_open_until_they_are_answered(kit: Kit) -> None:
    pair = _pair(kit)
    _session(kit, pair, "2026-09-01", next_actions="- Ring the union\n\n• Read the code\n")
    _session(kit, pair, "2026-10-01", next_actions="Ring the union")
    actions = actions_of(kit, pair)[pair]
    assert [(action.what, action.agreed) for action in actions] == [
        ("Read the code", "2026-09-01"),
        ("Ring the union", "2026-09-01"),
        ("Ring the union", "2026-10-01"),
    ]
    close(kit, next(action for action in actions if action.what == "Read the code"), DROPPED, "2026-11-26")
    left = open_actions(actions_of(kit, pair)[pair])
    assert [action.what for action in left] == ["Ring the union", "Ring the union"]
    assert len(actions_of(kit, pair)[pair]) == 3


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", []), ("  \n\n", []), ("a", ["a"]), ("* a\r\n– b\n a", ["a", "b"]), ("1. a", ["1. a"])],
)
def test_lines_of_text(text: str, lines: list[str]) -> None:
    assert lines_of_text(text) == lines


def test_two_records_of_one_action_are_one_and_the_latest_state_counts(kit: Kit) -> None:
    pair = _pair(kit)
    session = _session(kit, pair, "2026-09-01", next_actions="Read the code")
    values = {"mentorship": pair, "session": session, "what": "read the  Code"}
    for state in (DROPPED, DONE):
        kit.add("action", {**values, "state": state})
    (action,) = actions_of(kit, pair)[pair]
    assert action.state == DONE and len(action.records) == 2
    close(kit, action, DROPPED, "2026-11-26")
    assert {record.values["state"] for record in kit.page("action")} == {DROPPED}


def test_mentees_come_overdue_first(kit: Kit) -> None:
    mentor = kit.add("person", {"name": "Amina", "consent_record": "Y"}).record_id
    for name, next_date, more in (
        ("Soon", "2026-12-01", {}),
        ("Late", "2026-11-20", {}),
        ("Later still", "2026-10-01", {}),
        ("Ended", "2026-09-01", {"status": "ended"}),
        ("No date", "", {}),
    ):
        pair = _pair(kit, name, mentor, **more)
        dates = {"next_date": next_date} if next_date else {}
        _session(kit, pair, "2026-08-01", next_date="2026-08-15")
        _session(kit, pair, "2026-09-01", **dates)
    _pair(kit, "New", mentor)
    _pair(kit, "Of another mentor")
    mine = mentees(kit, mentor, TODAY)
    assert [(each.name, each.next_in_words(TODAY)) for each in mine] == [
        ("Later still", "56 days overdue"),
        ("Late", "6 days overdue"),
        ("New", "not met yet"),
        ("No date", "no date"),
        ("Soon", "1 Dec 2026"),
        ("Ended", "ended"),
    ]
    assert len(mentees(kit, EVERYBODY, TODAY)) == 7
    assert mine[0].seen_in_words() == "1 Sep 2026"


def test_who_mentors_here_is_remembered_and_offered_first(new_kit: Callable[..., Kit]) -> None:
    kit = new_kit()
    _pair(kit)
    ben = kit.add("person", {"name": "Ben", "consent_record": "Y"}).record_id
    _pair(kit, "Dee", ben)
    assert {option.label for option in mentor_choices(kit)[:-1]} == {"Amina", "Ben"}
    remember_mentor(kit, ben)
    assert mentors_here(kit) == [ben]
    assert mentor_choices(kit)[0].label == "Ben" and mentor_choices(kit)[-1].code == EVERYBODY
