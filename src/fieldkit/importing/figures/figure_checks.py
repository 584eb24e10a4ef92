"""Whether the figures of a data set add up, as far as they are shown: groups to their parent, groups to the total."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fieldkit.importing.figures.figure_rows import FigureRow
from fieldkit.importing.figures.schemes import five_of
from fieldkit.intervals import Interval, total

#: Dimensions in which several answers may apply to one person: their groups add up to more than the total.
_SEVERAL_APPLY = frozenset({"disability"})


@dataclass(frozen=True)
class Difference:
    """Groups that do not add up to the figure shown for all of them.

    `parts` and `whole` are intervals; `shown_parts` and `shown_whole` are the printed numbers, None if a star is among them.
    `possible`: rounding and stars can explain the difference.
    """

    dimension: str
    label: str
    parts: Interval
    whole: Interval
    shown_parts: int | None
    shown_whole: int | None
    possible: bool


def differences(rows: Sequence[FigureRow]) -> list[Difference]:
    """The figures that do not add up among the counts of one measure, period and organisation."""
    problems = []
    counts = [row for row in rows if not row.derived and row.interval is not None]
    everybody = next((row for row in counts if row.dimension == "total"), None)
    for dimension in dict.fromkeys(row.dimension for row in counts if row.dimension not in {"", "total"}):
        own = [row for row in counts if row.dimension == dimension and not row.age]
        for parent in (row for row in own if row.level == "parent" and row.code != "bme"):
            parts = [
                row for row in own if row.level == "group" and five_of(row.scheme, row.code) == parent.code
            ]
            if parts:
                problems += _compared(
                    dimension,
                    parent.label if parent.label.casefold() != "all" else parent.group,
                    parts,
                    parent,
                )
        whole = next((row for row in own if row.level == "total"), everybody)
        if whole is None or dimension in _SEVERAL_APPLY:
            continue
        groups = [row for row in own if row.level not in {"parent", "total"}] or [
            row for row in own if row.level == "parent" and row.code != "bme"
        ]
        if groups and not _missing(rows, dimension):
            problems += _compared(dimension, "", groups, whole)
    return problems


def _missing(rows: Iterable[FigureRow], dimension: str) -> bool:
    """Whether a count of the dimension is not available, so that its groups are not complete."""
    return any(row.dimension == dimension and row.interval is None and not row.derived for row in rows)


def _compared(dimension: str, label: str, parts: Sequence[FigureRow], whole: FigureRow) -> list[Difference]:
    assert whole.interval is not None
    added = total(row.interval for row in parts if row.interval is not None)
    shown = [_number(row) for row in parts]
    sum_shown = sum(number for number in shown if number is not None) if None not in shown else None
    shown_whole = _number(whole)
    possible = added.meets(whole.interval)
    differs = sum_shown is not None and shown_whole is not None and sum_shown != shown_whole
    if possible and not differs:
        return []
    return [Difference(dimension, label, added, whole.interval, sum_shown, shown_whole, possible)]


def _number(row: FigureRow) -> int | None:
    digits = "".join(filter(str.isdecimal, row.shown.removesuffix(".0")))
    return int(digits) if row.state == "number" and digits else None
