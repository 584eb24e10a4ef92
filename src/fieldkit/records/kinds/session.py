"""Mentoring sessions: date, length, mode, ratings and next actions. Private notes stay in `note.py`."""

from __future__ import annotations

from fieldkit.records.schema.dates import not_yet
from fieldkit.records.schema.field import choice, day, line, link, many, number, scale, text
from fieldkit.records.schema.kind import Kind, Record, Values, register


def _next_after(values: Values) -> dict[str, str]:
    date, next_date = values.get("date"), values.get("next_date")
    if date and next_date and next_date < date:
        return {"next_date": "The next meeting can't be before this one: look at both dates."}
    return {}


SESSION = Kind(
    "session",
    "Mentoring session",
    "mentoring sessions",
    "One meeting of a mentor and a mentee. Private notes are kept apart and never leave this laptop.",
    says_where=True,
    label=("date", "mentorship", "topics"),
    rules=(_next_after, not_yet),
)


@register(SESSION)
class Session(Record, table=True):
    """One mentoring session, without anything said in confidence."""

    mentorship: str | None = link(
        "mentorship", "Mentor and mentee", "Which pair met.", step="Session", required=True, listed=True
    )
    date: str | None = day("Date", "The day on which they met.", step="Session", required=True, listed=True)
    minutes: int | None = number(
        "Length in minutes", "Roughly is fine.", step="Session", minimum=1, maximum=600, listed=True
    )
    mode: str | None = choice("session_mode", "How they met", "", step="Session", listed=True)
    confidence: int | None = scale(
        "Confidence", "How confident the mentee feels, 0 not at all to 10 fully.", step="Ratings", listed=True
    )
    knowledge: int | None = scale(
        "Knowledge", "How much the mentee knows of what the goal needs, 0 nothing to 10 all.", step="Ratings"
    )
    skills: int | None = scale(
        "Skills", "How well the mentee can do what the goal needs, 0 not at all to 10 fully.", step="Ratings"
    )
    topics: str | None = line(
        "Topics", "What they talked about, in words that may be shared.", step="Next", length=500
    )
    grow: list[str] | None = many(
        "grow_stage", "Stages they reached", "Optional: goal, reality, options, way forward.", step="Next"
    )
    next_actions: str | None = text(
        "Next actions", "Who does what before the next meeting, in words that may be shared.", step="Next"
    )
    next_date: str | None = day("Next meeting", "The day on which they meet again.", step="Next")
