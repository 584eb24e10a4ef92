"""What was done at the stall, with undo and redo: each step as a whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from fieldkit.errors import NotFound
from fieldkit.records.schema.kind import kinds
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.undo_log import spans_of


@dataclass(frozen=True)
class Step:
    """One thing that was done: in words, its ops, and the records that it created or edited.

    `refs` are `origin:seq` each, as ops refer to each other; `created` and `edited` hold the records as the step left them.
    `name` is what was typed for a person counted without a name: undo puts it into the name line again. It is stored nowhere.
    `whom` is the name that `what` begins with, which a small screen shortens; "" for none.
    """

    what: str
    refs: tuple[str, ...]
    created: tuple[Stored, ...] = ()
    edited: tuple[Stored, ...] = ()
    name: str = ""
    whom: str = ""


@dataclass(frozen=True)
class Undone:
    """An undone step, the ops that undid it, and its records as they left them."""

    step: Step
    refs: tuple[str, ...]
    records: tuple[Stored, ...]


@dataclass
class UndoStack:
    """The steps of one event since the program started, the latest last, and the undone ones."""

    since: int
    """When it began, in milliseconds since 1970: older feedback belongs to an earlier run of the program."""
    done: list[Step] = field(default_factory=list)
    undone: list[Undone] = field(default_factory=list)
    noted: set[str] = field(default_factory=set)
    """Ids of the feedback records that already are steps."""
    undone_refs: set[str] = field(default_factory=set)
    """The refs of every undone step, and of what undid it: to the steps before, they count as if they had never happened."""
    redone_refs: set[str] = field(default_factory=set)
    """The refs of what undid a step, and of what redid it: the same for steps that are still undone."""

    def push(self, steps: Iterable[Step | None]) -> None:
        """Add new steps: what was undone before can't be redone any more."""
        if fresh := [step for step in steps if step is not None]:
            self.done.extend(fresh)
            self.undone.clear()
            self.redone_refs.clear()

    def undo(self, kit: Kit, step: Step) -> Undone | None:
        """Undo a step, the last of `done`, by new ops; None if it was changed since, and nothing is undone.

        If somebody has edited a created record since, or other records link to it, deleting it would undo their work too.
        """
        created = {record.record_id for record in step.created}
        if any(_changed(kit, record) for record in (*step.created, *step.edited)):
            return None
        if any(_linked(kit, record, created) for record in step.created):
            return None
        refs = dict.fromkeys(step.refs)
        for record in step.created:
            # Every op on it so far: the record is unchanged, so nobody's work is lost with it.
            refs |= dict.fromkeys(kit.get(record.record_id, record.kind).everything)
        ops = kit.undo_ops(spans_of(refs), self.undone_refs)
        if not ops:
            return None
        undone = tuple(op.ref for op in ops)
        self.undone_refs.update(step.refs, undone)
        self.redone_refs.difference_update(step.refs)
        records = tuple(kit.get(record.record_id, record.kind) for record in (*step.created, *step.edited))
        return Undone(step, undone, records)

    def redo(self, kit: Kit, undone: Undone) -> Step | None:
        """Redo a step, the last of `undone`; returns it with its new ops.

        None if that would check somebody in twice, or if it was changed since.
        """
        if any(_changed(kit, record) or _here_again(kit, record) for record in undone.records):
            return None
        ops = kit.undo_ops(spans_of(undone.refs), self.redone_refs)
        if not ops:
            return None
        refs = tuple(op.ref for op in ops)
        self.redone_refs.update(undone.refs, refs)
        refs = (*undone.step.refs, *undone.refs, *refs)
        self.undone_refs.difference_update(refs)
        return replace(undone.step, refs=refs)


def _here_again(kit: Kit, record: Stored) -> bool:
    """Whether the person of an attendance was checked in again after the undo, here or by a merge."""
    if record.kind != "attendance" or not record.values.get("person"):
        return False
    where = {name: record.values[name] for name in ("person", "event")}
    return bool(kit.page("attendance", 0, 1, where=where))


def _changed(kit: Kit, record: Stored) -> bool:
    """Whether a record has changed since, on this laptop or by a merge."""
    try:
        now = kit.get(record.record_id, record.kind)
    except NotFound:
        return True  # erased
    return now.deleted != record.deleted or bool(now.conflicts) or now.values != record.values


def _linked(kit: Kit, record: Stored, created: set[str]) -> bool:
    """Whether a record that was not `created` in the same step links to this one."""
    for kind in kinds().values():
        for name, spec in kind.fields.items():
            if spec.link != record.kind:
                continue
            linking = kit.page(kind.name, 0, len(created) + 1, where={name: record.record_id})
            if any(each.record_id not in created for each in linking):
                return True
    return False
