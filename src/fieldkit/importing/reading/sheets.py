"""The rows of a spreadsheet, CSV or workbook, one by one.

Cell text is passed on as it is in the file: the check of each field cleans it.
"""

from __future__ import annotations

import io
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from fieldkit.errors import FieldkitError
from fieldkit.importing.headings import ROWS_LOOKED_AT, TopRow
from fieldkit.importing.reading.cells import REFUSED_COLUMNS, Row
from fieldkit.importing.reading.csv_rows import (
    UNDOUBLED,
    Lines,
    Record,
    is_blank,
    physical_lines,
    split_rows,
)
from fieldkit.importing.reading.encoding import Decoding
from fieldkit.importing.reading.sheet_source import KEPT_BEFORE, decoded, opened
from fieldkit.importing.reading.workbook_cells import MERGED, error_fault, is_error
from fieldkit.importing.reading.workbooks import KEPT, BookRow, BookSheet
from fieldkit.spreadsheets import Cell, as_text, restore
from fieldkit.text import clean_line, listing

WIDE = 2_000
"""Columns. Tables of answers have fewer."""
_MOST_WIDE_CELLS = 20_000_000
"""Cells of all rows together in a wider table: each row has an entry for each column."""
_BEYOND = "This row has values to the right of the last heading. Give them a heading or empty them in the spreadsheet."
_ERROR_BEGINS = frozenset("#Ee")
_REPEATED = "This row repeats the headings."


