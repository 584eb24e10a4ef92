"""Sheets of .xls files (Excel 5.0 to 2003), through xlrd, with what it does not tell of formulas."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

from fieldkit.importing.number_formats import DAYS_TO_1904, number_format
from fieldkit.importing.workbook_cells import NO_VALUE, Bounds, Emit, SheetFacts, SheetRow, no_value_fault
from fieldkit.importing.workbook_parts import WorkbookRefused
from fieldkit.spreadsheets import Cell

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Sheet

_FORMULA, _END, _BEGIN = 0x0006, 0x000A, 0x0809
_WORKED_OUT_ON_OPENING = 0x0002
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


def read_xls(content: bytes, wanted: str | None, emit: Emit) -> SheetFacts:
    """Give the rows of the sheet called `wanted` to `emit`; without it, of the first with anything in it.

    Raises:
        WorkbookRefused: damaged, protected, no such sheet, nothing in it, too large.
    """
    import xlrd

    try:
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
        sheet = book.sheet_by_index(at)
        facts = SheetFacts(names[at], hidden[at], epoch_1904=book.datemode == 1)
        if _read(book, sheet, at, facts, emit):
            facts.others = [name for other, name in enumerate(names) if other != at and not hidden[other]]
            return facts
        book.unload_sheet(at)
    raise WorkbookRefused("nothing in it")


def _read(book: Book, sheet: Sheet, at: int, facts: SheetFacts, emit: Emit) -> bool:
    """Give the sheet's rows to `emit`; returns whether there was any."""
    bounds = Bounds()
    facts.merged = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells]
    for column, info in sheet.colinfo_map.items():
        if info.hidden or info.width == 0:
            facts.hidden_columns.append(column + 1)
    facts.hidden_columns.sort()
    pending = _pending_formulas(book, at)
    yearless: set[int] = set()
    emitted = False
    for number in range(sheet.nrows):
        info = sheet.rowinfo_map.get(number)
        row = SheetRow(number + 1, bool(info is not None and (info.hidden or info.height == 0)))
        types, values = sheet.row_types(number), sheet.row_values(number)
        bounds.cells(len(types))
        for column, (kind, value) in enumerate(zip(types, values, strict=True)):
            if kind in (0, 6) or value == "":
                continue
            if value == 0 and (number, column) in pending:
                row.put(column + 1, NO_VALUE, no_value_fault())
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
    found = book.format_map.get(book.xf_list[style].format_key)
    return str(found.format_str) if found is not None else "General"


def _pending_formulas(book: Book, at: int) -> set[tuple[int, int]]:
    """Row and column, from 0, of formulas that are to be worked out on opening: a zero stored for them means nothing."""
    stream, position = book.mem, book._sh_abs_posn[at]
    pending: set[tuple[int, int]] = set()
    depth = 0
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        if kind == _BEGIN:
            depth += 1
        elif kind == _END:
            depth -= 1
            if depth <= 0:
                break
        elif kind == _FORMULA and length >= 16:
            row, column, _, _, flags = struct.unpack_from("<HHH8sH", stream, position + 4)
            if flags & _WORKED_OUT_ON_OPENING:
                pending.add((row, column))
        position += 4 + length
    return pending
