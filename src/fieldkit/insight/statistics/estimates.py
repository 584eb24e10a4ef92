"""What all statistics share: an estimate with its limits, the two confidence levels, and checked counts."""

from __future__ import annotations

from math import isfinite
from statistics import NormalDist
from typing import NamedTuple

LEVEL_95 = 0.95
LEVEL_998 = 0.998
"""The two confidence levels in use, both two-sided."""


class Estimate(NamedTuple):
    """A figure with its lower and upper confidence limit, all in one unit.

    `value` is None if only limits exist (a ratio to zero); a limit is None if there are too few data to compute it, and `upper`
    is infinite if nothing bounds it.
    """

    value: float | None
    lower: float | None
    upper: float | None


def z(level: float) -> float:
    """The normal quantile of a two-sided confidence level: 1.959964 for 0.95, 3.090232 for 0.998.

    Φ⁻¹((1 + level) / 2) by Wichura's algorithm AS 241 (Applied Statistics 37, 1988), to 16 digits.

    Raises:
        ValueError: the level is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError(f"a confidence level lies between 0 and 1, not at {level}")
    return NormalDist().inv_cdf((1 + level) / 2)


def tail(level: float) -> float:
    """The probability outside each limit of a two-sided level: 0.025 for 0.95, 0.001 for 0.998.

    Raises:
        ValueError: the level is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError(f"a confidence level lies between 0 and 1, not at {level}")
    return (1 - level) / 2


def not_negative(number: float, what: str) -> float:
    """`number`, if it is valid for a count or a population.

    Raises:
        ValueError: it is below 0, infinite or not a number.
    """
    if not isfinite(number) or number < 0:
        raise ValueError(f"{what} can't be {number}")
    return number
