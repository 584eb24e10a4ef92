"""Mentors and mentees: what the mentoring screens read in threads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fieldkit.insight.progress import Ratings, ratings_over_time
from fieldkit.records.schema.dates import spoken_date
from fieldkit.records.schema.kind import kind
from fieldkit.records.schema.parse import labelled
from fieldkit.store.kit import Kit, Stored
from fieldkit.widgets.sources import Column, Row

PAIR_COLUMNS = (
    Column("mentor", "Mentor", 3, 12),
    Column("mentee", "Mentee", 3, 12),
    Column("level", "Level", 0, 5, "right"),
    Column("sessions", "Sessions", 0, 8, "right"),
    Column("last", "Last met", 0, 11),
    Column("next", "Next", 0, 11),
)
SESSION_COLUMNS = (
    Column("date", "Date", 0, 11),
    Column("minutes", "Min", 0, 3, "right"),
    Column("mode", "How", 1, 9),
    Column("c", "C", 0, 2, "right"),
    Column("k", "K", 0, 2, "right"),
    Column("s", "S", 0, 2, "right"),
    Column("topics", "Topics", 4, 10),
)


@dataclass
class PairSource:
    """The pairs, the newest first, each with its sessions and dates."""

    kit: Kit

    def count(self) -> int:
        """How many pairs there are."""
        return self.kit.count("mentorship")

    def rows(self, offset: int, limit: int) -> Sequence[Row]:
        """At most `limit` pairs from `offset` on."""
        records = self.kit.page("mentorship", offset, limit)
        ids = {
            str(one.values[name]) for one in records for name in ("mentor", "mentee") if one.values.get(name)
        }
        people = self.kit.many("person", sorted(ids))
        rows = []
        for record in records:
            where = {"mentorship": record.record_id}
            count = self.kit.count("session", where=where)
            sessions = self.kit.page("session", 0, 500, where=where) if count else []
            latest = max(sessions, key=lambda one: str(one.values.get("date", "")), default=None)
            ended = record.values.get("status") == "ended"
            upcoming = str(latest.values.get("next_date") or "") if latest and not ended else ""
            rows.append(
                Row(
                    record.record_id,
                    [
                        name_of(people, record.values.get("mentor")),
                        name_of(people, record.values.get("mentee")),
                        str(record.values.get("level", "")),
                        f"{count:,}",
                        spoken_date(str(latest.values.get("date", ""))) if latest else "",
                        "ended" if ended else spoken_date(upcoming) if upcoming else "",
                    ],
                    "!" if record.conflicts else "",
                )
            )
        return rows


def name_of(people: dict[str, Stored], person_id: object) -> str:
    """A person's name, or words for one whose record has not come yet."""
    person = people.get(str(person_id))
    return str(person.values.get("name", "")) if person is not None else "not here yet"


@dataclass(frozen=True)
class Pair:
    """One pair: who they are, how it went, what comes next."""

    title: str
    level: str
    goals: str
    ratings: Sequence[Ratings]
    sessions: Sequence[Row]
    next_actions: str
    next_date: str
    notes: dict[str, str]
    """Session id -> id of its private note."""


def pair(kit: Kit, mentorship_id: str) -> Pair:
    """Everything that the pair's page shows.

    Raises:
        NotFound: there is no such pair.
    """
    stored, terms = kit.get(mentorship_id, "mentorship"), kit.terms()
    ids = [str(stored.values[name]) for name in ("mentor", "mentee") if stored.values.get(name)]
    people = kit.many("person", ids)
    sessions = kit.page("session", 0, 10_000, where={"mentorship": mentorship_id})
    sessions.sort(key=lambda one: (str(one.values.get("date", "")), one.created), reverse=True)
    session_kind = kind("session")
    notes: dict[str, str] = {}
    for one in sessions[:200]:
        for note in kit.page("note", 0, 1, where={"session": one.record_id}):
            notes[one.record_id] = note.record_id
    rows = [
        Row(
            one.record_id,
            [
                spoken_date(str(one.values.get("date", ""))),
                _said(one.values.get("minutes")),
                labelled(session_kind.fields["mode"], one.values.get("mode"), terms),
                *(_said(one.values.get(name)) for name in ("confidence", "knowledge", "skills")),
                str(one.values.get("topics", "")),
            ],
            "!" if one.conflicts else "·" if one.record_id in notes else "",
        )
        for one in sessions
    ]
    latest = sessions[0].values if sessions else {}
    level = labelled(kind("mentorship").fields["level"], stored.values.get("level"), terms)
    return Pair(
        f"{name_of(people, stored.values.get('mentor'))} with {name_of(people, stored.values.get('mentee'))}",
        level,
        str(stored.values.get("goals", "")),
        ratings_over_time(kit, mentorship_id),
        rows,
        str(latest.get("next_actions", "")),
        spoken_date(str(latest["next_date"])) if latest.get("next_date") else "",
        notes,
    )


def _said(number: object) -> str:
    return "" if number is None else str(number)
