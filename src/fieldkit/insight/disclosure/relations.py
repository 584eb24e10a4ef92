"""The file relations.txt: what any reader knows about the numbers of several tables.

One relation a line; empty lines and lines that begin with # are skipped. NAME and PART are labels of the table.

    sum TABLE col NAME = PART + PART      in each row, a column is the sum of others
    sum TABLE row NAME = PART + PART      in each column, a row is the sum of others
    pct TABLE COLUMN = PART + PART / WHOLE   whole percentages (or with decimals), halves up
    link SUM = SUM                        also >= and <=; a sum is A[row|column] + B[row|column] + any name
    know SUM LOW HIGH                     readers know that a sum is LOW to HIGH; HIGH may be inf
    watch SUM                             a sum that has to stay unknown though no cell shows it
    star LOW HIGH, round BASE LEAST       how the tables came out before; what is written follows the preset
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from fieldkit.insight.disclosure.exact_tables import ExactTable, TablesRefused, refused

RELATIONS = "relations.txt"
INFINITE = 2**60

_MOST_LINES = 5_000


class Place(NamedTuple):
    """A cell; or, with empty `table` and `row`, a number that has only a name."""

    table: str
    row: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}[{self.row}|{self.column}]" if self.table else self.column


Sum = tuple[Place, ...]


@dataclass(frozen=True)
class SumOfLabels:
    """In every row (`across`) or column of a table, one label is the sum of others."""

    line: int
    table: str
    across: bool
    name: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class PercentColumn:
    """A column of percentages: the sum of `parts` as a percentage of the sum of `whole`."""

    line: int
    table: str
    column: str
    parts: tuple[str, ...]
    whole: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """Two sums, of which the left is equal (`sign` =), no less (>=) or no greater (<=)."""

    line: int
    left: Sum
    sign: str
    right: Sum


@dataclass(frozen=True)
class KnownRange:
    """A sum that readers know to be between `low` and `high`."""

    line: int
    terms: Sum
    low: int
    high: int


@dataclass
class Relations:
    """All lines, by kind, in their order. `watched` includes the number of each line."""

    sums: list[SumOfLabels] = field(default_factory=list)
    percents: list[PercentColumn] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    known: list[KnownRange] = field(default_factory=list)
    watched: list[tuple[int, Sum]] = field(default_factory=list)


def read_relations(text: str, tables: Mapping[str, ExactTable]) -> Relations:
    """The relations between cells of `tables`.

    Raises:
        TablesRefused: a line is not a relation, or names what no table has.
    """
    relations = Relations()
    lines = text.splitlines()
    if len(lines) > _MOST_LINES:
        raise refused(RELATIONS, _MOST_LINES, f"there are more than {_MOST_LINES:,} lines.")
    for number, line in enumerate(lines, start=1):
        content = line.strip()
        if content and not content.startswith("#"):
            _Line(number, content, tables).add_to(relations)
    return relations


class _Line:
    def __init__(self, number: int, text: str, tables: Mapping[str, ExactTable]) -> None:
        self.number, self.tables = number, tables
        self.keyword, _, self.rest = text.partition(" ")
        self.rest = self.rest.strip()

    def refused(self, what: str) -> TablesRefused:
        return refused(RELATIONS, self.number, what, "Correct the line, then try again.")

    def add_to(self, relations: Relations) -> None:
        read: Mapping[str, Callable[[], None]] = {
            "sum": lambda: relations.sums.append(self._sum()),
            "pct": lambda: relations.percents.append(self._percent()),
            "link": lambda: relations.links.append(self._link()),
            "know": lambda: relations.known.append(self._known()),
            "watch": lambda: relations.watched.append((self.number, self._terms(self.rest))),
            "star": partial(self._two_numbers, "star LOW HIGH"),
            "round": partial(self._two_numbers, "round BASE LEAST"),
        }
        if self.keyword not in read:
            raise self.refused(f"a line begins with {', '.join(read)}, not with “{self.keyword}”.")
        read[self.keyword]()

    def _two_numbers(self, form: str) -> None:
        numbers = [self._number(word) for word in self.rest.split()]
        if len(numbers) != 2 or (self.keyword == "star" and numbers[0] > numbers[1]):
            raise self.refused(f"this line is written “{form}”, in whole numbers.")
        if self.keyword == "round" and numbers[0] < 1:
            raise self.refused("the base for rounding is at least 1.")

    def _sum(self) -> SumOfLabels:
        table, rest = self._table(self.rest, "sum TABLE col NAME = PART + PART")
        direction, _, rest = rest.partition(" ")
        if " = " not in rest:
            raise self.refused("this line is written “sum TABLE col NAME = PART + PART”, or with “row”.")
        if direction not in ("col", "row"):
            raise self.refused("after the table comes “col” or “row”.")
        labels = table.columns if direction == "col" else table.rows
        for name, parts in self._sides(rest, " = "):
            if name in labels:
                part_labels = self._labels(parts, labels, table, "column" if direction == "col" else "row")
                if name in part_labels:
                    raise self.refused(f"“{name}” is a part of itself.")
                return SumOfLabels(self.number, table.name, direction == "col", name, part_labels)
        raise self.refused(
            f"{self._before(rest)} is no {'column' if direction == 'col' else 'row'} of “{table.name}”."
        )

    def _percent(self) -> PercentColumn:
        table, rest = self._table(self.rest, "pct TABLE COLUMN = PARTS / WHOLE")
        for column, parts in self._sides(rest, " = "):
            if column not in table.columns:
                continue
            for part, whole in reversed(self._sides(parts, " / ")):
                if self._split(whole, table.columns):
                    return PercentColumn(
                        self.number,
                        table.name,
                        column,
                        self._labels(part, table.columns, table, "column"),
                        self._labels(whole, table.columns, table, "column"),
                    )
            raise self.refused("after “=” come the parts, “ / ” and the column of the whole.")
        raise self.refused(f"{self._before(rest)} is no column of “{table.name}”.")

    def _link(self) -> Link:
        for sign in (">=", "<=", "="):
            at = _outside_brackets(self.rest, f" {sign} ")
            if at:
                left, right = self.rest[: at[0]], self.rest[at[0] + len(sign) + 2 :]
                return Link(self.number, self._terms(left), sign, self._terms(right))
        raise self.refused("a link is written “SUM = SUM”, with spaces around “=”, “>=” or “<=”.")

    def _known(self) -> KnownRange:
        parts = self.rest.rsplit(" ", 2)
        if len(parts) != 3:
            raise self.refused("this line is written “know SUM LOW HIGH”.")
        low, high = self._number(parts[1]), self._number(parts[2])
        if low > high:
            raise self.refused(f"{low} is greater than {high}.")
        return KnownRange(self.number, self._terms(parts[0]), low, high)

    def _number(self, text: str) -> int:
        if text == "inf":
            return INFINITE
        if not re.fullmatch(r"\d{1,15}", text):
            raise self.refused(f"“{text}” is not a whole number.")
        return int(text)

    def _table(self, text: str, form: str) -> tuple[ExactTable, str]:
        """The table that a line begins with: names may hold spaces, so the longest match is taken."""
        for name in sorted(self.tables, key=len, reverse=True):
            if text.startswith(f"{name} "):
                return self.tables[name], text[len(name) :].strip()
        if not text or text in self.tables:
            raise self.refused(f"this line is written “{form}”.")
        raise self.refused(f"no table has the name “{text.partition(' ')[0]}”. The line is written “{form}”.")

    @staticmethod
    def _sides(text: str, sign: str) -> list[tuple[str, str]]:
        """All ways to split a text at a sign that labels may also contain."""
        return [
            (text[: at.start()].strip(), text[at.end() :].strip())
            for at in re.finditer(re.escape(sign), text)
        ]

    @staticmethod
    def _before(text: str) -> str:
        return f"“{text.partition(' = ')[0].strip()}”"

    def _labels(self, text: str, labels: Sequence[str], table: ExactTable, what: str) -> tuple[str, ...]:
        parts = self._split(text, labels)
        if parts:
            if len(set(parts)) < len(parts):
                raise self.refused("a part is there twice.")
            return parts
        unknown = next((part for part in text.split(" + ") if part.strip() not in labels), text)
        raise self.refused(f"“{unknown.strip()}” is no {what} of “{table.name}”.")

    @staticmethod
    def _split(text: str, labels: Sequence[str]) -> tuple[str, ...]:
        """Split a text into labels joined by “ + ”, which labels may also contain; empty if that is not possible."""
        pieces = text.split(" + ")
        ways: list[tuple[str, ...] | None] = [(), *[None] * len(pieces)]
        for end in range(1, len(pieces) + 1):
            for begin in range(end - 1, -1, -1):
                way, label = ways[begin], " + ".join(pieces[begin:end]).strip()
                if way is not None and label in labels:
                    ways[end] = (*way, label)
                    break
        return ways[-1] or ()

    def _terms(self, text: str) -> Sum:
        cuts = [-3, *_outside_brackets(text, " + "), len(text)]
        pieces = [text[begin + 3 : end].strip() for begin, end in pairwise(cuts)]
        terms = tuple(self._place(piece) for piece in pieces)
        if len(set(terms)) < len(terms):
            raise self.refused("a part is there twice.")
        return terms

    def _place(self, text: str) -> Place:
        name, bracket, rest = text.partition("[")
        if not bracket:
            if not text:
                raise self.refused("a name is missing.")
            return Place("", "", text)
        table = self.tables.get(name.strip())
        if table is None:
            raise self.refused(f"no table has the name “{name.strip()}”.")
        if not rest.endswith("]") or "|" not in rest:
            raise self.refused(f"“{text}” is not written TABLE[row|column].")
        for row, column in self._sides(rest[:-1], "|"):
            if row in table.rows and column in table.columns:
                return Place(table.name, row, column)
        raise self.refused(f"“{table.name}” has no cell [{rest}.")


def _outside_brackets(text: str, sign: str) -> list[int]:
    """The positions of a sign outside square brackets."""
    depth, positions = 0, []
    for at, character in enumerate(text):
        depth += (character == "[") - (character == "]")
        if depth <= 0 and text.startswith(sign, at):
            positions.append(at)
    return positions
