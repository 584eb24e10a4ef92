"""The day, the event and the time that a new record begins with. Forms show them; commands say what nobody typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fieldkit.presentation.record_names import line_of
from fieldkit.records.schema.kind import Kind, Values
from fieldkit.records.schema.parse import labelled
from fieldkit.store.kit import Kit
from fieldkit.store.local.setting import EVENT


def day_and_event(kit: Kit, kind: Kind) -> Values:
    """Today's date and the event chosen on this laptop, as far as the kind has such fields and the event is still here.

    An event's own date is not preset: events are recorded before and after their day. Nor is that of a response, which
    may not have come yet.
    """
    found: Values = {}
    if "date" in kind.fields and kind.name not in {"event", "response"}:
        found["date"] = datetime.now().date().isoformat()
    if "event" in kind.fields:
        chosen = kit.settings.get(EVENT)
        event = kit.many("event", [chosen]).get(chosen) if chosen else None
        if event is not None and not event.deleted:
            found["event"] = chosen
    return found


def time_now(kind: Kind) -> Values:
    """The time of day for the fields that say when somebody came, or something was said."""
    return {name: datetime.now().strftime("%H:%M") for name in ("time", "arrived") if name in kind.fields}


def presets_in_words(kit: Kit, kind: Kind, presets: Mapping[str, Any]) -> list[str]:
    """A line for each preset that a command stored, with the way to change it."""
    lines = []
    for name, value in presets.items():
        spec = kind.fields[name]
        if spec.link:
            shown = line_of(kit, kit.get(value, spec.link), kit.terms())
            lines.append(f"{spec.title}: {shown} (chosen on this laptop; change with --set {name}=…)")
        else:
            lines.append(f"{spec.title}: {labelled(spec, value)} (today; change with --set {name}=…)")
    return lines
