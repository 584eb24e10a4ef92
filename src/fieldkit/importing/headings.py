"""The headings of a table: how many rows they take up, what each column is called, and the titles above it.

Survey tools write two or three rows of headings: questions over answers, names over labels, names over questions over
codes. Spreadsheets group columns under merged cells. Kobo and ODK write groups as `group/question`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time

from fieldkit.importing.reading.csv_rows import is_blank
from fieldkit.importing.reading.workbook_cells import Range, is_error
from fieldkit.spreadsheets import Cell, as_text
from fieldkit.text import clean_line, quoted, shortened

#: Rows to give to `find_headings`: the headings, and the rows below them as evidence.
ROWS_LOOKED_AT = 24
_MOST_LEVELS = 5
_SEPARATOR = " / "
_ANSWER_WORDS = frozenset(
    {"response", "open-ended response", "open ended response", "open-ended answer", "antwort"}
)
"""What survey tools write below a question that has one column."""
_TOOL_COLUMNS = frozenset(
    {
        # SurveyMonkey
        "respondent id", "collector id", "ip address", "date created", "date modified",
        # Qualtrics
        "startdate", "enddate", "recordeddate", "duration (in seconds)", "ipaddress", "responseid",
        # Kobo, ODK, Ona
        "_id", "_index", "_uuid", "_submission_time", "submissiondate", "_date_modified", "meta/instanceid", "deviceid",
    }
)  # fmt: skip
"""Columns that a survey tool fills in every row of answers, in small letters."""
_MACHINE_COLUMNS = _TOOL_COLUMNS | {
    "start", "end", "today", "start date", "end date", "start time", "completion time", "timestamp", "progress",
}  # fmt: skip
"""The same, and those that people's own tables have as well."""
_GROUPS = frozenset(
    {"_id", "_uuid", "_submission_time", "meta/instanceid", "submissiondate", "_index", "start", "end"}
)
_IMPORT_ID = re.compile(r"\s*\{\s*\"+ImportId\"+\s*:")
_TYPED = re.compile(
    r"\s*[£$€]?[-+]?[0-9][0-9\s.,:/TZ+%-]*(?:am|pm)?\s*|[0-9a-f]{8}-[0-9a-f-]{20,}|uuid:.*", re.IGNORECASE
)
_SPAN = re.compile(r"[0-9]{1,3} ?[-–] ?[0-9]{1,3}")
"""A scale, such as 1-6, written below a heading."""
_HINT = re.compile(
    r"[dmy]{1,4}[-/. ][dmy]{1,4}|\b[0-9]+ ?(?:-|–|to) ?[0-9]+\b|\be\.?g\.|\bexample\b|\bformat\b|\bplease\b|[?:]\s*$",
    re.IGNORECASE,
)


@dataclass
class Headings:
    """`columns` are distinct names, in order; `paths` maps a column to its headings from the top down.

    `rows` is the number of heading rows, and `levels` are their cells. `doubtful` is a sentence if the next row may be a
    heading as well.
    """

    columns: list[str]
    paths: dict[str, str] = field(default_factory=dict)
    rows: int = 1
    levels: list[list[str]] = field(default_factory=list)
    doubtful: str = ""


@dataclass(slots=True)
class TopRow:
    """One of the first rows that are not blank; `line` is its line in the file."""

    line: int
    cells: Sequence[Cell]


def find_headings(top: list[TopRow], merged: Sequence[Range] = (), rows: int | None = None) -> Headings:
    """The headings, which begin in the first of the rows `top`; `rows` is their number, if it is known.

    Raises:
        IndexError: there is no row.
    """
    doubtful = ""
    if rows is None:
        rows, doubtful = _count(top, merged)
    levels = [[as_text(cell) for cell in row.cells] for row in top[: max(rows, 1)]]
    width = max(map(len, levels))
    for level, row in zip(levels, top, strict=False):
        level += [""] * (width - len(level))
        _spread(level, row.line, merged)
    return _named(levels, doubtful)


def _spread(level: list[str], line: int, merged: Sequence[Range]) -> None:
    """Copy a heading that is merged over several columns into each of them."""
    for first, left, _, right in merged:
        if first == line and left <= len(level):
            for column in range(left, min(right, len(level))):
                level[column] = level[left - 1]


