"""A cycle's feedback: a rule over its provider, service, dates and events, and the records that the rule takes."""

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

    A record belongs to it if its day lies from `date_from` to `date_to` (both `YYYY-MM-DD`), its service is one of
    `services`, and its provider's folded name one of `providers` (None: any provider). What a record leaves open, the
    service or the provider, an event of the cycle fills in.
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
    """The feedback of a cycle: record ids in the order of their making, and how many people gave it.

    People are distinct respondent IDs of one provider, and each record without such an ID. Rows of a file that are
    here more than once are left out.
    """

    ids: tuple[str, ...]
    people: int


def with_children(service: str | None) -> frozenset[str]:
    """A service with all that is a kind of it, whatever the depth."""
    if not service:
        return frozenset()
    services, entries = {service}, code_list("service_area").entries
    while more := {entry.code for entry in entries if entry.get("parent") in services} - services:
        services |= more
    return frozenset(services)


def rule_of(kit: Kit, cycle: Mapping[str, Any], events: Iterable[str]) -> FeedbackRule:
    """The rule of a cycle with these values and events. For a thread."""
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
    """The feedback that each rule takes. Reads six answers of every record of feedback once: call it in a thread."""
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
