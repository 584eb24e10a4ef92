"""Funnel plots: which groups or providers differ by more than chance, the lines to draw, and overdispersion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt
from typing import NamedTuple

from fieldkit.evidence_extra import evidence_extra
from fieldkit.insight.statistics.count_limits import count_limits
from fieldkit.insight.statistics.estimates import LEVEL_95, LEVEL_998, not_negative, tail, z
from fieldkit.insight.statistics.proportions import wilson

with evidence_extra():
    from scipy import special

HIGH_998, HIGH_95, LOW_998, LOW_95 = "high 99.8", "high 95", "low 99.8", "low 95"
"""The flags, in the order in which they are tested; "" if the limits include the average."""

FEWEST_PROVIDERS = 10
"""Limits are widened for overdispersion only with at least this many providers."""


def flag(lower_998: float, lower_95: float, upper_95: float, upper_998: float, average: float = 100) -> str:
    """The flag of a figure from its two pairs of limits: whether they exclude the average.

    Source: Spiegelhalter, Statistics in Medicine 24 (2005), 1185; order as in `PHEindicatormethods`. Edges: limits that touch the
    average include it.
    """
    if lower_998 > average:
        return HIGH_998
    if lower_95 > average:
        return HIGH_95
    if upper_998 < average:
        return LOW_998
    if upper_95 < average:
        return LOW_95
    return ""


def ratio_flag(observed: float, expected: float) -> str:
    """The flag of a standardised ratio, by the limits of the count: Byar's from 10, exact below.

    Edges: "" if nothing is expected. The drawn line is exact, so close to it the flag and the line may differ slightly.

    Raises:
        ValueError: a number is negative or not a number.
    """
    if not not_negative(expected, "an expected count"):
        return ""
    inner, outer = count_limits(observed, LEVEL_95), count_limits(observed, LEVEL_998)
    return flag(outer[0], inner[0], inner[1], outer[1], expected)


def proportion_flag(part: float, whole: float, average: float) -> str:
    """The flag of a share against an average share (0 to 1), by Wilson's limits; "" for an empty base.

    Raises:
        ValueError: as `wilson`.
    """
    inner, outer = wilson(part, whole, LEVEL_95), wilson(part, whole, LEVEL_998)
    if inner is None or outer is None:
        return ""
    return flag(outer[0], inner[0], inner[1], outer[1], average)


def expected_at(observed: float, level: float = LEVEL_95) -> tuple[float, float]:
    """The expected counts at which a whole observed count is on the lower and on the upper line of a funnel of ratios.

    The E with P(X ≤ O) = p and the E with P(X ≥ O) = p, p being the tail: ½χ²(1-p; 2O+2) and ½χ²(p; 2O).
    Edges: a count of 0 is on the upper line at 0, where nothing is expected.

    Raises:
        ValueError: the count is negative or not a number, or the level is not between 0 and 1.
    """
    outside = tail(level)
    not_negative(observed, "a count")
    upper = float(special.gammaincinv(observed, outside)) if observed else 0.0
    return float(special.gammainccinv(observed + 1, outside)), upper


class LinePoint(NamedTuple):
    """A point of a funnel's line: expected events and the ratio (· 100) there."""

    expected: float
    ratio: float


def ratio_line(greatest_expected: float, *, upper: bool, level: float = LEVEL_95) -> list[LinePoint]:
    """Points of one line of a funnel of ratios, (E, 100 · O/E) for O = 1, 2, …, up to 1.05 times the greatest E.

    Every count to 100, and wider steps beyond: a few hundred points, evenly spaced on the logarithmic axis of the plot.
    """
    points = []
    for observed in _counts():
        expected = expected_at(observed, level)[upper]
        points.append(LinePoint(expected, 100 * observed / expected))
        if expected > 1.05 * greatest_expected:
            return points
    return points


def _counts() -> Iterator[int]:
    count = 1
    while count < 10**15:
        yield count
        count += max(1, count // 50)


def proportion_line(whole: float, average: float, level: float = LEVEL_95) -> tuple[float, float] | None:
    """The lower and the upper line of a funnel of shares at a base: the shares whose Wilson limit is the average.

    Since Wilson's limits are those of the score test, the shares are P ∓ z√(P(1 - P)/n). Edges: kept between 0 and 1; None at a
    base of 0.

    Raises:
        ValueError: the base is negative, or the average is not between 0 and 1.
    """
    if not 0 <= average <= 1:
        raise ValueError(f"an average share lies between 0 and 1, not at {average}")
    if not not_negative(whole, "a base"):
        return None
    half = z(level) * sqrt(average * (1 - average) / whole)
    return max(0.0, average - half), min(1.0, average + half)


class Overdispersion(NamedTuple):
    """How much more ratios differ than by chance; see `overdispersion`."""

    number: int
    phi: float
    tau_squared: float
    """Between-unit variance on the scale of square roots."""
    chi_square: float
    widen: bool
    """Limits multiplied by √φ may be offered."""


def overdispersion(
    observed: Sequence[float], expected: Sequence[float], winsorised: float = 0
) -> Overdispersion | None:
    """Whether units differ by more than chance: φ = Σz²/k with z = 2(√O - √E).

    τ² = max(0, (kφ - (k - 1)) / (Σw - Σw²/Σw)), w = 4E. Limits may be widened by √φ if φ > 1 + 2√(2/k) and k is at least 10.
    `winsorised` (0.1: a tenth at each end) replaces the extreme z by the next one. χ² = Σ(O - E)²/E.

    Source: Spiegelhalter, Statistics in Medicine 24 (2005), 1185. Across the groups of one provider the difference is the
    finding, and limits are never widened for it. Edges: units with nothing expected are left out; None without any. A single unit
    has no τ² (0).

    Raises:
        ValueError: a number is negative or not a number, or the two lists differ in length.
    """
    pairs = [
        (not_negative(count, "a count"), mean)
        for count, mean in zip(observed, expected, strict=True)
        if not_negative(mean, "an expected count")
    ]
    if not pairs:
        return None
    number = len(pairs)
    scores = sorted(2 * (sqrt(count) - sqrt(mean)) for count, mean in pairs)
    if drawn_in := int(number * winsorised):
        least, most = scores[drawn_in], scores[-1 - drawn_in]
        scores = [min(max(score, least), most) for score in scores]
    phi = sum(score * score for score in scores) / number
    weights = [4 * mean for _, mean in pairs]
    room = sum(weights) - sum(weight * weight for weight in weights) / sum(weights)
    tau_squared = max(0.0, (number * phi - (number - 1)) / room) if number > 1 else 0.0
    chi_square = sum((count - mean) ** 2 / mean for count, mean in pairs)
    widen = number >= FEWEST_PROVIDERS and phi > 1 + 2 * sqrt(2 / number)
    return Overdispersion(number, phi, tau_squared, chi_square, widen)
