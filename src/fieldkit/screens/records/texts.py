"""One record in words: its answers, its history in short, and how far it has got."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldkit.presentation.wording import when

if TYPE_CHECKING:
    from fieldkit.records.schema.kind import Kind
    from fieldkit.store.kit import Kit, Stored
    from fieldkit.store.query.history import Step
    from fieldkit.sync.network.identity import Identity
    from fieldkit.sync.network.roster import Roster

MOST_STEPS = 50
"""Changes shown on the record's page; its history has all."""


@dataclass(frozen=True)
class Shown:
    """A record in words. `answers` are (step, title, words, clash); `steps` are (when, who, what changed)."""

    record_id: str
    kind: str
    title: str
    deleted: bool
    disputed: bool
    """One laptop deleted it, and another did not know and changed it or brought it back."""
    answers: list[tuple[str, str, str, bool]]
    steps: list[tuple[str, str, str]]
    unknown: int
    """How many fields came from a newer kit."""
    where: str
    """How far this laptop's changes to it have got."""
    locked: bool
    """It can't be changed by hand here."""


def read(kit: Kit, me: Identity, record: str) -> Shown:
    """The record with this id.

    Raises:
        NotFound: there is none.
    """
    from fieldkit.presentation.history import not_by_hand
    from fieldkit.presentation.record_names import line_of
    from fieldkit.records.label import in_words
    from fieldkit.records.schema.kind import kind as kind_named
    from fieldkit.screens.base.rows import link_names
    from fieldkit.sync.network.roster import Roster

    stored = kit.get(record)
    kind, terms = kind_named(stored.kind), kit.terms()
    names = link_names(kit, kind.fields.values(), [stored], terms)
    answers = []
    for spec in kind.fields.values():
        value = stored.values.get(spec.name)
        if value is None:
            continue
        words = in_words(spec, value, terms, names)
        answers.append((spec.step or kind.title, spec.title, words, spec.name in stored.conflicts))
    if stored.kind == "event":
        answers += _who_came(kit, stored.record_id)
    roster, now = Roster(kit, me), int(time.time() * 1000)
    steps = []
    for number, step in enumerate(kit.history(stored.record_id, stored.kind)):
        who = roster.name_of(step.origin) if step.origin else me.name
        steps.append((when(step.stamp, now), who, _what(kind, step, first=number == 0)))
    line = line_of(kit, stored, terms)
    return Shown(
        stored.record_id,
        stored.kind,
        f"{kind.title} · {line}",
        stored.deleted,
        "deleted" in stored.conflicts,
        answers,
        steps[-MOST_STEPS:],
        len(stored.extra),
        _where(kit, me, roster, stored, kind),
        not_by_hand(kind, roster),
    )


def _who_came(kit: Kit, event_id: str) -> list[tuple[str, str, str, bool]]:
    """How many came to an event, as far as this laptop knows; nothing if it knows of none."""
    from fieldkit.presentation.attendance import counted_groups
    from fieldkit.presentation.event_figures import event_figures

    figures = event_figures(kit, event_id)
    groups = [group for group in counted_groups(kit, event_id, "") if group.others]
    found = [("By name", figures.people)] if figures.people else []
    found += [(group.label, group.others) for group in groups]
    if len(found) > 1:
        found.append(("In all", figures.people + figures.heads.total))
    return [("Who came", title, f"{number:,}", False) for title, number in found]


def _what(kind: Kind, step: Step, *, first: bool) -> str:
    """What one change did, in words."""
    if "deleted" in step.fields:
        return "deleted" if step.fields["deleted"] else "restored"
    if "redacts" in step.fields:
        return "old text erased"
    if first:
        return "recorded"
    titles = [kind.fields[name].title if name in kind.fields else name for name in step.fields]
    replaced = "" if step.current else " (replaced later)"
    return f"changed: {', '.join(titles)}{replaced}"


def _where(kit: Kit, me: Identity, roster: Roster, stored: Stored, kind: Kind) -> str:
    """How far this laptop's changes to a record have got, in a sentence; "" where that says nothing."""
    from fieldkit.sync.receipts.receipts import whereabouts

    if not kind.shared:
        return "It never leaves this laptop."
    if roster.coordinating:
        return ""
    found = whereabouts(kit, me, stored.record_id, stored.kind)
    if not found:
        return f"It came from {roster.name_of(stored.origin)}."
    return {
        "on this laptop": "On this laptop alone: not in a bundle yet.",
        "confirmed": "Confirmed: a coordinator has it.",
    }.get(found, f"Sent {found}, not confirmed by a coordinator yet.")
