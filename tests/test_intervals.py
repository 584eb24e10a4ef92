"""Counts within bounds: exact sums and rates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.intervals import Interval, total

small = st.integers(0, 40)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low = draw(small)
    return Interval(low, draw(st.one_of(st.none(), small.map(lambda more: low + more))))


@given(st.lists(st.tuples(intervals(), st.integers(0, 40))))
def test_a_sum_holds_every_sum_of_values_and_its_ends_are_sums(pairs: list[tuple[Interval, int]]) -> None:
    parts = [interval for interval, _ in pairs]
    values = [
        interval.low + (more if interval.high is None else min(more, interval.high - interval.low))
        for interval, more in pairs
    ]
    added = total(parts)
    assert sum(values) in added
    assert added.low == sum(part.low for part in parts)
    highs = [part.high for part in parts]
    assert added.high == (None if None in highs else sum(high or 0 for high in highs))


def test_rates_and_words() -> None:
    assert Interval(0, 4).rate(1_000, 1_000) == (0, 4)
    assert Interval(3, None).rate(2) == (1.5, None)
    with pytest.raises(ValueError):
        Interval(0, 4).rate(0)
    assert [str(interval) for interval in (Interval(5, 7), Interval(1_234, 1_234), Interval(5, None))] == [
        "5 to 7",
        "1,234",
        "5 or more",
    ]
    assert Interval(3, 3).exact and not Interval(0, 1).exact
    assert Interval(0, 4).meets(Interval(4, None)) and not Interval(0, 4).meets(Interval(5, 7))


@pytest.mark.parametrize("ends", [(-1, 4), (5, 4)])
def test_no_interval_is_empty_or_below_zero(ends: tuple[int, int]) -> None:
    with pytest.raises(ValueError):
        Interval(*ends)
