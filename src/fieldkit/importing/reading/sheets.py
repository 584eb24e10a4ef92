"""Reading of spreadsheets, CSV or workbook, row by row as they came.

Cell text is handed on as it stands in the file: cleaning it is the business of each field's check.
"""

from __future__ import annotations

import io
import stat
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from fieldkit.errors import FieldkitError, Misuse, NotFound
from fieldkit.importing.headings import ROWS_LOOKED_AT, Headings, TopRow, find_headings
from fieldkit.importing.reading.cells import REFUSED_COLUMNS, Row
from fieldkit.importing.reading.csv_rows import (
    DELIMITERS,
    LONGEST_ROW,
    UNDOUBLED,
    Lines,
    Record,
    RowTooLong,
    find_delimiter,
    is_blank,
    physical_lines,
    split_rows,
)
from fieldkit.importing.reading.encoding import Decoding, find_decoding
from fieldkit.importing.reading.file_types import family
from fieldkit.importing.reading.workbook_cells import MERGED, Range, error_fault, is_error
from fieldkit.importing.reading.workbooks import KEPT, BookRow, BookSheet, open_book_sheet
from fieldkit.importing.refused_rows import RefusedWriter
from fieldkit.spreadsheets import Cell, as_text, restore
from fieldkit.text import clean_line

__all__ = ["RefusedWriter", "Row", "Sheet", "read_sheet"]

Known = Callable[[Sequence[str], bool], bool]
"""Whether these cells are headings that the caller can do something with: of the first row, or (True) of one below."""

_MOST_ABOVE = 40
"""Lines that may stand above the headings: titles, who printed it and when."""
_MOST_CHARACTERS_ABOVE = 400_000
_WIDE = 2_000
"""Columns. Tables of answers have fewer."""
_MOST_WIDE_CELLS = 20_000_000
"""Cells of all rows together in a wider table: each row has a place for each column."""
_KEPT_BEFORE = "Nothing from there on was stored."
_BEYOND = "This row has values to the right of the last heading. Give them a heading or empty them in the spreadsheet."
_ERROR_BEGINS = frozenset("#Ee")
_REPEATED = "This row repeats the headings."


