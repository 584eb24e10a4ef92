"""One row of a spreadsheet as it was read."""

from __future__ import annotations

from dataclasses import dataclass, field

from fieldkit.spreadsheets import Cell

REFUSED_COLUMNS = ("line", "column", "value", "reason")
"""The first cells of a file of refused rows; they are left out when such a file is read again."""


@dataclass(slots=True)
class Row:
    """One row: `line` is where it begins, in the file (CSV) or in the sheet; `cells` are keyed by column.

    Every column is in `cells`, None if the row has no such cell. `extra` are cells beyond the last column.
    `problem` is a sentence if the row could not be read reliably; it must then be refused. `hidden`: the row is hidden or
    filtered out, or its sheet is hidden. `faults` maps a column to a sentence if its cell can't be trusted (an error, a
    formula without a value …); a row with a fault in a column that is used must be refused. `filled` are the columns whose
    value comes from a merged cell further up.
    """

    line: int
    cells: dict[str, Cell]
    extra: list[Cell] = field(default_factory=list)
    problem: str = ""
    hidden: bool = False
    faults: dict[str, str] = field(default_factory=dict)
    filled: frozenset[str] = frozenset()
