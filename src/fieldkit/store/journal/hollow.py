"""Hollow places: ops of which only the skeleton is held. An order held here accounts for some; the text of the others never came.

A coordinator may relay a skeleton in place of any op. Nothing in the skeleton shows whether there is an order for it, or which
record the op belongs to: a relayed skeleton may name a record that was erased. So no order accounts for it until the op's own
laptop, or a sender whose word is taken, has sent it as well.
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
    """Whether an order held here accounts for a hollow place, by record and hash: an erasure, a withdrawal, or an order that
    redacts that very op.
    """
    withdrawn = WithdrawnIds({row[0] for row in execute(connection, "SELECT tail FROM withdrawn")})
    refused = {bytes(row[0]) for row in execute(connection, "SELECT hash FROM refused_order")}

    @lru_cache(maxsize=4_096)
    def orders(record: str) -> frozenset[str] | None:
        """The hashes of ops that orders name in this record; None if the whole record was erased."""
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


def hollow_without_order(connection: Connection, origin: str) -> list[int]:
    """The seqs of a stream's hollow places that no order accounts for, in ascending order."""
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
