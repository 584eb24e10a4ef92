"""Reading from the record tables: records, pages, counts, as plain values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from fieldkit.errors import Misuse, NotFound
from fieldkit.records.provider_names import ProviderNames
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind, kinds, search_index
from fieldkit.records.schema.terms import same_codes, united
from fieldkit.spelling import folded
from fieldkit.store.db.engine import SEARCH_CACHE_KIB
from fieldkit.store.db.sql import chunks, execute, marks, quoted
from fieldkit.store.oplog.fold import everything_seen, fold, interpret
from fieldkit.store.oplog.ops import Op
from fieldkit.store.projection.tables import table_of
from fieldkit.store.query import search
from fieldkit.store.query.history import find_record, ops_of

#: So many records are looked at for names in use: opening a form does not take longer in a kit of a million.
_NEWEST = 5_000


@dataclass(frozen=True)
class Stored:
    """A record as it is shown. `values` holds canonical values, without empty fields.

    `heads` maps each field to the refs of its current values: what an edit of this record will replace; `everything` is what
    a deletion will have seen. Both are filled when one record is read, not in pages.
    """

    kind: str
    record_id: str
    values: dict[str, Any]
    created: int = 0
    updated: int = 0
    origin: str = ""
    deleted: bool = False
    conflicts: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    heads: dict[str, list[str]] = field(default_factory=dict)
    everything: tuple[str, ...] = ()

    @classmethod
    def of_op(cls, op: Op) -> Stored:
        """The record that one creating op makes."""
        heads = {name: [op.ref] for name in op.fields}
        return cls(
            op.kind,
            op.record_id,
            dict(op.fields),
            op.stamp,
            op.stamp,
            op.origin,
            heads=heads,
            everything=(op.ref,),
        )

    @property
    def name(self) -> str:
        """Kind and id together, `event:ID`: the id alone may be that of a record of another kind, too."""
        return f"{self.kind}:{self.record_id}"

    def as_dict(self) -> dict[str, Any]:
        """One flat object for JSON: id, kind, when, where from, every field that is set, and what clashes."""
        shown: dict[str, Any] = {"id": self.record_id, "kind": self.kind, **self.values}
        shown.update(created=self.created, updated=self.updated, origin=self.origin)
        shown.update(deleted=self.deleted, conflicts=list(self.conflicts))
        if self.extra:
            shown["extra"] = self.extra
        return shown


_HEAD = "record_id, created, updated, origin, deleted, conflicts, extra"


@cache
def _select(kind: str) -> str:
    table = table_of(kind)
    assert table is not None
    names = "".join(f", {quoted(name)}" for name in table.kind.fields)
    return f"SELECT {_HEAD}{names} FROM {table.name}"  # noqa: S608  # names from the models


def _stored(kind: Kind, row: Sequence[Any]) -> Stored:
    record_id, created, updated, origin, deleted, conflicts, extra = row[:7]
    values = {}
    for (name, spec), value in zip(kind.fields.items(), row[7:], strict=True):
        if value is not None:
            values[name] = json.loads(value) if spec.several else value
    return Stored(
        kind.name,
        record_id,
        values,
        created,
        updated,
        origin,
        bool(deleted),
        tuple(json.loads(conflicts)) if conflicts else (),
        json.loads(extra) if extra else {},
    )


def get(connection: Connection, words: str, kind: str = "") -> Stored:
    """See `Kit.get`."""
    kind, record_id = find_record(connection, words, kind)
    return _as_stored(ops_of(connection, record_id, kind))


def get_exactly(connection: Connection, record_id: str, kind: str) -> Stored:
    """The record of `kind` with this whole id, whatever else bears it.

    Raises:
        NotFound: there is none, or it was erased.
    """
    return _as_stored(ops_of(connection, record_id, kind))


def _as_stored(ops: list[Op]) -> Stored:
    record = fold(ops) if ops else None
    if record is None or record.erased:
        raise NotFound("That record was erased.", kept="Nothing of its content is held here.")
    record_id = record.record_id
    known, extra = interpret(kinds().get(record.kind), record.fields)
    return Stored(
        record.kind,
        record_id,
        known,
        record.created,
        record.updated,
        record.origin,
        record.deleted,
        tuple(record.conflicts),
        extra,
        {name: [op.ref for op in heads] for name, heads in record.heads.items()},
        tuple(everything_seen(record)),
    )


def code_state(connection: Connection, kind: Kind, tail: str) -> tuple[bool, bool]:
    """Whether a record of `kind` has the receipt code with this tail, and whether the code was withdrawn."""
    table = table_of(kind.name)
    assert table is not None
    statement = f"SELECT 1 FROM {table.name} WHERE record_id LIKE ? LIMIT 1"  # noqa: S608  # a name from the models
    is_used = execute(connection, statement, (f"%{tail}",)).fetchone() is not None
    row = execute(connection, "SELECT 1 FROM withdrawn WHERE tail = ?", (tail,)).fetchone()
    return is_used, row is not None


def _filter(
    connection: Connection, kind: Kind, text: str, where: Mapping[str, Any], deleted: bool
) -> tuple[str, list[Any]]:
    parts: list[str] = ["deleted = ?"]
    values: list[Any] = [int(deleted)]
    counted_as = _counted_as(connection, kind, where)
    for name, value in where.items():
        if name not in kind.fields and name not in {"origin", "record_id"}:
            raise Misuse(f"“{name[:40]}” is not a field of {kind.title.lower()}.")
        if several := _same(connection, kind, name, value, counted_as):
            parts.append(f"{quoted(name)} IN ({marks(several)})")
            values += several
        else:
            parts.append(f"{quoted(name)} IS ?")
            values.append(json.dumps(value) if isinstance(value, list) else value)
    if text.strip():
        execute(connection, f"PRAGMA cache_size = -{SEARCH_CACHE_KIB}")
        sql, bound = search.condition(kind, text, terms(connection), counts(connection))
        parts += [sql] if sql else []
        values += bound
    return " AND ".join(parts), values


def _same(
    connection: Connection, kind: Kind, name: str, value: Any, counted_as: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """What else counts as `value` in a field, with `value`: codes of one term, spellings of one name. Empty for nothing else."""
    if not isinstance(value, str) or name not in kind.fields:
        return []
    if kind.fields[name].named_freely:
        return sorted({value, *spellings(connection, kind, name, value)})
    same = counted_as.get(name, {})
    first = same.get(value, value)
    return sorted({first, value, *(code for code, other in same.items() if other == first)}) if same else []


def _source(kind: Kind, where: Mapping[str, Any]) -> str:
    """The table to search, by the index made for it unless values narrow the search already."""
    table = table_of(kind.name)
    assert table is not None
    return table.name if where else f"{table.name} INDEXED BY {search_index(kind)}"


def page(
    connection: Connection,
    kind: Kind,
    offset: int,
    limit: int,
    text: str,
    where: Mapping[str, Any],
    deleted: bool,
) -> list[Stored]:
    """See `Kit.page`."""
    table = table_of(kind.name)
    assert table is not None
    if text.strip() or where:
        condition, values = _filter(connection, kind, text, where, deleted)
        source = _source(kind, where)
    else:
        # Without a filter the index on `deleted` alone leads to the page, however deep it lies.
        condition, values, source = "deleted = ?", [int(deleted)], table.name
    rows = [
        row[0]
        for row in execute(
            connection,
            f"SELECT row FROM {source} WHERE {condition} ORDER BY row DESC LIMIT ? OFFSET ?",  # noqa: S608  # names from the models
            [*values, limit, offset],
        )
    ]
    found: list[Stored] = []
    for some in chunks(rows):
        sql = f"{_select(kind.name)} WHERE row IN ({marks(some)}) ORDER BY row DESC"
        found += [_stored(kind, row) for row in execute(connection, sql, some)]
    return found


def count(connection: Connection, kind: Kind, text: str, where: Mapping[str, Any], deleted: bool) -> int:
    """See `Kit.count`."""
    if not text.strip() and not where:
        column = "deleted" if deleted else "live"
        row = execute(connection, f"SELECT {column} FROM tally WHERE kind = ?", (kind.name,)).fetchone()  # noqa: S608  # a fixed name
        return int(row[0]) if row else 0
    condition, values = _filter(connection, kind, text, where, deleted)
    sql = f"SELECT count(*) FROM {_source(kind, where)} WHERE {condition}"  # noqa: S608  # names from the models
    return int(execute(connection, sql, values).fetchone()[0])


def alike(connection: Connection, kind: Kind, name: str) -> list[Stored]:
    """See `Kit.alike`."""
    sql, values = search.called(kind, name)
    rows = execute(
        connection,
        f"SELECT record_id FROM {_source(kind, {})} WHERE deleted = 0 AND {sql} ORDER BY row DESC",  # noqa: S608  # names from the models
        values,
    ).fetchall()
    found = many(connection, kind, [row[0] for row in rows])
    wanted, field = folded(name), kind.label[0]
    return [found[row[0]] for row in rows if folded(str(found[row[0]].values.get(field, ""))) == wanted]


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
    # In the order of their making: the same on every laptop, whatever was merged first.
    sql = f"SELECT list_name, code, label FROM {table.name} WHERE deleted = 0 ORDER BY created, record_id"  # noqa: S608  # a name from the models
    return united(row for row in execute(connection, sql).fetchall() if row[0] and row[1])


def _counted_as(connection: Connection, kind: Kind, names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Field -> code -> the code of the term under which it counts, where they differ; of the fields in `names`.

    Codes that records hold and that are no term here, because it was deleted or has not arrived, come after the terms.
    """
    fields = [kind.fields[name] for name in names if name in kind.fields]
    fields = [spec for spec in fields if spec.codes and spec.code_list.open]
    own = terms(connection) if fields else {}
    found: dict[str, dict[str, str]] = {}
    for spec in fields:
        labels = own.get(spec.codes, {})
        here = [code for code in _codes_held(connection, kind, spec) if code not in labels]
        if others := [code for code in here if code not in spec.code_list.codes]:
            pairs = [*labels.items(), *((code, code) for code in sorted(others))]
            labels = united((spec.codes, code, label) for code, label in pairs)[spec.codes]
        same = same_codes(spec.codes, labels)
        if different := {code: first for code, first in same.items() if code != first}:
            found[spec.name] = different
    return found


