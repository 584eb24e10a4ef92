"""Protecting plain tables: from exact tables and their relations to the same tables with stars."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fieldkit.insight.disclosure.exact_tables import ExactTable, read_tables, read_text, refused
from fieldkit.insight.disclosure.relations import RELATIONS, PercentColumn, Place, Relations, read_relations
from fieldkit.insight.disclosure.secondary_suppression import Suppression, suppress
from fieldkit.insight.disclosure.starring import (
    count_figure,
    ratio_figure,
    rounded_half_up,
    share_figure,
    total_of_shown,
)
from fieldkit.insight.disclosure.statements import Pack, Rank, Sensitive, Statement, StatementKind, Vector
from fieldkit.insight.disclosure.table_sums import TableSums, link_totals
from fieldkit.insight.disclosure.thresholds import Preset
from fieldkit.printed_figure import STAR, Figure, Shown
from fieldkit.spreadsheets import csv_cell

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class StarredCell:
    """A hidden cell and the reason: `protects` names what it would reveal, if it is not a small number itself."""

    table: str
    row: str
    column: str
    protects: str = ""


@dataclass(frozen=True)
class ProtectedTables:
    """`files`: content by name, to be written as is. The other fields are for whoever holds the true tables.

    `given_away`: small numbers that readers know from the relations alone. `alike`: rows in which all gave one answer.
    `exhausted`: the search was cut short, and more may be hidden than necessary.
    """

    files: Mapping[str, bytes]
    starred: tuple[StarredCell, ...]
    figures: int
    shown: int
    small_numbers: int
    witnesses: int
    given_away: tuple[str, ...]
    alike: tuple[Place, ...]
    exhausted: bool


def protect_tables(
    folder: Path, preset: Preset, *, monitoring: bool = False, on_progress: Progress | None = None
) -> ProtectedTables:
    """Protect the tables of a folder: `true-NAME.csv`, and what readers know in `relations.txt`.

    `monitoring`: they ask about the person. Then the preset's rule for zeros applies, and a row of fewer than two thresholds in
    which all gave one answer is starred.

    Raises:
        TablesRefused: a file can't be read, or contradicts another.
        ProtectionFailed: the check by counting again failed.
        StorageError: the disk refuses.
    """
    tables = read_tables(folder)
    relations = read_relations(read_text(folder / RELATIONS), tables)
    page = _Page(tables, relations, preset, monitoring)
    result = suppress(page.pack(), on_progress=on_progress)
    return page.report(result)


@dataclass(frozen=True)
class _Percent:
    """A printed percentage: the positions of its part and its whole among the sums, and how it is written."""

    parts: tuple[Place, ...]
    whole: tuple[Place, ...]
    part_sum: int
    whole_sum: int
    decimals: int
    sign: str


class _Page:
    """All tables together: from the variables to the printed tables."""

    def __init__(
        self, tables: Mapping[str, ExactTable], relations: Relations, preset: Preset, monitoring: bool
    ) -> None:
        self.tables, self.relations, self.preset, self.monitoring = tables, relations, preset, monitoring
        self.sums = TableSums(tables, relations)
        self.places = list(self.sums.counts)
        self._vectors = [self.sums.weights([place]) for place in self.places]
        self._position = {place: at for at, place in enumerate(self.places)}
        self.percents = self._read_percents()
        self._matrix = np.array(self._vectors, dtype=np.int64)
        self.alike, self._row_starred = self._rows_alike()
        self._primary = self._watched_cells()
        # With rounded numbers, totals and percentages are computed from what is shown: so they reveal nothing more.
        rounded = preset.round_to > 1
        self._derived = frozenset(self.sums.totals) if rounded else frozenset()
        self.stated = [place for place in self.places if place not in self._derived]
        if not rounded:
            self.stated += list(self.percents)
        self._check_percents()

    # --- reading

    def _read_percents(self) -> dict[Place, _Percent]:
        percents: dict[Place, _Percent] = {}
        for each in self.relations.percents:
            for row in self.tables[each.table].rows:
                percent = self.tables[each.table].percent(row, each.column)
                if percent is None:
                    continue
                place = Place(each.table, row, each.column)
                if place in percents:
                    raise refused(RELATIONS, each.line, f"the percentage “{each.column}” is explained twice.")
                parts, whole = (
                    [Place(each.table, row, label) for label in side] for side in (each.parts, each.whole)
                )
                self._need_counts(each, [*parts, *whole])
                sums = [self._add(self.sums.weights(side)) for side in (parts, whole)]
                percents[place] = _Percent(
                    tuple(parts), tuple(whole), sums[0], sums[1], percent[1], percent[2]
                )
        return percents

    def _need_counts(self, each: PercentColumn, places: Sequence[Place]) -> None:
        for place in places:
            if place not in self.sums.counts:
                table = self.tables[place.table]
                raise refused(
                    table.file, table.lines[place.row], f"“{place.column}” is empty beside “{each.column}”."
                )

    def _add(self, vector: Vector) -> int:
        self._vectors.append(vector)
        return len(self._vectors) - 1

    def _check_percents(self) -> None:
        numbers = self._matrix @ self.sums.truth
        for place, percent in self.percents.items():
            part, whole = int(numbers[percent.part_sum]), int(numbers[percent.whole_sum])
            table = self.tables[place.table]
            line = table.lines[place.row]
            if part > whole:
                raise refused(table.file, line, f"“{place.column}” is of {whole}, but its part is {part}.")
            digits = table.percent(place.row, place.column)
            if (
                whole
                and digits
                and rounded_half_up(10**percent.decimals * 100 * part, whole) != int(digits[0])
            ):
                true = ratio_figure(100 * part, whole, percent.decimals, "%")
                written = table.cells[place.row, place.column]
                raise refused(
                    table.file, line, f"“{place.column}” is {written}, but {part} of {whole} is {true}."
                )

    def _rows_alike(self) -> tuple[tuple[Place, ...], frozenset[tuple[str, str]]]:
        """Totals that equal one of their parts; and the rows to star because of that."""
        alike = [
            total
            for total, parts in self.sums.totals.items()
            if total in self.sums.across
            and self.sums.counts.get(total)
            and any(self.sums.counts.get(part) == self.sums.counts[total] for part in parts)
        ]
        few = [
            total
            for total in alike
            if self.monitoring and self.sums.counts[total] < 2 * self.preset.threshold
        ]
        return tuple(alike), frozenset((total.table, total.row) for total in few)

    def _watched_cells(self) -> frozenset[Place]:
        """A cell that must stay unknown is starred whatever its size."""
        return frozenset(terms[0] for _, terms in self.relations.watched if len(terms) == 1)

    # --- printing

    def figures(self, numbers: Vector, hidden: frozenset[Place]) -> dict[Place, Figure]:
        """Every cell as printed, from the numbers of people in each sum."""
        figures: dict[Place, Figure] = {}
        for at, place in enumerate(self.places):
            starred = place in hidden or place in self._primary or place[:2] in self._row_starred
            own = STAR if starred else count_figure(int(numbers[at]), self.preset, monitoring=self.monitoring)
            figures[place] = own
        for place in self._derived:
            if place in figures:
                figures[place] = self._total(place, figures)
        for place, percent in self.percents.items():
            if place in hidden or place[:2] in self._row_starred:
                figures[place] = STAR
            elif self.preset.round_to > 1:
                figures[place] = self._rounded_percent(percent, figures)
            else:
                figures[place] = share_figure(
                    int(numbers[percent.part_sum]),
                    int(numbers[percent.whole_sum]),
                    self.preset,
                    monitoring=self.monitoring,
                    decimals=percent.decimals,
                )
        return figures

    def _total(self, place: Place, figures: Mapping[Place, Figure]) -> Figure:
        """The sum of the parts that are shown."""
        parts = [
            self._total(part, figures) if part in self._derived else figures.get(part, STAR)
            for part in self.sums.totals[place]
        ]
        return total_of_shown(parts)

    @staticmethod
    def _rounded_percent(percent: _Percent, figures: Mapping[Place, Figure]) -> Figure:
        sides = [[figures[place] for place in side] for side in (percent.parts, percent.whole)]
        if any(figure is STAR for side in sides for figure in side):
            return STAR
        part, whole = (sum(int(f.value) for f in side if isinstance(f, Shown)) for side in sides)
        return ratio_figure(100 * part, whole, percent.decimals, "%") if 0 < whole >= part else STAR

    def files(self, variables: Vector, hidden: frozenset[Place]) -> dict[str, bytes]:
        """The files as they are written."""
        figures = self.figures(self._matrix @ variables, hidden)
        return {f"{table.name}.csv": self._csv(table, figures) for table in self.tables.values()}

    def _csv(self, table: ExactTable, figures: Mapping[Place, Figure]) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([csv_cell(table.corner), *(csv_cell(column) for column in table.columns)])
        for row in table.rows:
            places = [Place(table.name, row, column) for column in table.columns]
            writer.writerow([csv_cell(row), *(self._text(place, figures) for place in places)])
        return text.getvalue().encode()

    def _text(self, place: Place, figures: Mapping[Place, Figure]) -> str:
        figure = figures.get(place)
        if isinstance(figure, Shown) and place in self.percents:
            return f"{figure.value}{self.percents[place].sign}"
        return "" if figure is None else str(figure)

    # --- for the search

    def pack(self) -> Pack:
        """The input of the search."""
        truth = self.sums.truth
        figures = self.figures(self._matrix @ truth, frozenset())
        return Pack(
            truth=truth,
            statements=[self._statement(place) for place in self.stated],
            figures=[figures[place] for place in self.stated],
            sensitive=self._sensitive(),
            known=self.sums.known,
            preset=self.preset,
            printed=lambda variables, hidden: b"\0".join(
                self.files(variables, self._hidden(hidden)).values()
            ),
        )

    def _hidden(self, positions: frozenset[int]) -> frozenset[Place]:
        return frozenset(self.stated[at] for at in positions)

    def _statement(self, place: Place) -> Statement:
        if percent := self.percents.get(place):
            part, whole = self._vectors[percent.part_sum], self._vectors[percent.whole_sum]
            base = int(whole @ self.sums.truth)
            return Statement(place, StatementKind.SHARE, part, whole, Rank.RATIO, base, percent.decimals)
        totals = (
            (place in self.sums.across)
            + (place in self.sums.down)
            + (place in link_totals(self.relations.links))
        )
        rank = (Rank.CELL, Rank.MARGIN, Rank.EVERYBODY)[min(totals, 2)]
        return Statement(
            place,
            StatementKind.COUNT,
            self._vectors[self._position[place]],
            None,
            rank,
            self.sums.counts[place],
        )

    def _sensitive(self) -> list[Sensitive]:
        watched = [
            Sensitive(" + ".join(map(str, terms)), self.sums.weights(terms), watched=True)
            for _, terms in self.relations.watched
        ]
        cells = [
            Sensitive(str(place), self.sums.weights([place])) for place in [*self.places, *self.sums.names()]
        ]
        shares: list[Sensitive] = []
        for place, percent in self.percents.items():
            part, whole = self._vectors[percent.part_sum], self._vectors[percent.whole_sum]
            shares += [
                Sensitive(f"part of {place}", part),
                Sensitive(f"base of {place}", whole),
                Sensitive(f"rest of {place}", whole - part),
            ]
        return [*watched, *cells, *shares]

    def report(self, result: Suppression) -> ProtectedTables:
        """What is written, and why."""
        hidden = self._hidden(result.hidden)
        protects = {self.stated[at]: name for at, name in result.protects.items()}
        figures = self.figures(self._matrix @ self.sums.truth, hidden)
        starred = [place for place, figure in figures.items() if figure is STAR]
        witnesses = Counter(id(people) for need in result.needs for people in need.witnesses.values())
        return ProtectedTables(
            files=self.files(self.sums.truth, hidden),
            starred=tuple(StarredCell(*place, protects.get(place, "")) for place in starred),
            figures=len(figures),
            shown=len(figures) - len(starred),
            small_numbers=len(result.needs),
            witnesses=len(witnesses),
            given_away=result.given_away,
            alike=self.alike,
            exhausted=result.exhausted,
        )
