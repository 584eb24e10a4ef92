"""The period of the records, by dates that can be relied on; the others are counted, by kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from fieldkit.insight.summary_model import BASE, Dates

if TYPE_CHECKING:
    import pandas as pd

GAP = timedelta(days=366)
"""Dates further than this from all others are questioned: a mistyped year is easily overlooked."""


def period(columns: Mapping[str, pd.Series], today: date) -> tuple[str, str, Dates]:
    """The first and the last day as YYYY-MM-DD ("" without any), and what was left out; `columns` has a column of dates for each
    kind.

    Left out are missing dates, dates after `today`, and groups of fewer than `BASE` records whose dates lie more than `GAP` from
    all others and from today, except for the largest group (of two equal ones, the latest).
    """
    undated = {kind: int(column.isna().sum()) for kind, column in columns.items()}
    days: dict[date, dict[str, int]] = {}
    future: dict[str, int] = {}
    for kind, column in columns.items():
        for stamp, number in column.value_counts().items():
            day = date.fromisoformat(str(stamp)[:10])
            if day > today:
                future[kind] = future.get(kind, 0) + int(number)
            else:
                by_kind = days.setdefault(day, {})
                by_kind[kind] = by_kind.get(kind, 0) + int(number)
    groups: list[list[date]] = []
    for day in sorted(days):
        if groups and day - groups[-1][-1] <= GAP:
            groups[-1].append(day)
        else:
            groups.append([day])
    sizes = [sum(sum(days[day].values()) for day in group) for group in groups]
    main = max(range(len(groups)), key=lambda at: (sizes[at], at), default=-1)
    kept = [
        day
        for at, group in enumerate(groups)
        if at == main or sizes[at] >= BASE or today - group[-1] <= GAP
        for day in group
    ]
    left_out = sorted(set(days) - set(kept))
    apart: dict[str, int] = {}
    for day in left_out:
        for kind, number in days[day].items():
            apart[kind] = apart.get(kind, 0) + number
    ends = (left_out[0].isoformat(), left_out[-1].isoformat()) if left_out else ("", "")
    first, last = (kept[0].isoformat(), kept[-1].isoformat()) if kept else ("", "")
    return (
        first,
        last,
        Dates({kind: number for kind, number in undated.items() if number}, future, apart, ends),
    )
