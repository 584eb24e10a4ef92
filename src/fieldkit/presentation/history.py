"""A record's history in words: every value that was ever set, who set it, when, and whether it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fieldkit.presentation.wording import when

if TYPE_CHECKING:
    from fieldkit.records.schema.field import FieldSpec
    from fieldkit.records.schema.kind import Kind
    from fieldkit.records.schema.parse import Terms
    from fieldkit.store.kit import Kit, Stored
    from fieldkit.store.query.history import Step
    from fieldkit.sync.network.identity import Identity
    from fieldkit.sync.network.roster import Roster

DELETED, REDACTS = "deleted", "redacts"
_MARKS = {DELETED: "Deletion", REDACTS: "Old text erased"}
STANDS, CLASHES, REPLACED = "current", "conflict", "replaced"


@dataclass(frozen=True)
class Change:
    """One value that one change set. `state` is one of stands, clashes, replaced."""

    ref: str
    field: str
    value: Any
    when: str
    who: str
    title: str
    words: str
    state: str
    known: bool
    """False for a field that only a newer fieldkit knows."""


@dataclass(frozen=True)
class History:
    """Every change of a record, the latest first. `locked`: nothing of it can be changed by hand here."""

    title: str
    changes: list[Change]
    shared: bool
    locked: bool


def history(kit: Kit, me: Identity, record: str) -> History:
    """The history of one record, by its id or `kind:id`. For a thread.

    Raises:
        NotFound: there is no such record, or it was erased.
    """
    from fieldkit.presentation.record_names import line_of
    from fieldkit.records.schema.kind import kind as kind_named
    from fieldkit.sync.network.roster import Roster

    stored = kit.get(record)
    kind, terms, roster, now = kind_named(stored.kind), kit.terms(), Roster(kit, me), kit.clock()
    steps = kit.history(stored.record_id, stored.kind)
    names = _linked(kit, kind, steps, terms)
    found = []
    for step in reversed(steps):
        for name, value in step.fields.items():
            spec = kind.fields.get(name)
            found.append(
                Change(
                    step.ref,
                    name,
                    value,
                    when(step.stamp, now),
                    roster.name_of(step.origin) if step.origin else me.name,
                    spec.title if spec else _MARKS.get(name, name),
                    _words(spec, name, value, terms, names),
                    _state(stored, step, name),
                    spec is not None or name == DELETED,
                )
            )
    title = f"{kind.title} · {line_of(kit, stored, terms)}"
    return History(title, found, kind.shared, not_by_hand(kind, roster))


def form_makes(kind: Kind) -> bool:
    """Whether a form makes records of this kind; a withdrawal is a code that somebody types."""
    return not kind.by_command or kind.name == "withdrawal"


def not_by_hand(kind: Kind, roster: Roster) -> bool:
    """Whether records of this kind are changed by commands of their own, or not on this laptop."""
    return bool(kind.by_command) or (kind.coordinator_only and not roster.coordinating)


def _state(stored: Stored, step: Step, name: str) -> str:
    if name not in step.current:
        return REPLACED
    return CLASHES if name in stored.conflicts else STANDS


def _linked(kit: Kit, kind: Kind, steps: list[Step], terms: Terms) -> dict[str, str]:
    """The lines of every record that a value of the history points to."""
    from fieldkit.presentation.record_names import lines_of

    found: dict[str, str] = {}
    for spec in kind.fields.values():
        if spec.link:
            wanted = {key for step in steps for key in spec.targets(step.fields.get(spec.name))}
            found |= lines_of(kit, kit.many(spec.link, sorted(wanted)).values(), terms)
    return found


def _words(spec: FieldSpec | None, name: str, value: Any, terms: Terms, names: dict[str, str]) -> str:
    from fieldkit.records.label import in_words

    if name == DELETED:
        return "deleted" if value else "restored"
    if value is None:
        return "(emptied)"
    if spec is None:
        return str(value)
    return in_words(spec, value, terms, names)


def bring_back(kit: Kit, record: str, change: Change) -> None:
    """Make an older value the one that stands, by a new change. For a thread.

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


def take_back(kit: Kit, record: str, change: Change) -> int:
    """Take back the whole change that set this value. Returns how many records changed. For a thread."""
    from fieldkit.store.journal.bundle_reader import base_of

    stored = kit.get(record)
    held = kit.ledger.refs_of(stored.record_id, stored.kind)
    return kit.undo([(origin, seq, seq) for origin, seq in held if f"{base_of(origin)}:{seq}" == change.ref])
