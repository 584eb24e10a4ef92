"""From true numbers to printed figures: the one module that every page, and every check of a page, uses."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from fieldkit.insight.disclosure.thresholds import Preset
from fieldkit.printed_figure import STAR, Figure, Shown


def rounded_half_up(numerator: int, denominator: int) -> int:
    """The whole number nearest to a ratio of whole numbers, halves up; exact. `denominator` > 0."""
    return (2 * numerator + denominator) // (2 * denominator)


def count_figure(count: int, preset: Preset, *, monitoring: bool = False) -> Figure:
    """A number of people as printed; `monitoring`: the table has a monitoring question."""
    if preset.is_small(count) or (count == 0 and preset.zero_is_hidden(monitoring)):
        return STAR
    return Shown(preset.round_to * rounded_half_up(count, preset.round_to))


def total_of_shown(parts: Sequence[Figure]) -> Figure:
    """The total of rounded numbers: the sum of those shown. A star if it would be 0 and a part is hidden."""
    total = sum(int(part.value) for part in parts if isinstance(part, Shown))
    return STAR if total == 0 and STAR in parts else Shown(total)


def share_figure(
    part: int, whole: int, preset: Preset, *, monitoring: bool = False, decimals: int = 0
) -> Figure:
    """`part` of `whole` in per cent, halves up; starred if the base, the part or the rest is too small."""
    rest = whole - part
    few = any(
        preset.is_small(count) or (count == 0 and preset.zero_is_hidden(monitoring)) for count in (part, rest)
    )
    if whole <= 0 or whole < max(preset.least_base, preset.threshold) or few:
        return STAR
    return ratio_figure(100 * part, whole, decimals, "%")


def mean_figure(total: int, people: int, preset: Preset, *, decimals: int = 1) -> Figure:
    """The mean score of `people` whose scores add up to `total`; starred if they are too few."""
    if people <= 0 or people < max(preset.least_base, preset.threshold):
        return STAR
    return ratio_figure(total, people, decimals)


def ratio_figure(numerator: int, denominator: int, decimals: int = 0, unit: str = "") -> Shown:
    """A ratio of whole numbers with `decimals` decimals, halves up."""
    scaled = rounded_half_up(10**decimals * numerator, denominator)
    return Shown(Decimal(scaled).scaleb(-decimals) if decimals else scaled, unit)
