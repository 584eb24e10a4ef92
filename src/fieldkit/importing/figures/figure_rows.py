"""The figures of a file as plain rows: each with its organisation, period, measure, label, shown text, interval and code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from fieldkit.errors import FieldkitError
from fieldkit.importing.figures.figure_columns import is_count, is_derived, role_of
from fieldkit.importing.figures.figure_layouts import FigureLayout, NoFigures, find_layout, label_pair
from fieldkit.importing.figures.figure_sources import KnownSource, source_of
from fieldkit.importing.figures.schemes import (
    SCHEMES,
    LabelMatch,
    Level,
    dimension_of,
    likely_dimension,
    match_label,
    pick_scheme,
)
from fieldkit.importing.figures.shown_text import CountReading, CountRules, read_count, shown_of
from fieldkit.importing.reading.cells import Row
from fieldkit.importing.reading.sheets import Sheet, read_sheet
from fieldkit.intervals import Interval
from fieldkit.spreadsheets import Cell

NULLS = frozenset({"", "null", "n/a"})
_LOOKED_AT, _MOST_BELOW = 60, 4
_HEADINGS = 2
"""So many cells of a row have to name a part of a figure before it is taken for the headings."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One published figure.

    line: of the file. organisation: its code, else its name; of a population, the area. statistic: as published, "" where the
    file has none; derived: a percentage, rate or limit, which is kept and never added. dimension: `ethnic`, `religion`,
    `orientation`, `disability`, `age`, `gender`, `carer`, `total`, or the file's own word. group, label: as published, cleaned.
    shown: the text of the cell. interval: what it stands for, None where there is no count (not available, derived, a sign
    that nobody has explained, refused); `state` and `problem` say which (see `CountReading`). code, scheme, level: what the
    label was matched to; "" and "group" where it was not. level "parent" holds several groups, "total" all of them.
    """

    line: int
    organisation: str
    organisation_name: str
    period: str
    measure: str
    statistic: str
    derived: bool
    dimension: str
    group: str
    label: str
    age: str
    sex: str
    shown: str
    interval: Interval | None
    state: str
    problem: str
    code: str
    scheme: str
    level: Level
    hidden: bool = False


@dataclass
class FigureFile:
    """A file of figures that was opened: its table, the layout that was found, and the source it is known to come from."""

    name: str
    table: Sheet
    layout: FigureLayout
    source: KnownSource | None
    rules: CountRules
    notes: list[str] = field(default_factory=list)
    schemes: dict[str, str] = field(default_factory=dict)
    """Dimension -> the scheme its labels are of; filled in by `rows`, or before by whoever knows."""
    troubled: list[Row] = field(default_factory=list)
    """Rows that could not be read, filled in by `rows`; their `problem` says why."""

    def rows(self, rules: CountRules | None = None) -> Iterator[FigureRow]:
        """Every figure, in the order of the file; `rules` say what its signs mean, else those of its source.

        Raises:
            FieldkitError: the file can't be read on.
        """
        return _Reader(self, rules or self.rules).rows()


def open_figures(
    source: Path | bytes,
    *,
    sheet: str | None = None,
    roles: Mapping[str, str] | None = None,
    rules: CountRules | None = None,
) -> FigureFile:
    """Open a .csv, .xlsx, .xls or .ods file of figures, and find its layout.

    `sheet` names a sheet of a workbook; else the first with figures in it is taken. `roles` say what columns are
    (`FigureRow`'s parts, role -> heading), `rules` what signs mean; both else as the source is known for.

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
        try:
            return table, find_layout(table, roles)
        except NoFigures as error:
            refused = refused or error
    assert refused is not None
    raise refused


def _read(source: Path | bytes, sheet: str | None, roles: Mapping[str, str] | None) -> Sheet:
    """The table, its headings found below whatever title stands above them."""
    wanted = {role_heading.casefold() for role_heading in (roles or {}).values()}
    certain = False

    def known(cells: Sequence[str], below: bool) -> bool:
        nonlocal certain
        filled = [cell for cell in cells if cell.strip()]
        found = sum(bool(role_of(cell)) for cell in filled) + sum(
            cell.strip().casefold() in wanted for cell in filled
        )
        labels = sum(likely_dimension([(cell, "")]) != "" for cell in filled[:40]) if found < _HEADINGS else 0
        certain = (
            found >= _HEADINGS
            or labels > _HEADINGS
            or (found == 1 and len(filled) > 1 and not _has_numbers(filled))
        )
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
    return table


def _headings_below(table: Sheet) -> int:
    """How many of the first rows below the headings are headings, too: words in columns that hold numbers further down."""
    top = list(islice((row for row in table.rows() if not row.problem), _LOOKED_AT))
    for number, row in enumerate(top[:_MOST_BELOW]):
        words = [
            column
            for column, cell in row.cells.items()
            if (shown := shown_of(cell))
            and read_count(cell, CountRules()).state == "unknown"
            and any(map(str.isalpha, shown))
        ]
        numeric = [
            column
            for column in words
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


def _may_be_headings(cells: Sequence[str], below: bool) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) > 1 and len(set(filled)) == len(filled) and not _has_numbers(filled)


def _has_numbers(cells: Sequence[str]) -> bool:
    return any(
        read_count(cell, CountRules()).state == "number" and not re.fullmatch(r"(19|20)\d\d", cell)
        for cell in cells
    )


class _Reader:
    """Makes figures of the rows of one file. What one distinct cell or label stands for is worked out once."""

    def __init__(self, file: FigureFile, rules: CountRules) -> None:
        self.file, self.layout, self.rules = file, file.layout, rules
        self._readings: dict[Cell, CountReading] = {}
        self._matches: dict[tuple[str, str, str], LabelMatch | None] = {}
        self._parents: dict[str, str] = {}

    def rows(self) -> Iterator[FigureRow]:
        self._find_schemes()
        self.file.troubled = []
        for row in self.file.table.rows():
            if row.problem:
                self.file.troubled.append(row)
            else:
                yield from self._figures(row)

    def _find_schemes(self) -> None:
        """The scheme of each dimension, by the distinct labels of the whole file."""
        pairs: dict[str, dict[tuple[str, str], None]] = {}
        for row in self.file.table.rows():
            if row.problem:
                continue
            for dimension, label, group in self._labels(row):
                pairs.setdefault(dimension, {})[label, group] = None
        for dimension, found in pairs.items():
            self.file.schemes.setdefault(dimension, pick_scheme(dimension, found))

    def _labels(self, row: Row) -> list[tuple[str, str, str]]:
        """(dimension, label, group) of each figure of a row."""
        if self.layout.across == "label":
            return [
                (self.layout.dimension, *label_pair(self.layout.paths.get(column, column)))
                for column in self.layout.values
            ]
        return [self._label(row)]

    def _cell(self, row: Row, role: str) -> str:
        column = self.layout.columns.get(role)  # type: ignore[call-overload]  # callers name roles
        return "" if column is None else shown_of(row.cells.get(column))

    def _label(self, row: Row) -> tuple[str, str, str]:
        label, group = self._cell(row, "label"), self._cell(row, "group")
        if label.casefold() in NULLS and group:
            # `variable_a` holds the label itself where there is no subgroup.
            label, group = group, ""
        if group.casefold() in NULLS:
            group = ""
        own = self._cell(row, "dimension")
        if label.casefold() in NULLS and own:
            label = own
        if own:
            dimension = dimension_of(own) or own
        else:
            dimension = self.layout.dimension or dimension_of(self.layout.columns.get("label", "")) or ""
        return dimension, label, group

    def _figures(self, row: Row) -> Iterator[FigureRow]:
        organisation, name = self._cell(row, "organisation"), self._cell(row, "organisation_name")
        period, measure = self._cell(row, "period"), self._cell(row, "measure")
        statistic, age, sex = self._cell(row, "statistic"), self._cell(row, "age"), self._cell(row, "sex")
        labels = self._labels(row)
        across = self.layout.across
        for number, column in enumerate(self.layout.values):
            dimension, label, group = labels[number if across == "label" else 0]
            heading = self.layout.paths.get(column, column)
            now = {
                "measure": heading if across == "measure" else measure,
                "period": heading if across == "period" else period,
                "statistic": heading if across == "statistic" else statistic,
            }
            derived = not is_count(now["statistic"]) or (across == "measure" and is_derived(heading))
            reading = self._read(row, column, derived)
            match = self._match(dimension, label, group)
            yield FigureRow(
                row.line, organisation or name, name, now["period"], now["measure"], now["statistic"], derived,
                dimension, group, label, age, sex, shown_of(row.cells.get(column)), reading.interval, reading.state,
                reading.problem, match.code if match else "", match.scheme if match else "",
                match.level if match else "group", row.hidden,
            )  # fmt: skip

    def _read(self, row: Row, column: str, derived: bool) -> CountReading:
        if fault := row.faults.get(column):
            return CountReading("refused", problem=fault.strip())
        if derived:
            return CountReading("missing")
        cell = row.cells.get(column)
        if isinstance(cell, bool):
            return read_count(cell, self.rules)
        reading = self._readings.get(cell)
        if reading is None:
            reading = self._readings[cell] = read_count(cell, self.rules)
        return reading

    def _match(self, dimension: str, label: str, group: str) -> LabelMatch | None:
        key = (dimension, label, group)
        if key not in self._matches:
            self._matches[key] = self._found(dimension, label, group)
        return self._matches[key]

    def _found(self, dimension: str, label: str, group: str) -> LabelMatch | None:
        if dimension == "total":
            return LabelMatch("total", "", "total")
        scheme = self.file.schemes.get(dimension) or next(iter(SCHEMES.get(dimension, ())), "")
        return match_label(scheme, label, group) if scheme else None
