"""Checking a database that came in a backup: only the tables that a kit makes, with values of their types and sizes.

A view, a trigger, a virtual table or a computed column runs its author's code whenever a table is read or written. So the
schema is read first, and nothing else of the file until the schema is known to be plain.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, Table
from sqlalchemy.exc import SQLAlchemyError
from sqlcipher3.dbapi2 import Error as DriverError
from sqlmodel import SQLModel

from fieldkit.errors import VaultError
from fieldkit.records.schema.kind import kinds
from fieldkit.store.db.engine import open_engine, plain_errors
from fieldkit.store.db.schema import OpRow, Origin
from fieldkit.store.db.sql import execute, quoted
from fieldkit.store.journal.bundle_reader import base_of
from fieldkit.store.local.known_settings import PROJECTION
from fieldkit.store.local.setting_shapes import SHAPES, Identity
from fieldkit.store.oplog.ops import decode_stored
from fieldkit.store.projection.shape import OF_RECORDS, projection_version, table_statements
from fieldkit.store.write.eraser import is_order
from fieldkit.strict_json import read_json

#: The most characters of one CREATE statement, and statements in a file: the largest table has 50 columns.
_LONGEST_STATEMENT, _MOST_STATEMENTS = 16_384, 1_000
#: The most bytes of one value, of one operation, and of one replica's changes to one record (folding holds them in memory).
_LONGEST_VALUE, _LONGEST_OPERATION, _MOST_OF_RECORD = 16 << 20, 1 << 20, 16 << 20
#: The most bytes of one value of a record, and of values that no version of ours knows; the most replicas of all laptops.
_LONGEST_OF_RECORD, _LONGEST_EXTRA, _MOST_ORIGINS = 1 << 20, 8 << 20, 200_000
#: The most bytes of all settings.
_MOST_OF_SETTINGS = 32 << 20
#: The most values in one setting or other JSON; each takes up to a hundred bytes of memory.
_MOST_VALUES = 1_500_000
#: The most bytes of the JSON of a draft, or of an entry in the list of bundles.
_LONGEST_NOTE = 4 << 20

_NAME = r"(?:[A-Za-z_][A-Za-z0-9_]*|`[A-Za-z0-9_ ]+`|\"[A-Za-z0-9_ ]+\")"
_NAMES = rf"\({_NAME}(?:, {_NAME})*\)"
_LITERAL = r"(?:-?[0-9]+|x'[0-9a-f]*'|'[^']*')"
_COLUMN = rf"(?P<column>{_NAME}) (?P<type>VARCHAR|INTEGER|BLOB|JSON|BOOLEAN|FLOAT)(?: NOT NULL)?(?: DEFAULT {_LITERAL})?"
_KEY = rf"(?P<key>(?:PRIMARY KEY|UNIQUE) {_NAMES})"
_PART = re.compile(rf"(?:{_KEY}|{_COLUMN})(?:, |$)")
_TABLE = re.compile(rf"CREATE TABLE {_NAME} \((?P<parts>.*)\)")
_INDEX = re.compile(rf"CREATE (?P<unique>UNIQUE )?INDEX {_NAME} ON {_NAME} {_NAMES}(?: WHERE body IS NULL)?")
#: The columns that hold JSON, and the type of each.
_JSON: dict[tuple[str, str], Any] = {
    ("draft", "content"): dict[str, Any],
    ("draft", "letters"): dict[str, str],
    ("draft", "seen"): dict[str, list[str]] | None,
    ("bundle_out", "through"): dict[str, int],
    ("bundle_in", "spans"): list[tuple[str, int, int]],
}
_TYPES = {int: "integer", str: "text", bytes: "blob"}


def demand_plain(path: Path, key: bytes) -> None:
    """Check the database of a backup before anything else reads it.

    Raises:
        VaultError: it does not open with `key`, or is not the database of a kit.
    """
    with plain_errors():
        engine = open_engine(path, key, read_only=True)
    try:
        with plain_errors(), engine.connect() as connection, connection.begin():
            _demand_schema(connection)
            for table in SQLModel.metadata.sorted_tables:
                _demand_values(connection, table)
            with _texts_of_bytes():
                _demand_texts(connection)
                _demand_json(connection)
                _demand_settings(connection)
                _demand_operations(connection)
    except (SQLAlchemyError, DriverError, UnicodeError, ValueError, TypeError, LookupError) as error:
        raise _foreign("it can't be read") from error
    finally:
        engine.dispose()


def _demand_schema(connection: Connection) -> None:
    """Only tables and indexes as some version of a kit makes them; those of the journal exactly as this version does."""
    kinds()
    sizes = execute(connection, "SELECT count(*), max(length(sql)), max(length(name)) FROM sqlite_master")
    count, longest, name_length = sizes.fetchone()
    if count > _MOST_STATEMENTS or max(longest or 0, name_length or 0) > _LONGEST_STATEMENT:
        raise _foreign("its tables are not those of a kit")
    held: dict[str, tuple[dict[str, str], set[str]]] = {}
    indexes: list[tuple[str, str, str]] = []
    for kind, name, table, sql in execute(connection, "SELECT type, name, tbl_name, sql FROM sqlite_master"):
        if kind == "index" and sql is None and name.startswith("sqlite_autoindex_"):
            continue
        if kind == "table" and (parts := _parts(sql)):
            held[name] = parts
        elif kind == "index" and _INDEX.fullmatch(_plain(sql)):
            indexes.append((name, table, _plain(sql)))
        else:
            raise _foreign("its tables are not those of a kit")
    own = _own_tables()
    same_version = _projection(connection, held) == projection_version()
    for name, (columns, keys) in held.items():
        wanted = own.get(name)
        if wanted is None or (name in _tables_of_records() and not same_version):
            # Tables of records that another version made are dropped and folded anew.
            if not columns.keys() >= OF_RECORDS:
                raise _foreign("it has a table that no kit has")
        elif (
            keys != wanted[1]
            or any(columns.get(column, kind) != kind for column, kind in wanted[0].items())
            or (same_version and wanted[0].keys() - columns.keys())
        ):
            raise _foreign("one of its tables is not as a kit makes it")
    if same_version and own.keys() - held.keys():
        raise _foreign("a table is missing")
    _demand_indexes(indexes)


@cache
def _own_tables() -> dict[str, tuple[dict[str, str], set[str]] | None]:
    return {name: _parts(making.table) for name, making in table_statements().items()}


@cache
def _own_indexes() -> dict[str, str]:
    return {
        name: _plain(sql) for making in table_statements().values() for name, sql in making.indexes.items()
    }


def _demand_indexes(indexes: list[tuple[str, str, str]]) -> None:
    own = _own_indexes()
    for name, _table, sql in indexes:
        if own.get(name, sql) != sql or (name not in own and sql.startswith("CREATE UNIQUE")):
            raise _foreign("one of its indexes is not as a kit makes it")


def _plain(sql: Any) -> str:
    """A statement with each run of blanks reduced to one space, and none next to brackets."""
    text = " ".join(str(sql).split()).replace("( ", "(").replace(" )", ")")
    return text if len(text) < _LONGEST_STATEMENT else ""


def _parts(sql: Any) -> tuple[dict[str, str], set[str]] | None:
    """Column -> type, and the keys, of a CREATE TABLE statement; None if it holds anything else."""
    whole = _TABLE.fullmatch(_plain(sql))
    if whole is None:
        return None
    columns: dict[str, str] = {}
    keys: set[str] = set()
    rest, at = whole["parts"], 0
    while at < len(rest):
        part = _PART.match(rest, at)
        if part is None:
            return None
        if part["key"]:
            keys.add(part["key"].translate(_UNQUOTED))
        else:
            columns[part["column"].translate(_UNQUOTED)] = part["type"]
        at = part.end()
    return columns, keys


_UNQUOTED = str.maketrans("", "", '`"')


def _projection(connection: Connection, held: dict[str, Any]) -> Any:
    """The projection version that the file states."""
    if "setting" not in held:
        raise _foreign("a table is missing")
    row = execute(
        connection, "SELECT value FROM setting WHERE `key` = ? AND length(value) < 100", (PROJECTION.name,)
    ).fetchone()
    return read_json(str(row[0]).encode()) if row else None


def _demand_values(connection: Connection, table: Table) -> None:
    """Every value in one of our tables has the type of its column, and a size within a kit's bounds."""
    held = _columns(connection, table.name)
    if not held:
        return
    wrong = []
    for column in table.columns:
        if column.name not in held:
            continue
        name = quoted(column.name)
        wanted = _type_of(column)
        empty = "','null" if column.nullable else ""
        most = _longest(table.name, str(column.name))
        wrong.append(f"typeof({name}) NOT IN ('{wanted}{empty}')")
        if wanted != "integer":
            wrong.append(f"octet_length({name}) > {most}")
    clause = " OR ".join(wrong)
    if execute(connection, f"SELECT 1 FROM {quoted(table.name)} WHERE {clause} LIMIT 1").fetchone():  # noqa: S608  # names from the models
        raise _foreign("a value in it is not of its column's type, or too long")
    if (
        table.name == Origin.__tablename__
        and execute(connection, "SELECT count(*) FROM origin").fetchone()[0] > _MOST_ORIGINS
    ):
        raise _foreign("it has more replicas than a network has")
    if (
        table.name == OpRow.__tablename__
        and execute(
            connection,
            # LIMIT makes SQLite sort the lengths; otherwise it sorts the bodies themselves, all of them in memory.
            "SELECT 1 FROM (SELECT record, origin, octet_length(body) AS size FROM op LIMIT -1) "
            "GROUP BY record, origin HAVING sum(size) > ? LIMIT 1",
            (_MOST_OF_RECORD,),
        ).fetchone()
    ):
        raise _foreign("a record in it has more changes than a kit holds")


