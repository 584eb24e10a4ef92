"""The tables of a document as CSV files with a data dictionary and a `datapackage.json` (Frictionless Data Package 1.0)."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence

from fieldkit.documents.blocks import STAR, Cell, Column, Document, Table, printable, printed
from fieldkit.documents.table_cells import distinct, is_numeric
from fieldkit.printed_figure import Shown
from fieldkit.spreadsheets import as_text, csv_cell

DICTIONARY, PACKAGE = "data-dictionary.csv", "datapackage.json"
_DICTIONARY_HEADS = ("table", "column", "title", "type", "unit", "base", "counted", "preset", "star")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


def data_package(document: Document, *, name: str, preset: str, star: str) -> dict[str, bytes]:
    """File names and contents: a CSV file for each table, the dictionary and the package's description.

    `preset` and `star`: the name of the disclosure rule, and a sentence on what a star means.
    """
    tables = distinct(document.tables())
    contents = {f"{table.name}.csv": _csv([column_names(table), *map(_row, table.rows)]) for table in tables}
    rows: list[Sequence[str]] = [_DICTIONARY_HEADS]
    for table in tables:
        for at, (column, plain) in enumerate(zip(table.columns, column_names(table), strict=True)):
            rows.append((*_described(table, at, column, plain), preset, star))
    contents[DICTIONARY] = _csv(rows)
    contents[PACKAGE] = _package(document, tables, name)
    return contents


def column_names(table: Table) -> list[str]:
    """Names for programs: small letters, digits and underscores, each unique."""
    names: list[str] = []
    for column in table.columns:
        plain = _NOT_IN_NAMES.sub("_", column.title.casefold().replace("%", "percent")).strip("_") or "column"
        number, name = 1, plain
        while name in names:
            number += 1
            name = f"{plain}_{number}"
        names.append(name)
    return names


def _row(row: Sequence[Cell]) -> list[str]:
    return [as_text(cell.value) if isinstance(cell, Shown) else csv_cell(printed(cell)) for cell in row]


def _described(table: Table, at: int, column: Column, plain: str) -> tuple[str, ...]:
    kind = "number" if is_numeric(table, at) else "text"
    return (
        table.name,
        plain,
        *(csv_cell(printable(text)) for text in (column.title, kind, column.unit, column.base, table.about)),
    )


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _package(document: Document, tables: list[Table], name: str) -> bytes:
    described = {
        "profile": "tabular-data-package",
        "name": name,
        "title": printable(document.title),
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": table.name,
                "path": f"{table.name}.csv",
                "title": printable(table.title),
                "description": printable(table.about),
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {
                    "fields": [
                        {
                            "name": plain,
                            "title": printable(column.title),
                            "type": "number" if is_numeric(table, at) else "string",
                            "description": "; ".join(
                                printable(text) for text in (column.unit, column.base) if text
                            ),
                        }
                        for at, (column, plain) in enumerate(
                            zip(table.columns, column_names(table), strict=True)
                        )
                    ],
                    "missingValues": ["", STAR],
                },
            }
            for table in tables
        ],
    }
    return (json.dumps(described, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
