"""Conflicts in words: the value of each laptop with labels, names and times, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fieldkit.presentation.exchange.device_names import DeviceNames
from fieldkit.presentation.record_names import line_of, lines_of_links
from fieldkit.presentation.value_labels import EMPTY, title_of, value_in_words
from fieldkit.presentation.wording import when
from fieldkit.records.schema.kind import Kind, kinds
from fieldkit.records.schema.parse import Terms
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.oplog.ops import DELETED
from fieldkit.store.query.history import ConflictValue, FieldConflict
from fieldkit.text import titled

MOST = 1_000
"""Conflicts shown at once; resolving some brings the next."""

KEEP_WITH = "Keep it, with what was changed:"


@dataclass(frozen=True)
class Offer:
    """One of the values in words, and who set it when. Laptops that agree share one offer.

    `values` are (number among the values of the conflict, value). If a deletion is in conflict with changes, `parts` are
    (title, words) of what was changed; `label` includes them.
    """

    value: Any
    label: str
    who: str
    laptops: tuple[str, ...]
    values: tuple[tuple[int, ConflictValue], ...]
    parts: tuple[tuple[str, str], ...] = ()

    @property
    def line(self) -> str:
        """The label on one line."""
        changes = "; ".join(titled(title, label) for title, label in self.parts)
        return f"{KEEP_WITH} {changes}" if self.parts else self.label


@dataclass(frozen=True)
class Conflict:
    """One conflict, in words. `locked` says why it can't be resolved here; "" if it can."""

    stored: FieldConflict
    kind_title: str
    line: str
    title: str
    offers: tuple[Offer, ...]
    locked: str

    @property
    def record(self) -> str:
        """The record as `kind:id`."""
        return f"{self.stored.kind}:{self.stored.record_id}"

    @property
    def record_id(self) -> str:
        """The record's id."""
        return self.stored.record_id

    @property
    def field(self) -> str:
        """The name of its field."""
        return self.stored.field


@dataclass(frozen=True)
class _Kept:
    """The values of one change, unseen by a deletion, that are still current, and whether it restored the record."""

    values: dict[str, Any] = field(default_factory=dict)
    restored: bool = False


def conflicts(kit: Kit, most: int = MOST) -> list[Conflict]:
    """The first conflicts in words. Call it in a thread."""
    devices, terms = DeviceNames(kit), kit.terms()
    return [_in_words(kit, conflict, devices, terms) for conflict in kit.conflicts(most)]


def _in_words(kit: Kit, conflict: FieldConflict, devices: DeviceNames, terms: Terms) -> Conflict:
    kind = kinds().get(conflict.kind)
    spec = kind.fields.get(conflict.field) if kind else None
    locked = ""
    if kind is None or (spec is None and conflict.field != DELETED):
        locked = "A newer fieldkit wrote this; it can be resolved there."
    elif kind.coordinator_only and not devices.coordinating:
        locked = "Only a coordinator's laptop can resolve this."
    return Conflict(
        conflict,
        kind.title if kind else conflict.kind,
        line_of(kit, kit.get(conflict.record_id, conflict.kind), terms),
        "Deleted, and changed" if conflict.field == DELETED else title_of(spec, conflict.field),
        _offers(kit, kind, conflict, devices, terms),
        locked,
    )


def _offers(
    kit: Kit, kind: Kind | None, conflict: FieldConflict, devices: DeviceNames, terms: Terms
) -> tuple[Offer, ...]:
    """The values with equal ones grouped, in the order of the conflict: the one shown now comes first."""
    groups: dict[str, list[tuple[int, ConflictValue]]] = {}
    for number, each in enumerate(conflict.values):
        groups.setdefault(repr(each.value), []).append((number, each))
    kept = _kept(kit, kind, conflict) if conflict.field == DELETED else {}
    now, offers = kit.clock(), []
    for group in groups.values():
        value = group[0][1].value
        laptops = tuple(dict.fromkeys(devices.of(each.origin) for _, each in group))
        parts: tuple[tuple[str, str], ...] = ()
        if conflict.field != DELETED:
            label = _value(kit, kind, conflict.field, value, terms)
        elif value:
            label = "Delete it."
        else:
            changes = [kept[each.ref] for _, each in group if each.ref in kept]
            parts = tuple(
                dict.fromkeys(
                    (
                        title_of(kind.fields[name] if kind else None, name),
                        _value(kit, kind, name, given, terms),
                    )
                    for change in changes
                    for name, given in change.values.items()
                )
            )
            label = _keep(laptops, parts, restored=any(change.restored for change in changes))
        who = (f"{devices.of(each.origin)}, {when(each.stamp, now)}" for _, each in group)
        offers.append(Offer(value, label, "; ".join(dict.fromkeys(who)), laptops, tuple(group), parts))
    return tuple(offers)


def _kept(kit: Kit, kind: Kind | None, conflict: FieldConflict) -> dict[str, _Kept]:
    """Ref -> the values of that change of a record that are still current."""
    fields = kind.fields if kind else ()
    return {
        step.ref: _Kept(
            {name: step.fields[name] for name in fields if name in step.current},
            step.fields.get(DELETED) is False,
        )
        for step in kit.history(conflict.record_id, conflict.kind)
    }


def _keep(laptops: tuple[str, ...], parts: tuple[tuple[str, str], ...], *, restored: bool) -> str:
    """The full text for keeping a record that another laptop deleted."""
    if parts:
        return "\n".join([KEEP_WITH, *(titled(title, label) for title, label in parts)])
    return f"Keep it: {' and '.join(laptops)} {'restored' if restored else 'changed'} it."


def _value(kit: Kit, kind: Kind | None, name: str, value: Any, terms: Terms) -> str:
    spec = kind.fields.get(name) if kind else None
    names = lines_of_links(kit, [Stored(kind.name, "", {name: value})], terms) if kind else {}
    return value_in_words(spec, value, terms, names, EMPTY)