def _columns(connection: Connection, table: str) -> set[str]:
    """The names of a table's columns, fewer in an earlier version; none if there is no such table."""
    return {row[0] for row in execute(connection, "SELECT name FROM pragma_table_info(?)", (table,))}


def _longest(table: str, column: str) -> int:
    """The most bytes of a value of this column."""
    if (table, column) == (OpRow.__tablename__, "body"):
        return _LONGEST_OPERATION
    if table in _tables_of_records():
        return _LONGEST_EXTRA if column == "extra" else _LONGEST_OF_RECORD
    return _LONGEST_VALUE


@cache
def _tables_of_records() -> frozenset[str]:
    """The names of the tables that hold records; SQLModel works the name of each out anew whenever it is asked."""
    return frozenset(str(kind.model.__tablename__) for kind in kinds().values())


@contextlib.contextmanager
def _texts_of_bytes() -> Iterator[None]:
    """Replace the driver's error, which quotes the text that it can't decode, by a message of ours."""
    try:
        yield
    except (SQLAlchemyError, DriverError) as error:
        if "decode" in str(error):
            raise _foreign("a text in it is not valid") from None
        raise


def _demand_texts(connection: Connection) -> None:
    """Every text decodes: SQLite accepts any bytes as text, and a later reader would fail on them."""
    for table in SQLModel.metadata.sorted_tables:
        columns = _columns(connection, table.name)
        names = [
            column.name for column in table.columns if column.name in columns and _type_of(column) == "text"
        ]
        if names:
            cursor = execute(connection, f"SELECT {', '.join(map(quoted, names))} FROM {quoted(table.name)}")  # noqa: S608  # names from the models
            for _ in cursor:
                pass


