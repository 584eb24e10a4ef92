"""What stands against a deletion: what each change that the deletion had not seen did to the record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fieldkit.records.schema.kind import kinds
from fieldkit.store.oplog.ops import DELETED

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit


@dataclass(frozen=True)
class Stand:
    """What one change set that still counts: fields that this version knows, in the order of their kind, and whether it
    brought the record back.
    """

    values: dict[str, Any] = field(default_factory=dict)
    brought_back: bool = False


def stands(kit: Kit, kind_name: str, record_id: str) -> dict[str, Stand]:
    """Ref -> what this change of a record says that still counts."""
    kind = kinds().get(kind_name)
    return {
        step.ref: Stand(
            {name: step.fields[name] for name in (kind.fields if kind else ()) if name in step.current},
            step.fields.get(DELETED) is False,
        )
        for step in kit.history(record_id, kind_name)
    }
