"""A record's history in words: every value ever set, by whom, when, and whether it is current."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fieldkit.presentation.exchange.device_names import DeviceNames
from fieldkit.presentation.people.joined_records import join_steps
from fieldkit.presentation.record_names import lines_of_links, named_record
from fieldkit.presentation.value_labels import EMPTY, title_of, value_in_words
from fieldkit.records.label import IN_LIST
from fieldkit.records.schema.kind import Kind, kinds
from fieldkit.records.schema.parse import Terms
from fieldkit.store.journal.bundle_reader import base_of
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.query.history import Step
from fieldkit.text import ended, quoted, titled

DELETED = "deleted"
_MARKS = {DELETED: "Deletion", "erased": "Erasure", "redacts": "Old text erased"}
_LONGEST = 32
"""Characters of a value in a sentence; the full value is shown beside it."""
CURRENT, IN_CONFLICT, REPLACED = "current", "conflict", "replaced"


@dataclass(frozen=True)
class Change:
    """One value that one op set. `state` is one of current, conflict, replaced; `stamp` is in milliseconds since 1970."""

    ref: str
    field: str
    value: Any
    stamp: int
    origin: str
    who: str
    title: str
    label: str
    state: str
    known: bool
    """False for a field that only a newer fieldkit knows."""


@dataclass(frozen=True)
class History:
    """Every change of a record, the latest first. `locked`: nothing in it can be changed by hand here."""

    title: str
    changes: list[Change]
    shared: bool
    locked: bool


def history(kit: Kit, record: str) -> History:
    """The history of one record, by its id or `kind:id`. Call it in a thread.

    Raises:
        NotFound: there is no such record, or it was erased.
    """
    stored = kit.get(record)
    kind, terms, devices = kinds().get(stored.kind), kit.terms(), DeviceNames(kit)
    steps = kit.history(stored.record_id, stored.kind)
    names = lines_of_links(kit, [Stored(stored.kind, "", step.fields) for step in steps], terms)
    changes = []
    for step in reversed(steps):
        for name, value in step.fields.items():
            title, label = _in_words(kind, name, value, terms, names)
            changes.append(
                Change(
                    step.ref,
                    name,
                    value,
                    step.stamp,
                    step.origin,
                    devices.of(step.origin),
                    title,
                    label,
                    _state(stored, step, name),
                    (kind is not None and name in kind.fields) or name == DELETED,
                )
            )
    if stored.kind == "person":
        changes += [
            Change(
                *(step.ref, "decision", step.title, step.stamp, step.origin, devices.of(step.origin)),
                *(step.title, step.name, CURRENT if step.current else REPLACED),
                known=False,
            )
            for step in join_steps(kit, stored.record_id)
        ]
        changes.sort(key=lambda change: -change.stamp)
    return History(
        named_record(kit, stored, terms, longest=IN_LIST),
        changes,
        kind is not None and kind.shared,
        kind is None or not_by_hand(kind, devices.coordinating),
    )


def _in_words(
    kind: Kind | None, name: str, value: Any, terms: Terms, names: Mapping[str, str]
) -> tuple[str, str]:
    """The title of a field, and its value, as people read them."""
    spec = kind.fields.get(name) if kind else None
    if name == DELETED:
        return _MARKS[name], "deleted" if value else "restored"
    return _MARKS.get(name) or title_of(spec, name), value_in_words(spec, value, terms, names, EMPTY)


def is_current(change: Change, changes: Iterable[Change]) -> bool:
    """Whether the value of a change is the current one, set by it or again by a later one."""
    return change.state == CURRENT or not _instead(change, changes)


def _instead(change: Change, changes: Iterable[Change]) -> list[str]:
    """The other values of the field that count now."""
    return [
        other.label
        for other in changes
        if other.field == change.field and other.state != REPLACED and other.label != change.label
    ]


def restoring(change: Change, changes: Iterable[Change], key: str) -> str:
    """What `key` does with the value of a change, as a sentence; for the current value, that it is current."""
    if change.state == CURRENT:
        return "This is the current value."
    if change.field == DELETED:
        return f"Press {key} to {'delete' if change.value else 'restore'} the record again."
    current = [_shown(label) for label in _instead(change, changes)]
    if not current:
        return "This is the current value, too: it was set again later."
    if change.state == IN_CONFLICT:
        return ended(f"In conflict with {' and '.join(current)}. Press {key} to keep {_shown(change.label)}")
    instead = f"now it is {' or '.join(current)}"
    return ended(f"Press {key} to set “{change.title}” back to {_shown(change.label)}: {instead}")


def _shown(label: str) -> str:
    return quoted(label, _LONGEST) if label != EMPTY else "no answer"


def form_makes(kind: Kind) -> bool:
    """Whether a form makes records of this kind; a withdrawal is a code that somebody types."""
    return not kind.by_command or kind.name == "withdrawal"


def not_by_hand(kind: Kind, coordinating: bool) -> bool:
    """Whether records of this kind are changed only by their own commands, or not on this laptop."""
    return bool(kind.by_command) or (kind.coordinator_only and not coordinating)


def _state(stored: Stored, step: Step, name: str) -> str:
    if name not in step.current:
        return REPLACED
    return IN_CONFLICT if name in stored.conflicts else CURRENT


def restore_value(kit: Kit, record: str, change: Change) -> None:
    """Make an older value current again by a new change. Call it in a thread.

    Raises:
        InvalidRecord: the record would break a rule of its kind; nothing is stored.
    """
    if change.field == DELETED:
        (kit.delete if change.value else kit.restore)(record)
        return
    seen = kit.get(record)
    if change.field in seen.conflicts:
        kit.resolve(record, change.field, change.value)
    else:
        kit.edit(seen, {change.field: change.value})


def undo_change(kit: Kit, record: str, change: Change) -> int:
    """Undo the whole change that set this value; returns how many records changed. Call it in a thread."""
    return kit.undo(_spans(kit, kit.get(record), change))


def values_before(kit: Kit, record: str, change: Change) -> list[str]:
    """What `undo_change` would set, a field in each line such as "Place: Hall"; a conflict that opens again is one line.

    Call it in a thread.
    """
    stored = kit.get(record)
    undoing, terms = kit.would_undo(_spans(kit, stored, change)), kit.terms()
    names = lines_of_links(kit, [Stored(stored.kind, "", each.fields) for each in undoing], terms)
    labels: dict[str, list[str]] = {}
    for each in undoing:
        for name, value in each.fields.items():
            title, label = _in_words(kinds().get(each.kind), name, value, terms, names)
            labels.setdefault(title, []).append("no answer" if label == EMPTY else label)
    return [titled(title, " or ".join(several)) for title, several in labels.items()]


def _spans(kit: Kit, stored: Stored, change: Change) -> list[tuple[str, int, int]]:
    """The ops of a change, as `Kit.undo` takes them."""
    held = kit.ledger.refs_of(stored.record_id, stored.kind)
    return [(origin, seq, seq) for origin, seq in held if f"{base_of(origin)}:{seq}" == change.ref]
