"""What a kit holds about one cycle, as plain values: its stages and changes are described from these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fieldkit.importing.figures.figure_storage import (
    dataset_rows,
    decision_conflicts,
    decision_key,
    decisions,
)
from fieldkit.importing.figures.schemes import NOT_STATED
from fieldkit.presentation.cycle.cycle_feedback import CycleFeedback, events_of, feedback_of, rule_of
from fieldkit.presentation.cycle.due_answers import Reply
from fieldkit.records.kinds.evidence.response import USUAL_WORKING_DAYS
from fieldkit.records.kinds.evidence.support import SOURCES
from fieldkit.records.schema.codes import code_list
from fieldkit.store.kit import Kit, Stored


@dataclass(frozen=True)
class DatasetFacts:
    """One data set: its labels without a group, and whether it counts people whose group is not stated."""

    record_id: str
    title: str
    role: str = "counts"
    unit: str = ""
    who: str = ""
    area: tuple[str, ...] = ()
    figures: int = 0
    unmatched: frozenset[tuple[str, str]] = frozenset()
    """(dimension, label) of figures without a code."""
    differing: frozenset[tuple[str, str]] = frozenset()
    """The unmatched labels that people matched differently."""
    tells_not_stated: bool = False


@dataclass(frozen=True)
class EngagementFacts:
    """One engagement and the day of its event ("" if not known)."""

    record_id: str
    purpose: str
    day: str
    event: str = ""


@dataclass(frozen=True)
class SupportFacts:
    """One support of a change: its kind, and its record if this kit holds it.

    `dimension` and `group_code` are those of a group of a data set, "" if not given.
    """

    record_id: str
    support_kind: str
    target: str = ""
    dimension: str = ""
    group_code: str = ""
    note: str = ""
    held: bool = True

    @property
    def side(self) -> str:
        """The side that it supports: people or data; "" if neither, or if its record is not here."""
        entries = code_list("support_kind").entries
        voice = next((entry.get("side") for entry in entries if entry.code == self.support_kind), "")
        return voice if self.held else ""


@dataclass(frozen=True)
class ChangeFacts:
    """One change with its number in the cycle, counted from 1 in order of creation."""

    record_id: str
    number: int
    values: Mapping[str, Any]
    supports: tuple[SupportFacts, ...] = ()
    replies: tuple[Reply, ...] = ()

    @property
    def declined(self) -> bool:
        """Whether it was declined."""
        return self.values.get("status") == "declined"


@dataclass(frozen=True)
class CycleFacts:
    """Everything that the kit holds about a cycle. Days are YYYY-MM-DD."""

    record_id: str
    values: Mapping[str, Any]
    datasets: tuple[DatasetFacts, ...] = ()
    engagements: tuple[EngagementFacts, ...] = ()
    feedback: CycleFeedback = field(default_factory=lambda: CycleFeedback((), 0))
    changes: tuple[ChangeFacts, ...] = ()
    districts: Mapping[str, str] = field(default_factory=dict)
    """District of the cycle's area -> its name."""


def cycles_facts(kit: Kit, cycles: Sequence[Stored]) -> list[CycleFacts]:
    """Read everything about some cycles. It reads some answers of all feedback once: call it in a thread."""
    rules = [rule_of(kit, cycle.values, events_of(kit, cycle.record_id)) for cycle in cycles]
    return [
        _facts(kit, cycle, feedback) for cycle, feedback in zip(cycles, feedback_of(kit, rules), strict=True)
    ]


def _facts(kit: Kit, cycle: Stored, feedback: CycleFeedback) -> CycleFacts:
    cycle_id = cycle.record_id
    area = cycle.values.get("area") or []
    terms = kit.terms().get("district", {})
    known = code_list("district")
    return CycleFacts(
        cycle_id,
        cycle.values,
        tuple(_datasets(kit, cycle_id, cycle.values.get("dimension") or ())),
        tuple(_engagements(kit, cycle_id)),
        feedback,
        tuple(changes_of(kit, cycle_id)),
        {code: terms.get(code) or known.label(code) for code in area},
    )


