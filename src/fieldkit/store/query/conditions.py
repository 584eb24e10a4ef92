"""SQL conditions of lists: text searches, values of fields, people with several records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from fieldkit.errors import Misuse
from fieldkit.records.schema.kind import Kind, search_index
from fieldkit.store.db.engine import SEARCH_CACHE_KIB
from fieldkit.store.db.sql import execute, marks, quoted
from fieldkit.store.projection.tables import table_of
from fieldkit.store.query import search
from fieldkit.store.query.joined import (
    PERSON,
    points_to_people,
    same_people,
)
from fieldkit.store.query.names_in_use import codes_counted_as, spellings, terms
from fieldkit.store.query.record_counts import counts
from fieldkit.text import shortened


def condition_of(
    connection: Connection, kind: Kind, text: str, where: Mapping[str, Any], deleted: bool, apart: bool
) -> tuple[str, list[Any]]:
    """The condition for records of a kind. A person counts once if any of their records fulfils it; each record if `apart`."""
    sql, values = _conditions(connection, kind, text, where)
    people = same_people(connection)
    if kind.name == PERSON and people.hidden and not deleted and not apart:
        hidden = json.dumps(sorted(people.hidden))
        shown = "record_id NOT IN (SELECT value FROM json_each(?))"
        if not sql:
            return f"deleted = 0 AND {shown}", [hidden]
        fitting = _fitting(connection, people.hidden, sql, values)
        others = json.dumps(sorted(map(people.kept_of, fitting)))
        condition = f"deleted = 0 AND {shown} AND (({sql}) OR record_id IN (SELECT value FROM json_each(?)))"  # noqa: S608  # names from the models
        return condition, [hidden, *values, others]
    return " AND ".join(filter(None, ("deleted = ?", sql))), [int(deleted), *values]


def _fitting(connection: Connection, person_ids: Iterable[str], sql: str, values: Sequence[Any]) -> list[str]:
    """Those of these people's live records that fulfil a condition."""
    table = table_of(PERSON)
    assert table is not None
    asked = f"SELECT record_id FROM {table.name} WHERE deleted = 0 AND record_id IN (SELECT value FROM json_each(?)) AND "  # noqa: S608  # a name from the models
    return [row[0] for row in execute(connection, asked + sql, [json.dumps(sorted(person_ids)), *values])]


def _conditions(
    connection: Connection, kind: Kind, text: str, where: Mapping[str, Any]
) -> tuple[str, list[Any]]:
    parts: list[str] = []
    values: list[Any] = []
    counted_as = codes_counted_as(connection, kind, where)
    for name, value in where.items():
        if name not in kind.fields and name not in {"origin", "record_id"}:
            raise Misuse(f"“{shortened(name, 40)}” is not a field of {kind.title.lower()}.")
        if several := _same(connection, kind, name, value, counted_as):
            parts.append(f"{quoted(name)} IN ({marks(several)})")
            values += several
        else:
            parts.append(f"{quoted(name)} IS ?")
            values.append(json.dumps(value) if isinstance(value, list) else value)
    if text.strip():
        execute(connection, f"PRAGMA cache_size = -{SEARCH_CACHE_KIB}")
        people = same_people(connection)
        sql, bound = search.condition(kind, text, terms(connection), counts(connection), people.kept)
        parts += [sql] if sql else []
        values += bound
    return " AND ".join(parts), values


def _same(
    connection: Connection, kind: Kind, name: str, value: Any, counted_as: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """What else counts as `value` in a field, with `value`: codes of one term, spellings of one name. Empty for nothing else."""
    if not isinstance(value, str) or name not in kind.fields:
        return []
    if points_to_people(kind, name):
        records = same_people(connection).records_of(value)
        return list(records) if len(records) > 1 else []
    if kind.fields[name].named_freely:
        return sorted({value, *spellings(connection, kind, name, value)})
    same = counted_as.get(name, {})
    first = same.get(value, value)
    return sorted({first, value, *(code for code, other in same.items() if other == first)}) if same else []


def source_of(kind: Kind, where: Mapping[str, Any]) -> str:
    """The table to search, by the index made for it unless values narrow the search already."""
    table = table_of(kind.name)
    assert table is not None
    return table.name if where else f"{table.name} INDEXED BY {search_index(kind)}"