def _count(top: list[TopRow], merged: Sequence[Range]) -> tuple[int, str]:
    """The number of heading rows, and a sentence if there may be one more."""
    for number, row in enumerate(top[1:_MOST_LEVELS], 1):
        if any(isinstance(cell, str) and _IMPORT_ID.match(cell) for cell in row.cells):
            return number + 1, ""
    first = top[0].line
    down = [bottom for line, _, bottom, _ in merged if line == first and bottom - first < _MOST_LEVELS]
    below = sum(row.line <= max(down, default=first) for row in top)
    if below > 1:
        return below, ""
    if len(top) < 2:
        return 1, ""
    if _is_second(top[0], top[1], merged):
        return 2, ""
    if _may_be_second(top):
        cells = ", ".join(quoted(cell, 30) for cell in top[1].cells if isinstance(cell, str) and cell.strip())
        return (
            1,
            f"Line {top[1].line} ({shortened(cells, 120)}) may be a second row of headings, or the first row of answers.",
        )
    return 1, ""


def _is_second(first: TopRow, second: TopRow, merged: Sequence[Range]) -> bool:
    """Whether the row below the headings is certainly a second row of headings."""
    texts = {clean_line(as_text(cell)).casefold() for cell in second.cells}
    typed = any(_is_typed(cell) for cell in second.cells)
    machine = _machine_cells(first, second)
    silent = bool(machine) and not any(_is_typed(cell) for _, cell in machine)
    if texts & _ANSWER_WORDS and (silent or (is_blank(second.cells[:1]) and not typed)):
        return True
    if silent and any(name in _TOOL_COLUMNS for name, _ in machine):
        blank = all(is_blank([cell]) for _, cell in machine)
        if (blank and len(machine) > 2 and _names_a_blank(first, second)) or any(
            _is_label(name, cell) for name, cell in machine
        ):
            return True
    if typed:
        return False
    groups = [(left, right) for line, left, _, right in merged if line == first.line and right > left]
    whole = len(first.cells) > 1 and any(left == 1 and right >= len(second.cells) for left, right in groups)
    labels = [
        as_text(cell).strip()
        for left, right in groups
        for cell in second.cells[left - 1 : right]
        if as_text(cell).strip()
    ]
    return bool(groups) and not whole and len(labels) > 1 and len(set(labels)) == len(labels)


def _may_be_second(top: list[TopRow]) -> bool:
    """Whether the row below the headings may be headings too, since it differs from the answers below it."""
    first, second, rest = top[0], top[1], top[2:]
    if any(_is_typed(cell) for cell in second.cells):
        return False
    pairs = list(zip(map(as_text, first.cells), second.cells, strict=False))
    if any(name in _TOOL_COLUMNS for name, _ in _machine_cells(first, second)):
        return True
    if _names_a_blank(first, second) and any(name.strip() and is_blank([cell]) for name, cell in pairs):
        return True
    unlike = hints = 0
    for column, (_, cell) in enumerate(pairs):
        below = [
            row.cells[column] for row in rest if column < len(row.cells) and not is_blank([row.cells[column]])
        ]
        if len(below) > 1 and _has_letters(cell) and all(map(_is_typed, below)):
            unlike += 1
            hints += bool(_HINT.search(as_text(cell)))
    return bool(hints) or unlike > 1


def _names_a_blank(first: TopRow, second: TopRow) -> bool:
    """Whether the second row has text in a column without a heading in the first."""
    return any(
        is_blank(first.cells[at : at + 1]) and not is_blank([cell]) for at, cell in enumerate(second.cells)
    )


def _machine_cells(first: TopRow, second: TopRow) -> list[tuple[str, Cell]]:
    """(folded heading, cell of the second row) for each column that programs fill in."""
    pairs = zip(map(as_text, first.cells), second.cells, strict=False)
    return [(_folded(name), cell) for name, cell in pairs if _folded(name) in _MACHINE_COLUMNS]


