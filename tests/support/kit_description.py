"""A kit's contents as plain values: what a later version must read from a kit that an earlier one made."""

from __future__ import annotations

from typing import Any

from fieldkit.records.schema.kind import kinds
from fieldkit.store.kit import Kit
from fieldkit.sync.export.unpublished import unpublished_orders
from fieldkit.sync.network.identity import identity

_PAGE = 1_000


def description(kit: Kit) -> dict[str, Any]:
    """The records of each kind, including deleted ones, with their history; conflicts, drafts, and counts of unsent changes."""
    return {
        "records": {kind: rows for kind in sorted(kinds()) if (rows := _records(kit, kind))},
        "conflicts": [
            {
                "record": conflict.record_id,
                "field": conflict.field,
                "values": [[claim.value, claim.origin, claim.stamp, claim.ref] for claim in conflict.values],
            }
            for conflict in kit.conflicts()
        ],
        "drafts": [
            {"kind": draft.kind, "values": draft.values, "record": draft.record_id, "step": draft.step}
            for draft in kit.drafts.all()
        ],
        "unsent": kit.ledger.unsent(identity(kit).origin).ops,
        "untold": unpublished_orders(kit, identity(kit)),
        "quarantined": sorted([file.device, file.reason] for file in kit.ledger.quarantine()),
        "origin": kit.origin,
        "problems": kit.check(),
    }


def _records(kit: Kit, kind: str) -> list[dict[str, Any]]:
    stored = kit.page(kind, limit=_PAGE, deleted=False) + kit.page(kind, limit=_PAGE, deleted=True)
    return [
        {
            **record.as_dict(),
            "history": [
                [step.ref, step.stamp, step.origin, step.fields, step.preds, sorted(step.current)]
                for step in kit.history(record.record_id)
            ],
        }
        for record in sorted(stored, key=lambda record: record.record_id)
    ]
