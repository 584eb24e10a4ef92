"""How many people came to an event and how much feedback was taken there: the same figures wherever they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.records.head_counts import EVERYBODY, HeadCount, HeadCounts, head_counts_of
from fieldkit.records.same_feedback import ROW_FIELDS, row_key
from fieldkit.store.kit import Kit


@dataclass(frozen=True)
class EventFigures:
    """Figures from all laptops, as far as this one knows.

    `people` were checked in by name, each counted once; `counted` were counted without names; `feedback` is comments, with a
    repeated row of a file counted once.
    """

    people: int
    counted: HeadCounts
    feedback: int


def event_figures(kit: Kit, event_id: str) -> EventFigures:
    """The figures of the event with this id. Call it in a thread."""
    return EventFigures(
        people_at(kit, event_id), head_counts_of(head_counts(kit, event_id)), feedback_at(kit, event_id)
    )


def people_at(kit: Kit, event_id: str) -> int:
    """How many people were checked in by name at an event; somebody checked in on two laptops counts once."""
    return kit.value_counts("attendance", "person", where={"event": event_id})[2]


def head_counts(kit: Kit, event_id: str) -> list[HeadCount]:
    """The counts of people without names at an event."""
    fields = ("attendee_group", "head_count", "origin", "reference")
    rows = kit.columns("attendance", fields, where={"event": event_id, "person": None})
    return [
        HeadCount(group or EVERYBODY, count, laptop, reference)
        for group, count, laptop, reference in rows
        if count
    ]


def feedback_at(kit: Kit, event_id: str) -> int:
    """How many comments were taken at an event."""
    here = {"event": event_id}
    total, from_files, references = kit.value_counts("feedback", "reference", where=here)
    if references == from_files:
        return total  # no row can be repeated: nothing more to read
    comments, rows = 0, set()
    for values in kit.columns("feedback", ROW_FIELDS, where=here):
        key = row_key(dict(zip(ROW_FIELDS, values, strict=True)))
        if key is None:
            comments += 1
        else:
            rows.add(key)
    return comments + len(rows)
