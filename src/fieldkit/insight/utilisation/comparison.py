"""Comparing counts of groups with their residents: rates, ratios, limits, flags and what would bring a ratio to 100."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fieldkit.insight.statistics import break_even
from fieldkit.insight.statistics.count_limits import count_limits, interval_limits, rate
from fieldkit.insight.statistics.estimates import LEVEL_95, LEVEL_998, Estimate
from fieldkit.insight.statistics.funnel import overdispersion, ratio_flag
from fieldkit.insight.statistics.ratios import rate_ratio
from fieldkit.insight.statistics.standardised import (
    Reference,
    age_expected,
    crude_expected,
    left_out_range,
    rounding_range,
    standardised_ratio,
)
from fieldkit.insight.utilisation.group_use import GroupUse, NoRatio, Observed, Use
from fieldkit.intervals import Interval, total

MOST_NOT_STATED = 30
"""Per cent: if more are not stated, no ratio is given."""
REFERENCES = ("A", "13")
"""White British people: their code in the NHS categories, and in the census."""
UNCERTAIN = frozenset({"G", "P", "S", "12", "8", "18", "19"})
"""Any other Mixed, Black and ethnic group: recording agrees with the census for fewer than 35, 20 and 26 %. Source: ONS,
Understanding consistency of ethnicity data recorded in health-related administrative datasets, November 2023."""
SEVERAL = frozenset({"disability"})
"""Dimensions in which a person may be in several groups: their groups have no common base."""


@dataclass(frozen=True)
class Counts:
    """What a source counted, by the codes of one classification.

    `groups` are the finest groups, in order; `five` the broad groups that the source itself published, with the codes of each in
    `members`. `by_age` holds each group's numbers by age band if the source has them. `total` is its published number for
    everybody.
    """

    dimension: str
    groups: Mapping[str, Observed]
    labels: Mapping[str, str]
    not_stated: Observed | None = None
    total: Observed | None = None
    five: Mapping[str, Observed] = field(default_factory=dict)
    members: Mapping[str, Sequence[str]] = field(default_factory=dict)
    by_age: Mapping[str, Mapping[str, Observed]] = field(default_factory=dict)
    several: bool = False
    """Whether a person may be in several groups, such as age bands that share ages."""


@dataclass(frozen=True)
class Residents:
    """Who lives in the area, by the same codes. `by_age`: code -> age band -> people, with the bands of the counts."""

    groups: Mapping[str, int]
    by_age: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def compare(counts: Counts, residents: Residents | None) -> Use:
    """Compare use with residents. See `statistics.standardised` and `statistics.count_limits` for the formulas.

    The common rate is that of the groups whose number is shown and who have residents in the area. If counts and residents have
    the same age bands, the expected numbers allow for ages. Nothing is compared, only counted, without residents, if more than 30
    % are not stated, or if a person may be in several groups.
    """
    percent = _not_stated_percent(counts)
    refusal: NoRatio = ""
    if residents is None:
        refusal = "no population"
    elif counts.several or counts.dimension in SEVERAL:
        refusal = "several"
    elif (percent if percent is not None else _most_not_stated(counts)) > MOST_NOT_STATED:
        refusal = "not stated"
    if residents is None or refusal:
        return _only_counted(counts, residents, refusal, percent)
    return _Comparison(counts, residents).use(percent)


def _not_stated_percent(counts: Counts) -> float | None:
    """The percentage of everybody counted who is not stated: of the published total, or else of the sum of the groups."""
    if counts.not_stated is None or counts.not_stated.number is None:
        return None
    unknown = counts.not_stated.number
    everybody = counts.total.number if counts.total is not None else None
    if everybody is None or everybody < unknown:
        everybody = unknown + sum(observed.number or 0 for observed in counts.groups.values())
    return 100 * unknown / everybody if everybody else None


def _most_not_stated(counts: Counts) -> float:
    """The greatest percentage that the intervals allow, if the number itself is hidden; 0 if there is none."""
    if counts.not_stated is None:
        return 0
    high = counts.not_stated.interval.high
    stated = sum(observed.interval.low for observed in counts.groups.values())
    return 100 if high is None else 100 * high / (high + stated) if high else 0


def _only_counted(
    counts: Counts, residents: Residents | None, refusal: NoRatio, percent: float | None
) -> Use:
    people = residents.groups if residents else {}
    groups = [
        GroupUse(code, counts.labels.get(code, code), observed, people.get(code), refusal)
        for code, observed in counts.groups.items()
    ]
    five = [
        GroupUse(
            code,
            counts.labels.get(code, code),
            observed,
            _sum_of(people, counts.members.get(code, ())),
            refusal,
        )
        for code, observed in counts.five.items()
    ]
    stated = sum(group.observed.number or 0 for group in groups)
    known = [group.population for group in groups if group.population is not None]
    return Use(
        counts.dimension,
        stated,
        sum(known) if known else None,
        None,
        counts.not_stated,
        percent,
        groups,
        five,
    )


def _sum_of(people: Mapping[str, int], codes: Sequence[str]) -> int | None:
    return sum(people[code] for code in codes) if codes and all(code in people for code in codes) else None


class _Comparison:
    """The groups that have a common rate, and every group compared with it."""

    def __init__(self, counts: Counts, residents: Residents) -> None:
        self.counts, self.people = counts, residents.groups
        self.by_age = residents.by_age
        self.compared = {
            code: observed.number
            for code, observed in counts.groups.items()
            if observed.number is not None and self.people.get(code)
        }
        self.stated = sum(self.compared.values())
        self.population = sum(self.people[code] for code in self.compared)
        self.not_stated = (counts.not_stated.number or 0) if counts.not_stated else 0
        self.bands = self._bands()

    def use(self, percent: float | None) -> Use:
        """The whole comparison."""
        counts = self.counts
        groups = [self._group(code, each, [code]) for code, each in counts.groups.items()]
        five = [self._group(code, each, counts.members[code]) for code, each in counts.five.items()]
        ratios = [group for group in groups if group.ratio is not None]
        return Use(
            counts.dimension,
            self.stated,
            self.population,
            1_000 * self.stated / self.population if self.population else None,
            counts.not_stated,
            percent,
            groups,
            five,
            self._all_but_reference(),
            overdispersion(
                [group.observed.number or 0 for group in ratios], [group.expected or 0 for group in ratios]
            ),
            bool(self.bands),
        )

    def _all_but_reference(self) -> GroupUse | None:
        rest = [code for code in self.compared if code not in REFERENCES]
        if len(rest) == len(self.compared) or len(rest) < 2:
            return None
        observed = sum((self.counts.groups[code] for code in rest[1:]), self.counts.groups[rest[0]])
        return self._group("", observed, rest, "all but White British")

    def _group(self, code: str, observed: Observed, codes: Sequence[str], label: str = "") -> GroupUse:
        """One group compared with the common rate; `codes` are the groups that it consists of."""
        people = _sum_of(self.people, codes)
        group = GroupUse(
            code,
            label or self.counts.labels.get(code, code),
            observed,
            people,
            uncertain=len(codes) == 1 and codes[0] in UNCERTAIN,
        )
        if not people:
            return replace(group, no_ratio="no population" if people is None else "nobody")
        if observed.number is None:
            rounding = self._range(observed.interval, codes)
            chance = _with_chance(observed.interval, rounding)
            return replace(group, no_ratio="hidden", rounding=rounding, rounding_and_chance=chance)
        group = replace(group, rate=rate(observed.number, people))
        expected = self._expected(codes)
        ratio = standardised_ratio(observed.number, expected)
        return (
            replace(group, no_ratio="nothing")
            if ratio is None
            else self._with_ratio(group, ratio, expected, codes)
        )

    def _with_ratio(
        self, group: GroupUse, ratio: Estimate, expected: float, codes: Sequence[str]
    ) -> GroupUse:
        number, people = group.observed.number or 0, group.population or 0
        rounding = self._range(group.observed.interval, codes)
        group = replace(
            group,
            expected=expected,
            ratio=ratio,
            limits_998=_limits(standardised_ratio(number, expected, LEVEL_998)),
            rounding=rounding,
            rounding_and_chance=_with_chance(group.observed.interval, rounding)
            if number
            else (0.0, ratio.upper),
            flag=ratio_flag(number, expected),
            shortfall=break_even.shortfall(expected, *_around(number)),
        )
        rest = [code for code in self.compared if code not in codes]
        reference = [code for code in rest if code in REFERENCES]
        group = replace(
            group,
            against_rest=self._against(number, people, rest),
            against_reference=self._against(number, people, reference),
        )
        if self.bands or not self.not_stated:
            return group
        needed = break_even.not_stated_needed(number, people, self.stated, self.not_stated, self.population)
        return replace(
            group,
            needed=needed,
            needed_percent=break_even.not_stated_needed_percent(needed, self.not_stated),
            without_not_stated=break_even.ratio_without_not_stated(
                ratio.value or 0, self.stated, self.not_stated
            ),
        )

    def _against(self, number: int, people: int, codes: Sequence[str]) -> Estimate | None:
        return rate_ratio(
            number,
            people,
            sum(self.compared[code] for code in codes),
            sum(self.people[code] for code in codes),
        )

    def _expected(self, codes: Sequence[str]) -> float:
        if self.bands:
            return self._expected_by_age(codes, lambda observed: observed.number or 0)
        return crude_expected(_sum_of(self.people, codes) or 0, self.stated, self.population)

    def _range(self, own: Interval, codes: Sequence[str]) -> tuple[float, float | None] | None:
        """The range of the group's ratio over all possible values of rounded and hidden cells."""
        people = _sum_of(self.people, codes) or 0
        if self.bands:
            return self._range_by_age(own, codes)
        others = [code for code in self.compared if code not in codes]
        sums = total(self.counts.groups[code].interval for code in others)
        if all(code in self.compared for code in codes):
            return rounding_range(own.low, own.high, sums.low, sums.high, people, self.population)
        if len(codes) > 1:
            return None
        return left_out_range(own.low, own.high, sums.low, sums.high, people, self.population)

    # Ages

    def _bands(self) -> list[str]:
        """The age bands that counts and residents share, if every group has a number in each; else none."""
        by_age = self.counts.by_age
        bands = next(iter(by_age.values()), {})
        whole = all(
            code in by_age
            and by_age[code].keys() == bands.keys() == self.by_age.get(code, {}).keys()
            and all(observed.number is not None for observed in by_age[code].values())
            for code in self.compared
        )
        return list(bands) if whole else []

    def _expected_by_age(self, codes: Iterable[str], number: Callable[[Observed], float]) -> float:
        return age_expected(
            Reference(
                sum(self.by_age[code][band] for code in codes),
                sum(number(self.counts.by_age[code][band]) for code in self.compared),
                sum(self.by_age[code][band] for code in self.compared),
            )
            for band in self.bands
        )

    def _range_by_age(self, own: Interval, codes: Sequence[str]) -> tuple[float, float | None] | None:
        """Outer bounds, not the narrowest ones: the least count over the most that can be expected, and the other way round."""
        known = [each for code in self.compared for each in self.counts.by_age[code].values()]
        bounded = own.high is not None and all(each.interval.high is not None for each in known)
        least = self._expected_by_age(codes, lambda each: each.interval.low)
        most = self._expected_by_age(codes, lambda each: each.interval.high or 0)
        if not bounded or not least:
            return (0.0 if not most or not bounded else 100 * own.low / most), None
        return 100 * own.low / most, 100 * (own.high or 0) / least


def _limits(estimate: Estimate | None) -> tuple[float, float] | None:
    if estimate is None or estimate.lower is None or estimate.upper is None:
        return None
    return estimate.lower, estimate.upper


def _around(number: int) -> tuple[float, int, float]:
    lower, upper = count_limits(number, LEVEL_95)
    return lower, number, upper


def _with_chance(
    own: Interval, rounding: tuple[float, float | None] | None
) -> tuple[float, float | None] | None:
    """The rounding range with the 95 % limits of the count at each of its ends."""
    if rounding is None:
        return None
    lower, upper = interval_limits(own.low, own.high)
    low = rounding[0] * lower / own.low if own.low else 0.0
    high = rounding[1] * upper / own.high if rounding[1] is not None and own.high else None
    return low, high
