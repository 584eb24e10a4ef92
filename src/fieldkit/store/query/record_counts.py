"""The number of records, by kind and by device, and the hash of all of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256

from sqlalchemy import Connection

from fieldkit.records.schema.kind import Kind, kinds
from fieldkit.store.db.sql import execute, quoted
from fieldkit.store.oplog.ops import decode_stored
from fieldkit.store.projection.tables import table_of
from fieldkit.store.query.joined import (
    PERSON,
    same_people,
)


def made_since(connection: Connection, kinds: Sequence[str], origin: str, stamp: int) -> int:
    """See `Kit.made_since`."""
    row = execute(connection, "SELECT id, last_seq FROM origin WHERE name = ?", (origin,)).fetchone()
    if row is None:
        return 0
    writer, last = row
    since = _first_since(connection, writer, last, stamp)
    total = 0
    for name in kinds:
        table = table_of(name)
        assert table is not None
        total += execute(
            connection,
            f"SELECT count(*) FROM {table.name} WHERE created >= ? AND origin = ? AND deleted = 0 "  # noqa: S608  # names from the models
            "AND record_id IN (SELECT record FROM op WHERE origin = ? AND seq >= ?)",
            (stamp, origin, writer, since),
        ).fetchone()[0]
    return total


def _first_since(connection: Connection, origin: int, last: int, stamp: int) -> int:
    """The number of an origin's first op at `stamp` or later. Stamps rise with the numbers, so a binary search reads few ops."""
    low, high = 1, last + 1
    while low < high:
        middle = (low + high) // 2
        held = execute(
            connection,
            "SELECT seq, body FROM op WHERE origin = ? AND seq >= ? AND body IS NOT NULL ORDER BY seq LIMIT 1",
            (origin, middle),
        ).fetchone()
        if held is None or decode_stored(held[1]).stamp >= stamp:
            high = middle
        else:
            low = held[0] + 1
    return low


def not_understood(connection: Connection, asked: Iterable[Kind]) -> int:
    """See `Kit.not_understood`."""
    tables = [quoted(kind.name) for kind in asked]
    statements = (
        f"SELECT count(*) FROM {table} WHERE deleted = 0 AND extra IS NOT NULL"  # noqa: S608  # names from the models
        for table in tables
    )
    return sum(execute(connection, statement).fetchone()[0] for statement in statements)


def counts(connection: Connection) -> dict[str, int]:
    """See `Kit.counts`."""
    held = dict(execute(connection, "SELECT kind, live FROM tally").fetchall())
    known = {name: int(held.pop(name, 0)) for name, kind in kinds().items() if kind.shared}
    known[PERSON] -= len(same_people(connection).hidden)
    return known | {name: int(live) for name, live in held.items() if name not in kinds()}


def state_hash(connection: Connection) -> str:
    """See `Kit.state_hash`."""
    # The roster decides who may send, not what was sent: two coordinators who each trust a laptop hold the same records.
    local = {name for name, kind in kinds().items() if not kind.shared or kind.coordinator_only}
    rows = execute(connection, "SELECT kind, live, deleted, total FROM tally ORDER BY kind").fetchall()
    whole = [
        [kind, live, deleted, total.hex()]
        for kind, live, deleted, total in rows
        if kind not in local and live + deleted
    ]
    return sha256(json.dumps(whole).encode()).hexdigest()
