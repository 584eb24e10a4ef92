"""Whether an event is under way now, and which events are on today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from fieldkit.records.schema.dates import short_date
from fieldkit.store.kit import Kit, Stored

_MOST = 50
_MORNING = "06:00"
"""An evening event may end in the early morning: until then it is still the day of the event."""


def is_under_way(event: Mapping[str, Any], now: datetime) -> bool:
    """Whether the clock gives arrival times at the event with these values: it is on today, or has no day."""
    day = event.get("date")
    if not day or day == now.date().isoformat():
        return True
    ends = str(event.get("ends") or "")
    evening = str(event.get("starts") or "") > ends > ""
    yesterday = (now.date() - timedelta(days=1)).isoformat()
    return evening and day == yesterday and f"{now:%H:%M}" <= _MORNING


def day_in_words(event: Mapping[str, Any]) -> str:
    """The day of an event: `27 Oct 2026`, "" if it has none."""
    return short_date(str(event["date"])) if event.get("date") else ""


def events_of(kit: Kit, day: date) -> list[Stored]:
    """The events of a day by starting time; those without a time last."""
    events = kit.page("event", 0, _MOST, where={"date": day.isoformat()})
    return sorted(events, key=lambda event: str(event.values.get("starts") or "99"))
