"""Orders to erase that a coordinator refused: their places in the chains stay, empty, and nothing obeys them, whenever they
come and whoever brings them.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Set as AbstractSet

from sqlalchemy import Connection

from fieldkit.store.db.sql import chunks, execute, execute_many, marks
from fieldkit.store.oplog.fold import erases
from fieldkit.store.oplog.ops import COORDINATORS_ONLY, Op, decode_stored
from fieldkit.store.projection.projection import Projection


def refused_orders(connection: Connection) -> set[bytes]:
    """The hashes of the orders that are refused."""
    return {bytes(row[0]) for row in execute(connection, "SELECT hash FROM refused_order")}


def is_order(op: Op) -> bool:
    """Whether an op erases a record, takes words out of it, or says again what is left of one."""
    return not COORDINATORS_ONLY.isdisjoint(op.fields)


def refuse(connection: Connection, digests: AbstractSet[bytes]) -> None:
    """Refuse these orders. Those that are held are taken out, and their records folded anew.

    What they erased here comes again from laptops that still hold it: its places count as empty from now on.
    """
    execute_many(
        connection,
        "INSERT INTO refused_order (hash) VALUES (?) ON CONFLICT DO NOTHING",
        [(digest,) for digest in sorted(digests)],
    )
    rows: list[tuple[int, Op]] = []
    for row_id, digest, body in execute(
        connection,
        "SELECT id, hash, body FROM op WHERE instr(body, ?) OR instr(body, ?) OR instr(body, ?)",
        [f'"{name}"'.encode() for name in sorted(COORDINATORS_ONLY)],
    ).fetchall():
        if bytes(digest) in digests and is_order(op := decode_stored(body)):
            rows.append((row_id, op))
    if not rows:
        return
    execute_many(connection, "UPDATE op SET body = NULL WHERE id = ?", [(row_id,) for row_id, _ in rows])
    execute_many(
        connection,
        "DELETE FROM withdrawn WHERE tail = ?",
        [(f"{op.kind}:{op.record_id}",) for _, op in rows if erases(op)],
    )
    projection = Projection(connection)
    projection.wait({op.record_id for _, op in rows})
    projection.settle()


def stated_refusals(connection: Connection, founder: str, fields: Collection[str]) -> set[bytes]:
    """The hashes that records of the network's rules name in these fields, by the word of the creator's laptop alone."""
    found: set[bytes] = set()
    records = [row[0] for row in execute(connection, "SELECT record_id FROM policy")]
    for some in chunks(records):
        for (body,) in execute(
            connection,
            f"SELECT body FROM op WHERE record IN ({marks(some)}) AND body IS NOT NULL",  # noqa: S608  # marks
            some,
        ):
            op = decode_stored(body)
            if op.kind != "policy" or op.origin.partition(".")[0] != founder:
                continue
            for name in fields:
                for line in str(op.fields.get(name) or "").split():
                    try:
                        digest = bytes.fromhex(line)
                    except ValueError:
                        continue
                    if len(digest) == 32:
                        found.add(digest)
    return found
