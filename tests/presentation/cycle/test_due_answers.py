"""Responses are due after working days, any later response answers the request, and late ones are reported."""

from __future__ import annotations

from datetime import date

import pytest

from fieldkit.presentation.cycle.due_answers import (
    LateAnswer,
    Reply,
    after_working_days,
    due_answer,
    late_answers,
)
from fieldkit.store.kit import Kit


@pytest.mark.parametrize(
    ("start", "number", "end"),
    [
        (date(2026, 6, 1), 20, date(2026, 6, 29)),  # Monday, four weeks
        (date(2026, 6, 5), 1, date(2026, 6, 8)),  # Friday to Monday
        (date(2026, 6, 6), 1, date(2026, 6, 8)),  # Saturday to Monday
        (date(2026, 6, 7), 5, date(2026, 6, 12)),  # Sunday to Friday
        (date(2026, 6, 6), 6, date(2026, 6, 15)),
        (date(2026, 6, 3), 3, date(2026, 6, 8)),  # over a weekend
        (date(2026, 6, 3), 366, date(2027, 10, 28)),
    ],
)
def test_working_days_leave_out_weekends(start: date, number: int, end: date) -> None:
    assert after_working_days(start, number) == end
    day, left = start, number
    while left:
        day = date.fromordinal(day.toordinal() + 1)
        left -= day.weekday() < 5
    assert end == day


def test_an_answer_is_late_after_its_day_and_not_on_it() -> None:
    asked = [Reply("2026-06-01")]
    on_time, late = due_answer(asked, date(2026, 6, 29)), due_answer(asked, date(2026, 6, 30))
    assert on_time is not None and late is not None
    assert (on_time.late, on_time.sentence) == (False, "an answer is due on 29 Jun 2026.")
    assert (late.late, late.days) == (True, 29)
    shorter = due_answer([Reply("2026-06-01", working_days=5)], date(2026, 6, 9))
    assert shorter is not None
    assert shorter.sentence == "no answer for 8 days (5 working days were allowed)."


def test_any_answer_given_since_ends_the_waiting() -> None:
    asked = Reply("2026-06-01")
    assert due_answer([asked, Reply(date="2026-06-01", words="Yes.")], date(2026, 9, 1)) is None
    assert due_answer([asked, Reply(date="2026-05-31", words="Yes.")], date(2026, 9, 1)) is not None
    assert due_answer([], date(2026, 9, 1)) is None


def test_a_kit_lists_late_answers_the_longest_waited_for_first(kit: Kit) -> None:
    cycle = kit.add(
        "cycle",
        {"title": "A", "service_area": "gp", "date_from": "2026-01-01", "date_to": "2026-12-31"},
    ).record_id
    change = {"cycle": cycle, "what": "Do it.", "status": "proposed"}
    first, second, declined, deleted = (
        kit.add("change", {**change, "title": title}) for title in ("one", "two", "no", "gone")
    )
    kit.edit(kit.get(declined.record_id), {"status": "declined", "reason": "No room."})
    for of, asked in (
        (first, "2026-05-01"),
        (second, "2026-04-01"),
        (declined, "2026-01-05"),
        (deleted, "2026-01-05"),
    ):
        kit.add("response", {"change": of.record_id, "asked_on": asked, "working_days": 20})
    kit.delete(deleted.record_id)
    late = late_answers(kit, date(2026, 6, 1))
    assert [(each.title, each.answer.days) for each in late] == [("two", 61), ("one", 31)]
    assert all(isinstance(each, LateAnswer) and each.cycle_id == cycle for each in late)
