"""Taking back what ops did, by new ops: nothing is removed from the journal."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from fieldkit.records.kinds import kinds
from fieldkit.store.fold import Folded, everything_seen, fold
from fieldkit.store.journal import Change
from fieldkit.store.ops import DELETED, ERASED, EVERYTHING, Op, decode_stored
from fieldkit.store.queries import ops_of
from fieldkit.store.sql import execute


def undoing(connection: Connection, spans: Iterable[tuple[str, int, int]]) -> list[Change]:
    """The changes that take back the ops of some spans, (origin, first seq, last seq) each; one for each record."""
    undone: dict[tuple[str, str], set[str]] = {}
    for origin, first, last in spans:
        for (body,) in execute(
            connection,
            "SELECT body FROM op WHERE origin = (SELECT id FROM origin WHERE name = ?) AND seq BETWEEN ? AND ? "
            "AND body IS NOT NULL ORDER BY seq",
            (origin, first, last),
        ).fetchall():
            op = decode_stored(body)
            known = kinds().get(op.kind)
            if op.kind == "withdrawal" or (known is not None and known.coordinator_only):
                # What was given back is gone, and the roster has commands of its own.
                continue
            undone.setdefault((op.kind, op.record_id), set()).add(op.ref)
    changes = []
    for (kind, record_id), refs in undone.items():
        ops = ops_of(connection, record_id, kind)
        if not ops or any(ERASED in op.fields for op in ops):
            continue
        record = fold(ops)
        if min(ops, key=lambda op: op.rank).ref in refs:
            change = None if record.deleted else _without_record(record)
        else:
            change = _without_values(record, ops, refs)
        if change is not None:
            changes.append(change)
    return changes


def _without_record(record: Folded) -> Change:
    """The deletion of a record that one of the ops made."""
    preds = {EVERYTHING: everything_seen(record)}
    if deletions := record.heads.get(DELETED):
        preds[DELETED] = [op.ref for op in deletions]
    return Change(record.kind, record.record_id, {DELETED: True}, preds)


def _without_values(record: Folded, ops: list[Op], refs: set[str]) -> Change | None:
    """The change that gives each field back the value that it had without the ops."""
    by_ref = {op.ref: op for op in ops}
    fields, preds = {}, {}
    for name, heads in record.heads.items():
        if not any(op.ref in refs for op in heads):
            continue
        standing = [op for op in heads if op.ref not in refs] or _before(name, heads, refs, by_ref)
        best = max(standing, key=lambda op: op.rank, default=None)
        value = best.fields[name] if best else (False if name == DELETED else None)
        if value != heads[0].fields[name] or len(heads) > 1:
            fields[name] = value
            preds[name] = [op.ref for op in heads]
    return Change(record.kind, record.record_id, fields, preds) if fields else None


def _before(name: str, heads: list[Op], refs: set[str], by_ref: dict[str, Op]) -> list[Op]:
    """The ops, not among `refs`, whose values of a field the heads replaced, directly or through others of `refs`."""
    found: list[Op] = []
    todo, seen = list(heads), set[str]()
    while todo:
        for ref in todo.pop().preds.get(name, ()):
            op = by_ref.get(ref)
            if op is None or ref in seen:
                continue
            seen.add(ref)
            (todo if ref in refs else found).append(op)
    return found
