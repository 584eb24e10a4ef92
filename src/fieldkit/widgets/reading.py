"""Dates, times and numbers as people type them, and as records keep them."""

from __future__ import annotations

import re
from datetime import date, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\- ]+(\d{1,2}|[a-z]{3,9})(?:[/.\- ,]+(\d{4}|\d{2}))?\Z")
_TIME = re.compile(r"(\d{1,2})(?:[:.h]?([0-5]\d))?\s*(am|pm)?\Z")


def read_date(typed: str, today: date) -> str | None:
    """`typed` as YYYY-MM-DD: 27/10/2026, 27.10.26, 27 Oct, 2026-10-27, t or today, y or yesterday; None if
    it is no date.
    """
    words = typed.strip().lower()
    if words in {"t", "today"}:
        return today.isoformat()
    if words in {"y", "yesterday"}:
        return (today - timedelta(days=1)).isoformat()
    if match := _ISO.match(words):
        year, month, day = (int(part) for part in match.groups())
    elif match := _DAY_FIRST.match(words):
        day = int(match[1])
        month = int(match[2]) if match[2].isdigit() else _month(match[2])
        year = int(match[3] or today.year)
        if year < 100:
            year += 2000 if year <= today.year % 100 + 20 else 1900
    else:
        return None
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found.isoformat() if 1900 <= year <= 2199 else None


def _month(word: str) -> int:
    """The number of a month's name or its start; 0 if it is none."""
    short = word[:3]
    number = _MONTHS.index(short) + 1 if short in _MONTHS else 0
    return number if number and _LONG_MONTHS[number - 1].lower().startswith(word.removesuffix("t")) else 0


def typed_date(iso: str) -> str:
    """YYYY-MM-DD as it is typed: 27/10/2026."""
    year, month, day = iso.split("-")
    return f"{day}/{month}/{year}"


def said_date(iso: str) -> str:
    """YYYY-MM-DD in words: Tue 27 Oct 2026."""
    day = date.fromisoformat(iso)
    return f"{_DAYS[day.weekday()]} {day.day} {_LONG_MONTHS[day.month - 1][:3]} {day.year}"


def read_time(typed: str) -> str | None:
    """`typed` as HH:MM: 14:30, 14.30, 1430, 2pm, 9; None if it is no time of day."""
    match = _TIME.match(typed.strip().lower())
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    return f"{hour:02}:{minute:02}" if hour <= 23 else None


def read_number(typed: str) -> int | None:
    """`typed` as a whole number, spaces and commas between thousands allowed; None if it is none."""
    digits = typed.strip().replace(",", "").replace(" ", "")
    return int(digits) if re.fullmatch(r"[0-9]{1,12}", digits) else None
