"""Runs of numbers, (first, last) each, sorted and disjoint: what is held of a stream, and what is missing."""

from __future__ import annotations

Runs = list[tuple[int, int]]


def missing(runs: Runs) -> Runs:
    """The gaps before the first of the sorted runs and between them: the numbers below the last that are not held."""
    gaps, following = [], 1
    for first, last in runs:
        if first > following:
            gaps.append((following, first - 1))
        following = last + 1
    return gaps


def union(left: Runs, other: Runs) -> Runs:
    """Every number that is in either."""
    merged: Runs = []
    for first, last in sorted([*left, *other]):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def without(runs: Runs, holes: Runs) -> Runs:
    """`runs` without the numbers in `holes`."""
    left = runs
    for hole_first, hole_last in holes:
        cut: Runs = []
        for first, last in left:
            if first < hole_first:
                cut.append((first, min(last, hole_first - 1)))
            if last > hole_last:
                cut.append((max(first, hole_last + 1), last))
        left = cut
    return left
