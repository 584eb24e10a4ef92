"""The record tables, kept in step with the journal: stored ops all go through `Projection.apply`."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from fieldkit.errors import Misuse
from fieldkit.records.kinds import Kind, kinds
from fieldkit.store.fold import Folded, digest_of, erases, fold, interpret
from fieldkit.store.ops import DELETED, ERASED, Op, decode_stored
from fieldkit.store.withdrawal import TAIL, tail_of

_FIXED = ("record_id", "created", "updated", "origin", "deleted", "conflicts", "extra", "digest")
#: The columns of a record that one op makes, before its fields.
_NEW = ("record_id", "created", "updated", "origin", "deleted", "digest")
#: Most values bound to one statement.
CHUNK = 500


Read = tuple[dict[str, Any], dict[str, Any]]
"""What `interpret` makes of an op's fields: (values, extra)."""


def chunks(items: Sequence[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    """`items` in runs of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def marks(items: Sequence[Any]) -> str:
    """As many bound-parameter marks as there are items."""
    return ",".join("?" * len(items))


def execute(connection: Connection, sql: str, values: Sequence[Any] = ()) -> Any:
    """Run one statement at the driver's level; `values` are bound."""
    return connection.connection.driver_connection.execute(sql, values)  # type: ignore[union-attr]


def execute_many(connection: Connection, sql: str, rows: Sequence[Any]) -> None:
    """Run one statement for every row of bound values."""
    connection.connection.driver_connection.executemany(sql, rows)  # type: ignore[union-attr]


@dataclass(frozen=True, eq=False)
class TableOf:
    """The table of one kind and the statements that keep it."""

    kind: Kind

    @cached_property
    def name(self) -> str:
        """The table's name, quoted."""
        return f'"{self.kind.model.__tablename__}"'

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns written by the fold, in the order of `row`."""
        return (*_FIXED, *self.kind.fields)

    @cached_property
    def _updates(self) -> str:
        return ",".join(f'"{name}"=excluded."{name}"' for name in self.columns[1:])

    def upsert(self, names: Sequence[str]) -> str:
        """The statement that puts rows of these columns in, over an older row of the same record.

        Columns that are left out become empty: binding an empty value costs the driver more than the value beside it.
        """
        listed = ",".join(f'"{name}"' for name in names)
        return (
            f"INSERT INTO {self.name} ({listed}) VALUES ({marks(names)}) "  # noqa: S608  # names from the models
            f"ON CONFLICT(record_id) DO UPDATE SET {self._updates}"
        )

    @cached_property
    def lists(self) -> frozenset[str]:
        """The fields that hold several answers."""
        return frozenset(name for name, spec in self.kind.fields.items() if spec.shape == "many")

    def cells(
        self,
        record_id: str,
        values: dict[str, Any],
        extra: dict[str, Any],
        conflicts: list[str],
        head: tuple[int, int, str, bool, bytes],
    ) -> dict[str, Any]:
        """Column -> bound value, without the empty ones; `head` is (created, updated, origin, deleted, digest)."""
        created, updated, origin, deleted, digest = head
        cells: dict[str, Any] = {
            "record_id": record_id,
            "created": created,
            "updated": updated,
            "origin": origin,
            "deleted": int(deleted),
            # The driver looks for an adapter for bytes, but not for a bytearray.
            "digest": bytearray(digest),
        }
        if conflicts:
            cells["conflicts"] = json.dumps(conflicts)
        if extra:
            cells["extra"] = json.dumps(extra, ensure_ascii=False, sort_keys=True)
        lists = self.lists
        if lists.isdisjoint(values):
            cells.update(values)
        else:
            for name, value in values.items():
                cells[name] = json.dumps(value) if name in lists else value
        return cells


class Rows:
    """Rows on their way into the tables of their kinds, gathered by the columns that they fill."""

    def __init__(self) -> None:
        self._rows: dict[tuple[TableOf, tuple[str, ...]], list[tuple[Any, ...]]] = {}

    def add(self, table: TableOf, cells: dict[str, Any]) -> None:
        """Gather one row."""
        self._rows.setdefault((table, tuple(cells)), []).append(tuple(cells.values()))

    def add_new(self, table: TableOf, op: Op, digest: bytes, read: Read) -> None:
        """Gather the row of a record that one op makes: what `cells` would give, without the way round."""
        values, extra = read
        if extra or not table.lists.isdisjoint(values):
            head = (op.stamp, op.stamp, op.origin, False, digest)
            self.add(table, table.cells(op.record_id, values, extra, [], head))
            return
        key = (table, (*_NEW, *values))
        row = (op.record_id, op.stamp, op.stamp, op.origin, 0, bytearray(digest), *values.values())
        self._rows.setdefault(key, []).append(row)

    def write(self, connection: Connection) -> None:
        """Write what was gathered."""
        for (table, names), rows in self._rows.items():
            execute_many(connection, table.upsert(names), rows)
        self._rows.clear()


_TABLES: dict[str, TableOf] = {}


def table_of(kind: str) -> TableOf | None:
    """The table of a known kind, None for one that this version does not know."""
    if not _TABLES:
        _TABLES.update({name: TableOf(known) for name, known in kinds().items()})
    return _TABLES.get(kind)


_OTHER = (
    "INSERT INTO other (kind, record_id, deleted, digest) VALUES (?,?,?,?) "
    "ON CONFLICT(kind, record_id) DO UPDATE SET deleted=excluded.deleted, digest=excluded.digest"
)


class Tallies:
    """Changes to the counts and digest sums of each kind, collected and then written at once."""

    def __init__(self) -> None:
        self._changes: dict[str, list[int]] = {}

    def add(self, kind: str, digest: bytes, *, deleted: bool, sign: int = 1) -> None:
        """Count one record in (or, with sign -1, out)."""
        change = self._changes.setdefault(kind, [0, 0, 0])
        change[1 if deleted else 0] += sign
        change[2] += sign * int.from_bytes(digest, "big")

    def write(self, connection: Connection) -> None:
        """Add what was collected to the table and forget it."""
        for kind, (live, deleted, total) in self._changes.items():
            held = execute(
                connection, "SELECT live, deleted, total FROM tally WHERE kind = ?", (kind,)
            ).fetchone() or (0, 0, b"")
            summed = (int.from_bytes(held[2], "big") + total) % (1 << 128)
            execute(
                connection,
                "INSERT INTO tally (kind, live, deleted, total) VALUES (?,?,?,?) "
                "ON CONFLICT(kind) DO UPDATE "
                "SET live=excluded.live, deleted=excluded.deleted, total=excluded.total",
                (kind, held[0] + live, held[1] + deleted, summed.to_bytes(16, "big")),
            )
        self._changes.clear()


@dataclass
class Changed:
    """What a batch did to records."""

    new: int = 0
    changed: int = 0
    conflicts: int = 0
    """Fields that now have more than one value and had not before."""
    erased: int = 0
    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    """The same by kind: kind -> new, changed, conflicts."""

    def count(self, kind: str, what: str, number: int = 1) -> None:
        """Count records of a kind."""
        if number:
            self.kinds.setdefault(kind, Counter())[what] += number

    def add(self, other: Changed) -> None:
        """Add what another batch did."""
        self.new += other.new
        self.changed += other.changed
        self.conflicts += other.conflicts
        self.erased += other.erased
        for kind, counted in other.kinds.items():
            self.kinds.setdefault(kind, Counter()).update(counted)


class Projection:
    """Keeps the record tables of one connection equal to the fold of its journal."""

    def __init__(self, connection: Connection, journal: str = "op") -> None:
        self.connection = connection
        self.journal = journal
        self._tails: set[str] = set()

    def apply(
        self, ops: Sequence[Op], held: frozenset[str] | set[str], read: Sequence[Read | None] | None = None
    ) -> Changed:
        """Bring the records of `ops` up to date; the ops are in the journal already.

        `held` are those of their record ids that the journal knew before; `read` is what `interpret` made of each op,
        if that is known. A record with one op alone is written straight from it; any other is folded anew from all its ops.
        """
        tallies, changed = Tallies(), Changed()
        tails = self._withdrawn(ops) if self.journal == "op" else set()
        alone: dict[str, tuple[Op, Read | None]] = {}
        again = self._withdrawn_records(tails - self._tails)
        self._tails |= tails
        for place, op in enumerate(ops):
            record_id = op.record_id
            if (
                record_id in held
                or record_id in alone
                or record_id in again
                or DELETED in op.fields
                or ERASED in op.fields
                or record_id[-TAIL:] in tails
            ):
                again.add(record_id)
                alone.pop(record_id, None)
            else:
                alone[record_id] = (op, read[place] if read else None)
        self._insert(alone.values(), tallies)
        changed.new = len(alone)
        for kind, number in Counter(op.kind for op, _ in alone.values()).items():
            changed.count(kind, "new", number)
        if again:
            self._fold_again(sorted(again), tallies, changed, held)
        tallies.write(self.connection)
        return changed

    def _insert(self, ops: Iterable[tuple[Op, Read | None]], tallies: Tallies) -> None:
        rows = Rows()
        others: list[tuple[str, str, int, bytes]] = []
        for op, read in ops:
            fields = op.fields
            if None in fields.values():
                fields = {name: value for name, value in fields.items() if value is not None}
            digest = digest_of(op.kind, op.record_id, fields, {}, op.stamp, op.stamp, op.origin)
            tallies.add(op.kind, digest, deleted=False)
            table = table_of(op.kind)
            if table is None:
                others.append((op.kind, op.record_id, 0, digest))
                continue
            rows.add_new(table, op, digest, read or interpret(table.kind, fields))
        rows.write(self.connection)
        if others:
            execute_many(self.connection, _OTHER, others)

    def _fold_again(
        self, record_ids: Sequence[str], tallies: Tallies, changed: Changed, held: frozenset[str] | set[str]
    ) -> None:
        for some in chunks(record_ids):
            self._forget(some, tallies)
            grouped: dict[tuple[str, str], list[Op]] = {}
            # DISTINCT, because a stream that parted may be held under two names.
            for (body,) in execute(
                self.connection,
                f"SELECT DISTINCT body FROM {self.journal} WHERE record IN ({marks(some)}) AND body IS NOT NULL",  # noqa: S608  # a fixed name and marks
                some,
            ):
                op = decode_stored(body)
                grouped.setdefault((op.kind, op.record_id), []).append(op)
            gone = {record_id for record_id in some if record_id[-TAIL:] in self._tails}
            gone |= {key[1] for key, ops in grouped.items() if any(erases(op) for op in ops)}
            changed.erased += self._erase(gone)
            grouped = {key: ops for key, ops in grouped.items() if key[1] not in gone}
            before = self._conflicts_of(some)
            self._write([fold(ops) for ops in grouped.values()], tallies)
            clashing = self._conflicts_of(some) - before
            changed.conflicts += len(clashing)
            kinds_of = {record_id: kind for kind, record_id in grouped}
            for record_id, _ in clashing:
                changed.count(kinds_of.get(record_id, ""), "conflicts")
            for kind, record_id in grouped:
                changed.count(kind, "changed" if record_id in held else "new")
            stay = [record_id for record_id in some if record_id not in gone]
            known = sum(record_id in held for record_id in stay)
            changed.changed += known
            changed.new += len(stay) - known

    def _conflicts_of(self, record_ids: Sequence[str]) -> set[tuple[str, str]]:
        return {
            tuple(row)
            for row in execute(
                self.connection,
                f"SELECT record_id, field FROM conflict WHERE record_id IN ({marks(record_ids)})",  # noqa: S608  # marks
                record_ids,
            )
        }

    def _forget(self, record_ids: Sequence[str], tallies: Tallies) -> None:
        """Take what the tables hold of these records out of the tallies."""
        for name, kind in self._tables():
            for deleted, digest, its_kind in execute(
                self.connection,
                f"SELECT deleted, digest, {kind} FROM {name} WHERE record_id IN ({marks(record_ids)})",  # noqa: S608  # names from the models
                record_ids,
            ):
                tallies.add(its_kind, digest, deleted=bool(deleted), sign=-1)

    def _tables(self) -> Iterator[tuple[str, str]]:
        table_of("")
        for name, table in _TABLES.items():
            if table.kind.shared == (self.journal == "op"):
                yield table.name, f"'{name}'"
        if self.journal == "op":
            yield "other", "kind"

    def _write(self, records: Iterable[Folded], tallies: Tallies) -> None:
        rows = Rows()
        others: list[tuple[str, str, int, bytes]] = []
        clashes: list[tuple[str, str, str]] = []
        written: list[str] = []
        for record in records:
            written.append(record.record_id)
            digest = record.digest
            tallies.add(record.kind, digest, deleted=record.deleted)
            clashes += [(record.record_id, name, record.kind) for name in record.conflicts]
            table = table_of(record.kind)
            if table is None:
                others.append((record.kind, record.record_id, int(record.deleted), digest))
                continue
            values, extra = interpret(table.kind, record.fields)
            head = (record.created, record.updated, record.origin, record.deleted, digest)
            rows.add(table, table.cells(record.record_id, values, extra, record.conflicts, head))
        rows.write(self.connection)
        if others:
            execute_many(self.connection, _OTHER, others)
        execute_many(self.connection, "DELETE FROM conflict WHERE record_id = ?", [(one,) for one in written])
        if clashes:
            execute_many(
                self.connection, "INSERT INTO conflict (record_id, field, kind) VALUES (?,?,?)", clashes
            )

    # Erasure

    def _withdrawn(self, ops: Sequence[Op]) -> set[str]:
        """The ends of all record ids that were withdrawn, those of `ops` included."""
        tails = {row[0] for row in execute(self.connection, "SELECT tail FROM withdrawn")}
        self._tails = set(tails)
        for op in ops:
            if op.kind == "withdrawal" and isinstance(code := op.fields.get("code"), str):
                with contextlib.suppress(Misuse):
                    tails.add(tail_of(code))
        if fresh := tails - self._tails:
            execute_many(
                self.connection, "INSERT INTO withdrawn (tail) VALUES (?)", [(tail,) for tail in fresh]
            )
        return tails

    def withdraw(self, tails: set[str]) -> int:
        """Erase every record whose id ends so, now and whenever more of it arrives; returns how many had any words."""
        self._tails = {row[0] for row in execute(self.connection, "SELECT tail FROM withdrawn")}
        fresh = tails - self._tails
        execute_many(
            self.connection, "INSERT INTO withdrawn (tail) VALUES (?)", [(tail,) for tail in sorted(fresh)]
        )
        again = self._withdrawn_records(fresh)
        self._tails |= fresh
        tallies, changed = Tallies(), Changed()
        self._fold_again(sorted(again), tallies, changed, again)
        tallies.write(self.connection)
        return changed.erased

    def _withdrawn_records(self, tails: set[str]) -> set[str]:
        """Records held here whose ids end so. Reads through all ids: withdrawals are rare."""
        if not tails:
            return set()
        return {
            row[0]
            for row in execute(self.connection, "SELECT DISTINCT record FROM op WHERE body IS NOT NULL")
            if row[0][-TAIL:] in tails
        }

    def _erase(self, record_ids: set[str]) -> int:
        """Remove every word of these records but the ops that erase them; returns how many had any.

        The places of their ops in the chains stay, so that gaps and replays are still recognised.
        """
        had = 0
        for record_id in sorted(record_ids):
            rows = execute(
                self.connection,
                f"SELECT id, body FROM {self.journal} WHERE record = ? AND body IS NOT NULL",  # noqa: S608  # a fixed name
                (record_id,),
            ).fetchall()
            bodies = [row_id for row_id, body in rows if not _only_erases(decode_stored(body))]
            had += bool(bodies)
            execute_many(
                self.connection,
                f"UPDATE {self.journal} SET body = NULL WHERE id = ?",  # noqa: S608  # a fixed name
                [(row_id,) for row_id in bodies],
            )
            for name, _ in self._tables():
                execute(self.connection, f"DELETE FROM {name} WHERE record_id = ?", (record_id,))  # noqa: S608  # names from the models
            execute(self.connection, "DELETE FROM conflict WHERE record_id = ?", (record_id,))
            execute(self.connection, "DELETE FROM draft WHERE record_id = ?", (record_id,))
        return had


def _only_erases(op: Op) -> bool:
    return op.fields == {ERASED: True}
