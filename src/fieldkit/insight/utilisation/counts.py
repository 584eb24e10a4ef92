"""From published figures, one a row, to the counts for one comparison: groups, broad groups, not stated, total, ages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fieldkit.insight.utilisation.comparison import Counts
from fieldkit.insight.utilisation.group_use import Observed

NOT_STATED = frozenset({"declined", "not-asked", "unknown"})


@dataclass(frozen=True)
class Published:
    """One published figure: its group (code), level and ages ("" for all), and what it shows.

    `level`: group, parent (several groups), total, or declined, not-asked, unknown (no answer).
    """

    code: str
    level: str
    age_band: str
    observed: Observed


def counts_of(
    dimension: str,
    figures: Iterable[Published],
    labels: Mapping[str, str],
    members: Mapping[str, Iterable[str]],
) -> Counts:
    """The counts of one organisation, measure and period. `labels` has every code of the classification in its order.

    A group's figure without ages is used if there is one; else its age bands are added up. Two figures of one code are added.
    Broad groups are as published, else the sum of their `members`, if each of these was published; if no finer group was, they
    are the groups.
    """
    whole: dict[tuple[str, str], Observed] = {}
    bands: dict[tuple[str, str], dict[str, Observed]] = {}
    for figure in figures:
        level = "unknown" if figure.level in NOT_STATED else figure.level
        key = (level, "" if level in {"unknown", "total"} else figure.code)
        if figure.age_band:
            ages = bands.setdefault(key, {})
            ages[figure.age_band] = _added(ages.get(figure.age_band), figure.observed)
        else:
            whole[key] = _added(whole.get(key), figure.observed)
    for key, ages in bands.items():
        if key not in whole:
            first, *others = ages.values()
            whole[key] = sum(others, first)
    order = {code: place for place, code in enumerate(labels)}

    def of_level(level: str) -> dict[str, Observed]:
        codes = sorted(
            (code for each, code in whole if each == level), key=lambda code: (order.get(code, 10**6), code)
        )
        return {code: whole[level, code] for code in codes}

    groups, parents = of_level("group"), of_level("parent")
    parts = {code: list(those) for code, those in members.items()}
    five = {}
    for code in sorted(parts, key=lambda each: (order.get(each, 10**6), each)):
        if code in parents:
            five[code] = parents[code]
        elif all(each in groups for each in parts[code]):
            first, *others = (groups[each] for each in parts[code])
            five[code] = sum(others, first)
    if not groups:
        groups, five = {code: parents[code] for code in parents if code in members or not members}, {}
    return Counts(
        dimension,
        groups,
        labels,
        whole.get(("unknown", "")),
        whole.get(("total", "")),
        five,
        parts,
        {code: ages for (level, code), ages in bands.items() if level == "group"},
    )


def _added(before: Observed | None, now: Observed) -> Observed:
    return now if before is None else before + now