@dataclass
class Sheet:
    """A table: its `columns` as people see them, `notes` (sentences) on how it was read, and its rows.

    `blank_rows` counts the blank rows that the latest `rows()` has skipped so far. `refused`: this is a file of refused
    rows; its first four columns are left out and neutralised text is restored. `sheet` is the sheet read and `others` are
    the others, unless a sheet was asked for.

    `heading_rows` is the number of heading rows. `paths` maps a column that has several headings to them, from the topmost
    row or group down, joined with " / ". `doubtful_heading` is a sentence if it is uncertain whether a row is a heading:
    then ask, and read again with `heading_rows`. `epoch_1904`: the workbook counts days from 1904. `hidden_rows` counts
    hidden rows that hold anything; `hidden_columns` names the hidden columns.
    """

    name: str
    columns: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    blank_rows: int = 0
    refused: bool = False
    sheet: str = ""
    others: list[str] = field(default_factory=list)
    heading_rows: int = 1
    paths: dict[str, str] = field(default_factory=dict)
    doubtful_heading: str = ""
    epoch_1904: bool = False
    hidden_rows: int = 0
    hidden_columns: tuple[str, ...] = ()
    source: Path | BinaryIO | BookSheet = field(default_factory=io.BytesIO, repr=False)
    decoding: Decoding = field(default=Decoding("utf-8"), repr=False)
    delimiter: str = field(default="", repr=False)
    before: int = field(default=0, repr=False)
    firsts: frozenset[str] = field(default=frozenset(), repr=False)
    repeats: frozenset[tuple[str, ...]] = field(default=frozenset(), repr=False)

    def elsewhere(self) -> str:
        """A sentence on the other sheets of a workbook whose first sheet was read, else ""."""
        if not self.others:
            return ""
        others = listing(self.others, quoted=True)
        return f"The sheet “{self.sheet}” was read; the file also has {others}: choose one with --sheet."

    def rows(self) -> Generator[Row, None, None]:
        """The rows below the heading, one at a time, without blank ones; each call begins at the first.

        Raises:
            FieldkitError: the rest of the file can't be read, or a line is too long for a row of a table.
        """
        self.blank_rows = 0
        with closing(self._book_rows() if isinstance(self.source, BookSheet) else self._text_rows()) as rows:
            for row, values in rows:
                if not row.problem and self._is_heading(values):
                    row.problem = _REPEATED
                yield row

    def _text_rows(self) -> Generator[tuple[Row, Sequence[Cell]], None, None]:
        with closing(self._records()) as records:
            _skip(records, self.heading_rows)
            yield from self._read_records(records)

    def _read_records(self, records: Iterable[Record]) -> Iterator[tuple[Row, Sequence[Cell]]]:
        columns, width = self.columns, len(self.columns)
        skipped = len(REFUSED_COLUMNS) if self.refused else 0
        places = 0
        for record in records:
            values: Sequence[Cell] = record.cells
            if is_blank(values):
                self.blank_rows += 1
                continue
            if width > WIDE:
                places += width
                if places > _MOST_WIDE_CELLS:
                    raise FieldkitError(
                        f"“{self.name}” has {width:,} columns, which are too many for so many rows.",
                        kept=KEPT_BEFORE,
                        hint="Look whether it is the right file, or leave out the columns that are not needed.",
                    )
            if skipped:
                values = [restore(value) for value in values[skipped:]]
            row = Row(record.line, self._by_column(values), problem=record.problem)
            if len(values) > width and not is_blank(values[width:]):
                row.extra = list(values[width:])
            if not row.problem and (row.extra or (record.doubtful and len(values) != width)):
                row.problem = UNDOUBLED if record.doubtful else _too_long(len(values), width)
            for at, value in enumerate(values[:width] if len(values) > width else values):
                if value and isinstance(value, str) and value[0] in _ERROR_BEGINS and is_error(value):
                    row.faults[columns[at]] = f"“{columns[at]}”{error_fault(value)}"
            yield row, values

    def _book_rows(self) -> Generator[tuple[Row, Sequence[Cell]], None, None]:
        assert isinstance(self.source, BookSheet)
        columns, width = self.columns, len(self.columns)
        skipped = len(REFUSED_COLUMNS) if self.refused else 0
        heading = self.heading_rows
        for raw_row in self.source.rows():
            if raw_row.number <= self.before or is_blank(raw_row.cells):
                continue
            if heading:
                heading -= 1
                continue
            self.blank_rows += raw_row.blank_above
            if raw_row.covered:
                continue
            values = [restore(value) for value in raw_row.cells[skipped:]] if skipped else raw_row.cells
            row = Row(raw_row.number, self._by_column(values), hidden=raw_row.hidden)
            for column, sentence in raw_row.faults.items():
                if skipped < column <= skipped + width:
                    row.faults[columns[column - skipped - 1]] = sentence
            if raw_row.filled:
                row.filled = frozenset(
                    columns[column - skipped - 1]
                    for column in raw_row.filled
                    if skipped < column <= skipped + width
                )
            # Text merged over columns without a heading belongs to the last column that has one.
            beyond = [None if value == MERGED else value for value in values[width:]]
            if not is_blank(beyond):
                row.extra = beyond
                row.problem = _BEYOND
            yield row, values

    def _by_column(self, values: Sequence[Cell]) -> dict[str, Cell]:
        if len(values) == len(self.columns):
            return dict(zip(self.columns, values, strict=True))
        cells: dict[str, Cell] = dict.fromkeys(self.columns)
        cells.update(zip(self.columns, values, strict=False))
        return cells

    def _is_heading(self, values: Sequence[Cell]) -> bool:
        """Whether a row below the headings repeats them, as in printed and joined tables."""
        first = next((value for value in values if value is not None and value != ""), None)
        return (
            isinstance(first, str)
            and first.strip().casefold() in self.firsts
            and folded_cells(values) in self.repeats
        )

    def _records(self) -> Generator[Record, None, None]:
        """Every record of a text file from the heading on."""
        assert not isinstance(self.source, BookSheet)
        with opened(self.source, self.name) as stream, decoded(stream, self.decoding) as text:
            lines = Lines(physical_lines(text))
            for _ in range(self.before):
                lines.take()
            yield from split_rows(lines, self.delimiter)

    def top(self) -> list[TopRow]:
        """The first rows that are not blank, from the heading on.

        Raises:
            FieldkitError: the first of them has a problem.
        """
        top: list[TopRow] = []
        if isinstance(self.source, BookSheet):
            for row in self.source.rows():
                if row.number > self.before and not is_blank(row.cells):
                    top.append(top_row(row))
                    if len(top) == ROWS_LOOKED_AT:
                        break
            return top
        with closing(self._records()) as records:
            for record in records:
                if record.problem and not top:
                    raise FieldkitError(
                        f"The heading of “{self.name}” (line {record.line}) can't be read. {record.problem}",
                        kept=KEPT,
                        hint="Correct it in a spreadsheet program or a text editor and try again.",
                    )
                if not is_blank(record.cells):
                    top.append(TopRow(record.line, record.cells))
                    if len(top) == ROWS_LOOKED_AT:
                        break
        return top


def top_row(row: BookRow) -> TopRow:
    """A row for `find_headings`, which itself spreads headings merged over columns."""
    cells = list(row.cells)
    while cells and cells[-1] == MERGED:
        cells.pop()
    return TopRow(row.number, [None if cell == MERGED else cell for cell in cells])


def _skip(records: Iterator[Record], rows: int) -> None:
    """Skip `rows` rows, not counting blank ones."""
    while rows and (record := next(records, None)) is not None:
        rows -= not is_blank(record.cells)


def folded_cells(values: Sequence[Cell]) -> tuple[str, ...]:
    """The cells of a row that are not blank, folded, to compare it with another row."""
    return tuple(
        clean_line(value).casefold() if isinstance(value, str) else as_text(value)
        for value in values
        if value is not None and value != ""
    )


def _too_long(cells: int, width: int) -> str:
    return (
        f"This row has {cells} cells but the heading has {width}. "
        "Perhaps a cell holds the character that parts the columns and has no quotation marks round it."
    )
