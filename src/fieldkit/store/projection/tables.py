"""The record tables of the kinds, and rows prepared for them: everything that needs no open file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from fieldkit.records.schema.kind import Kind, kinds
from fieldkit.records.search_text import search_text
from fieldkit.store.db.sql import marks, quoted
from fieldkit.store.oplog.fold import Folded, are_canonical, digest_of, interpret
from fieldkit.store.oplog.ops import NO_TEXT, Op, is_proof
from fieldkit.store.oplog.receipt_codes import KIND as WITHDRAWAL

_FIXED = (
    "record_id",
    "created",
    "updated",
    "origin",
    "deleted",
    "conflicts",
    "extra",
    "digest",
    "search_text",
)
#: The columns of a record that one op makes, before and after its fields.
_NEW, _LAST = ("record_id", "created", "updated", "origin", "deleted"), "digest"
Read = tuple[dict[str, Any], dict[str, Any]]
"""The result of `interpret` for an op's fields: (values, extra)."""


@dataclass(frozen=True, eq=False)
class TableOf:
    """The table of one kind and the statements that maintain it."""

    kind: Kind

    @cached_property
    def name(self) -> str:
        """The table's name, quoted."""
        return quoted(str(self.kind.model.__tablename__))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Every column that the fold writes."""
        return (*_FIXED, *self.kind.fields)

    @cached_property
    def _updates(self) -> str:
        return ",".join(f"{name}=excluded.{name}" for name in map(quoted, self.columns[1:]))

    def upsert(self, names: Sequence[str]) -> str:
        """The statement that inserts rows of these columns, replacing an older row of the same record.

        Columns that are left out become empty: binding an empty value costs the driver more than binding a value.
        """
        listed = ",".join(map(quoted, names))
        return (
            f"INSERT INTO {self.name} ({listed}) VALUES ({marks(names)}) "  # noqa: S608  # names from the models
            f"ON CONFLICT(record_id) DO UPDATE SET {self._updates}"
        )

    @cached_property
    def lists(self) -> frozenset[str]:
        """The fields that hold several answers."""
        return frozenset(name for name, spec in self.kind.fields.items() if spec.several)

    def cells(self, values: dict[str, Any], extra: dict[str, Any]) -> dict[str, Any]:
        """Column -> bound value of a record's fields; `extra` is what this version does not know."""
        lists = self.lists
        if lists.isdisjoint(values):
            cells = dict(values)
        else:
            cells = {name: json.dumps(value) if name in lists else value for name, value in values.items()}
        cells["search_text"] = search_text(self.kind, values)
        if extra:
            cells["extra"] = json.dumps(extra, ensure_ascii=False, sort_keys=True)
        return cells


_TABLES: dict[str, TableOf] = {}


def tables() -> dict[str, TableOf]:
    """Kind -> its table."""
    if not _TABLES:
        _TABLES.update({name: TableOf(known) for name, known in kinds().items()})
    return _TABLES


def table_of(kind: str) -> TableOf | None:
    """The table of a known kind, None for a kind that this version does not know."""
    return tables().get(kind)


class Group(msgspec.Struct, array_like=True):
    """Records of one kind that fill the same columns.

    A row is the record id, created, updated, origin, deleted and then the values of `names`, which is empty for an unknown kind.
    The digests are a parallel list.
    """

    kind: str
    names: list[str]
    rows: list[list[Any]]
    digests: list[bytearray]
    total: bytes = b""
    """The sum of the digests modulo 2^128 as 16 bytes, once `add_up` has been called."""

    def add_up(self) -> None:
        """Compute the sum here rather than where it is needed: this may run in another process."""
        total = sum([int.from_bytes(digest, "big") for digest in self.digests])
        self.total = (total % (1 << 128)).to_bytes(16, "big")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a row, with its digest at the end."""
        return (*_NEW, *self.names, _LAST)

    def drop(self, record_ids: AbstractSet[str]) -> list[str]:
        """Remove these records; returns those that were present."""
        dropped = [row[0] for row in self.rows if row[0] in record_ids] if record_ids else []
        if dropped:
            kept = [number for number, row in enumerate(self.rows) if row[0] not in record_ids]
            self.rows = [self.rows[number] for number in kept]
            self.digests = [self.digests[number] for number in kept]
            self.add_up()
        return dropped


class Groups:
    """Rows being gathered by kind and by the columns that they fill."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, ...], Group] = {}

    def add(self, kind: str, cells: dict[str, Any], row: list[Any], digest: bytes) -> Group:
        """Gather one record; `row` is its beginning: record id, created, updated, origin and deleted."""
        key = (kind, *cells)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group(kind, list(cells), [], [])
        row += cells.values()
        group.rows.append(row)
        # The driver looks for an adapter for bytes, but not for a bytearray.
        group.digests.append(bytearray(digest))
        return group

    def add_new(self, op: Op, cells: dict[str, Any]) -> None:
        """Gather a record that a single op makes."""
        record_id, stamp, origin, fields = op.record_id, op.stamp, op.origin, op.fields
        if None in fields.values():
            fields = {name: value for name, value in fields.items() if value is not None}
        digest = digest_of(op.kind, record_id, fields, {}, stamp, stamp, origin)
        self.add(op.kind, cells, [record_id, stamp, stamp, origin, 0], digest)

    def add_folded(self, record: Folded) -> Group:
        """Gather one folded record."""
        table = table_of(record.kind)
        cells: dict[str, Any] = {}
        if table is not None:
            cells = table.cells(*interpret(table.kind, record.fields))
            if record.conflicts:
                cells = {**cells, "conflicts": json.dumps(record.conflicts)}
        row = [record.record_id, record.created, record.updated, record.origin, int(record.deleted)]
        return self.add(record.kind, cells, row, record.digest)

    def all(self) -> list[Group]:
        """The groups, with their sums computed."""
        for group in self._groups.values():
            group.add_up()
        return list(self._groups.values())


