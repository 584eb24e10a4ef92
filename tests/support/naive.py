"""The meaning of a set of operations, in the plainest code: the reference for the store's fast one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from fieldkit.store.oplog.ops import Op
from fieldkit.store.oplog.receipt_codes import tail_of


@dataclass
class Meaning:
    """One record: what is shown, whether it is deleted, and which fields are in conflict."""

    shown: dict[str, Any] = field(default_factory=dict)
    deleted: bool = False
    conflicting: set[str] = field(default_factory=set)
    heads: dict[str, list[Op]] = field(default_factory=dict)


def meaning(ops: Iterable[Op]) -> dict[tuple[str, str], Meaning]:
    """Every record that is not erased, by kind and id, found by comparing each op with every other."""
    ops = as_meant(ops)
    return {
        key: _record([op for op in ops if (op.kind, op.record_id) == key])
        for key in map(_key, ops)
        if not _erased(*key, ops)
    }


def as_meant(ops: Iterable[Op]) -> list[Op]:
    """The ops with restatements in place of the originals. A redacted op has its own hash as its salt."""
    kept: list[Op] = []
    whole = [op for op in ops if "redacts" not in op.fields]
    for op in sorted(whole, key=lambda op: ("restates" not in op.fields, op.stamp, op.origin, op.seq)):
        if original := op.fields.get("restates"):
            origin, _, seq = original["op"].rpartition(":")
            fields = {name: value for name, value in op.fields.items() if name != "restates"}
            op = msgspec.structs.replace(
                op, origin=origin, seq=int(seq), stamp=original["stamp"], fields=fields, salt=original["hash"]
            )
        same = next(
            (
                op_kept
                for op_kept in kept
                if len(op.salt) == 64 and (op_kept.ref, op_kept.salt) == (op.ref, op.salt)
            ),
            None,
        )
        if same is None:
            kept.append(op)
        else:
            for name in same.fields.keys() - op.fields.keys():
                del same.fields[name]
    return [op for at, op in enumerate(kept) if not any(_alike(op, other) for other in kept[:at])]


def _alike(op: Op, other: Op) -> bool:
    """Whether two ops are the same: a forked stream may be held under two names, and a redacted op under two hashes."""
    return len(op.salt) == len(other.salt) == 64 and msgspec.structs.replace(op, salt=other.salt) == other


#: Kinds in these tests whose records have no receipt codes.
_WITHOUT_CODES = frozenset({"event", "partner", "term", "attendance", "device"})


def _erased(kind: str, record_id: str, ops: list[Op]) -> bool:
    """Whether an erasure or a withdrawn code names this record; nothing erases a withdrawal."""
    if kind == "withdrawal":
        return False
    for op in ops:
        if op.kind != "withdrawal":
            if _key(op) == (kind, record_id) and op.fields.get("erased") is True:
                return True
        elif (
            kind not in _WITHOUT_CODES
            and isinstance(code := op.fields.get("code"), str)
            and record_id.endswith(tail_of(code))
        ):
            return True
    return False


def _key(op: Op) -> tuple[str, str]:
    return op.kind, op.record_id


def _bearers(op: Op, ops: list[Op]) -> int:
    return sum(other.ref == op.ref for other in ops)


def _named(ref: str, name: str, by: list[Op], ops: list[Op]) -> int:
    return max(other.preds.get(name, []).count(ref) * _may_replace(other, ref, ops) for other in by)


#: To replace an op in a record of these kinds, one must prove having seen it.
_NETWORK = {"device", "event", "partner", "policy", "provider", "same_person", "term", "withdrawal"}


def _proven(op: Op) -> bool:
    return op.kind in _NETWORK


def _may_replace(op: Op, ref: str, ops: list[Op]) -> bool:
    bearers = [other for other in ops if other.ref == ref and "sees" in other.fields]
    proofs = {hashlib.sha256(other.salt.encode()).hexdigest()[:32] for other in bearers}
    return not _proven(op) or proofs <= set(op.fields.get("sees", "").split())


def _record(ops: list[Op]) -> Meaning:
    record = Meaning()
    for name in {name for op in ops for name in op.fields if name != "sees" or not _proven(op)}:
        setting = [op for op in ops if name in op.fields]
        # Two ops of a copied laptop may share a ref: it replaces both only if one op names it twice.
        counting = [op for op in setting if _bearers(op, setting) > _named(op.ref, name, ops, ops)]
        counting = counting or setting
        counting.sort(key=lambda op: (op.stamp, op.origin, op.seq), reverse=True)
        record.heads[name] = counting
        value = counting[0].fields[name]
        if value is not None:
            record.shown[name] = value
        if any(json.dumps(op.fields[name]) != json.dumps(value) for op in counting):
            record.conflicting.add(name)
    record.deleted = record.shown.pop("deleted", False)
    if record.deleted:
        marks = record.heads["deleted"]
        others = [op for name, counting in record.heads.items() if name != "deleted" for op in counting]
        # A deletion has seen itself, but not what a copy of the laptop wrote under the same ref.
        unseen = [op for op in others if _named(op.ref, "*", marks, ops) < _bearers(op, ops)]
        if any(not any(op is mark for mark in marks) for op in unseen):
            record.conflicting.add("deleted")
    return record
