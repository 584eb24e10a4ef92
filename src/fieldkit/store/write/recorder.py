"""Changing records: edits, deletions, and records stored under an id that the caller gives."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from dataclasses import replace

from fieldkit.errors import NotFound
from fieldkit.records.same_people import SamePeople
from fieldkit.records.schema.kind import Values, given_values
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.store.journal.append import Change
from fieldkit.store.oplog.ops import DELETED, EVERYTHING
from fieldkit.store.query import stored_records
from fieldkit.store.query.joined import PERSON, same_people
from fieldkit.store.query.stored_records import Stored
from fieldkit.store.write.edit_rules import (
    check_edit,
    is_for_all_records,
)
from fieldkit.store.write.record_adder import RecordAdder


class Recorder(RecordAdder):
    """The part of a kit that changes records: each change is ops and their projection, in one transaction."""

    def edit(self, seen: Stored, changes: Values) -> Stored:
        """Change fields of a record that was read as `seen`; only fields that differ from it are written.

        A value that arrived after `seen` was read is not overwritten: both values are kept, as a conflict.

        Raises:
            InvalidRecord: the record would break a rule of its kind; nothing is stored.
        """
        the_kind = kind_named(seen.kind)
        if not seen.heads:
            seen = self._with_heads(seen)
        checked = the_kind.check_fields(changes)
        people = self._people(seen)
        if len(people.records_of(seen.record_id)) > 1:
            return self._edit_person(seen, checked, people)
        before = {name: seen.values.get(name) for name in checked}
        differing = {name: value for name, value in checked.items() if value != before[name]}
        if not differing:
            return seen
        check_edit(the_kind, seen.values, differing)
        preds = {name: seen.heads[name] for name in differing if seen.heads.get(name)}
        self._append(the_kind, [Change(seen.kind, seen.record_id, differing, preds)])
        return self._get(seen.record_id, seen.kind)

    def _people(self, seen: Stored) -> SamePeople:
        """The people who have several records, if the record is a person's."""
        if seen.kind != PERSON:
            return SamePeople()
        with self.reading() as connection:
            return same_people(connection)

    def _edit_person(self, seen: Stored, checked: Values, people: SamePeople) -> Stored:
        """Change what is shown of a person who has several records: each field in the record whose answer counts.

        A field that is emptied is emptied in all of them, or another record's answer would appear. The same holds for consent.
        """
        the_kind, values = kind_named(seen.kind), people.values_of(seen.record_id)
        differing = {name: value for name, value in checked.items() if value != values.get(name)}
        if not differing:
            return seen
        check_edit(the_kind, values, differing)
        changes: list[Change] = []
        for record_id in people.records_of(seen.record_id):
            if record_id not in people:
                continue
            held = self._get(record_id, seen.kind)
            own = {
                name: value
                for name, value in differing.items()
                if (
                    record_id == people.source_of(seen.record_id, name)
                    or (is_for_all_records(name, value) and name in held.values)
                )
                and held.values.get(name) != value
            }
            heads = seen.heads if record_id == seen.record_id else held.heads
            preds = {name: heads[name] for name in own if heads.get(name)}
            changes += [Change(seen.kind, record_id, own, preds)] if own else []
        if changes:
            self._append(the_kind, changes)
        return self._get(seen.record_id, seen.kind)

    def _with_heads(self, seen: Stored) -> Stored:
        """A record read in a page, with the heads of its values that are still current."""
        now = self._get(seen.record_id, seen.kind)
        with self.reading() as connection:
            shown = stored_records.joined_record(connection, now)
        heads = {
            name: refs
            for name, refs in now.heads.items()
            if name not in now.conflicts
            and seen.values.get(name) in (now.values.get(name), shown.values.get(name))
        }
        return replace(seen, heads=heads)

    def delete(self, record_id: str, kind: str = "") -> Stored:
        """Mark a record deleted; it can be restored. `kind` as in `get`. All records of one person are deleted together."""
        return self._mark_all(self.get(record_id, kind), True)

    def restore(self, record_id: str, kind: str = "") -> Stored:
        """Remove the mark of deletion from all records of one person. `kind` as in `get`."""
        return self._mark_all(self.get(record_id, kind), False)

    def _mark_all(self, seen: Stored, deleted: bool) -> Stored:
        for record_id in self._people(seen).records_of(seen.record_id):
            if record_id != seen.record_id:
                with contextlib.suppress(NotFound):  # erased, or not here yet
                    other = self._get(record_id, seen.kind)
                    if other.deleted != deleted:
                        self._mark(other, deleted)
        return self._mark(seen, deleted)

    def _mark(self, seen: Stored, deleted: bool) -> Stored:
        preds = {DELETED: seen.heads.get(DELETED, [])}
        if deleted:
            preds[EVERYTHING] = list(seen.everything)
        change = Change(
            seen.kind,
            seen.record_id,
            {DELETED: deleted},
            {name: refs for name, refs in preds.items() if refs},
        )
        self._append(kind_named(seen.kind), [change])
        return self._get(seen.record_id, seen.kind)

    def put(
        self,
        kind: str,
        record_id: str,
        values: Values,
        *,
        decides: bool = False,
        confirms: Collection[str] = (),
    ) -> None:
        """Store a new or changed record under an id that the caller gives (the roster: one record for each device).

        `decides`: the values resolve the conflicts of these fields. `confirms` names fields that are written even if the record
        already has the value.
        """
        the_kind = kind_named(kind)
        try:
            seen: Stored | None = self._get(record_id, kind)
        except NotFound:
            seen = None
        if seen is None:
            self._append(
                the_kind, [Change(kind, record_id, given_values(the_kind.check(values)))], roster=True
            )
            return
        checked = the_kind.check_fields(values)
        differing = {
            name: value
            for name, value in checked.items()
            if name in confirms or value != seen.values.get(name) or (decides and name in seen.conflicts)
        }
        if seen.deleted or (decides and DELETED in seen.conflicts):
            differing[DELETED] = False
        if differing:
            preds = {name: seen.heads[name] for name in differing if seen.heads.get(name)}
            self._append(the_kind, [Change(kind, record_id, differing, preds)], roster=True)
