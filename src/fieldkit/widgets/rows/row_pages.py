"""The pages of a list that are at hand, and how wide their values are."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from fieldkit.widgets.plain import cells
from fieldkit.widgets.sources import Column, Row, Source, column_widths

PAGE = 256
_PAGES_KEPT = 24


def opened(source: Source, seek: str, cursor: int) -> tuple[int, int, Sequence[Row]]:
    """How many rows there are, where the cursor belongs (on the row `seek` if it can be found), and its
    page.
    """
    count = source.count()
    position = getattr(source, "position", None)
    place = position(seek) if seek and position is not None else None
    cursor = max(0, min(cursor if place is None else place, count - 1))
    return count, cursor, source.rows(cursor // PAGE * PAGE, PAGE) if count else ()


class RowPages:
    """The pages read last, each of PAGE rows."""

    def __init__(self) -> None:
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._widest: list[int] = []
        self._widths: tuple[int, list[int]] = (-1, [])
        """A width, and the cells that each column gets of it."""

    def __len__(self) -> int:
        return len(self._pages)

    def clear(self, *, widths: bool = False) -> None:
        """Forget the pages; with `widths` also how wide their values were."""
        self._pages.clear()
        if widths:
            self._widest = []

    def row(self, index: int) -> Row | None:
        """The row at `index` if its page is at hand."""
        page = self._pages.get(index // PAGE)
        place = index % PAGE
        return page[place] if page is not None and place < len(page) else None

    def missing(self, indices: Sequence[int]) -> int | None:
        """The page of the first of these rows that is not at hand; None when all are."""
        return next((index // PAGE for index in indices if index // PAGE not in self._pages), None)

    def take(self, page: int, rows: Sequence[Row], columns: int) -> None:
        """Keep a page that was read."""
        self._pages[page] = list(rows)
        self._pages.move_to_end(page)
        while len(self._pages) > _PAGES_KEPT:
            self._pages.popitem(last=False)
        widest = self._widest or [0] * columns
        for row in rows:
            for index, text in enumerate(row.cells[: len(widest)]):
                # No letter is wider than two cells.
                if 2 * len(text) > widest[index]:
                    widest[index] = max(widest[index], cells(text))
        self._widest, self._widths = widest, (-1, [])

    def widths(self, columns: Sequence[Column], width: int) -> list[int]:
        """The cells that each column gets of `width`."""
        if self._widths[0] != width:
            self._widths = (width, column_widths(columns, width, self._widest))
        return self._widths[1]
