"""The pages of a list in memory, and how wide their values are."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from fieldkit.widgets.sources import Column, Row, Source, column_widths

PAGE = 256
FIRST = 64
"""Rows shown before a search has counted all: more than the lines of any window."""
_PAGES_KEPT = 24
_SEVERAL = 4
"""From this many values on, one value of a column may be unusual."""


@dataclass(frozen=True)
class Opened:
    """How many rows there are, the row of the cursor, and its page. If not `counted`, there are more, to be counted later."""

    count: int
    cursor: int
    page: Sequence[Row]
    counted: bool = True


def opened(source: Source, seek: str, cursor: int) -> Opened:
    """Open a source with the cursor on the row `seek` if it can be found, otherwise at `cursor`.

    A source that counts slowly may return its first rows early (`first`): they are shown meanwhile.
    """
    first = getattr(source, "first", None)
    if first is not None and not seek and cursor == 0 and (first_rows := first(FIRST)) is not None:
        rows, complete = first_rows
        return Opened(len(rows), 0, rows, complete)
    count = source.count()
    position = getattr(source, "position", None)
    place = position(seek) if seek and position is not None else None
    cursor = max(0, min(cursor if place is None else place, count - 1))
    return Opened(count, cursor, source.rows(cursor // PAGE * PAGE, PAGE) if count else ())


class RowPages:
    """The last pages read, each of PAGE rows."""

    def __init__(self) -> None:
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._partly: set[int] = set()
        """Pages of which only the first rows are in memory."""
        self._widest: list[int] = []
        self._different: list[int] = []
        """How many different values each column has on the page that was read first."""
        self._usual: list[int] = []
        """The width that nine in ten values of each column need on that page."""
        self._filled: list[int] = []
        """Of how many of a hundred rows of that page each column holds anything."""
        self._widths: tuple[int, list[int]] = (-1, [])
        """A width, and how it is divided between the columns."""

    def __len__(self) -> int:
        return len(self._pages)

    def clear(self, *, widths: bool = False) -> None:
        """Forget the pages; with `widths`, also the widths of their values."""
        self._pages.clear()
        self._partly.clear()
        if widths:
            self._widest, self._different, self._usual, self._filled = [], [], [], []

    def row(self, index: int) -> Row | None:
        """The row at `index` if its page is in memory."""
        page = self._pages.get(index // PAGE)
        place = index % PAGE
        return page[place] if page is not None and place < len(page) else None

    def missing(self, indices: Sequence[int]) -> int | None:
        """The page of the first of these rows that is not in memory; None if all are."""
        pages = (index // PAGE for index in indices)
        return next((page for page in pages if page not in self._pages or page in self._partly), None)

    def take(self, page: int, rows: Sequence[Row], columns: int, *, partly: bool = False) -> None:
        """Keep a page that was read, or only its first rows."""
        self._pages[page] = list(rows)
        (self._partly.add if partly else self._partly.discard)(page)
        self._pages.move_to_end(page)
        while len(self._pages) > _PAGES_KEPT:
            self._pages.popitem(last=False)
        widest = self._widest or [0] * columns
        for row in rows:
            for index, text in enumerate(row.cells[: len(widest)]):
                # No letter is wider than two cells.
                if 2 * len(text) > widest[index]:
                    widest[index] = max(widest[index], cell_len(text))
        if not self._different and rows:
            # From one page only: columns that came and went while scrolling would be hard to read.
            values = [[row.cells[at] for row in rows if at < len(row.cells)] for at in range(columns)]
            self._different = [len(set(texts)) for texts in values]
            self._usual = [_usual(texts, names=at == 0) for at, texts in enumerate(values)]
            self._filled = [100 * sum(map(bool, texts)) // len(rows) for texts in values]
        self._widest, self._widths = widest, (-1, [])

    def widths(self, columns: Sequence[Column], width: int) -> list[int]:
        """The cells of `width` that each column gets."""
        if self._widths[0] != width:
            known = self._widest, self._different, self._usual, self._filled
            self._widths = (width, column_widths(columns, width, *known))
        return self._widths[1]


def _usual(texts: Sequence[str], *, names: bool) -> int:
    """The width that nine in ten of the non-empty texts need, or all but one; of few texts, the width that all need.

    `names`: the texts name the rows, so all but one must fit.
    """
    widths = sorted(cell_len(text) for text in texts if text)
    many = len(widths)
    if many < _SEVERAL:
        return max(widths, default=0)
    return widths[many - 2 if names else min(many - 2, (many * 9 - 1) // 10)]
