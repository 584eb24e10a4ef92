"""Tables as their writers see them: which columns hold numbers, which tables there are, where that of several charts is."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.documents.blocks import Block, Chart, Table

MOST_TOGETHER = 26
"""Rows of a table that is not parted over two pages."""


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


def with_tables(blocks: Sequence[Block]) -> list[tuple[Block, Table | None, str]]:
    """Each block with the table to write after it, and the title of the table above that holds its numbers.

    The table of several charts stands once, after the last of those that follow each other first. So does a table of its own.
    """
    placed: list[tuple[Block, Table | None, str]] = []
    written: set[str] = set()
    for at, block in enumerate(blocks):
        table, above = None, ""
        if isinstance(block, Chart):
            after = blocks[at + 1] if at + 1 < len(blocks) else None
            if block.table.name in written:
                above = block.table.title
            elif not (isinstance(after, Chart) and after.table == block.table):
                table = block.table
        elif isinstance(block, Table):
            if block.name in written:
                continue
            table = block
        if table is not None:
            written.add(table.name)
        placed.append((block, table, above))
    return placed
