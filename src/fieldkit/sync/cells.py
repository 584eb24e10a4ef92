"""Values as cells of files that other programs will open, and the private file they are first written to."""

from __future__ import annotations

import math
import os
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO

# What spreadsheet programs take for a formula, also in full width and behind blanks. The apostrophes
# in front are counted in so that a text which already has one survives `restore`.
_DANGEROUS = r"(?:[\s\x00\u200b\ufeff]*[=+\-@＝＋－＠]|[\t\r])"
_TO_NEUTRALISE = re.compile(f"'*{_DANGEROUS}")
_TO_RESTORE = re.compile(f"'+{_DANGEROUS}")

Cell = str | int | float | bool | date | datetime | time | None

REFUSED_COLUMNS = ("line", "column", "value", "reason")
"""What stands first in a file of refused rows, and is left out when such a file is read again."""


@dataclass(slots=True)
class Row:
    """One row: `line` of the file (CSV) or row of the sheet where it begins, `cells` by column.

    Every column is in `cells`, None where the row has no such cell. `extra` are cells beyond the last column.
    `problem` is a sentence if the row can't be trusted as it was read; it must then be refused.
    """

    line: int
    cells: dict[str, Cell]
    extra: list[Cell] = field(default_factory=list)
    problem: str = ""


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


def open_part(target: Path) -> BinaryIO:
    """A new file `TARGET.part`, readable by its owner alone, in place of one left by an earlier run.

    Raises:
        OSError: the folder does not take it.
    """
    part = part_of(target)
    part.unlink(missing_ok=True)
    return os.fdopen(
        os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "wb"
    )


def part_of(target: Path) -> Path:
    """Where the file lies until it is whole."""
    return target.with_name(target.name + ".part")


def sync_to_disk(handle: BinaryIO) -> None:
    """Return once what was written to `handle` is on the disk itself."""
    handle.flush()
    os.fsync(handle.fileno())
