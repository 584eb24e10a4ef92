"""Undoing what was done last at the check-in: one step, whole, or nothing of it."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.errors import NotFound
from fieldkit.records.schema.kind import kinds
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.undo_log import undo_changes


@dataclass(frozen=True)
class Step:
    """One thing that was done at the check-in: in words, the ops that it wrote, and the records that it created.

    `refs` are `origin:seq` each, as ops name each other; `created` holds the records as they were then.
    """

    what: str
    refs: tuple[str, ...]
    created: tuple[Stored, ...] = ()


def undo(kit: Kit, step: Step) -> bool:
    """Undo one step, by new ops; False where it was changed since, and then nothing is undone.

    A record that somebody edited after it was created, or that others link to by now, is more than what the step did:
    deleting it would undo their work, too.
    """
    created = {record.record_id for record in step.created}
    if any(_changed(kit, record) or _linked(kit, record, created) for record in step.created):
        return False
    return bool(undo_changes(kit, step.refs))


def _changed(kit: Kit, record: Stored) -> bool:
    """Whether a record is no longer what it was when it was created, on this laptop or by a merge."""
    try:
        now = kit.get(record.record_id, record.kind)
    except NotFound:
        return True  # erased
    return now.deleted or bool(now.conflicts) or now.values != record.values


def _linked(kit: Kit, record: Stored, created: set[str]) -> bool:
    """Whether any record links to this one that was not `created` in the same step."""
    for kind in kinds().values():
        for name, spec in kind.fields.items():
            if spec.link != record.kind:
                continue
            linking = kit.page(kind.name, 0, len(created) + 1, where={name: record.record_id})
            if any(each.record_id not in created for each in linking):
                return True
    return False
