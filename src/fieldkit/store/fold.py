"""Records from operations: a pure function of the set of ops, whatever the order in which they came.

For each field, an op's value is a *head* unless another op says that it saw and replaced it. The value shown is
the greatest head by (stamp, origin, seq); more than one distinct head value is a conflict, which stays listed
until an op names every head.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import msgspec

from fieldkit.records.kinds import Kind
from fieldkit.store.ops import DELETED, ERASED, EVERYTHING, SCHEMA, Op

_sorted_json = msgspec.json.Encoder(order="sorted").encode


@dataclass
class Folded:
    """One record as its ops leave it. `heads` maps each field to its current ops, the one shown first."""

    kind: str
    record_id: str
    fields: dict[str, Any]
    heads: dict[str, list[Op]]
    conflicts: list[str] = field(default_factory=list)
    created: int = 0
    updated: int = 0
    origin: str = ""
    erased: bool = False

    @property
    def deleted(self) -> bool:
        """Whether the record is shown as deleted."""
        return self.fields.get(DELETED) is True

    @property
    def digest(self) -> bytes:
        """16 bytes over everything that is shown of this record, and every value of a conflict."""
        clashing = {name: [op.fields.get(name) for op in self.heads[name]] for name in self.conflicts}
        return digest_of(
            self.kind, self.record_id, self.fields, clashing, self.created, self.updated, self.origin
        )


def digest_of(
    kind: str,
    record_id: str,
    fields: dict[str, Any],
    clashing: dict[str, Any],
    created: int,
    updated: int,
    origin: str,
) -> bytes:
    """The digest of a record; `fields` without the empty ones."""
    return blake2b(
        _sorted_json([kind, record_id, fields, clashing, created, updated, origin]), digest_size=16
    ).digest()


def fold(ops: Iterable[Op]) -> Folded:
    """Fold all ops of one record, given in any order; each op once.

    Raises:
        ValueError: there are none.
    """
    ordered = sorted(ops, key=lambda op: op.rank)
    if not ordered:
        raise ValueError("a record has at least one operation")
    first = ordered[0]
    record = Folded(
        first.kind,
        first.record_id,
        {},
        {},
        created=first.stamp,
        updated=ordered[-1].stamp,
        origin=first.origin,
    )
    if any(op.fields.get(ERASED) is True for op in ordered):
        record.erased = True
        return record
    replaced: dict[str, set[str]] = {}
    for op in ordered:
        for name, refs in op.preds.items():
            if name != EVERYTHING:
                replaced.setdefault(name, set()).update(refs)
    setters: dict[str, list[Op]] = {}
    for op in reversed(ordered):
        for name in op.fields:
            setters.setdefault(name, []).append(op)
    for name in sorted(setters):
        gone = replaced.get(name, frozenset())
        # Ops that replace each other in a ring leave no head; all of them then stand.
        heads = [op for op in setters[name] if op.ref not in gone] or setters[name]
        record.heads[name] = heads
        if (value := heads[0].fields[name]) is not None:
            record.fields[name] = value
        if len(heads) > 1 and any(op.fields[name] != heads[0].fields[name] for op in heads):
            record.conflicts.append(name)
    if record.deleted and DELETED not in record.conflicts and _edited_unseen(record):
        record.conflicts.append(DELETED)
        record.conflicts.sort()
    return record


def _edited_unseen(record: Folded) -> bool:
    """Whether a field has a value that the deletion did not see."""
    deletions = record.heads[DELETED]
    seen = {ref for op in deletions for ref in op.preds.get(EVERYTHING, ())}
    own = {op.ref for op in deletions}
    return any(
        op.ref not in seen and op.ref not in own
        for name, heads in record.heads.items()
        if name != DELETED
        for op in heads
    )


def interpret(
    kind: Kind, fields: dict[str, Any], *, schema: int = 0
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split `fields` into (canonical values of known fields, everything else).

    With `schema` given, a value that this version's own rules refuse is an error unless a newer kit wrote it.

    Raises:
        ValueError: a sentence about the value, only with `schema` up to this version's.
    """
    specs = kind.fields
    values: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for name, value in fields.items():
        spec = specs.get(name)
        if spec is None:
            if name != DELETED and value is not None:
                extra[name] = value
        elif value is not None:
            try:
                checked = spec.check(value)
            except ValueError:
                if 0 < schema <= SCHEMA:
                    raise
                extra[name] = value
            else:
                if checked is not None:
                    values[name] = checked
    return values, extra
