"""What a set of operations means, in the plainest code: the judge of the store's quick one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from fieldkit.store.ops import Op


@dataclass
class Meaning:
    """One record: what is shown, whether it is deleted, and which fields clash."""

    shown: dict[str, Any] = field(default_factory=dict)
    deleted: bool = False
    clashing: set[str] = field(default_factory=set)
    heads: dict[str, list[Op]] = field(default_factory=dict)


def meaning(ops: Iterable[Op]) -> dict[tuple[str, str], Meaning]:
    """Every record by kind and id, by comparing each op with each other."""
    ops = list(ops)
    return {key: _record([op for op in ops if (op.kind, op.record_id) == key]) for key in map(_key, ops)}


def _key(op: Op) -> tuple[str, str]:
    return op.kind, op.record_id


def _record(ops: list[Op]) -> Meaning:
    record = Meaning()
    for name in {name for op in ops for name in op.fields}:
        setting = [op for op in ops if name in op.fields]
        standing = [op for op in setting if not any(op.ref in other.preds.get(name, []) for other in ops)]
        standing = standing or setting
        standing.sort(key=lambda op: (op.stamp, op.origin, op.seq), reverse=True)
        record.heads[name] = standing
        value = standing[0].fields[name]
        if value is not None:
            record.shown[name] = value
        if any(json.dumps(op.fields[name]) != json.dumps(value) for op in standing):
            record.clashing.add(name)
    record.deleted = record.shown.pop("deleted", False)
    if record.deleted:
        seen = {ref for op in record.heads["deleted"] for ref in [op.ref, *op.preds.get("*", [])]}
        others = [op for name, standing in record.heads.items() if name != "deleted" for op in standing]
        if any(op.ref not in seen for op in others):
            record.clashing.add("deleted")
    return record
