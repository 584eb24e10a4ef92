"""Answers that providers owe: when each is due, and which are late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from fieldkit.records.kinds.evidence.response import USUAL_WORKING_DAYS
from fieldkit.records.schema.dates import short_date
from fieldkit.store.kit import Kit


@dataclass(frozen=True)
class Reply:
    """The dates of an answer in a response record: when it was asked for and when it was given (YYYY-MM-DD or "")."""

    asked_on: str = ""
    date: str = ""
    working_days: int = USUAL_WORKING_DAYS
    words: str = ""
    from_role: str = ""
    shown_by: str = ""
    record_id: str = ""


@dataclass(frozen=True)
class DueAnswer:
    """An answer that was asked for and has not come. `days` are calendar days since the request; `response_id` is the record that
    awaits the answer.
    """

    asked_on: str
    due_on: str
    working_days: int
    days: int
    late: bool
    response_id: str = ""

    @property
    def sentence(self) -> str:
        """How long the answer has been awaited, without a subject."""
        if self.late:
            allows = f"{self.working_days} working days"
            if self.working_days == USUAL_WORKING_DAYS:
                return f"no answer for {self.days} days (Healthwatch allows {allows})."
            return f"no answer for {self.days} days ({allows} were allowed)."
        return f"an answer is due on {short_date(self.due_on)}."


@dataclass(frozen=True)
class LateAnswer:
    """A change whose answer is late."""

    change_id: str
    cycle_id: str
    title: str
    answer: DueAnswer


def after_working_days(start: date, number: int) -> date:
    """The day `number` working days after `start`. Saturdays and Sundays do not count; bank holidays are not known."""
    weeks, rest = divmod(number, 5)
    day = start + timedelta(weeks=weeks)
    if day.weekday() >= 5 and number:
        # Count from the Friday before a weekend.
        day -= timedelta(days=day.weekday() - 4)
    while rest:
        day += timedelta(days=1)
        rest -= day.weekday() < 5
    return day


def due_answer(replies: Iterable[Reply], today: date) -> DueAnswer | None:
    """The most overdue answer; None if no answer is awaited.

    A request is answered by its own record, or by any answer to the same change on that day or later.
    """
    known = list(replies)
    answered = max((reply.date for reply in known if reply.words), default="")
    waiting = [reply for reply in known if not reply.words and reply.asked_on and reply.asked_on > answered]
    if not waiting:
        return None
    first = min(waiting, key=lambda reply: (_due(reply), reply.asked_on))
    due = _due(first)
    return DueAnswer(
        first.asked_on,
        due.isoformat(),
        first.working_days,
        (today - date.fromisoformat(first.asked_on)).days,
        today > due,
        first.record_id,
    )


def late_answers(kit: Kit, today: date) -> list[LateAnswer]:
    """The changes whose answer is late, the longest wait first. Call it in a thread; quick if nothing was asked for."""
    fields = ("change", "asked_on", "date", "working_days", "words", "record_id")
    by_change: dict[str, list[Reply]] = {}
    for change, asked_on, answered, days, reply_text, record_id in kit.columns("response", fields):
        days = days or USUAL_WORKING_DAYS
        reply = Reply(asked_on or "", answered or "", days, reply_text or "", record_id=record_id)
        by_change.setdefault(change or "", []).append(reply)
    late = {
        change: answer
        for change, replies in by_change.items()
        if (answer := due_answer(replies, today)) is not None and answer.late
    }
    changes = kit.many("change", sorted(late))
    late_changes = [
        LateAnswer(
            change,
            str(changes[change].values.get("cycle") or ""),
            str(changes[change].values.get("title") or ""),
            answer,
        )
        for change, answer in late.items()
        if change in changes
        and not changes[change].deleted
        and changes[change].values.get("status") != "declined"
    ]
    return sorted(late_changes, key=lambda late: (late.answer.asked_on, late.change_id))


def _due(reply: Reply) -> date:
    return after_working_days(date.fromisoformat(reply.asked_on), reply.working_days)
