"""Appending this device's own ops to the journal; `ingest` adds those of other devices.

Both do the same in one transaction: add rows to the journal, then call `Projection.apply`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from fieldkit.store.db.sql import chunks, execute, execute_many, marks
from fieldkit.store.oplog.ops import (
    ERASED,
    EVERYTHING,
    GENESIS,
    MOST_PREDS,
    PROVEN_KINDS,
    RESTATES,
    SCHEMA,
    SEES,
    Op,
    chain,
    encode,
    new_salt,
    proof_of,
)
from fieldkit.store.oplog.record_ids import new_record_id, now_ms
from fieldkit.store.projection.projection import Projection
from fieldkit.store.projection.tallies import Changed
from fieldkit.store.query.history import ops_of

_INSERT = "INSERT INTO op (origin, seq, record, hash, body) VALUES (?,?,?,?,?)"


@dataclass(frozen=True)
class Change:
    """A change to be written: the new values, and for each field the refs of the values that it replaces."""

    kind: str
    record_id: str
    fields: dict[str, Any]
    preds: dict[str, list[str]] = field(default_factory=dict)
    code: str = ""
    """The receipt code that the person was given, for a new record."""
    schema: int = 0
    """The schema of a newer kit whose values this change restates."""


def append(
    connection: Connection, origin: str, changes: Sequence[Change], clock: Callable[[], int] = now_ms
) -> tuple[list[Op], Changed]:
    """Write this device's own changes to shared kinds. The connection is in a write transaction.

    A change without a record id makes a new record.
    """
    row = execute(
        connection, "SELECT id, last_seq, last_hash, last_stamp FROM origin WHERE name = ?", (origin,)
    ).fetchone()
    if row is None:
        execute(
            connection,
            "INSERT INTO origin (name, last_seq, last_hash, last_stamp) VALUES (?,0,?,0)",
            (origin, GENESIS),
        )
        row = execute(
            connection, "SELECT id, last_seq, last_hash, last_stamp FROM origin WHERE name = ?", (origin,)
        ).fetchone()
    origin_id, seq, last, stamp = row
    ops, rows = [], []
    for change in (_proven(connection, part) for given in changes for part in _within_bounds(given)):
        seq += 1
        stamp = max(clock(), stamp + 1)
        record_id = change.record_id or new_record_id(origin, seq, change.kind, change.code)
        schema = max(change.schema, SCHEMA)
        op = Op(origin, seq, stamp, change.kind, record_id, change.fields, change.preds, new_salt(), schema)
        line = encode(op)
        last = chain(last, line)
        ops.append(op)
        rows.append((origin_id, seq, record_id, bytearray(last), bytearray(line)))
    held = held_records(connection, "op", [change.record_id for change in changes if change.record_id])
    execute_many(connection, _INSERT, rows)
    execute(
        connection,
        "UPDATE origin SET last_seq = ?, last_hash = ?, last_stamp = ? WHERE id = ?",
        (seq, last, stamp, origin_id),
    )
    return ops, Projection(connection).apply(ops, held)


def _proven(connection: Connection, change: Change) -> Change:
    """The change with proofs of what it has seen, for network kinds; a new record's id can't be predicted and needs none."""
    if change.kind not in PROVEN_KINDS or not (change.record_id or change.preds) or ERASED in change.fields:
        return change
    refs = {ref for refs in change.preds.values() for ref in refs}
    held = ops_of(connection, change.record_id, change.kind)
    proofs = sorted({proof_of(op) for op in held if op.ref in refs and SEES in op.fields})
    return replace(change, fields={**change.fields, SEES: " ".join(proofs)})


def _within_bounds(change: Change) -> list[Change]:
    """Split the change so that no part replaces more values than readers accept.

    Each part gives the same values, so together they conflict with nothing that one of them replaces.
    """
    if sum(map(len, change.preds.values())) <= MOST_PREDS or RESTATES in change.fields:
        return [change]
    parts: list[dict[str, list[str]]] = [{}]
    room = MOST_PREDS
    for name, refs in change.preds.items():
        # A ref that names two ops of a copied laptop has to be named twice in the same place.
        for ref, times in Counter(refs).items():
            if times > room:
                parts.append({})
                room = MOST_PREDS
            parts[-1].setdefault(name, []).extend([ref] * times)
            room -= times
    first, *others = parts
    return [
        replace(change, preds=first),
        *(
            replace(
                change,
                fields={
                    name: value
                    for name, value in change.fields.items()
                    if name in preds or EVERYTHING in preds
                },
                preds=preds,
            )
            for preds in others
        ),
    ]


def append_local(
    connection: Connection, changes: Sequence[Change], clock: Callable[[], int] = now_ms
) -> list[Op]:
    """Write changes to local kinds: the same ops, in a table that nothing exports."""
    origin = "local"
    seq = execute(connection, "SELECT coalesce(max(seq), 0) FROM local_op").fetchone()[0]
    ops = []
    for change in changes:
        seq += 1
        record_id = change.record_id or new_record_id(origin, seq, change.kind)
        stamp = max(clock(), 0)
        ops.append(
            Op(origin, seq, stamp, change.kind, record_id, change.fields, change.preds, new_salt(), SCHEMA)
        )
    held = held_records(connection, "local_op", [change.record_id for change in changes if change.record_id])
    execute_many(
        connection,
        "INSERT INTO local_op (seq, record, body) VALUES (?,?,?)",
        [(op.seq, op.record_id, encode(op)) for op in ops],
    )
    Projection(connection, "local_op").apply(ops, held)
    return ops


def held_records(connection: Connection, journal: str, record_ids: Sequence[str]) -> set[str]:
    """The record ids that the journal holds."""
    if not record_ids:
        return set()
    # Ids that one device made in succession are neighbours, so one index scan from the first to the last finds all of them.
    between = execute(
        connection,
        f"SELECT DISTINCT record FROM {journal} WHERE record BETWEEN ? AND ? LIMIT 100",  # noqa: S608  # a fixed name
        (min(record_ids), max(record_ids)),
    ).fetchall()
    if len(between) < 100:
        return {row[0] for row in between}.intersection(record_ids)
    held: set[str] = set()
    for chunk in chunks(record_ids):
        held.update(
            row[0]
            for row in execute(
                connection,
                f"SELECT DISTINCT record FROM {journal} WHERE record IN ({marks(chunk)})",  # noqa: S608  # a fixed name and marks
                chunk,
            )
        )
    return held