def _type_of(column: Column[Any]) -> str:
    """SQLite's name for the type of a column's values."""
    try:
        return _TYPES[column.type.python_type]
    except (KeyError, NotImplementedError):
        return "text"  # JSON is stored as text


def _demand_json(connection: Connection) -> None:
    """The columns that hold JSON hold what this version reads from them."""
    for (table, column), shape in _JSON.items():
        if column not in _columns(connection, table):
            continue
        for (value,) in execute(connection, f"SELECT {quoted(column)} FROM {quoted(table)}"):  # noqa: S608  # fixed names
            try:
                msgspec.convert(_read_json(value, _LONGEST_NOTE), shape)
            except (ValueError, msgspec.MsgspecError):
                raise _foreign("a value in it is not valid") from None


def _demand_operations(connection: Connection) -> None:
    """Each operation matches its row: whoever merges an export compares the line with its place."""
    for origin, seq, record, body in execute(
        connection,
        "SELECT origin.name, op.seq, op.record, op.body FROM op LEFT JOIN origin ON origin.id = op.origin "
        "WHERE op.body IS NOT NULL",
    ):
        try:
            op = decode_stored(body)
        except (msgspec.MsgspecError, UnicodeError):
            raise _foreign("an operation in it can't be read") from None
        if (op.origin, op.seq, op.record_id) != (base_of(origin or ""), seq, record):
            raise _foreign("an operation in it does not say what its place says")


def _demand_settings(connection: Connection) -> None:
    """Settings that this version knows have the right shape; the identity is complete, or there is none."""
    whole = execute(connection, "SELECT total(octet_length(value)) FROM setting").fetchone()[0]
    if whole > _MOST_OF_SETTINGS:
        raise _foreign("its settings are too long")
    values: dict[str, Any] = {}
    for key, value in execute(connection, "SELECT `key`, value FROM setting"):
        try:
            if key not in SHAPES:
                _check_json(value.encode())
                continue
            setting = _read_json(value, _LONGEST_VALUE)
            if setting is not None:
                setting = msgspec.convert(setting, SHAPES[key], strict=True)
        except (ValueError, UnicodeError, msgspec.MsgspecError):
            raise _foreign("one of its settings is not valid") from None
        if key in {"identity", "origin"}:
            values[key] = setting
        if key == "erase_again" and not all(map(is_order, setting or ())):
            raise _foreign("one of its settings is not valid")
    identity: Identity | None = values.get("identity")
    origin = values.get("origin")
    if identity is not None and origin != f"{identity.device}.{identity.incarnation}":
        raise _foreign("it writes under the name of a laptop whose key it does not have")


_check_json = msgspec.json.Decoder(msgspec.Raw).decode
"""Raises `MsgspecError` for invalid JSON, and makes no Python values of it."""


def _read_json(text: str, most: int) -> Any:
    """Parse a JSON text of at most `most` bytes.

    Raises:
        ValueError: it is longer, holds too many values, or is not JSON.
    """
    data = text.encode()
    if len(data) > most or sum(map(data.count, (b",", b"[", b"{"))) > _MOST_VALUES:
        raise ValueError("more than a kit holds")
    return read_json(data)


def _foreign(reason: str) -> VaultError:
    return VaultError(
        f"This backup is not one that fieldkit made: {reason}.",
        kept="Nothing was changed.",
        hint="Try another backup. Ask who gave you this one where it comes from.",
    )
