"""Opening a spreadsheet: choosing its sheet, finding its headings, and noting what is hidden in it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from fieldkit.errors import FieldkitError, UnusableFile
from fieldkit.importing.headings import ROWS_LOOKED_AT, Headings, TopRow, find_headings
from fieldkit.importing.reading.cells import REFUSED_COLUMNS
from fieldkit.importing.reading.csv_rows import (
    DELIMITERS,
    Lines,
    find_delimiter,
    is_blank,
    physical_lines,
    split_rows,
)
from fieldkit.importing.reading.encoding import find_decoding
from fieldkit.importing.reading.file_types import family
from fieldkit.importing.reading.sheet_source import decoded, opened
from fieldkit.importing.reading.sheets import WIDE, Sheet, folded_cells, top_row
from fieldkit.importing.reading.workbook_cells import Range
from fieldkit.importing.reading.workbooks import KEPT, BookSheet, open_book_sheet
from fieldkit.spreadsheets import as_text, restore
from fieldkit.text import clean_line, ended, listing, quoted, shortened

Known = Callable[[Sequence[str], bool], bool]
"""Whether the caller knows these cells as headings: those of the first row (False), or of a row below it (True)."""
_MOST_ABOVE = 40
"""The most lines above the headings: titles, who printed the table and when."""
_MOST_CHARACTERS_ABOVE = 400_000
_MOST_COLUMNS = 150_000
"""Nine times the limit of spreadsheet programs: each name takes time and memory."""


def read_sheet(
    source: Path | BinaryIO | bytes,
    *,
    sheet: str | None = None,
    name: str = "",
    known: Known | None = None,
    heading_rows: int | None = None,
) -> Sheet:
    """The table in `source`: CSV in any common encoding and delimiter, .xlsx, .xlsm, .xls or .ods.

    `sheet` names one sheet of a workbook; without it the first sheet that holds anything is read. `name` is what messages
    call a source that is not a file. Rows of a CSV file are read on demand; a stream must stay open until then and serves
    one `rows()` at a time.

    The headings are the first row that holds anything, with further rows below it that belong to it (`heading_rows` in all,
    if given). If `known` rejects that row but accepts one a little further down, the headings begin there, and the rows
    above are titles.

    Raises:
        NotFound: no such file.
        UnusableFile: a folder, an empty file, not a table, no such sheet.
        FieldkitError: damaged, protected with a password, not readable, or a heading without rows.
    """
    if isinstance(source, bytes):
        source = io.BytesIO(source)
    elif not isinstance(source, Path) and not source.seekable():
        source = io.BytesIO(source.read())
    name = name or (clean_line(source.name or str(source)) if isinstance(source, Path) else "the input")
    with opened(source, name) as stream:
        if family(stream, name) == "workbook":
            book = open_book_sheet(stream, name, sheet)
            facts = book.facts
            table = Sheet(name, source=book, epoch_1904=facts.epoch_1904)
            if facts.others and sheet is None:
                table.sheet, table.others = clean_line(facts.name), facts.others
                table.notes.append(table.elsewhere())
        else:
            if sheet is not None:
                raise UnusableFile(
                    f"“{name}” is not a workbook and has no sheets.", kept=KEPT, hint="Leave the sheet out."
                )
            decoding = find_decoding(stream)
            with decoded(stream, decoding) as text:
                delimiter, before = find_delimiter(physical_lines(text))
            table = Sheet(name, source=source, decoding=decoding, delimiter=delimiter, before=before)
            if decoding.note:
                table.notes.append(decoding.note)
    headings = _headings(table, known, heading_rows)
    table.columns, table.paths = headings.columns, headings.paths
    table.heading_rows, table.doubtful_heading = headings.rows, headings.doubtful
    levels = [folded_cells(level) for level in headings.levels]
    table.repeats = frozenset(level for level in levels if len(level) > 1)
    table.firsts = frozenset(level[0] for level in table.repeats)
    if len(headings.levels) > 1:
        second = ", ".join(quoted(cell, 30) for cell in headings.levels[1] if cell.strip())
        table.notes.append(
            ended(
                f"The headings take up {headings.rows} rows; the second of them is {shortened(second, 120)}"
            )
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
    """The headings of `sheet`, which is changed to begin at them."""
    merged = sheet.source.merged if isinstance(sheet.source, BookSheet) else ()
    top = sheet.top()
    if not top:
        raise FieldkitError(f"“{sheet.name}” is empty.", kept=KEPT, hint="Look whether it is the right file.")
    if (width := max(len(row.cells) for row in top)) > _MOST_COLUMNS:
        raise FieldkitError(
            f"“{sheet.name}” has {width:,} columns; the limit is {_MOST_COLUMNS:,}.",
            kept=KEPT,
            hint="Look whether it is the right file, or leave out the columns that are not needed.",
        )
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
            f"The headings were found in line {sheet.before + 1}. {quoted(title)} and the rest above them was skipped."
        )
        return below
    return headings


def _below_title(sheet: Sheet, known: Known, merged: Sequence[Range], rows: int | None) -> Iterator[Headings]:
    """Yield the headings at each row near the top whose cells are `known`, after changing `sheet` to begin there."""
    for line, delimiter, top in _starts(sheet):
        cells = [as_text(cell) for cell in top[0].cells]
        # Two rows make the names of grouped columns; work them out only if that is cheap.
        names = find_headings(top, merged, rows).columns if len(cells) < WIDE else []
        if known(cells, True) or (names and known([*cells, *names], True)):
            sheet.before, sheet.delimiter = line, delimiter if len(cells) > 1 else ""
            yield find_headings(sheet.top(), merged, rows)


def _starts(sheet: Sheet) -> Iterator[tuple[int, str, list[TopRow]]]:
    """Where the headings may begin: the number of lines or rows above, the delimiter, and the first rows from there."""
    if isinstance(sheet.source, BookSheet):
        shown = [top_row(row) for row in islice(sheet.source.rows(), _MOST_ABOVE + ROWS_LOOKED_AT)]
        for at, row in enumerate(shown[:_MOST_ABOVE]):
            yield row.line - 1, "", shown[at : at + ROWS_LOOKED_AT]
        return
    lines: list[str] = []
    with opened(sheet.source, sheet.name) as stream, decoded(stream, sheet.decoding) as text:
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
                if len(first.cells) < WIDE
                else []
            )
            yield above, delimiter, [TopRow(above + record.line, record.cells) for record in (first, *rest)]


def _look_at_hidden(sheet: Sheet) -> None:
    """Count the hidden rows, name the hidden columns, and note the columns shown without a year."""
    if not isinstance(sheet.source, BookSheet):
        return
    facts = sheet.source.facts
    in_use = sheet.source.in_use
    skipped = len(REFUSED_COLUMNS) if sheet.refused else 0

    def names(numbers: Iterable[int]) -> tuple[str, ...]:
        return tuple(
            sheet.columns[number - skipped - 1]
            for number in numbers
            if skipped < number <= skipped + len(sheet.columns)
        )

    sheet.hidden_columns = names(in_use(facts.hidden_columns))
    if sheet.hidden_columns:
        listed = listing(sheet.hidden_columns, quoted=True)
        sheet.notes.append(
            ended(f"Columns that are hidden in the spreadsheet were read like the others: {listed}")
        )
    if facts.hidden_rows or facts.hidden:
        sheet.hidden_rows = sum(row.hidden for row in sheet.rows())
    if yearless := names(in_use(facts.yearless)):
        listed = listing(yearless, quoted=True)
        sheet.notes.append(
            f"Dates in {listed} are shown without a year; the year stored in the file was taken."
        )
