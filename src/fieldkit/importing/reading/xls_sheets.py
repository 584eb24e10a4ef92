"""Sheets of .xls files (Excel 5.0 to 2003), read with xlrd, and the formulas that xlrd says nothing about."""

from __future__ import annotations

import contextlib
import io
import struct
from collections.abc import Container, Iterator
from typing import TYPE_CHECKING, Any, cast

from fieldkit.importing.reading.number_formats import DAYS_TO_1904, number_format
from fieldkit.importing.reading.workbook_cells import (
    NO_VALUE,
    Bounds,
    Emit,
    SheetFacts,
    SheetRow,
    no_value_fault,
)
from fieldkit.importing.reading.workbook_parts import WorkbookRefused
from fieldkit.spreadsheets import Cell

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Sheet

_FORMULA, _END, _BEGIN = 0x0006, 0x000A, 0x0809
_SEVERAL_CELLS = frozenset({0x00BD, 0x00BE})
_CELLS = frozenset({
    0x0001, 0x0002, 0x0003, 0x0004, 0x0005, _FORMULA, 0x00D6, 0x00FD, 0x0201, 0x0202, 0x0203, 0x0204, 0x0205, 0x0206, 0x0406,
    0x027E, *_SEVERAL_CELLS,
})  # fmt: skip
"""Record types that begin with a row and a column: [MS-XLS] 2.3.2, and those of earlier versions."""
_MOST_COLUMNS = 256
_WORKED_OUT_ON_OPENING = 0x0002
_LIBREOFFICE = bytes.fromhex("bb0dcc07")
"""The build and year that LibreOffice states, which are those of Excel 97."""
_OPERATORS = frozenset([*range(0x03, 0x08), *range(0x09, 0x0F), 0x12, 0x13, 0x14])
"""Tokens of arithmetic and comparison."""
_PROPERTIES = "SummaryInformation".encode("utf-16-le")
_SUM_ATTRIBUTE = b"\x19\x10"
_FIXED_CALLS, _VARIABLE_CALLS = (b"\x21", b"\x41", b"\x61"), (b"\x22", b"\x42", b"\x62")
_NUMERIC_FUNCTIONS = frozenset(
    {0, 4, 5, 6, 7, 12, 24, 25, 26, 27, 32, 39, 65, 66, 67, 68, 69, 169, 212, 213, 345, 346, 347}
)
"""COUNT, SUM, AVERAGE, MIN, MAX, STDEV, ABS, INT, SIGN, ROUND, LEN, MOD, DATE, TIME, DAY, MONTH, YEAR, COUNTA, …"""
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


def read_xls(content: bytes, wanted: str | None, emit: Emit) -> SheetFacts:
    """Give the rows of the sheet called `wanted` to `emit`; without it, those of the first sheet that holds anything.

    Raises:
        WorkbookRefused: damaged, protected, no such sheet, nothing in it, too large.
    """
    import xlrd

    # Names are not needed, and names built from each other can double their text each time.
    xlrd.book.evaluate_name_formula = lambda *_, **__: None
    try:
        with _no_rings(xlrd.compdoc.CompDoc):
            book = xlrd.open_workbook(
                file_contents=content,
                logfile=io.StringIO(),
                formatting_info=True,
                on_demand=True,
                ragged_rows=True,
            )
    except xlrd.XLRDError as error:
        raise WorkbookRefused("protected" if "encrypted" in str(error).lower() else "damaged") from error
    names = book.sheet_names()
    hidden = [bool(state) for state in book._sheet_visibility[: len(names)]]
    if wanted is None:
        order = sorted(range(len(names)), key=lambda at: hidden[at])[:200]
    else:
        order = [at for at, name in enumerate(names) if name.strip().casefold() == wanted.strip().casefold()][
            :1
        ]
        if not order:
            raise WorkbookRefused("no such sheet", "\n".join(names[:50]))
    for at in order:
        pending = _pending_formulas(book, at, content)
        sheet = book.sheet_by_index(at)
        facts = SheetFacts(names[at], hidden[at], epoch_1904=book.datemode == 1)
        if _read(book, sheet, pending, facts, emit):
            facts.others = [name for other, name in enumerate(names) if other != at and not hidden[other]]
            return facts
        book.unload_sheet(at)
    raise WorkbookRefused("nothing in it")


