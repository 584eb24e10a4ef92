"""Events: workshops, fairs, seminars and symposia where people meet."""

from __future__ import annotations

from fieldkit.records.kinds.partner import cluster_in_region
from fieldkit.records.schema.field import choice, clock, day, line, link, text
from fieldkit.records.schema.kind import Kind, Record, Values, register

_EVENING, _MORNING = "17:00", "06:00"


def _ends_after_start(values: Values) -> dict[str, str]:
    """The rule that an event ends after it starts; an evening event may end in the early morning."""
    starts, ends = values.get("starts"), values.get("ends")
    if not (isinstance(starts, str) and isinstance(ends, str)) or ends >= starts:
        return {}
    if starts >= _EVENING and ends <= _MORNING:
        return {}
    later = f", such as {int(ends[:2]) + 12}{ends[2:]}" if ends < "12:00" else ""
    return {"ends": f"It can't end at {ends} when it starts at {starts}: write the time of the end{later}."}


EVENT = Kind(
    "event",
    "Event",
    "events",
    "A workshop, fair, seminar or other meeting where people are met.",
    network=True,
    label=("title", "date", "place"),
    rules=(cluster_in_region, _ends_after_start),
)


@register(EVENT)
class Event(Record, table=True):
    """One day's event; one that lasts several days is recorded once for each day."""

    title: str | None = line(
        "Title", "What it is called on the poster.", step="Event", required=True, listed=True
    )
    event_kind: str | None = choice(
        "event_kind", "Kind", "What sort of event it is.", step="Event", listed=True
    )
    date: str | None = day("Date", "The day of the event.", step="Event", listed=True)
    starts: str | None = clock("Starts", "When the doors open, for example 10:00.", step="Event")
    ends: str | None = clock("Ends", "When it is over, for example 16:00.", step="Event")
    place: str | None = line("Place", "The building and the town.", step="Place", listed=True)
    region: str | None = choice("region", "Region", "The region it is in.", step="Place", listed=True)
    cluster: str | None = choice("cluster", "Cluster", "The cluster within the region.", step="Place")
    partner: str | None = link("partner", "Partner", "Who is the host.", step="Place")
    notes: str | None = text("Notes", "Anything the team should know.", step="Place")
