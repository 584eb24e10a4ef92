"""Which row of a table holds its headings, and which column goes into which field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from fieldkit.errors import Misuse
from fieldkit.importing.sheets import Known, Sheet
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind
from fieldkit.text import clean_line

Asked = Mapping[str, str] | Sequence[tuple[str, str]]
"""Column -> field, as asked for; a column may be named more than once."""

_TITLE = (
    " If the headings stand further down, delete the lines above them, save the file and import it again."
)


def known_headings(kind: Kind, mapping: Asked) -> Known:
    """Whether a row's cells are headings.

    Of the first row little is demanded, for what is missing in it is told. A row below it must hold every column that
    was asked for, else two that name fields: one word of them may well stand in a title, “Date: 1 November”.
    """
    asked = {clean_line(column).casefold() for column, _ in _pairs(mapping)}
    names = {name.casefold() for spec in kind.fields.values() for name in (spec.name, spec.title)}

    def known(cells: Sequence[str], below: bool) -> bool:
        found = {clean_line(cell).casefold() for cell in cells}
        if not below:
            return bool(found & (asked or names))
        return asked <= found if asked else len(found & names) > 1

    return known


def _pairs(mapping: Asked) -> list[tuple[str, str]]:
    return list(mapping.items()) if isinstance(mapping, Mapping) else list(mapping)


def plan_of(kind: Kind, table: Sheet, mapping: Asked) -> dict[str, str]:
    """Column -> field, asked for first, then by name. A column that is paired with nothing is left out.

    Raises:
        Misuse: a column or field is not there, or two columns go into a field that holds one answer.
    """
    columns, pairs = table.columns, _pairs(mapping)
    plan: dict[str, str] = {}
    left_out: set[str] = set()
    folded = {column.casefold(): column for column in reversed(columns)}
    for asked, name in pairs:
        column = asked if asked in columns else folded.get(clean_line(asked).casefold())
        if column is None:
            raise Misuse(
                f"The file has no column “{clean_line(asked)[:60]}”.",
                kept="Nothing was stored.",
                hint=f"Its columns are: {', '.join(columns)}.{_TITLE} {table.elsewhere()}".rstrip(),
            )
        if name.strip():
            plan[column] = field_named(kind, name).name
        else:
            left_out.add(column)
    taken = set(plan.values())
    for column in columns:
        for spec in kind.fields.values():
            if (
                column not in plan
                and column not in left_out
                and spec.name not in taken
                and column.casefold() in {spec.name, spec.title.casefold()}
            ):
                plan[column] = spec.name
    twice = [name for name, times in Counter(plan.values()).items() if times > 1]
    for name in twice:
        if kind.fields[name].shape not in {"text", "line", "many"}:
            raise Misuse(
                f"Two columns go into “{name}”, which holds one answer.",
                kept="Nothing was stored.",
                hint="Map one of them.",
            )
    return plan


def left_out(mapping: Asked) -> frozenset[str]:
    """The columns that were paired with nothing, in small letters."""
    return frozenset(clean_line(column).casefold() for column, name in _pairs(mapping) if not name.strip())


def demand_plan(kind: Kind, table: Sheet, plan: dict[str, str]) -> None:
    """Raises Misuse where no column goes into any field."""
    if not plan:
        raise Misuse(
            f"No column of this file goes into a field of {kind.title.lower()}.",
            kept="Nothing was stored.",
            hint=f'Say which, as --map "{table.columns[0]}={next(iter(kind.fields))}". Columns: {", ".join(table.columns)}.'
            f"{_TITLE} {table.elsewhere()}".rstrip(),
        )


def field_named(kind: Kind, name: str) -> FieldSpec:
    """The field of that name.

    Raises:
        Misuse: there is none.
    """
    spec = kind.fields.get(name.strip())
    if spec is None:
        raise Misuse(
            f"“{clean_line(name)[:60]}” is not a field of {kind.title.lower()}.",
            kept="Nothing was stored.",
            hint=f"The fields are: {', '.join(kind.fields)}.",
        )
    return spec
