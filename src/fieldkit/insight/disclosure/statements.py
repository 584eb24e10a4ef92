"""Statements: what each figure tells about people, as bounds on sums; and everything that a pack must keep unknown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fieldkit.insight.disclosure.definitions import Key
from fieldkit.insight.disclosure.thresholds import Preset
from fieldkit.printed_figure import Figure, Shown

Vector = NDArray[np.int64]
"""How often each variable (people with one set of answers, or one number of a table) counts in a sum."""

UNBOUNDED = 2**62


class StatementKind(Enum):
    """The kind of figure of a statement."""

    COUNT = "count"
    SHARE = "percentage"
    MEAN = "mean"
    QUOTES = "quotes"


class Rank(Enum):
    """How valuable a figure is to readers: figures are hidden in this order to protect others."""

    RATIO = 0
    CELL = 1
    MARGIN = 2
    EVERYBODY = 3


@dataclass(frozen=True)
class Bound:
    """least <= sum <= most, in whole numbers; the sum is `weights` times the variables."""

    weights: Vector
    least: int
    most: int


@dataclass(frozen=True)
class Statement:
    """One figure: `part` is the counted sum; for a percentage or a mean, `whole` is its base.

    `dear` orders statements of the same rank. `quotes`: the number of quotes, which the sum at least equals.
    """

    key: Key
    says: StatementKind
    part: Vector
    whole: Vector | None = None
    rank: Rank = Rank.CELL
    dear: int = 0
    decimals: int = 0
    quotes: int = 0

    @property
    def cost(self) -> tuple[int, int, Key]:
        """The order in which statements are given up."""
        return (self.rank.value, self.dear, self.key)

    def bounds(self, figure: Figure, preset: Preset, truth: Vector) -> list[Bound]:
        """What a reader learns from the printed figure; nothing from a star.

        A percentage or mean that is printed also tells that its base, its part and the rest are not small numbers.
        """
        if not isinstance(figure, Shown):
            return []
        if self.says is StatementKind.QUOTES:
            return [Bound(self.part, self.quotes, UNBOUNDED)]
        if self.whole is None:
            return [Bound(self.part, *count_range(int(figure.value), preset))]
        scale = 10**self.decimals
        printed = int(Decimal(figure.value) * scale)
        part = 2 * scale * (100 if self.says is StatementKind.SHARE else 1) * self.part
        bounds = [
            Bound(part - (2 * printed - 1) * self.whole, 0, UNBOUNDED),
            Bound(part - (2 * printed + 1) * self.whole, -UNBOUNDED, -1),
            Bound(self.whole, max(1, preset.least_base, preset.threshold), UNBOUNDED),
        ]
        if self.says is StatementKind.SHARE:
            for weights in (self.part, self.whole - self.part):
                none = int(weights @ truth) == 0
                bounds.append(Bound(weights, 0, 0) if none else Bound(weights, preset.threshold, UNBOUNDED))
        return bounds


def count_range(printed: int, preset: Preset) -> tuple[int, int]:
    """The least and the greatest number of people that is printed like this."""
    base = preset.round_to
    if base == 1:
        return printed, printed
    if printed == 0:
        return 0, 0 if preset.threshold > base // 2 else (base - 1) // 2
    return max(preset.threshold, printed - base // 2), printed + (base - 1) // 2


@dataclass(frozen=True)
class Sensitive:
    """A sum that must stay unknown while it is a small number.

    `watched`: also when it is not small.
    """

    name: str
    weights: Vector
    watched: bool = False


@dataclass(frozen=True)
class Pack:
    """The input of the search.

    `truth`: the true value of each variable. `known`: what readers know without the pack. `printed(variables, hidden)`: the whole
    pack as bytes, made by the printing function, with the statements at these positions starred. `small_by`: the preset that
    decides which numbers are small, if not the pack's own but that of an earlier release, which hid more.
    """

    truth: Vector
    statements: Sequence[Statement]
    figures: Sequence[Figure]
    sensitive: Sequence[Sensitive]
    known: Sequence[Bound]
    preset: Preset
    printed: Callable[[Vector, frozenset[int]], bytes]
    small_by: Preset | None = None

    @property
    def strictest(self) -> Preset:
        """The preset that decides which numbers are small."""
        return self.small_by or self.preset


def as_vector(values: Any) -> Vector:
    """Whole numbers as a vector."""
    return np.asarray(values, dtype=np.int64)
