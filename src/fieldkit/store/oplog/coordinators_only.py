"""What no field laptop may send: which changes only a coordinator may write. The kinds and fields say it of themselves."""

from __future__ import annotations

from fieldkit.records.schema.kind import Kind
from fieldkit.store.oplog.ops import COORDINATORS_ONLY, Op


def coordinators_alone(kind: Kind | None, op: Op) -> bool:
    """Whether only a coordinator may write this op: for its kind, for a field of it, or for what it takes away."""
    own = kind is not None and (kind.coordinator_only or not kind.set_by_coordinators.isdisjoint(op.fields))
    return own or not COORDINATORS_ONLY.isdisjoint(op.fields)
