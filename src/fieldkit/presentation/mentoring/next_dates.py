"""When a mentor and a mentee meet next: choices such as "in 4 weeks", and the days that they mean."""

from __future__ import annotations

import re
from datetime import date, timedelta

from fieldkit.presentation.model.form_plan import Option
from fieldkit.records.schema.dates import short_date
from fieldkit.text import plural

ANOTHER_DAY, NO_DATE = "another-day", "no-date"
_WEEKS = (1, 2, 4, 6, 8, 12)
_MOST_WEEKS = 104
_IN_WEEKS = re.compile(r"(?:in )?([0-9]{1,3})(?: ?weeks?)?\Z")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def next_date_options(from_day: date) -> list[Option]:
    """The choices, counted from `from_day`. The code of each is its day, so what is read is what is stored."""
    days = [(weeks, from_day + timedelta(weeks=weeks)) for weeks in _WEEKS]
    choices = [
        (day.isoformat(), f"{plural(weeks, 'in 1 week', 'in {n} weeks')}, {_spoken(day)}")
        for weeks, day in days
    ]
    choices += [(ANOTHER_DAY, "another day"), (NO_DATE, "no date yet")]
    return [Option(code, label, key=str(key)) for key, (code, label) in enumerate(choices, 1)]


def next_date(choice: str) -> str:
    """The day (YYYY-MM-DD) of a choice; "" for no date, and for another day."""
    return "" if choice in {ANOTHER_DAY, NO_DATE} else choice


def weeks_after(typed: str, day: date) -> str:
    """The day (YYYY-MM-DD) meant by words such as `4`, `4 weeks` or `in 4 weeks`, counted from `day`; "" for none."""
    match = _IN_WEEKS.match(typed.strip().casefold())
    if match is None or not 1 <= int(match[1]) <= _MOST_WEEKS:
        return ""
    return (day + timedelta(weeks=int(match[1]))).isoformat()


def _spoken(day: date) -> str:
    return f"{_DAYS[day.weekday()]} {short_date(day.isoformat())}"
