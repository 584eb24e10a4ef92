"""Pages, counts and columns of records, as plain values."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from fieldkit.errors import Misuse
from fieldkit.records.schema.kind import Kind
from fieldkit.spelling import folded
from fieldkit.store.db.sql import chunks, execute, marks, quoted
from fieldkit.store.projection.tables import table_of
from fieldkit.store.query import search
from fieldkit.store.query.conditions import condition_of, source_of
from fieldkit.store.query.joined import (
    PERSON,
    kept_links,
    points_to_people,
    same_people,
)
from fieldkit.store.query.names_in_use import as_counted, codes_counted_as
from fieldkit.store.query.stored_records import Stored, joined_record, select_of, stored_of
from fieldkit.text import shortened


def code_state(connection: Connection, kind: Kind, tail: str) -> tuple[bool, bool]:
    """Whether a record of `kind` has the receipt code with this tail, and whether the code was withdrawn."""
    table = table_of(kind.name)
    assert table is not None
    statement = f"SELECT 1 FROM {table.name} WHERE record_id LIKE ? LIMIT 1"  # noqa: S608  # a name from the models
    is_used = execute(connection, statement, (f"%{tail}",)).fetchone() is not None
    row = execute(connection, "SELECT 1 FROM withdrawn WHERE tail = ?", (tail,)).fetchone()
    return is_used, row is not None


def page(
    connection: Connection,
    kind: Kind,
    offset: int,
    limit: int,
    text: str,
    where: Mapping[str, Any],
    deleted: bool,
    apart: bool = False,
) -> list[Stored]:
    """See `Kit.page`."""
    table = table_of(kind.name)
    assert table is not None
    condition, values = condition_of(connection, kind, text, where, deleted, apart)
    # Without a filter the index on `deleted` leads straight to the page, at any depth.
    source = source_of(kind, where) if text.strip() or where else table.name
    rows = [
        row[0]
        for row in execute(
            connection,
            f"SELECT row FROM {source} WHERE {condition} ORDER BY row DESC LIMIT ? OFFSET ?",  # noqa: S608  # names from the models
            [*values, limit, offset],
        )
    ]
    records: list[Stored] = []
    for chunk in chunks(rows):
        sql = f"{select_of(kind.name)} WHERE row IN ({marks(chunk)}) ORDER BY row DESC"
        records += [stored_of(kind, row) for row in execute(connection, sql, chunk)]
    return records if apart else [joined_record(connection, record) for record in records]


def count(
    connection: Connection,
    kind: Kind,
    text: str,
    where: Mapping[str, Any],
    deleted: bool,
    apart: bool = False,
) -> int:
    """See `Kit.count`."""
    if not text.strip() and not where:
        column = "deleted" if deleted else "live"
        row = execute(connection, f"SELECT {column} FROM tally WHERE kind = ?", (kind.name,)).fetchone()  # noqa: S608  # a fixed name
        hidden = 0 if deleted or apart or kind.name != PERSON else len(same_people(connection).hidden)
        return int(row[0]) - hidden if row else 0
    condition, values = condition_of(connection, kind, text, where, deleted, apart)
    sql = f"SELECT count(*) FROM {source_of(kind, where)} WHERE {condition}"  # noqa: S608  # names from the models
    return int(execute(connection, sql, values).fetchone()[0])


def alike(connection: Connection, kind: Kind, name: str) -> list[Stored]:
    """See `Kit.alike`."""
    sql, values = search.called(kind, name)
    rows = execute(
        connection,
        f"SELECT record_id FROM {source_of(kind, {})} WHERE deleted = 0 AND {sql} ORDER BY row DESC",  # noqa: S608  # names from the models
        values,
    ).fetchall()
    candidates = many(connection, kind, [row[0] for row in rows], apart=True)
    wanted, field = folded(name), kind.label[0]
    bearers = [row[0] for row in rows if folded(str(candidates[row[0]].values.get(field, ""))) == wanted]
    if kind.name == PERSON and (people := same_people(connection)):
        bearers = list(dict.fromkeys(map(people.kept_of, bearers)))
    shown = many(connection, kind, bearers)
    return [shown[record_id] for record_id in bearers]


def value_counts(
    connection: Connection, kind: Kind, field: str, where: Mapping[str, Any]
) -> tuple[int, int, int]:
    """See `Kit.value_counts`."""
    if field not in kind.fields:
        raise Misuse(f"“{shortened(field, 40)}” is not a field of {kind.title.lower()}.")
    table = table_of(kind.name)
    assert table is not None
    if same_people(connection) and (kind.name == PERSON or points_to_people(kind, field)):
        held = [value for (value,) in columns(connection, kind, [field], where) if value not in (None, [])]
        return (
            count(connection, kind, "", where, False),
            len(held),
            len({json.dumps(value) for value in held}),
        )
    condition, values = condition_of(connection, kind, "", where, False, False)
    figures = f"count(*), count(`{field}`), count(DISTINCT `{field}`)"
    sql = f"SELECT {figures} FROM {table.name} WHERE {condition}"  # noqa: S608  # names from the models
    records, held, different = execute(connection, sql, values).fetchone()
    return int(records), int(held), int(different)


def many(
    connection: Connection, kind: Kind, record_ids: Sequence[str], *, apart: bool = False
) -> dict[str, Stored]:
    """See `Kit.many`."""
    records: dict[str, Stored] = {}
    for chunk in chunks(record_ids):
        for row in execute(connection, f"{select_of(kind.name)} WHERE record_id IN ({marks(chunk)})", chunk):
            record = stored_of(kind, row)
            records[row[0]] = record if apart else joined_record(connection, record)
    return records


def columns(
    connection: Connection, kind: Kind, fields: Sequence[str], where: Mapping[str, Any], apart: bool = False
) -> Iterator[tuple[Any, ...]]:
    """See `Kit.columns`."""
    table = table_of(kind.name)
    assert table is not None
    for name in fields:
        if name not in kind.fields and name not in {"record_id", "created", "updated", "origin"}:
            raise Misuse(f"“{shortened(name, 40)}” is not a field of {kind.title.lower()}.")
    names = ", ".join(map(quoted, fields))
    lists = [
        position for position, name in enumerate(fields) if name in kind.fields and kind.fields[name].several
    ]
    condition, values = condition_of(connection, kind, "", where, False, apart)
    people = None if apart else same_people(connection)
    whole = kind.name == PERSON and bool(people)
    sql = f"SELECT {'record_id, ' if whole else ''}{names} FROM {table.name} WHERE {condition} ORDER BY row"  # noqa: S608  # names from the models
    linked = [at for at, name in enumerate(fields) if people and points_to_people(kind, name)]
    counted_as = codes_counted_as(connection, kind, fields)
    same = {at: counted_as[name] for at, name in enumerate(fields) if name in counted_as}
    for row in execute(connection, sql, values):
        person, row = (row[0], row[1:]) if whole else ("", row)
        if lists:
            row = [json.loads(value) if at in lists and value else value for at, value in enumerate(row)]
        if people and linked:
            row = [kept_links(people, value) if at in linked else value for at, value in enumerate(row)]
        if people and person in people:
            joined = people.values_of(person)
            row = [
                joined.get(name) if name in kind.fields else value
                for name, value in zip(fields, row, strict=True)
            ]
        if same:
            row = [as_counted(value, same[at]) if at in same else value for at, value in enumerate(row)]
        yield tuple(row)
