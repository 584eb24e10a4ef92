"""How many people came to an event: everybody is not part of itself, and two laptops may have counted the same people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.records.head_counts import HeadCount, HeadCounts, head_counts_of


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], HeadCounts(0, {}, 0)),
        # everybody and its parts
        ([("all", 19, "a"), ("patient", 12, "a"), ("carer", 7, "a")], (19, 0)),
        ([("all", 19, "a"), ("patient", 12, "a")], (19, 0)),
        ([("all", 10, "a"), ("patient", 12, "a"), ("carer", 7, "a")], (19, 0)),
        # two laptops at one event
        ([("all", 86, "a"), ("all", 80, "b"), ("carer", 5, "b")], (86, 1)),
        ([("patient", 12, "a"), ("carer", 7, "b")], (19, 0)),
        ([("patient", 12, "a"), ("patient", 12, "b"), ("patient", 3, "c")], (12, 2)),
        ([("patient", 12, "a"), ("patient", 0, "b")], (12, 0)),
        # one laptop, morning and afternoon
        ([("patient", 12, "a"), ("patient", 7, "a")], (19, 0)),
        ([("patient", 12, "a"), ("patient", 7, "a"), ("patient", 18, "b")], (19, 1)),
        # a row of a file that came in twice
        (
            [("patient", 12, "a", "row 1"), ("patient", 12, "a", "row 1"), ("patient", 5, "a", "row 2")],
            (17, 0),
        ),
        ([("patient", 12, "a", "row 1"), ("carer", 12, "a", "row 1")], (24, 0)),
    ],
)
def test_nobody_is_counted_twice(counts: list[tuple[str, int, str]], expected: object) -> None:
    total = head_counts_of(HeadCount(*count) for count in counts)
    if isinstance(expected, HeadCounts):
        assert total == expected
    else:
        assert (total.total, total.not_added) == expected


_COUNT = st.builds(
    HeadCount,
    st.sampled_from(["all", "patient", "carer"]),
    st.integers(0, 50),
    st.sampled_from("abc"),
    st.sampled_from([None, "1", "2"]),
)


@given(
    st.lists(_COUNT, max_size=12).flatmap(lambda counts: st.tuples(st.just(counts), st.permutations(counts)))
)
def test_the_order_of_counts_does_not_matter(both: tuple[list[HeadCount], list[HeadCount]]) -> None:
    counts, other_order = both
    total = head_counts_of(counts)
    assert total == head_counts_of(other_order)
    assert max((count.number for count in counts), default=0) <= total.total
    assert total.total <= sum(count.number for count in counts)
