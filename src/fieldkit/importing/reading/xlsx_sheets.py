"""Sheets of .xlsx and .xlsm files (ECMA-376, SpreadsheetML), read event by event within bounds."""

from __future__ import annotations

import math
import re
from datetime import datetime

from fieldkit.importing.reading.number_cells import WHOLE_DAY, date_cell, days_of, general_cell
from fieldkit.importing.reading.number_formats import DAYS_TO_1904, NumberFormat, number_format
from fieldkit.importing.reading.workbook_cells import (
    LONGEST_CELL,
    MOST_COLUMNS,
    NO_VALUE,
    Bounds,
    Emit,
    Range,
    SheetFacts,
    SheetRow,
    column_number,
    no_value_fault,
)
from fieldkit.importing.reading.workbook_parts import SHEET_PART, Attributes, Parts, WorkbookRefused
from fieldkit.importing.reading.xlsx_book import (
    TRUE_WORDS,
    SharedTexts,
    XlsxBook,
    XlsxSheet,
    open_book,
    read_styles,
    read_texts,
    unescaped,
    whole_number,
)
from fieldkit.spreadsheets import Cell

_REFERENCE = re.compile(r"\s*\$?([A-Za-z]{1,3})\s*\$?0*([0-9]{1,7})\s*")
_GENERAL = number_format("General")


def read_xlsx(parts: Parts, wanted: str | None, emit: Emit) -> SheetFacts:
    """Give the rows of the sheet called `wanted` to `emit`; without it, those of the first sheet that holds anything.

    Raises:
        WorkbookRefused: damaged, too large, no such sheet, nothing in it.
    """
    folder, book, targets = open_book(parts)
    styles = read_styles(parts, targets.get("styles", f"{folder}/styles.xml"))
    texts = SharedTexts()
    shared = targets.get("sharedStrings", f"{folder}/sharedStrings.xml")
    if shared in parts:
        read_texts(parts, shared, texts)
    candidates = choose(book.sheets, wanted)
    for sheet in candidates:
        facts = SheetFacts(sheet.name, sheet.hidden, epoch_1904=book.epoch_1904)
        reader = _SheetReader(book, styles, texts, facts, emit)
        parts.parse(sheet.part, reader.start, reader.end, reader.characters, most=SHEET_PART)
        if reader.emitted:
            facts.others = [other.name for other in book.sheets if other is not sheet and not other.hidden]
            return facts
    raise WorkbookRefused("nothing in it")


def choose(sheets: list[XlsxSheet], wanted: str | None) -> list[XlsxSheet]:
    """The sheets to read, in order: the one that is wanted, or else those shown and then the hidden ones.

    Raises:
        WorkbookRefused: no sheet is called `wanted`.
    """
    if wanted is None:
        return sorted(sheets, key=lambda sheet: sheet.hidden)[:200]
    matching = [sheet for sheet in sheets if sheet.name.strip().casefold() == wanted.strip().casefold()]
    if not matching:
        raise WorkbookRefused("no such sheet", "\n".join(sheet.name for sheet in sheets[:50]))
    return matching[:1]


