"""The figures of a file as plain rows: each with its organisation, period, measure, label, shown text, interval and code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from fieldkit.errors import FieldkitError
from fieldkit.importing.figures.figure_columns import is_period, role_of
from fieldkit.importing.figures.figure_layouts import FigureLayout, NoFigures, find_layout
from fieldkit.importing.figures.figure_reader import FigureReader, FigureRow
from fieldkit.importing.figures.figure_sources import KnownSource, source_of
from fieldkit.importing.figures.schemes import (
    likely_dimension,
)
from fieldkit.importing.figures.shown_text import CountRules, read_count, shown_of
from fieldkit.importing.reading.cells import Row
from fieldkit.importing.reading.sheet_reader import read_sheet
from fieldkit.importing.reading.sheets import Sheet
from fieldkit.text import clean_line

__all__ = ["FigureFile", "FigureRow", "open_figures"]

_LOOKED_AT, _MOST_BELOW = 60, 4
_NUMBERED, _MOST_ABOVE = re.compile(r"(.*) \([0-9]+\)"), 6
_HEADINGS = 2
"""The least number of cells in a row that must name a part of a figure, for the row to be taken for the headings."""


@dataclass
class FigureFile:
    """An opened file of figures: its table, the layout found, and the source if it is known."""

    name: str
    table: Sheet
    layout: FigureLayout
    source: KnownSource | None
    rules: CountRules
    notes: list[str] = field(default_factory=list)
    schemes: dict[str, str] = field(default_factory=dict)
    """Dimension -> the scheme of its labels; filled in by `rows`, or beforehand by a caller that knows it."""
    troubled: list[Row] = field(default_factory=list)
    """Rows that could not be read, filled in by `rows`; their `problem` says why."""

    def rows(self, rules: CountRules | None = None) -> Iterator[FigureRow]:
        """Every figure, in the order of the file; `rules` say what its signs mean, by default those of its source.

        Raises:
            FieldkitError: the rest of the file can't be read.
        """
        reader = FigureReader(self.table, self.layout, rules or self.rules, self.schemes)
        self.troubled = reader.troubled
        return reader.rows()


def open_figures(
    source: Path | bytes,
    *,
    sheet: str | None = None,
    roles: Mapping[str, str] | None = None,
    rules: CountRules | None = None,
) -> FigureFile:
    """Open a .csv, .xlsx, .xls or .ods file of figures, and find its layout.

    `sheet` names a sheet of a workbook; by default the first with figures is read. `roles` say what columns are
    (`FigureRow`'s parts, role -> heading), `rules` what signs mean; by default both follow the known source.

    Raises:
        NoFigures: no sheet has numbers with labels.
        FieldkitError: the file can't be read.
    """
    table, layout = _table(source, sheet, roles)
    known = source_of(table.columns)
    return FigureFile(
        table.name, table, layout, known, rules or (known.rules if known else CountRules()), list(table.notes)
    )


def _table(
    source: Path | bytes, sheet: str | None, roles: Mapping[str, str] | None
) -> tuple[Sheet, FigureLayout]:
    refused: FieldkitError | None = None
    names: list[str | None] = [sheet]
    for name in names:
        try:
            table = _read(source, name, roles)
        except FieldkitError:
            if name is None or refused is None:
                raise
            continue
        if name is None:
            names += table.others
        elif sheet is None:
            table.sheet = clean_line(name)
            table.notes.insert(
                0,
                f"The sheet “{table.sheet}” was read; the first has no figures. Choose another with --sheet.",
            )
        try:
            return table, find_layout(table, roles)
        except NoFigures as error:
            refused = refused or error
    assert refused is not None
    raise refused


def _read(source: Path | bytes, sheet: str | None, roles: Mapping[str, str] | None) -> Sheet:
    """The table, with its headings found below any titles."""
    wanted = {role_heading.casefold() for role_heading in (roles or {}).values()}
    certain = False
    refused: list[list[str]] = []

    def known(cells: Sequence[str], below: bool) -> bool:
        nonlocal certain
        filled = list(dict.fromkeys(cell for cell in cells if cell.strip()))
        known_cells = sum(bool(role_of(cell)) for cell in filled) + sum(
            cell.strip().casefold() in wanted for cell in filled
        )
        labels = (
            sum(likely_dimension([(cell, "")]) != "" for cell in filled[:40])
            if known_cells < _HEADINGS
            else 0
        )
        certain = (
            known_cells >= _HEADINGS
            or labels > _HEADINGS
            or (known_cells == 1 and len(filled) > 1 and not _has_numbers(filled))
        )
        if not certain and len(filled) > 1:
            refused.append(list(cells))
        return certain

    name = "" if isinstance(source, Path) else "the input"
    table = read_sheet(source, sheet=sheet, name=name, known=known)
    if not certain:
        table = read_sheet(source, sheet=sheet, name=name, known=_may_be_headings)
    more = _headings_below(table)
    if more:
        wanted_rows = table.heading_rows + more
        use = known if certain else _may_be_headings
        table = read_sheet(source, sheet=sheet, name=name, known=use, heading_rows=wanted_rows)
    for above in refused[-_MOST_ABOVE:] if any(map(_NUMBERED.fullmatch, table.columns)) else ():
        # Headings that occur twice may have others above them, which look like a title.
        whole = read_sheet(
            source, sheet=sheet, name=name, known=partial(_begins, above), heading_rows=table.heading_rows + 1
        )
        own = [column.rpartition(" / ")[2] for column in whole.columns]
        if own == [_NUMBERED.sub(r"\1", column) for column in table.columns]:
            return whole
    return table


def _begins(beginning: list[str], cells: Sequence[str], below: bool) -> bool:
    return list(cells[: len(beginning)]) == beginning


def _headings_below(table: Sheet) -> int:
    """How many of the first rows below the headings are headings too: words in columns that hold numbers further down."""
    top = list(islice((row for row in table.rows() if not row.problem), _LOOKED_AT))
    for number, row in enumerate(top[:_MOST_BELOW]):
        texts = [
            column
            for column, cell in row.cells.items()
            if (shown := shown_of(cell))
            and read_count(cell, CountRules()).state == "unknown"
            and any(map(str.isalpha, shown))
        ] or _periods_below(row, top[number + 1 :])
        numeric = [
            column
            for column in texts
            if sum(
                read_count(below.cells.get(column), CountRules()).state == "number"
                for below in top[number + 1 :]
            )
            * 2
            > len(top) - number - 1
        ]
        if len(numeric) < 2:
            return number
    return 0


def _periods_below(row: Row, below: Sequence[Row]) -> list[str]:
    """The columns of a row that holds only periods, and nothing in a column that labels the rows below it; else empty."""
    filled = {column: shown for column, cell in row.cells.items() if (shown := shown_of(cell))}
    labels = below[0].cells if below else {}
    unlabelled = any(shown_of(cell) and column not in filled for column, cell in labels.items())
    return list(filled) if unlabelled and all(map(is_period, filled.values())) else []


def _may_be_headings(cells: Sequence[str], below: bool) -> bool:
    filled = list(dict.fromkeys(cell.strip() for cell in cells if cell.strip()))
    return len(filled) > 1 and not _has_numbers(filled)


def _has_numbers(cells: Sequence[str]) -> bool:
    return any(
        read_count(cell, CountRules()).state == "number" and not re.fullmatch(r"(19|20)\d\d", cell)
        for cell in cells
    )
