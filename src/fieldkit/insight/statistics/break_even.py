"""What would remove a difference in use: people not stated, ages, and the shortfall. Plain arithmetic."""

from __future__ import annotations

from fieldkit.insight.statistics.estimates import not_negative


def not_stated_needed(
    observed: float, population: float, stated: float, not_stated: float, all_populations: float
) -> float | None:
    """How many of the people whose group is not stated must belong to this group for its ratio to be 100.

    n(S + U)/N - O, with S stated and U not stated among N residents. Below 0: the group is above 100 even without them.
    Edges: None if nobody lives in the area.
    """
    if not all_populations:
        return None
    return population * (stated + not_stated) / all_populations - observed


def not_stated_needed_percent(needed: float | None, not_stated: float) -> float | None:
    """`not_stated_needed` as a percentage of those not stated.

    Edges: None if none are needed or none exist; over 100 if even all of them would not be enough.
    """
    return 100 * needed / not_stated if needed is not None and needed >= 0 and not_stated else None


def ratio_without_not_stated(ratio: float, stated: float, not_stated: float) -> float | None:
    """The ratio (· 100) if none of those not stated were of the group: ISR · S/(S + U); None where nobody is counted."""
    return ratio * stated / (stated + not_stated) if stated + not_stated else None


def shortfall(expected: float, lower: float, observed: float, upper: float) -> tuple[float, float, float]:
    """How many fewer events than if all groups used the service alike, with limits: max(0, E - O), from the limits of O.

    Not "people in need". Returns lower limit, value, upper limit.

    Raises:
        ValueError: a number is negative or not a number.
    """
    for number in (expected, observed):
        not_negative(number, "a count")
    return max(0.0, expected - upper), max(0.0, expected - observed), max(0.0, expected - lower)
