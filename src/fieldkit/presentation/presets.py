"""The day, the event and the time that a new record begins with. Forms show them; commands state those that nobody typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fieldkit.presentation.record_names import line_of
from fieldkit.presentation.stall.event_day import is_under_way
from fieldkit.records.schema.kind import Kind, Values
from fieldkit.records.schema.parse import labelled
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.local.known_settings import EVENT


def day_and_event(kit: Kit, kind: Kind) -> Values:
    """The day and the event chosen on this laptop, if the kind has such fields and the event is still here.

    The day is today, or the event's day if it is over: whoever writes up an earlier event means that day. An event has no
    preset date: events are recorded before and after their day. Nor does a response, which may not have come yet.
    """
    presets: Values = {}
    event, now = _chosen_event(kit, kind), datetime.now()
    if "date" in kind.fields and kind.name not in {"event", "response"}:
        presets["date"] = now.date().isoformat()
        if event is not None and not is_under_way(event.values, now):
            presets["date"] = min(presets["date"], str(event.values["date"]))
    if event is not None:
        presets["event"] = event.record_id
    return presets


def time_now(kit: Kit, kind: Kind) -> Values:
    """The time of day, for fields that hold when somebody came or something was said.

    Empty at an event of another day: the clock can't tell when somebody came to that one.
    """
    event, now = _chosen_event(kit, kind), datetime.now()
    if event is not None and not is_under_way(event.values, now):
        return {}
    return {name: now.strftime("%H:%M") for name in ("time", "arrived") if name in kind.fields}


def _chosen_event(kit: Kit, kind: Kind) -> Stored | None:
    """The event chosen on this laptop, if it is still here and the kind has a field for it."""
    chosen = kit.settings.get(EVENT) if "event" in kind.fields else ""
    event = kit.many("event", [chosen]).get(chosen) if chosen else None
    return None if event is None or event.deleted else event


def presets_in_words(kit: Kit, kind: Kind, presets: Mapping[str, Any]) -> list[str]:
    """A line for each preset that a command stored, saying how to change it."""
    lines = []
    for name, value in presets.items():
        spec = kind.fields[name]
        if spec.link:
            shown = line_of(kit, kit.get(value, spec.link), kit.terms())
            lines.append(f"{spec.title}: {shown} (chosen on this laptop; change with --set {name}=…)")
        else:
            day = "today" if value == datetime.now().date().isoformat() else "the day of the event"
            lines.append(f"{spec.title}: {labelled(spec, value)} ({day}; change with --set {name}=…)")
    return lines
