"""Exact tables from CSV files, true-NAME.csv: counts of people, and percentages, each cell with its place."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fieldkit.disk_errors import disk_error
from fieldkit.errors import FieldkitError
from fieldkit.text import clean_line, displayed_line

PREFIX = "true-"
_COUNT = re.compile(r"\d{1,15}|\d{1,3}(,\d{3}){1,4}")
_PERCENT = re.compile(r"(\d{1,15})(?:\.(\d{1,6}))?( ?%)?")
_MOST_BYTES = 4_000_000
_MOST_CELLS = 20_000


class TablesRefused(FieldkitError):
    """A table or a line of the relations can't be read, or contradicts another."""

    title = "The tables could not be read"


def refused(
    file: str, line: int, what: str, hint: str = "Correct the file, then try again."
) -> TablesRefused:
    """The error for one line of a file; nothing is written."""
    place = f"{clean_line(file)}, line {line}" if line else clean_line(file)
    return TablesRefused(f"{place}: {clean_line(what)}", kept="Nothing was written.", hint=hint)


@dataclass(frozen=True)
class ExactTable:
    """A table as its file holds it: `cells` by (row, column), without empty ones; `lines` gives the line of each row."""

    name: str
    file: str
    corner: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], str]
    lines: Mapping[str, int]

    def count(self, row: str, column: str) -> int | None:
        """The number of people in a cell; None if it is empty.

        Raises:
            TablesRefused: it is not a whole number.
        """
        text = self.cells.get((row, column))
        if text is None:
            return None
        if not _COUNT.fullmatch(text):
            hint = (
                "A true table holds whole numbers. Columns of percentages need a line “pct” in relations.txt."
            )
            raise refused(
                self.file, self.lines[row], f"“{text}” in column “{column}” is not a whole number.", hint
            )
        return int(text.replace(",", ""))

    def percent(self, row: str, column: str) -> tuple[str, int, str] | None:
        """A percentage as its digits without the point, its number of decimals, and its sign as written; None if empty.

        Raises:
            TablesRefused: it is not a percentage.
        """
        text = self.cells.get((row, column))
        if text is None:
            return None
        match = _PERCENT.fullmatch(text)
        if not match:
            raise refused(
                self.file, self.lines[row], f"“{text}” in column “{column}” is not a percentage such as 79%."
            )
        decimals = match[2] or ""
        return match[1] + decimals, len(decimals), match[3] or ""


def read_tables(folder: Path) -> dict[str, ExactTable]:
    """The tables of a folder by their names, in the order of names.

    Raises:
        TablesRefused: there are none, or one can't be read.
        StorageError: the disk refuses.
    """
    try:
        files = sorted(folder.glob(f"{PREFIX}*.csv"))
        if not folder.is_dir():
            raise TablesRefused(
                f"There is no folder “{displayed_line(folder.name)}”.",
                kept="Nothing was written.",
                hint="Check the name.",
            )
    except OSError as error:
        raise disk_error(error, folder) from error
    if not files:
        raise TablesRefused(
            f"The folder “{displayed_line(folder.name)}” has no tables.",
            kept="Nothing was written.",
            hint=f"Name each table {PREFIX}NAME.csv.",
        )
    tables = {file.stem.removeprefix(PREFIX): _table(file) for file in files}
    if sum(len(table.cells) for table in tables.values()) > _MOST_CELLS:
        raise TablesRefused(
            f"The tables have more than {_MOST_CELLS:,} cells together.", kept="Nothing was written."
        )
    return tables


def read_text(path: Path) -> str:
    """A small text file in UTF-8.

    Raises:
        TablesRefused: it is missing, too large or in another encoding.
        StorageError: the disk refuses.
    """
    try:
        if not path.is_file():
            raise refused(path.name, 0, "this file is missing.", "Put it beside the tables.")
        if path.stat().st_size > _MOST_BYTES:
            raise refused(path.name, 0, "this file is larger than 4 MB.")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise disk_error(error, path) from error
    except UnicodeDecodeError:
        raise refused(path.name, 0, "this file is not in UTF-8.", "Save it again in UTF-8.") from None


def _table(path: Path) -> ExactTable:
    rows = _csv_rows(path)
    line, heading = next(rows, (1, []))
    columns = tuple(cell.strip() for cell in heading[1:])
    while columns and not columns[-1]:
        columns = columns[:-1]
    if not columns:
        raise refused(path.name, line, "the first line has no column names.")
    _check_labels(path.name, line, columns, "column")
    cells: dict[tuple[str, str], str] = {}
    lines: dict[str, int] = {}
    for line, row in rows:
        label, *values = (cell.strip() for cell in row)
        if not any([label, *values]):
            continue
        if label in lines:
            raise refused(path.name, line, f"the row “{label}” is there twice.")
        _check_labels(path.name, line, (label,), "row")
        if len(values) < len(columns) or any(values[len(columns) :]):
            raise refused(
                path.name, line, f"{len(values)} cells follow the row's name; {len(columns)} have a column."
            )
        lines[label] = line
        cells |= {(label, column): value for column, value in zip(columns, values, strict=False) if value}
    if not lines:
        raise refused(path.name, line, "no rows follow the column names.")
    return ExactTable(
        path.stem.removeprefix(PREFIX), path.name, heading[0].strip(), tuple(lines), columns, cells, lines
    )


def _csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error as error:
        raise refused(path.name, reader.line_num, f"this is no CSV ({error}).") from None


def _check_labels(file: str, line: int, labels: tuple[str, ...], what: str) -> None:
    for at, label in enumerate(labels):
        if not label:
            raise refused(file, line, f"a {what} has no name.")
        if label in labels[:at]:
            raise refused(file, line, f"the {what} “{label}” is there twice.")