def _datasets(kit: Kit, cycle_id: str, dimensions: Sequence[str]) -> list[DatasetFacts]:
    """The cycle's data sets, and every population, since one may serve several cycles."""
    held = kit.columns("dataset", ("record_id", "title", "role", "unit", "who", "area", "cycle"))
    known, conflicts = decisions(kit), decision_conflicts(kit)
    datasets = []
    for record_id, title, role, unit, who, area, of_cycle in sorted(held, key=lambda row: row[0]):
        if of_cycle != cycle_id and not (role == "population" and of_cycle is None):
            continue
        # Only the districts of a population matter here, and it may have very many figures.
        rows = [] if role == "population" else dataset_rows(kit, record_id, known)
        compared = [row for row in rows if not dimensions or row.dimension in dimensions]
        unmatched = frozenset((row.dimension, row.label) for row in compared if not row.code)
        datasets.append(
            DatasetFacts(
                record_id,
                title or "",
                role or "counts",
                unit or "",
                who or "",
                tuple(area or ()),
                len(rows),
                unmatched,
                frozenset(
                    (dimension, label)
                    for dimension, label in unmatched
                    if (dimension, decision_key(label)) in conflicts
                ),
                any(row.level in NOT_STATED for row in compared),
            )
        )
    return datasets


def _engagements(kit: Kit, cycle_id: str) -> list[EngagementFacts]:
    rows = sorted(kit.columns("engagement", ("record_id", "purpose", "event"), where={"cycle": cycle_id}))
    events = kit.many("event", sorted({event for _, _, event in rows if event}))
    engagements = []
    for record_id, purpose, event in rows:
        held = events.get(event)
        day = str(held.values.get("date") or "") if held is not None and not held.deleted else ""
        engagements.append(EngagementFacts(record_id, purpose or "", day, event or ""))
    return sorted(engagements, key=lambda engagement: (engagement.day or "9999", engagement.record_id))


def changes_of(kit: Kit, cycle_id: str) -> list[ChangeFacts]:
    """The changes of a cycle in order of creation, each with its supports and replies."""
    made = sorted(kit.columns("change", ("created", "record_id"), where={"cycle": cycle_id}))
    stored = kit.many("change", [record_id for _, record_id in made])
    return [
        ChangeFacts(
            record_id,
            number,
            stored[record_id].values,
            tuple(_supports(kit, record_id)),
            tuple(_replies(kit, record_id)),
        )
        for number, (_, record_id) in enumerate(made, 1)
    ]


def _supports(kit: Kit, change_id: str) -> list[SupportFacts]:
    names = ("record_id", "support_kind", "dimension", "group_code", "note", *SOURCES.values())
    supports = []
    for record_id, support_kind, dimension, group, note, *targets in sorted(
        kit.columns("support", names, where={"change": change_id}), key=lambda row: row[0]
    ):
        field = SOURCES.get(support_kind or "", "")
        target = dict(zip(SOURCES.values(), targets, strict=True)).get(field) or ""
        record = kit.many(field, [target]).get(target) if target else None
        held = record is not None and not record.deleted
        supports.append(
            SupportFacts(
                record_id, support_kind or "", target, dimension or "", group or "", note or "", held
            )
        )
    return supports


def _replies(kit: Kit, change_id: str) -> list[Reply]:
    names = ("asked_on", "date", "working_days", "words", "from_role", "shown_by", "record_id")
    replies = [
        Reply(
            asked or "",
            date or "",
            days or USUAL_WORKING_DAYS,
            reply_text or "",
            role or "",
            shown or "",
            record_id,
        )
        for asked, date, days, reply_text, role, shown, record_id in kit.columns(
            "response", names, where={"change": change_id}
        )
    ]
    return sorted(replies, key=lambda reply: (reply.date or "9999", reply.asked_on, reply.record_id))
