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
_ONE = re.compile(rf"{_BEFORE}([0-9]{{1,3}}){_YEARS}")
#: Bands of the monitoring questions that are not written FIRST-LAST.
_OURS = {"0-15": "under-16", "85-over": "85-over"}


def age_span(label: str) -> tuple[int, int | None] | None:
    """First and last year of a band (None: no last), or None for what is no band of ages."""
    text = clean_line(label).casefold()
    if found := _RANGE.fullmatch(text):
        first, last = int(found[1]), int(found[2])
        return (first, last) if first <= last else None
    if found := _OVER.fullmatch(text):
        return int(found[1]), None
    if found := _OVER_FIRST.fullmatch(text):
        return int(found[2]) + (found[1] in {">", "over"}), None
    if found := _UNDER.fullmatch(text):
        last = int(found[2]) - (found[1] in {"<", "under", "below"})
        return (0, last) if last >= 0 else None
    if found := _AND_UNDER.fullmatch(text):
        return 0, int(found[1])
    if (found := _ONE.fullmatch(text)) and (found[0] != found[1] or len(found[1]) < 3):
        return int(found[1]), int(found[1])
    return None


def age_code(label: str) -> str:
    """The code of a band: `18-25`, `90-over`, the monitoring questions' own where it is one of theirs; "" for no band."""
    span = age_span(label)
    if span is None:
        return ""
    code = f"{span[0]}-{'over' if span[1] is None else span[1]}"
    return _OURS.get(code, code)
