"""Responses: a provider's answers to a proposed change, and requests that it has not answered yet."""

from __future__ import annotations

from fieldkit.records.schema.dates import in_order
from fieldkit.records.schema.field import day, line, link, number, text
from fieldkit.records.schema.kind import Kind, Record, Values, register

#: Working days within which a provider answers a local Healthwatch (SI 2012/3094, regulation 44).
USUAL_WORKING_DAYS = 20


def _asked_or_answered(values: Values) -> dict[str, str]:
    if values.get("words"):
        return {} if values.get("date") else {"date": "Write down the day of the answer."}
    if values.get("date"):
        return {"words": "Write down what they answered, or empty the day of the answer while you wait."}
    if not values.get("asked_on"):
        return {"asked_on": "Write down the day on which they were asked, or their answer."}
    return {}


RESPONSE = Kind(
    "response",
    "Response",
    "responses",
    "What the provider answers to a change: asked for on one day, answered on another.",
    label=("change", "date", "words"),
    rules=(_asked_or_answered, in_order("asked_on", "date")),
    desk=True,
    lasting=True,
)


@register(RESPONSE)
class Response(Record, table=True):
    """One response in the provider's words; without words, one that is waited for."""

    change: str | None = link(
        "change", "Change", "The change that it answers.", step="Asked", required=True, listed=True
    )
    asked_on: str | None = day(
        "Asked on", "The day on which the provider was asked for an answer.", step="Asked", listed=True
    )
    working_days: int | None = number(
        "Working days allowed",
        "How long they have. A local Healthwatch is answered within 20 working days. Bank holidays are not left out.",
        step="Asked",
        default=USUAL_WORKING_DAYS,
        minimum=1,
        maximum=366,
    )
    date: str | None = day(
        "Answered on", "The day of the answer. Empty while you wait.", step="Answer", listed=True
    )
    from_role: str | None = line("Answered by", "The role of who answered, not their name.", step="Answer")
    words: str | None = text(
        "We did", "The answer in the provider's own words. It is printed.", step="Answer", listed=True
    )
    shown_by: str | None = line(
        "What proves it", "For example a new leaflet, minutes, a figure.", step="Answer"
    )
