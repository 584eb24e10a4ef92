"""Sheets of .ods files (OpenDocument 1.3, part 3), read event by event within bounds."""

from __future__ import annotations

import math
import re
from datetime import datetime

from fieldkit.importing.reading.number_cells import (
    WHOLE_DAY,
    DateParts,
    date_cell,
    days_of,
    general_cell,
    number_cell,
)
from fieldkit.importing.reading.ods_styles import OdsStyles, ShortNames
from fieldkit.importing.reading.workbook_cells import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    NO_VALUE,
    Bounds,
    Emit,
    SheetFacts,
    SheetRow,
    is_error,
    no_value_fault,
)
from fieldkit.importing.reading.workbook_parts import SHEET_PART, Attributes, Parts, WorkbookRefused
from fieldkit.spreadsheets import Cell

_DURATION = re.compile(r"(-?)P(?:([0-9]+)D)?T?(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:\.[0-9]+)?)S)?")
_SKIPPED = frozenset(
    {
        "office annotation",
        "table shapes",
        "table tracked-changes",
        "text ruby-text",
        "drawing frame",
        "table dde-links",
    }
)
_MOST_REPEATED = 1_000_000


def read_ods(parts: Parts, wanted: str | None, emit: Emit) -> SheetFacts:
    """Give the rows of the sheet called `wanted` to `emit`; without it, those of the first sheet that holds anything.

    Raises:
        WorkbookRefused: damaged, too large, no such sheet, nothing in it.
    """
    if "content.xml" not in parts:
        raise WorkbookRefused("damaged")
    styles = OdsStyles()
    names = ShortNames()
    if "styles.xml" in parts:

        def start(tag: str, given: Attributes) -> None:
            styles.start(names[tag], {names[key]: value for key, value in given.items()})

        parts.parse("styles.xml", start, lambda tag: styles.end(names[tag]), namespaces=True)
    # Read hidden sheets only if no other sheet shows anything.
    for hidden_too in (False, True) if wanted is None else (True,):
        reader = _Reader(styles, wanted, hidden_too, emit)
        parts.parse(
            "content.xml", reader.start, reader.end, reader.characters, most=SHEET_PART, namespaces=True
        )
        if reader.facts is not None:
            facts = reader.facts
            facts.others = [name for name, hidden in reader.sheets if name != facts.name and not hidden]
            return facts
    if wanted is not None and not reader.met:
        raise WorkbookRefused("no such sheet", "\n".join(name for name, _ in reader.sheets[:50]))
    raise WorkbookRefused("nothing in it")


