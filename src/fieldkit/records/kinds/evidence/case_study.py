"""Case studies: one person's story, kept with their consent so that it can be printed."""

from __future__ import annotations

from fieldkit.records.schema.field import choice, day, line, link, many, text
from fieldkit.records.schema.kind import Kind, Record, Values, register


def _consents(values: Values) -> dict[str, str]:
    if values.get("consent_quote") in {None, "Y"}:
        return {}
    return {
        "consent_quote": "A case study is kept to be printed, so it needs a yes. If consent was withdrawn, erase it."
    }


def _shown_is_told(values: Values) -> dict[str, str]:
    shown = values.get("attribute_shown")
    if shown and shown not in (values.get("attributes") or []):
        return {"attribute_shown": "Choose one of the attributes that the story tells."}
    return {}


CASE_STUDY = Kind(
    "case_study",
    "Case study",
    "case studies",
    "One person's story, with their consent to print it.",
    label=("title", "service_area"),
    rules=(_consents, _shown_is_told),
    desk=True,
)


@register(CASE_STUDY)
class CaseStudy(Record, table=True):
    """One story. Nothing links it to a person record or to feedback."""

    __tablename__ = "case_study"

    title: str | None = line(
        "Title", "A name without a person's name in it.", step="Story", required=True, listed=True
    )
    cycle: str | None = link("cycle", "Cycle", "The cycle that it is for.", step="Story", listed=True)
    service_area: str | None = choice(
        "service_area", "Service", "The service that it is about.", step="Story", listed=True
    )
    story: str | None = text(
        "Story",
        "What happened. No names, dates, places or jobs that point to the person.",
        step="Story",
        required=True,
    )
    attributes: list[str] | None = many(
        "dimension", "What the story tells of the person", "Several may apply.", step="Story"
    )
    attribute_shown: str | None = choice(
        "dimension", "What may be printed of it", "At most one of them.", step="Story"
    )
    consent_quote: str | None = choice(
        "yes_no",
        "May we print your story without your name?",
        "Only with a yes is the story kept.",
        step="Consent",
        required=True,
    )
    consent_notice: str | None = line(
        "Version of the notice",
        "The version printed at the foot of the notice that was shown.",
        step="Consent",
    )
    consent_date: str | None = day("Date of consent", "The day on which they agreed.", step="Consent")
    looked_by: str | None = line(
        "Looked at by", "The second person who looked for anything that points to the person.", step="Consent"
    )
    looked_on: str | None = day("Looked at on", "The day on which they looked.", step="Consent", listed=True)
