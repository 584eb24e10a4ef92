"""From the cells of a row to the values of a record, or to the reasons for refusing the row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from fieldkit.errors import InvalidRecord, Misuse
from fieldkit.importing.columns import Plan, field_named
from fieldkit.importing.reading.cells import Row
from fieldkit.importing.times import after_noon
from fieldkit.importing.values import ColumnValues, Meaning
from fieldkit.records.consent import check_new, no_refusal
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind, Values
from fieldkit.records.schema.parse import part_kept
from fieldkit.records.schema.terms import NewTerms
from fieldkit.spreadsheets import as_text
from fieldkit.store.kit import Kit
from fieldkit.store.record_finder import RecordFinder
from fieldkit.text import clean_line, plural, shortened, titled

_TEXT_SHAPES = frozenset({"text", "line"})


COLUMN_SHOWN = 40
"""The cells of a column's name in a sentence about it: a heading may be a whole question."""


@dataclass(frozen=True)
class Problem:
    """Why a row was refused or not stored: its line in the file, the column and value to check, and a sentence."""

    line: int
    column: str
    value: str
    reason: str


class RowReader:
    """Turns rows into checked values, or into problems.

    `columns` reads the cells of each column. `met` holds what each distinct cell became, for every column except text.
    """

    def __init__(
        self, kit: Kit, kind: Kind, plan: Plan, settings: Mapping[str, str], add_terms: bool
    ) -> None:
        self.kind, self.plan = kind, plan
        self.finder = RecordFinder(kit)
        self.terms = NewTerms(kit.terms(), adds=add_terms)
        self.columns: dict[str, ColumnValues] = {}
        self.met: dict[str, dict[Any, Meaning]] = {}
        self.afternoon = False
        self.always: Values = {}
        """The values that every row gets, whatever its cells hold."""
        self.settings: Values = {}
        for name, raw in settings.items():
            spec = field_named(kind, name)
            try:
                self.settings[spec.name] = self.parse(spec, raw)
            except ValueError as error:
                raise Misuse(
                    str(error), kept="Nothing was stored.", hint="Correct --set, then run it again."
                ) from None
        self._parts = {
            name: [
                (column, target.part)
                for column, target in plan.columns.items()
                if target.part and target.field == name
            ]
            for name in {target.field for target in plan.columns.values() if target.part}
        }

    def use(self, columns: Mapping[str, ColumnValues]) -> None:
        """Read the columns with these readers from now on."""
        self.columns = dict(columns)
        self._plain = [
            (column, values, values.spec.shape in _TEXT_SHAPES, values.spec.name)
            for column, values in self.columns.items()
            if values.spec.name not in self._parts
        ]
        self._cut = [
            (column, values.spec)
            for column, values in self.columns.items()
            if values.spec.pattern and values.spec.shape == "line"
        ]
        self._dated_links = {
            spec.name
            for spec in self.kind.fields.values()
            if spec.link == "event" and "date" in self.kind.fields
        }
        grows = self.terms.adds
        self._lasting = {
            column
            for column, values in self.columns.items()
            if not (grows and values.spec.codes and values.spec.code_list.open)
        }

    def parse(self, spec: FieldSpec, raw: Any) -> Any:
        """The canonical value of an answer; raises ValueError with a sentence."""
        if spec.link and isinstance(raw, str | int | float) and str(raw).strip():
            return self.finder.linked(spec, as_text(raw))
        return self.terms.parse(spec, raw)

    def _link(self, spec: FieldSpec, text: str, known: Mapping[str, str]) -> str:
        try:
            return self.finder.find(spec.link, text, known)
        except ValueError as error:
            raise ValueError(f"{spec.title}: {error}") from None

    def meaning(self, column: str, values: ColumnValues, raw: Any) -> Meaning:
        """What a cell became; each distinct cell is read once."""
        key = raw if type(raw) is str else (type(raw), raw)
        met = self.met.setdefault(column, {})
        meaning = met.get(key)
        if meaning is None:
            try:
                meaning = Meaning(raw, values.value(raw))
            except ValueError as error:
                meaning = Meaning(raw, None, str(error))
            if column in self._lasting:
                met[key] = meaning
        return meaning

    def read(self, row: Row) -> tuple[Values, list[Problem]]:
        """The checked values of a row, or the reasons for refusing it."""
        if row.problem:
            return {}, [Problem(row.line, "", "", row.problem)]
        before = self.terms.met
        values, problems = self._row(row)
        if problems:
            # Do not add terms that occur only in a refused row.
            self.terms.back_to(before)
        return values, problems

    def _row(self, row: Row) -> tuple[Values, list[Problem]]:
        values: Values = {}
        problems: list[Problem] = []
        late: list[tuple[str, ColumnValues, Any, str]] = []
        cells = row.cells
        for column, reader, describe, name in self._plain:
            raw = cells.get(column)
            if row.faults and column in row.faults:
                problems.append(Problem(row.line, column, _seen(raw), row.faults[column]))
                continue
            if raw is None or raw == "":
                continue
            if describe:
                try:
                    value, problem = reader.value(raw), ""
                except ValueError as error:
                    value, problem = None, str(error)
            else:
                met = self.meaning(column, reader, raw)
                value, problem = met.value, met.problem
            if problem and name in self._dated_links:
                late.append((column, reader, raw, problem))
            elif problem:
                problems.append(Problem(row.line, column, _seen(raw), problem))
            elif value is not None and value != []:
                if name in values:
                    try:
                        value = reader.spec.check(_together(reader.spec, values[name], value))
                    except ValueError as error:
                        problems.append(Problem(row.line, column, _seen(raw), str(error)))
                        continue
                values[name] = value
        for column, reader, raw, problem in late:
            # If several events share a title, a comment belongs to the one on its day.
            try:
                values[reader.spec.name] = self._link(reader.spec, as_text(raw), _of_the_day(values))
            except ValueError:
                problems.append(Problem(row.line, column, _seen(raw), problem))
        for name, parts in self._parts.items():
            self._with_parts(row, name, parts, values, problems)
        if problems:
            # Whatever else is wrong, the row of a person who did not agree is refused for that reason as well.
            problems += [
                Problem(row.line, self._place(name), "", sentence)
                for name, sentence in no_refusal(values).items()
            ]
            return {}, problems
        if self.afternoon:
            after_noon(values)
        for name, value in self.settings.items():
            values.setdefault(name, value)
        values.update(self.always)
        try:
            return check_new(self.kind, values, canonical=True), []
        except InvalidRecord as error:
            return {}, [
                Problem(row.line, column, _seen(cells.get(column)), sentence)
                for name, sentence in error.problems.items()
                for column in [self._place(name)]
            ]

    def _place(self, name: str) -> str:
        """The column that goes into a field, or the field's title if there is none."""
        column = self.plan.column_of(name)
        if column not in self.plan.columns and name in self.kind.fields:
            return self.kind.fields[name].title
        return column

    def is_cut(self, row: Row) -> bool:
        """Whether a cell of the row holds more than its field may keep, so that only a part of it becomes the value."""
        return any(
            part_kept(spec, text) != text
            for column, spec in self._cut
            if (text := as_text(row.cells.get(column) or ""))
        )

    def by_column(self, problem: Problem) -> Problem:
        """A problem that names the column as the file does, and not the field that it goes into."""
        reader = self.columns.get(problem.column)
        title = reader.spec.title if reader is not None else ""
        if not title or not problem.reason.startswith(titled(title, "")):
            return problem
        reason = problem.reason.removeprefix(titled(title, ""))
        return replace(problem, reason=titled(shortened(problem.column, COLUMN_SHOWN), reason))

    def _with_parts(
        self, row: Row, name: str, parts: list[tuple[str, str]], values: Values, problems: list[Problem]
    ) -> None:
        """Find the record of a link that several columns identify together, such as an event's title and its date."""
        spec = self.kind.fields[name]
        own = [
            column for column, target in self.plan.columns.items() if target.field == name and not target.part
        ]
        text = " ".join(clean_line(as_text(row.cells.get(column))) for column in own).strip()
        known = {part: clean_line(as_text(row.cells.get(column))) for column, part in parts}
        if not text and not any(known.values()):
            return
        column = own[0] if own else parts[0][0]
        try:
            values[name] = self._link(spec, text, known)
        except ValueError as error:
            problems.append(Problem(row.line, column, text or "; ".join(known.values()), str(error)))

    def store_terms(self, add: Callable[[str, list[Values]], object]) -> None:
        """Store the new terms met so far, before the rows that use them."""
        if fresh := self.terms.take():
            add("term", fresh)

    def notes(self) -> list[str]:
        """Sentences about the terms added to open lists."""
        return [
            plural(
                count,
                f"1 new term was added to the list “{name}”.",
                f"{count:,} new terms were added to the list “{name}”.",
            )
            for name, count in self.terms.added.items()
            if count
        ]


def joined(problems: list[Problem]) -> Problem:
    """All problems of one row as one problem, at the first place to check."""
    first = problems[0]
    reasons = dict.fromkeys(problem.reason for problem in problems)
    return Problem(first.line, first.column, first.value, " ".join(reasons))


def _of_the_day(values: Values) -> dict[str, str]:
    return {"date": str(values["date"])} if values.get("date") else {}


def _seen(raw: Any) -> str:
    """A cell as people see it in the file, long enough for them to find it again."""
    return shortened(as_text(raw), 200)


def _together(spec: FieldSpec, before: Any, value: Any) -> Any:
    """The one value from two columns of the same field.

    Raises:
        ValueError: the field holds one answer, and the columns give two.
    """
    if spec.several:
        return sorted({*before, *value})
    if spec.shape == "text":
        return f"{before}\n{value}"
    if spec.shape == "line":
        return f"{before} {value}"
    if before == value:
        return value
    raise ValueError(f"{spec.title}: two answers are ticked, and only one fits.")
