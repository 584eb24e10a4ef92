"""Hollow places: ops of which only the skeleton is held. An order that is held here accounts for some; of the others, the
words never came.

A coordinator may relay a skeleton in the place of any op, and nothing in it shows whether an order stands behind it, or of which
record the op is: a relayed skeleton may name a record that was erased. So no order accounts for it until the op's own laptop, or
one whose word is taken, has sent it, too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from sqlalchemy import Connection

from fieldkit.store.db.sql import execute
from fieldkit.store.oplog.fold import erases
from fieldkit.store.oplog.ops import REDACTS, RESTATES, decode_stored
from fieldkit.store.oplog.receipt_codes import WithdrawnIds


def accounting(connection: Connection) -> Callable[[str, bytes], bool]:
    """Whether an order that is held accounts for the hollow place of a record with that hash: an erasure, a withdrawal, or
    one that takes words out of that very op.
    """
    withdrawn = WithdrawnIds({row[0] for row in execute(connection, "SELECT tail FROM withdrawn")})
    refused = {bytes(row[0]) for row in execute(connection, "SELECT hash FROM refused_order")}

    @lru_cache(maxsize=4_096)
    def orders(record: str) -> frozenset[str] | None:
        """The hashes of ops that orders name in this record; None where all of it was erased."""
        named: set[str] = set()
        for (body,) in execute(
            connection, "SELECT body FROM op WHERE record = ? AND body IS NOT NULL", (record,)
        ):
            op = decode_stored(body)
            if erases(op):
                return None
            named.update(op.fields.get(REDACTS) or ())
            if RESTATES in op.fields:
                named.add(op.fields[RESTATES]["hash"])
        return frozenset(named)

    def accounted(record: str, digest: bytes) -> bool:
        if digest in refused:
            return True  # an order that nobody obeys: its place stays empty
        if record in withdrawn:
            return True
        named = orders(record)
        return named is None or digest.hex() in named

    return accounted


def unaccounted(connection: Connection, origin: str) -> list[int]:
    """The seqs of a stream whose places are hollow without an order, in order."""
    rows = execute(
        connection,
        "SELECT seq, record, hash, relayed FROM op WHERE origin = (SELECT id FROM origin WHERE name = ?) AND body IS NULL "
        "ORDER BY seq",
        (origin,),
    ).fetchall()
    if not rows:
        return []
    accounted = accounting(connection)
    return [seq for seq, record, digest, relayed in rows if relayed or not accounted(record, digest)]
