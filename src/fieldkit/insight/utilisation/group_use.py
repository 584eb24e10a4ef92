"""The parts of a comparison of use: plain values that screens draw, commands print and documents take."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from fieldkit.insight.statistics.estimates import Estimate
from fieldkit.insight.statistics.funnel import Overdispersion
from fieldkit.intervals import Interval

NoRatio = Literal["", "hidden", "nobody", "nothing", "no population", "not stated", "several"]
"""Why a group has no ratio: its number is hidden in the source; nobody of it lives in the area; nothing at all was counted; the
population is not known; too many people are not stated; a person may be in several groups. "" if it has one.
"""


@dataclass(frozen=True)
class Observed:
    """A published figure: its text, the interval that the text means, and the number shown (None if it is hidden)."""

    shown: str
    interval: Interval
    number: int | None

    def __add__(self, other: Observed) -> Observed:
        known = self.number is not None and other.number is not None
        number = (self.number or 0) + (other.number or 0) if known else None
        interval = self.interval + other.interval
        return Observed(str(number) if known else str(interval), interval, number)


@dataclass(frozen=True)
class GroupUse:
    """One group: what was counted, who lives there, and the comparison.

    `rate` is for each 1,000 residents. `ratio` is observed for each 100 expected if all groups used the service alike, with 95 %
    limits; `limits_998` are its 99.8 % limits. `rounding` is the range of the ratio over all values of rounded numbers,
    `rounding_and_chance` that range with 95 % limits. Ratios of rates compare with White British people and with all others
    together.
    """

    code: str
    label: str
    observed: Observed
    population: int | None = None
    no_ratio: NoRatio = ""
    rate: Estimate | None = None
    expected: float | None = None
    ratio: Estimate | None = None
    limits_998: tuple[float, float] | None = None
    rounding: tuple[float, float | None] | None = None
    rounding_and_chance: tuple[float, float | None] | None = None
    flag: str = ""
    needed: float | None = None
    """How many of those not stated would bring the ratio to 100; below 0 if it is above 100 without them."""
    needed_percent: float | None = None
    """The same as a percentage of those not stated."""
    without_not_stated: float | None = None
    """The ratio if none of those not stated were of the group."""
    against_reference: Estimate | None = None
    against_rest: Estimate | None = None
    shortfall: tuple[float, float, float] | None = None
    """How many fewer than expected: lower limit, value, upper limit."""
    uncertain: bool = False
    """Recording of this group agrees badly with the census: drawn in grey, last, never in a headline."""

    @property
    def adult_share(self) -> float | None:
        """The group's share of adults divided by the area's at which its true ratio is 100."""
        return None if self.ratio is None or self.ratio.value is None else self.ratio.value / 100


@dataclass(frozen=True)
class Use:
    """The comparison for one measure and one dimension.

    `stated` are the people, referrals or contacts of the compared groups, `population` their residents, `rate` the former for
    each 1,000 of the latter. `five` are the broad groups of the source's own classification.
    """

    dimension: str
    stated: int
    population: int | None
    rate: float | None
    not_stated: Observed | None
    not_stated_percent: float | None
    groups: list[GroupUse]
    five: list[GroupUse] = field(default_factory=list)
    all_but_reference: GroupUse | None = None
    overdispersion: Overdispersion | None = None
    by_age: bool = False
    """Expected numbers allow for ages; else the ratios are crude."""

    @property
    def hidden(self) -> list[str]:
        """The labels of the groups whose number is hidden in the source."""
        return [group.label for group in self.groups if group.observed.number is None]