def _codes_held(connection: Connection, kind: Kind, spec: FieldSpec) -> list[str]:
    """The codes that live records hold in a field."""
    table = table_of(kind.name)
    assert table is not None
    column = f"{table.name}.{quoted(spec.name)}"
    code, source = ("value", f"{table.name}, json_each({column})") if spec.several else (column, table.name)
    sql = f"SELECT DISTINCT {code} FROM {source} WHERE deleted = 0 AND {column} IS NOT NULL"  # noqa: S608  # names from the models
    return [row[0] for row in execute(connection, sql)]


def value_counts(
    connection: Connection, kind: Kind, field: str, where: Mapping[str, Any]
) -> tuple[int, int, int]:
    """See `Kit.value_counts`."""
    if field not in kind.fields:
        raise Misuse(f"“{field[:40]}” is not a field of {kind.title.lower()}.")
    table = table_of(kind.name)
    assert table is not None
    condition, values = _filter(connection, kind, "", where, False)
    figures = f"count(*), count(`{field}`), count(DISTINCT `{field}`)"
    sql = f"SELECT {figures} FROM {table.name} WHERE {condition}"  # noqa: S608  # names from the models
    records, held, different = execute(connection, sql, values).fetchone()
    return int(records), int(held), int(different)


def made_since(
    connection: Connection, kinds: Sequence[str], origin: str, stamp: int, most: int
) -> tuple[int, bool]:
    """See `Kit.made_since`."""
    latest = [
        row[0]
        for row in execute(
            connection,
            "SELECT record FROM op WHERE origin = (SELECT id FROM origin WHERE name = ?) ORDER BY seq DESC LIMIT ?",
            (origin, most + 1),
        )
    ]
    total = 0
    oldest = False
    for some in chunks(latest):
        for name in kinds:
            table = table_of(name)
            assert table is not None
            for record_id, created, maker, deleted in execute(
                connection,
                f"SELECT record_id, created, origin, deleted FROM {table.name} WHERE record_id IN ({marks(some)})",  # noqa: S608  # names from the models
                some,
            ):
                if created >= stamp and maker == origin and not deleted:
                    total += 1
                    oldest |= record_id == latest[-1]
    more = oldest and len(latest) > most
    return min(total, most), more


