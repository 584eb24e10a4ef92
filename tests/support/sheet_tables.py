"""Spreadsheets for tests: texts and files read as tables, and their values."""

from __future__ import annotations

from fieldkit.importing.reading.sheet_reader import read_sheet
from fieldkit.importing.reading.sheets import Sheet

ODS = "application/vnd.oasis.opendocument.spreadsheet"


def table(text: str | bytes, encoding: str = "utf-8") -> Sheet:
    return read_sheet(text if isinstance(text, bytes) else text.encode(encoding))


def values(sheet: Sheet) -> list[list[object]]:
    return [[*row.cells.values(), *row.extra] for row in sheet.rows()]
