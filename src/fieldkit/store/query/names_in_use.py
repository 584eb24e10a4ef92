"""Names and codes that records hold: terms, spellings, and which of them count as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from fieldkit.records.provider_names import ProviderNames
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind
from fieldkit.records.schema.terms import codes_by_list, same_codes
from fieldkit.spelling import folded
from fieldkit.store.db.sql import execute, quoted
from fieldkit.store.projection.tables import table_of

#: The number of records examined for names in use, so that opening a form is fast in a kit of a million records.
_NEWEST = 5_000


def provider_names(connection: Connection) -> ProviderNames:
    """See `Kit.provider_names`."""
    table = table_of("provider")
    assert table is not None
    sql = f"SELECT record_id, created, name, ods_code, spellings FROM {table.name} WHERE deleted = 0"  # noqa: S608  # a name from the models
    return ProviderNames(
        (record_id, created, {"name": name, "ods_code": code, "spellings": spelt})
        for record_id, created, name, code, spelt in execute(connection, sql).fetchall()
    )


def spellings(connection: Connection, kind: Kind, field: str, value: str) -> list[str]:
    """The spellings of `value` that live records hold in a field, and other names of the provider that it means."""
    table = table_of(kind.name)
    assert table is not None
    name, wanted = quoted(field), {folded(value)}
    if kind.fields[field].named_after == "provider":
        known = provider_names(connection)
        wanted |= known.keys_of(known.provider_of(value))
    sql = f"SELECT DISTINCT {name} FROM {table.name} WHERE deleted = 0 AND {name} IS NOT NULL"  # noqa: S608  # names from the models
    return [row[0] for row in execute(connection, sql) if folded(row[0]) in wanted]


def names_in_use(connection: Connection, kind: Kind, field: str) -> list[str]:
    """See `Kit.names_in_use`."""
    table = table_of(kind.name)
    assert table is not None
    newest = f"SELECT {quoted(field)} AS name FROM {table.name} WHERE deleted = 0 ORDER BY row DESC LIMIT ?"  # noqa: S608  # names from the models
    sql = f"SELECT name FROM ({newest}) WHERE name IS NOT NULL GROUP BY name ORDER BY count(*) DESC, name"  # noqa: S608  # the statement above
    names: dict[str, str] = {}
    for (name,) in execute(connection, sql, (_NEWEST,)):
        names.setdefault(folded(name), name)
    return list(names.values())


def terms(connection: Connection) -> dict[str, dict[str, str]]:
    """See `Kit.terms`."""
    table = table_of("term")
    assert table is not None
    # In the order of their creation: the same on every laptop, whatever was merged first.
    sql = f"SELECT list_name, code, label FROM {table.name} WHERE deleted = 0 ORDER BY created, record_id"  # noqa: S608  # a name from the models
    return codes_by_list(row for row in execute(connection, sql).fetchall() if row[0] and row[1])


def codes_counted_as(connection: Connection, kind: Kind, names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Field -> code -> the code of the term under which it counts, if different; for the fields in `names`.

    Codes in records without a term here, because it was deleted or has not arrived, come after the terms.
    """
    fields = [kind.fields[name] for name in names if name in kind.fields]
    fields = [spec for spec in fields if spec.codes and spec.code_list.open]
    own = terms(connection) if fields else {}
    counted: dict[str, dict[str, str]] = {}
    for spec in fields:
        labels = own.get(spec.codes, {})
        here = [code for code in _codes_held(connection, kind, spec) if code not in labels]
        if others := [code for code in here if code not in spec.code_list.codes]:
            pairs = [*labels.items(), *((code, code) for code in sorted(others))]
            labels = codes_by_list((spec.codes, code, label) for code, label in pairs)[spec.codes]
        same = same_codes(spec.codes, labels)
        if different := {code: first for code, first in same.items() if code != first}:
            counted[spec.name] = different
    return counted


def _codes_held(connection: Connection, kind: Kind, spec: FieldSpec) -> list[str]:
    """The codes that live records hold in a field."""
    table = table_of(kind.name)
    assert table is not None
    column = f"{table.name}.{quoted(spec.name)}"
    code, source = ("value", f"{table.name}, json_each({column})") if spec.several else (column, table.name)
    sql = f"SELECT DISTINCT {code} FROM {source} WHERE deleted = 0 AND {column} IS NOT NULL"  # noqa: S608  # names from the models
    return [row[0] for row in execute(connection, sql)]


def as_counted(value: Any, same: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return sorted({same.get(code, code) for code in value})
    return same.get(value, value)
