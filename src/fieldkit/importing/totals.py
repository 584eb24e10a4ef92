"""Rows that sum up others: totals, averages, a count of everybody that is the sum of the groups above it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from fieldkit.importing.columns import Plan
from fieldkit.importing.reading.cells import Row
from fieldkit.records.schema.kind import Kind
from fieldkit.records.schema.lookup import find
from fieldkit.spelling import folded
from fieldkit.spreadsheets import as_text
from fieldkit.text import clean_line

_BEGINNINGS = (
    "total", "grand", "sub", "sum", "average", "avg", "mean", "median", "count", "min", "max", "overall",
    "running", "std", "standard", "number of", "no. of", "responses", "answered", "cyfanswm", "%", "σ", "∑", "n",
)  # fmt: skip
_NOUN = (
    r"(?:comments?|responses?|respondents?|answers?|people|persons?|attendees|attendance|patients|visitors|participants|"
    r"records|rows|entries|scores?|ratings?|values?|numbers?|counts?|heads?|head ?counts?|hours|minutes|sessions|forms)"
)
_OF = rf"(?:\s+(?:of\s+)?(?:number\s+of\s+|no\.?\s+of\s+)?(?:all\s+)?{_NOUN})?"
_FIGURE = r"\s*(?:\([^()]{0,30}\))?\s*[:=]?\s*[\d.,]*\s*%?\Z"
_STRONG = re.compile(rf"(?:(?:grand|sub|overall|running)[\s-]*)?(?:totals?|cyfanswm){_OF}{_FIGURE}")
_WEAK = re.compile(
    rf"(?:(?:sum|average|avg\.?|overall|mean|median|count|min|minimum|max|maximum|std\.? ?dev|standard deviation|answered|n){_OF}"
    rf"|(?:number|no\.?) of {_NOUN}|{_NOUN}|[σ∑%]){_FIGURE}"
)
_TRIALS = frozenset(
    {
        "survey preview",
        "survey test",
        "example",
        "example row",
        "sample",
        "sample row",
        "test",
        "test row",
        "test entry",
    }
)
"""How survey tools and templates mark trial rows, which nobody answered."""
_TRIAL = "trial"
_NUMBER = re.compile(r"[+-]?[\d.,]+\s*%?\Z")
_LONGEST = 40
_FEWEST = 2


@dataclass
class Totals:
    """Rows that sum up others, by line, each with the reason; `possible` are rows that may also be records."""

    certain: dict[int, str] = field(default_factory=dict)
    possible: dict[int, str] = field(default_factory=dict)


@dataclass
class _Candidate:
    line: int
    text: str
    after_gap: bool
    place: int
    aggregate: bool
    in_words: bool = False


class TotalsFinder:
    """Examines the rows of a file one after another; `totals` gives the result once all have been seen."""

    def __init__(self, kind: Kind, plan: Plan) -> None:
        self._text_columns = {
            column
            for column, target in plan.columns.items()
            if kind.fields[target.field].shape in {"text", "line"}
        }
        self._planned = set(plan.columns)
        self._counts = [
            column for column, target in plan.columns.items() if kind.fields[target.field].shape == "number"
        ]
        self._groups = kind.fields.get("attendee_group") if kind.name == "attendance" else None
        self._group_column = plan.column_of("attendee_group") if self._groups else ""
        self._count_column = plan.column_of("head_count") if self._groups else ""
        self._event_column = plan.column_of("event") if self._groups else ""
        self._events: defaultdict[str, list[tuple[int, bool, float]]] = defaultdict(list)
        self._candidates: list[_Candidate] = []
        self._sums: list[_Candidate] = []
        self._running: dict[str, tuple[float, int]] = {}
        self._values: dict[str, tuple[float, int, float, float]] = {}
        self._certain: dict[int, str] = {}
        self._place = 0
        self._last_record = 0
        self._fewest = len(plan.columns) + 100
        self._alone: dict[int, str] = {}
        self._trials: dict[int, str] = {}
        self._cells: dict[int, Mapping[str, Any]] = {}
        self._notes: dict[int, int] = {}

    def look(self, row: Row, after_gap: bool) -> None:
        """Examine the next row; `after_gap`: blank rows precede it."""
        self._place += 1
        filled = [(name, cell) for name, cell in row.cells.items() if cell is not None and cell != ""]
        below = after_gap and self._place > 1
        if below and len(filled) == 1 and self._fewest > 1 and filled[0][0] in self._text_columns:
            self._notes[row.line] = self._place
            self._cells[row.line] = row.cells
        self._fewest = min(self._fewest, len(filled))
        marks = [
            (column, cell, mark)
            for column, cell in row.cells.items()
            if type(cell) is str and 0 < len(cell) <= _LONGEST and (mark := _mark(cell))
        ]
        if trial := next((cell for _, cell, mark in marks if mark == _TRIAL), ""):
            self._trials[row.line] = clean_line(trial)
            self._cells[row.line] = row.cells
        label = next((entry for entry in marks if entry[2] != _TRIAL), None)
        if label is not None:
            column, strong = label[0], label[2] == "strong"
            text = clean_line(label[1])
            others = [
                as_text(cell)
                for name, cell in row.cells.items()
                if name != column and cell is not None and as_text(cell).strip()
            ]
            plain = all(_NUMBER.match(clean_line(other)) or _label_of(other) for other in others)
            is_text = column in self._text_columns or column not in self._planned
            figure = any(letter.isdecimal() for letter in text)
            if plain or (strong and not is_text):
                self._cells[row.line] = row.cells
            if strong and is_text and not others and not figure:
                # A person may be called Total, and a comment may consist of that word.
                self._alone[row.line] = text
                return
            if strong and (plain or not is_text):
                self._certain[row.line] = f"“{text}” sums up other rows."
                self._running.clear()
                return
            if plain and (others or figure):
                aggregate = bool(others) and self._is_aggregate(row, column)
                self._candidates.append(
                    _Candidate(row.line, text, after_gap, self._place, aggregate, is_text and bool(others))
                )
                return
        self._count(row, after_gap)

    def _is_aggregate(self, row: Row, label: str) -> bool:
        """Whether every number of the row is the sum, mean, count, least or greatest of those above."""
        for column, cell in row.cells.items():
            number = _number(cell) if column != label else None
            if number is None:
                continue
            total, count, least, most = self._values.get(column, (0.0, 0, 0.0, 0.0))
            if not count:
                return False
            mean = total / count
            if not (number in {total, count, least, most} or abs(number - mean) < 0.06):
                return False
        return True

    def _count(self, row: Row, after_gap: bool) -> None:
        self._last_record = self._place
        for column, cell in row.cells.items():
            if type(cell) is str and (not cell or not cell[0].isdigit() or len(cell) > 12):
                continue
            if cell is None or (number := _number(cell)) is None:
                continue
            total, count, least, most = self._values.get(column, (0.0, 0, number, number))
            self._values[column] = (total + number, count + 1, min(least, number), max(most, number))
        if self._groups is not None:
            self._group(row)
        for column in self._counts:
            number = _number(row.cells.get(column))
            if number is None:
                continue
            total, count = self._running.get(column, (0.0, 0))
            if count >= _FEWEST and number == total and number > 0:
                self._sums.append(_Candidate(row.line, f"{column}: {number:g}", after_gap, self._place, True))
                self._cells[row.line] = row.cells
            self._running[column] = (total + number, count + 1)

    def _group(self, row: Row) -> None:
        assert self._groups is not None
        group, count = as_text(row.cells.get(self._group_column)), _number(row.cells.get(self._count_column))
        if count is None or not group.strip():
            return
        everybody = find(self._groups.code_list, clean_line(group), {}) == "all"
        event = folded(as_text(row.cells.get(self._event_column)))
        if everybody:
            self._cells[row.line] = row.cells
        self._events[event].append((row.line, everybody, count))

    def cells_of(self, line: int) -> Mapping[str, Any]:
        """The cells of a row that `totals` names."""
        return self._cells.get(line, {})

    def totals(self) -> Totals:
        """The rows that sum up others."""
        result = Totals(certain=dict(self._certain))
        for line, texts in self._trials.items():
            result.possible[line] = f"“{texts}” may mark a trial that nobody answered."
        for line, texts in self._alone.items():
            result.possible[line] = f"“{texts}” may be a total, or somebody's answer."
        for counts in self._events.values():
            parts = [count for _, everybody, count in counts if not everybody]
            if len(parts) < _FEWEST:
                continue
            for line, everybody, count in counts:
                if everybody and count == sum(parts):
                    result.certain[line] = (
                        f"{count:g} is the sum of this event's groups, which are counted by themselves."
                    )
        for candidate in self._candidates:
            if not (candidate.after_gap or candidate.place > self._last_record):
                continue
            if candidate.aggregate:
                result.certain[candidate.line] = f"“{candidate.text}” sums up other rows."
            elif candidate.after_gap or not candidate.in_words:
                result.possible[candidate.line] = f"“{candidate.text}” may sum up other rows."
        for line, place in self._notes.items():
            if place == self._place and line not in result.certain:
                result.possible[line] = "After a blank row, it may be a note below the table."
        for candidate in self._sums:
            last = candidate.place == self._last_record
            if candidate.line not in result.certain and (candidate.after_gap or last):
                result.possible[candidate.line] = f"{candidate.text} is the sum of the rows above."
        return result


@lru_cache(maxsize=4_096)
def _mark(cell: str) -> str:
    """The meaning of a short cell: the mark of a trial, a `strong` or `weak` word for a sum, or "" for an answer."""
    lowered = cell.strip().lower()
    if 3 < len(cell) < 20 and lowered in _TRIALS:
        return _TRIAL
    return _label_of(lowered) if lowered.startswith(_BEGINNINGS) else ""


def _label_of(text: str) -> str:
    lowered = text.strip().strip("*·-–—=").strip().lower()
    if _STRONG.match(lowered):
        return "strong"
    return "weak" if _WEAK.match(lowered) else ""


def _number(cell: Any) -> float | None:
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return float(cell)
    return _number_in(cell) if isinstance(cell, str) else None


@lru_cache(maxsize=4_096)
def _number_in(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", ""))
    except ValueError:
        return None
