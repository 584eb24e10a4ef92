"""Checking people in at one event, by name: who fits the letters, who is here, who is new. For threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fieldkit.errors import FieldkitError
from fieldkit.presentation.saving import store_linked
from fieldkit.presentation.stall.undo_stack import Step
from fieldkit.records.schema.kind import Values, kind
from fieldkit.records.schema.parse import parse
from fieldkit.spelling import folded_words
from fieldkit.store.kit import Kit, Stored

_MOST_FOUND = 100
UNKNOWN = "a person not known here yet"


@dataclass(frozen=True)
class Match:
    """A person who fits the letters; `since` is when they were checked in here ("" if nobody knows)."""

    person_id: str
    line: str
    here: bool
    since: str
    same: bool = False
    """Whether the name typed is this person's, in whatever spelling."""


@dataclass(frozen=True)
class CheckedIn:
    """What checking in did. `again`: the person was here already, and nothing was stored, so there is no step.

    `code` is the receipt code of a new person, "" for others.
    """

    line: str
    at: str
    again: bool = False
    step: Step | None = None
    code: str = ""


def matches(kit: Kit, arrivals: Mapping[str, str], typed: str, most: int) -> list[Match]:
    """At most `most` people who fit what was typed, in whatever spelling: who is called so first.

    `arrivals` are those who are here: id -> time.
    """
    same = {person.record_id: person for person in kit.alike("person", name_in(typed))}
    people = same | {person.record_id: person for person in kit.page("person", 0, _MOST_FOUND, text=typed)}
    ordered = sorted(
        people.values(), key=lambda person: (person.record_id not in same, not _begins(person, typed))
    )
    return [
        Match(
            person.record_id,
            line_of_person(person.values),
            person.record_id in arrivals,
            arrivals.get(person.record_id, ""),
            person.record_id in same,
        )
        for person in ordered[:most]
    ]


def line_of_person(values: Values) -> str:
    """A person's name, with their organisation if they said one."""
    return " · ".join(str(part) for part in (values.get("name", ""), values.get("organisation")) if part)


def name_in(typed: str) -> str:
    """The name in a line of `name` or `name, organisation`."""
    return typed.partition(",")[0].strip()


def _begins(person: Stored, typed: str) -> bool:
    """Whether a word of the name begins with what was typed first: those people come first."""
    first, _, _ = folded_words(typed).partition(" ")
    return any(word.startswith(first) for word in folded_words(str(person.values.get("name", ""))).split())


def arrivals(kit: Kit, event_id: str) -> dict[str, str]:
    """Everybody who was checked in at an event by name, on whichever laptop: id -> time, "" where nobody knows it."""
    rows = kit.columns("attendance", ("person", "arrived"), where={"event": event_id})
    found: dict[str, str] = {}
    for person, at in rows:
        if person and not found.get(person):
            found[person] = at or ""
    return found


def time_of(typed: str) -> str:
    """A time of day as people type it, "" for nothing typed: 1015, 10.15 and 10:15 are `10:15`.

    Raises:
        FieldkitError: it is not a time.
    """
    try:
        return str(parse(kind("attendance").fields["arrived"], typed) or "") if typed.strip() else ""
    except ValueError as error:
        raise FieldkitError(str(error)) from None


def check_in(kit: Kit, event_id: str, person_id: str, at: str) -> CheckedIn:
    """Check a person in who came at `at` ("" where nobody knows), unless they are here already."""
    person = kit.many("person", [person_id]).get(person_id)
    line = line_of_person(person.values) if person is not None else UNKNOWN
    before = kit.page("attendance", 0, 1, where={"person": person_id, "event": event_id})
    if before:
        return CheckedIn(line, str(before[0].values.get("arrived", "")), again=True)
    stored = kit.add("attendance", {"event": event_id, "person": person_id, "arrived": at or None})
    return CheckedIn(line, at, step=Step(_checked_in(line, at), stored.everything, (stored,)))


def check_in_new(kit: Kit, event_id: str, typed: str, consent: Values, at: str) -> CheckedIn:
    """Make a person from one line, `name` or `name, organisation`, and check them in: both or neither is stored.

    `consent` is what they were asked and answered (`NameConsent.values`, once they said yes).

    Raises:
        FieldkitError: no name was typed.
        InvalidRecord: there is no yes in `consent`; nothing is stored.
    """
    name, _, organisation = (part.strip() for part in typed.partition(","))
    if not name:
        raise FieldkitError("A name is needed.", hint="Type it, or count the person without a name.")
    values = {"name": name, **({"organisation": organisation} if organisation else {}), **consent}
    here = {"event": event_id, "arrived": at or None}
    stored, code = store_linked(
        kit, kind("person"), values, lambda person: [("attendance", {**here, "person": person})]
    )
    line = line_of_person(stored[0].values)
    refs = tuple(ref for record in stored for ref in record.everything)
    step = Step(_checked_in(f"{line}, a new person,", at), refs, tuple(reversed(stored)))
    return CheckedIn(line, at, step=step, code=code)


def _checked_in(line: str, at: str) -> str:
    return f"{line} checked in {at}".rstrip()