class Edit(msgspec.Struct, array_like=True):
    """An op of a known kind with canonical values only, which replaces values of exactly one other op."""

    kind: str
    record_id: str
    stamp: int
    origin: str
    ref: str
    """The op that every field of this one replaces."""
    fields: dict[str, Any]


class Gathered(msgspec.Struct, array_like=True):
    """The effect of some ops, as far as these ops alone determine it."""

    groups: list[Group]
    """Records with one op among these that neither deletes nor erases; invalid once the record has other ops."""
    edits: list[Edit]
    """Edits of records with one op among these."""
    again: list[str]
    """Records that must be folded from all their ops in any case."""
    codes: list[str]
    """Receipt codes that are withdrawn."""
    kinds: dict[str, int]
    """Kind -> number of ops."""
    not_understood: int
    """The number of ops of a kind, or with an answer or a field, that this version does not know."""
    stamp: int
    """The latest stamp."""


def gather(ops: Sequence[Op], *, strict: bool = False) -> Gathered:
    """Sort ops by the work that they need.

    Raises:
        ValueError: a sentence about a value that no kit of this version would have stored, only with `strict`.
    """
    known = tables()
    groups = Groups()
    times = Counter([op.record_id for op in ops])
    again = (
        {record_id for record_id, number in times.items() if number > 1} if len(times) < len(ops) else set()
    )
    edits: list[Edit] = []
    codes: list[str] = []
    not_understood = 0
    shapes: dict[tuple[str, ...], list[Op]] = {}
    for op in ops:
        shapes.setdefault((op.kind, *op.fields), []).append(op)
    for (kind, *names), ops_of_shape in shapes.items():
        if not NO_TEXT.isdisjoint(names) or any(is_proof(kind, name) for name in names):
            again.update([op.record_id for op in ops_of_shape])
    for (kind, *names), ops_of_shape in shapes.items():
        if kind == WITHDRAWAL:
            codes += [code for op in ops_of_shape if isinstance(code := op.fields.get("code"), str)]
        table = known.get(kind)
        if table is not None and are_canonical(table.kind, names, [op.fields for op in ops_of_shape]):
            read: list[Read] = [(op.fields, {}) for op in ops_of_shape]
        elif table is not None:
            read = [
                interpret(table.kind, op.fields, schema=op.schema if strict else 0) for op in ops_of_shape
            ]
        else:
            read = [({}, {})] * len(ops_of_shape)
        not_understood += len(ops_of_shape) if table is None else sum(bool(extra) for _, extra in read)
        for op, (values, extra) in zip(ops_of_shape, read, strict=True):
            if op.record_id in again:
                continue
            if not op.preds:
                groups.add_new(op, table.cells(values, extra) if table else {})
            elif table is not None and not extra and values == op.fields and (ref := _only_ref(op)):
                edits.append(Edit(kind, op.record_id, op.stamp, op.origin, ref, op.fields))
            else:
                again.add(op.record_id)
    return Gathered(
        groups.all(),
        edits,
        list(again),
        codes,
        dict(Counter([op.kind for op in ops])),
        not_understood,
        max([op.stamp for op in ops], default=0),
    )


def _only_ref(op: Op) -> str:
    """The single ref that an op names for every field that it sets; "" if it names others, or none for a field."""
    named = iter(op.preds.values())
    refs = next(named)
    if len(refs) == 1 and op.preds.keys() == op.fields.keys() and all(other == refs for other in named):
        return refs[0]
    return ""
