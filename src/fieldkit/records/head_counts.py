"""How many people came to an event, from counts by group on several laptops, without counting anybody twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

EVERYBODY = "all"
"""The code of the count of everybody, which includes all groups."""


class HeadCount(NamedTuple):
    """One attendance record without a person: `number` people of one group, counted on `laptop` (its origin).

    `reference` identifies the row of an imported file, None for a count that was typed.
    """

    group: str
    number: int
    laptop: str
    reference: str | None = None


@dataclass(frozen=True)
class HeadCounts:
    """The people counted at one event, without names.

    `groups` maps each group to its number of people, including `everybody` if it was counted. `not_added` is the number of
    laptops' counts left out because another laptop counted at least as many of the same group.
    """

    total: int
    groups: dict[str, int]
    not_added: int


def head_counts_of(counts: Iterable[HeadCount]) -> HeadCounts:
    """The people at one event. The order of `counts` does not matter.

    - Several counts of a group on one laptop add up: each is of further people. (Check-in changes the one count it keeps, so
      a running count never occurs twice.) A row of a file that is here twice, with one reference, counts once.
    - Counts of a group on several laptops are not added: they may include the same people. The greatest counts.
    - *Everybody* is never added to the groups, which are parts of it. The greater counts: *everybody*, or the sum of the
      groups.
    """
    rows: dict[tuple[str, str], int] = {}
    named: dict[tuple[str, str, str], int] = {}
    for group, number, laptop, reference in counts:
        if reference:
            key = (group, laptop, reference)
            named[key] = max(named.get(key, 0), number)
        else:
            rows[group, laptop] = rows.get((group, laptop), 0) + number
    for (group, laptop, _), number in named.items():
        rows[group, laptop] = rows.get((group, laptop), 0) + number
    groups: dict[str, int] = {}
    not_added = 0
    for (group, _), number in rows.items():
        if group in groups and number and groups[group]:
            not_added += 1
        groups[group] = max(groups.get(group, 0), number)
    parts = sum(number for group, number in groups.items() if group != EVERYBODY)
    return HeadCounts(max(parts, groups.get(EVERYBODY, 0)), groups, not_added)
