"""One pair: who they are, how it went, what was agreed. Plain values for screens and commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fieldkit.insight.progress import Ratings, ratings_over_time
from fieldkit.presentation.mentoring.agreed_actions import AgreedAction, actions_of
from fieldkit.records.schema.dates import short_date
from fieldkit.records.schema.kind import kind
from fieldkit.records.schema.parse import labelled
from fieldkit.store.kit import Kit, Stored

RATINGS = ("confidence", "knowledge", "skills")
_MOST_NOTES = 200


@dataclass(frozen=True)
class Session:
    """One session in words; `note` is the id of its private note, "" for none."""

    id: str
    date: str
    minutes: str
    mode: str
    ratings: tuple[str, str, str]
    topics: str
    conflict: bool = False
    note: str = ""


@dataclass(frozen=True)
class Pair:
    """One pair, with its sessions, the latest first."""

    mentorship: str
    mentor: str
    mentee: str
    level: str
    goals: str
    ratings: Sequence[Ratings]
    sessions: Sequence[Session]
    next_date: str
    """YYYY-MM-DD, "" for none."""
    actions: Sequence[AgreedAction] = field(default=())

    @property
    def title(self) -> str:
        """Both names."""
        return f"{self.mentor} with {self.mentee}"


def pair_view(kit: Kit, mentorship_id: str) -> Pair:
    """Everything that the pair's page shows.

    Raises:
        NotFound: there is no such pair.
    """
    stored, terms = kit.get(mentorship_id, "mentorship"), kit.terms()
    ids = [str(stored.values[name]) for name in ("mentor", "mentee") if stored.values.get(name)]
    people = kit.many("person", ids)
    sessions = kit.page("session", 0, 10_000, where={"mentorship": mentorship_id})
    sessions.sort(key=lambda session: (str(session.values.get("date", "")), session.created), reverse=True)
    notes: dict[str, str] = {}
    for session in sessions[:_MOST_NOTES]:
        for note in kit.page("note", 0, 1, where={"session": session.record_id}):
            notes[session.record_id] = note.record_id
    mode = kind("session").fields["mode"]
    return Pair(
        stored.record_id,
        name_of(people, stored.values.get("mentor")),
        name_of(people, stored.values.get("mentee")),
        labelled(kind("mentorship").fields["level"], stored.values.get("level"), terms),
        str(stored.values.get("goals", "")),
        ratings_over_time(kit, stored.record_id),
        [
            Session(
                session.record_id,
                short_date(str(session.values.get("date", ""))),
                _figure(session.values.get("minutes")),
                labelled(mode, session.values.get("mode"), terms),
                (
                    _figure(session.values.get("confidence")),
                    _figure(session.values.get("knowledge")),
                    _figure(session.values.get("skills")),
                ),
                str(session.values.get("topics", "")),
                bool(session.conflicts),
                notes.get(session.record_id, ""),
            )
            for session in sessions
        ],
        str(sessions[0].values.get("next_date") or "") if sessions else "",
        actions_of(kit, stored.record_id).get(stored.record_id, ()),
    )


def rating_line(name: str, given: Sequence[int]) -> str:
    """One of the RATINGS session by session, and how the last differs from the first."""
    line = f"{name.capitalize()} out of 10: {', '.join(map(str, given))}."
    if len(given) < 2:
        return line
    change = given[-1] - given[0]
    if not change:
        return f"{line} The last is the same as the first."
    return (
        f"{line} It rose by {change} since the first."
        if change > 0
        else f"{line} It fell by {-change} since the first."
    )


def name_of(people: dict[str, Stored], person_id: object) -> str:
    """A person's name, or a placeholder if their record has not arrived yet."""
    person = people.get(str(person_id))
    return str(person.values.get("name", "")) if person is not None else "not here yet"


def _figure(number: object) -> str:
    return "" if number is None else str(number)
