"""The shape of a kit's tables: its version, derived from the models, and the migration of an older or newer kit to it."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable
from sqlmodel import SQLModel

from fieldkit.records import search_text
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import kinds
from fieldkit.store.db.engine import quote_with_backticks
from fieldkit.store.db.schema import FOLD_VERSION
from fieldkit.store.db.sql import execute, quoted
from fieldkit.store.projection.check import rebuild

#: Tables folded in addition to the record tables.
_FOLDED = ("other", "conflict", "tally")
#: Rows deleted at a time from a table that is dropped.
_ROWS_DROPPED = 50
#: A table with these columns holds records, whichever version made it.
OF_RECORDS = frozenset(
    {"record_id", "created", "updated", "origin", "deleted", "conflicts", "extra", "digest"}
)


@cache
def projection_version() -> str:
    """A hash of everything that decides how records are stored: the fold, every table, and the answers that every field accepts.

    A value that an older version did not understand is kept under `extra`; so new answers change the version as new fields do.
    Search texts hold labels, so labels are included; titles and help texts are not.
    """
    known = kinds()
    tables = [_table_shape(table) for table in SQLModel.metadata.sorted_tables]
    fields = [
        [
            name,
            kind.shared,
            kind.coordinator_only,
            kind.label,
            [_field_shape(spec) for spec in kind.fields.values()],
        ]
        for name, kind in sorted(known.items())
    ]
    whole = json.dumps([FOLD_VERSION, search_text.VERSION, sorted(tables), fields], ensure_ascii=False)
    return sha256(whole.encode()).hexdigest()[:32]


def _table_shape(table: Table) -> list[Any]:
    columns = sorted([column.name, repr(column.type), bool(column.nullable)] for column in table.columns)
    indexes = sorted([sorted(index.columns.keys()), bool(index.unique)] for index in table.indexes)
    keys = sorted(
        [type(constraint).__name__, sorted(constraint.columns.keys())]
        for constraint in table.constraints
        if hasattr(constraint, "columns")
    )
    return [table.name, columns, indexes, keys]


def _field_shape(spec: FieldSpec) -> list[Any]:
    answers: list[Any] = []
    if spec.codes:
        codes = spec.code_list
        labels = sorted((entry.code, entry.label) for entry in codes.entries)
        answers = [codes.open, labels, sorted(codes.alone)]
    searched = search_text.searched(spec)
    return [
        spec.name,
        searched,
        spec.shape,
        spec.link,
        spec.minimum,
        spec.maximum,
        spec.length,
        spec.pattern,
        answers,
    ]


def reshape(connection: Connection) -> None:
    """Give the kit the tables of this version, and fold every record anew from the journals.

    The journals, drafts and settings keep their rows. The tables of records are dropped, also those of kinds that this version
    does not know: text erased from now on would stay in them.
    """
    kinds()
    held = _columns_held(connection)
    for name, columns in list(held.items()):
        if name in _FOLDED or columns >= OF_RECORDS:
            _drop(connection, name)
            del held[name]
    for table in SQLModel.metadata.sorted_tables:
        if table.name in held:
            _fit(connection, table)
        else:
            making = table_statements()[table.name]
            for statement in (making.table, *making.indexes.values()):
                execute(connection, statement)
    rebuild(connection)


def _drop(connection: Connection, name: str) -> None:
    """Drop a table, its rows first: until a statement ends, SQLite keeps the old content of the pages that it frees in memory."""
    table = quoted(name)
    rows = f"DELETE FROM {table} WHERE rowid IN (SELECT rowid FROM {table} LIMIT {_ROWS_DROPPED})"  # noqa: S608  # a name from the schema
    while execute(connection, rows).rowcount:
        pass
    execute(connection, f"DROP TABLE {table}")


class TableMaking(NamedTuple):
    """The statements that make a table and its indexes; `indexes` is keyed by their names."""

    table: str
    indexes: dict[str, str]


@cache
def table_statements() -> dict[str, TableMaking]:
    """Table -> its statements, compiled once per process: SQLAlchemy compiles them more slowly than SQLite runs them."""
    kinds()
    dialect = sqlite.dialect()
    quote_with_backticks(dialect)
    return {
        table.name: TableMaking(
            str(CreateTable(table).compile(dialect=dialect)),
            {str(index.name): str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes},
        )
        for table in SQLModel.metadata.sorted_tables
    }


def _columns_held(connection: Connection) -> dict[str, set[str]]:
    """Table -> its columns, as they are in the file."""
    names = execute(
        connection,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    ).fetchall()
    return {
        name: {
            row[0] for row in execute(connection, "SELECT name FROM pragma_table_info(?)", (name,)).fetchall()
        }
        for (name,) in names
    }


def _fit(connection: Connection, table: Table) -> None:
    """Add the missing columns and indexes of its model to a table that is kept."""
    held = {
        name: (required, default)
        for name, required, default in execute(
            connection, "SELECT name, `notnull`, dflt_value FROM pragma_table_info(?)", (table.name,)
        ).fetchall()
    }
    for column in table.columns:
        if column.name not in held:
            made = CreateColumn(column).compile(dialect=connection.dialect)
            execute(connection, f"ALTER TABLE {quoted(table.name)} ADD COLUMN {made}{_default(column)}")
    if any(
        name not in table.columns and required and default is None
        for name, (required, default) in held.items()
    ):
        # From a newer version: rows of this version could not leave it empty.
        _copy_anew(connection, table)
    for index in table.indexes:
        index.create(connection, checkfirst=True)


def _copy_anew(connection: Connection, table: Table) -> None:
    """Recreate a table as its model defines it, with its present rows."""
    indexes = execute(
        connection,
        "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
        (table.name,),
    ).fetchall()
    for (name,) in indexes:
        execute(connection, f"DROP INDEX {quoted(name)}")
    before = quoted(f"{table.name} of another version")
    execute(connection, f"ALTER TABLE {quoted(table.name)} RENAME TO {before}")
    table.create(connection)
    names = ",".join(quoted(column.name) for column in table.columns)
    execute(connection, f"INSERT INTO {quoted(table.name)} ({names}) SELECT {names} FROM {before}")  # noqa: S608  # names from the models
    execute(connection, f"DROP TABLE {before}")


def _default(column: Column[Any]) -> str:
    """The default of an added column for existing rows."""
    if column.nullable:
        return ""
    value: Any = getattr(column.default, "arg", None)
    if not isinstance(value, (int, str, bytes)):
        value = {int: 0, bytes: b""}.get(column.type.python_type, "")
    if isinstance(value, bytes):
        return f" DEFAULT x'{value.hex()}'"
    if isinstance(value, str):
        return " DEFAULT '" + value.replace("'", "''") + "'"
    return f" DEFAULT {int(value)}"
