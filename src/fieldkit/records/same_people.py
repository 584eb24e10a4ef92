"""Joined records of one person: which record is kept, and which answers count. Records themselves are not changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from fieldkit.records.consent import CONTACT, NO
from fieldkit.records.grouping import grouped

Person = tuple[int, Mapping[str, Any]]
"""The time when a person's record was made, and its values."""


class Join(NamedTuple):
    """Two records of one person: `kept` is shown; in the fields `taken` the answers of `other` count."""

    kept: str
    other: str
    taken: frozenset[str] = frozenset()
    id: str = ""


class SamePeople:
    """People by their records, from all joins that count and the live records that they name.

    A pure function of both: their order does not matter. A chain of joins makes one person of all its records. The record
    kept is the first made of those that were never given up for another; in a ring it is the first made of all.
    """

    def __init__(self, joins: Iterable[Join] = (), people: Mapping[str, Person] | None = None) -> None:
        self._people = people or {}
        self._joins = sorted(joins, key=lambda join: (join.id, join.kept, join.other, sorted(join.taken)))
        self._group: dict[str, tuple[str, ...]] = {}
        self._kept: dict[str, str] = {}
        given_up = {join.other for join in self._joins}
        for group in grouped((join.kept, join.other) for join in self._joins):
            ordered = tuple(sorted(group, key=self._made))
            kept = min(
                ordered,
                key=lambda person_id: (
                    person_id not in self._people,
                    person_id in given_up,
                    self._made(person_id),
                ),
            )
            self._group.update(dict.fromkeys(ordered, (kept, *(each for each in ordered if each != kept))))
            self._kept.update(dict.fromkeys(ordered, kept))
        self.hidden = frozenset(
            person_id
            for person_id, kept in self._kept.items()
            if person_id != kept and person_id in self._people
        )
        """The live records in place of which another is shown."""

    def __bool__(self) -> bool:
        return bool(self._kept)

    def __contains__(self, person_id: str) -> bool:
        """Whether this is a live record that is joined with another."""
        return person_id in self._kept and person_id in self._people

    def _made(self, person_id: str) -> tuple[bool, int, str]:
        person = self._people.get(person_id)
        return person is None, person[0] if person else 0, person_id

    def kept_of(self, person_id: str) -> str:
        """The id of the record that is shown for a person; the same id if the record was never joined."""
        return self._kept.get(person_id, person_id)

    def records_of(self, person_id: str) -> tuple[str, ...]:
        """The ids of all records of a person, the kept one first; only this id if the record was never joined."""
        return self._group.get(person_id, (person_id,))

    @property
    def kept(self) -> Mapping[str, str]:
        """The id of each joined record -> the id that is shown for it."""
        return self._kept

    def source_of(self, person_id: str, field: str) -> str:
        """The id of the record whose answer counts in a field.

        That is the kept record, or the one chosen in a join; if it has no answer, the first made that has one. A no to being
        contacted counts from any record.
        """
        records = [each for each in self.records_of(person_id) if each in self._people]
        if field == CONTACT:
            for each in records:
                if self._people[each][1].get(field) in NO:
                    return each
        at = self.kept_of(person_id)
        passed = {at}
        while following := next(
            (
                join.other
                for join in self._joins
                if join.kept == at
                and field in join.taken
                and join.other not in passed
                and join.other in self._people
            ),
            "",
        ):
            at = following
            passed.add(at)
        if at in self._people and self._people[at][1].get(field) is not None:
            return at
        return next((each for each in records if self._people[each][1].get(field) is not None), at)

    def values_of(self, person_id: str) -> dict[str, Any]:
        """The answers of a person, from all their records."""
        records = [self._people[each][1] for each in self.records_of(person_id) if each in self._people]
        fields = dict.fromkeys(field for values in records for field in values)
        return {field: self._people[self.source_of(person_id, field)][1][field] for field in fields}
