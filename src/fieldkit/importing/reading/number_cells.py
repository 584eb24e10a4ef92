"""The value of a cell that holds a number, compared with what a spreadsheet program shows for it.

It decides for all file formats: the value is read if shown and stored number agree; otherwise the cell has a fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from fieldkit.spreadsheets import Cell
from fieldkit.text import quoted

_FIRST_DAY = datetime(1899, 12, 30)
_FIRST_CERTAIN = 61
"""1 March 1900: programs disagree about earlier days, since some believe in a 29 February 1900."""
_LAST_DAY = 2_958_466
_LOST_DIGITS = 1e15
"""From this number on a cell no longer holds every digit that was typed."""
_PLAIN = re.compile(r"[-+−(]?\s*[0-9][0-9.,'’\s]*(?:E[-+]?[0-9]+)?\s*\)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DateParts:
    """The parts of a day and a time that a format shows. `elapsed`: hours may exceed 24, as in [h]:mm."""

    year: bool = False
    month: bool = False
    day: bool = False
    hour: bool = False
    minute: bool = False
    second: bool = False
    elapsed: bool = False
    weekday: bool = False

    @property
    def dated(self) -> bool:
        """Whether it shows any part of a day."""
        return self.year or self.month or self.day or self.weekday


WHOLE_DAY = DateParts(year=True, month=True, day=True)


def with_15_digits(value: float) -> float:
    """`value` with the 15 digits that spreadsheet programs keep: 0.3, not 0.30000000000000004."""
    return value if value.is_integer() else float(f"{value:.15g}")


def general_cell(value: float) -> tuple[Cell, str]:
    """The value of a cell that shows its number unchanged, and its fault if digits were lost."""
    if abs(value) < _LOST_DIGITS:
        return (value if value.is_integer() else float(f"{value:.15g}")), ""
    return written(value), (
        " holds a number of more than 15 digits, of which spreadsheet programs lose the last. Write it as text."
    )


def number_cell(value: float, shown: str) -> tuple[Cell, str]:
    """The value of a cell that holds `value` and shows `shown`: the number, or the text if it says more (00123, 50%).

    The second item is "" or, if the two disagree, a fault to follow the cell's name: " shows “3” but holds 2.6. …".
    """
    shown = " ".join(shown.split())
    if abs(value) >= _LOST_DIGITS:
        return general_cell(value)
    value = with_15_digits(value)
    if not shown:
        return (
            value,
            f" holds {written(value)} but shows nothing. Change its format or empty it in the spreadsheet.",
        )
    if _PLAIN.fullmatch(shown):
        if any(_same(value, number) for number in _readings(shown)):
            digits = shown.lstrip("-+−( ")
            return (shown, "") if digits[:1] == "0" and digits[1:2].isdecimal() else (value, "")
    elif not any(letter.isdecimal() for letter in shown) or _agrees(value, shown):
        return shown, ""
    return value, (
        f" shows {quoted(shown, 40)} but holds {written(value)}. Round the value or change its format in the spreadsheet, so "
        "that both are the same."
    )


def date_cell(days: float, parts: DateParts) -> tuple[Cell, str]:
    """The value of a cell that holds `days` since 30 December 1899 and shows `parts` of them; and its fault, if any."""
    if not parts.dated:
        return _time_cell(days, parts)
    if not _FIRST_CERTAIN <= days < _LAST_DAY:
        return written(with_15_digits(days)), (
            " holds a date before March 1900, or none at all. Programs count such days differently: write it as text."
        )
    moment = _moment(days)
    if not (parts.day and parts.month):
        shown = _partly(moment, parts)
        return shown, (
            f" shows “{shown}”, which is not a whole date (it holds {moment.day} {moment:%b %Y}). Show day, month and "
            "year in the spreadsheet, or write it as text."
        )
    return (moment if parts.hour else moment.date()), ""


def _time_cell(days: float, parts: DateParts) -> tuple[Cell, str]:
    if abs(days) >= _LAST_DAY:
        return written(
            with_15_digits(days)
        ), f" holds {written(with_15_digits(days))}, which is not a time. Correct it in the spreadsheet."
    seconds = round(days * 86_400)
    if parts.elapsed or not parts.hour:
        return _span(seconds), ""
    if days < 0:
        return _span(seconds), f" holds a time below zero ({_span(seconds)}). Correct it in the spreadsheet."
    if days < 1:
        minute, second = divmod(min(seconds, 86_399), 60)
        return time(minute // 60, minute % 60, second), ""
    if days < _FIRST_CERTAIN:
        shown = (datetime(2000, 1, 1) + timedelta(seconds=seconds % 86_400)).strftime("%H:%M")
        return _span(seconds), (
            f" shows “{shown}” but holds {_span(seconds)} hours. Change its format in the spreadsheet, for example to [h]:mm."
        )
    return _moment(days).time(), ""


def _moment(days: float) -> datetime:
    whole = int(days)
    return _FIRST_DAY + timedelta(days=whole, seconds=round((days - whole) * 86_400))


def days_of(moment: date | datetime) -> float:
    """Days since 30 December 1899, as spreadsheet programs count."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    return (moment.replace(tzinfo=None) - _FIRST_DAY) / timedelta(days=1)


def _span(seconds: int) -> str:
    """Hours, minutes and seconds, as 30:00:00."""
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'-' * (seconds < 0)}{minutes // 60}:{minutes % 60:02}:{rest:02}"


def _partly(moment: datetime, parts: DateParts) -> str:
    codes = (
        ("%A", parts.weekday),
        ("%d", parts.day),
        ("%b", parts.month),
        ("%Y", parts.year),
        ("%H:%M", parts.hour),
    )
    return moment.strftime(" ".join(code for code, shown in codes if shown))


def written(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"


def _same(value: float, number: float) -> bool:
    return abs(value - number) <= 1e-12 * max(abs(value), abs(number), 1e-300) * 10


def _readings(shown: str) -> list[float]:
    """The numbers that `shown` may mean, with the comma or the point as the decimal mark, to as many digits as are shown."""
    bare = re.sub(r"[\s'’]", "", shown).replace("−", "-")
    if bare.startswith("("):
        bare = "-" + bare.strip("()")
    numbers = []
    for candidate in (bare.replace(",", ""), bare.replace(".", "").replace(",", ".")):
        try:
            numbers.append(float(candidate))
        except ValueError:
            continue
    return numbers


def _agrees(value: float, shown: str) -> bool:
    """Whether the digits in `shown` are those of `value`, whatever surrounds them."""
    digits = "".join(filter(str.isdecimal, shown))
    if value.is_integer() and abs(value) < 1e15 and int(digits) == abs(int(value)):
        return True
    if not (number := re.search(r"[0-9][0-9.,'’\s]*", shown)):
        return False
    wanted = abs(value) * (100 if "%" in shown else 1)
    return any(_same(wanted, reading) for reading in _readings(number[0].strip().rstrip(".,")))