class _Reader:
    """Handles the events of content.xml: styles first, then the tables, of which one is read and the others are listed."""

    def __init__(self, styles: OdsStyles, wanted: str | None, hidden_too: bool, emit: Emit) -> None:
        self.sheets: list[tuple[str, bool]] = []
        self.facts: SheetFacts | None = None
        """Facts about the sheet that was read, once it was found to hold anything."""
        self.met = False
        self._styles, self._hidden_too, self._emit = styles, hidden_too, emit
        self._wanted = wanted.strip().casefold() if wanted is not None else None
        self._names = ShortNames()
        self._bounds = Bounds()
        self._repeated = 0
        self._epoch_1904 = False
        self._table: SheetFacts | None = None
        self._skipping = self._tables = 0
        self._row: SheetRow | None = None
        self._number = self._column = self._times = self._columns = 0
        self._column_styles: list[tuple[int, str]] = []
        self._row_style = ""
        self._cell: Attributes | None = None
        self._pieces: list[str] = []
        self._length = 0
        self._paragraphs = 0
        self._yearless: set[int] = set()

    def start(self, tag: str, attributes: Attributes) -> None:
        names = self._names
        name = names[tag]
        if self._skipping or name in _SKIPPED:
            self._skipping += 1
            return
        if self._table is None:
            given = {names[key]: value for key, value in attributes.items()}
            if name == "table table":
                self._start_table(given)
            elif name == "table null-date":
                self._epoch_1904 = given.get("table date-value", "").startswith("1904")
            else:
                self._styles.start(name, given)
            return
        if name == "table table":
            # A table within a cell is not part of the sheet.
            self._skipping += 1
        elif name in ("table table-cell", "table covered-table-cell"):
            if self._row is not None:
                self._cell = {names[key]: value for key, value in attributes.items()}
                self._pieces, self._length, self._paragraphs = [], 0, 0
        elif self._cell is not None:
            self._start_text(name, attributes)
        elif name == "table table-row":
            self._start_row({names[key]: value for key, value in attributes.items()})
        elif name == "table table-column":
            self._start_column({names[key]: value for key, value in attributes.items()})

    def end(self, tag: str) -> None:
        if self._skipping:
            self._skipping -= 1
            return
        name = self._names[tag]
        if self._table is None:
            self._styles.end(name)
        elif name in ("table table-cell", "table covered-table-cell"):
            self._end_cell()
        elif name == "table table-row":
            self._end_row()
        elif name == "table table":
            self._end_table()

    def characters(self, text: str) -> None:
        if (
            self._cell is not None
            and self._paragraphs
            and not self._skipping
            and self._length <= LONGEST_CELL
        ):
            self._pieces.append(text)
            self._length += len(text)

    def _start_table(self, given: Attributes) -> None:
        name = given.get("table name", "")
        style = self._styles.styles.get(given.get("table style-name", ""))
        hidden = style is not None and not style.shown
        self.sheets.append((name, hidden))
        if len(self.sheets) > 10_000:
            raise WorkbookRefused("too large")
        reads_table = self.facts is None and (
            (self._hidden_too or not hidden)
            if self._wanted is None
            else name.strip().casefold() == self._wanted and not self.met
        )
        self.met = self.met or (reads_table and self._wanted is not None)
        self._table = SheetFacts(name, hidden, epoch_1904=self._epoch_1904)
        if not reads_table:
            # Skip everything within it; its own end tag comes through `end` with `_skipping` at 1.
            self._skipping, self._table = 1, None
            return
        self._bounds, self._repeated = Bounds(), 0
        self._number = self._columns = 0
        self._column_styles, self._yearless = [], set()

    def _end_table(self) -> None:
        table, self._table = self._table, None
        if table is not None and self.facts is table:
            table.yearless = sorted(self._yearless)

    def _start_column(self, given: Attributes) -> None:
        assert self._table is not None
        self._bounds.range()
        first = self._columns + 1
        self._columns = min(first - 1 + _times(given, "table number-columns-repeated"), MOST_COLUMNS)
        self._column_styles.append((self._columns, given.get("table default-cell-style-name", "")))
        if given.get("table visibility", "visible") != "visible":
            self._table.hidden_columns += range(first, self._columns + 1)

    def _start_row(self, given: Attributes) -> None:
        self._times = _times(given, "table number-rows-repeated")
        self._number += 1
        self._row = SheetRow(self._number, given.get("table visibility", "visible") != "visible")
        self._row_style = given.get("table default-cell-style-name", "")
        self._column = 0
        self._bounds.cells(1)

    def _end_row(self) -> None:
        row, self._row = self._row, None
        assert row is not None and self._table is not None
        last = self._number + self._times - 1
        if row.cells:
            if last > MOST_ROWS:
                raise WorkbookRefused("too large")
            if self._times > 1:
                self._repeat(self._times * len(row.cells))
            self.facts = self._table
            for number in range(self._number, last + 1):
                copy = row if number == row.number else _moved(row, number)
                self._bounds.filled(copy)
                self._emit(copy)
        self._number = last

    def _repeat(self, count: int) -> None:
        """Count cells and spaces that occur once in the file and many times in the sheet."""
        self._repeated += count
        if self._repeated > _MOST_REPEATED:
            raise WorkbookRefused("too large")

    def _start_text(self, name: str, attributes: Attributes) -> None:
        if name == "text p":
            if self._paragraphs:
                self._pieces.append("\n")
            self._paragraphs += 1
        elif name == "text s":
            count = next((value for key, value in attributes.items() if self._names[key] == "text c"), "1")
            spaces = min(int(count[:9]) if count.isdecimal() else 1, 1_000)
            self._repeat(spaces - 1)
            self._pieces.append(" " * spaces)
        elif name == "text tab":
            self._pieces.append("\t")
        elif name == "text line-break":
            self._pieces.append("\n")

    def _end_cell(self) -> None:
        given, self._cell = self._cell, None
        if given is None or self._row is None or self._table is None:
            return
        times = _times(given, "table number-columns-repeated")
        first, self._column = self._column + 1, self._column + times
        rows, columns = (
            _times(given, "table number-rows-spanned"),
            _times(given, "table number-columns-spanned"),
        )
        if rows > 1 or columns > 1:
            self._bounds.range()
            end = min(self._number + rows - 1, MOST_ROWS), min(first + columns - 1, MOST_COLUMNS)
            self._table.merged.append((self._number, first, *end))
        self._bounds.cells(1)
        value, fault = self._value(given, "".join(self._pieces), first)
        if value is None or value == "":
            return
        if self._column > MOST_COLUMNS:
            raise WorkbookRefused("too large")
        if times > 1:
            self._repeat(times)
        for column in range(first, self._column + 1):
            self._row.put(column, value, fault)

    def _value(self, given: Attributes, shown: str, column: int) -> tuple[Cell, str]:
        kind = given.get("office value-type", "")
        if is_error(shown) or given.get("calcext value-type") == "error":
            return shown if is_error(shown) else "#ERROR!", ""
        if kind in ("float", "percentage", "currency"):
            value = _number(given.get("office value", ""))
            if shown in ("TRUE", "FALSE"):
                return value != 0, ""
            # A cell may be stored without the text that it shows.
            return number_cell(value, shown) if self._paragraphs else general_cell(value)
        if kind == "boolean":
            return given.get("office boolean-value", "") == "true", ""
        if kind in ("date", "time"):
            return self._dated(given, column)
        if kind == "string":
            return shown if self._paragraphs else given.get("office string-value", ""), ""
        if shown:
            return shown, ""
        # A formula that gives an empty text has an empty paragraph.
        return (
            (NO_VALUE, no_value_fault()) if "table formula" in given and not self._paragraphs else (None, "")
        )

    def _dated(self, given: Attributes, column: int) -> tuple[Cell, str]:
        style = given.get("table style-name") or self._row_style
        if not style:
            style = next((name for last, name in self._column_styles if column <= last), "")
        parts = self._styles.parts(style)
        if given["office value-type"] == "time":
            duration = _DURATION.fullmatch(given.get("office time-value", ""))
            if duration is None:
                raise WorkbookRefused("damaged")
            days, hours, minutes = (float(duration[group] or 0) for group in (2, 3, 4))
            total = days + hours / 24 + minutes / 1440 + float(duration[5] or 0) / 86_400
            shown = parts or DateParts(hour=True, minute=True, elapsed=total >= 1)
            return date_cell(-total if duration[1] else total, shown)
        written = given.get("office date-value", "")
        try:
            moment = datetime.fromisoformat(written)
        except ValueError:
            return written, " holds a date that can't be read. Write it as text in the spreadsheet."
        if parts is None:
            parts = (
                DateParts(year=True, month=True, day=True, hour=True, minute=True)
                if "T" in written
                else WHOLE_DAY
            )
        if parts.dated and not parts.year:
            self._yearless.add(column)
        return date_cell(days_of(moment), parts)


def _moved(row: SheetRow, number: int) -> SheetRow:
    copy = SheetRow(number, row.hidden)
    for column, value in row.cells.items():
        copy.put(column, value)
        if column in row.faults:
            # The same fault, with the name of the copied cell.
            _, _, after = row.faults[column].removeprefix("The cell ").partition(" ")
            copy.put(column, value, f" {after}")
    return copy


def _times(given: Attributes, name: str) -> int:
    text = given.get(name)
    if text is None or not text.strip().isdecimal():
        return 1
    return max(1, int(text.strip()[:12]))


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise WorkbookRefused("damaged") from None
    if not math.isfinite(value):
        raise WorkbookRefused("damaged")
    return value
