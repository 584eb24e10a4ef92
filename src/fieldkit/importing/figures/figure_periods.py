"""Periods as publishers write them, read into their first and last day."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from fieldkit.text import clean_line

_FINANCIAL = re.compile(r"(?:fy\s*)?((?:19|20)[0-9]{2})\s*[-/–]\s*((?:19|20)?[0-9]{2})(?:\s*\(?q([1-4])\)?)?")
_QUARTER_FIRST = re.compile(r"q([1-4])\s*(?:fy\s*)?((?:19|20)[0-9]{2})\s*[-/–]\s*((?:19|20)?[0-9]{2})")
_YEAR = re.compile(r"(?:calendar year |year |cy ?)?((?:19|20)[0-9]{2})")
_MONTH = re.compile(
    r"([a-z]{3,9})[\s-]+((?:19|20)[0-9]{2})|((?:19|20)[0-9]{2})[\s-]+([a-z]{3,9})|((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])"
)
_DAY = re.compile(r"((?:19|20)[0-9]{2})-([0-9]{2})-([0-9]{2})(?: 00:00(?::00)?)?")
_BRITISH_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/((?:19|20)[0-9]{2})")
_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name}
_TO = re.compile(r"\s+(?:to|until)\s+|\s*[–—]\s*|\s+-\s+|(?<=[0-9]{4})-(?=[0-9]{1,2}/)")
Period = tuple[date, date]


def period_of(label: str) -> Period | None:
    """First and last day of a period: `2024-25` (financial year), `2024/25 Q1`, `2023`, `April 2024`, two days; else None.

    A financial year begins on 1 April.
    """
    text = clean_line(label).casefold()
    if period := _single(text):
        return period
    ends = [_single(part) for part in _TO.split(text)]
    if len(ends) == 2 and ends[0] and ends[1] and ends[0][0] <= ends[1][1]:
        return ends[0][0], ends[1][1]
    return None


def _single(text: str) -> Period | None:
    try:
        if (match := _FINANCIAL.fullmatch(text)) and (period := _financial(match[1], match[2], match[3])):
            return period
        if match := _QUARTER_FIRST.fullmatch(text):
            return _financial(match[2], match[3], match[1])
        if match := _YEAR.fullmatch(text):
            return date(int(match[1]), 1, 1), date(int(match[1]), 12, 31)
        if match := _MONTH.fullmatch(text):
            month = _MONTHS.get(match[1] or match[4] or "", int(match[6] or 0))
            return _month(int(match[2] or match[3] or match[5]), month) if month else None
        if match := _DAY.fullmatch(text):
            day = date(int(match[1]), int(match[2]), int(match[3]))
            return day, day
        if match := _BRITISH_DAY.fullmatch(text):
            day = date(int(match[3]), int(match[2]), int(match[1]))
            return day, day
    except ValueError:
        return None
    return None


def _financial(first: str, second: str, quarter: str | None) -> Period | None:
    year = int(first)
    if int(second) % 100 != (year + 1) % 100:
        return None
    if not quarter:
        return date(year, 4, 1), date(year + 1, 3, 31)
    month = 3 * int(quarter) + 1
    begin = date(year + month // 13, (month - 1) % 12 + 1, 1)
    return begin, _month(*_two_later(begin))[1]


def _two_later(begin: date) -> tuple[int, int]:
    return begin.year + (begin.month + 1) // 12, (begin.month + 1) % 12 + 1


def _month(year: int, month: int) -> Period:
    first = date(year, month, 1)
    return first, date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
