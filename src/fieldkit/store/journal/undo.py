"""Undoing ops by new ops: nothing is removed from the journal, and a conflict that was resolved opens again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from fieldkit.records.consent import ABOUT, NO, YES
from fieldkit.records.schema.kind import kinds
from fieldkit.store.db.sql import execute
from fieldkit.store.journal.append import Change
from fieldkit.store.journal.bundle_reader import base_of
from fieldkit.store.oplog.fold import Folded, everything_seen, fold, sorted_json
from fieldkit.store.oplog.ops import DELETED, ERASED, EVERYTHING, SEES, Op, decode_stored
from fieldkit.store.oplog.receipt_codes import KIND as WITHDRAWAL
from fieldkit.store.oplog.record_ids import DEVICE, made_by
from fieldkit.store.oplog.redaction import erases_others
from fieldkit.store.query.history import kinds_of, ops_of


@dataclass(frozen=True)
class Undone:
    """How many records an undo changed, and how many answers about consent it left at no."""

    records: int
    refusals: int


def undoing(
    connection: Connection, spans: Iterable[tuple[str, int, int]], cancelled: AbstractSet[str] = frozenset()
) -> list[Change]:
    """The changes that undo the ops of these spans, (origin, first seq, last seq) each.

    There is one change for each record, or several where a conflict opens again. A record that these ops made is deleted; a
    change that somebody else has made to it since then conflicts with the deletion. `cancelled` are refs of ops that together
    changed nothing, because some of them undid the others: what they wrote to these records is ignored.
    """
    undone: dict[tuple[str, str], Counter[str]] = {}
    bodies: set[bytes] = set()
    restated: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for origin, first, last in spans:
        for seq, record_id, body in execute(
            connection,
            "SELECT seq, record, body FROM op WHERE origin = (SELECT id FROM origin WHERE name = ?) "
            "AND seq BETWEEN ? AND ? ORDER BY seq",
            (origin, first, last),
        ).fetchall():
            if body is None:
                # If its text was erased elsewhere, another op here may restate what is left of it.
                if record_id not in restated:
                    restated[record_id] = _restated_refs(connection, record_id)
                ref = f"{base_of(origin)}:{seq}"
                for key in restated[record_id].get(ref, ()):
                    undone.setdefault(key, Counter())[ref] += 1
                continue
            if body in bodies:
                continue
            bodies.add(body)
            op = decode_stored(body)
            known = kinds().get(op.kind)
            if op.kind == WITHDRAWAL or erases_others(op) or (known is not None and known.coordinator_only):
                # Withdrawn and redacted content is gone for good, and the roster has its own commands.
                continue
            undone.setdefault((op.kind, op.record_id), Counter())[op.ref] += 1
    changes: list[Change] = []
    for (kind, record_id), refs in undone.items():
        ops = ops_of(connection, record_id, kind)
        if not ops or any(ERASED in op.fields for op in ops):
            continue
        record = fold(ops)
        for op in record.ops:
            if op.ref in cancelled and op.ref not in refs:
                refs[op.ref] = 1
        if not _made_by(record.ops, refs):
            changes += _without_values(record, refs.keys())
        elif not record.deleted:
            changes.append(_without_record(record, refs))
    return changes


def leaving_refusals(connection: Connection, changes: Iterable[Change]) -> tuple[list[Change], int]:
    """These changes without those that would turn a no to a question about consent into a yes; and how many answers stay no.

    Only the person can say yes again: nobody looks at the single answers of a bundle or an import that is undone whole.
    """
    changes = list(changes)
    yeses = {
        (change.kind, change.record_id, name)
        for change in changes
        for name, value in change.fields.items()
        if name.startswith(ABOUT) and value == YES
    }
    heads = {
        (kind, record_id): fold(ops_of(connection, record_id, kind)).heads for kind, record_id, _ in yeses
    }
    refusals = {
        (kind, record_id, name)
        for kind, record_id, name in yeses
        # A value of another program may be of any type.
        if any(op.fields[name] in tuple(NO) for op in heads[kind, record_id].get(name, ()))
    }
    for change in changes:
        for name in [name for name in change.fields if (change.kind, change.record_id, name) in refusals]:
            del change.fields[name], change.preds[name]
    return [change for change in changes if change.fields], len(refusals)


def undoing_roster(connection: Connection, spans: Iterable[tuple[str, int, int]]) -> list[Change]:
    """The changes that undo what the ops of these spans did to records that only coordinators change.

    A laptop's record that they made stays, since others may have changed it since; if its trust still comes from them, it is
    revoked.
    """
    undone: dict[tuple[str, str], Counter[str]] = {}
    for origin, first, last in spans:
        for (body,) in execute(
            connection,
            "SELECT body FROM op WHERE origin = (SELECT id FROM origin WHERE name = ?) "
            "AND seq BETWEEN ? AND ? AND body IS NOT NULL ORDER BY seq",
            (origin, first, last),
        ).fetchall():
            op = decode_stored(body)
            if (
                (known := kinds().get(op.kind)) is not None
                and known.coordinator_only
                and not erases_others(op)
            ):
                undone.setdefault((op.kind, op.record_id), Counter())[op.ref] += 1
    changes: list[Change] = []
    for (kind, record_id), refs in undone.items():
        record = fold(ops_of(connection, record_id, kind))
        if kind == DEVICE and any(op.ref in refs for op in record.heads.get("public_key", [])):
            heads = record.heads.get("status", [])
            if any(op.ref in refs for op in heads):
                seen = {"status": [op.ref for op in heads]}
                changes.append(Change(kind, record_id, {"status": "revoked"}, seen))
        else:
            changes += _without_values(record, refs.keys())
    return changes


def _restated_refs(connection: Connection, record_id: str) -> dict[str, list[tuple[str, str]]]:
    """Ref -> (kind, record id) of each op with that ref, in records of this id with redacted ops."""
    bearers: dict[str, list[tuple[str, str]]] = {}
    for kind in kinds_of(connection, record_id):
        ops = ops_of(connection, record_id, kind)
        for op in fold(ops).ops if any(map(erases_others, ops)) else ():
            bearers.setdefault(op.ref, []).append((op.kind, op.record_id))
    return bearers


def _made_by(ops: Iterable[Op], refs: Mapping[str, int]) -> bool:
    """Whether the ops of `refs`, and no others, made the record. Stamps are not considered."""
    ops = list(ops)
    makers = [op for op in ops if made_by(op)] or [
        op for op in ops if op.fields.keys() - op.preds.keys() - {DELETED, SEES}
    ]
    return bool(makers) and all(op.ref in refs for op in makers)


def _without_record(record: Folded, refs: Mapping[str, int]) -> Change:
    """The deletion of a record that the ops of `refs` made; it has seen these ops and no others.

    A ref is named as often as it was undone: if a copied laptop gave the same ref to another op, that op stays unseen.
    """
    seen = sorted(set(everything_seen(record)).intersection(refs))
    preds = {EVERYTHING: [ref for ref in seen for _ in range(refs[ref])]}
    if deletions := record.heads.get(DELETED):
        preds[DELETED] = [op.ref for op in deletions]
    return Change(record.kind, record.record_id, {DELETED: True}, preds)


def _without_values(record: Folded, refs: AbstractSet[str]) -> list[Change]:
    """The changes that restore each field to its value without the ops of `refs`.

    If that was a conflict, there is a change for each value. They replace the same ops but not each other, so the conflict opens
    again, with the same value shown.
    """
    by_ref = {op.ref: op for op in record.ops}
    changes: list[Change] = []
    for name, heads in record.heads.items():
        if not any(op.ref in refs for op in heads):
            continue
        remaining = [op for op in heads if op.ref not in refs] or _before(name, heads, refs, by_ref)
        values = _values(name, remaining)
        seen = _seen_by(remaining) if name == DELETED and values[-1] else []
        # A deletion includes what it had seen.
        same = name != DELETED or seen == _seen_by(heads)
        if same and len(heads) == 1 and values == _values(name, heads):
            continue
        for number, value in enumerate(values):
            if number == len(changes):
                changes.append(Change(record.kind, record.record_id, {}, {}))
            changes[number].fields[name] = value
            changes[number].preds[name] = [op.ref for op in heads]
        if seen:
            changes[len(values) - 1].preds[EVERYTHING] = seen
    return changes


def _values(name: str, ops: Iterable[Op]) -> list[Any]:
    """The distinct values that ops give a field, the one to show last; without ops, the value of a field never set."""
    by_value = {sorted_json(op.fields[name]): op for op in sorted(ops, key=lambda op: op.rank)}
    latest = sorted(by_value.values(), key=lambda op: op.rank)
    return [op.fields[name] for op in latest] or [False if name == DELETED else None]


def _seen_by(deletions: Iterable[Op]) -> list[str]:
    """The refs that deletions name under `*`, each as often as the deletion that names it most."""
    named: Counter[str] = Counter()
    for op in deletions:
        if op.fields[DELETED]:
            named |= Counter(op.preds.get(EVERYTHING, ()))
    return sorted(named.elements())


def _before(name: str, heads: list[Op], refs: AbstractSet[str], by_ref: Mapping[str, Op]) -> list[Op]:
    """The previous heads of a field, none of them among `refs`; all present heads are of `refs`."""
    reached = _reached(name, heads, by_ref, refs)
    # An op that another of them had replaced was no longer a head.
    replaced = {op.ref for op_reached in reached for op in _reached(name, [op_reached], by_ref)}
    return [op for op in reached if op.ref not in replaced] or reached


def _reached(
    name: str, ops: list[Op], by_ref: Mapping[str, Op], through: AbstractSet[str] | None = None
) -> list[Op]:
    """The ops whose values of a field `ops` replaced, directly or transitively: all, or only the first outside `through`."""
    reached: list[Op] = []
    todo, seen = list(ops), set[str]()
    while todo:
        for ref in todo.pop().preds.get(name, ()):
            op = by_ref.get(ref)
            if op is None or ref in seen:
                continue
            seen.add(ref)
            if through is None or ref in through:
                todo.append(op)
            if through is None or ref not in through:
                reached.append(op)
    return reached
