"""The figures of a table, row by row, each with its label matched to a group and its cell read as an interval."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fieldkit.importing.figures.figure_columns import Role, is_derived, is_period
from fieldkit.importing.figures.figure_layouts import FigureLayout, label_pair
from fieldkit.importing.figures.schemes import (
    SCHEMES,
    LabelMatch,
    Level,
    dimension_of,
    doubtful_labels,
    is_parent_name,
    match_label,
    pick_scheme,
)
from fieldkit.importing.figures.shown_text import CountReading, CountRules, read_count, shown_of
from fieldkit.importing.reading.cells import Row
from fieldkit.importing.reading.sheets import Sheet
from fieldkit.intervals import Interval
from fieldkit.spreadsheets import Cell

NULLS = frozenset({"", "null", "n/a"})
Label = tuple[str, str, str]
"""Dimension, label, group."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One published figure.

    `line`: in the file. `organisation`: its code, or else its name; for a population, the area. `statistic`: as published, "" if
    the file has none. `derived`: a percentage, rate or limit, which is kept and never added. `dimension`: `ethnic`, `religion`,
    `orientation`, `disability`, `age`, `gender`, `carer`, `total`, or the file's own word. `group`, `label`: published, cleaned.
    `shown`: the text of the cell. `interval`: what it means, None if there is no count (not available, derived, an unexplained
    sign, refused); `state` and `problem` say which (see `CountReading`). `code`, `scheme`, `level`: what the label was matched
    to; "" and "group" if unmatched. Level "parent" holds several groups, "total" all of them.
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
    decided: bool = False
    """Whether the code comes from a user's decision."""