def _is_label(name: str, cell: Cell) -> bool:
    """Whether a cell repeats the heading above it in words: “Start Date” under StartDate."""
    spelt = "".join(filter(str.isalpha, name))
    return isinstance(cell, str) and bool(spelt) and spelt == "".join(filter(str.isalpha, cell.casefold()))


def _is_typed(cell: Cell) -> bool:
    """Whether a cell holds a number, a date or the like rather than words."""
    if isinstance(cell, str):
        return _TYPED.fullmatch(cell) is not None and not _SPAN.fullmatch(cell.strip())
    return isinstance(cell, int | float | date | time)


def _has_letters(cell: Cell) -> bool:
    return (
        isinstance(cell, str)
        and sum(letter.isalpha() for letter in cell) > 2
        and cell.strip().casefold() not in {"n/a", "unknown", "not known", "not asked", "none"}
        and not is_error(cell)
    )


def _folded(name: str) -> str:
    return clean_line(name).casefold()


def _named(levels: list[list[str]], doubtful: str) -> Headings:
    upper = levels[0]
    codes = [level for level in levels[1:] if any(_IMPORT_ID.match(cell) for cell in level)]
    shown = [level for level in levels if not any(level is other for other in codes)]
    if len(shown) == 1:
        columns = distinct_names(upper)
        return Headings(columns, _group_paths(columns), len(levels), levels, doubtful)
    first = [clean_line(cell) for cell in upper]
    paths = [_path(shown, column) for column in range(len(upper))]
    own_name = all(first) and len(set(map(str.casefold, first))) == len(first)
    leaves = Counter(path[-1].casefold() for path in paths if path)
    names = []
    for column, path in enumerate(paths):
        if own_name:
            names.append(first[column])
        elif len(path) < 2 or (
            leaves[path[-1].casefold()] == 1 and path[0] == first[column] and _is_group(upper, column)
        ):
            names.append(path[-1] if path else "")
        else:
            names.append(_SEPARATOR.join(path))
    columns = distinct_names(names)
    full = {name: _SEPARATOR.join(path) for name, path in zip(columns, paths, strict=True) if len(path) > 1}
    return Headings(columns, full, len(levels), levels, doubtful)


def _is_group(upper: list[str], column: int) -> bool:
    """Whether this column shares its heading with a neighbour, as columns under merged cells do."""
    return (
        bool(upper[column])
        and upper[column] in upper[max(0, column - 1) : column] + upper[column + 1 : column + 2]
    )


def _path(levels: list[list[str]], column: int) -> list[str]:
    """The headings over a column, from the top down, without empty and repeated ones."""
    path: list[str] = []
    for depth, level in enumerate(levels):
        name = clean_line(level[column])
        if (
            not name
            and depth + 1 < len(levels)
            and any(below[column].strip() for below in levels[depth + 1 :])
        ):
            # The question is written only above the first of its answers.
            name = next((clean_line(level[at]) for at in range(column - 1, -1, -1) if level[at].strip()), "")
        if name and name not in path and not (path and name.casefold() in _ANSWER_WORDS):
            path.append(name)
    return path


def _group_paths(columns: list[str]) -> dict[str, str]:
    """The paths of columns that Kobo and ODK write as `group/question` or `question/answer`."""
    tool = any(column.casefold() in _GROUPS for column in columns)
    names = set(columns)
    prefixes = Counter(column.rpartition("/")[0] for column in columns if "/" in column)
    paths: dict[str, str] = {}
    for column in columns:
        prefix, _, last = column.rpartition("/")
        if prefix and last and (tool or prefix in names or prefixes[prefix] > 1):
            paths[column] = _SEPARATOR.join(part.strip() for part in column.split("/"))
    return paths


def distinct_names(heading: Sequence[str]) -> list[str]:
    """The names of columns: their headings on one line, "column 3" for a blank one, "Name (2)" for a repeated one."""
    names: list[str] = []
    used: set[str] = set()
    copies: dict[str, int] = {}
    for number, cell in enumerate(heading, 1):
        base = clean_line(cell) or f"column {number}"
        name = base
        while name in used:
            copies[base] = copies.get(base, 1) + 1
            name = f"{base} ({copies[base]})"
        names.append(name)
        used.add(name)
    return names
