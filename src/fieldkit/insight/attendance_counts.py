"""Who came, event by event: people by name, visits, and people counted without names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fieldkit.insight.people import spelling
from fieldkit.insight.summary_model import Attended
from fieldkit.records.head_counts import EVERYBODY, HeadCount, head_counts_of
from fieldkit.spelling import folded

if TYPE_CHECKING:
    import pandas as pd

NOT_HELD = "not-held"
"""The code of the row for links to records that are not held here; "" is the code for no answer."""
_NO_EVENT = {"": "no event", NOT_HELD: "event not held here"}


def by_event(events: pd.DataFrame, attendance: pd.DataFrame, comments: pd.DataFrame) -> list[Attended]:
    """Every event with attendance or feedback, the latest first; records without an event here come last."""
    held = dict(zip(events["record_id"], zip(events["title"], events["date"], strict=True), strict=True))
    figures: dict[str, list[int]] = {}

    def put(at: int, event_id: Any, number: int) -> None:
        known = event_id if event_id in held else NOT_HELD if isinstance(event_id, str) and event_id else ""
        figures.setdefault(known, [0, 0, 0, 0])[at] += number

    for event_id, number in _visits(attendance)["event"].value_counts(dropna=False).items():
        put(0, event_id, int(number))
    for event_id, counts in _head_counts(attendance).items():
        attended = head_counts_of(counts)
        put(1, event_id, attended.total)
        put(3, event_id, attended.not_added)
    for event_id, number in comments["event"].value_counts(dropna=False).items():
        put(2, event_id, int(number))
    rows = []
    for event_id, numbers in figures.items():
        title, date = held.get(event_id, (_NO_EVENT.get(event_id), None))
        if any(numbers):
            rows.append(Attended(event_id, title if isinstance(title, str) else "", _iso(date), *numbers))
    rows.sort(key=lambda row: (row.title, row.id))
    rows.sort(key=lambda row: row.date, reverse=True)
    rows.sort(key=lambda row: (row.id in _NO_EVENT, row.id == ""))
    return rows


def people_and_visits(attendance: pd.DataFrame) -> tuple[int, int]:
    """How many people were checked in by name, and their visits: one person at one event, however often checked in."""
    visits = _visits(attendance)
    return int(visits["person"].nunique()), len(visits)


def same_names(attendance: pd.DataFrame, people: pd.DataFrame) -> int:
    """How many of the people checked in share their name and organisation with another of them."""
    came = people[people["record_id"].isin(attendance["person"].dropna().astype(object))]
    keys = [
        (name, organisation)
        for name, organisation in zip(spelling(came["name"]), spelling(came["organisation"]), strict=True)
        if name
    ]
    return len(keys) - len(set(keys))


def same_events(rows: list[Attended]) -> int:
    """How many events share their title and date with another event."""
    keys = [(folded(row.title), row.date) for row in rows if row.title and row.date]
    return len(keys) - len(set(keys))


def _visits(attendance: pd.DataFrame) -> pd.DataFrame:
    named = attendance.loc[attendance["person"].notna(), ["event", "person"]]
    return named.astype(object).drop_duplicates()


def _head_counts(attendance: pd.DataFrame) -> dict[str, list[HeadCount]]:
    """The counts of people without names of each event ("" for none)."""
    unnamed = attendance[attendance["head_count"].notna() & attendance["person"].isna()]
    counts: dict[str, list[HeadCount]] = {}
    columns = (
        unnamed[name].astype(object)
        for name in ("event", "attendee_group", "head_count", "origin", "reference")
    )
    for event_id, group, number, laptop, reference in zip(*columns, strict=True):
        count = HeadCount(_text(group) or EVERYBODY, int(number), _text(laptop), _text(reference) or None)
        counts.setdefault(_text(event_id), []).append(count)
    return counts


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _iso(day: Any) -> str:
    return "" if day is None or day != day else str(day)[:10]
