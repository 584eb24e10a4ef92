"""Grouping things that pairs declare to be the same."""

from __future__ import annotations

from collections.abc import Iterable


def grouped(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """The sets that the pairs join together. The order of the pairs does not matter."""
    groups: dict[str, set[str]] = {}
    for left, other in pairs:
        first, second = (groups.setdefault(each, {each}) for each in (left, other))
        if first is not second:
            small, large = sorted((first, second), key=len)
            large |= small
            groups.update(dict.fromkeys(small, large))
    return list({id(group): group for group in groups.values()}.values())
