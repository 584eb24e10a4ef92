"""Which row of a table holds its headings, and which column goes into which field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fieldkit.errors import Misuse
from fieldkit.importing.choices import Choices
from fieldkit.importing.reading.sheet_reader import Known
from fieldkit.importing.reading.sheets import Sheet
from fieldkit.importing.ticks import answer_named, question_named, stems_and_answers
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.records.schema.lookup import find
from fieldkit.records.schema.parse import Terms
from fieldkit.spelling import folded
from fieldkit.text import clean_line, ended, listing, quoted, shortened

Asked = Mapping[str, str] | Sequence[tuple[str, str]]
"""Column -> field, as the user asked; a column may occur more than once.

The right side is the name of a field; `field/answer` (`disability/hearing`) for the ticks of that answer; `link.field`
(`event.date`) for a column that helps to find the linked record; or "" to leave the column out.
"""

_TITLE = " If the headings are further down, delete the lines above them, save the file and import it again."
_PARTS = {
    "event": ("title", "date", "place"),
    "mentorship": ("mentor", "mentee"),
    "person": ("name", "organisation"),
    "partner": ("name", "town"),
}
"""The fields of a linked record by which people recognise it."""


@dataclass(frozen=True)
class Target:
    """Where a column goes: into a field, a tick of one of its answers (`answer`), or a `part` of the record that it links to."""

    field: str
    answer: str = ""
    part: str = ""

    def __str__(self) -> str:
        return self.field + (f"/{self.answer}" if self.answer else f".{self.part}" if self.part else "")


@dataclass
class Plan:
    """Which column goes where, and which columns the user left out."""

    columns: dict[str, Target] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)

    @property
    def fields(self) -> set[str]:
        """The fields that the file fills."""
        return {target.field for target in self.columns.values()}

    def column_of(self, name: str) -> str:
        """The column that goes into a field, the last if there are several; the field's own name if there is none."""
        return next(
            (column for column, target in reversed(self.columns.items()) if target.field == name), name
        )

    def as_dict(self) -> dict[str, str]:
        """Column -> field, written as for `--map`."""
        return {column: str(target) for column, target in self.columns.items()}


def known_headings(kind: Kind, mapping: Asked) -> Known:
    """Return a function that says whether the cells of a row are headings.

    The first row needs only one known name, since missing columns are reported later. A row below it must hold every column
    that was asked for, or else two names of fields: a title may contain one such word by chance (“Date: 1 November”).
    """
    asked = {folded(clean_line(column)) for column, _ in _pairs(mapping)}
    names = {folded(name) for spec in kind.fields.values() for name in (spec.name, spec.title)}

    def known(cells: Sequence[str], below: bool) -> bool:
        cells_named = {folded(clean_line(cell)) for cell in cells}
        if not below:
            return bool(cells_named & (asked or names))
        return asked <= cells_named if asked else len(cells_named & names) > 1

    return known


def _pairs(mapping: Asked) -> list[tuple[str, str]]:
    return list(mapping.items()) if isinstance(mapping, Mapping) else list(mapping)


def plan_of(kind: Kind, table: Sheet, mapping: Asked, choices: Choices, terms: Terms) -> Plan:
    """Where each column goes: as asked for, or else by its name. A column that was mapped to nothing is left out.

    Raises:
        Misuse: a column or field is not there, or two columns go into a field that holds one answer.
    """
    plan = Plan()
    by_name = _names_of_columns(table)
    for asked, name in _pairs(mapping):
        column = asked if asked in table.columns else by_name.get(folded(clean_line(asked)))
        if column is None and (group := _answers_of(kind, table, asked, name, terms)):
            plan.columns.update(group)
            continue
        if column is None:
            raise Misuse(
                f"The file has no column {quoted(asked)}.",
                kept="Nothing was stored.",
                hint=f"{ended(f'Its columns are: {listing(table.columns)}')}{_TITLE} {table.elsewhere()}".rstrip(),
            )
        if name.strip():
            plan.columns[column] = target_named(kind, column, name, table, terms)
        else:
            plan.left_out.add(column)
    for column in table.columns:
        field_name = choices.of(column).field
        if field_name == "":
            plan.columns.pop(column, None)
            plan.left_out.add(column)
        elif field_name is not None and column not in plan.columns and column not in plan.left_out:
            plan.columns[column] = target_named(kind, column, field_name, table, terms)
    _by_their_names(kind, table, plan, terms)
    _demand_single(kind, table, plan, terms)
    return plan


def _names_of_columns(table: Sheet) -> dict[str, str]:
    names: dict[str, str] = {}
    for column in table.columns:
        names.setdefault(folded(column), column)
    for column, path in table.paths.items():
        names.setdefault(folded(path), column)
        names.setdefault(folded(path.replace(" / ", "/")), column)
    return names


def _answers_of(kind: Kind, table: Sheet, asked: str, name: str, terms: Terms) -> dict[str, Target]:
    """The columns that are named after answers to one question (“Which? [Hearing]”), if that question was mapped."""
    spec = kind.fields.get(name.strip())
    if spec is None or not spec.codes:
        return {}
    group: dict[str, Target] = {}
    for column in table.columns:
        for heading in (table.paths.get(column, column), column):
            for stem, answer in stems_and_answers(heading):
                code = find(spec.code_list, clean_line(answer), terms.get(spec.codes, {}))
                if folded(stem) == folded(asked) and code is not None:
                    group.setdefault(column, Target(spec.name, code))
    return group


