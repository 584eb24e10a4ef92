"""Engagements: what an event was for within a cycle."""

from __future__ import annotations

from fieldkit.records.schema.field import choice, link, text
from fieldkit.records.schema.kind import Kind, Record, register

ENGAGEMENT = Kind(
    "engagement",
    "Engagement",
    "engagements",
    "An event at which findings of a cycle are shared, feedback is collected, or changes are agreed.",
    label=("purpose", "event"),
    desk=True,
)


@register(ENGAGEMENT)
class Engagement(Record, table=True):
    """One purpose of one event in one cycle; an event with two purposes is recorded twice."""

    cycle: str | None = link("cycle", "Cycle", "Which cycle it belongs to.", required=True, listed=True)
    event: str | None = link("event", "Event", "The event where it happens.", required=True, listed=True)
    purpose: str | None = choice(
        "engagement_purpose", "Purpose", "What the event is for in this cycle.", listed=True
    )
    summary: str | None = text(
        "Summary", "What was shown and what came back, in a few sentences. No names of patients."
    )
