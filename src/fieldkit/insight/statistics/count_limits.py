"""Confidence limits of counts, and rates with them."""

from __future__ import annotations

from math import inf, sqrt

from fieldkit.evidence_extra import evidence_extra
from fieldkit.insight.statistics.estimates import LEVEL_95, Estimate, not_negative, tail, z

with evidence_extra():
    from scipy import special

FEWEST_FOR_BYAR = 10
"""Byar's approximation is used from this count; below it, the exact limits."""


def count_limits(count: float, level: float = LEVEL_95) -> tuple[float, float]:
    """Limits of a Poisson count: Byar's from 10, exact below.

    Source: Public Health England, Technical guide: confidence intervals (2018), as implemented in `PHEindicatormethods`.
    Edges: 0 has the lower limit 0. A count that is not whole (weighted events) is used as it is.

    Raises:
        ValueError: the count is negative or not a number, or the level is not between 0 and 1.
    """
    if not_negative(count, "a count") < FEWEST_FOR_BYAR:
        return exact_limits(count, level)
    return byar_limits(count, level)


def byar_limits(count: float, level: float = LEVEL_95) -> tuple[float, float]:
    """Byar's limits: O(1 - 1/(9O) - z/(3√O))³ and (O+1)(1 - 1/(9(O+1)) + z/(3√(O+1)))³.

    Source: Breslow and Day, Statistical methods in cancer research II (1987), p. 69. Edges: lower is 0 for a count of 0, and
    where the cube would be negative (1 at 99.8 %).

    Raises:
        ValueError: as `count_limits`.
    """
    quantile = z(level)
    next_count = not_negative(count, "a count") + 1
    root = 1 - 1 / (9 * count) - quantile / (3 * sqrt(count)) if count else 0.0
    lower = count * max(0.0, root) ** 3
    return lower, next_count * (1 - 1 / (9 * next_count) + quantile / (3 * sqrt(next_count))) ** 3


def exact_limits(count: float, level: float = LEVEL_95) -> tuple[float, float]:
    """Exact Poisson limits: ½χ²(α/2; 2O) and ½χ²(1-α/2; 2O+2).

    Source: Garwood, Biometrika 28 (1936), 437. ½χ²(p; 2k) is the inverse of the regularised gamma function of k.
    Edges: 0 has the lower limit 0.

    Raises:
        ValueError: as `count_limits`.
    """
    outside = tail(level)
    lower = float(special.gammaincinv(not_negative(count, "a count"), outside)) if count else 0.0
    return lower, float(special.gammainccinv(count + 1, outside))


def interval_limits(low: float, high: float | None) -> tuple[float, float]:
    """Limits of a count that is only known to be from `low` to `high`: the lower limit of `low`, the upper limit of `high`.

    Edges: without an upper bound (None) the upper limit is infinite.

    Raises:
        ValueError: as `count_limits`, or `high` is below `low`.
    """
    if high is not None and high < low:
        raise ValueError(f"an interval can't go from {low} to {high}")
    return count_limits(low)[0], inf if high is None else count_limits(high)[1]


def rate(count: float, population: float, per: float = 1_000, level: float = LEVEL_95) -> Estimate | None:
    """Events for each `per` people, O/n · per, with the limits of the count over the same population.

    Edges: None for a population of 0. More events than people are allowed: contacts, referrals.

    Raises:
        ValueError: a number is negative or not a number.
    """
    lower, upper = count_limits(count, level)
    if not not_negative(population, "a population"):
        return None
    return Estimate(count / population * per, lower / population * per, upper / population * per)
