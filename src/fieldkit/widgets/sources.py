"""Where a list's rows come from: any object with `count` and `rows`, read one page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rich.cells import cell_len

from fieldkit.widgets.plain import Align

#: Cells between columns.
GAP = 2
_NAMES = ((3, 56), (2, 39))
"""How many optional columns stay beside names of how many cells: on a wide screen long names are whole beside two columns, on a
narrow one most names are beside one.
"""


_FEWEST = 3
"""Columns that stay, so that a row says more than its name."""
_SPARSE = 50
"""A column of which fewer of a hundred rows hold anything gives way first."""
_ENOUGH, _MUCH = 16, 28
"""The cells in which a part of what a record is called says enough, and those for which nearly empty columns give way."""
_SHORT, _NEARLY_ALL = 11, 90
"""A column of at most so many cells, with an answer in so many of a hundred rows, is what people look for: a day, a state."""
_ANSWER, _READABLE = 26, 60
"""Answers of at most so many cells are whole, the rare ones too, before any text gets more cells than are easily read."""
_LOOSE = 8
"""The cells that a column gets beyond its widest value where there is room: further apart, columns are not read together."""


@dataclass(frozen=True)
class Column:
    """A column of a list. `weight` shares out the width that is left once every column has its `minimum`, in cells."""

    key: str
    title: str
    weight: int = 1
    minimum: int = 6
    align: Align = "left"
    path: bool = False
    """Whether its values are files: a long one is cut in the middle."""
    optional: bool = False
    """Whether it may be left out if there is no room; the one that distinguishes fewest rows for its width goes first."""
    names: bool = False
    """Whether it names the rows, as their first column: other columns that would be cut are left out before it is."""
    label: bool = False
    """Part of what a record is called: columns that are not give way first, and before it is cut to a few letters."""
    tight: int = _ENOUGH
    """The cells with which a part of what a record is called does, so that its day or its state is in view, too."""
    in_full: str = ""
    """The title for a row shown in full, if `title` is an abbreviation."""


@dataclass(frozen=True)
class Row:
    """A row: its record's id, one text for each column, and a sign of one cell before them ("" for none)."""

    id: str
    cells: Sequence[str]
    mark: str = ""


class Source(Protocol):
    """What a list reads. Both methods may be slow; the list calls them in a thread, never two at once."""

    def count(self) -> int:
        """How many rows there are."""
        ...

    def rows(self, offset: int, limit: int) -> Sequence[Row]:
        """At most `limit` rows from `offset` on."""
        ...


@dataclass
class ListSource:
    """Rows that are already in memory. They are read at once, without a thread."""

    items: Sequence[Row] = field(default_factory=list)
    instant: bool = True

    def count(self) -> int:
        """How many rows there are."""
        return len(self.items)

    def rows(self, offset: int, limit: int) -> Sequence[Row]:
        """At most `limit` rows from `offset` on."""
        return self.items[offset : offset + limit]

    def position(self, row_id: str) -> int | None:
        """The index of a row, from 0; None if it is not here."""
        return next((place for place, row in enumerate(self.items) if row.id == row_id), None)


def column_widths(
    columns: Sequence[Column],
    width: int,
    widest: Sequence[int] = (),
    different: Sequence[int] = (),
    usual: Sequence[int] = (),
    filled: Sequence[int] = (),
) -> list[int]:
    """The cells of `width` that each column gets; fewer entries than columns if the last ones do not fit.

    `widest` is the width of each column's widest value, `different` how many different values it has, `usual` the
    width that nine of ten of its values need, `filled` of how many of a hundred rows it holds anything, as far as the
    values are known. A column without any, unless it is the first, gets 0: it is not shown. No title is cut. The columns
    get what their usual values need, the short ones first, then what the widest need, before any gets more: one long
    name cuts no other column. Those that may be left out get it in the measure in which they distinguish rows. Nearly
    empty columns give way before others are cut. A list of names leaves columns out rather than cutting most values. Days and
    states stay longer than longer answers, and than answers that many rows do not have.
    """
    shown = [index for index in range(len(columns)) if index == 0 or not widest or widest[index]]
    least, needed = [], []
    for index, column in enumerate(columns):
        title = cell_len(column.title)
        needed.append(max(title, widest[index]) if widest else width)
        least.append(max(min(column.minimum, needed[index]), title))
    order = _Order(columns, least, usual, different, filled)
    while len(shown) > 1 and _taken(least, shown) > width:
        shown.remove(order.first_to_go(shown))
    enough = _leave_out_for_labels(columns, width, shown, least, usual, order) if usual else []
    wanted = _wanted(columns, least, usual) if usual else []
    for fewest, name in _NAMES if wanted and columns[0].names else ():
        wanted[0] = max(least[0], min(usual[0], name))
        while _taken(wanted, shown) > width and len(shown) > fewest:
            cut = [index for index in shown[1:] if columns[index].optional and columns[index].weight]
            if not cut:
                break
            shown.remove(order.first_to_go([shown[0], *cut]))
        if _taken(wanted, shown) <= width:
            break
    widths = [least[index] if index in shown else 0 for index in range(shown[-1] + 1)]
    left = width - sum(widths) - GAP * (len(shown) - 1)
    if left < 0:
        widths[-1] = max(1, widths[-1] + left)
        return widths
    if widest:
        tells_apart = max(different, default=0) > 1
        weights = {
            index: max(
                different[index] if tells_apart and columns[index].optional else columns[index].weight, 1
            )
            for index in shown
        }
        readable = [min(each, _READABLE) for each in usual]
        answers = [each if each <= _ANSWER else 0 for each in needed] if usual else []
        for limits in filter(None, (enough, wanted, readable, answers, usual, needed)):
            left = _share(widths, weights, left, limits, short_first=limits in (wanted, answers))
    most = [each + _LOOSE for each in needed] if widest else [width] * len(columns)
    _share(widths, {index: columns[index].weight for index in shown}, left, most)
    return widths


