"""How a table of figures is laid out: one number per row, or numbers side by side, with labels down or across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal

from fieldkit.errors import Misuse
from fieldkit.importing.figures.figure_columns import (
    ROLES,
    Role,
    is_derived,
    is_ordinal,
    is_period,
    rank_of,
    role_of,
)
from fieldkit.importing.figures.schemes import SCHEMES, likely_dimension, match_label
from fieldkit.importing.figures.shown_text import WORKED_OUT, CountRules, read_count, shown_of, sign_of
from fieldkit.importing.reading.cells import Row
from fieldkit.importing.reading.sheets import Sheet
from fieldkit.spelling import folded
from fieldkit.text import ended, listing, quoted

Shape = Literal["long", "labels down", "labels across"]
Across = Literal["", "measure", "period", "label", "statistic", "sex"]

LOOKED_AT = 400
"""Rows that are read to find the layout."""
_NUMBERS = 0.6
"""The share of a column's cells, without blank ones, that must be numbers or signs that mean one."""


@dataclass(frozen=True)
class FigureLayout:
    """Where the parts of each figure are found.

    `columns`: role -> column. `values` are the columns that hold numbers (one in a long table); `across` says what their
    headings are. `counted`: the user chose these columns as counts, whatever their headings say. `dimension` is that
    of the label column, if its heading names one, or of the labels across.
    """

    shape: Shape
    columns: Mapping[Role, str]
    values: tuple[str, ...]
    across: Across = ""
    dimension: str = ""
    paths: Mapping[str, str] = field(default_factory=dict)
    counted: bool = False


class NoFigures(Misuse):
    """A sheet without labelled numbers."""

    title = "No figures in this table"


def find_layout(table: Sheet, roles: Mapping[str, str] | None = None) -> FigureLayout:
    """The layout of `table`; `roles` (role -> column) is what the user chose for its columns.

    Raises:
        Misuse: `roles` names an unknown role or column.
        NoFigures: there is no column of numbers, or nothing that labels them.
    """
    rows = list(islice((row for row in table.rows() if not row.problem), LOOKED_AT))
    columns = _named_columns(table.columns, roles or {})
    named = set(columns.values())
    numeric = [column for column in table.columns if column not in named and _is_numeric(column, rows)]
    if "value" not in columns and not numeric:
        raise NoFigures(
            f"“{table.name}” has no column of numbers below its headings.",
            kept="Nothing was stored.",
            hint="Choose the sheet with --sheet, or the column of numbers with --column value=HEADING.",
        )
    counted = "value" in (roles or {})
    _refuse_twins(table, columns, numeric, counted)
    if "value" in columns:
        derived = [] if counted else [column for column in numeric if is_derived(column)]
        beside = (
            []
            if counted or derived
            else [column for column in numeric if is_period(column) or _matched(column)]
        )
        if derived:
            return _with_label(table, rows, "labels down", columns, (columns["value"], *derived), "statistic")
        if not beside:
            return replace(
                _with_label(table, rows, "long", columns, (columns["value"],), ""), counted=counted
            )
        numeric = [column for column in table.columns if column in {*numeric, columns["value"]}]
        columns = {role: column for role, column in columns.items() if role != "value"}
    if len(numeric) == 1 and "measure" in columns and not is_period(numeric[0]):
        return _with_label(table, rows, "long", {**columns, "value": numeric[0]}, (numeric[0],), "")
    return _wide(table, rows, columns, numeric)


def _refuse_twins(table: Sheet, columns: Mapping[Role, str], numeric: Sequence[str], counted: bool) -> None:
    """Refuse a second table beside the first, with the same headings: otherwise it would be ignored without notice."""
    value = columns.get("value")
    twins = [] if counted or not value else [column for column in numeric if column.startswith(f"{value} (")]
    for column in twins:
        if column[len(str(value)) :].strip(" ()").isdecimal():
            raise Misuse(
                f"“{table.name}” has two tables side by side: {quoted(str(value))} comes twice.",
                kept="Nothing was stored.", hint="Keep one table in the file.",
            )  # fmt: skip


