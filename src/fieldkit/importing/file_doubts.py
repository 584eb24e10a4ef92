"""Doubts about a file as a whole: its heading rows, rows that it hides, rows that sum up others."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fieldkit.importing.choices import Choices, Doubt
from fieldkit.importing.columns import Plan
from fieldkit.importing.reading.sheets import Sheet
from fieldkit.importing.totals import Totals
from fieldkit.spelling import folded
from fieldkit.text import ended, plural

_EXAMPLES = 3


def file_doubts(table: Sheet, totals: Totals) -> Iterable[Doubt]:
    """The doubts that do not concern a single column."""
    if table.doubtful_heading:
        yield Doubt(
            "headings",
            "",
            table.doubtful_heading,
            {"heading_rows": table.heading_rows},
            {"heading_rows": 1 if table.heading_rows > 1 else 2},
            "the headings take up " + ("one row" if table.heading_rows > 1 else "two rows"),
        )
    if hidden := table.hidden_rows:
        yield Doubt(
            "hidden-rows",
            "",
            plural(
                hidden,
                "1 row is hidden or filtered out in the spreadsheet, and left out here.",
                "{n} rows are hidden or filtered out in the spreadsheet, and left out here.",
            ),
            {"hidden_rows": "leave"},
            {"hidden_rows": "keep"},
            plural(hidden, "it counts like the other rows", "they count like the other rows"),
        )
    if totals.possible:
        lines = list(totals.possible.items())
        shown_lines = "; ".join(f"line {line}: {reason}" for line, reason in lines[:_EXAMPLES])
        yield Doubt(
            "totals",
            "",
            f"{shown_lines} {plural(len(lines), 'It is left out.', 'They are left out.')}",
            {"totals": "leave"},
            {"totals": "keep"},
            plural(len(lines), "this row is a record, too", "these rows are records, too"),
        )


def missing_columns(table: Sheet, plan: Plan, choices: Choices) -> list[Doubt]:
    """A doubt if a mapping names columns that this file lacks and no other column goes into their fields."""
    here = {folded(column) for column in table.columns}
    fields = [
        chosen.field
        for column, chosen in choices.columns.items()
        if chosen.field and column not in here and re.split("[/.]", chosen.field)[0] not in plan.fields
    ]
    if not fields:
        return []
    free = [column for column in table.columns if column not in plan.columns and column not in plan.left_out]
    unplaced = ended(f" Its columns without a field: {', '.join(free[:10])}") if free else ""
    return [
        Doubt(
            "missing-columns",
            "",
            f"The mapping has columns that are not in this file, for: {', '.join(fields)}. Its rows would be without "
            f"that.{unplaced} If a heading has changed, map it: --map COLUMN={fields[0]}",
            {"resolved": "missing-columns"},
        )
    ]
