"""Adding records: single ones, or many in one transaction, with a receipt code or with related records."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager

from sqlalchemy import Connection

from fieldkit.errors import Misuse, WrongCode
from fieldkit.records.derived import with_derived
from fieldkit.records.schema.kind import Kind, Values, given_values
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.store.journal.append import Change, append, append_local
from fieldkit.store.local.known_settings import LAST_CODE, LastCode
from fieldkit.store.local.stored_settings import Settings, put_setting
from fieldkit.store.oplog.ops import Op
from fieldkit.store.oplog.receipt_codes import as_printed, new_code, tail_of
from fieldkit.store.query import queries, stored_records
from fieldkit.store.query.record_reader import RecordReader
from fieldkit.store.query.stored_records import Stored
from fieldkit.store.write.adding import Adding
from fieldkit.store.write.edit_rules import linked_records


class RecordAdder(RecordReader):
    """The part of a kit that adds records: each is an op and its projection, in one transaction."""

    clock: Callable[[], int]
    settings: Settings

    @property
    def origin(self) -> str:
        """The name that this device signs its ops with."""
        raise NotImplementedError

    def writing(self) -> AbstractContextManager[Connection]:
        """A write transaction: all or nothing."""
        raise NotImplementedError

    def scrub(self) -> None:
        """Leave no trace of what was erased."""
        raise NotImplementedError

    def _get(self, record_id: str, kind: str) -> Stored:
        """The record of this kind with exactly this id."""
        with self.reading() as connection:
            return stored_records.get_exactly(connection, record_id, kind)

    def add(self, kind: str, values: Values) -> Stored:
        """Check and store a new record.

        Raises:
            InvalidRecord: with a sentence for each invalid field; nothing is stored.
        """
        return self.add_many(kind, [values])[0]

    def add_with_code(self, kind: str, values: Values, code: str = "") -> tuple[Stored, str]:
        """Like `add`, with a receipt code for the person, to be shown now; `code` is the one printed on their form.

        Only this laptop keeps the code, in the transaction that stores the record, until the next entry begins (the setting
        `LAST_CODE`): a program that ended before anybody read it can show it again.

        Raises:
            InvalidRecord: with a sentence for each invalid field; nothing is stored.
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
        """Like `add_with_code`, with other new records in the same transaction: all or nothing.

        `linked` gives them, (kind, values) each, from the id of the first. The first comes first in the result.

        Raises:
            InvalidRecord: with a sentence for each invalid field; nothing is stored.
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
        """A printed receipt code in its canonical spelling.

        Raises:
            WrongCode: it is mistyped, or a record already has it because a copy of a form was filled in.
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
        """Check and store new records of one kind in one transaction: all or nothing.

        Raises:
            InvalidRecord: the first invalid record.
        """
        the_kind = kind_named(kind)
        with self.reading() as connection:
            whole = with_derived(the_kind, many, linked_records(connection))
        changes = [Change(kind, "", given_values(the_kind.check(values))) for values in whole]
        ops = self._append(the_kind, changes)
        return [Stored.of_op(op) for op in ops]

    @contextlib.contextmanager
    def adding(self, *, checked: bool = False) -> Iterator[Adding]:
        """One transaction for many new records, and for what this laptop notes about them: all or nothing.

        `checked`: the values have passed `Kind.check` already, as an import's rows have.

        Raises:
            InvalidRecord: from the block, for the first invalid record.
        """
        origin = self.origin
        with self.writing() as connection:
            yield (adding := Adding(connection, origin, self.clock, checked=checked))
        if adding.cleared:
            self.scrub()

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
        # Read before the transaction: within it, a second connection may not be available.
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