class FigureReader:
    """Reads one table. Each distinct cell and label is read only once.

    `schemes`: dimension -> the scheme of its labels, as far as known; `rows` fills in the others.
    `troubled` are the rows that could not be read and that `rows` has passed over.
    """

    def __init__(
        self, table: Sheet, layout: FigureLayout, rules: CountRules, schemes: dict[str, str]
    ) -> None:
        self._table, self._layout, self._rules, self.schemes = table, layout, rules, schemes
        self.troubled: list[Row] = []
        self._readings: dict[Cell, CountReading] = {}
        self._matches: dict[Label, LabelMatch | None] = {}
        self._doubtful: set[Label] = set()
        self._parent = ""
        """The group of the indented rows below it."""

    def rows(self) -> Iterator[FigureRow]:
        """Every figure, in the order of the table."""
        self._find_schemes()
        self._parent = ""
        for row in self._table.rows():
            if row.problem:
                self.troubled.append(row)
            else:
                yield from self._figures(row)

    def _find_schemes(self) -> None:
        """Find the scheme of each dimension from the distinct labels of the whole table, and the labels with two meanings."""
        labels: dict[str, dict[tuple[str, str], None]] = {}
        known = set(self.schemes)
        for row in self._table.rows():
            if not row.problem:
                for dimension, label, group in self._labels(row):
                    labels.setdefault(dimension, {})[label, group] = None
        for dimension, pairs in labels.items():
            scheme = self.schemes.setdefault(dimension, pick_scheme(dimension, pairs))
            doubted = doubtful_labels(scheme, pairs, resolved=dimension in known) if scheme else ()
            self._doubtful |= {(dimension, *pair) for pair in doubted}

    # Labels

    def _labels(self, row: Row) -> list[Label]:
        """The label of each figure of a row."""
        if self._layout.across == "label":
            paths = self._layout.paths
            return [
                (self._layout.dimension, *label_pair(paths.get(column, column)))
                for column in self._layout.values
            ]
        return [self._label(row)]

    def _label(self, row: Row) -> Label:
        label, group = self._cell(row, "label"), self._cell(row, "group")
        if label.casefold() in NULLS and group:
            # `variable_a` holds the label itself if there is no subgroup.
            label, group = group, ""
        if group.casefold() in NULLS:
            group = ""
        own = self._cell(row, "dimension")
        if label.casefold() in NULLS and own:
            label = own
        if own:
            dimension = dimension_of(own) or own
        else:
            dimension = self._layout.dimension or dimension_of(self._layout.columns.get("label", "")) or ""
        if dimension == "ethnic" and "group" not in self._layout.columns:
            group = self._indented_group(row, label)
        return dimension, label, group

    def _indented_group(self, row: Row, label: str) -> str:
        """The group above an indented label. `Other` that is not indented certainly belongs to no group."""
        raw = row.cells.get(self._layout.columns.get("label", ""))
        indented = isinstance(raw, str) and raw[:1].isspace()
        if indented:
            return self._parent
        self._parent = label if is_parent_name(label) else ""
        return ""

    def _match(self, label: Label) -> LabelMatch | None:
        if label not in self._matches:
            self._matches[label] = None if label in self._doubtful else self._match_of(*label)
        return self._matches[label]

    def _match_of(self, dimension: str, label: str, group: str) -> LabelMatch | None:
        if dimension == "total":
            return LabelMatch("total", "", "total")
        scheme = self.schemes.get(dimension) or next(iter(SCHEMES.get(dimension, ())), "")
        return match_label(scheme, label, group) if scheme else None

    # Figures

    def _cell(self, row: Row, role: Role) -> str:
        column = self._layout.columns.get(role)
        return "" if column is None else shown_of(row.cells.get(column))

    def _figures(self, row: Row) -> Iterator[FigureRow]:
        layout, across = self._layout, self._layout.across
        labels = self._labels(row)
        cells = [row.cells.get(column) for column in layout.values]
        shown = [shown_of(cell) for cell in cells]
        if (
            across != "label"
            and not any(shown)
            and not any(row.faults.get(column) for column in layout.values)
        ):
            match = self._match(labels[0])
            if match is None or match.level == "parent":
                return  # a heading within the table, or a note below it
        organisation, name = self._cell(row, "organisation"), self._cell(row, "organisation_name")
        period, measure, sex = self._cell(row, "period"), self._cell(row, "measure"), self._cell(row, "sex")
        if period and (end := self._cell(row, "period_end")):
            period = f"{period} to {end}"
        statistic, age = self._cell(row, "statistic"), self._cell(row, "age")
        for number, column in enumerate(layout.values):
            label = labels[number if across == "label" else 0]
            heading = layout.paths.get(column, column)
            of_measure, of_period = (
                _measure_and_period(heading) if across in {"measure", "period"} else ("", "")
            )
            of_column = statistic
            if across == "statistic":
                of_column = heading if is_derived(heading) else ""
            now = of_measure or measure or (self._counted if across == "statistic" else "")
            derived = not layout.counted and is_derived(of_column or ("" if statistic else now))
            reading = self._read(row, column, cells[number], derived)
            match = self._match(label)
            yield FigureRow(
                row.line, organisation or name, name, of_period or period, now, of_column, derived,
                label[0], label[2], label[1], age, heading if across == "sex" else sex, shown[number], reading.interval,
                reading.state, reading.problem, match.code if match else "", match.scheme if match else "",
                match.level if match else "group", row.hidden,
            )  # fmt: skip

    @property
    def _counted(self) -> str:
        """The heading of the counts, if percentages and the like are beside them."""
        return next((column for column in self._layout.values if not is_derived(column)), "")

    def _read(self, row: Row, column: str, cell: Cell, derived: bool) -> CountReading:
        if fault := row.faults.get(column):
            return CountReading("refused", problem=fault.strip())
        if derived:
            return CountReading("missing")
        if isinstance(cell, bool):
            return read_count(cell, self._rules)
        reading = self._readings.get(cell)
        if reading is None:
            reading = self._readings[cell] = read_count(cell, self._rules)
        return reading


def _measure_and_period(heading: str) -> tuple[str, str]:
    """The measure and the period of a heading such as `Referrals / 2023-24`, which is led by the names above it."""
    parts = heading.split(" / ")
    periods = [part for part in parts if is_period(part)]
    if len(periods) != 1:
        return heading, ""
    return " / ".join(part for part in parts if part != periods[0]), periods[0]
