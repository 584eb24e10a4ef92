"""Standardised ratios and rates: observed against expected, indirectly and directly standardised."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from typing import NamedTuple

from fieldkit.insight.statistics.count_limits import count_limits
from fieldkit.insight.statistics.estimates import LEVEL_95, Estimate, not_negative

ESP2013 = {
    "0-4": 5_000,
    "5-9": 5_500,
    "10-14": 5_500,
    "15-19": 5_500,
    "20-24": 6_000,
    "25-29": 6_000,
    "30-34": 6_500,
    "35-39": 7_000,
    "40-44": 7_000,
    "45-49": 7_000,
    "50-54": 7_000,
    "55-59": 6_500,
    "60-64": 6_000,
    "65-69": 5_500,
    "70-74": 5_000,
    "75-79": 4_000,
    "80-84": 2_500,
    "85-89": 1_500,
    "90+": 1_000,
}
"""European Standard Population 2013 by age band, 100,000 people in total (Eurostat, Revision of the ESP, 2013)."""

FEWEST_FOR_DIRECT = 10
"""The fewest events for a directly standardised rate: Public Health England, Technical guide (2018)."""


class Reference(NamedTuple):
    """One age band of a group: its population, and the events and population from which its expected rate is computed."""

    population: float
    reference_events: float
    reference_population: float


class Stratum(NamedTuple):
    """One age band: events, population, and the band's weight in the standard population.

    `squared_events` is for events that are not independent: the sum, over people, of the square of each one's events. None if
    everybody has at most one event.
    """

    events: float
    population: float
    weight: float
    squared_events: float | None = None


def crude_expected(population: float, all_counts: float, all_populations: float) -> float:
    """The events expected of a group if everybody used the service alike: E = n · ΣO/Σn, over the stated groups.

    Edges: 0 if nobody at all is counted.
    """
    return population * all_counts / all_populations if all_populations else 0.0


def age_expected(bands: Iterable[Reference]) -> float:
    """The events expected of a group given its ages: E = Σ nᵢλᵢ, λᵢ = reference events over reference population.

    Both must have the same bands. Edges: a band without people in the group adds nothing, whatever its rate.

    Raises:
        ValueError: a number is negative, or a band with people has no reference population.
    """
    expected = 0.0
    for band in bands:
        for number in band:
            not_negative(number, "a number of an age band")
        if band.population and not band.reference_population:
            raise ValueError("an age band has people and no rate to compare them with")
        if band.population:
            expected += band.population * band.reference_events / band.reference_population
    return expected


def standardised_ratio(observed: float, expected: float, level: float = LEVEL_95) -> Estimate | None:
    """Observed for each 100 expected, O/E · 100, with the limits of the count over the same expectation.

    Source: Breslow and Day, Statistical methods in cancer research II (1987), p. 65; limits as `count_limits`.
    Edges: None if nothing is expected.

    Raises:
        ValueError: a number is negative or not a number.
    """
    lower, upper = count_limits(observed, level)
    if not not_negative(expected, "an expected count"):
        return None
    return Estimate(observed / expected * 100, lower / expected * 100, upper / expected * 100)


def rounding_range(
    low: float,
    high: float | None,
    others_low: float,
    others_high: float | None,
    population: float,
    all_populations: float,
) -> tuple[float, float] | None:
    """The range of a crude ratio (· 100) over all possible values of rounded cells.

    low/(low + Σothers high) · N/n · 100 and high/(high + Σothers low) · N/n · 100: the ratio rises with the group's own count and
    falls with the others', so the ends come from the ends of the intervals. `population` is part of `all_populations`, and the
    group's count part of the sum. Edges: None if the group has no people or nothing at all was counted; None for `high` means no
    bound, and the ratio is then at most N/n · 100.
    """
    if not population or (high == 0 and others_high == 0):
        return None
    scale = all_populations / population * 100
    lower = 0.0 if not low or others_high is None else low / (low + others_high) * scale
    if high is None:
        return lower, scale
    return lower, high / (high + others_low) * scale if high else 0.0


def left_out_range(
    low: float,
    high: float | None,
    others_low: float,
    others_high: float | None,
    population: float,
    others_population: float,
) -> tuple[float, float | None] | None:
    """As `rounding_range`, for a group whose count is not part of the sum: a star, left out of the common rate.

    low/n · N/Σothers high · 100 to high/n · N/Σothers low · 100. Edges: None if the group has no people or the others have
    nothing; an end is None if nothing bounds it.
    """
    if not population or not others_population or others_high == 0:
        return None
    scale = others_population / population * 100
    lower = 0.0 if others_high is None else low / others_high * scale
    if high == 0:
        return lower, 0.0
    return lower, None if high is None or not others_low else high / others_low * scale


def directly_standardised_rate(
    strata: Iterable[Stratum], per: float = 1, level: float = LEVEL_95
) -> Estimate | None:
    """Σ(wᵢOᵢ/nᵢ)/Σw · per, with Dobson's limits: DSR + √(Var(DSR)/Var(O)) · (limit of O - O).

    Var(DSR) = Σ(wᵢ²Oᵢ/nᵢ²)/(Σw)². Source: Dobson, Kuulasmaa, Eberle and Scherer, Statistics in Medicine 10 (1991), 457.
    Edges: None below 10 events, and without weights. An age band without people has no events and adds nothing.

    Raises:
        ValueError: a number is negative, or a band without people has events.
    """
    weights = total = weighted = variance = 0.0
    for band in strata:
        events, population, weight, squares = band
        for number in (events, population, weight, squares or 0):
            not_negative(number, "a number of an age band")
        if events and not population:
            raise ValueError("an age band has events and nobody in it")
        weights, total = weights + weight, total + events
        if population:
            weighted += weight * events / population
            variance += weight**2 * (events if squares is None else squares) / population**2
    if total < FEWEST_FOR_DIRECT or not weights:
        return None
    value, spread = weighted / weights, sqrt(variance / total) / weights
    lower, upper = count_limits(total, level)
    return Estimate(
        value * per, (value + spread * (lower - total)) * per, (value + spread * (upper - total)) * per
    )
