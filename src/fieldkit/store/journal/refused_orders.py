"""Orders to erase that a coordinator refused, and floods of changes that a coordinator dropped. Their places in the chains stay
empty, and nothing obeys or shows them, whenever they arrive and whoever sends them.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet

from sqlalchemy import Connection

from fieldkit.records.schema.kind import kinds
from fieldkit.store.db.sql import chunks, execute, execute_many, marks
from fieldkit.store.oplog.fold import erases
from fieldkit.store.oplog.ops import COORDINATORS_ONLY, Op, decode_stored
from fieldkit.store.oplog.receipt_codes import KIND as WITHDRAWAL
from fieldkit.store.oplog.receipt_codes import tails_of
from fieldkit.store.projection.projection import Projection

Span = tuple[str, int, int]
"""Origin, first seq, last seq."""
_SPAN = re.compile(r"([a-z2-7]{26}\.[0-9a-f]{8}):([0-9]{1,15})-([0-9]{1,15})")


def refused_orders(connection: Connection) -> set[bytes]:
    """The hashes of the refused orders."""
    return {bytes(row[0]) for row in execute(connection, "SELECT hash FROM refused_order")}


def is_order(op: Op) -> bool:
    """Whether an op erases a record, redacts it, or restates what is left of an op."""
    return not COORDINATORS_ONLY.isdisjoint(op.fields)


def refuse(connection: Connection, digests: AbstractSet[bytes]) -> None:
    """Refuse these orders. Those that are held are removed, and their records folded anew.

    What they erased here is sent again by laptops that still hold it: its places count as empty from now on.
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
    _empty(connection, rows)


def dropped_spans(connection: Connection) -> dict[str, list[tuple[int, int]]]:
    """Origin -> the runs of its changes (first seq, last seq) in which those of network kinds are dropped."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for origin, first, last in execute(connection, "SELECT origin, first, last FROM dropped_span"):
        spans.setdefault(origin, []).append((int(first), int(last)))
    return spans


def is_droppable(op: Op) -> bool:
    """Whether an op is of a kind that every laptop of a network carries, except the roster and the rules."""
    kind = kinds().get(op.kind)
    return kind is not None and kind.network and not kind.coordinator_only


def drop(connection: Connection, spans: AbstractSet[Span]) -> None:
    """Drop the changes of network kinds in these runs (origin, first seq, last seq), now and whenever they arrive.

    Text that dropped withdrawals erased here is sent again by laptops that still hold it.
    """
    execute_many(
        connection,
        "INSERT INTO dropped_span (origin, first, last) VALUES (?,?,?) ON CONFLICT DO NOTHING",
        sorted(spans),
    )
    rows: list[tuple[int, Op]] = []
    digests: list[tuple[bytes]] = []
    for origin, first, last in sorted(spans):
        for row_id, digest, body in execute(
            connection,
            "SELECT op.id, op.hash, op.body FROM op JOIN origin ON origin.id = op.origin "
            "WHERE (origin.name = ? OR origin.name LIKE ?) AND op.seq BETWEEN ? AND ? AND op.body IS NOT NULL",
            (origin, origin + "~%", first, last),
        ).fetchall():
            if is_droppable(op := decode_stored(body)):
                rows.append((row_id, op))
                digests.append((digest,))
    execute_many(connection, "INSERT INTO refused_order (hash) VALUES (?) ON CONFLICT DO NOTHING", digests)
    _empty(connection, rows)
    codes = {str(op.fields.get("code") or "") for _, op in rows if op.kind == WITHDRAWAL}
    _forget_codes(connection, codes - {""})


def _forget_codes(connection: Connection, codes: AbstractSet[str]) -> None:
    """Stop withdrawing by these codes, unless another withdrawal that stays names them."""
    held = {row[0] for row in execute(connection, "SELECT code FROM withdrawal WHERE code IS NOT NULL")}
    tails = tails_of(codes - held)
    execute_many(connection, "DELETE FROM withdrawn WHERE tail = ?", [(tail,) for tail in sorted(tails)])


def _empty(connection: Connection, rows: Sequence[tuple[int, Op]]) -> None:
    """Empty the places of these ops and fold their records anew."""
    if not rows:
        return
    execute_many(connection, "UPDATE op SET body = NULL WHERE id = ?", [(row_id,) for row_id, _ in rows])
    execute_many(
        connection,
        "DELETE FROM withdrawn WHERE tail = ?",
        [(f"{op.kind}:{op.record_id}",) for _, op in rows if erases(op)],
    )
    projection = Projection(connection)
    projection.remove(
        {
            (op.kind, op.record_id)
            for _, op in rows
            if not any(
                decode_stored(body).kind == op.kind
                for (body,) in execute(
                    connection, "SELECT body FROM op WHERE record = ? AND body IS NOT NULL", (op.record_id,)
                )
            )
        }
    )
    projection.wait({op.record_id for _, op in rows})
    projection.fold_waiting()


def stated_refusals(connection: Connection, counts: Callable[[Op], bool], field: str) -> set[bytes]:
    """The hashes that the network's rules name in this field, from the ops for which `counts` is true."""
    hashes: set[bytes] = set()
    for line in _stated(connection, counts, field):
        with contextlib.suppress(ValueError):
            hashes.add(bytes.fromhex(line))
    return {digest for digest in hashes if len(digest) == 32}


def stated_drops(connection: Connection, counts: Callable[[Op], bool], field: str) -> set[Span]:
    """The runs, `origin:first-last`, that the rules name in this field, from the ops for which `counts` is true."""
    spans: set[Span] = set()
    for line in _stated(connection, counts, field):
        if match := _SPAN.fullmatch(line):
            spans.add((match[1], int(match[2]), int(match[3])))
    return spans


def _stated(connection: Connection, counts: Callable[[Op], bool], field: str) -> list[str]:
    texts: list[str] = []
    records = [row[0] for row in execute(connection, "SELECT record_id FROM policy")]
    for chunk in chunks(records):
        for (body,) in execute(
            connection,
            f"SELECT body FROM op WHERE record IN ({marks(chunk)}) AND body IS NOT NULL",  # noqa: S608  # marks
            chunk,
        ):
            op = decode_stored(body)
            if op.kind == "policy" and op.fields.get(field) and counts(op):
                texts += str(op.fields[field]).split()
    return texts