def many(connection: Connection, kind: Kind, record_ids: Sequence[str]) -> dict[str, Stored]:
    """See `Kit.many`."""
    found: dict[str, Stored] = {}
    for some in chunks(record_ids):
        for row in execute(connection, f"{_select(kind.name)} WHERE record_id IN ({marks(some)})", some):
            found[row[0]] = _stored(kind, row)
    return found


def columns(
    connection: Connection, kind: Kind, fields: Sequence[str], where: Mapping[str, Any]
) -> Iterator[tuple[Any, ...]]:
    """See `Kit.columns`."""
    table = table_of(kind.name)
    assert table is not None
    for name in fields:
        if name not in kind.fields and name not in {"record_id", "created", "updated", "origin"}:
            raise Misuse(f"“{name[:40]}” is not a field of {kind.title.lower()}.")
    names = ", ".join(map(quoted, fields))
    lists = [
        position for position, name in enumerate(fields) if name in kind.fields and kind.fields[name].several
    ]
    condition, values = _filter(connection, kind, "", where, False)
    sql = f"SELECT {names} FROM {table.name} WHERE {condition} ORDER BY row"  # noqa: S608  # names from the models
    counted_as = _counted_as(connection, kind, fields)
    same = {at: counted_as[name] for at, name in enumerate(fields) if name in counted_as}
    for row in execute(connection, sql, values):
        if lists:
            row = [json.loads(value) if at in lists and value else value for at, value in enumerate(row)]
        if same:
            row = [_one_term(value, same[at]) if at in same else value for at, value in enumerate(row)]
        yield tuple(row)