def _taken(widths: Sequence[int], shown: Sequence[int]) -> int:
    """The cells that the columns `shown` take, including the gaps."""
    return sum(widths[index] for index in shown) + GAP * (len(shown) - 1)


def _wanted(columns: Sequence[Column], least: Sequence[int], usual: Sequence[int]) -> list[int]:
    """The cells at which most values of each column are whole, or say enough."""
    return [max(least[index], min(usual[index], 2 * column.minimum)) for index, column in enumerate(columns)]


@dataclass(frozen=True)
class _Order:
    """In which order columns are left out; see `column_widths` for what is known of them."""

    columns: Sequence[Column]
    least: Sequence[int]
    usual: Sequence[int]
    different: Sequence[int]
    filled: Sequence[int]

    def first_to_go(self, shown: Sequence[int]) -> int:
        """Which of the columns `shown`, of which the first stays, is nearly empty, is no part of what the record is called, is
        not what people look for, or distinguishes fewest rows for the `least` cells that it takes.
        """
        optional = [index for index in shown[1:] if self.columns[index].optional]
        if not optional:
            return shown[-1]
        return min(
            reversed(optional),
            key=lambda index: (
                not self.is_sparse(index),
                self.columns[index].label,
                self.is_looked_for(index),
                self._worth(index),
            ),
        )

    def is_sparse(self, index: int) -> bool:
        """Whether few rows have an answer in this column."""
        return bool(self.filled) and self.filled[index] < _SPARSE

    def is_looked_for(self, index: int) -> bool:
        """Whether it is short, nearly every row has an answer in it, and not all have the same."""
        return (
            bool(self.usual and self.filled)
            and self._cells(index) <= _SHORT
            and self.filled[index] >= _NEARLY_ALL
            and self.different[index] > 1
        )

    def _worth(self, index: int) -> float:
        """Among columns alike otherwise: the shorter of those that people look for stays, and of others the one that
        distinguishes more rows for its width.
        """
        if self.is_looked_for(index):
            return -self._cells(index)
        if max(self.different, default=0) > 1:
            return self.different[index] / max(1, self.least[index])
        return 0

    def _cells(self, index: int) -> int:
        return max(self.least[index], self.usual[index])


def _leave_out_for_labels(
    columns: Sequence[Column],
    width: int,
    shown: list[int],
    least: Sequence[int],
    usual: Sequence[int],
    order: _Order,
) -> list[int]:
    """Leave columns out of `shown` that are nearly empty, before others are cut, and others before what the record is called.

    Three columns stay, unless they are nearly empty. For what people look for, what the record is called may be shorter.
    Returns the cells of each with which what it is called says enough.
    """

    def with_labels(cells: Sequence[int]) -> list[int]:
        return [
            max(least[index], min(usual[index], cells[index])) if column.label or not index else least[index]
            for index, column in enumerate(columns)
        ]

    enough = with_labels([_ENOUGH] * len(columns))
    tight = with_labels([min(column.tight, _ENOUGH) for column in columns])
    whole = [
        max(enough[index], min(usual[index], max(2 * column.minimum, _MUCH if column.label else 0)))
        for index, column in enumerate(columns)
    ]
    while True:
        optional = [index for index in shown[1:] if columns[index].optional]
        others = [index for index in optional if not columns[index].label]
        sparse = [index for index in optional if order.is_sparse(index)]
        if sparse and _taken(whole, shown) > width:
            shown.remove(order.first_to_go([shown[0], *sparse]))
            continue
        if _taken(enough, shown) <= width or not others or len(shown) <= _FEWEST:
            return enough
        first = order.first_to_go([shown[0], *others])
        if order.is_looked_for(first) and _taken(tight, shown) <= width:
            return tight
        shown.remove(first)


def _share(
    widths: list[int], weights: dict[int, int], left: int, most: Sequence[int], *, short_first: bool = False
) -> int:
    """Give `left` cells to the columns of `weights` until each has the `most` it may have; returns the rest.

    Those come first that need no more than an even share, with `short_first` those that need least: a short answer is
    whole before a long text gets more.
    """
    while gaps := {i: most[i] - widths[i] for i, weight in weights.items() if weight and widths[i] < most[i]}:
        index = min(gaps, key=lambda i: gaps[i])
        if gaps[index] * (1 if short_first else len(gaps)) > left:
            break
        widths[index] += gaps[index]
        left -= gaps[index]
    while open_ := {i: weight for i, weight in weights.items() if weight and widths[i] < most[i]}:
        total, free = sum(open_.values()), left
        for index, weight in open_.items():
            given = min(free * weight // total, most[index] - widths[index])
            widths[index] += given
            left -= given
        if left == free:
            break
    for index in sorted(open_, key=lambda index: -open_[index]):
        given = min(left, most[index] - widths[index])
        widths[index] += given
        left -= given
    return left
