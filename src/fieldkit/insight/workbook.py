"""Tables as one .xlsx workbook or a folder of CSV files: whole or not at all, private, safe to open."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO

from fieldkit.disk_errors import disk_error
from fieldkit.errors import Misuse
from fieldkit.file_writing import NewFile, private_folder
from fieldkit.leftover_files import scratch_folder
from fieldkit.spreadsheets import as_text, csv_cell
from fieldkit.text import clean_line

__all__ = ["Table", "write_tables"]

CUT = "… (cut: the whole text is in the CSV)"
MOST_ROWS = 1_048_576
"""The most rows of a sheet, with its heading: the format's own limit, as are the next three."""
MOST_COLUMNS = 16_384
MOST_CHARACTERS = 32_767
"""The most characters of a cell, in UTF-16 units: an emoji takes two."""
LONGEST_NAME = 31

_EXACT = 2**53
_FIRST_DATE = date(1900, 3, 1)
"""Spreadsheet programs assume a 29 February 1900; dates before it would be a day out."""
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
_NOT_IN_FILE_NAMES = re.compile(r'[<>:"/\\|?*]')
_OTHER_FORMATS = {".csv", ".tsv", ".txt", ".xls", ".xlsm", ".xlsb", ".ods", ".json", ".pdf", ".docx"}


@dataclass(frozen=True)
class Table:
    """A named table. `rows` may be lazy and is iterated once; its values are in the order of `columns`.

    Values: text, numbers, True and False, dates, times, None, and lists of them (written as `a; b`).
    """

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


def write_tables(tables: Iterable[Table], target: Path, *, overwrite: bool = False) -> list[Path]:
    """Write `tables` to the workbook `target` if it ends in .xlsx, else as NAME.csv into the folder `target`.

    CSV files are in UTF-8 with a byte order mark, so that spreadsheet programs recognise the encoding. Files get mode 0600, and
    their names only when all of them are complete. Returns the files written.

    Raises:
        Misuse: a file exists already without `overwrite`; another ending; more columns than a sheet can have.
        StorageError: the disk refuses.
    """
    if target.suffix.lower() == ".xlsx":
        with _Files(overwrite) as files:
            _write_workbook(tables, files.new(target), target.parent)
        return files.targets
    if target.is_file() or (target.suffix.lower() in _OTHER_FORMATS and not target.is_dir()):
        raise Misuse(
            f"Tables can't be written to “{target.name}”.",
            kept="Nothing was written.",
            hint="Give a name that ends in .xlsx, or a folder for one CSV file each.",
        )
    names = _Names("")
    with private_folder(target), _Files(overwrite) as files:
        for table in tables:
            plain = _NOT_IN_FILE_NAMES.sub("-", clean_line(table.name)).strip(". ")
            _write_csv(table, files.new(target / (names.free(plain or "table") + ".csv")))
    return files.targets


class _Files:
    """New files that get their names together once all are complete and on the disk; or none of them does."""

    def __init__(self, overwrite: bool) -> None:
        self._overwrite = overwrite
        self._new: list[NewFile] = []
        self.targets: list[Path] = []

    def new(self, target: Path) -> BinaryIO:
        """A file to write to, which will become `target`."""
        if target.is_dir() or (target.exists() and not self._overwrite):
            raise Misuse(
                f"There is already a file or folder “{target.name}”.",
                kept="It was left as it is.",
                hint="Choose another name, or ask for it to be overwritten.",
            )
        try:
            new = NewFile(target)
        except OSError as error:
            raise disk_error(error, target) from error
        self._new.append(new)
        self.targets.append(target)
        return new.file

    def __enter__(self) -> _Files:
        return self

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        try:
            if error is None:
                self._commit()
            elif isinstance(error, OSError):
                raise error
        except OSError as failed:
            raise disk_error(failed, self.targets[-1]) from failed
        finally:
            self._discard()

    def _commit(self) -> None:
        for new in self._new:
            new.finish()
        for new in self._new:
            new.keep()

    def _discard(self) -> None:
        for new in self._new:
            new.discard()


class _Names:
    """Names that stay distinct for programs that ignore case."""

    def __init__(self, forbidden: str, longest: int = 120) -> None:
        self._taken = {forbidden.casefold()}
        self._longest = longest

    def free(self, name: str) -> str:
        """`name`, or the name with the next number, cut to the longest allowed."""
        number, free = 1, _cut(name, self._longest, "")
        while free.casefold() in self._taken:
            number += 1
            free = _cut(name, self._longest, f" ({number})")
        self._taken.add(free.casefold())
        return free


