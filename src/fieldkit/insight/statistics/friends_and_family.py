"""The Friends and Family Test: shares of good and of poor answers among all six. Needs no extra package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldkit.insight.statistics.estimates import Estimate
from fieldkit.insight.statistics.proportions import percent, proportion

ANSWERS = ("1", "2", "3", "4", "5", "6")
"""Very good, good, neither good nor poor, poor, very poor, don't know."""
GOOD, POOR = ("1", "2"), ("4", "5")


@dataclass(frozen=True)
class FriendsAndFamily:
    """The result: counts of people, whole percentages (halves up) and shares from 0 to 1 with Wilson's limits."""

    answers: dict[str, int]
    """People by answer, each of the six."""
    base: int
    """Everybody with one of the six answers, including "don't know"."""
    good: int
    poor: int
    percent_good: int | None
    percent_poor: int | None
    share_good: Estimate | None
    share_poor: Estimate | None
    other_codes: dict[str, int] = field(default_factory=dict)
    """People with a code other than the six answers: outside the base."""


def friends_and_family(counts: Mapping[str, int]) -> FriendsAndFamily:
    """(1+2) and (4+5) over all six answers, from the number of people (not comments) by answer.

    Source: NHS England, Using the Friends and Family Test (2019). The older wording ("likely to recommend") is another question
    and is never added. Edges: without answers there are no shares; codes other than 1 to 6 are counted separately.

    Raises:
        ValueError: a count is negative.
    """
    answers = {code: counts.get(code, 0) for code in ANSWERS}
    if any(count < 0 for count in counts.values()):
        raise ValueError("a count of answers can't be negative")
    base, good, poor = (
        sum(answers.values()),
        *(sum(map(answers.__getitem__, codes)) for codes in (GOOD, POOR)),
    )
    return FriendsAndFamily(
        answers,
        base,
        good,
        poor,
        percent(good, base),
        percent(poor, base),
        proportion(good, base),
        proportion(poor, base),
        {code: count for code, count in counts.items() if code not in answers and count},
    )
