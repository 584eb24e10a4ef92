"""Writing records: new ones, edits, deletions, conflicts resolved, changes undone."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from fieldkit.errors import Misuse, NotFound, WrongCode
from fieldkit.records.derived import with_derived
from fieldkit.records.same_people import SamePeople
from fieldkit.records.schema.kind import Kind, Values, kinds
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.store.journal.append import Change, append, append_local
from fieldkit.store.journal.refusals import drop
from fieldkit.store.journal.undo import undoing, undoing_roster
from fieldkit.store.local.setting import LAST_CODE, LastCode
from fieldkit.store.local.settings import Settings, put_setting
from fieldkit.store.oplog.fold import Folded, fold, interpret
from fieldkit.store.oplog.ops import DELETED, EVERYTHING, Op
from fieldkit.store.oplog.receipt_codes import as_printed, new_code, tail_of
from fieldkit.store.query import history, queries, stored_records
from fieldkit.store.query.history import FieldConflict
from fieldkit.store.query.joined import PERSON, same_people
from fieldkit.store.query.stored_records import Stored
from fieldkit.store.write.adding import Adding
from fieldkit.store.write.edit_rules import (
    check_edit,
    demand_yes_stays,
    given_values,
    is_for_all_records,
    linked_records,
)

Progress = Callable[[int, int, str], None]
"""`on_progress(done, total, what)`; total is 0 while it is not known."""
_DELETED_OR_KEPT = "Say which: fieldkit conflicts resolve {} deleted=yes, or deleted=no to keep it"


def no_progress(done: int, total: int, what: str) -> None:
    """For callers that show none."""


class Recorder:
    """The part of a kit that writes records: each change is ops and their projection, in one transaction."""

    clock: Callable[[], int]
    settings: Settings

    @property
    def origin(self) -> str:
        """The name that this device signs its ops with."""
        raise NotImplementedError

    def reading(self) -> AbstractContextManager[Connection]:
        """A read transaction."""
        raise NotImplementedError

    def writing(self) -> AbstractContextManager[Connection]:
        """A write transaction: all of it or none."""
        raise NotImplementedError

    def scrub(self) -> None:
        """Leave no trace of what was erased."""
        raise NotImplementedError

    def get(self, record_id: str, kind: str = "") -> Stored:
        """The record with this id."""
        with self.reading() as connection:
            return stored_records.get(connection, record_id, kind)

    def _get(self, record_id: str, kind: str) -> Stored:
        """The record of this kind with exactly this id."""
        with self.reading() as connection:
            return stored_records.get_exactly(connection, record_id, kind)

    def add(self, kind: str, values: Values) -> Stored:
        """Check and store a new record.

        Raises:
            InvalidRecord: with a sentence for each field that does not hold; nothing is stored.
        """
        return self.add_many(kind, [values])[0]

    def add_with_code(self, kind: str, values: Values, code: str = "") -> tuple[Stored, str]:
        """Like `add`, with a receipt code for the person, to be shown now; `code` is the one printed on their form.

        This laptop alone keeps it, in the transaction that stores the record, until the next entry begins
        (the setting `LAST_CODE`): a program that was ended before anybody read it can show it again.

        Raises:
            InvalidRecord: with a sentence for each field that does not hold; nothing is stored.
            WrongCode: `code` is not a receipt code, or it was used.
        """
        stored, code = self.add_linked(kind, values, lambda _: (), code)
        return stored[0], code

    def add_linked(
        self,
        kind: str,
        values: Values,
        linked: Callable[[str], Iterable[tuple[str, Values]]],
        code: str = "",
    ) -> tuple[list[Stored], str]:
        """Like `add_with_code`, with other new records in the same transaction: all or none.

        `linked` gives them, (kind, values) each, from the id of the first. The first stands first in the result.

        Raises:
            InvalidRecord: with a sentence for each field that does not hold; nothing is stored.
            WrongCode: `code` is not a receipt code, or it was used.
        """
        the_kind, origin = kind_named(kind), self.origin
        code = self._unused(kind, code) if code else new_code()
        others: list[Op] = []

        def keep(connection: Connection, ops: list[Op]) -> None:
            put_setting(connection, LAST_CODE, LastCode(code, kind, ops[0].record_id))
            changes = [
                Change(name, "", given_values(kind_named(name).check(given)))
                for name, given in linked(ops[0].record_id)
            ]
            if changes:
                others.extend(append(connection, origin, changes, self.clock)[0])

        change = Change(kind, "", given_values(the_kind.check(values)), code=code)
        ops = self._append(the_kind, [change], within=keep)
        return [Stored.of_op(op) for op in (ops[0], *others)], code

    def _unused(self, kind: str, code: str) -> str:
        """A printed receipt code in its one spelling.

        Raises:
            WrongCode: it is mistyped, or a record has it already: a copy of a form was filled in.
        """
        try:
            code = as_printed(code)
        except WrongCode as error:
            raise WrongCode(error.message, kept="Nothing was saved yet.", hint=error.hint) from None
        with self.reading() as connection:
            is_used, is_withdrawn = queries.code_state(connection, kind_named(kind), tail_of(code))
        if is_withdrawn:
            raise WrongCode(
                "The person has withdrawn what they said on this form.",
                kept="Nothing was saved.",
                hint="Destroy the form: it may not be entered.",
            )
        if is_used:
            raise WrongCode(
                "A form with this receipt code is here already.",
                kept="Nothing was saved yet.",
                hint="If this is another person's form, leave the code out: they get a new one.",
            )
        return code

    def add_many(self, kind: str, many: Iterable[Values]) -> list[Stored]:
        """Check and store new records of one kind in one transaction: all or none.

        Raises:
            InvalidRecord: the first that does not hold.
        """
        the_kind = kind_named(kind)
        with self.reading() as connection:
            whole = with_derived(the_kind, many, linked_records(connection))
        changes = [Change(kind, "", given_values(the_kind.check(values))) for values in whole]
        ops = self._append(the_kind, changes)
        return [Stored.of_op(op) for op in ops]

    @contextlib.contextmanager
    def adding(self, *, checked: bool = False) -> Iterator[Adding]:
        """One transaction for many new records, and for what this laptop notes of them: all or none stay.

        `checked`: the values have been through `Kind.check` already, as an import's rows have.

        Raises:
            InvalidRecord: from the block, for the first record that does not hold.
        """
        origin = self.origin
        with self.writing() as connection:
            yield (adding := Adding(connection, origin, self.clock, checked=checked))
        if adding.cleared:
            self.scrub()

    def edit(self, seen: Stored, changes: Values) -> Stored:
        """Change fields of a record that was read as `seen`; only fields that differ from it are written.

        A value that arrived after `seen` was read is not overwritten: it stands beside this one, a conflict.

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
        """The people who have several records, where a record is a person's."""
        if seen.kind != PERSON:
            return SamePeople()
        with self.reading() as connection:
            return same_people(connection)

    def _edit_person(self, seen: Stored, checked: Values, people: SamePeople) -> Stored:
        """Change what is shown of a person who has several records: in each field, the record whose answer counts.

        What is emptied is emptied in all of them, or another record's answer would appear. So is what is said of consent.
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
        """A record read in a page, with the heads of those of its values that are still current."""
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
        """Take the mark of deletion off, from all records of one person. `kind` as in `get`."""
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

    def choose(self, conflict: FieldConflict, number: int) -> None:
        """Resolve a conflict by the value of one of its claims (0: the one shown now), of whatever kind and field.

        Raises:
            Misuse: there is no such claim, a newer fieldkit wrote a value that this one can't write, or the claim does
                not resolve it: a deletion that has not seen an edit conflicts with it until somebody chooses.
        """
        with self.writing() as connection:
            heads = self._folded(connection, conflict).heads.get(conflict.field, [])
            if not 0 <= number < len(heads):
                raise Misuse("There is no such value to choose.", kept="Nothing was changed.")
            value = {conflict.field: heads[number].fields[conflict.field]}
            demand_yes_stays(conflict.kind, value)
            the_kind = kinds().get(conflict.kind)
            if the_kind and conflict.field in the_kind.fields and interpret(the_kind, value)[1]:
                raise Misuse(
                    "A newer fieldkit wrote this value, and only that one can write it again.",
                    kept="Nothing was changed.",
                    hint="Choose another value, or resolve it on the laptop with the newer fieldkit.",
                ) from None
            change = Change(
                conflict.kind, conflict.record_id, value, {conflict.field: [op.ref for op in heads]}
            )
            append(connection, self.origin, [change], self.clock)
            if conflict.field == DELETED and DELETED in self._folded(connection, conflict).conflicts:
                raise Misuse(
                    "Choosing that does not resolve whether the record is deleted.",
                    kept="Nothing was changed.",
                    hint=_DELETED_OR_KEPT.format(conflict.record_id),
                )

    @staticmethod
    def _folded(connection: Connection, conflict: FieldConflict) -> Folded:
        return fold(history.ops_of(connection, conflict.record_id, conflict.kind))

    def resolve(self, record_id: str, field: str, value: Any, kind: str = "") -> Stored:
        """Resolve a conflict: `value` replaces every current value of `field`. `kind` as in `get`.

        Raises:
            InvalidRecord: the value does not hold.
            Misuse: for `deleted`, it is neither True nor False.
        """
        seen = self.get(record_id, kind)
        the_kind = kind_named(seen.kind)
        if field == DELETED:
            if not isinstance(value, bool):
                raise Misuse(
                    "A record is deleted or it is not; nothing else resolves that.",
                    kept="Nothing was changed.",
                    hint=_DELETED_OR_KEPT.format(seen.record_id),
                )
            return self._mark(seen, value)
        checked = the_kind.check_fields({field: value})
        demand_yes_stays(seen.kind, checked)
        self._append(
            the_kind, [Change(seen.kind, seen.record_id, checked, {field: seen.heads.get(field, [])})]
        )
        return self._get(seen.record_id, seen.kind)

    def _append(
        self,
        kind: Kind,
        changes: list[Change],
        *,
        roster: bool = False,
        within: Callable[[Connection, list[Op]], None] | None = None,
    ) -> list[Op]:
        if kind.coordinator_only and not roster:
            raise Misuse(
                f"The list of {kind.plural} is changed by a coordinator's own commands.",
                kept="Nothing was changed.",
                hint="See: fieldkit devices --help",
            )
        # Asked before the transaction: within it, a second connection may be hard to get.
        origin = self.origin if kind.shared else ""
        with self.writing() as connection:
            if not kind.shared:
                return append_local(connection, changes, self.clock)
            ops, changed = append(connection, origin, changes, self.clock)
            if within is not None:
                within(connection, ops)
        if changed.cleared:
            self.scrub()
        return ops

    def put(self, kind: str, record_id: str, values: Values, *, decides: bool = False) -> None:
        """Store a record under an id of the caller's (the roster: one record a device), new or changed.

        `decides`: the values resolve the conflicts of these fields.
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
            if value != seen.values.get(name) or (decides and name in seen.conflicts)
        }
        if seen.deleted or (decides and DELETED in seen.conflicts):
            differing[DELETED] = False
        if differing:
            preds = {name: seen.heads[name] for name in differing if seen.heads.get(name)}
            self._append(the_kind, [Change(kind, record_id, differing, preds)], roster=True)

    # Undo

    def undo(self, spans: Iterable[tuple[str, int, int]]) -> int:
        """Undo what ops did, by new ops: (origin, first seq, last seq) each. Returns how many records changed.

        A record that one of them made is deleted, a conflict if somebody has edited it since; a field that one of them set
        goes back to what it was, unless somebody has changed it since. A conflict that one of them resolved opens again.
        """
        return len({(op.kind, op.record_id) for op in self.undo_ops(spans)})

    def undo_ops(self, spans: Iterable[tuple[str, int, int]]) -> list[Op]:
        """Like `undo`; returns the ops that did it. To undo those is to do again what was undone."""
        origin = self.origin
        with self.writing() as connection:
            changes = undoing(connection, spans)
            return append(connection, origin, changes, self.clock)[0] if changes else []

    def drop(self, spans: Iterable[tuple[str, int, int]]) -> None:
        """Drop the changes of network kinds in these runs, (origin, first seq, last seq): see `journal.refusals`."""
        with self.writing() as connection:
            drop(connection, set(spans))
        self.scrub()

    def undo_roster(self, spans: Iterable[tuple[str, int, int]]) -> int:
        """Undo what ops did to the roster and the network's rules, given and counted as in `undo`.

        Laptops that they let in are revoked.
        """
        origin = self.origin
        with self.writing() as connection:
            changes = undoing_roster(connection, spans)
            if changes:
                append(connection, origin, changes, self.clock)
        return len({(change.kind, change.record_id) for change in changes})