def _cut(text: str, longest: int, ending: str) -> str:
    """`text` and `ending` within `longest` UTF-16 units; the text is cut."""
    room = longest - len(ending)
    if len(text) * 2 > room and len(units := text.encode("utf-16-le", "replace")) > room * 2:
        text = units[: room * 2].decode("utf-16-le", "ignore").rstrip()
    return text + ending


def _plain(value: Any) -> Any:
    """The plain Python value of a value from a data frame; None for NaN and NaT."""
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float | datetime) and value != value else value


def _write_csv(table: Table, handle: BinaryIO) -> None:
    text = io.TextIOWrapper(handle, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([csv_cell(column) for column in table.columns])
    for row in table.rows:
        writer.writerow([csv_cell(_plain(value)) for value in row])
    text.flush()
    text.detach()


def _write_workbook(tables: Iterable[Table], handle: BinaryIO, folder: Path) -> None:
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    # Rows wait in temporary files until the workbook is packed. They hold what people said, so the files are in a private
    # folder beside the workbook, not where every user of the laptop may look.
    with scratch_folder(folder) as waiting:
        book = xlsxwriter.Workbook(
            handle,
            {
                "constant_memory": True,
                "tmpdir": str(waiting),
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        formats = {
            "heading": book.add_format({"bold": True}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            time: book.add_format({"num_format": "hh:mm"}),
        }
        names = _Names("History", LONGEST_NAME)
        try:
            for table in tables:
                _write_sheets(book, table, names, formats)
            book.close()
        except FileCreateError as error:
            raise error.args[0] from error  # the system's own error, which is wrapped in this one
        finally:
            for sheet in book.worksheets():  # a workbook that fails leaves them open
                sheet.row_data_fh.close()


def _write_sheets(book: Any, table: Table, names: _Names, formats: dict[Any, Any]) -> None:
    """Write one sheet, and another with the next number each time a sheet is full."""
    if len(table.columns) > MOST_COLUMNS:
        raise Misuse(
            f"“{table.name}” has {len(table.columns)} columns; a sheet takes {MOST_COLUMNS}.",
            kept="Nothing was written.",
            hint="Write to a folder instead: a CSV file takes any number.",
        )
    plain = " ".join(_NOT_IN_SHEET_NAMES.sub(" ", clean_line(table.name)).split()).strip("'") or "table"
    rows = iter(table.rows)
    first = next(rows, None)
    while True:
        sheet = book.add_worksheet(names.free(plain))
        sheet.freeze_panes(1, 0)
        for number, column in enumerate(table.columns):
            sheet.set_column(number, number, min(max(len(column) + 2, 10), 40))
            _write_cell(sheet, 0, number, str(column), formats, formats["heading"])
        at = 1
        while first is not None and at < MOST_ROWS:
            for number, value in enumerate(first):
                _write_cell(sheet, at, number, _plain(value), formats)
            at += 1
            first = next(rows, None)
        if first is None:
            return


def _write_cell(
    sheet: Any, row: int, column: int, value: Any, formats: dict[Any, Any], form: Any = None
) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif (
        isinstance(value, int | float)
        and math.isfinite(value)
        and (isinstance(value, float) or abs(value) <= _EXACT)
    ):
        sheet.write_number(row, column, value)
    elif isinstance(value, datetime) and value.tzinfo is None and value.date() >= _FIRST_DATE:
        sheet.write_datetime(row, column, value, formats[datetime])
    elif isinstance(value, date) and not isinstance(value, datetime) and value >= _FIRST_DATE:
        sheet.write_datetime(row, column, value, formats[date])
    elif isinstance(value, time) and value.tzinfo is None:
        sheet.write_datetime(row, column, value, formats[time])
    else:
        # A text cell of a workbook is never read as a formula, so it needs no leading apostrophe, as a CSV cell does.
        text = as_text(value)
        if len(text) * 2 > MOST_CHARACTERS and len(text.encode("utf-16-le")) > MOST_CHARACTERS * 2:
            text = _cut(text, MOST_CHARACTERS, CUT)
        sheet.write_string(row, column, text, form)
