"""An attack on printed tables: it knows the printed values, the relations and the rules of hiding, and tries to pin numbers.

It reads the files and searches whole numbers by itself, with one variable for each cell: it shares no code with the program.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

Cell = tuple[str, str, str]
Row = tuple[dict[Cell, float], float, float]


def read_csv(path: Path) -> dict[tuple[str, str], str]:
    """The cells by (row, column)."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading, *rows = csv.reader(file)
    return {(row[0], column): cell for row in rows for column, cell in zip(heading[1:], row[1:], strict=True)}


@dataclass
class Attack:
    """What a reader knows. `star`: what a star may mean; `rounded`: base and least shown number, or None."""

    tables: Mapping[str, Mapping[tuple[str, str], str]]
    relations: str
    star: tuple[float, float] = (0, math.inf)
    rounded: tuple[int, int] | None = None
    base: int = 0
    rows: list[Row] = field(default_factory=list)
    cells: dict[Cell, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.percents: set[tuple[str, str]] = set()
        for line in self.relations.splitlines():
            keyword, _, rest = line.strip().partition(" ")
            getattr(self, f"_{keyword}", lambda rest: None)(rest)
        for name, table in self.tables.items():
            for (row, column), text in table.items():
                if (name, column) not in self.percents and text:
                    self._bound({(name, row, column): 1}, *self._range(text))

    def _range(self, text: str) -> tuple[float, float]:
        if text == "*":
            return self.star
        value = int(text)
        if self.rounded is None or value == 0:
            return value, value
        base, least = self.rounded
        return max(least, value - base // 2), value + base // 2

    def _bound(self, terms: Mapping[Cell, float], low: float, high: float) -> None:
        for cell in terms:
            self.cells.setdefault(cell, len(self.cells))
        self.rows.append((dict(terms), low, high))

    def _sum(self, rest: str) -> None:
        table, direction, text = re.fullmatch(r"(\S+) (col|row) (.*)", rest).groups()
        name, parts = text.split(" = ")
        cells = self.tables[table]
        others = dict.fromkeys(key[0] if direction == "col" else key[1] for key in cells)
        for other in others:
            if direction == "row" and (table, other) in self.percents_of(table):
                continue
            at = [
                (table, *((other, label) if direction == "col" else (label, other)))
                for label in (name, *parts.split(" + "))
            ]
            self._bound({at[0]: 1, **dict.fromkeys(at[1:], -1)}, 0, 0)

    def percents_of(self, table: str) -> set[tuple[str, str]]:
        """The columns of percentages, to which sums down a column do not apply."""
        return {
            (table, match[1].strip())
            for match in re.finditer(rf"^pct {re.escape(table)} (.*?) = ", self.relations, re.M)
        }

    def _pct(self, rest: str) -> None:
        table, text = rest.split(" ", 1)
        column, text = text.split(" = ")
        parts, whole = text.split(" / ")
        self.percents.add((table, column))
        for (row, name), shown in self.tables[table].items():
            if name != column or not shown or shown == "*":
                continue
            percent = int(shown.rstrip("% "))
            part = {(table, row, label): 200.0 for label in parts.split(" + ")}
            base = (table, row, whole)
            for sign, low, high in ((-1, 0, math.inf), (1, -math.inf, -1)):
                terms = dict(part)
                terms[base] = terms.get(base, 0) - (2 * percent + sign)
                self._bound(terms, low, high)
            self._bound({base: 1}, max(1, self.base), math.inf)

    def _terms(self, text: str) -> dict[Cell, float]:
        return dict.fromkeys((self.place(part.strip()) for part in text.split(" + ")), 1)

    @staticmethod
    def place(text: str) -> Cell:
        """Parse a cell of a table, or a name."""
        match = re.fullmatch(r"(.*?)\[(.*)\|(.*)\]", text)
        return (match[1], match[2], match[3]) if match else ("", "", text)

    def _link(self, rest: str) -> None:
        left, sign, right = re.split(r" (=|>=) ", rest)
        terms = self._terms(left)
        for cell in self._terms(right):
            terms[cell] = terms.get(cell, 0) - 1
        self._bound(terms, 0, 0 if sign == "=" else math.inf)

    def _know(self, rest: str) -> None:
        name, low, high = rest.rsplit(" ", 2)
        self._bound(self._terms(name), float(low), float(high))

    def possible(self, terms: Iterable[Cell] | Mapping[Cell, float], value: int) -> bool:
        """Whether a sum of cells may be `value`, given all that the reader knows."""
        wanted = terms if isinstance(terms, Mapping) else dict.fromkeys(terms, 1.0)
        rows = [*self.rows, (dict(wanted), value, value)]
        matrix = np.zeros((len(rows), len(self.cells)))
        for at, (weights, _, _) in enumerate(rows):
            for cell, weight in weights.items():
                matrix[at, self.cells[cell]] = weight
        low, high = (np.array([row[side] for row in rows], dtype=float) for side in (1, 2))
        result = milp(
            np.zeros(len(self.cells)),
            constraints=LinearConstraint(matrix, low, high),
            bounds=Bounds(0, np.inf),
            integrality=np.ones(len(self.cells)),
        )
        if result.x is None:
            return False
        people = np.round(result.x)
        reached = matrix @ people
        assert ((reached >= low) & (reached <= high)).all(), "the attack's own solver erred"
        return True

    def pinned(self, terms: Iterable[Cell] | Mapping[Cell, float], among: Iterable[int]) -> list[int]:
        """The values of a range that a sum can't have."""
        return [value for value in among if not self.possible(terms, value)]
