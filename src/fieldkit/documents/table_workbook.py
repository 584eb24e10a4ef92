"""The tables of a document as a workbook (.xlsx): a sheet of notes, then one sheet for each table. Stars are text."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from fieldkit.documents.blocks import Cell, Document, Table, cell_number, printable, printed
from fieldkit.documents.fixed_zip import fixed_zip
from fieldkit.documents.table_cells import distinct, is_numeric
from fieldkit.printed_figure import Shown
from fieldkit.spreadsheets import neutralise

LONGEST_SHEET_NAME = 31
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_NO_MOMENT = datetime(2000, 1, 1)
_LINE = 15
"""Height of a line of text in a row, in points."""
_WIDEST, _READABLE, _OTHER, _UPRIGHT = 60, 80, 8.43, 90
"""Characters: the widest column, a title or note, a column beside the table, and a table on an upright page."""
_FEW = 3
"""The most columns of a table whose texts may be as wide as that; with more, half as wide."""
_SIDE = 4
"""Characters of extra room in a heading."""
_MOST_READ = 3_000
"""The most characters of a text that are read to count its lines."""


def table_workbook(document: Document, notes: tuple[str, ...] = ()) -> bytes:
    """The workbook: no formulas, no hidden sheets, no comments, no links, no author, no time.

    `notes` are on the first sheet, below the document's facts.
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
        "title": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1}),
        "text head": book.add_format(
            {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1, "indent": 1}
        ),
        "number head": book.add_format(
            {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1, "align": "right", "indent": 1}
        ),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "text": book.add_format({"text_wrap": True, "valign": "top", "indent": 1}),
    }
    tables = distinct(document.tables())
    names = sheet_names(tables)
    _notes_sheet(book.add_worksheet("Notes"), document, notes, list(zip(names, tables, strict=True)), formats)
    for name, table in zip(names, tables, strict=True):
        _sheet(book, book.add_worksheet(name), table, formats)
    book.close()
    return fixed_zip(saved.getvalue())


def sheet_names(tables: list[Table]) -> list[str]:
    """A name for each table's sheet, unique also for programs that ignore case."""
    names_in_use, names = {"notes", "history"}, []
    for table in tables:
        plain = " ".join(_NOT_IN_SHEET_NAMES.sub(" ", printable(table.name)).split()) or "table"
        number, name = 1, plain[:LONGEST_SHEET_NAME]
        while name.casefold() in names_in_use:
            number += 1
            name = plain[: LONGEST_SHEET_NAME - 4] + f" {number}"
        names_in_use.add(name.casefold())
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
    _on_paper(sheet, landscape=True)
    lines: list[tuple[str, str]] = [(document.title, ""), (document.subtitle, ""), *document.facts, ("", "")]
    lines += [("Notes", ""), *(("", note) for note in notes), ("", ""), ("Sheets", "")]
    lines += [(name, table.title) for name, table in tables]
    for row, (left, right) in enumerate(lines):
        headed = not right and bool(left)
        _write(sheet, row, 0, left, formats["bold"] if headed else formats["wrap"])
        _write(sheet, row, 1, right, formats["wrap"])
        if not headed:
            sheet.set_row(row, _LINE * max(_lines(left, 28), _lines(right, 90)))


