"""The tables of people as printed: from counted sums to a figure in every cell."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from fieldkit.insight.disclosure.counting import QuoteCounter, SumKey, TableCounter
from fieldkit.insight.disclosure.definitions import TOTAL, Key, Mean, Share
from fieldkit.insight.disclosure.starring import (
    count_figure,
    mean_figure,
    ratio_figure,
    share_figure,
    total_of_shown,
)
from fieldkit.insight.disclosure.thresholds import Preset
from fieldkit.printed_figure import STAR, Figure, Shown

QUOTE_BASE = 20
"""Quotes are printed with an attribute only if at least this many people share it."""

Figures = dict[Key, Figure]
Counter = TableCounter | QuoteCounter


def print_pages(
    counters: Sequence[Counter], numbers: Mapping[SumKey, int], preset: Preset, hidden: Collection[Key]
) -> Figures:
    """Every figure of the tables and groups of quotes, in printing order; those in `hidden` are stars."""
    figures: Figures = {}
    for counter in counters:
        if isinstance(counter, QuoteCounter):
            figures[quote_key(counter)] = _quotes(counter, numbers, preset, hidden)
        else:
            figures |= _Table(counter, numbers, preset, hidden).figures()
    return figures


def columns_of(counter: TableCounter) -> list[str]:
    """The columns of a table as printed: groups, total, shares, means."""
    table = counter.table
    return [*counter.columns, *(share.label for share in table.shares), *(mean.label for mean in table.means)]


def quote_key(counter: QuoteCounter) -> Key:
    """The place of a group's number of quotes."""
    return (counter.group.name, "", "quotes")


def quotes_need(counter: QuoteCounter, preset: Preset) -> int:
    """The least number of people in a group whose quotes are printed. Quotes of everybody are printed without an attribute."""
    return max(QUOTE_BASE if counter.group.where else preset.threshold, counter.group.quotes)


def _quotes(
    counter: QuoteCounter, numbers: Mapping[SumKey, int], preset: Preset, hidden: Collection[Key]
) -> Figure:
    few = numbers.get(counter.key, 0) < quotes_need(counter, preset)
    return STAR if few or quote_key(counter) in hidden else Shown(counter.group.quotes)


class _Table:
    def __init__(
        self, counter: TableCounter, numbers: Mapping[SumKey, int], preset: Preset, hidden: Collection[Key]
    ) -> None:
        self.counter, self.numbers, self.preset, self.hidden = counter, numbers, preset, hidden
        self.name, self.table = counter.table.name, counter.table
        self.done: Figures = {}

    def figures(self) -> Figures:
        rows = self.counter.rows
        for row in rows:
            for column in self.counter.columns:
                self.done[self.name, row, column] = self._count(row, column)
        if self.preset.round_to > 1:
            self._add_up()
        for row in rows:
            for share in self.table.shares:
                self.done[self.name, row, share.label] = self._share(row, share)
            for mean in self.table.means:
                self.done[self.name, row, mean.label] = self._mean(row, mean)
        order = columns_of(self.counter)
        return {
            (self.name, row, column): self.done[self.name, row, column] for row in rows for column in order
        }

    def number(self, row: str, column: str) -> int:
        return self.numbers.get(SumKey(self.name, row, column), 0)

    def _count(self, row: str, column: str) -> Figure:
        if (self.name, row, column) in self.hidden:
            return STAR
        return count_figure(self.number(row, column), self.preset, monitoring=self.counter.monitoring)

    def _add_up(self) -> None:
        """The totals of rounded numbers are the sums of what is shown: so they reveal nothing more."""
        groups, rows = self.counter.columns[:-1], self.counter.rows[:-1]
        if groups:
            for row in self.counter.rows:
                self._add(row, TOTAL, [(row, group) for group in groups])
        if rows:
            for column in self.counter.columns:
                self._add(TOTAL, column, [(row, column) for row in rows])

    def _add(self, row: str, column: str, parts: Sequence[tuple[str, str]]) -> None:
        figures = [self.done[self.name, *part] for part in parts]
        self.done[self.name, row, column] = total_of_shown(figures)

    def _share(self, row: str, share: Share) -> Figure:
        if (self.name, row, share.label) in self.hidden:
            return STAR
        if self.preset.round_to == 1:
            part, whole = self.number(row, share.label), self.number(row, TOTAL)
            return share_figure(part, whole, self.preset, monitoring=self.counter.monitoring)
        groups = {
            self.counter.column_groups[code] for code in share.codes if code in self.counter.column_groups
        }
        figures = [self.done.get((self.name, row, column), STAR) for column in (*sorted(groups), TOTAL)]
        values = [int(figure.value) for figure in figures if isinstance(figure, Shown)]
        if len(values) < len(figures) or not 0 < sum(values[:-1]) <= values[-1]:
            return STAR
        return ratio_figure(100 * sum(values[:-1]), values[-1], 0, "%")

    def _mean(self, row: str, mean: Mean) -> Figure:
        if (self.name, row, mean.label) in self.hidden or self.preset.round_to > 1:
            return STAR  # no mean follows from rounded counts
        total = self.numbers.get(SumKey(self.name, row, mean.label, scores=True), 0)
        return mean_figure(total, self.number(row, mean.label), self.preset, decimals=mean.decimals)


def follows_from_printed(counter: TableCounter, row: str, column: str, preset: Preset) -> bool:
    """Whether a figure follows from other printed ones, by the rules of a preset that rounds."""
    if preset.round_to == 1:
        return False
    if column not in counter.columns:
        return True
    return (row == TOTAL and len(counter.rows) > 1) or (column == TOTAL and len(counter.columns) > 1)
