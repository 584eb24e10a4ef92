"""A cycle's feedback: a rule on provider, service, dates and events, and the records that match it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fieldkit.insight.repeats import repeated_rows
from fieldkit.records.same_feedback import person_key
from fieldkit.records.schema.codes import code_list
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit

_FIELDS = ("record_id", "created", "provider", "service_area", "event", "date", "respondent")


@dataclass(frozen=True)
class FeedbackRule:
    """Which feedback belongs to a cycle.

    A record belongs to it if its day is from `date_from` to `date_to` (both `YYYY-MM-DD`), its service is in `services`, and
    its provider's folded name is in `providers` (None: any provider). If the record lacks the service or the provider, an
    event of the cycle supplies it.
    """

    services: frozenset[str]
    providers: frozenset[str] | None
    date_from: str
    date_to: str
    events: frozenset[str] = frozenset()

    def takes(self, provider: str | None, service: str | None, event: str | None, day: str) -> bool:
        """Whether a record with these answers and this day belongs to the cycle."""
        if not self.date_from <= day <= self.date_to:
            return False
        here = event in self.events
        if service is None:
            if not here:
                return False
        elif service not in self.services:
            return False
        if self.providers is None:
            return True
        return here if provider is None else folded(provider) in self.providers


@dataclass(frozen=True)
class CycleFeedback:
    """The feedback of a cycle: record ids in order of creation, and how many people gave it.

    People are the distinct respondent IDs of one provider, plus each record without such an ID. Repeated rows of a file are
    left out.
    """

    ids: tuple[str, ...]
    people: int


def with_children(service: str | None) -> frozenset[str]:
    """A service and all services that are kinds of it, at any depth."""
    if not service:
        return frozenset()
    services, entries = {service}, code_list("service_area").entries
    while more := {entry.code for entry in entries if entry.get("parent") in services} - services:
        services |= more
    return frozenset(services)


def rule_of(kit: Kit, cycle: Mapping[str, Any], events: Iterable[str]) -> FeedbackRule:
    """The rule of a cycle with these values and events. Call it in a thread."""
    provider = cycle.get("provider")
    return FeedbackRule(
        with_children(cycle.get("service_area")),
        kit.provider_names().keys_of(str(provider)) if provider else None,
        str(cycle.get("date_from") or ""),
        str(cycle.get("date_to") or "9999"),
        frozenset(events),
    )


def events_of(kit: Kit, cycle_id: str) -> list[str]:
    """The events of a cycle's engagements."""
    rows = kit.columns("engagement", ("event",), where={"cycle": cycle_id})
    return sorted({event for (event,) in rows if event})


def feedback_of(kit: Kit, rules: Sequence[FeedbackRule]) -> list[CycleFeedback]:
    """The feedback that matches each rule. Reads six answers of all feedback once: call it in a thread."""
    repeats = repeated_rows(kit) if rules else {}
    ids: list[list[str]] = [[] for _ in rules]
    people: list[set[object]] = [set() for _ in rules]
    rows = kit.columns("feedback", _FIELDS) if rules else ()
    for record_id, created, provider, service, event, day, respondent in rows:
        for place, rule in enumerate(rules):
            if rule.takes(provider, service, event, day or _made_on(created)) and record_id not in repeats:
                ids[place].append(record_id)
                people[place].add(person_key(provider, respondent) or record_id)
    return [CycleFeedback(tuple(of_rule), len(who)) for of_rule, who in zip(ids, people, strict=True)]


def _made_on(created: int) -> str:
    try:
        return datetime.fromtimestamp(created / 1000, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""
