"""Standardised ratios and rates, and the lines of funnels, at their edges: nothing expected, unbounded intervals, huge counts."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.insight.statistics import funnel
from fieldkit.insight.statistics.count_limits import (
    rate,
)
from fieldkit.insight.statistics.proportions import proportion
from fieldkit.insight.statistics.ratios import representation_ratio
from fieldkit.insight.statistics.standardised import (
    ESP2013,
    Reference,
    Stratum,
    age_expected,
    crude_expected,
    directly_standardised_rate,
    left_out_range,
    rounding_range,
    standardised_ratio,
)


def test_representation_is_the_crude_ratio() -> None:
    ratio = standardised_ratio(1110, crude_expected(49_309, 43_740, 1_361_162))
    represented = representation_ratio(1110, 43_740, 49_309, 1_361_162)
    assert ratio is not None and represented is not None
    assert ratio.value == pytest.approx(100 * represented)
    assert representation_ratio(0, 0, 10, 100) is None
    assert representation_ratio(1, 10, 0, 100) is None


# Standardised


def test_nothing_expected_is_no_ratio() -> None:
    assert standardised_ratio(0, 0) is None
    assert standardised_ratio(3, 0) is None
    assert crude_expected(10, 0, 0) == 0
    with pytest.raises(ValueError):
        standardised_ratio(3, -1)


def test_the_ages_of_a_group_change_what_is_expected() -> None:
    bands = [Reference(100, 5, 1_000), Reference(50, 40, 1_000), Reference(0, 9, 0)]
    assert age_expected(bands) == pytest.approx(0.5 + 2)
    with pytest.raises(ValueError, match="no rate"):
        age_expected([Reference(1, 9, 0)])


INTERVALS = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(sorted)


@given(st.lists(st.tuples(INTERVALS, st.integers(1, 1_000)), min_size=2, max_size=5), st.data())
def test_the_rounding_range_holds_every_ratio_that_the_cells_allow(
    cells: list[tuple[list[int], int]], data: st.DataObject
) -> None:
    (low, high), population = cells[0]
    others = [interval for interval, _ in cells[1:]]
    everybody = sum(people for _, people in cells)
    span = rounding_range(
        low, high, sum(each[0] for each in others), sum(each[1] for each in others), population, everybody
    )
    true = [data.draw(st.integers(*interval)) for interval, _ in cells]
    if not sum(true):
        return
    ratio = true[0] / sum(true) * everybody / population * 100
    assert span is not None
    assert span[0] <= ratio * (1 + 1e-12) and ratio <= span[1] * (1 + 1e-12)


def test_a_rounding_range_at_its_edges() -> None:
    assert rounding_range(0, 0, 0, 0, 10, 100) is None
    assert rounding_range(1, 2, 3, 4, 0, 100) is None
    assert rounding_range(0, None, 5, 9, 10, 100) == (0.0, 1_000.0)
    assert rounding_range(2, 4, 0, None, 10, 100) == (0.0, 1_000.0)
    assert rounding_range(0, 0, 5, 9, 10, 100) == (0.0, 0.0)


def test_a_star_is_compared_with_the_rate_of_the_others() -> None:
    assert left_out_range(0, 4, 100, 100, 50, 1_000) == (0.0, pytest.approx(80))
    assert left_out_range(0, None, 100, 100, 50, 1_000) == (0.0, None)
    assert left_out_range(1, 4, 0, 0, 50, 1_000) is None
    assert left_out_range(1, 4, 9, 9, 0, 1_000) is None
    assert left_out_range(0, 0, 9, 9, 10, 1_000) == (0.0, 0.0)


def test_the_european_standard_population_adds_up() -> None:
    assert sum(ESP2013.values()) == 100_000 and len(ESP2013) == 19


def test_a_directly_standardised_rate_needs_ten_events() -> None:
    assert directly_standardised_rate([Stratum(9, 100, 5_000)]) is None
    assert directly_standardised_rate([]) is None
    assert directly_standardised_rate([Stratum(10, 100, 0)]) is None
    alone = directly_standardised_rate([Stratum(10, 100, 5_000), Stratum(0, 0, 5_500)])
    assert alone is not None and alone.value == pytest.approx(0.1 * 5_000 / 10_500)
    with pytest.raises(ValueError, match="nobody"):
        directly_standardised_rate([Stratum(10, 0, 5_000)])


def test_one_stratum_directly_standardised_is_its_rate() -> None:
    standardised, plain = directly_standardised_rate([Stratum(40, 900, 7)], per=1_000), rate(40, 900)
    assert standardised == pytest.approx(plain)


def test_events_of_the_same_people_widen_the_limits() -> None:
    once = directly_standardised_rate([Stratum(40, 900, 7)])
    twice = directly_standardised_rate([Stratum(40, 900, 7, squared_events=80)])
    assert once is not None and twice is not None
    assert twice.value == once.value
    assert twice.value - twice.lower == pytest.approx(sqrt(2) * (once.value - once.lower))


# Funnels


def test_flags_are_looked_for_from_the_outside_in() -> None:
    assert funnel.ratio_flag(200, 100) == "high 99.8"
    assert funnel.ratio_flag(121, 100) == "high 95"
    assert funnel.ratio_flag(100, 100) == ""
    assert funnel.ratio_flag(80, 100) == "low 95"
    assert funnel.ratio_flag(0, 100) == "low 99.8"
    assert funnel.ratio_flag(0, 0) == "" == funnel.ratio_flag(0, 1)
    assert funnel.flag(100, 100, 100, 100) == ""
    assert funnel.proportion_flag(0, 0, 0.5) == ""
    assert funnel.proportion_flag(10, 10, 0.5) == "high 99.8"
    assert funnel.proportion_flag(4, 12, 0.5) == ""


@given(st.integers(0, 10**6))
def test_the_lower_line_lies_where_more_is_expected(count: int) -> None:
    lower, upper = funnel.expected_at(count)
    assert upper <= count < lower


@pytest.mark.parametrize("greatest", [0, 0.5, 12, 21_196.1, 3e7])
@pytest.mark.parametrize("upper", [False, True])
def test_a_line_goes_beyond_the_greatest_expected_count(greatest: float, upper: bool) -> None:
    points = funnel.ratio_line(greatest, upper=upper)
    assert points[-1].expected > 1.05 * greatest
    assert len(points) < 1_500
    assert all(here.expected < there.expected for here, there in pairwise(points))
    assert all((point.ratio > 100) is upper for point in points)


@given(st.integers(1, 10**6), st.floats(0.01, 0.99))
def test_a_share_on_the_line_has_the_average_as_its_limit(base: int, average: float) -> None:
    line = funnel.proportion_line(base, average)
    assert line is not None
    below, above = line
    if below:
        assert proportion(below * base, base).upper == pytest.approx(average, rel=1e-6)
    if above < 1:
        assert proportion(above * base, base).lower == pytest.approx(average, rel=1e-6)
    assert funnel.proportion_line(0, average) is None


def test_overdispersion_at_its_edges() -> None:
    assert funnel.overdispersion([], []) is None
    assert funnel.overdispersion([3], [0]) is None
    alone = funnel.overdispersion([4], [1])
    assert alone is not None and (alone.phi, alone.tau_squared, alone.widen) == (4, 0, False)
    alike = funnel.overdispersion([10] * 12, [10] * 12)
    assert alike is not None and (alike.phi, alike.tau_squared, alike.widen) == (0, 0, False)
    apart = funnel.overdispersion([100, 25] * 6, [64] * 12)
    assert apart is not None and apart.widen and apart.tau_squared > 0
    nine = funnel.overdispersion([100, 25, 100] * 3, [64] * 9)
    assert nine is not None and not nine.widen


def test_extremes_are_drawn_in_where_that_is_asked() -> None:
    counts, means = [64] * 9 + [10_000], [64.0] * 10
    drawn = funnel.overdispersion(counts, means, winsorised=0.1)
    assert drawn is not None and drawn.phi == 0


# Change, people who go on, answers
