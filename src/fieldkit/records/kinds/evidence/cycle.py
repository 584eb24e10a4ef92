"""Cycles: one question about one service, from a provider's figures to what came of it."""

from __future__ import annotations

from fieldkit.records.schema.dates import in_order
from fieldkit.records.schema.field import choice, day, line, link, many, text
from fieldkit.records.schema.kind import Kind, Record, register

CYCLE = Kind(
    "cycle",
    "Cycle",
    "cycles",
    "One reverse-commissioning cycle: analyse figures, engage communities, determine changes, partner on them.",
    label=("title", "service_area"),
    rules=(in_order("date_from", "date_to"),),
    desk=True,
    lasting=True,
)


@register(CYCLE)
class Cycle(Record, table=True):
    """One cycle. A rule over these answers gives its feedback, and other records its stage; neither is stored."""

    title: str | None = line(
        "Title", "A name that people will recognise.", step="Cycle", required=True, listed=True
    )
    provider: str | None = link(
        "provider", "Provider", "Whose service it is about. Empty: any provider's.", step="Cycle", listed=True
    )
    service_area: str | None = choice(
        "service_area",
        "Service",
        "The service, with all that belongs to it.",
        step="Cycle",
        required=True,
        listed=True,
    )
    area: list[str] | None = many(
        "district", "Area", "The districts whose residents the service is for.", step="Cycle"
    )
    date_from: str | None = day(
        "From", "The first day of feedback that counts.", step="Cycle", required=True, listed=True
    )
    date_to: str | None = day(
        "To", "The last day of feedback that counts.", step="Cycle", required=True, listed=True
    )
    question: str | None = text(
        "Question", "What is to be found out, in one or two sentences.", step="Question"
    )
    lead: str | None = link("partner", "Lead", "The partner who leads the cycle.", step="Question")
    dimension: list[str] | None = many(
        "dimension", "Compare by", "Which groups are compared. Several may be chosen.", step="Question"
    )
    notes: str | None = text("Notes", "Anything the team should know.", step="Question")
