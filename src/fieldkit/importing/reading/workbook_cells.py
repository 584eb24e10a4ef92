"""The output of the readers of .xlsx, .xls and .ods files: rows of cells, faults of cells, facts about the sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from fieldkit.importing.reading.workbook_parts import WorkbookRefused
from fieldkit.spreadsheets import Cell

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
_MOST_CELLS = 12_000_000
_MOST_AREA = 50_000_000
"""Rows times columns: a single cell in the far corner would make every row as wide."""
_MOST_RANGES = 200_000
_MOST_COVERED = 3_000_000
"""Cells of all merged ranges together."""
LONGEST_CELL = 100_000
"""Characters in a cell. Spreadsheet programs allow 32,767."""

Range = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 1."""
Emit = Callable[["SheetRow"], None]

_ERROR_WORD = re.compile(
    r"#(?:N/A|NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|GETTING_DATA|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!"
    r"|PYTHON!|EXTERNAL!|NO VALUE!|MERGED!|ERROR!)|Err:[0-9]{3}",
    re.IGNORECASE,
)
NO_VALUE = "#NO VALUE!"
MERGED = "#MERGED!"
"""The text in the file of refused rows for a cell that shows nothing of its own; the cell is refused there too."""


@dataclass(slots=True)
class SheetRow:
    """A row that holds anything: its number from 1, whether it is hidden, its cells and faults by column from 1."""

    number: int
    hidden: bool = False
    cells: dict[int, Cell] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)

    def put(self, column: int, value: Cell, fault: str = "") -> None:
        """Set a cell. `fault` continues a sentence after the cell's name: " shows the error #N/A. …"."""
        if isinstance(value, str):
            if not fault and is_error(value):
                fault = error_fault(value)
            elif len(value) > LONGEST_CELL:
                value = value[:LONGEST_CELL]
                fault = f" has more than {LONGEST_CELL:,} characters. Shorten it in the spreadsheet."
        self.cells[column] = value
        if fault:
            self.faults[column] = f"The cell {cell_name(self.number, column)}{fault}"


@dataclass
class SheetFacts:
    """Facts about the sheet that was read.

    `others` are the other sheets that are shown; `yearless` columns show no year; `first_column` is the leftmost in use.
    """

    name: str = ""
    hidden: bool = False
    hidden_rows: int = 0
    first_column: int = 1
    others: list[str] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    yearless: list[int] = field(default_factory=list)
    epoch_1904: bool = False


class Bounds:
    """Counts what a sheet holds, and refuses more than a sheet of answers can have."""

    def __init__(self) -> None:
        self._cells = self._last_row = self._last_column = self._ranges = 0

    def row(self, number: int) -> None:
        """Raise WorkbookRefused if no sheet can have a row of that number."""
        if not 1 <= number <= MOST_ROWS:
            raise WorkbookRefused("damaged" if number < 1 else "too large")

    def cells(self, count: int) -> None:
        """Count cells, including empty ones.

        Raises:
            WorkbookRefused: there are too many.
        """
        self._cells += count
        if self._cells > _MOST_CELLS:
            raise WorkbookRefused("too large")

    def filled(self, row: SheetRow) -> None:
        """Count a row that holds anything.

        Raises:
            WorkbookRefused: the used part of the sheet is too large.
        """
        last = max(row.cells)
        self._last_row = max(self._last_row, row.number)
        self._last_column = max(self._last_column, last)
        if last > MOST_COLUMNS or self._last_row * self._last_column > _MOST_AREA:
            raise WorkbookRefused("too large")

    def range(self) -> None:
        """Count a merged range.

        Raises:
            WorkbookRefused: there are too many.
        """
        self._ranges += 1
        if self._ranges > _MOST_RANGES:
            raise WorkbookRefused("too large")


def check_ranges(merged: Sequence[Range], last_row: int) -> None:
    """Bound the work of filling merged ranges down to the last row.

    Raises:
        WorkbookRefused: they cover too many cells.
    """
    covered = 0
    for top, left, bottom, right in merged:
        covered += max(0, min(bottom, last_row) - top + 1) * (min(right, MOST_COLUMNS) - left + 1)
        if covered > _MOST_COVERED:
            raise WorkbookRefused("too large")


def is_error(text: str) -> bool:
    """Whether `text` is what spreadsheet programs show for a value that could not be calculated."""
    return len(text) < 20 and text[:1] in "#eE" and _ERROR_WORD.fullmatch(text.strip()) is not None


def error_fault(shown: str) -> str:
    """The fault of a cell that shows an error, or a text that represents one in a file of refused rows."""
    if shown.strip().upper() == NO_VALUE:
        return no_value_fault()
    if shown.strip().upper() == MERGED:
        return " was merged over several columns. Put its own value there."
    return f" shows the error {shown.strip()}. Correct or empty it in the spreadsheet."


def no_value_fault() -> str:
    """The fault of a formula that was never calculated."""
    return " has a formula without a stored value. Open the file in a spreadsheet program, save it as .xlsx and import that."


def cell_name(row: int, column: int) -> str:
    """A cell as spreadsheet programs name it: B7."""
    return f"{column_letters(column)}{row}"


def column_letters(column: int) -> str:
    """The letters of a column counted from 1: 28 is AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The number, from 1, of a column given by its letters in either case."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
