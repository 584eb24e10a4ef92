"""Change within pairs that were rated twice, and the share of pairs that continue: the figures of mentoring."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite, sqrt
from statistics import fmean, variance

from fieldkit.evidence_extra import evidence_extra
from fieldkit.insight.statistics.estimates import LEVEL_95, Estimate, tail
from fieldkit.insight.statistics.proportions import proportion

FEWEST_PAIRS = 10
"""Below this number of pairs no interval is printed, only how many rose, stayed and fell."""
OFTEN_UNCHANGED = 0.4
"""From this share of unchanged pairs on, the interval covers less than its nominal level (about 90 %)."""
RECENT = timedelta(days=90)


@dataclass(frozen=True)
class PairedChange:
    """The mean change with Student's limits, and how many pairs rose, stayed and fell. In the units of the ratings."""

    number: int
    mean: float | None
    lower: float | None
    upper: float | None
    rose: int
    same: int
    fell: int

    @property
    def all_equal(self) -> bool:
        """Whether every pair changed by the same amount, so that there is no interval to print."""
        return self.number > 1 and self.lower == self.upper

    @property
    def interval(self) -> tuple[float, float] | None:
        """The limits, if they may be printed: from 10 pairs, not all equal."""
        if self.number < FEWEST_PAIRS or self.all_equal or self.lower is None or self.upper is None:
            return None
        return self.lower, self.upper


def paired_change(changes: Sequence[float], level: float = LEVEL_95) -> PairedChange:
    """The mean of latest minus first rating over pairs rated twice: d̄ ± t(n-1) · s/√n.

    Source: Student, Biometrika 6 (1908), 1. In simulations with ratings of 0 to 10 the limits cover 94 to 96 % from 6 pairs on;
    if half are unchanged, about 90 %. Edges: no mean without pairs, no limits for one pair, limits equal to the mean if all
    changed alike; see `PairedChange.interval` for what may be printed. There is no control group, and low first ratings rise
    partly by chance.

    Raises:
        ValueError: a change is not a finite number, or the level is not between 0 and 1.
        ExtraMissing: the extra `evidence` is not installed.
    """
    if not all(map(isfinite, changes)):
        raise ValueError("a change is no finite number")
    with evidence_extra():
        # Imported here, since the summary uses the rules of this module without the extra.
        from scipy import special
    number, outside = len(changes), tail(level)
    rose, fell = sum(change > 0 for change in changes), sum(change < 0 for change in changes)
    mean = fmean(changes) if number else None
    lower = upper = None
    if mean is not None and number > 1:
        half = -float(special.stdtrit(number - 1, outside)) * sqrt(variance(changes) / number)
        lower, upper = mean - half, mean + half
    return PairedChange(number, mean, lower, upper, rose, number - rose - fell, fell)


@dataclass(frozen=True)
class Pair:
    """A mentoring pair: when it began, whether it is marked active, and the day of its latest session."""

    begun: date
    active: bool
    latest_session: date | None


def retention(pairs: Iterable[Pair], day: date, level: float = LEVEL_95) -> Estimate | None:
    """Of the pairs begun 90 days ago or earlier, the share that is active or met in the last 90 days; Wilson's limits.

    Edges: None if no pair began so long ago; sessions after `day` count as recent.
    """
    begun = [pair for pair in pairs if pair.begun <= day - RECENT]
    kept = sum(
        pair.active or (pair.latest_session is not None and pair.latest_session >= day - RECENT)
        for pair in begun
    )
    return proportion(kept, len(begun), level)
