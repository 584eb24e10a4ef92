"""What all writers need to know about tables: which columns hold numbers, and where each table is written."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.documents.blocks import Block, Chart, Table

MOST_TOGETHER = 26
"""The most rows of a table that is kept on one page."""


def is_numeric(table: Table, column: int) -> bool:
    """Whether a column holds numbers, including stars."""
    return any(not isinstance(row[column], str) for row in table.rows)


def distinct(tables: list[Table]) -> list[Table]:
    """The tables in order, each once: several charts may share one.

    Raises:
        ValueError: two different tables have the same name.
    """
    by_name: dict[str, Table] = {}
    for table in tables:
        if by_name.setdefault(table.name, table) != table:
            raise ValueError(f"two tables are called {table.name}")
    return list(by_name.values())


def with_tables(blocks: Sequence[Block]) -> list[tuple[Block, Table | None, str]]:
    """Each block with the table to write after it, and the title of the table above that holds its numbers.

    A table is written once. For several charts in succession, their shared table comes after the last of them.
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
