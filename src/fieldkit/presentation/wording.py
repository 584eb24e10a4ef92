"""Numbers, sizes and times in words, for screens and commands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from fieldkit.text import plural

_DAY = 86_400_000
UNKNOWN_DATE = "date not known"
LOCK_RENEWED = (
    "The lock on this kit's key was weaker than it should be. It was renewed; the passphrase stays the same."
)
"""Shown once, when opening the kit renewed the lock."""
COPIED = "This kit's folder was copied at some time: what it records is kept apart from the copy's, nothing is lost."
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def size_of(size: int) -> str:
    """A file's size in words: 18 KB."""
    if size < 1_000:
        return counted(size, "byte")
    return f"{size / 1_000:,.0f} KB" if size < 1_000_000 else f"{size / 1_000_000:,.1f} MB"


def counted(number: int, singular: str, others: str = "") -> str:
    """`1 file`, `2 files`, `no files`."""
    return plural(number, f"1 {singular}", f"{'{n}' if number else 'no'} {others or singular + 's'}")


def all_counted(number: int, singular: str) -> str:
    """`both files`, `all 3 files`; for two or more."""
    return f"both {singular}s" if number == 2 else f"all {counted(number, singular)}"


def when(stamp: int, now: int) -> str:
    """A time, both in milliseconds since 1970: `14:02` today, `Thu 14:02` this week, otherwise `27 Oct 2026`."""
    try:
        then, today = datetime.fromtimestamp(stamp / 1000), datetime.fromtimestamp(now / 1000)
    except (ValueError, OverflowError, OSError):
        return UNKNOWN_DATE  # another laptop's clock may say anything
    clock = f"{then:%H:%M}"
    days = (today.date() - then.date()).days
    if days == 0:
        return clock
    if 0 < days < 7:
        return f"{_DAYS[then.weekday()]} {clock}"
    return _date(then)


def day(stamp: int, now: int) -> str:
    """The day of a time: `22 Nov`, with its year if that is not this one."""
    try:
        then, today = datetime.fromtimestamp(stamp / 1000), datetime.fromtimestamp(now / 1000)
    except (ValueError, OverflowError, OSError):
        return UNKNOWN_DATE
    year = "" if then.year == today.year else f" {then.year}"
    return f"{then.day} {_MONTHS[then.month - 1]}{year}"


def age(stamp: int, now: int) -> str:
    """How old something is: `from today`, `2 days old`. Days are the smallest unit: a screen may stay open for hours."""
    return f"{_days(stamp, now)} old" if now - stamp >= _DAY else "from today"


def six_words(fingerprint: str) -> str:
    """A laptop's six words in two rows, numbered, for comparing them with what somebody reads out."""
    numbered = [f"{number} {word:<11}" for number, word in enumerate(fingerprint.split(), 1)]
    return "\n".join("    " + "".join(numbered[at : at + 3]).rstrip() for at in range(0, len(numbered), 3))


def trust_question(fingerprint: str) -> str:
    """What to do before a laptop is trusted."""
    return (
        "Ask its user to read out the six words that “send and receive” shows there. They must be:\n\n"
        f"{six_words(fingerprint)}\n\nIf a word differs, say no: somebody else may have made this file."
    )


def ago(stamp: int, now: int) -> str:
    """How long ago something was: `12 days ago`, `today`."""
    return f"{_days(stamp, now)} ago" if now - stamp >= _DAY else "today"


def date_and_time(stamp: int) -> str:
    """A time in full, for what is kept or sent on: `27 Oct 2026 14:03`, in this laptop's time."""
    try:
        then = datetime.fromtimestamp(stamp / 1000)
    except (ValueError, OverflowError, OSError):
        return UNKNOWN_DATE
    return f"{_date(then)} {then:%H:%M}"


def _days(stamp: int, now: int) -> str:
    return counted((now - stamp) // _DAY, "day")


def _date(then: datetime) -> str:
    return f"{then.day} {_MONTHS[then.month - 1]} {then.year}"


def runs_shown(runs: Iterable[tuple[int, int]], most: int = 5) -> str:
    """Runs of numbers as people write them: 12, 1201-1350."""
    every = [str(first) if first == last else f"{first}-{last}" for first, last in runs]
    more = f" and {len(every) - most:,} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more


def not_understood(changes: int) -> str:
    """What a merge kept without understanding it; "" if nothing."""
    if not changes:
        return ""
    return plural(
        changes,
        "1 change holds answers that only another version of fieldkit knows. They are kept, "
        "and counted once this laptop has that version.",
        "{n} changes hold answers that only another version of fieldkit knows. They are kept, "
        "and counted once this laptop has that version.",
    )
