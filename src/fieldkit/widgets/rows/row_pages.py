"""The pages of a list that are at hand, and how wide their values are."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from fieldkit.widgets.sources import Column, Row, Source, column_widths

PAGE = 256
FIRST = 64
"""Rows that are shown before a search has counted all: more than any window has lines."""
_PAGES_KEPT = 24
_SEVERAL = 4
"""Values of a column of which one may be unusual."""


@dataclass(frozen=True)
class Opened:
    """How many rows there are, where the cursor belongs, and its page. Not `counted`: there are more, to be counted."""

    count: int
    cursor: int
    page: Sequence[Row]
    counted: bool = True


def opened(source: Source, seek: str, cursor: int) -> Opened:
    """Open a source with the cursor on the row `seek`, if it can be found, else at `cursor`.

    A source that takes its time to count may give its first rows before (`first`): they are shown meanwhile.
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
    """The pages read last, each of PAGE rows."""

    def __init__(self) -> None:
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._partly: set[int] = set()
        """Pages of which only the first rows are at hand."""
        self._widest: list[int] = []
        self._different: list[int] = []
        """How many different values each column has on the page that was read first."""
        self._usual: list[int] = []
        """The width that nine of ten values of each column need on that page."""
        self._widths: tuple[int, list[int]] = (-1, [])
        """A width, and the cells that each column gets of it."""

    def __len__(self) -> int:
        return len(self._pages)

    def clear(self, *, widths: bool = False) -> None:
        """Forget the pages; with `widths` also how wide their values were."""
        self._pages.clear()
        self._partly.clear()
        if widths:
            self._widest, self._different, self._usual = [], [], []

    def row(self, index: int) -> Row | None:
        """The row at `index` if its page is at hand."""
        page = self._pages.get(index // PAGE)
        place = index % PAGE
        return page[place] if page is not None and place < len(page) else None

    def missing(self, indices: Sequence[int]) -> int | None:
        """The page of the first of these rows that is not at hand; None when all are."""
        pages = (index // PAGE for index in indices)
        return next((page for page in pages if page not in self._pages or page in self._partly), None)

    def take(self, page: int, rows: Sequence[Row], columns: int, *, partly: bool = False) -> None:
        """Keep a page that was read, or the first rows of one."""
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
            # Those of one page: columns that came and went while a list is scrolled would be hard to read.
            values = [[row.cells[at] for row in rows if at < len(row.cells)] for at in range(columns)]
            self._different = [len(set(texts)) for texts in values]
            self._usual = [_usual(texts, names=at == 0) for at, texts in enumerate(values)]
        self._widest, self._widths = widest, (-1, [])

    def widths(self, columns: Sequence[Column], width: int) -> list[int]:
        """The cells that each column gets of `width`."""
        if self._widths[0] != width:
            self._widths = (width, column_widths(columns, width, self._widest, self._different, self._usual))
        return self._widths[1]


def _usual(texts: Sequence[str], *, names: bool) -> int:
    """The width that nine of ten of the texts need that are not empty, or all but one; that of all where they are few.

    `names`: they name the rows, and all but one are to be whole.
    """
    widths = sorted(cell_len(text) for text in texts if text)
    many = len(widths)
    if many < _SEVERAL:
        return max(widths, default=0)
    return widths[many - 2 if names else min(many - 2, (many * 9 - 1) // 10)]
