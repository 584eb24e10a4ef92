"""Values as cells of files that spreadsheet programs will open, and back."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time
from typing import Any

# What no program draws: controls, and the characters that Unicode calls default-ignorable (DerivedCoreProperties.txt).
_UNSEEN = (
    r"\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e0fff"
)
# What spreadsheet programs take for a formula, also in full width and behind what is not seen. The apostrophes in front
# are counted in so that a text which already has some survives `restore`.
_DANGEROUS = rf"(?:[{_UNSEEN}]*[=+\-@＝＋－＠]|[\t\r])"
_TO_NEUTRALISE = re.compile(f"'*{_DANGEROUS}")
_TO_RESTORE = re.compile(f"'+{_DANGEROUS}")

Cell = str | int | float | bool | date | datetime | time | None


def neutralise(value: Any) -> Any:
    """`value` as a spreadsheet may hold it: text that would act as a formula gets an apostrophe in front.

    Only text is changed: a negative number stays a number. `restore` takes the apostrophe off again.
    """
    return "'" + value if isinstance(value, str) and _TO_NEUTRALISE.match(value) else value


def restore(value: Any) -> Any:
    """The value that `neutralise` was given."""
    return value[1:] if isinstance(value, str) and _TO_RESTORE.match(value) else value


def as_text(value: object) -> str:
    """Any value as the text of a CSV cell: ISO dates, TRUE or FALSE, whole numbers without `.0`, `a; b`."""
    if value is None:
        return ""
    if isinstance(value, str):
        # A lone surrogate can't be written in any encoding; everything else goes out as it is.
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
