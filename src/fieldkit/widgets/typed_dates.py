"""Dates as people type them into a form, and as a form shows them."""

from __future__ import annotations

from datetime import date, timedelta

from fieldkit.records.schema.dates import parse_date, short_date

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def read_date(typed: str, today: date) -> str | None:
    """`typed` as YYYY-MM-DD, read like dates everywhere else; None if it is not a date.

    Forms show at once what they understood, so they accept shorter words too: t or today, y or yesterday, and a day and month
    of this year.
    """
    text = typed.strip().lower()
    if text in {"t", "today"}:
        return today.isoformat()
    if text in {"y", "yesterday"}:
        return (today - timedelta(days=1)).isoformat()
    day = parse_date(text) or parse_date(f"{text} {today.year}") or parse_date(f"{text}/{today.year}")
    return day if day and 1900 <= int(day[:4]) <= 2199 else None


def typed_date(iso: str) -> str:
    """YYYY-MM-DD as it is typed: 27/10/2026."""
    year, month, day = iso.split("-")
    return f"{day}/{month}/{year}"


def weekday_and_date(iso: str) -> str:
    """YYYY-MM-DD in words: Tue 27 Oct 2026."""
    return f"{_DAYS[date.fromisoformat(iso).weekday()]} {short_date(iso)}"
