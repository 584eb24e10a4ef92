"""Mentorships: who mentors whom, at which level, towards which goals."""

from __future__ import annotations

from fieldkit.records.schema.field import choice, day, link, text
from fieldkit.records.schema.kind import Kind, Record, Values, register


def _two_people(values: Values) -> dict[str, str]:
    if values.get("mentor") is not None and values.get("mentor") == values.get("mentee"):
        return {"mentee": "Mentor and mentee are the same person: choose two people."}
    return {}


MENTORSHIP = Kind(
    "mentorship",
    "Mentorship",
    "mentorships",
    "A mentor and a mentee who meet, with their level and goals.",
    says_where=True,
    label=("mentor", "mentee", "level"),
    rules=(_two_people,),
)


@register(MENTORSHIP)
class Mentorship(Record, table=True):
    """One mentor and one mentee."""

    mentor: str | None = link(
        "person", "Mentor", "Who gives their time.", step="Who", required=True, listed=True
    )
    mentee: str | None = link("person", "Mentee", "Who is supported.", step="Who", required=True, listed=True)
    level: str | None = choice(
        "mentoring_level",
        "Level",
        "Left empty, it follows the mentee's pay band.",
        step="Who",
        listed=True,
        follows=("mentee", "band"),
    )
    status: str | None = choice(
        "mentorship_status", "State", "Are they still meeting?", step="Who", default="active", listed=True
    )
    start_date: str | None = day("Started", "The day of the first meeting.", step="Who", listed=True)
    goals: str | None = text(
        "Goals", "What the mentee wants to reach, in words that may be shared.", step="Goals"
    )
    code_of_conduct: str | None = choice(
        "yes_no", "Code of conduct agreed", "Have both agreed to the values and the code?", step="Goals"
    )
    code_date: str | None = day("Date agreed", "The day on which they agreed to the code.", step="Goals")
