"""From a row's cells to a record's values, or to why the row is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fieldkit.errors import InvalidRecord, Misuse
from fieldkit.importing.cells import Row
from fieldkit.importing.columns import field_named
from fieldkit.importing.links import Links
from fieldkit.importing.sheets import Sheet
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind, Values
from fieldkit.records.schema.terms import NewTerms
from fieldkit.spreadsheets import as_text
from fieldkit.store.kit import Kit
from fieldkit.text import clean_line

_MONTH_FIRST = re.compile(
    r"(?:0?[1-9]|1[0-2])[-/. ]{1,3}(?:1[3-9]|2[0-9]|3[01])[-/. ]{1,3}(?:[0-9]{4}|[0-9]{2})\b"
)


@dataclass(frozen=True)
class Problem:
    """Why a row was refused: the file's line, the column and value to look at, and a sentence."""

    line: int
    column: str
    value: str
    reason: str


class RowReader:
    """Turns rows into checked values, or into problems."""

    def __init__(
        self, kit: Kit, kind: Kind, plan: dict[str, str], settings: Mapping[str, str], add_terms: bool
    ) -> None:
        self.kind, self.plan = kind, plan
        self.links = Links(kit)
        self._terms = NewTerms(kit.terms(), adds=add_terms)
        self.month_first = 0
        """Dates that were refused and would be some with the month first, as in 10/27/2026."""
        self.settings: Values = {}
        for name, raw in settings.items():
            spec = field_named(kind, name)
            try:
                self.settings[spec.name] = self._parse(spec, raw)
            except ValueError as error:
                raise Misuse(
                    str(error), kept="Nothing was stored.", hint="Mend this, then run it again."
                ) from None

    def read(self, table: Sheet) -> Iterator[tuple[Row, Values, list[Problem]]]:
        """Each row with its values, or with why it is refused."""
        for row in table.rows():
            if row.problem:
                yield row, {}, [Problem(row.line, "", "", row.problem)]
                continue
            met = self._terms.met
            values, problems = self._row(row)
            if problems:
                # What a refused row alone would have added to a list is not added.
                self._terms.back_to(met)
            yield row, values, problems

    def _row(self, row: Row) -> tuple[Values, list[Problem]]:
        values: Values = {}
        problems: list[Problem] = []
        for column, name in self.plan.items():
            spec, raw = self.kind.fields[name], row.cells.get(column)
            if row.faults and column in row.faults:
                problems.append(Problem(row.line, column, _seen(raw), row.faults[column]))
                continue
            try:
                value = self._parse(spec, raw)
            except ValueError as error:
                problems.append(Problem(row.line, column, _seen(raw), str(error)))
                self.month_first += spec.shape == "date" and bool(_MONTH_FIRST.match(_seen(raw)))
                continue
            if value is not None:
                values[name] = _together(spec, values.get(name), value)
        if problems:
            return {}, problems
        for name, value in self.settings.items():
            values.setdefault(name, value)
        try:
            return self.kind.check(values), []
        except InvalidRecord as error:
            columns = {name: column for column, name in self.plan.items()}
            return {}, [
                Problem(
                    row.line,
                    columns.get(name, name),
                    _seen(row.cells.get(columns.get(name, ""))),
                    sentence,
                )
                for name, sentence in error.problems.items()
            ]

    def _parse(self, spec: FieldSpec, raw: Any) -> Any:
        if spec.shape == "link" and isinstance(raw, str) and raw.strip():
            return self.links.find(spec, raw)
        return self._terms.parse(spec, raw)

    def store_terms(self, add: Callable[[str, list[Values]], None]) -> None:
        """Store the terms met so far, before the rows that use them."""
        if fresh := self._terms.take():
            add("term", fresh)

    def notes(self) -> list[str]:
        """What was added to open lists."""
        return [
            f"{count:,} new {'term was' if count == 1 else 'terms were'} added to the list “{name}”."
            for name, count in self._terms.added.items()
            if count
        ]


def joined(problems: list[Problem]) -> Problem:
    """All that is wrong with one row as one problem, at the first place to look at."""
    first = problems[0]
    return Problem(first.line, first.column, first.value, " ".join(one.reason for one in problems))


def _seen(raw: Any) -> str:
    """A cell as people see it in the file, as far as they need it to find it again."""
    return clean_line(as_text(raw))[:200]


def _together(spec: FieldSpec, before: Any, value: Any) -> Any:
    """One value from two columns of the same field."""
    if before is None:
        return value
    if spec.shape == "many":
        return sorted({*before, *value})
    return f"{before}\n{value}" if spec.shape == "text" else f"{before} {value}"
