"""What was done at the stall, and undoing and redoing it: one step, whole, or nothing of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from fieldkit.errors import NotFound
from fieldkit.records.schema.kind import kinds
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.undo_log import spans_of


@dataclass(frozen=True)
class Step:
    """One thing that was done: in words, the ops that it wrote, and the records that it created.

    `refs` are `origin:seq` each, as ops name each other; `created` holds the records as they were then. `name` is what was
    typed for a person who was counted without a name: undo gives it back to the name line. It is stored nowhere.
    """

    what: str
    refs: tuple[str, ...]
    created: tuple[Stored, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Undone:
    """A step that was undone, and the ops that undid it."""

    step: Step
    refs: tuple[str, ...]


@dataclass
class UndoStack:
    """The steps of one event since the program began, the latest last, and those that were undone of them."""

    since: int
    """When it began, in milliseconds since 1970: feedback that is older belongs to an earlier run of the program."""
    done: list[Step] = field(default_factory=list)
    undone: list[Undone] = field(default_factory=list)
    noted: set[str] = field(default_factory=set)
    """Ids of the feedback records that are steps already."""

    def push(self, steps: Iterable[Step | None]) -> None:
        """Something new was done: what was undone before can't be redone any more."""
        if fresh := [step for step in steps if step is not None]:
            self.done.extend(fresh)
            self.undone.clear()


def undo(kit: Kit, step: Step) -> Undone | None:
    """Undo one step, by new ops; None where it was changed since, and then nothing is undone.

    A record that somebody edited after it was created, or that others link to by now, is more than what the step did:
    deleting it would undo their work, too.
    """
    created = {record.record_id for record in step.created}
    if any(_changed(kit, record) or _linked(kit, record, created) for record in step.created):
        return None
    ops = kit.undo_ops(spans_of(step.refs))
    return Undone(step, tuple(op.ref for op in ops)) if ops else None


def redo(kit: Kit, undone: Undone) -> bool:
    """Do a step again that was undone; False where that would check somebody in twice, or it was changed since."""
    for record in undone.step.created:
        if not _is_deleted(kit, record) or _here_again(kit, record):
            return False
    return bool(kit.undo_ops(spans_of(undone.refs)))


def _is_deleted(kit: Kit, record: Stored) -> bool:
    """Whether a record is as its undoing left it."""
    try:
        now = kit.get(record.record_id, record.kind)
    except NotFound:
        return False  # erased
    return now.deleted and now.values == record.values


def _here_again(kit: Kit, record: Stored) -> bool:
    """Whether the person of an attendance was checked in again after it was undone, here or by a merge."""
    if record.kind != "attendance" or not record.values.get("person"):
        return False
    where = {name: record.values[name] for name in ("person", "event")}
    return bool(kit.page("attendance", 0, 1, where=where))


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
