"""A record as it is shown: read from its row, or folded from its ops."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from sqlalchemy import Connection

from fieldkit.errors import NotFound
from fieldkit.records.schema.kind import Kind, kinds
from fieldkit.store.db.sql import quoted
from fieldkit.store.oplog.fold import everything_seen, fold, interpret
from fieldkit.store.oplog.ops import Op
from fieldkit.store.projection.tables import table_of
from fieldkit.store.query.history import find_record, ops_of
from fieldkit.store.query.joined import (
    joined_values,
    read_values,
)


@dataclass(frozen=True)
class Stored:
    """A record as it is shown. `values` holds canonical values, without empty fields.

    `heads` maps each field to the refs of its current values, which an edit of this record will replace; `everything` holds the
    refs that a deletion will have seen. Both are filled when one record is read, not in pages.
    """

    kind: str
    record_id: str
    values: dict[str, Any]
    created: int = 0
    updated: int = 0
    origin: str = ""
    deleted: bool = False
    conflicts: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    heads: dict[str, list[str]] = field(default_factory=dict)
    everything: tuple[str, ...] = ()

    @classmethod
    def of_op(cls, op: Op) -> Stored:
        """The record that a single creating op makes."""
        heads = {name: [op.ref] for name in op.fields}
        return cls(
            op.kind,
            op.record_id,
            dict(op.fields),
            op.stamp,
            op.stamp,
            op.origin,
            heads=heads,
            everything=(op.ref,),
        )

    @property
    def name(self) -> str:
        """Kind and id together, `event:ID`: records of other kinds may have the same id."""
        return f"{self.kind}:{self.record_id}"

    def as_dict(self) -> dict[str, Any]:
        """One flat object for JSON: id, kind, times, origin, every field that is set, and the fields in conflict."""
        shown: dict[str, Any] = {"id": self.record_id, "kind": self.kind, **self.values}
        shown.update(created=self.created, updated=self.updated, origin=self.origin)
        shown.update(deleted=self.deleted, conflicts=list(self.conflicts))
        if self.extra:
            shown["extra"] = self.extra
        return shown


#: The most bytes of a record's values from other versions in a page; a record read alone has all of them.
_MOST_EXTRA = 1 << 16
_HEAD = (
    "record_id, created, updated, origin, deleted, conflicts, "
    f"CASE WHEN length(extra) <= {_MOST_EXTRA} THEN extra END"
)


@cache
def select_of(kind: str) -> str:
    table = table_of(kind)
    assert table is not None
    names = "".join(f", {quoted(name)}" for name in table.kind.fields)
    return f"SELECT {_HEAD}{names} FROM {table.name}"  # noqa: S608  # names from the models


def stored_of(kind: Kind, row: Sequence[Any]) -> Stored:
    record_id, created, updated, origin, deleted, conflicts, extra = row[:7]
    return Stored(
        kind.name,
        record_id,
        read_values(kind.fields, row[7:]),
        created,
        updated,
        origin,
        bool(deleted),
        tuple(json.loads(conflicts)) if conflicts else (),
        json.loads(extra) if extra else {},
    )


def joined_record(connection: Connection, record: Stored) -> Stored:
    """A record as it is shown, with joined records of people applied: see `joined.joined_values`."""
    kind = kinds().get(record.kind)
    if kind is None:
        return record
    values = joined_values(connection, kind, record.record_id, record.values)
    return record if values is record.values else replace(record, values=values)


def get(connection: Connection, name_or_id: str, kind: str = "") -> Stored:
    """See `Kit.get`."""
    kind, record_id = find_record(connection, name_or_id, kind)
    return _as_stored(ops_of(connection, record_id, kind))


def get_exactly(connection: Connection, record_id: str, kind: str) -> Stored:
    """The record of `kind` with exactly this id, whatever other records have it.

    Raises:
        NotFound: there is none, or it was erased.
    """
    return _as_stored(ops_of(connection, record_id, kind))


def _as_stored(ops: list[Op]) -> Stored:
    record = fold(ops) if ops else None
    if record is None or record.erased:
        raise NotFound("That record was erased.", kept="Nothing of its content is held here.")
    record_id = record.record_id
    known, extra = interpret(kinds().get(record.kind), record.fields)
    return Stored(
        record.kind,
        record_id,
        known,
        record.created,
        record.updated,
        record.origin,
        record.deleted,
        tuple(record.conflicts),
        extra,
        {name: [op.ref for op in heads] for name, heads in record.heads.items()},
        tuple(everything_seen(record)),
    )