def _named_columns(headings: Sequence[str], roles: Mapping[str, str]) -> dict[Role, str]:
    columns: dict[Role, str] = {}
    for role, wanted in roles.items():
        if role not in ROLES:
            raise Misuse(
                f"{quoted(role, 40)} is no part of a figure.", kept="Nothing was stored.",
                hint=f"The parts are: {', '.join(ROLES)}.",
            )  # fmt: skip
        matching = [heading for heading in headings if folded(heading) == folded(wanted)]
        if len(matching) != 1:
            raise Misuse(
                f"There is no column {quoted(wanted)} in this table.", kept="Nothing was stored.",
                hint=ended(f"The columns are: {listing(headings, 30)}"),
            )  # fmt: skip
        columns[role] = matching[0]
    chosen = set(columns.values())
    for heading in sorted(headings, key=rank_of):
        role = role_of(heading)
        if role and role not in columns and heading not in chosen:
            columns[role] = heading
    if "label" not in columns:
        for other in ("group", "age", "sex"):
            if other in columns:
                columns["label"] = columns.pop(other)
                break
    return columns


def _is_numeric(column: str, rows: Sequence[Row]) -> bool:
    filled = [row.cells.get(column) for row in rows if column not in row.faults]
    shown = [cell for cell in filled if shown_of(cell)]
    if not shown:
        return False
    readings = [read_count(cell, _ANY) for cell in shown]
    if is_ordinal(column, [count.interval.low if count.interval else 0 for count in readings]):
        return False
    figures = [
        reading
        for reading in readings
        if reading.state in {"number", "star"} or reading.problem in WORKED_OUT
    ]
    missing = sum(
        reading.state == "missing" or sign_of(shown_of(cell)) == "-"
        for cell, reading in zip(shown, readings, strict=True)
    )
    return bool(figures) and len(figures) + missing >= _NUMBERS * len(shown)


_ANY = CountRules()


def _matched(heading: str) -> str | None:
    for dimension, schemes in SCHEMES.items():
        for scheme in schemes:
            match = match_label(scheme, heading)
            if match is not None and match.level == "group":
                return dimension
    return None


def _wide(table: Sheet, rows: Sequence[Row], columns: dict[Role, str], numeric: list[str]) -> FigureLayout:
    pairs = [label_pair(table.paths.get(column, column)) for column in numeric]
    dimension = likely_dimension([(label, group) for label, group in pairs])
    known = (
        sum(any(match_label(scheme, *pair) for scheme in SCHEMES[dimension]) for pair in pairs)
        if dimension
        else 0
    )
    if dimension == "gender" and known > 1 and "label" in columns:
        return _with_label(table, rows, "labels down", columns, tuple(numeric), "sex")
    if dimension and known > 1:
        return FigureLayout("labels across", columns, tuple(numeric), "label", dimension, dict(table.paths))
    across: Across = "measure"
    if all(map(is_period, numeric)):
        across = "period"
    elif (
        any(is_derived(column) for column in numeric)
        and sum(not is_derived(column) for column in numeric) == 1
    ):
        across = "statistic"
    return _with_label(table, rows, "labels down", columns, tuple(numeric), across)


def label_pair(path: str) -> tuple[str, str]:
    """(label, group) of a heading that may have others above it, joined to it with " / "."""
    above, _, label = path.rpartition(" / ")
    return label, above.rpartition(" / ")[2]


def _with_label(
    table: Sheet,
    rows: Sequence[Row],
    shape: Shape,
    columns: dict[Role, str],
    values: tuple[str, ...],
    across: Across,
) -> FigureLayout:
    dimension = ""
    if "label" not in columns:
        column, dimension = _label_column(table.columns, rows, {*columns.values(), *values})
        if not column:
            raise NoFigures(
                f"“{table.name}” has numbers, and no column that says of which group they are.",
                kept="Nothing was stored.",
                hint="Choose the column with --column label=HEADING, or another sheet with --sheet.",
            )
        columns = {**columns, "label": column}
    return FigureLayout(shape, columns, values, across, dimension, dict(table.paths))


def _label_column(headings: Sequence[str], rows: Sequence[Row], used: set[str]) -> tuple[str, str]:
    """The column whose cells match a scheme, with its dimension; or else the first text column whose cells are not all alike."""
    texts: list[str] = []
    for column in headings:
        if column in used:
            continue
        cells = {shown_of(row.cells.get(column)) for row in rows} - {""}
        if not cells or _is_numeric(column, rows):
            continue
        if dimension := likely_dimension([(cell, "") for cell in sorted(cells)[:200]]):
            return column, dimension
        if len(cells) > 1:
            texts.append(column)
    return (texts[0] if texts else ""), ""
