"""Tables as their writers see them: which columns hold numbers, which tables there are, names that differ."""

from __future__ import annotations

from fieldkit.documents.blocks import Table


def is_numeric(table: Table, column: int) -> bool:
    """Whether a column holds numbers, stars among them or not."""
    return any(not isinstance(row[column], str) for row in table.rows)


def distinct(tables: list[Table]) -> list[Table]:
    """The tables in order, each once: several charts may be drawn from one.

    Raises:
        ValueError: two different tables have one name.
    """
    by_name: dict[str, Table] = {}
    for table in tables:
        if by_name.setdefault(table.name, table) != table:
            raise ValueError(f"two tables are called {table.name}")
    return list(by_name.values())
