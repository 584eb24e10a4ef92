"""Where a list's rows come from: any object with `count` and `rows`, asked for one page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from fieldkit.widgets.plain import Align, cells

#: Columns stand this many cells apart.
GAP = 2


@dataclass(frozen=True)
class Column:
    """A column of a list. `weight` shares out the width that is left when every column has its `minimum`,
    in cells.
    """

    key: str
    title: str
    weight: int = 1
    minimum: int = 6
    align: Align = "left"


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


def column_widths(columns: Sequence[Column], width: int) -> list[int]:
    """The cells that each column gets of `width`; fewer entries than columns where the last ones do not
    fit.
    """
    shown = list(columns)
    while len(shown) > 1 and sum(column.minimum for column in shown) + GAP * (len(shown) - 1) > width:
        shown.pop()
    widths = [
        max(column.minimum, cells(column.title)) if column.weight == 0 else column.minimum for column in shown
    ]
    left = width - sum(widths) - GAP * (len(shown) - 1)
    if left < 0:
        widths[-1] = max(1, widths[-1] + left)
        return widths
    weights = sum(column.weight for column in shown)
    for index, column in enumerate(shown):
        if column.weight:
            share = left * column.weight // weights
            widths[index] += share
            left -= share
            weights -= column.weight
    return widths
