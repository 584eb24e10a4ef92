"""Proportions: shares of people with Wilson's limits, and the difference of two shares. Needs no extra package."""

from __future__ import annotations

from math import sqrt

from fieldkit.insight.statistics.estimates import LEVEL_95, Estimate, not_negative, z


def percent(part: int, whole: int) -> int | None:
    """`part` of `whole` as a whole percentage, halves up; None if `whole` is 0. Exact for numbers of any size."""
    return (200 * part + whole) // (2 * whole) if whole else None


def wilson(part: float, whole: float, level: float = LEVEL_95) -> tuple[float, float] | None:
    """Wilson's score limits of a share, from 0 to 1: (2x + z² ∓ z√(z² + 4x(1 - x/n))) / 2(n + z²).

    Source: Wilson, Journal of the American Statistical Association 22 (1927), 209. Edges: None for an empty base; exactly 0 if
    nobody counts, exactly 1 if everybody does.

    Raises:
        ValueError: `part` is more than `whole` (people are counted once), negative or not a number.
    """
    if not_negative(part, "a count") > not_negative(whole, "a base"):
        raise ValueError(f"{part} people are more than all {whole}")
    if not whole:
        return None
    quantile = z(level)
    square = quantile * quantile
    spread = quantile * sqrt(square + 4 * part * (1 - part / whole))
    lower = (2 * part + square - spread) / (2 * (whole + square))
    upper = (2 * part + square + spread) / (2 * (whole + square))
    return (max(0.0, lower) if part else 0.0), (min(1.0, upper) if part < whole else 1.0)


def proportion(part: float, whole: float, level: float = LEVEL_95) -> Estimate | None:
    """A share from 0 to 1 with Wilson's limits; None for an empty base.

    Raises:
        ValueError: as `wilson`.
    """
    limits = wilson(part, whole, level)
    return None if limits is None else Estimate(part / whole, *limits)


def difference(
    first_part: float, first_whole: float, second_part: float, second_whole: float, level: float = LEVEL_95
) -> Estimate | None:
    """The second share minus the first, from -1 to 1, with Newcombe's hybrid score limits.

    With d = p₂ - p₁ and Wilson's limits l and u of each share: d - √((p₂ - l₂)² + (u₁ - p₁)²) and d + √((u₂ - p₂)² + (p₁ - l₁)²).

    Source: Newcombe, Statistics in Medicine 17 (1998), 873, method 10. Edges: None if either base is 0. Valid only for two groups
    of different people: if the same people are in both, there are no limits.

    Raises:
        ValueError: as `wilson`.
    """
    first, second = wilson(first_part, first_whole, level), wilson(second_part, second_whole, level)
    if first is None or second is None:
        return None
    before, after = first_part / first_whole, second_part / second_whole
    change = after - before
    return Estimate(
        change,
        max(-1.0, change - sqrt((after - second[0]) ** 2 + (first[1] - before) ** 2)),
        min(1.0, change + sqrt((second[1] - after) ** 2 + (before - first[0]) ** 2)),
    )
