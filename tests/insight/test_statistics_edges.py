"""Counts, shares, rates and changes at their edges: zeros, nobody, huge counts, numbers that are not finite."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from math import inf, isfinite, nan, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.insight.statistics import break_even, funnel
from fieldkit.insight.statistics.count_limits import (
    byar_limits,
    count_limits,
    exact_limits,
    interval_limits,
    rate,
)
from fieldkit.insight.statistics.estimates import Estimate, z
from fieldkit.insight.statistics.friends_and_family import friends_and_family
from fieldkit.insight.statistics.paired_change import Pair, paired_change, retention
from fieldkit.insight.statistics.proportions import difference, percent, proportion, wilson
from fieldkit.insight.statistics.ratios import rate_ratio

COUNTS = st.integers(0, 10**12)


NOT_NUMBERS = [-1, nan, inf, -inf]


def test_quantiles_have_all_their_digits() -> None:
    assert z(0.95) == pytest.approx(1.959963984540054, abs=1e-15)
    assert z(0.998) == pytest.approx(3.090232306167813, abs=1e-15)


@pytest.mark.parametrize("level", [0, 1, -0.5, 95, nan])
def test_a_level_that_is_none_is_refused(level: float) -> None:
    for statistic in (count_limits, exact_limits, byar_limits):
        with pytest.raises(ValueError, match="level"):
            statistic(5, level)


# Counts and rates


@given(COUNTS)
def test_limits_hold_their_count(count: int) -> None:
    for lower, upper in (count_limits(count), byar_limits(count)):
        assert 0 <= lower <= count < upper < inf


@given(st.integers(0, 10**9))
def test_wider_levels_have_wider_limits(count: int) -> None:
    inner, outer = count_limits(count, 0.95), count_limits(count, 0.998)
    assert outer[0] <= inner[0] and inner[1] < outer[1]


def test_the_limits_of_a_huge_count_are_about_its_root_away() -> None:
    lower, upper = count_limits(10**15)
    assert upper - 10**15 == pytest.approx(z(0.95) * sqrt(10**15), rel=1e-6)
    assert 10**15 - lower == pytest.approx(z(0.95) * sqrt(10**15), rel=1e-6)


def test_limits_go_over_from_exact_to_byar_at_ten() -> None:
    assert count_limits(9) == exact_limits(9)
    assert count_limits(10) == byar_limits(10)


def test_byars_lower_limit_never_goes_below_nothing() -> None:
    assert byar_limits(0) == (0.0, pytest.approx(3.6680118321737507))
    assert byar_limits(1, 0.998)[0] == 0


@pytest.mark.parametrize("count", NOT_NUMBERS)
def test_a_count_that_is_none_is_refused(count: float) -> None:
    for statistic in (count_limits, byar_limits, exact_limits, funnel.expected_at):
        with pytest.raises(ValueError):
            statistic(count)
    with pytest.raises(ValueError):
        rate(count, 100)
    with pytest.raises(ValueError):
        rate(1, count)
    with pytest.raises(ValueError):
        rate_ratio(1, 10, 1, count)


def test_an_interval_has_the_outer_limits_of_its_ends() -> None:
    assert interval_limits(1, 4) == (count_limits(1)[0], count_limits(4)[1])
    assert interval_limits(0, None) == (0.0, inf)
    assert interval_limits(7, 7) == count_limits(7)
    with pytest.raises(ValueError):
        interval_limits(4, 1)


def test_a_rate_of_nobody_is_none_and_one_above_everybody_is_allowed() -> None:
    assert rate(5, 0) is None
    assert rate(0, 0) is None
    above = rate(20, 10)
    assert above is not None and above.value == 2_000
    nothing = rate(0, 1_000)
    assert nothing == Estimate(0.0, 0.0, pytest.approx(3.6888794541))


# Shares


@given(st.integers(1, 10**15).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_a_share_lies_between_its_limits(pair: tuple[int, int]) -> None:
    part, whole = pair
    estimate = proportion(part, whole)
    assert estimate is not None and estimate.value is not None
    assert estimate.lower is not None and estimate.upper is not None
    assert 0 <= estimate.lower <= estimate.value <= estimate.upper <= 1


def test_nobody_and_everybody_have_an_exact_limit() -> None:
    for whole in (1, 3, 7, 10, 10**9):
        nobody, everybody = wilson(0, whole), wilson(whole, whole)
        assert nobody is not None and nobody[0] == 0 < nobody[1] < 1
        assert everybody is not None and everybody[1] == 1 > everybody[0] > 0


def test_more_people_than_all_are_refused() -> None:
    with pytest.raises(ValueError, match="more than all"):
        wilson(6, 5)
    with pytest.raises(ValueError, match="more than all"):
        difference(1, 2, 6, 5)
    with pytest.raises(ValueError, match="more than all"):
        wilson(1, 0)


def test_a_difference_needs_both_groups() -> None:
    assert difference(0, 0, 5, 10) is None
    assert difference(5, 10, 0, 0) is None


@given(
    st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
)
def test_a_difference_turned_round_is_its_mirror(first: tuple[int, int], second: tuple[int, int]) -> None:
    forth, back = difference(*first, *second), difference(*second, *first)
    assert forth is not None and back is not None
    assert (forth.value, forth.lower, forth.upper) == pytest.approx((-back.value, -back.upper, -back.lower))
    assert -1 <= forth.lower <= forth.value <= forth.upper <= 1


@pytest.mark.parametrize(
    ("part", "whole", "shown"), [(1, 2, 50), (1, 8, 13), (5, 1000, 1), (0, 9, 0), (9, 9, 100)]
)
def test_percentages_round_halves_up(part: int, whole: int, shown: int) -> None:
    assert percent(part, whole) == shown


def test_a_percentage_of_nothing_is_none() -> None:
    assert percent(0, 0) is None


# Ratios


@given(COUNTS, st.integers(1, 10**9), COUNTS, st.integers(1, 10**9))
def test_a_rate_ratio_turned_round_is_its_inverse(o1: int, n1: int, o2: int, n2: int) -> None:
    forth, back = rate_ratio(o1, n1, o2, n2), rate_ratio(o2, n2, o1, n1)
    assert forth is not None and back is not None
    for limit, opposite in ((forth.lower, back.upper), (forth.upper, back.lower)):
        if limit and isfinite(limit):
            assert limit == pytest.approx(1 / opposite, rel=1e-9)
        else:
            assert opposite == (inf if limit == 0 else 0)
    if forth.value is not None:
        assert forth.lower <= forth.value <= forth.upper


def test_a_rate_ratio_at_its_edges() -> None:
    assert rate_ratio(5, 0, 5, 10) is None
    assert rate_ratio(5, 10, 5, 0) is None
    assert rate_ratio(0, 10, 0, 10) == Estimate(None, 0.0, inf)
    assert rate_ratio(3, 100, 3, 100) == Estimate(
        1.0, pytest.approx(0.13394, abs=1e-5), pytest.approx(7.4659, abs=1e-3)
    )


def test_few_pairs_have_no_interval_to_print() -> None:
    nine = paired_change([1, 2, 3, 0, 1, 2, 3, 0, -1])
    assert nine.lower is not None and nine.interval is None
    assert (nine.rose, nine.same, nine.fell) == (6, 2, 1)
    ten = paired_change([1, 2, 3, 0, 1, 2, 3, 0, -1, 1])
    assert ten.interval == (ten.lower, ten.upper)


def test_pairs_that_all_changed_alike_have_no_interval_to_print() -> None:
    alike = paired_change([2] * 12)
    assert alike.all_equal and alike.interval is None and alike.mean == 2
    assert not paired_change([5]).all_equal


def test_no_pairs_have_no_mean() -> None:
    nothing = paired_change([])
    assert (nothing.mean, nothing.interval) == (None, None)


def test_retention_looks_at_pairs_begun_ninety_days_ago() -> None:
    day = date(2026, 10, 1)
    old, new, met = day - timedelta(days=90), day - timedelta(days=89), day - timedelta(days=90)
    pairs = [
        Pair(old, True, None),
        Pair(old, False, met),
        Pair(old, False, met - timedelta(days=1)),
        Pair(old, False, None),
        Pair(new, True, day),
    ]
    share = retention(pairs, day)
    assert share is not None and share.value == 0.5
    assert retention([Pair(new, True, day)], day) is None


def test_friends_and_family_as_nhs_england_works_it_out() -> None:
    result = friends_and_family({"1": 171, "2": 43, "3": 10, "4": 9, "5": 9, "6": 2, "7": 26, "": 5})
    assert (result.percent_good, result.percent_poor, result.base) == (88, 7, 244)
    assert result.other_codes == {"7": 26, "": 5}
    assert result.share_good is not None and result.share_good.lower == pytest.approx(0.8299068234, abs=1e-10)
    nobody = friends_and_family({})
    assert (nobody.base, nobody.percent_good, nobody.share_good) == (0, None, None)


# Break-even


def test_those_not_stated_that_would_bring_a_group_to_a_hundred() -> None:
    needed = break_even.not_stated_needed(1_110, 49_309, 43_740, 6_605, 1_361_162)
    assert needed == pytest.approx(713.781155365783)
    assert break_even.not_stated_needed_percent(needed, 6_605) == pytest.approx(10.806679112275292)
    assert break_even.not_stated_needed_percent(-3, 6_605) is None
    assert break_even.not_stated_needed_percent(5, 0) is None
    assert break_even.not_stated_needed(1, 2, 3, 4, 0) is None
    assert break_even.ratio_without_not_stated(100, 0, 0) is None


def test_a_shortfall_is_never_below_nothing() -> None:
    lower, upper = count_limits(1_110)
    low, value, high = break_even.shortfall(1_584.5106313576196, lower, 1_110, upper)
    assert (round(low, 1), round(value, 1), round(high, 1)) == (407.2, 474.5, 538.9)
    assert break_even.shortfall(5, 10, 20, 30) == (0, 0, 0)


def test_statistics_load_neither_pandas_nor_the_slow_part_of_scipy() -> None:
    script = (
        "import sys\n"
        "from fieldkit.insight.statistics import break_even, friends_and_family, funnel, paired_change, ratios, standardised\n"
        "print(sorted({'pandas', 'scipy.stats', 'scipy.optimize', 'sqlmodel', 'textual'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("change", [float("nan"), float("inf")])
def test_a_change_that_is_no_number_is_refused(change: float) -> None:
    with pytest.raises(ValueError, match="no finite number"):
        paired_change([1.0, change, 2.0])
