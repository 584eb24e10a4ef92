"""Many changes, and what this laptop notes about them, in one transaction: all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from fieldkit.records.derived import with_derived
from fieldkit.records.schema.kind import Values, given_values
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.store.journal.append import Change, append, append_local
from fieldkit.store.local.known_settings import Setting, T
from fieldkit.store.local.stored_settings import Changing, get_setting, put_setting
from fieldkit.store.oplog.ops import Op
from fieldkit.store.query.stored_records import Stored
from fieldkit.store.write.edit_rules import check_edit, linked_records


class Adding:
    """An open write transaction. Called with a kind and new records, it returns their ids, which other records may link to.

    `checked`: the values have passed `Kind.check` already, as an import's rows have.
    """

    def __init__(
        self, connection: Connection, origin: str, clock: Callable[[], int], *, checked: bool = False
    ) -> None:
        self._connection, self._origin, self._clock, self._checked = connection, origin, clock, checked
        self._first = self._last = 0
        self.cleared = False
        """Whether something was removed that must leave no trace."""

    def __call__(self, kind: str, many: Iterable[Values]) -> list[str]:
        """Store new records of one kind.

        Raises:
            InvalidRecord: for the first invalid record.
        """
        the_kind = kind_named(kind)
        whole = with_derived(the_kind, many, linked_records(self._connection))
        changes = [
            Change(kind, "", given_values(values if self._checked else the_kind.check(values)))
            for values in whole
        ]
        if not the_kind.shared:
            return [op.record_id for op in append_local(self._connection, changes, self._clock)]
        return [op.record_id for op in self._append(changes)]

    def decide(self, seen: Stored, values: Values) -> None:
        """Change fields of a record of a shared kind that was read as `seen`; this resolves conflicts of these fields.

        Raises:
            InvalidRecord: the record would break a rule of its kind.
        """
        the_kind = kind_named(seen.kind)
        differing = {
            name: value
            for name, value in the_kind.check_fields(values).items()
            if value != seen.values.get(name) or name in seen.conflicts
        }
        if differing:
            check_edit(the_kind, seen.values, differing)
            preds = {name: seen.heads[name] for name in differing if seen.heads.get(name)}
            self._append([Change(seen.kind, seen.record_id, differing, preds)])

    def _append(self, changes: list[Change]) -> list[Op]:
        ops, changed = append(self._connection, self._origin, changes, self._clock)
        if ops:
            self._first, self._last = self._first or ops[0].seq, ops[-1].seq
        self.cleared = self.cleared or bool(changed.cleared)
        return ops

    @property
    def spans(self) -> list[tuple[str, int, int]]:
        """The changes appended so far: (origin, first seq, last seq), as undo takes them; empty for none."""
        return [(self._origin, self._first, self._last)] if self._first else []

    @contextmanager
    def changing(self, setting: Setting[T]) -> Iterator[Changing[T]]:
        """Read a setting and store its `value` at the end."""
        change = Changing(get_setting(self._connection, setting))
        yield change
        put_setting(self._connection, setting, change.value)
