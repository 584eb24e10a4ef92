"""Merged cells: the value that is shown once belongs to every row of the range."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.importing.reading.workbook_cells import MERGED, Range, cell_name
from fieldkit.spreadsheets import Cell


class MergedRanges:
    """Fills the cells of merged ranges, row by row from the top.

    A range of one column is filled downwards. For a range of several columns nobody can tell which column the value
    belongs to: it stays in the first, and the others have a fault.
    """

    def __init__(self, ranges: Sequence[Range]) -> None:
        self._waiting = sorted(ranges, reverse=True)
        self._active: dict[int, tuple[Range, Cell, str]] = {}
        """First column -> (range that the latest row lies in, its value, its fault)."""
        self.reach = 0
        """The last row in which the ranges begun so far show a value."""

    def fill(self, number: int, cells: list[Cell], faults: dict[int, str]) -> tuple[bool, frozenset[int]]:
        """Fill row `number` in place; columns are counted from 1.

        Returns whether all values of the row come from ranges that began above it, and the columns filled.
        """
        while self._waiting and self._waiting[-1][0] <= number:
            merged = self._waiting.pop()
            top, left, bottom, _ = merged
            if bottom >= number:
                here = top == number and left <= len(cells)
                self._active[left] = (
                    (merged, cells[left - 1], faults.get(left, "")) if here else (merged, None, "")
                )
        if not self._active:
            return False, frozenset()
        covered: set[int] = set()
        filled: set[int] = set()
        for left, (merged, value, fault) in list(self._active.items()):
            top, _, bottom, right = merged
            if bottom < number:
                del self._active[left]
                continue
            if number > top:
                covered.update(range(left, min(right, len(cells)) + 1))
            if value is None or value == "":
                continue
            self.reach = max(self.reach, bottom)
            if number > top:
                self._set(cells, left, value)
                filled.add(left)
                if fault:
                    faults[left] = fault
            for column in range(left + 1, right + 1):
                self._set(cells, column, MERGED)
                faults[column] = (
                    f"The cell {cell_name(top, left)} is merged over several columns, so the column of its value "
                    "is not certain. Split it in the spreadsheet."
                )
        own = any(
            value is not None and value != "" and column not in covered
            for column, value in enumerate(cells, 1)
            if column not in filled
        )
        return not own, frozenset(filled)

    @staticmethod
    def _set(cells: list[Cell], column: int, value: Cell) -> None:
        if column > len(cells):
            cells.extend([None] * (column - len(cells)))
        cells[column - 1] = value
