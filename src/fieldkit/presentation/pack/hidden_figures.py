"""What a pack hides, in a few lines for the coordinator: rows of a table hidden for the same reason share a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fieldkit.insight.disclosure.definitions import TOTAL

Hidden = tuple[str, str, str, str, str]
"""(table, row, column, why, what it protects), as in a pack's report."""
_NAMED = 3


def hidden_lines(hidden: Iterable[Hidden]) -> list[tuple[str, str, str, str]]:
    """(table, rows, column, why), in the order of the report; up to 3 rows are named, more are counted."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for table, row, column, reason, _ in hidden:
        rows.setdefault((table, column, reason), []).append(row)
    return [
        (table, "; ".join(named) if len(named) <= _NAMED else f"{len(named)} rows", column, reason)
        for (table, column, reason), named in rows.items()
    ]


def coarser_lines(levels: Mapping[str, str]) -> list[str]:
    """The tables with coarser groups than they could have (table -> level), a line each."""
    return [
        f"{table}: everybody together" if level == TOTAL else f"{table}: by {level}"
        for table, level in sorted(levels.items())
    ]
