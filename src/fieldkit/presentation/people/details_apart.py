"""Details that distinguish people of one name: organisation, first event, and the day and laptop of each record."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from fieldkit.presentation.exchange.device_names import DeviceNames
from fieldkit.presentation.wording import date_and_time, day
from fieldkit.records.schema.dates import short_date
from fieldkit.store.kit import Kit, Stored

_MOST = 2


def details_apart(kit: Kit, groups: Sequence[Collection[str]]) -> list[dict[str, str]]:
    """For each group of people: record id -> the few details that distinguish each from the others. Call it in a thread.

    People who differ in nothing else are distinguished by the minute of recording; people imported together, by the ends of
    their ids.
    """
    people = {person_id for group in groups for person_id in group}
    if not people:
        return [{} for _ in groups]
    held, devices, now = kit.many("person", people, apart=True), DeviceNames(kit), kit.clock()
    events = _first_events(kit, people)

    def details(person: Stored) -> tuple[str, ...]:
        return (
            str(person.values.get("organisation") or ""),
            events.get(person.record_id, ""),
            f"recorded {day(person.created, now)}",
            f"on {devices.of(person.origin)}",
            f"recorded {date_and_time(person.created)}",
        )

    return [
        _differing({person_id: details(held[person_id]) for person_id in group if person_id in held})
        for group in groups
    ]


def _differing(details: Mapping[str, Sequence[str]]) -> dict[str, str]:
    if not details:
        return {}
    *columns, minutes = zip(*details.values(), strict=True)
    places = [at for at, column in enumerate(columns) if len(set(column)) > 1]
    shown = {person_id: [row[at] for at in places if row[at]][:_MOST] for person_id, row in details.items()}
    if len(set(map(tuple, shown.values()))) < len(shown):
        differ = len(set(minutes)) == len(minutes)
        for person_id, parts in shown.items():
            parts.append(details[person_id][-1] if differ else f"id {person_id[-6:]}")
    return {person_id: " · ".join(parts) for person_id, parts in shown.items()}


def _first_events(kit: Kit, people: Collection[str]) -> dict[str, str]:
    """Record id -> the earliest event that a person came to, with its date."""
    came: dict[str, set[str]] = {}
    for person_id, event_id in kit.columns("attendance", ("person", "event"), apart=True):
        if person_id in people and event_id:
            came.setdefault(person_id, set()).add(event_id)
    held = kit.many("event", set[str]().union(*came.values()))
    first = {}
    for person_id, event_ids in came.items():
        events = [held[each].values for each in event_ids if each in held]
        if not events:
            continue
        earliest = min(events, key=lambda each: (str(each.get("date") or "9999"), str(each.get("title"))))
        title, date = str(earliest.get("title") or "an event"), str(earliest.get("date") or "")
        first[person_id] = f"{title}, {short_date(date)}" if date else title
    return first
