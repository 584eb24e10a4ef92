"""Statements at the driver's level, with bound values: what the store's bulk paths are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Sized
from typing import Any, TypeVar

from sqlalchemy import Connection

Item = TypeVar("Item")

#: Most values bound to one statement.
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
    """The name of a table or column in a statement.

    In backticks: an unknown name in double quotes would be taken for a text (see `engine`).
    """
    return "`" + name.replace("`", "``") + "`"
