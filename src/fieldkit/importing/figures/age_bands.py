"""Age bands as they are published, read into their first and last year."""

from __future__ import annotations

import re

from fieldkit.text import clean_line

_YEARS = r"(?:\s*(?:years?|yrs?)(?:\s+old)?)?"
_BEFORE = r"(?:aged?s?\s*)?"
_RANGE = re.compile(rf"{_BEFORE}([0-9]{{1,3}}){_YEARS}\s*(?:[-‐‑‒–—−]|to|and)\s*([0-9]{{1,3}}){_YEARS}")
_OVER = re.compile(
    rf"{_BEFORE}([0-9]{{1,3}}){_YEARS}\s*(?:\+|plus|and over|or over|and above|and older|or older|years and over)"
)
_OVER_FIRST = re.compile(rf"{_BEFORE}(≥|>=|>|over|at least)\s*([0-9]{{1,3}}){_YEARS}")
_UNDER = re.compile(rf"{_BEFORE}(≤|<=|<|under|below|up to)\s*([0-9]{{1,3}}){_YEARS}")
_AND_UNDER = re.compile(rf"{_BEFORE}([0-9]{{1,3}}){_YEARS}\s*(?:and under|or under|and younger|or younger)")
_SINGLE_AGE = re.compile(rf"{_BEFORE}([0-9]{{1,3}}){_YEARS}")
#: Bands of the monitoring questions that are not written as FIRST-LAST.
_OURS = {"0-15": "under-16", "85-over": "85-over"}


def age_span(label: str) -> tuple[int, int | None] | None:
    """First and last year of a band (None: no upper limit), or None if it is not an age band."""
    text = clean_line(label).casefold()
    if match := _RANGE.fullmatch(text):
        first, last = int(match[1]), int(match[2])
        return (first, last) if first <= last else None
    if match := _OVER.fullmatch(text):
        return int(match[1]), None
    if match := _OVER_FIRST.fullmatch(text):
        return int(match[2]) + (match[1] in {">", "over"}), None
    if match := _UNDER.fullmatch(text):
        last = int(match[2]) - (match[1] in {"<", "under", "below"})
        return (0, last) if last >= 0 else None
    if match := _AND_UNDER.fullmatch(text):
        return 0, int(match[1])
    if (match := _SINGLE_AGE.fullmatch(text)) and (match[0] != match[1] or len(match[1]) < 3):
        return int(match[1]), int(match[1])
    return None


def age_code(label: str) -> str:
    """The code of a band: `18-25`, `90-over`, or the monitoring questions' own code if they have the band; "" if not a band."""
    span = age_span(label)
    if span is None:
        return ""
    code = f"{span[0]}-{'over' if span[1] is None else span[1]}"
    return _OURS.get(code, code)
