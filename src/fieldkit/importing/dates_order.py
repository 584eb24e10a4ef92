"""The order in which the dates of a column are written, and the doubts that it leaves."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from fieldkit.importing.choices import ColumnChoices, Doubt
from fieldkit.records.schema.dates import MonthFirst, parse_date, short_date, two_numbers
from fieldkit.text import as_typed, shortened

_EXAMPLES = 3
_FEWEST_CERTAIN = 5
"""The least number of certain dates against which others are compared."""
_STRONG = 2
"""The least evidence that overrides day first, which most people here write."""
_OLDEST = date(1990, 1, 1)
"""Nobody recorded earlier what fieldkit records: an older date comes from a wrong century or a wrong epoch."""
_YEAR_FIRST = re.compile(r"\s*[0-9]{4}[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])")
_GAP = timedelta(days=8 * 366)
"""A longer gap between dates of one file means a wrong digit in a year: nobody continues a table after so long."""
_FUTURE = timedelta(days=3 * 366)


@dataclass
class DateColumn:
    """What the distinct cells of one column show about the order of its dates."""

    day_first: list[str]
    """Texts that are a date only with the day first."""
    month_first: list[str]
    either: list[str]
    """Texts that are two different dates, depending on the order; in the order of the file."""
    sequence: list[str]
    """`either`, plus the texts that are the same date in both orders, in the order of the file."""
    real: list[date]
    """Cells that the spreadsheet itself stores as dates."""
    named: int
    """Texts with the year first or the month in words."""


def survey(values: Mapping[Any, int]) -> DateColumn:
    """Sort the distinct cells of a column by what they may mean."""
    column = DateColumn([], [], [], [], [], 0)
    for raw in values:
        if isinstance(raw, datetime | date):
            column.real.append(raw.date() if isinstance(raw, datetime) else raw)
            continue
        if not isinstance(raw, str):
            continue
        text = as_typed(raw)
        pair = two_numbers(text)
        if pair is None:
            column.named += _date(text, False) is not None
            continue
        first, second = pair
        if first == second:
            column.named += 1
            column.sequence.append(text)
        elif first <= 12 and second <= 12:
            weekday = re.match(r"[A-Za-z]{3,}", text)
            as_day, as_month = _date(text, False), _date(text, True)
            if weekday and (as_day is None) != (as_month is None):
                (column.day_first if as_day else column.month_first).append(text)
            else:
                column.either.append(text)
                column.sequence.append(text)
        elif second <= 12 < first:
            column.day_first.append(text)
        elif first <= 12 < second:
            column.month_first.append(text)
    return column


def order_of(column: DateColumn, choices: ColumnChoices, general: str) -> MonthFirst:
    """Whether the month comes first in the texts of a column: as chosen, or else by the evidence of the dates."""
    chosen = choices.dates or general
    if chosen:
        return chosen == "month-first"
    if column.month_first and not column.day_first:
        return True
    if not column.day_first and not column.month_first and column.either:
        return _evidence(column.sequence) >= _STRONG
    return False


def doubts(
    name: str, column: DateColumn, choices: ColumnChoices, general: str, values: Mapping[Any, Any]
) -> list[Doubt]:
    """What a user must resolve before the dates of a column are stored. `values` gives what each cell became."""
    listed: list[Doubt] = []
    month_first = order_of(column, choices, general)
    texts = len(column.day_first) + len(column.month_first) + len(column.either)
    unanswered = not general and not choices.dates and (column.month_first or column.either)
    if unanswered and (doubt := _order(name, column, month_first)):
        listed.append(doubt)
    if column.real and texts and all(day.day <= 12 for day in column.real):
        only = sorted({short_date(day.isoformat()) for day in column.real})
        swap = swaps(column, choices)
        answers = ({"real_dates": "swapped"}, {"real_dates": "as-they-are"})
        listed.append(
            Doubt(
                "mixed-dates",
                name,
                f"Some cells are dates, others text. All the dates have a day up to 12 ({_examples(only)}): "
                "the spreadsheet program has probably swapped day and month in them"
                + (", so they were swapped back." if swap else "; they were read as they are."),
                answers[not swap],
                answers[swap],
                "cells that are dates are right as they are"
                if swap
                else "day and month must change places in cells that are dates",
            )
        )
    listed += _year_day_month(name, values)
    listed += _centuries(name, values)
    return listed


def _year_day_month(name: str, values: Mapping[Any, Any]) -> list[Doubt]:
    """A date such as 2026-13-02 shows that other dates, too, may be written year, day, month."""
    odd = [raw for raw in values if isinstance(raw, str) and _day_in_the_middle(raw)]
    either = [
        raw
        for raw, value in values.items()
        if value and isinstance(raw, str) and _YEAR_FIRST.match(as_typed(raw))
    ]
    if not odd or not either:
        return []
    return [
        Doubt(
            "year-day-month",
            name,
            f"{_examples(odd)}: after the year the day comes first there. {_examples(either)} may be written so, too, and "
            "were read with the month first. Ask the person who made the file.",
            {"resolved": "year-day-month"},
        )
    ]


def _day_in_the_middle(text: str) -> bool:
    match = _YEAR_FIRST.match(as_typed(text))
    return match is not None and int(match[1]) > 12 and 1 <= int(match[2]) <= 12


def swaps(column: DateColumn, choices: ColumnChoices) -> bool:
    """Whether to exchange day and month in cells that are dates: as chosen, or else by the evidence.

    A spreadsheet program of another country turns what it can read (days up to 12) into dates, and leaves the rest as text.
    """
    if choices.real_dates:
        return choices.real_dates == "swapped"
    texts = bool(column.day_first) != bool(column.month_first)
    return texts and not column.either and bool(column.real) and all(day.day <= 12 for day in column.real)


def swapped(day: date) -> date:
    """`day` with day and month exchanged, or unchanged if that is not a date."""
    try:
        return day.replace(month=day.day, day=day.month)
    except ValueError:
        return day


def _order(name: str, column: DateColumn, month_first: bool) -> Doubt | None:
    if column.day_first and column.month_first:
        sentence = (
            f"Some dates have the day first ({_examples(column.day_first)}), others the month "
            f"({_examples(column.month_first)})"
            + (f"; {_examples(column.either)} can be read either way." if column.either else ".")
            + " Ask the person who made the file."
        )
    elif column.month_first:
        sentence = f"These dates have the month first ({_examples(column.month_first)})" + (
            f", so all of the column is read so ({_read(column.either, True)})." if column.either else "."
        )
    elif column.day_first:
        if outside := _outside(column):
            return Doubt(
                "order-of-dates",
                name,
                f"{_examples(outside)}: with the day first they are far from the other dates, with the month first among "
                "them. Ask the person who made the file.",
                {"dates": "day-first"},
                {"dates": "month-first"},
                "the month comes first",
            )
        if _evidence(column.sequence) < _STRONG:
            return None
        sentence = (
            f"Some dates have the day first ({_examples(column.day_first)}), but {_examples(column.either)} follow "
            "each other only with the month first."
        )
    else:
        evidence = _evidence(column.sequence)
        if evidence < 0:
            return None
        sentence = (
            f"These dates can be read either way ({_examples(column.either)}). "
            f"They were read with the {'month' if month_first else 'day'} first: {_read(column.either, month_first)}."
        )
    orders = ("month-first", "day-first") if month_first else ("day-first", "month-first")
    return Doubt(
        "order-of-dates",
        name,
        sentence,
        {"dates": orders[0]},
        {"dates": orders[1]},
        f"the {'day' if month_first else 'month'} comes first",
    )


def _evidence(either: list[str]) -> int:
    """The evidence of dates that can be read either way: below 0 for day first, above 0 for month first, 0 for neither.

    Dates in the future and dates that run backwards count against a reading. So does a range of more than a month, if the
    other reading lies within a month.
    """
    by_day = [day for text in either if (day := _date(text, False))]
    by_month = [day for text in either if (day := _date(text, True))]
    if not by_day or not by_month:
        return 0
    tomorrow = date.today() + timedelta(days=1)
    evidence = 0
    if date.today().year >= 2026:
        evidence += 2 * ((max(by_day) > tomorrow) - (max(by_month) > tomorrow))
    if len(either) > 2:
        evidence += 2 * (_ascending(by_month) - _ascending(by_day))
    spread_day, spread_month = max(by_day) - min(by_day), max(by_month) - min(by_month)
    close = timedelta(days=31)
    evidence += (spread_month <= close < spread_day) - (spread_day <= close < spread_month)
    return evidence


def _outside(column: DateColumn) -> list[str]:
    """Dates that can be read either way but, read day first, lie far from the dates that are certain."""
    certain = sorted(day for text in column.day_first if (day := _date(text, False)))
    if len(certain) < _FEWEST_CERTAIN:
        return []
    first, last, near = certain[0], certain[-1], timedelta(days=45)
    outside = []
    for text in column.either:
        by_day, by_month = _date(text, False), _date(text, True)
        if by_day and by_month and not first - near <= by_day <= last + near and first <= by_month <= last:
            outside.append(text)
    return outside


def _ascending(days: list[date]) -> bool:
    return all(before <= after for before, after in itertools.pairwise(days))


def _centuries(name: str, values: Mapping[Any, Any]) -> list[Doubt]:
    odd: list[str] = []
    latest = date.today() + _FUTURE
    apart = _apart(values.values())
    for raw, value in values.items():
        when = _iso(value)
        if when is not None and (when in apart or not _OLDEST <= when <= max(latest, date(2029, 1, 1))):
            odd.append(f"{shortened(str(raw), 30)} became {short_date(value)}")
    if not odd:
        return []
    return [
        Doubt("century", name, f"Look at the years: {_examples(odd)}.", {"resolved": "century"}),
    ]


def _apart(values: Iterable[Any]) -> set[date]:
    """The dates that a gap of years separates from most of the others."""
    days = sorted({day for value in values if (day := _iso(value))})
    gaps = [place for place in range(1, len(days)) if days[place] - days[place - 1] > _GAP]
    runs = [days[start:end] for start, end in itertools.pairwise([0, *gaps, len(days)])]
    longest = max(runs, key=len, default=[])
    return {day for run in runs if run is not longest for day in run}


def _iso(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _date(text: str, month_first: bool) -> date | None:
    try:
        day = parse_date(text, month_first=month_first)
    except ValueError:
        return None
    return date.fromisoformat(day) if day else None


def _examples(texts: list[str]) -> str:
    more = f" and {len(texts) - _EXAMPLES:,} more" if len(texts) > _EXAMPLES else ""
    return ", ".join(shortened(text) for text in texts[:_EXAMPLES]) + more


def _read(texts: list[str], month_first: bool) -> str:
    read = []
    for text in texts[:_EXAMPLES]:
        day = _date(text, month_first)
        read.append(f"{shortened(text, 30)} is {short_date(day.isoformat())}" if day else shortened(text, 30))
    return ", ".join(read)
