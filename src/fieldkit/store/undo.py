"""Taking back what ops did, by new ops: nothing is removed from the journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from sqlalchemy import Connection

from fieldkit.records.kinds import kinds
from fieldkit.store.chronicle import ops_of
from fieldkit.store.fold import Folded, everything_seen, fold
from fieldkit.store.journal import Change, made_by
from fieldkit.store.ops import DELETED, ERASED, EVERYTHING, Op, decode_stored
from fieldkit.store.reading import base_of
from fieldkit.store.redaction import acts
from fieldkit.store.sql import execute
from fieldkit.store.withdrawal import KIND as WITHDRAWAL


def undoing(connection: Connection, spans: Iterable[tuple[str, int, int]]) -> list[Change]:
    """The changes that take back the ops of some spans, (origin, first seq, last seq) each; one for each record.

    A record that these ops made is deleted; what somebody else has said of it since then stands against the deletion.
    """
    undone: dict[tuple[str, str], Counter[str]] = {}
    bodies: set[bytes] = set()
    said: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for origin, first, last in spans:
        for seq, record_id, body in execute(
            connection,
            "SELECT seq, record, body FROM op WHERE origin = (SELECT id FROM origin WHERE name = ?) "
            "AND seq BETWEEN ? AND ? ORDER BY seq",
            (origin, first, last),
        ).fetchall():
            if body is None:
                # Where its words were taken out elsewhere, another op may say here what is left of it.
                if record_id not in said:
                    said[record_id] = _said_of(connection, record_id)
                ref = f"{base_of(origin)}:{seq}"
                for key in said[record_id].get(ref, ()):
                    undone.setdefault(key, Counter())[ref] += 1
                continue
            if body in bodies:
                continue
            bodies.add(body)
            op = decode_stored(body)
            known = kinds().get(op.kind)
            if op.kind == WITHDRAWAL or acts(op) or (known is not None and known.coordinator_only):
                # What was given back or taken out is gone, and the roster has commands of its own.
                continue
            undone.setdefault((op.kind, op.record_id), Counter())[op.ref] += 1
    changes = []
    for (kind, record_id), refs in undone.items():
        ops = ops_of(connection, record_id, kind)
        if not ops or any(ERASED in op.fields for op in ops):
            continue
        record = fold(ops)
        if _made_by(record.ops, refs):
            change = None if record.deleted else _without_record(record, refs)
        else:
            change = _without_values(record, record.ops, refs.keys())
        if change is not None:
            changes.append(change)
    return changes


def _said_of(connection: Connection, record_id: str) -> dict[str, list[tuple[str, str]]]:
    """Ref -> (kind, record id) of each op that bears it, of a record where words were taken out of some."""
    found: dict[str, list[tuple[str, str]]] = {}
    ops = ops_of(connection, record_id)
    for op in fold(ops).ops if any(map(acts, ops)) else ():
        found.setdefault(op.ref, []).append((op.kind, op.record_id))
    return found


def _made_by(ops: Iterable[Op], refs: Mapping[str, int]) -> bool:
    """Whether the ops of `refs`, and no others, made the record. No clock is asked."""
    ops = list(ops)
    makers = [op for op in ops if made_by(op)] or [
        op for op in ops if op.fields.keys() - op.preds.keys() - {DELETED}
    ]
    return bool(makers) and all(op.ref in refs for op in makers)


def _without_record(record: Folded, refs: Mapping[str, int]) -> Change:
    """The deletion of a record that the ops of `refs` made, which has seen these ops and no others.

    A ref is named as often as it was taken back: where a copied laptop gave it to another op too, that one stays unseen.
    """
    seen = sorted(set(everything_seen(record)).intersection(refs))
    preds = {EVERYTHING: [ref for ref in seen for _ in range(refs[ref])]}
    if deletions := record.heads.get(DELETED):
        preds[DELETED] = [op.ref for op in deletions]
    return Change(record.kind, record.record_id, {DELETED: True}, preds)


def _without_values(record: Folded, ops: Iterable[Op], refs: AbstractSet[str]) -> Change | None:
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


def _before(name: str, heads: list[Op], refs: AbstractSet[str], by_ref: dict[str, Op]) -> list[Op]:
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
