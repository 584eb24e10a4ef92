"""The content of charts: labels and printed numbers, at most twelve marks. They alone determine the ends of axes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from fieldkit.documents.blocks import Cell, cell_number, printable
from fieldkit.text import shortened

MOST_MARKS = 12

_Mark = TypeVar("_Mark")


@dataclass(frozen=True)
class Ratio:
    """A group's ratio of observed to expected use × 100, with its 95 % interval and the range that rounding allows.

    `hollow`: crude, without allowance for ages. `grey`: its coding is known to be unreliable. `expected`: for a funnel.
    """

    label: str
    value: Cell
    low: Cell
    high: Cell
    band_low: Cell = ""
    band_high: Cell = ""
    expected: Cell = ""
    code: str = ""
    hollow: bool = False
    grey: bool = False


@dataclass(frozen=True)
class DotPlot:
    """Ratios on a logarithmic axis from 50 to 200, with a line at 100."""

    marks: tuple[Ratio, ...]
    axis: str = "Use for every 100 expected (logarithmic)"
    ends: tuple[float, float] = (50, 200)


@dataclass(frozen=True)
class FunnelLine:
    """A control limit: points (expected, ratio), calculated from theory alone."""

    label: str
    lower: tuple[tuple[float, float], ...]
    upper: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Funnel:
    """Ratios against the number expected, with control limits."""

    marks: tuple[Ratio, ...]
    lines: tuple[FunnelLine, ...]
    x_axis: str = "Expected (logarithmic)"
    y_axis: str = "Use for every 100 expected"


@dataclass(frozen=True)
class Bar:
    """A labelled number."""

    label: str
    value: Cell


@dataclass(frozen=True)
class Bars:
    """Bars of one quantity, from zero."""

    marks: tuple[Bar, ...]
    axis: str


@dataclass(frozen=True)
class Pair:
    """A labelled pair of numbers."""

    label: str
    left: Cell
    right: Cell


@dataclass(frozen=True)
class BackToBack:
    """Pairs as bars to the left and to the right of a line."""

    marks: tuple[Pair, ...]
    left: str
    right: str
    axis: str


@dataclass(frozen=True)
class SideBySide:
    """Pairs as two marks of different shape on one line: of people heard, and of residents."""

    marks: tuple[Pair, ...]
    left: str
    right: str
    axis: str


@dataclass(frozen=True)
class Moment:
    """Something on one day (ISO date), or from one day to another; `stage` is its row."""

    label: str
    start: str
    end: str = ""
    stage: str = ""


@dataclass(frozen=True)
class Timeline:
    """Moments of a cycle in date order."""

    marks: tuple[Moment, ...]


Drawing = DotPlot | Funnel | Bars | BackToBack | SideBySide | Timeline


def in_parts(marks: Sequence[_Mark]) -> list[tuple[_Mark, ...]]:
    """`marks` in order, split into as few parts as possible with at most `MOST_MARKS` each, of nearly equal size."""
    if not marks:
        return []
    parts = -(-len(marks) // MOST_MARKS)
    size, longer = divmod(len(marks), parts)
    cuts = [0]
    for number in range(parts):
        cuts.append(cuts[-1] + size + (number < longer))
    return [tuple(marks[start:end]) for start, end in itertools.pairwise(cuts)]


def numbers(*cells: Cell) -> list[float]:
    """The numbers among the cells."""
    return [float(number) for cell in cells if (number := cell_number(cell)) is not None]


def short(label: str, longest: int = 60) -> str:
    """A label on one line, as wide as `longest` letters at the most."""
    return shortened(printable(label, 1_000), longest)


def ratio_ends(marks: Sequence[Ratio]) -> tuple[float, float]:
    """The ends of an axis of ratios: 50 to 200, doubled outwards until every printed number fits."""
    values = [
        n
        for mark in marks
        for n in numbers(mark.value, mark.low, mark.high, mark.band_low, mark.band_high)
        if n > 0
    ]
    low, high = 50.0, 200.0
    while values and min(values) < low and low > 3:
        low /= 2
    while values and max(values) > high and high < 6_400:
        high *= 2
    return low, high
