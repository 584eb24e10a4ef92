"""Whole numbers as people type them; light, so that forms can use it before the models are loaded."""

from __future__ import annotations

import re

_WHOLE = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,12})(?:\.(?:0{1,2}|0{4,6}))?")
DOT_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3}){1,3}")
"""1.000 or 12.500: with the point of some countries one thousand, with that of others one."""


def parse_number(text: str) -> int | None:
    """`words` as a whole number; None if they are no such number.

    A comma is read only where it parts thousands: 1,250 is a number, 1,5 is not. So is a full stop with zeros alone
    behind it, unless they are three: 1.000 may be one or one thousand.
    """
    text = text.strip()
    return int(text.partition(".")[0].replace(",", "")) if _WHOLE.fullmatch(text) else None