def _sheet(book: Any, sheet: Any, table: Table, formats: dict[str, Any]) -> None:
    """Write the title in the first row, who is counted in the second, then headings and rows, then notes."""
    top = 3
    headings = [
        f"{column.title} ({column.other_unit})" if column.other_unit else column.title
        for column in table.columns
    ]
    widest = _WIDEST if len(headings) <= _FEW else _WIDEST / 2
    widths = [
        _width(head, [printed(row[at]) for row in table.rows], widest) for at, head in enumerate(headings)
    ]
    numeric = [is_numeric(table, at) for at in range(len(headings))]
    shapes = [
        book.add_format(
            {
                "num_format": _shape([row[at] for row in table.rows]),
                "align": "right",
                "indent": 1,
                "valign": "top",
            }
        )
        if numeric[at]
        else formats["wrap" if at == 0 else "text"]
        for at in range(len(headings))
    ]
    for at, head in enumerate(headings):
        sheet.set_column(at, at, widths[at])
        _write(
            sheet, top, at, head, formats["head" if not at else "number head" if numeric[at] else "text head"]
        )
    # Bold letters are wider, and a heading has room at its side.
    sheet.set_row(
        top, _LINE * max(_lines(head, width - _SIDE) for head, width in zip(headings, widths, strict=True))
    )
    sheet.freeze_panes(top + 1, 1)
    sheet.repeat_rows(top)
    _on_paper(sheet, landscape=sum(widths) > _UPRIGHT)
    for number, row in enumerate(table.rows, top + 1):
        for at, cell in enumerate(row):
            _write(sheet, number, at, cell, shapes[at])
        texts = [
            (printed(cell), width)
            for cell, width, is_number in zip(row, widths, numeric, strict=True)
            if not is_number
        ]
        if (tall := max((_lines(text, width) for text, width in texts), default=1)) > 1:
            sheet.set_row(number, _LINE * tall)
    _across(sheet, 0, table.title, widths, formats["title"])
    _across(sheet, 1, table.about, widths, formats["wrap"])
    for number, note in enumerate(table.notes, top + 2 + len(table.rows)):
        _across(sheet, number, note, widths, formats["wrap"])


def _across(sheet: Any, row: int, text: str, widths: Sequence[float], form: Any) -> None:
    """Write text over the whole width of a table, in as many lines as it needs."""
    text = _text(printable(text))
    if not text:
        return
    # Merge columns to a readable line; there are always more beyond those of the table.
    last, whole = 0, 0.0
    while whole < _READABLE:
        whole += widths[last] if last < len(widths) else _OTHER
        last += 1
    if last > 1:
        sheet.merge_range(row, 0, row, last - 1, "", form)
    sheet.write_string(row, 0, text, form)
    sheet.set_row(row, _LINE * _lines(text, whole))


def _on_paper(sheet: Any, *, landscape: bool) -> None:
    """Print on A4, fitted to the page width, with the sheet's name and page number at the foot."""
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.set_margins(0.6, 0.6, 0.6, 0.7)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&A, page &P of &N")


def _width(head: str, texts: Sequence[str], widest: float) -> float:
    """The width of a column in characters: its longest text, or the longest word of its heading."""
    word = max(map(len, head.split()), default=0)
    return min(max([word + _SIDE, len(head) // 2 + _SIDE, 11, *(len(text) + 2 for text in texts)]), widest)


def _lines(text: str, width: float) -> int:
    """The number of lines of a text in a column of `width` characters; at most the greatest height of a row."""
    wrapped = (textwrap.wrap(line, max(int(width), 5)) or [""] for line in text[:_MOST_READ].splitlines())
    return min(max(sum(map(len, wrapped)), 1), 27)


def _shape(cells: Sequence[Cell]) -> str:
    """The number format of a column: as many decimals as its most precise number has in print."""
    places = [
        -int(cell.value.as_tuple().exponent)
        for cell in cells
        if isinstance(cell, Shown) and isinstance(cell.value, Decimal)
    ]
    most = max([place for place in places if place > 0], default=0)
    return "#,##0" + ("." + "0" * most if most else "")


def _write(sheet: Any, row: int, column: int, cell: Cell, form: Any) -> None:
    number = cell_number(cell)
    if number is not None:
        sheet.write_number(row, column, number, form)
    elif text := _text(printed(cell)):
        sheet.write_string(row, column, text, form)


def _text(text: str) -> str:
    """Text for a cell, neutralised also for a sheet that is saved as CSV and opened again."""
    return str(neutralise(printable(text)))
