"""Which changes only a coordinator may write, so that no field laptop may send them. The kinds and fields state it."""

from __future__ import annotations

from fieldkit.records.schema.kind import Kind
from fieldkit.store.oplog.ops import COORDINATORS_ONLY, Op


def coordinators_alone(kind: Kind | None, op: Op) -> bool:
    """Whether only a coordinator may write this op: because of its kind, one of its fields, or what it erases."""
    own = kind is not None and (kind.coordinator_only or not kind.set_by_coordinators.isdisjoint(op.fields))
    return own or not COORDINATORS_ONLY.isdisjoint(op.fields)