def _one_term(value: Any, same: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return sorted({same.get(code, code) for code in value})
    return same.get(value, value)


def not_understood(connection: Connection, asked: Iterable[Kind]) -> int:
    """See `Kit.not_understood`."""
    tables = [quoted(kind.name) for kind in asked]
    statements = (
        f"SELECT count(*) FROM {table} WHERE deleted = 0 AND extra IS NOT NULL"  # noqa: S608  # names from the models
        for table in tables
    )
    return sum(execute(connection, statement).fetchone()[0] for statement in statements)


def counts(connection: Connection) -> dict[str, int]:
    """See `Kit.counts`."""
    held = dict(execute(connection, "SELECT kind, live FROM tally").fetchall())
    known = {name: int(held.pop(name, 0)) for name, kind in kinds().items() if kind.shared}
    return known | {name: int(live) for name, live in held.items() if name not in kinds()}


def state_hash(connection: Connection) -> str:
    """See `Kit.state_hash`."""
    # The roster says who may speak, not what was said: two coordinators who each trust a laptop hold the
    # same records.
    local = {name for name, kind in kinds().items() if not kind.shared or kind.coordinator_only}
    rows = execute(connection, "SELECT kind, live, deleted, total FROM tally ORDER BY kind").fetchall()
    whole = [
        [kind, live, deleted, total.hex()]
        for kind, live, deleted, total in rows
        if kind not in local and live + deleted
    ]
    return sha256(json.dumps(whole).encode()).hexdigest()
