"""Values as cells of files for spreadsheet programs, and the reverse."""

from __future__ import annotations

import math
import unicodedata
from datetime import date, datetime, time
from typing import Any

from fieldkit.text import BLANK

Cell = str | int | float | bool | date | datetime | time | None


def neutralise(value: Any) -> Any:
    """`value` in a form that is safe in a spreadsheet: text that would act as a formula gets an apostrophe in front.

    Only text is changed: a negative number stays a number. `restore` removes the apostrophe.
    """
    return "'" + value if isinstance(value, str) and _may_be_formula(value) else value


def restore(value: Any) -> Any:
    """The value that was given to `neutralise`."""
    return value[1:] if isinstance(value, str) and value[:1] == "'" and _may_be_formula(value) else value


def _may_be_formula(text: str) -> bool:
    """Whether spreadsheet programs may take `text` for a formula: it begins with one of their signs, also full-width or
    small, after invisible or combining characters. Leading apostrophes don't count, so that a text which
    already has some survives `restore`.
    """
    if (first := text[:1]).isascii() and first.isalnum():
        return False
    rest = text.lstrip("'")
    if rest[:1] in {"\t", "\r"}:
        return True
    sign = next(
        (sign for sign in rest if unicodedata.category(sign)[0] not in "CMZ" and sign not in BLANK), ""
    )
    return bool(sign) and unicodedata.normalize("NFKC", sign)[0] in "=+-@"


def as_text(value: object) -> str:
    """Any value as the text of a CSV cell: ISO dates, TRUE or FALSE, whole numbers without `.0`, `a; b`."""
    if value is None:
        return ""
    if isinstance(value, str):
        # A lone surrogate can't be encoded; everything else is written unchanged.
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return "; ".join(as_text(part) for part in value)
    return as_text(str(value))


def csv_cell(value: object) -> str:
    """`value` as the text of a CSV cell that no spreadsheet program takes for a formula."""
    text = as_text(value)
    return str(neutralise(text)) if isinstance(value, str | list | tuple | set | frozenset) else text
