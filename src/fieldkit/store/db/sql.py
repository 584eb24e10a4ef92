"""Statements at the driver's level, with bound values: the building blocks of the store's bulk paths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Sized
from typing import Any, TypeVar

from sqlalchemy import Connection

Item = TypeVar("Item")

#: The most values bound to one statement.
CHUNK = 500


def chunks(items: Sequence[Item], size: int = CHUNK) -> Iterator[Sequence[Item]]:
    """`items` in runs of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def execute(connection: Connection, sql: str, values: Sequence[Any] = ()) -> Any:
    """Run one statement at the driver's level; `values` are bound."""
    return connection.connection.driver_connection.execute(sql, values)  # type: ignore[union-attr]  # a connection in use has the driver's


def execute_many(connection: Connection, sql: str, rows: Sequence[Any]) -> None:
    """Run one statement for every row of bound values."""
    connection.connection.driver_connection.executemany(sql, rows)  # type: ignore[union-attr]  # a connection in use has the driver's


def marks(items: Sized) -> str:
    """As many bound-parameter marks as there are items."""
    return ",".join("?" * len(items))


def quoted(name: str) -> str:
    """The name of a table or column, quoted for a statement.

    In backticks: SQLite would take an unknown name in double quotes for a string (see `engine`).
    """
    return "`" + name.replace("`", "``") + "`"
