"""Ratios of two groups: of their rates, and of their shares among users and among residents."""

from __future__ import annotations

from math import exp, inf, sqrt

from fieldkit.evidence_extra import evidence_extra
from fieldkit.insight.statistics.estimates import LEVEL_95, Estimate, not_negative, tail, z

with evidence_extra():
    from scipy import special

FEWEST_FOR_LOG = 10
"""From this count in both groups the limits are those of the logarithm; below, exact."""


def rate_ratio(
    count: float, population: float, other_count: float, other_population: float, level: float = LEVEL_95
) -> Estimate | None:
    """The rate of one group divided by that of another, (O₁/n₁) / (O₂/n₂).

    Both counts from 10: RR · exp(±z√(1/O₁ + 1/O₂)) (Rothman, Modern Epidemiology, 1986). Else exact: Clopper and Pearson's limits
    p of O₁ among O₁ + O₂ (Biometrika 26, 1934, 404), and RR = p/(1 - p) · n₂/n₁.

    Edges: None if either population is 0. If the other count is 0: no value, a lower limit, and an infinite upper one. If the
    first count is 0: 0 with an upper limit. If both are: no value, 0 to infinity.

    Raises:
        ValueError: a number is negative or not a number.
    """
    for number in (count, other_count):
        not_negative(number, "a count")
    for number in (population, other_population):
        not_negative(number, "a population")
    if not population or not other_population:
        return None
    scale = other_population / population
    value = count / other_count * scale if other_count else None
    if value is not None and min(count, other_count) >= FEWEST_FOR_LOG:
        factor = exp(z(level) * sqrt(1 / count + 1 / other_count))
        return Estimate(value, value / factor, value * factor)
    lower, upper = _exact_odds(count, other_count, tail(level))
    return Estimate(value, lower * scale, upper * scale)


def _exact_odds(count: float, other_count: float, outside: float) -> tuple[float, float]:
    """Limits of p/(1 - p), each part from its own quantile, so that no digits are lost if p is close to 1."""
    lower, upper = 0.0, inf
    if count:
        lower = float(
            special.betaincinv(count, other_count + 1, outside)
            / special.betainccinv(other_count + 1, count, outside)
        )
    if other_count:
        upper = float(
            special.betainccinv(count + 1, other_count, outside)
            / special.betaincinv(other_count, count + 1, outside)
        )
    return lower, upper


def representation_ratio(
    count: float, all_counts: float, population: float, all_populations: float
) -> float | None:
    """A group's share of the users divided by its share of the residents, (O/ΣO) / (n/Σn).

    It equals the crude indirectly standardised ratio over 100, so only one of the two is printed. Edges: None if nobody uses the
    service, or nobody of the group or of the area is counted.
    """
    if not (all_counts and population and all_populations):
        return None
    return (count / all_counts) / (population / all_populations)