def _read(
    book: Book, sheet: Sheet, pending: Container[tuple[int, int]], facts: SheetFacts, emit: Emit
) -> bool:
    """Give the sheet's rows to `emit`; returns whether there were any."""
    bounds = Bounds()
    facts.merged = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells]
    for column, info in sheet.colinfo_map.items():
        if info.hidden or info.width == 0:
            facts.hidden_columns.append(column + 1)
    facts.hidden_columns.sort()
    yearless: set[int] = set()
    emitted = False
    for number in range(sheet.nrows):
        if not sheet.row_len(number):
            continue
        info = sheet.rowinfo_map.get(number)
        row = SheetRow(number + 1, bool(info is not None and (info.hidden or info.height == 0)))
        types, values = sheet.row_types(number), sheet.row_values(number)
        bounds.cells(len(types))
        for column, (kind, value) in enumerate(zip(types, values, strict=True)):
            if not value and (number, column) in pending and kind != 4:
                row.put(column + 1, NO_VALUE, no_value_fault())
            elif kind in (0, 6) or value == "":
                continue
            elif kind in (2, 3):
                shown = number_format(_code(book, sheet.cell_xf_index(number, column)))
                parts = shown.parts
                if parts is not None and parts.dated:
                    value += DAYS_TO_1904 if facts.epoch_1904 else 0
                    if not parts.year:
                        yearless.add(column + 1)
                row.put(column + 1, *shown.cell(float(value)))
            else:
                row.put(column + 1, _plain(kind, value))
        if row.cells:
            bounds.filled(row)
            emitted = True
            emit(row)
    facts.yearless = sorted(yearless)
    return emitted


def _plain(kind: int, value: object) -> Cell:
    if kind == 4:
        return bool(value)
    if kind == 5:
        return _ERRORS.get(int(str(value)), "#ERROR!")
    return str(value).replace("\r\n", "\n")


def _code(book: Book, style: int) -> str:
    stored_format = book.format_map.get(book.xf_list[style].format_key)
    return str(stored_format.format_str) if stored_format is not None else "General"


@contextlib.contextmanager
def _no_rings(document: Any) -> Iterator[None]:
    """During the block, refuse a file whose sectors form a ring, which xlrd would follow for ever."""
    read = document._get_stream

    def checked(
        self: Any, mem: bytes, base: int, sat: list[int], size: int, first: int, *more: Any, **named: Any
    ) -> bytes:
        sector = first
        for _ in range(len(sat) + 1):
            if not 0 <= sector < len(sat):
                return cast(bytes, read(self, mem, base, sat, size, first, *more, **named))
            sector = sat[sector]
        raise WorkbookRefused("damaged")

    document._get_stream = checked
    try:
        yield
    finally:
        document._get_stream = read


def _pending_formulas(book: Book, at: int, content: bytes) -> set[tuple[int, int]]:
    """Row and column, from 0, of formulas whose stored zero or empty text means nothing. xlrd has not read the sheet yet;
    since it takes memory for all columns up to the last of each row, they are bounded here.

    Such formulas are to be calculated on opening; or LibreOffice wrote the file, which stores a zero for every text; or a
    library wrote it, which calculates none. Libraries write no properties beside the sheets.
    """
    stream, position = book.mem, book._sh_abs_posn[at]
    by_library = _PROPERTIES not in content
    pending: set[tuple[int, int]] = set()
    widths: dict[int, int] = {}
    depth = 0
    texts_lost = False
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        position += 4
        if kind == _BEGIN:
            texts_lost = texts_lost or (depth == 0 and stream[position + 4 : position + 8] == _LIBREOFFICE)
            depth += 1
        elif kind == _END:
            depth -= 1
            if depth <= 0:
                break
        if depth == 1 and kind in _CELLS and position + 4 <= len(stream) and length >= 4:
            row, column = struct.unpack_from("<HH", stream, position)
            if kind in _SEVERAL_CELLS and position + length <= len(stream):
                (column,) = struct.unpack_from("<H", stream, position + length - 2)
            if column >= _MOST_COLUMNS:
                raise WorkbookRefused("damaged")
            widths[row] = max(widths.get(row, 0), column + 1)
        if kind == _FORMULA and length > 22:
            row, column, _, result, flags = struct.unpack_from("<HHH8sH", stream, position)
            if flags & _WORKED_OUT_ON_OPENING or by_library:
                pending.add((row, column))
            elif result == bytes(8) or result[::7] == b"\x03\xff":
                # A number can't be an empty text. If texts are lost, a zero may be a text.
                number = _gives_number(stream[position + 22 : position + length])
                if (texts_lost and not number) if result == bytes(8) else number:
                    pending.add((row, column))
        position += length
    Bounds().cells(sum(widths.values()))
    return pending


def _gives_number(tokens: bytes) -> bool:
    """Whether a formula, given as tokens in reverse Polish order, certainly gives a number, by its last operation."""
    if tokens[-1] in _OPERATORS or tokens[-4:-2] == _SUM_ATTRIBUTE:
        return True
    last = int.from_bytes(tokens[-2:], "little")
    variable, fixed = tokens[-4:-3], tokens[-3:-2]
    return last in _NUMERIC_FUNCTIONS and (variable in _VARIABLE_CALLS or fixed in _FIXED_CALLS)
