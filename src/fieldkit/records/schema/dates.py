"""Parsing dates and times of day as people in England write them, to YYYY-MM-DD and HH:MM."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from fieldkit.text import as_typed

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_SHORT_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_CLOCK_AFTER = re.compile(
    r"(?:[ ,]+|(?<=[0-9])t)(?:at )?[0-9]{1,2}(?:[:.][0-9]{2}|\s?[ap]\.?m)[0-9a-z:.+ ]{0,24}\Z"
)
_WEEKDAY = re.compile(r"(mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[ ,.]+")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})\Z")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\s?[-/.]\s?([0-9]{1,2})\s?[-/.]\s?([0-9]{4}|[0-9]{2})\Z")
_DAY_NAMED = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)?[ -.]{0,2}(?:of )?([a-z]{3,9})[ -.,]{0,2}([0-9]{4}|[0-9]{2})\Z"
)
_MONTH_NAMED = re.compile(r"([a-z]{3,9})[ .]{0,2}([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})\Z")
_CLOCK = re.compile(
    r"([0-9]{1,2})(?:[:.]([0-9]{2})(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)?\s?(am|pm|a\.m\.|p\.m\.)?\Z"
)
_CLOCK_RUN = re.compile(r"([0-9]{1,2})([0-9]{2})(?:hrs?|h)?\Z")


def not_yet(values: dict[str, Any]) -> dict[str, str]:
    """The rule that the date is not in the future; skipped if this laptop's clock shows a day before 2026."""
    today = date.today()
    written = values.get("date")
    if isinstance(written, str) and today.year >= 2026 and written > (today + timedelta(days=1)).isoformat():
        return {"date": f"{short_date(written)} has not come yet: look at the year."}
    return {}


def in_order(first: str, last: str) -> Callable[[dict[str, Any]], dict[str, str]]:
    """Make the rule that the day in the field `last` is not before the day in `first`."""

    def rule(values: dict[str, Any]) -> dict[str, str]:
        begins, ends = values.get(first), values.get(last)
        if isinstance(begins, str) and isinstance(ends, str) and ends < begins:
            return {last: f"{short_date(ends)} is before {short_date(begins)}: look at both dates."}
        return {}

    return rule


MonthFirst = bool
"""Whether the month comes before the day in dates of numbers, as in 10/27/2026."""


class WrongWeekday(ValueError):
    """A date written with the wrong day of the week."""


def parse_date(text: str, *, month_first: MonthFirst = False) -> str | None:
    """`text` as YYYY-MM-DD; None if there is no such date. The day comes before the month; a time after the date is ignored.

    Raises:
        WrongWeekday: it names a day of the week that does not match the date.
    """
    text = _CLOCK_AFTER.sub("", as_typed(text).lower())
    weekday = _WEEKDAY.match(text)
    if weekday:
        text = text[weekday.end() :]
    if match := _YEAR_FIRST.match(text):
        year, month, day = match.groups()
    elif match := _DAY_FIRST.match(text):
        day, month, year = match.groups()
        if month_first:
            day, month = month, day
    elif match := _DAY_NAMED.match(text):
        day, month, year = match.groups()
    elif match := _MONTH_NAMED.match(text):
        month, day, year = match.groups()
    else:
        return None
    try:
        when = date(_full_year(year), _MONTHS.get(month) or int(month), int(day))
    except ValueError:
        return None
    actual = _WEEKDAYS[when.weekday()]
    if weekday and actual[:3].lower() != weekday.group(1)[:3]:
        raise WrongWeekday(f"{short_date(when.isoformat())} is a {actual}.")
    return when.isoformat()


def two_numbers(text: str) -> tuple[int, int] | None:
    """The first two numbers of a date written in numbers with the year last; None for any other text."""
    text = _WEEKDAY.sub("", _CLOCK_AFTER.sub("", as_typed(text).lower()), count=1)
    match = _DAY_FIRST.match(text)
    return (int(match.group(1)), int(match.group(2))) if match else None


def _full_year(year: str) -> int:
    """Two digits mean the years 1970 to 2069."""
    number = int(year)
    return number if len(year) == 4 else number + (1900 if number >= 70 else 2000)


def short_date(value: str) -> str:
    """A canonical date as 27 Oct 2026; anything else unchanged."""
    try:
        when = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{when.day} {_SHORT_MONTHS[when.month - 1]} {when.year}"


def parse_time(text: str) -> str | None:
    """`text` as HH:MM; None if it is not a time of day. A bare hour needs am or pm."""
    text = as_typed(text).lower()
    if text in {"noon", "midday"}:
        return "12:00"
    match = _CLOCK.match(text)
    if match:
        hour, minute, half = match.groups()
        if minute is None and half is None:
            return None
    elif match := _CLOCK_RUN.match(text):
        (hour, minute), half = match.groups(), None
    else:
        return None
    hours, minutes = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half.startswith("p") else 0)
    return f"{hours:02}:{minutes:02}" if hours < 24 and minutes < 60 else None
