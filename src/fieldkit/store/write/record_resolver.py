"""Resolving conflicts, and undoing changes."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import Connection

from fieldkit.errors import Misuse
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.records.schema.kind import kinds
from fieldkit.store.journal.append import Change, append
from fieldkit.store.journal.refused_orders import drop
from fieldkit.store.journal.undo import Undone, leaving_refusals, undoing, undoing_roster
from fieldkit.store.oplog.fold import Folded, fold, interpret
from fieldkit.store.oplog.ops import DELETED, Op
from fieldkit.store.query import history
from fieldkit.store.query.history import FieldConflict
from fieldkit.store.query.stored_records import Stored
from fieldkit.store.write.edit_rules import (
    demand_yes_stays,
)
from fieldkit.store.write.recorder import Recorder

_DELETED_OR_KEPT = "Say which: fieldkit conflicts resolve {} deleted=yes, or deleted=no to keep it"


class RecordResolver(Recorder):
    """The part of a kit that resolves conflicts and undoes changes, by new ops in one transaction."""

    def choose(self, conflict: FieldConflict, number: int) -> None:
        """Resolve a conflict by the number of one of its values (0: the one shown now), of any kind and field.

        Raises:
            Misuse: there is no such value; a newer fieldkit wrote a value that this one can't write; or the value does not
        resolve
                it: a deletion that has not seen an edit conflicts with it until somebody chooses.
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
            InvalidRecord: the value is not valid.
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

    def undo(self, spans: Iterable[tuple[str, int, int]]) -> int:
        """Undo the ops of these spans, (origin, first seq, last seq) each, by new ops. Returns how many records changed.

        A record that one of them made is deleted, which is a conflict if somebody has edited it since. A field that one of them
        set gets its earlier value, unless somebody has changed it since. A conflict that one of them resolved opens again.
        """
        return len({(op.kind, op.record_id) for op in self.undo_ops(spans)})

    def undo_leaving_refusals(self, spans: Iterable[tuple[str, int, int]]) -> Undone:
        """Like `undo`, for where nobody sees the single values: a no to a question about consent stays a no."""
        origin = self.origin
        with self.writing() as connection:
            changes, refusals = leaving_refusals(connection, undoing(connection, spans))
            if changes:
                append(connection, origin, changes, self.clock)
        return Undone(len({(change.kind, change.record_id) for change in changes}), refusals)

    def would_undo(self, spans: Iterable[tuple[str, int, int]]) -> list[Change]:
        """The changes that `undo` would make now; nothing is stored."""
        with self.reading() as connection:
            return undoing(connection, spans)

    def undo_ops(
        self, spans: Iterable[tuple[str, int, int]], cancelled: AbstractSet[str] = frozenset()
    ) -> list[Op]:
        """Like `undo`; returns the undoing ops. Undoing those redoes what was undone.

        `cancelled` are refs of later ops that were undone themselves, and of the ops that undid them.
        """
        origin = self.origin
        with self.writing() as connection:
            changes = undoing(connection, spans, cancelled)
            return append(connection, origin, changes, self.clock)[0] if changes else []

    def drop(self, spans: Iterable[tuple[str, int, int]]) -> None:
        """Drop the changes of network kinds in these runs, (origin, first seq, last seq): see `journal.refused_orders`."""
        with self.writing() as connection:
            drop(connection, set(spans))
        self.scrub()

    def undo_roster(self, spans: Iterable[tuple[str, int, int]]) -> int:
        """Undo what ops did to the roster and the network's rules; spans and result as in `undo`.

        Laptops that they trusted are revoked.
        """
        origin = self.origin
        with self.writing() as connection:
            changes = undoing_roster(connection, spans)
            if changes:
                append(connection, origin, changes, self.clock)
        return len({(change.kind, change.record_id) for change in changes})
