"""Attendance: one known person at an event, or a count of people who are not named."""

from __future__ import annotations

from fieldkit.records.schema.field import choice, clock, line, link, number
from fieldkit.records.schema.kind import Kind, Record, Values, register


def _person_or_count(values: Values) -> dict[str, str]:
    person = values.get("person") is not None
    group, count = values.get("attendee_group") is not None, values.get("head_count") is not None
    if person and (group or count):
        return {"person": "Either one person or a count, not both: make two entries."}
    if person or (group and count):
        return {}
    if group:
        return {"head_count": "Say how many were counted in this group."}
    if count:
        return {"attendee_group": "Who was counted? Choose a group; everybody will do."}
    return {"person": "Who came? Choose a person, or a group and how many."}


ATTENDANCE = Kind(
    "attendance",
    "Attendance",
    "attendances",
    "One person who came to an event, or a count of people who are not named.",
    label=("person", "head_count", "attendee_group", "arrived"),
    rules=(_person_or_count,),
)


@register(ATTENDANCE)
class Attendance(Record, table=True):
    """Either a person's attendance or a head count for a group, at one event."""

    event: str | None = link("event", "Event", "Where they came to.", required=True, listed=True)
    person: str | None = link("person", "Person", "Who came, if they agreed to be known.", listed=True)
    attendee_group: str | None = choice(
        "attendee_group", "Group", "For a count: who was counted.", listed=True
    )
    head_count: int | None = number(
        "How many", "For a count: how many people.", minimum=0, maximum=100_000, listed=True
    )
    arrived: str | None = clock(
        "Arrived", "When they came, or when you counted, for example 10:15.", listed=True
    )
    reference: str | None = line("Reference", "Where the row came from, such as its number in a file.")
