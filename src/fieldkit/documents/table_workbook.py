"""The tables of a document as a workbook (.xlsx): notes first, then a sheet a table. Numbers are numbers, stars are text."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

from fieldkit.documents.blocks import Cell, Document, Table, cell_number, printable, printed
from fieldkit.documents.fixed_zip import fixed_zip
from fieldkit.documents.table_cells import distinct, is_numeric
from fieldkit.spreadsheets import neutralise

LONGEST_SHEET_NAME = 31
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_NO_MOMENT = datetime(2000, 1, 1)


def table_workbook(document: Document, notes: tuple[str, ...] = ()) -> bytes:
    """The workbook: no formulas, no hidden sheets, no comments, no links, no author, no time.

    `notes` stand on the first sheet beneath the document's facts.
    """
    import xlsxwriter

    saved = io.BytesIO()
    book = xlsxwriter.Workbook(
        saved,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": _text(document.title)[:255], "author": "", "created": _NO_MOMENT})
    formats = {
        "bold": book.add_format({"bold": True}),
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "star": book.add_format({"align": "right"}),
    }
    tables = distinct(document.tables())
    names = sheet_names(tables)
    _notes_sheet(book.add_worksheet("Notes"), document, notes, list(zip(names, tables, strict=True)), formats)
    for name, table in zip(names, tables, strict=True):
        _sheet(book, book.add_worksheet(name), table, formats)
    book.close()
    return fixed_zip(saved.getvalue())


def sheet_names(tables: list[Table]) -> list[str]:
    """A name for each table's sheet that programs which don't tell capitals from small letters tell apart."""
    taken, names = {"notes", "history"}, []
    for table in tables:
        plain = " ".join(_NOT_IN_SHEET_NAMES.sub(" ", printable(table.name)).split()) or "table"
        number, name = 1, plain[:LONGEST_SHEET_NAME]
        while name.casefold() in taken:
            number += 1
            name = plain[: LONGEST_SHEET_NAME - 4] + f" {number}"
        taken.add(name.casefold())
        names.append(name)
    return names


def _notes_sheet(
    sheet: Any,
    document: Document,
    notes: tuple[str, ...],
    tables: list[tuple[str, Table]],
    formats: dict[str, Any],
) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    lines: list[tuple[str, str]] = [(document.title, ""), (document.subtitle, ""), *document.facts, ("", "")]
    lines += [("Notes", ""), *(("", note) for note in notes), ("", ""), ("Sheets", "")]
    lines += [(name, table.title) for name, table in tables]
    for row, (left, right) in enumerate(lines):
        headed = not right and bool(left)
        _write(sheet, row, 0, left, formats["bold"] if headed else formats["wrap"])
        _write(sheet, row, 1, right, formats["wrap"])


def _sheet(book: Any, sheet: Any, table: Table, formats: dict[str, Any]) -> None:
    """The title in the first row, who is counted in the second, then heads and rows, then notes."""
    _write(sheet, 0, 0, table.title, formats["bold"])
    _write(sheet, 1, 0, table.about, None)
    top = 3
    for at, column in enumerate(table.columns):
        unit = f" ({column.other_unit})" if column.other_unit else ""
        _write(sheet, top, at, column.title + unit, formats["head"])
        longest = max([len(column.title) // 2, *(len(printed(row[at])) for row in table.rows)])
        sheet.set_column(at, at, min(max(longest + 2, 11), 60))
    sheet.freeze_panes(top + 1, 1)
    numeric = [is_numeric(table, at) for at in range(len(table.columns))]
    for number, row in enumerate(table.rows, top + 1):
        for at, cell in enumerate(row):
            _write(sheet, number, at, cell, formats["star"] if numeric[at] else None)
    for number, note in enumerate(table.notes, top + 2 + len(table.rows)):
        _write(sheet, number, 0, note, None)


def _write(sheet: Any, row: int, column: int, cell: Cell, form: Any) -> None:
    number = cell_number(cell)
    if number is not None:
        sheet.write_number(row, column, number)
    elif text := _text(printed(cell)):
        sheet.write_string(row, column, text, form)


def _text(text: str) -> str:
    """Text as a cell holds it, also where the sheet is saved as CSV and opened anew."""
    return str(neutralise(printable(text)))