def _by_their_names(kind: Kind, table: Sheet, plan: Plan, terms: Terms) -> None:
    """Place the remaining columns whose headings name a field."""
    free = [column for column in table.columns if column not in plan.columns and column not in plan.left_out]
    names: dict[str, FieldSpec] = {}
    for spec in kind.fields.values():
        names.setdefault(folded(spec.name), spec)
        names.setdefault(folded(spec.title), spec)
    assigned = {target.field for target in plan.columns.values() if not target.part}
    for column in free:
        headings = (column, column.rpartition("/")[2], *table.paths.get(column, "").split(" / "))
        named = next((names[folded(candidate)] for candidate in headings if folded(candidate) in names), None)
        if named is not None and named.name not in assigned:
            plan.columns[column] = Target(named.name)
            assigned.add(named.name)
    for column in free:
        if column in plan.columns:
            continue
        heading = table.paths.get(column, column)
        if (question := question_named(heading, names, terms)) is not None:
            spec, code = question
            if spec.shape == "many" or spec.name not in assigned:
                plan.columns[column] = Target(spec.name, code)
    for spec in kind.fields.values():
        if spec.shape != "link":
            continue
        for part in _PARTS.get(spec.link, ()):
            text_field = kind_named(spec.link).fields[part]
            likely = {
                folded(f"{prefix} {name}")
                for prefix in (spec.name, spec.title, "")
                for name in (part, text_field.title)
            }
            # Part of a link is no answer by itself, except for a pair: two names together identify it.
            if spec.name not in assigned and spec.link != "mentorship":
                continue
            for column in free:
                if column not in plan.columns and folded(column) in likely:
                    plan.columns[column] = Target(spec.name, part=part)
                    break


def _demand_single(kind: Kind, table: Sheet, plan: Plan, terms: Terms) -> None:
    """Refuse two columns for one field, unless the field holds text or several answers, or the columns are ticks.

    Raises:
        Misuse: two columns share a field that allows only one.
    """
    for name in plan.fields:
        spec = kind.fields[name]
        columns = [
            column for column, target in plan.columns.items() if target.field == name and not target.part
        ]
        if len(columns) < 2 or spec.shape in {"text", "line"}:
            continue
        if spec.codes:
            for column in columns:
                if not plan.columns[column].answer:
                    code = answer_named(spec, table.paths.get(column, column), terms, whole=True)
                    code = code or answer_named(spec, column, terms, whole=True)
                    plan.columns[column] = Target(name, code)
        ticks = [column for column in columns if plan.columns[column].answer]
        if len(ticks) < len(columns) - (spec.shape == "many"):
            if spec.shape == "many":
                continue
            raise Misuse(
                f"Two columns go into “{name}”, which holds one answer.",
                kept="Nothing was stored.",
                hint="Map one of them.",
            )


def demand_plan(kind: Kind, table: Sheet, plan: Plan) -> None:
    """Raise Misuse if no column goes into any field."""
    if not plan.columns:
        raise Misuse(
            f"No column of this file goes into a field of {kind.title.lower()}.",
            kept="Nothing was stored.",
            hint=ended(
                f'Say which, as --map "{shortened(table.columns[0], 200)}={next(iter(kind.fields))}". '
                f"Columns: {listing(table.columns)}"
            )
            + f"{_TITLE} {table.elsewhere()}".rstrip(),
        )


def target_named(kind: Kind, column: str, name: str, table: Sheet, terms: Terms) -> Target:
    """The target named on the right side of a mapping; a column named after an answer becomes its tick.

    Raises:
        Misuse: there is no such field, answer or part.
    """
    name = name.strip()
    asked, slash, answer = name.partition("/")
    asked, dot, part = asked.partition(".")
    spec = field_named(kind, asked)
    if dot:
        if spec.shape != "link" or part not in kind_named(spec.link).fields:
            raise Misuse(
                f"{quoted(name)} does not help to find a record.",
                kept="Nothing was stored.",
                hint="Write a link, a full stop and a field of what it links to, for example event.date",
            )
        return Target(spec.name, part=part)
    if slash:
        code = find(spec.code_list, clean_line(answer), terms.get(spec.codes, {})) if spec.codes else None
        if code is None:
            raise Misuse(
                f"{quoted(answer)} is not an answer of “{spec.name}”.",
                kept="Nothing was stored.",
                hint=f"Its answers: {listing([entry.label for entry in spec.code_list.entries], 20)}."
                if spec.codes
                else "It has no list of answers.",
            )
        return Target(spec.name, code)
    if spec.shape == "many":
        heading = table.paths.get(column, column)
        if code := answer_named(spec, heading, terms, whole=False) or answer_named(
            spec, column, terms, whole=True
        ):
            return Target(spec.name, code)
    return Target(spec.name)


def field_named(kind: Kind, name: str) -> FieldSpec:
    """The field of that name.

    Raises:
        Misuse: there is none.
    """
    spec = kind.fields.get(name.strip())
    if spec is None:
        raise Misuse(
            f"{quoted(name)} is not a field of {kind.title.lower()}.",
            kept="Nothing was stored.",
            hint=f"The fields are: {', '.join(kind.fields)}.",
        )
    return spec
