"""Whole numbers as people type them; a light module, so that forms can use it before the models are loaded."""

from __future__ import annotations

import re

from fieldkit.text import as_typed

_WHOLE = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,12})(?:\.(?:0{1,2}|0{4,6}))?")
DOT_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3}){1,3}")
"""1.000 or 12.500: 1.000 is one thousand in some countries and one in others."""


def parse_number(text: str) -> int | None:
    """`text` as a whole number; None if it is not one.

    A comma is read only as a separator of thousands: 1,250 is a number, 1,5 is not. A full stop is read only before zeros,
    and not before exactly three: 1.000 may be one or one thousand.
    """
    text = as_typed(text)
    return int(text.partition(".")[0].replace(",", "")) if _WHOLE.fullmatch(text) else None
