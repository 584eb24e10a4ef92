"""A mentor's mentees: last seen, next date, open actions; overdue ones first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fieldkit.presentation.mentoring.agreed_actions import AgreedAction, actions_of, open_actions
from fieldkit.presentation.mentoring.mentors import EVERYBODY
from fieldkit.presentation.mentoring.pair_view import name_of
from fieldkit.presentation.mentoring.unfinished_sessions import unfinished_sessions
from fieldkit.records.schema.dates import short_date
from fieldkit.store.kit import Kit
from fieldkit.text import plural

_OVERDUE, _NO_DATE, _COMING, _ENDED = range(4)


@dataclass(frozen=True)
class Mentee:
    """One pair as its mentor sees it. Dates are YYYY-MM-DD, "" for none."""

    mentorship: str
    name: str
    mentor: str
    sessions: int
    last_seen: str
    next_date: str
    actions: Sequence[AgreedAction]
    """The open ones, the earliest agreed first."""
    ended: bool = False
    conflict: bool = False
    unfinished: str = ""
    """The id of the draft of an unsaved session, "" for none."""

    def days_overdue(self, today: date) -> int:
        """How many days ago they were to meet; 0 if that day has not passed."""
        if self.ended or not self.next_date:
            return 0
        return max(0, (today - date.fromisoformat(self.next_date)).days)

    def next_in_words(self, today: date) -> str:
        """`12 days overdue`, `today`, `4 Dec 2026`, `no date`, `ended`."""
        if self.ended:
            return "ended"
        if not self.next_date:
            return "no date" if self.sessions else "not met yet"
        if days := self.days_overdue(today):
            return plural(days, "1 day overdue", "{n} days overdue")
        return "today" if self.next_date == today.isoformat() else short_date(self.next_date)

    def seen_in_words(self) -> str:
        """When they last met; `unfinished` while a session waits to be saved."""
        if self.unfinished:
            return "unfinished"
        return short_date(self.last_seen) if self.last_seen else "never"

    def _place(self, today: date) -> tuple[int, str, str]:
        if self.ended:
            return _ENDED, "", self.name
        if not self.next_date:
            return _NO_DATE, self.last_seen, self.name
        return (_OVERDUE if self.days_overdue(today) else _COMING), self.next_date, self.name


def mentees(kit: Kit, mentor: str, today: date) -> list[Mentee]:
    """The pairs of a mentor (a person's id, or EVERYBODY): overdue ones first, the longest overdue at the top.

    Then pairs without a next date, pairs that meet soon, and pairs that have ended.
    """
    where = {} if mentor in {"", EVERYBODY} else {"mentor": kit.same_people().kept_of(mentor)}
    pairs = kit.page("mentorship", 0, kit.count("mentorship", where=where), where=where)
    people = kit.many(
        "person",
        {str(pair.values[name]) for pair in pairs for name in ("mentor", "mentee") if pair.values.get(name)},
    )
    sessions: dict[str, list[tuple[str, int, str]]] = {}
    for mentorship, day, created, next_date in kit.columns(
        "session", ("mentorship", "date", "created", "next_date")
    ):
        sessions.setdefault(str(mentorship), []).append((str(day or ""), int(created), str(next_date or "")))
    actions = actions_of(kit)
    unfinished = unfinished_sessions(kit)

    rows = []
    for pair in pairs:
        met = max(sessions.get(pair.record_id, ()), default=("", 0, ""))
        rows.append(
            Mentee(
                pair.record_id,
                name_of(people, pair.values.get("mentee")),
                name_of(people, pair.values.get("mentor")),
                len(sessions.get(pair.record_id, ())),
                met[0],
                met[2],
                open_actions(actions.get(pair.record_id, ())),
                pair.values.get("status") == "ended",
                bool(pair.conflicts),
                unfinished[pair.record_id].id if pair.record_id in unfinished else "",
            )
        )
    return sorted(rows, key=lambda mentee: mentee._place(today))
