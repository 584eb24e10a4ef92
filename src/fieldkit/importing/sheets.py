"""Reading of spreadsheets, CSV or workbook, row by row as they came.

Cell text is handed on as it stands in the file: cleaning it is the business of each field's check.
"""

from __future__ import annotations

import io
import stat
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from fieldkit.errors import FieldkitError, Misuse, NotFound
from fieldkit.importing.cells import REFUSED_COLUMNS, Row
from fieldkit.importing.csv_rows import (
    DELIMITERS,
    LONGEST_ROW,
    UNDOUBLED,
    Lines,
    RowTooLong,
    find_delimiter,
    is_blank,
    physical_lines,
    split_rows,
)
from fieldkit.importing.encoding import Decoding, find_decoding
from fieldkit.importing.file_types import family
from fieldkit.importing.refused_rows import RefusedWriter
from fieldkit.importing.workbooks import KEPT, BookSheet, open_book_sheet
from fieldkit.spreadsheets import Cell, as_text, restore
from fieldkit.text import clean_line

__all__ = ["RefusedWriter", "Row", "Sheet", "read_sheet"]

Known = Callable[[Sequence[str], bool], bool]
"""Whether these cells are headings that the caller can do something with: of the first row, or (True) of one below."""

_MOST_ABOVE = 40
"""Lines that may stand above the headings: titles, who printed it and when."""
_KEPT_BEFORE = "Nothing from there on was stored."
_Raw = tuple[int, Sequence[Cell], str, bool]


@dataclass
class Sheet:
    """A table: its `columns` as people see them, `notes` (sentences) on how it was read, and its rows.

    `blank_rows` counts the blank rows that the latest `rows()` has passed over so far. `refused`: this is a
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
        raw = self._raw()
        _heading(raw)
        skipped = len(REFUSED_COLUMNS) if self.refused else 0
        width = len(self.columns)
        for line, values, problem, doubtful in raw:
            if is_blank(values):
                self.blank_rows += 1
                continue
            if skipped:
                values = [restore(value) for value in values[skipped:]]
            cells = dict.fromkeys(self.columns)
            cells.update(zip(self.columns, values, strict=False))
            row = Row(line, cells, problem=problem)
            if len(values) > width and not is_blank(values[width:]):
                row.extra = list(values[width:])
            if not problem and (row.extra or (doubtful and len(values) != width)):
                row.problem = UNDOUBLED if doubtful else _too_long(len(values), width)
            yield row

    def _raw(self) -> Generator[_Raw, None, None]:
        """Every row from the top: its line, its cells, its problem, whether it is doubtful."""
        if isinstance(self._source, BookSheet):
            for number, values in enumerate(self._source.rows(), 1):
                if number <= self._before:
                    continue
                errors = self._source.errors.get(number)
                yield number, values, _error_cells(errors) if errors else "", False
            return
        with _opened(self._source, self.name) as stream, _text(stream, self._decoding) as text:
            lines = Lines(physical_lines(text))
            for _ in range(self._before):
                lines.take()
            for record in split_rows(lines, self._delimiter):
                yield record.line, record.cells, record.problem, record.doubtful


def read_sheet(
    source: Path | BinaryIO | bytes,
    *,
    sheet: str | None = None,
    name: str = "",
    known: Known | None = None,
    heading_rows: int | None = None,
) -> Sheet:
    """The table in `source`: CSV in any common encoding and delimiter, .xlsx, .xlsm, .xlsb, .xls or .ods.

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
            found = Sheet(name, _source=book)
            if book.others and sheet is None:
                found.sheet, found.others = clean_line(book.name), book.others
                found.notes.append(found.elsewhere())
        else:
            if sheet is not None:
                raise Misuse(
                    f"“{name}” is not a workbook and has no sheets.", kept=KEPT, hint="Leave the sheet out."
                )
            decoding = find_decoding(stream)
            with _text(stream, decoding) as text:
                delimiter, before = find_delimiter(physical_lines(text))
            found = Sheet(name, _source=source, _decoding=decoding, _delimiter=delimiter, _before=before)
            if decoding.note:
                found.notes.append(decoding.note)
    heading = _first_row(found, name)
    if known is not None and not known(heading, False) and _go_below_title(found, known):
        title = clean_line(" ".join(heading))
        heading = _first_row(found, name)
        found.notes.append(
            f"The headings were found in line {found._before + 1}; “{title[:60]}” and whatever else stands above them "
            "was passed over."
        )
    found.refused = tuple(heading[: len(REFUSED_COLUMNS)]) == REFUSED_COLUMNS and len(heading) > len(
        REFUSED_COLUMNS
    )
    if found.refused:
        heading = [restore(cell) for cell in heading[len(REFUSED_COLUMNS) :]]
    found.columns = _column_names(heading)
    with closing(found.rows()) as rows:
        if next(rows, None) is None:
            raise FieldkitError(
                f"“{name}” has a heading but no rows under it.",
                kept=KEPT,
                hint=" ".join(("Look whether it is the right file.", found.elsewhere())),
            )
    return found


def _first_row(found: Sheet, name: str) -> list[str]:
    with closing(found._raw()) as raw:
        return _heading(raw, name)


def _go_below_title(found: Sheet, known: Known) -> bool:
    """Make `found` begin at the first row whose cells are `known`, if there is one near the top."""
    if isinstance(found._source, BookSheet):
        with closing(found._raw()) as rows:
            for line, values, _, _ in islice(rows, _MOST_ABOVE):
                if known([as_text(value) for value in values], True):
                    found._before = line - 1
                    return True
        return False
    with _opened(found._source, found.name) as stream, _text(stream, found._decoding) as text:
        for line, words in enumerate(islice(physical_lines(text), _MOST_ABOVE)):
            for delimiter in DELIMITERS:
                cells = next(split_rows(Lines([words]), delimiter)).cells
                if known(cells, True):
                    found._before, found._delimiter = line, delimiter if len(cells) > 1 else ""
                    return True
    return False


def _heading(raw: Iterator[_Raw], name: str = "") -> list[str]:
    """The cells of the first row that is not blank; `raw` then stands at the row after it.

    Raises:
        FieldkitError: it has a problem, if the file's `name` is given.
    """
    for line, values, problem, _ in raw:
        if problem and name:
            raise FieldkitError(
                f"The heading of “{name}” (line {line}) can't be read. {problem}",
                kept=KEPT,
                hint="Mend it in a spreadsheet program or a text editor and try again.",
            )
        if not is_blank(values):
            return [as_text(value) for value in values]
    return []


def _column_names(heading: list[str]) -> list[str]:
    names: list[str] = []
    taken: set[str] = set()
    for number, cell in enumerate(heading, 1):
        base = clean_line(cell) or f"column {number}"
        name, copy = base, 1
        while name in taken:
            copy += 1
            name = f"{base} ({copy})"
        names.append(name)
        taken.add(name)
    return names


def _too_long(cells: int, width: int) -> str:
    return (
        f"This row has {cells} cells but the heading has {width}. "
        "Perhaps a cell holds the character that parts the columns and has no quotation marks round it."
    )


def _error_cells(references: list[str]) -> str:
    return (
        f"The spreadsheet shows an error such as #N/A instead of a value in {', '.join(references)}. "
        "Mend or empty it there."
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
