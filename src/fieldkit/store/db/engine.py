"""The connection to the encrypted file: SQLCipher through SQLAlchemy, configured so that every saved change is durable."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from fieldkit.disk_errors import database_error, disk_error
from fieldkit.errors import FieldkitError
from fieldkit.leftover_files import open_new
from fieldkit.spelling import spans

#: SQLite's page cache, in KiB: enough to hold the inner pages of a million records.
CACHE_KIB = 24_000
SEARCH_CACHE_KIB = 64_000
"""For a connection that searches: it keeps the words of 100,000 people and 100,000 comments decrypted between two keys."""
BUSY_MS = 20_000


class _Cursor(sqlcipher.Cursor):  # type: ignore[misc]  # the driver is not typed
    """A cursor that refuses double quotes.

    SQLite reads an unknown name in double quotes as a string, so a missing column would return its own name. The driver has no
    switch for that. Names in backticks (see `quoted`) never fall back.
    """

    def execute(self, sql: str, *values: Any) -> Any:
        return super().execute(_checked(sql), *values)

    def executemany(self, sql: str, *values: Any) -> Any:
        return super().executemany(_checked(sql), *values)


class _Connection(sqlcipher.Connection):  # type: ignore[misc]  # the driver is not typed
    """A connection that makes only such cursors."""

    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)


def _checked(sql: str) -> str:
    if '"' in sql:
        raise ValueError("a statement holds double quotes: names go in backticks, texts are bound")
    return sql


def open_engine(path: Path, key: bytes, *, read_only: bool = False) -> Engine:
    """Make an engine on the SQLCipher file at `path`, created with mode 0600 if it is new. `key` is 32 bytes.

    With `read_only` no byte is written beside the file or into it, and every write is refused.

    Raises:
        StorageError: the file can't be made.

    Transactions begin IMMEDIATE when the connection has the execution option `write`, so that reading the last sequence number
    and the write that uses it can't be separated.
    """
    path = path.absolute()
    if not (read_only or path.exists()):
        try:
            os.close(open_new(path))
        except OSError as error:
            raise disk_error(error, path) from error
    engine = create_engine(
        _for_reading(path) if read_only else URL.create("sqlite", database=str(path)),
        module=sqlcipher,
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=8,
        connect_args={
            "check_same_thread": False,
            "isolation_level": None,
            "timeout": BUSY_MS / 1000,
            "factory": _Connection,
        },
    )
    quote_with_backticks(engine.dialect)

    @event.listens_for(engine, "connect")
    def unlock(dbapi: Any, _record: Any) -> None:
        dbapi.execute("PRAGMA cipher_log_level = NONE")
        dbapi.execute(f"PRAGMA key = 'x''{key.hex()}'''")
        for pragma in (
            f"busy_timeout = {BUSY_MS}",
            *(() if read_only else ("journal_mode = WAL",)),
            "synchronous = FULL",
            "foreign_keys = OFF",
            "trusted_schema = OFF",
            "secure_delete = ON",
            f"cache_size = -{CACHE_KIB}",
            "journal_size_limit = 67108864",
        ):
            dbapi.execute(f"PRAGMA {pragma}").fetchall()
        dbapi.create_function("spans", 2, spans, deterministic=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def quote_with_backticks(dialect: Dialect) -> None:
    """Make the statements that SQLAlchemy generates quote names as `quoted` does."""
    names = dialect.identifier_preparer
    names.initial_quote = names.final_quote = names.escape_quote = "`"


def _for_reading(path: Path) -> URL:
    """The URL that opens a file without leaving a trace.

    To read a file with a write-ahead log, SQLite writes beside it, unless the file is declared immutable. If the log still holds
    changes the file can't be declared so: SQLite would leave them out.
    """
    log = path.with_name(path.name + "-wal")
    waiting = log.exists() and log.stat().st_size > 0
    still = {} if waiting else {"immutable": "1"}
    return URL.create("sqlite", database=path.as_uri(), query={"mode": "ro", "uri": "true", **still})


def may_write(path: Path) -> bool:
    """Whether the file at `path` and its folder are writable, judged without trying."""
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


@contextlib.contextmanager
def plain_errors(folder: Path | None = None) -> Iterator[None]:
    """Turn errors of the database driver into StorageError or VaultError with a message for people."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except FieldkitError:
        raise
    except (SQLAlchemyError, sqlcipher.Error) as error:
        raise database_error(str(getattr(error, "orig", error)), folder) from error
