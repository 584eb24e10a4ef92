"""Everybody known by name, in memory: found at each letter typed, and when a new name looks like theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from unicodedata import east_asian_width

from fieldkit.presentation.people.details_apart import details_apart
from fieldkit.records.people_names.name_index import NameIndex
from fieldkit.records.people_names.name_words import name_words
from fieldkit.store.kit import Kit

_MOST_ALIKE = 3


@dataclass(frozen=True)
class Match:
    """A person who matches the letters; `since` is when they were checked in here ("" if not known)."""

    person_id: str
    line: str
    here: bool
    since: str
    same_name: bool = True
    """Whether the name is the typed one, in any spelling; if not, the user is asked whether it is this person."""
    whole_name: bool = False
    """Whether the typed text has as many words as the name, which has several."""


def name_in(typed: str) -> str:
    """The name in a line of `name` or `name, organisation`."""
    return typed.partition(",")[0].strip()


def is_one_letter(typed: str) -> bool:
    """Whether this is a single letter, which is not a name; a double-width Chinese or Japanese sign can be one."""
    return len(typed) == 1 and east_asian_width(typed) not in "WF"


def line_of_person(values: Mapping[str, object]) -> str:
    """A person's name, with their organisation if they gave one."""
    return " · ".join(str(part) for part in (values.get("name", ""), values.get("organisation")) if part)


class KnownPeople:
    """Read once, then kept up to date with `refresh`. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._index = NameIndex()
        self._lines: dict[str, str] = {}
        self._groups: list[list[str]] = []
        """Groups of people with identical lines."""
        self._apart: dict[str, str] = {}
        """What distinguishes each of them from the others."""

    def refresh(self, kit: Kit) -> None:
        """Add new people, update changed names, and remove people who are gone."""
        with self._lock:
            gone, lines = set(self._index), dict(self._lines)
            for person_id, name, organisation in kit.columns("person", ("record_id", "name", "organisation")):
                gone.discard(person_id)
                self._index.add(person_id, name or "")
                self._lines[person_id] = line_of_person({"name": name, "organisation": organisation})
            for person_id in gone:
                self._index.remove(person_id)
                self._lines.pop(person_id, None)
            if lines != self._lines:
                self._distinguish(kit)

    def _distinguish(self, kit: Kit) -> None:
        same: dict[str, list[str]] = {}
        for person_id, line in self._lines.items():
            same.setdefault(line.casefold(), []).append(person_id)
        groups = [group for group in same.values() if len(group) > 1]
        if groups != self._groups:
            self._groups = groups
            self._apart = {
                person_id: details
                for group in details_apart(kit, groups)
                for person_id, details in group.items()
            }

    def find(self, typed: str, arrivals: Mapping[str, str], most: int) -> list[Match]:
        """At most `most` people whose names may begin so, the likeliest first. `arrivals`: who is here, id -> time."""
        with self._lock:
            matches = self._index.find(name_in(typed), most)
        typed_parts = len(name_words(name_in(typed)))
        return [
            replace(
                self._match(match.id, arrivals),
                same_name=match.same_name,
                whole_name=1 < typed_parts == len(name_words(match.name)),
            )
            for match in matches
        ]

    def look_alikes(self, typed: str, arrivals: Mapping[str, str], near: Sequence[str] = ()) -> list[Match]:
        """The few people whose whole name may be the one typed, the likeliest first; those `near` it come before them."""
        with self._lock:
            alike = [match.id for match in self._index.look_alikes(name_in(typed))]
            listed = dict.fromkeys(each for each in (*near, *alike) if each in self._index)
        return [self._match(person_id, arrivals) for person_id in list(listed)[:_MOST_ALIKE]]

    def _match(self, person_id: str, arrivals: Mapping[str, str]) -> Match:
        line = " · ".join(part for part in (self._lines[person_id], self._apart.get(person_id, "")) if part)
        return Match(person_id, line, person_id in arrivals, arrivals.get(person_id, ""))


def people_like(kit: Kit, name: str) -> list[Match]:
    """The few people whose whole name may be this one, the likeliest first, for a name typed on its own. Call it in a thread."""
    known = KnownPeople()
    known.refresh(kit)
    return known.look_alikes(name, {})
