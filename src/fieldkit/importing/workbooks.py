"""Sheets of .xlsx, .xlsm, .xlsb, .xls and .ods workbooks, with what the reader alone would not tell."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, BinaryIO
from xml.etree import ElementTree

from fieldkit.errors import FieldkitError, Misuse
from fieldkit.spreadsheets import Cell
from fieldkit.text import clean_line

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

KEPT = "Nothing was stored."
SAVE_AS = "Save it as CSV or .xlsx and try again."

_MOST_BYTES = 1 << 30
_MOST_CELLS = 50_000_000
"""The reader keeps a whole sheet in memory, empty cells too: one in the far corner would need gigabytes."""

_CHUNK = 1 << 20
_OVERLAP = 512
_FAR_CELL = re.compile(rb"""\br=["'](?:([A-Z]{2,3})(\d{1,7})|[A-Z](\d{6,7}))["']""")
_ERROR_CELL = re.compile(
    rb"""<(?:\w+:)?c\b(?=[^>]{0,200}?\bt=["']e["'])[^>]{0,200}?\br=["']([A-Z]{1,3})(\d{1,7})["']"""
)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class BookSheet:
    """One sheet: `rows()` from its first row, all of one width; `errors`: row number -> its error cells."""

    name: str
    others: list[str]
    rows: Callable[[], Iterator[list[Cell]]]
    errors: dict[int, list[str]] = field(default_factory=dict)


def open_book_sheet(stream: BinaryIO, name: str, wanted: str | None) -> BookSheet:
    """The sheet called `wanted`, else the first one with anything in it; `name` is the file's, for messages.

    Raises:
        Misuse: no such sheet, or nothing in it.
        FieldkitError: damaged, protected with a password, or too large.
    """
    from python_calamine import CalamineWorkbook

    with reading(name):
        if _is_zip(stream):
            with zipfile.ZipFile(stream) as archive:
                if sum(part.file_size for part in archive.infolist()) > _MOST_BYTES:
                    raise too_large(name)
        stream.seek(0)
        book = CalamineWorkbook.from_filelike(stream)
        shown = [m.name for m in book.sheets_metadata if str(m.visible).endswith("Visible")]
    names = book.sheet_names
    if wanted is not None:
        found = next((n for n in names if n.strip().casefold() == wanted.strip().casefold()), None)
        if found is None:
            raise Misuse(
                f"“{name}” has no sheet called “{clean_line(wanted)}”.",
                kept=KEPT,
                hint=f"Its sheets are: {clean_line(', '.join(names))}.",
            )
        candidates = [found]
    else:
        candidates = shown + [n for n in names if n not in shown]
    for candidate in candidates:
        errors = _look_inside(stream, name, candidate)
        with reading(name):
            sheet = book.get_sheet_by_name(candidate)
            if sheet.start is not None:
                # The reader skips unused columns on the left but no rows at the top: row numbers hold.
                return BookSheet(
                    candidate, [n for n in shown if n != candidate], partial(_rows, sheet), errors
                )
    raise Misuse(
        f"There is nothing in “{clean_line(wanted or name)}”.",
        kept=KEPT,
        hint="Look whether it is the right file and sheet.",
    )


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Say that the workbook is damaged, whatever is raised on the way, panics of native parts included.

    Errors of the disk and those already in words pass through.
    """
    from python_calamine import PasswordError

    try:
        yield
    except PasswordError as error:
        raise protected(name) from error
    except (OSError, FieldkitError):
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise damaged(name) from error


def protected(name: str) -> FieldkitError:
    """The error for a workbook that opens with a password only."""
    return FieldkitError(
        f"“{name}” is protected with a password, so it can't be read.",
        kept=KEPT,
        hint="Open it in your spreadsheet program, save a copy without a password and try again.",
    )


def damaged(name: str) -> FieldkitError:
    """The error for a workbook that is cut short or broken."""
    return FieldkitError(
        f"“{name}” looks like a spreadsheet but is damaged or incomplete.",
        kept=KEPT,
        hint="Copy it again from where it came, or open it in your spreadsheet program and save it as CSV.",
    )


def too_large(name: str) -> FieldkitError:
    """The error for a workbook that would not fit into memory."""
    return FieldkitError(
        f"“{name}” is too large to be read as a workbook.",
        kept=KEPT,
        hint="Save the sheet as CSV and try again: a CSV file may be of any size.",
    )


def _rows(sheet: CalamineSheet) -> Iterator[list[Cell]]:
    return (list(map(_cell, row)) for row in sheet.iter_rows())


def _cell(value: object) -> Cell:
    if value == "":
        return None
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return value  # type: ignore[return-value]  # the other types of the reader are those of Cell


def _look_inside(stream: BinaryIO, name: str, sheet: str) -> dict[int, list[str]]:
    """Cells that hold an error such as #N/A, by row: the reader gives them as empty.

    Other formats than .xlsx, and parts in an unusual place, are left to the reader.

    Raises:
        FieldkitError: the sheet has too many cells for the reader, or is damaged.
    """
    if not _is_zip(stream):
        return {}
    errors: dict[int, list[str]] = {}
    rows, columns = 1, 26
    with reading(name), zipfile.ZipFile(stream) as archive:
        part = _sheet_part(archive, sheet)
        if part is None:
            return {}
        with archive.open(part) as xml:
            tail = b""
            while chunk := xml.read(_CHUNK):
                text = tail + chunk
                for match in _FAR_CELL.finditer(text):
                    rows = max(rows, int(match[2] or match[3]))
                    columns = max(columns, _column_number(match[1] or b"Z"))
                if rows * columns > _MOST_CELLS:
                    raise too_large(name)
                for match in _ERROR_CELL.finditer(text):
                    found = errors.setdefault(int(match[2]), [])
                    reference = (match[1] + match[2]).decode()
                    if reference not in found:
                        found.append(reference)
                tail = text[-_OVERLAP:]
    return errors


def _is_zip(stream: BinaryIO) -> bool:
    stream.seek(0)
    return stream.read(4) == b"PK\x03\x04"


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheet_part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The part of an .xlsx file that holds `sheet`, or None if it is not such a file."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            target = targets.get(element.get(_RELATION), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return part if part in names else None
    return None