class _SheetReader:
    """Handles the events of one sheet's part."""

    def __init__(
        self, book: XlsxBook, styles: list[NumberFormat], texts: SharedTexts, facts: SheetFacts, emit: Emit
    ) -> None:
        self.emitted = False
        self._book, self._styles, self._texts, self._facts, self._emit = book, styles, texts, facts, emit
        self._bounds = Bounds()
        self._row: SheetRow | None = None
        self._number = self._column = 0
        self._kind = self._style = ""
        self._formula = self._collecting = self._phonetic = self._in_cell = False
        self._pieces: list[str] = []
        self._length = 0
        self._columns: dict[str, int] = {}
        self._yearless: set[int] = set()

    def start(self, tag: str, given: Attributes) -> None:
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if self._row is None:
            if tag == "row":
                self._start_row(given)
            elif tag == "mergeCell":
                self._bounds.range()
                if merged := _range(given.get("ref", "")):
                    self._facts.merged.append(merged)
            elif tag == "col" and _is_hidden(given, "width"):
                first, last = whole_number(given.get("min", "")), whole_number(given.get("max", ""))
                if 0 < first <= last:
                    self._facts.hidden_columns += range(first, min(last, MOST_COLUMNS) + 1)
                    self._bounds.range()
                    if len(self._facts.hidden_columns) > MOST_COLUMNS:
                        raise WorkbookRefused("too large")
        elif tag == "c":
            self._start_cell(given)
        elif tag in ("v", "t"):
            self._collecting = self._in_cell and not self._phonetic
        elif tag == "f":
            self._formula = True
        elif tag == "rPh":
            self._phonetic = True

    def end(self, tag: str) -> None:
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if tag in ("v", "t"):
            self._collecting = False
        elif tag == "c":
            if self._in_cell:
                self._end_cell()
        elif tag == "row":
            if self._row is not None:
                self._end_row()
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "worksheet":
            self._facts.yearless = sorted(self._yearless)

    def characters(self, text: str) -> None:
        if self._collecting and self._length <= LONGEST_CELL:
            self._pieces.append(text)
            self._length += len(text)

    def _start_row(self, given: Attributes) -> None:
        number = given.get("r", "").strip()
        previous, self._number = self._number, whole_number(number) if number else self._number + 1
        if self._number <= previous:
            raise WorkbookRefused("damaged")
        self._bounds.row(self._number)
        self._bounds.cells(1)
        self._row = SheetRow(self._number, _is_hidden(given, "ht"))
        self._column = 0

    def _start_cell(self, given: Attributes) -> None:
        assert self._row is not None
        reference = given.get("r")
        if reference is None:
            self._column += 1
        else:
            letters = reference.rstrip("0123456789")
            column = self._columns.get(letters)
            if column is None or reference[len(letters) :] != str(self._number):
                column = self._placed(reference)
                self._columns.setdefault(letters, column)
            if column in self._row.cells:
                raise WorkbookRefused("damaged")
            self._column = column
        if self._column > MOST_COLUMNS:
            raise WorkbookRefused("too large")
        self._bounds.cells(1)
        self._kind, self._style = given.get("t", "n"), given.get("s", "")
        self._formula, self._in_cell = False, True
        if self._pieces:
            self._pieces = []
        self._length = 0

    def _placed(self, reference: str) -> int:
        match = _REFERENCE.fullmatch(reference)
        if match is None or int(match[2]) != self._number:
            raise WorkbookRefused("damaged")
        return column_number(match[1])

    def _end_cell(self) -> None:
        assert self._row is not None
        self._in_cell = False
        text = "".join(self._pieces)
        value, fault = self._value(text)
        if value is not None and value != "":
            self._row.put(self._column, value, fault)

    def _value(self, text: str) -> tuple[Cell, str]:
        kind = self._kind
        if kind in ("str", "inlineStr"):
            return unescaped(text), ""
        text = text.strip()
        if not text:
            return (NO_VALUE, no_value_fault()) if self._formula else (None, "")
        if kind == "s":
            return self._texts[whole_number(text)], ""
        if kind == "b":
            return text.lower() in TRUE_WORDS, ""
        if kind == "e":
            return text if text.startswith("#") else f"#{text}", ""
        return self._dated(text) if kind == "d" else self._counted(text)

    def _counted(self, text: str) -> tuple[Cell, str]:
        try:
            value = float(text)
        except ValueError:
            raise WorkbookRefused("damaged") from None
        if not math.isfinite(value):
            return "#NUM!", ""
        if value == 0 and self._formula and self._book.recalculated:
            return NO_VALUE, no_value_fault()
        shown = self._format()
        if shown.general:
            return general_cell(value)
        parts = shown.parts
        if parts is not None and parts.dated:
            if not parts.year:
                self._yearless.add(self._column)
            if self._book.epoch_1904:
                value += DAYS_TO_1904
        return shown.cell(value)

    def _dated(self, text: str) -> tuple[Cell, str]:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return text, " holds a date that can't be read. Correct it in the spreadsheet."
        return date_cell(days_of(moment), self._format().parts or WHOLE_DAY)

    def _format(self) -> NumberFormat:
        number = whole_number(self._style)
        return self._styles[number] if 0 <= number < len(self._styles) else _GENERAL

    def _end_row(self) -> None:
        row, self._row = self._row, None
        assert row is not None
        if row.cells:
            self._bounds.filled(row)
            self.emitted = True
            self._emit(row)


def _is_hidden(given: Attributes, size: str) -> bool:
    if given.get("hidden", "").lower() in TRUE_WORDS:
        return True
    return size in given and given[size].strip() in ("0", "0.0")


def _range(reference: str) -> Range | None:
    first, _, last = reference.partition(":")
    start, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
    if start is None or end is None:
        return None
    rows = sorted((int(start[2]), int(end[2])))
    columns = sorted((column_number(start[1]), column_number(end[1])))
    return rows[0], columns[0], rows[1], columns[1]
