"""What people must see, derived only from what each author had seen: it judges clocks, references and folding alike."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldkit.store.oplog.ops import Op, encode

Known = Mapping[bytes, frozenset[bytes]]
"""Each change (by its hash) -> the changes of the same record that its author had seen."""


@dataclass
class Truth:
    """One record: the value that must be shown for each field, and the fields that must be listed as in conflict."""

    shown: dict[str, Any] = field(default_factory=dict)
    conflicting: set[str] = field(default_factory=set)
    deleted: bool = False


def truth(ops: Iterable[tuple[bytes, Op]], saw: Known) -> Truth:
    """The result of all changes of one record, from what authors had seen; stamps only rank changes that nobody compared."""
    ops = list(ops)
    truth_here = Truth()
    current: dict[str, list[tuple[bytes, Op]]] = {}
    for name in {name for _, op in ops for name in op.fields} - {"sees"}:  # proofs are no part of a record
        setting = [(digest, op) for digest, op in ops if name in op.fields]
        current[name] = [
            (digest, op)
            for digest, op in setting
            if not any(_bearers(op, setting) <= saw[later] for later, _ in setting)
        ]
        # A copied laptop gives two changes the same rank: their content then decides.
        greatest = max((op for _, op in current[name]), key=lambda op: (op.rank, encode(op)))
        if (value := greatest.fields[name]) is not None:
            truth_here.shown[name] = value
        if len({json.dumps(op.fields[name]) for _, op in current[name]}) > 1:
            truth_here.conflicting.add(name)
    truth_here.deleted = truth_here.shown.pop("deleted", False)
    if truth_here.deleted:
        marks = current["deleted"]
        seen = {digest for mark, _ in marks for digest in (mark, *saw[mark])}
        others = [digest for name, heads in current.items() if name != "deleted" for digest, _ in heads]
        if not seen.issuperset(others):
            truth_here.conflicting.add("deleted")
    return truth_here


def _bearers(op: Op, setting: list[tuple[bytes, Op]]) -> set[bytes]:
    """The changes with the ref of `op`: usually one, two if a laptop was copied. Whoever saw one of two can't say which."""
    return {digest for digest, other in setting if other.ref == op.ref}
