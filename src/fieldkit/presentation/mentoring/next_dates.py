"""When a mentor and a mentee meet next: choices such as "in 4 weeks", and the days that they mean."""

from __future__ import annotations

from datetime import date, timedelta

from fieldkit.presentation.model.form_plan import Option
from fieldkit.records.schema.dates import spoken_date
from fieldkit.text import plural

ANOTHER_DAY, NO_DATE = "another-day", "no-date"
_WEEKS = {"1": 1, "2": 2, "4": 4, "6": 6, "8": 8, "12": 12}
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def next_date_options(from_day: date) -> list[Option]:
    """The choices, counted from the day of the session."""
    choices = [
        (
            code,
            f"{plural(number, 'in 1 week', 'in {n} weeks')}, {_spoken(from_day + timedelta(weeks=number))}",
        )
        for code, number in _WEEKS.items()
    ]
    choices += [(ANOTHER_DAY, "another day"), (NO_DATE, "no date yet")]
    return [Option(code, label, key=str(key)) for key, (code, label) in enumerate(choices, 1)]


def next_date(choice: str, day: date) -> str:
    """The day (YYYY-MM-DD) that a choice means for a session of `day`; "" for none, and for another day."""
    return (day + timedelta(weeks=_WEEKS[choice])).isoformat() if choice in _WEEKS else ""


def _spoken(day: date) -> str:
    return f"{_DAYS[day.weekday()]} {spoken_date(day.isoformat())}"
