"""How many records there are, by kind and by device, and the hash of all of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256

from sqlalchemy import Connection

from fieldkit.records.schema.kind import Kind, kinds
from fieldkit.store.db.sql import chunks, execute, marks, quoted
from fieldkit.store.projection.tables import table_of
from fieldkit.store.query.joined import (
    PERSON,
    same_people,
)


def made_since(
    connection: Connection, kinds: Sequence[str], origin: str, stamp: int, most: int
) -> tuple[int, bool]:
    """See `Kit.made_since`."""
    latest = [
        row[0]
        for row in execute(
            connection,
            "SELECT record FROM op WHERE origin = (SELECT id FROM origin WHERE name = ?) ORDER BY seq DESC LIMIT ?",
            (origin, most + 1),
        )
    ]
    total = 0
    oldest = False
    for chunk in chunks(latest):
        for name in kinds:
            table = table_of(name)
            assert table is not None
            for record_id, created, maker, deleted in execute(
                connection,
                f"SELECT record_id, created, origin, deleted FROM {table.name} WHERE record_id IN ({marks(chunk)})",  # noqa: S608  # names from the models
                chunk,
            ):
                if created >= stamp and maker == origin and not deleted:
                    total += 1
                    oldest |= record_id == latest[-1]
    more = oldest and len(latest) > most
    return min(total, most), more


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
    # The roster says who may speak, not what was said: two coordinators who each trust a laptop hold the
    # same records.
    local = {name for name, kind in kinds().items() if not kind.shared or kind.coordinator_only}
    rows = execute(connection, "SELECT kind, live, deleted, total FROM tally ORDER BY kind").fetchall()
    whole = [
        [kind, live, deleted, total.hex()]
        for kind, live, deleted, total in rows
        if kind not in local and live + deleted
    ]
    return sha256(json.dumps(whole).encode()).hexdigest()
