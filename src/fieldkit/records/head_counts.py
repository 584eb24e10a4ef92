"""How many people came to an event, from counts by group that several laptops took: never the same people twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

EVERYBODY = "all"
"""The code of the group that is no group: a count of it holds all others."""


class HeadCount(NamedTuple):
    """One attendance record without a person: `number` people of one group, counted on `laptop` (its origin).

    `reference` says where the row of a file came from, None for what was typed.
    """

    group: str
    number: int
    laptop: str
    reference: str | None = None


@dataclass(frozen=True)
class HeadCounts:
    """The people counted at one event, without names.

    `groups` maps each group to its people, `everybody` too where it was counted. `not_added` is how many laptops' counts
    of a group were left out because another laptop counted at least as many of that group.
    """

    total: int
    groups: dict[str, int]
    not_added: int


def head_counts_of(counts: Iterable[HeadCount]) -> HeadCounts:
    """The people of one event. The order of `counts` does not matter.

    - Several counts of a group on one laptop add up: each is of further people. (Check-in changes its one count, so a
      running count is never two.) A row of a file that is here twice, with one reference, counts once.
    - Counts of a group on several laptops are not added: each may have counted the same people. The greatest counts.
    - *Everybody* is never added to the groups, which are its parts. The greater counts: *everybody*, or the sum of the
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
