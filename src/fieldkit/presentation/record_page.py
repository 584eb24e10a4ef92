"""One record in words: its answers, a short history, and how far it has got."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.presentation.event_figures import event_figures
from fieldkit.presentation.exchange.change_progress import progress_sentence
from fieldkit.presentation.exchange.device_names import DeviceNames
from fieldkit.presentation.people.joined_records import join_steps, other_records
from fieldkit.presentation.record_history import not_by_hand
from fieldkit.presentation.record_names import lines_of_links, named_record
from fieldkit.presentation.stall.head_count_groups import counted_groups
from fieldkit.presentation.value_labels import value_in_words
from fieldkit.presentation.wording import when
from fieldkit.records.label import IN_LIST
from fieldkit.records.schema.kind import Kind
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.store.kit import Kit
from fieldkit.store.query.history import Step

MOST_STEPS = 50
"""Changes shown on the record's page; its history has all."""


@dataclass(frozen=True)
class Shown:
    """A record in words. `answers` are (step, title, words, conflict); `steps` are (when, who, what changed)."""

    record_id: str
    kind: str
    title: str
    deleted: bool
    disputed: bool
    """Whether one laptop deleted it, and another changed or restored it without knowing."""
    answers: list[tuple[str, str, str, bool]]
    steps: list[tuple[str, str, str]]
    unknown: int
    """How many fields came from a newer kit."""
    where: str
    """How far this laptop's changes to it have got."""
    locked: bool
    """Whether it can't be changed by hand here."""


def read(kit: Kit, record: str) -> Shown:
    """The record with this id.

    Raises:
        NotFound: there is no such record.
    """
    stored = kit.shown(record)
    kind, terms, devices, now = kind_named(stored.kind), kit.terms(), DeviceNames(kit), kit.clock()
    names = lines_of_links(kit, [stored], terms, longest=IN_LIST)
    answers = [
        (
            spec.step or kind.title,
            spec.title,
            value_in_words(spec, value, terms, names),
            spec.name in stored.conflicts,
        )
        for spec in kind.fields.values()
        if (value := stored.values.get(spec.name)) is not None
    ]
    if stored.kind == "person":
        answers += [("Records", title, text, False) for title, text in other_records(kit, stored.record_id)]
    if stored.kind == "event":
        answers += _who_came(kit, stored.record_id)
    dated = [
        (step.stamp, step.origin, _what(kind, step, first=number == 0))
        for number, step in enumerate(kit.history(stored.record_id, stored.kind))
    ]
    if stored.kind == "person":
        joins = join_steps(kit, stored.record_id)
        dated += [(step.stamp, step.origin, f"{step.title.lower()} {step.name}") for step in joins]
        dated.sort(key=lambda step: step[0])
    steps = [(when(stamp, now), devices.of(origin), text) for stamp, origin, text in dated]
    return Shown(
        stored.record_id,
        stored.kind,
        named_record(kit, stored, terms, longest=IN_LIST),
        stored.deleted,
        "deleted" in stored.conflicts,
        answers,
        steps[-MOST_STEPS:],
        len(stored.extra),
        progress_sentence(kit, stored),
        not_by_hand(kind, devices.coordinating),
    )


def _who_came(kit: Kit, event_id: str) -> list[tuple[str, str, str, bool]]:
    """How many came to an event, as far as this laptop knows; empty if it knows of nobody."""
    figures = event_figures(kit, event_id)
    groups = [group for group in counted_groups(kit, event_id, "") if group.others]
    groups_seen = [("By name", figures.people)] if figures.people else []
    groups_seen += [(group.label, group.others) for group in groups]
    if len(groups_seen) > 1:
        groups_seen.append(("In all", figures.people + figures.counted.total))
    return [("Who came", title, f"{number:,}", False) for title, number in groups_seen]


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