@dataclass
class Sheet:
    """A table: its `columns` as people see them, `notes` (sentences) on how it was read, and its rows.

    `blank_rows` counts the blank rows that the latest `rows()` has skipped so far. `refused`: this is a
    file of refused rows, its first four columns are left out and neutralised text is as it was. `others` are the sheets
    beside the one that was taken, `sheet`, unless it was asked for.

    `heading_rows` is the number of rows that the headings take up. `paths` gives for a column its headings from the
    topmost row or group down, joined with " / ", where there is more than one. `doubtful_heading` is a sentence if it
    is not certain that a row is a heading: then ask, and read again with `heading_rows`. `epoch_1904`: the workbook
    counts days from 1904. `hidden_rows` counts hidden rows with anything in them; `hidden_columns` names columns.
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
    _source: Path | BinaryIO | BookSheet = field(default_factory=io.BytesIO, repr=False)
    _decoding: Decoding = field(default=Decoding("utf-8"), repr=False)
    _delimiter: str = field(default="", repr=False)
    _before: int = field(default=0, repr=False)
    _firsts: frozenset[str] = field(default=frozenset(), repr=False)
    _repeats: frozenset[tuple[str, ...]] = field(default=frozenset(), repr=False)

    def elsewhere(self) -> str:
        """A sentence on the other sheets of a workbook of which the first was taken, else ""."""
        if not self.others:
            return ""
        others = ", ".join(f"“{clean_line(other)}”" for other in self.others)
        return f"The sheet “{self.sheet}” was read; the file also has {others}: choose one with --sheet."

    def rows(self) -> Generator[Row, None, None]:
        """The rows under the heading, one at a time, blank ones left out; each call begins at the first.

        Raises:
            FieldkitError: the file can't be read on, or a line of it is no row of a table.
        """
        self.blank_rows = 0
        with closing(self._book_rows() if isinstance(self._source, BookSheet) else self._text_rows()) as rows:
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
            if width > _WIDE:
                places += width
                if places > _MOST_WIDE_CELLS:
                    raise FieldkitError(
                        f"“{self.name}” has {width:,} columns, which are too many for so many rows.",
                        kept=_KEPT_BEFORE,
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
        assert isinstance(self._source, BookSheet)
        columns, width = self.columns, len(self.columns)
        skipped = len(REFUSED_COLUMNS) if self.refused else 0
        heading = self.heading_rows
        for raw_row in self._source.rows():
            if raw_row.number <= self._before or is_blank(raw_row.cells):
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
            # What is merged over columns without a heading belongs to the last that has one.
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
        """Whether a row below the headings says one of them again, as printed and joined tables do."""
        first = next((value for value in values if value is not None and value != ""), None)
        return (
            isinstance(first, str)
            and first.strip().casefold() in self._firsts
            and _folded_cells(values) in self._repeats
        )

    def _records(self) -> Generator[Record, None, None]:
        """Every record of a text file from the heading on."""
        assert not isinstance(self._source, BookSheet)
        with _opened(self._source, self.name) as stream, _text(stream, self._decoding) as text:
            lines = Lines(physical_lines(text))
            for _ in range(self._before):
                lines.take()
            yield from split_rows(lines, self._delimiter)

    def _top(self) -> list[TopRow]:
        """The first rows that are not blank, from the heading on.

        Raises:
            FieldkitError: the first of them has a problem.
        """
        top: list[TopRow] = []
        if isinstance(self._source, BookSheet):
            for row in self._source.rows():
                if row.number > self._before and not is_blank(row.cells):
                    top.append(_top_row(row))
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


def read_sheet(
    source: Path | BinaryIO | bytes,
    *,
    sheet: str | None = None,
    name: str = "",
    known: Known | None = None,
    heading_rows: int | None = None,
) -> Sheet:
    """The table in `source`: CSV in any common encoding and delimiter, .xlsx, .xlsm, .xls or .ods.

    `sheet` names one sheet of a workbook; without it the first with anything in it is taken. `name` is what
    messages call a source that is not a file. Rows of a CSV file are read as they are asked for; a stream
    must stay open until then and serves one `rows()` at a time.

    The headings are the first row with anything in it, and the rows below it that go with it (`heading_rows` of them
    if that is given). Where `known` says no to that row and yes to one a little further down, they begin there, and
    what stands above is a title.

    Raises:
        NotFound: no such file.
        Misuse: a folder, an empty file, something that is not a table, no such sheet.
        FieldkitError: damaged, protected with a password, not readable, a heading without rows.
    """
    if isinstance(source, bytes):
        source = io.BytesIO(source)
    elif not isinstance(source, Path) and not source.seekable():
        source = io.BytesIO(source.read())
    name = name or (clean_line(source.name or str(source)) if isinstance(source, Path) else "the input")
    with _opened(source, name) as stream:
        if family(stream, name) == "workbook":
            book = open_book_sheet(stream, name, sheet)
            facts = book.facts
            table = Sheet(name, _source=book, epoch_1904=facts.epoch_1904)
            if facts.others and sheet is None:
                table.sheet, table.others = clean_line(facts.name), facts.others
                table.notes.append(table.elsewhere())
        else:
            if sheet is not None:
                raise Misuse(
                    f"“{name}” is not a workbook and has no sheets.", kept=KEPT, hint="Leave the sheet out."
                )
            decoding = find_decoding(stream)
            with _text(stream, decoding) as text:
                delimiter, before = find_delimiter(physical_lines(text))
            table = Sheet(name, _source=source, _decoding=decoding, _delimiter=delimiter, _before=before)
            if decoding.note:
                table.notes.append(decoding.note)
    headings = _headings(table, known, heading_rows)
    table.columns, table.paths = headings.columns, headings.paths
    table.heading_rows, table.doubtful_heading = headings.rows, headings.doubtful
    levels = [_folded_cells(level) for level in headings.levels]
    table._repeats = frozenset(level for level in levels if len(level) > 1)
    table._firsts = frozenset(level[0] for level in table._repeats)
    if len(headings.levels) > 1:
        second = ", ".join(f"“{clean_line(cell)[:30]}”" for cell in headings.levels[1] if cell.strip())
        table.notes.append(
            f"The headings take up {headings.rows} rows; the second of them is {second[:120]}."
        )
    _look_at_hidden(table)
    with closing(table.rows()) as rows:
        if next(rows, None) is None:
            raise FieldkitError(
                f"“{name}” has a heading but no rows under it.",
                kept=KEPT,
                hint=" ".join(("Look whether it is the right file.", table.elsewhere())),
            )
    return table


def _headings(sheet: Sheet, known: Known | None, rows: int | None) -> Headings:
    """The headings of `found`, which is made to begin at them."""
    merged = sheet._source.merged if isinstance(sheet._source, BookSheet) else ()
    top = sheet._top()
    if not top:
        raise FieldkitError(f"“{sheet.name}” is empty.", kept=KEPT, hint="Look whether it is the right file.")
    first = tuple(map(as_text, top[0].cells))
    if first[: len(REFUSED_COLUMNS)] == REFUSED_COLUMNS and len(first) > len(REFUSED_COLUMNS):
        sheet.refused = True
        own = [restore(cell) for cell in first[len(REFUSED_COLUMNS) :]]
        return find_headings([TopRow(top[0].line, own)], rows=1)
    headings = find_headings(top, merged, rows)
    if known is None or known([*first, *headings.columns], False):
        return headings
    for below in _below_title(sheet, known, merged, rows):
        title = clean_line(" ".join(first))
        sheet.notes.append(
            f"The headings were found in line {sheet._before + 1}. “{title[:60]}” and the rest above them was skipped."
        )
        return below
    return headings


def _below_title(sheet: Sheet, known: Known, merged: Sequence[Range], rows: int | None) -> Iterator[Headings]:
    """The headings at the first row near the top whose cells are `known`; `found` is made to begin there."""
    for line, delimiter, top in _starts(sheet):
        cells = [as_text(cell) for cell in top[0].cells]
        # The names of grouped columns are made of two rows; that is worked out where it costs little.
        names = find_headings(top, merged, rows).columns if len(cells) < _WIDE else []
        if known(cells, True) or (names and known([*cells, *names], True)):
            sheet._before, sheet._delimiter = line, delimiter if len(cells) > 1 else ""
            yield find_headings(sheet._top(), merged, rows)


def _starts(sheet: Sheet) -> Iterator[tuple[int, str, list[TopRow]]]:
    """Where the headings may begin: the number of lines or rows above, the delimiter, and the first rows from there."""
    if isinstance(sheet._source, BookSheet):
        shown = [_top_row(row) for row in islice(sheet._source.rows(), _MOST_ABOVE + ROWS_LOOKED_AT)]
        for at, row in enumerate(shown[:_MOST_ABOVE]):
            yield row.line - 1, "", shown[at : at + ROWS_LOOKED_AT]
        return
    lines: list[str] = []
    with _opened(sheet._source, sheet.name) as stream, _text(stream, sheet._decoding) as text:
        size = 0
        for line in islice(physical_lines(text), _MOST_ABOVE + ROWS_LOOKED_AT):
            lines.append(line)
            size += len(line)
            if size > _MOST_CHARACTERS_ABOVE:
                break
    for above in range(min(len(lines), _MOST_ABOVE)):
        for delimiter in DELIMITERS:
            records = islice(split_rows(Lines(lines[above:]), delimiter), ROWS_LOOKED_AT)
            first = next(records)
            if first.problem or is_blank(first.cells):
                continue
            rest = (
                [record for record in records if not is_blank(record.cells)]
                if len(first.cells) < _WIDE
                else []
            )
            yield above, delimiter, [TopRow(above + record.line, record.cells) for record in (first, *rest)]


def _top_row(row: BookRow) -> TopRow:
    """A row as `find_headings` takes it, which spreads what is merged across columns itself."""
    cells = list(row.cells)
    while cells and cells[-1] == MERGED:
        cells.pop()
    return TopRow(row.number, [None if cell == MERGED else cell for cell in cells])


def _look_at_hidden(sheet: Sheet) -> None:
    """Count the hidden rows, name the hidden columns, and note what is shown without a year."""
    if not isinstance(sheet._source, BookSheet):
        return
    facts = sheet._source.facts
    in_use = sheet._source.in_use
    skipped = len(REFUSED_COLUMNS) if sheet.refused else 0

    def names(numbers: Iterable[int]) -> tuple[str, ...]:
        return tuple(
            sheet.columns[number - skipped - 1]
            for number in numbers
            if skipped < number <= skipped + len(sheet.columns)
        )

    sheet.hidden_columns = names(in_use(facts.hidden_columns))
    if sheet.hidden_columns:
        listed = ", ".join(f"“{name}”" for name in sheet.hidden_columns)
        sheet.notes.append(f"Columns that are hidden in the spreadsheet were read like the others: {listed}.")
    if facts.hidden_rows or facts.hidden:
        sheet.hidden_rows = sum(row.hidden for row in sheet.rows())
    if yearless := names(in_use(facts.yearless)):
        listed = ", ".join(f"“{name}”" for name in yearless)
        sheet.notes.append(
            f"Dates in {listed} are shown without a year; the year stored in the file was taken."
        )


def _skip(records: Iterator[Record], rows: int) -> None:
    """Pass over that many rows that are not blank."""
    while rows and (record := next(records, None)) is not None:
        rows -= not is_blank(record.cells)


def _folded_cells(values: Sequence[Cell]) -> tuple[str, ...]:
    """What a row says, to compare it with another: its cells that are not blank."""
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


@contextmanager
def _opened(source: Path | BinaryIO | BookSheet, name: str) -> Iterator[BinaryIO]:
    """The bytes of `source`, closed again if they were opened here; what can go wrong is said in words."""
    assert not isinstance(source, BookSheet)
    try:
        if not isinstance(source, Path):
            yield source
            return
        mode = source.stat().st_mode
        if stat.S_ISDIR(mode):
            raise Misuse(f"“{name}” is a folder, not a file.", kept=KEPT, hint="Give one file of it.")
        if not stat.S_ISREG(mode):
            raise Misuse(
                f"“{name}” is not a file with rows in it.", kept=KEPT, hint="Give a CSV or .xlsx file."
            )
        with source.open("rb") as stream:
            yield stream
    except FileNotFoundError as error:
        raise NotFound(
            f"There is no file “{name}”.", kept=KEPT, hint="Check the name and the folder."
        ) from error
    except OSError as error:
        raise FieldkitError(
            f"“{name}” can't be read: {error.strerror or 'the disk does not answer'}.",
            kept=_KEPT_BEFORE,
            hint="Copy it to this laptop, check that you may open it, and try again.",
        ) from error
    except RowTooLong as error:
        raise FieldkitError(
            f"Line {error.line} of “{name}” has more than {LONGEST_ROW:,} characters: no row of a table has.",
            kept=_KEPT_BEFORE,
            hint="Look whether it is the right file.",
        ) from error


@contextmanager
def _text(stream: BinaryIO, decoding: Decoding) -> Iterator[io.TextIOWrapper]:
    text = decoding.open(stream)
    try:
        yield text
    finally:
        text.detach()  # else its end would close a stream that belongs to the caller
