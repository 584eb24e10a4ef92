"""How a file was understood: what each column and each distinct value became, and the doubts about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from functools import partial
from typing import Any

from fieldkit.importing import dates_order, times
from fieldkit.importing.choices import Choices, Doubt
from fieldkit.importing.column_doubts import count_doubts, number_doubts, other_doubts, shown
from fieldkit.importing.columns import Plan
from fieldkit.importing.file_doubts import file_doubts
from fieldkit.importing.reading.cells import Row
from fieldkit.importing.reading.rows import RowReader
from fieldkit.importing.reading.sheets import Sheet
from fieldkit.importing.totals import Totals, TotalsFinder
from fieldkit.importing.values import ColumnValues, Meaning
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.records.schema.parse import labelled

_TEXT_SHAPES = frozenset({"text", "line"})


@dataclass(frozen=True)
class ValueMeaning:
    """One distinct cell of a column: its text, what it became (or why it was refused), and the number of its rows."""

    value: str
    meaning: str
    rows: int
    problem: str = ""


@dataclass
class ColumnMeaning:
    """One column: the field that it goes into ("" for none) and, unless that is a text field, what each value became.

    The most frequent value comes first. `left_out`: the user left the column out.
    """

    column: str
    field: str
    title: str
    left_out: bool = False
    values: list[ValueMeaning] = default(default_factory=list)


@dataclass
class Survey:
    """The result of reading every row before any is stored. `left_out`: line -> why that row is not a record."""

    left_out: dict[int, str]
    doubts: list[Doubt]
    columns: list[ColumnMeaning]
    rows: int
    blank_rows: int


class Surveyor:
    """Reads the rows of a file once, and works out how to understand them."""

    def __init__(self, kind: Kind, table: Sheet, plan: Plan, reader: RowReader, choices: Choices) -> None:
        self.kind, self.table, self.plan, self.reader, self.choices = kind, table, plan, reader, choices
        self._specs = {column: kind.fields[target.field] for column, target in plan.columns.items()}

    def look(self, rows: Iterable[Row]) -> Survey:
        """Survey `rows`, and prepare the reader for them."""
        coded = [
            column
            for column, target in self.plan.columns.items()
            if self._specs[column].shape not in _TEXT_SHAPES and not target.part
        ]
        counts: dict[str, dict[Any, Meaning]] = {column: {} for column in coded}
        pairs: dict[tuple[Any, Any], int] = {}
        starts, ends = self._start_and_end()
        finder = TotalsFinder(self.kind, self.plan)
        keeps_totals = self.choices.totals == "keep"
        leaves_hidden = self.choices.hidden_rows != "keep"
        number, blank = 0, 0
        for row in rows:
            number += 1
            gap, blank = self.table.blank_rows > blank, self.table.blank_rows
            if row.problem or (row.hidden and leaves_hidden):
                continue
            if not keeps_totals:
                finder.look(row, gap)
            cells = row.cells
            for column in coded:
                raw = cells.get(column)
                if raw is None or raw == "" or (row.faults and column in row.faults):
                    continue
                key = raw if type(raw) is str else (type(raw), raw)
                met = counts[column].get(key)
                if met is None:
                    met = counts[column][key] = Meaning(raw)
                met.rows += 1
            if starts and (cells.get(starts) or cells.get(ends)):
                pair = (cells.get(starts), cells.get(ends))
                pairs[pair] = pairs.get(pair, 0) + 1
        totals = finder.totals()
        left_out = {} if keeps_totals else {**totals.possible, **totals.certain}
        for line in left_out:
            _take_off(counts, finder.cells_of(line))
        self._make_ready(counts)
        return Survey(
            left_out,
            self._doubts(counts, pairs, totals),
            [self._column(column, counts.get(column, {})) for column in self.table.columns],
            number,
            self.table.blank_rows,
        )

    def _start_and_end(self) -> tuple[str, str]:
        names = {target.field: column for column, target in self.plan.columns.items()}
        if "starts" in names and "ends" in names:
            return names["starts"], names["ends"]
        return "", ""

    def _make_ready(self, counts: Mapping[str, dict[Any, Meaning]]) -> None:
        """Decide how each column is read, then read each of its distinct cells once."""
        readers = {}
        self._dates = {
            column: dates_order.survey({met.raw: met.rows for met in counts[column].values()})
            for column, spec in self._specs.items()
            if spec.shape == "date" and column in counts
        }
        for column, target in self.plan.columns.items():
            if target.part:
                continue
            chosen = self.choices.of(column)
            readers[column] = ColumnValues(
                column,
                self.table.paths.get(column, column),
                target,
                self._specs[column],
                self.choices,
                self.reader.parse,
                month_first=column in self._dates
                and dates_order.order_of(self._dates[column], chosen, self.choices.dates),
                swaps=column in self._dates and dates_order.swaps(self._dates[column], chosen),
                epoch_1904=self.table.epoch_1904,
            )
            self.reader.afternoon |= self._specs[column].shape == "time" and chosen.times == "afternoon"
        self.reader.use(readers)
        before = self.reader.terms.met
        for column, meanings in counts.items():
            reader = readers[column]
            for met in meanings.values():
                try:
                    met.value = reader.value(met.raw)
                except ValueError as error:
                    met.problem = str(error)
        # Only rows that are stored add terms, not every cell of the file.
        self.reader.terms.back_to(before)
        self.reader.met = {column: dict(met) for column, met in counts.items() if self._lasting(column)}

    def _lasting(self, column: str) -> bool:
        spec = self._specs[column]
        return not (self.reader.terms.adds and spec.codes and spec.code_list.open)

    # What is shown

    def _column(self, column: str, met: Mapping[Any, Meaning]) -> ColumnMeaning:
        target = self.plan.columns.get(column)
        if target is None:
            return ColumnMeaning(column, "", "", column in self.plan.left_out)
        spec = self._specs[column]
        title = spec.title
        if target.answer:
            title += f": {spec.code_list.label(target.answer)}"
        if target.part:
            title += f": {kind_named(spec.link).fields[target.part].title.lower()}"
        if any(planned.part and planned.field == spec.name for planned in self.plan.columns.values()):
            met = {}  # several columns identify one record together: a single value has no meaning of its own
        values = [
            ValueMeaning(
                shown(meaning.raw), self._meaning(spec, target.answer, meaning), meaning.rows, meaning.problem
            )
            for meaning in sorted(met.values(), key=lambda meaning: -meaning.rows)
        ]
        return ColumnMeaning(column, str(target), title, values=values)

    def _meaning(self, spec: FieldSpec, answer: str, met: Meaning) -> str:
        if met.problem:
            return ""
        if answer:
            return "ticked" if met.value else "not ticked"
        if met.value is None:
            return "no answer"
        if spec.shape == "link":
            return self.reader.finder.label(spec.link, met.value)
        if spec.shape in {"number", "scale"}:
            return f"{met.value:,}"
        return labelled(spec, met.value, self.reader.terms.terms)

    # What is doubtful

    def _doubts(
        self, counts: Mapping[str, dict[Any, Meaning]], pairs: Mapping[tuple[Any, Any], int], totals: Totals
    ) -> list[Doubt]:
        doubts = list(file_doubts(self.table, totals))
        for column, met in counts.items():
            spec, target = self._specs[column], self.plan.columns[column]
            meanings = list(met.values())
            if target.answer:
                doubts += other_doubts(
                    column,
                    meanings,
                    ("is neither a tick nor its absence", "are neither ticks nor their absence"),
                )
            elif spec.codes or spec.shape == "scale":
                doubts += number_doubts(
                    column,
                    spec,
                    meanings,
                    self.choices.of(column),
                    self.reader.terms.terms,
                    partial(self._meaning, spec, ""),
                )
            elif spec.shape == "number":
                doubts += count_doubts(column, meanings)
            elif spec.shape == "date":
                doubts += dates_order.doubts(
                    column,
                    self._dates[column],
                    self.choices.of(column),
                    self.choices.dates,
                    {meaning.raw: meaning.value for meaning in meanings},
                )
        doubts += self._times(counts, pairs)
        return doubts

    def _times(
        self, counts: Mapping[str, dict[Any, Meaning]], pairs: Mapping[tuple[Any, Any], int]
    ) -> list[Doubt]:
        columns = {
            column: {
                meaning.raw: meaning.value
                for meaning in met.values()
                if isinstance(meaning.value, str) and not meaning.problem
            }
            for column, met in counts.items()
            if self._specs[column].shape == "time"
        }
        starts, ends = self._start_and_end()
        against = []
        if starts and not self.reader.afternoon:
            for start, end in pairs:
                first, last = columns[starts].get(start), columns[ends].get(end)
                if first and last and last < first:
                    against.append((ends, shown(start), shown(end), last))
        return times.doubts(columns, against)


def _take_off(counts: dict[str, dict[Any, Meaning]], cells: Mapping[str, Any]) -> None:
    """Stop counting a row: it is not a record, so its values are not answers and say nothing about the others."""
    for column, meanings in counts.items():
        raw = cells.get(column)
        key = raw if type(raw) is str else (type(raw), raw)
        if (met := meanings.get(key)) is not None:
            met.rows -= 1
            if not met.rows:
                del meanings[key]
