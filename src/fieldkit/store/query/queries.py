"""Reading from the record tables: records, pages, counts, as plain values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from fieldkit.store.query.joined import (
    PERSON,
    joined_values,
    kept_links,
    points_to_people,
    read_values,
    same_people,
)

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
        """One flat object for JSON: id, kind, when, where from, every field that is set, and the fields in conflict."""
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
    return Stored(
        kind.name,
        record_id,
        read_values(kind.fields, row[7:]),
        created,
        updated,
        origin,
        bool(deleted),
        tuple(json.loads(conflicts)) if conflicts else (),
        json.loads(extra) if extra else {},
    )


def joined_record(connection: Connection, record: Stored) -> Stored:
    """A record as it is shown where people have several: see `joined.joined_values`."""
    kind = kinds().get(record.kind)
    if kind is None:
        return record
    values = joined_values(connection, kind, record.record_id, record.values)
    return record if values is record.values else replace(record, values=values)


def get(connection: Connection, name_or_id: str, kind: str = "") -> Stored:
    """See `Kit.get`."""
    kind, record_id = find_record(connection, name_or_id, kind)
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
    connection: Connection, kind: Kind, text: str, where: Mapping[str, Any], deleted: bool, apart: bool
) -> tuple[str, list[Any]]:
    """The condition for records of a kind. Of a person's records one is shown, if any of them fulfils it; all, if `apart`."""
    sql, values = _conditions(connection, kind, text, where)
    people = same_people(connection)
    if kind.name == PERSON and people.hidden and not deleted and not apart:
        hidden = json.dumps(sorted(people.hidden))
        shown = "record_id NOT IN (SELECT value FROM json_each(?))"
        if not sql:
            return f"deleted = 0 AND {shown}", [hidden]
        fitting = _fitting(connection, people.hidden, sql, values)
        others = json.dumps(sorted(map(people.kept_of, fitting)))
        condition = f"deleted = 0 AND {shown} AND (({sql}) OR record_id IN (SELECT value FROM json_each(?)))"  # noqa: S608  # names from the models
        return condition, [hidden, *values, others]
    return " AND ".join(filter(None, ("deleted = ?", sql))), [int(deleted), *values]


def _fitting(connection: Connection, person_ids: Iterable[str], sql: str, values: Sequence[Any]) -> list[str]:
    """Those of these people's live records that fulfil a condition."""
    table = table_of(PERSON)
    assert table is not None
    asked = f"SELECT record_id FROM {table.name} WHERE deleted = 0 AND record_id IN (SELECT value FROM json_each(?)) AND "  # noqa: S608  # a name from the models
    return [row[0] for row in execute(connection, asked + sql, [json.dumps(sorted(person_ids)), *values])]


def _conditions(
    connection: Connection, kind: Kind, text: str, where: Mapping[str, Any]
) -> tuple[str, list[Any]]:
    parts: list[str] = []
    values: list[Any] = []
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
        people = same_people(connection)
        sql, bound = search.condition(kind, text, terms(connection), counts(connection), people.kept)
        parts += [sql] if sql else []
        values += bound
    return " AND ".join(parts), values


def _same(
    connection: Connection, kind: Kind, name: str, value: Any, counted_as: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """What else counts as `value` in a field, with `value`: codes of one term, spellings of one name. Empty for nothing else."""
    if not isinstance(value, str) or name not in kind.fields:
        return []
    if points_to_people(kind, name):
        records = same_people(connection).records_of(value)
        return list(records) if len(records) > 1 else []
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
    apart: bool = False,
) -> list[Stored]:
    """See `Kit.page`."""
    table = table_of(kind.name)
    assert table is not None
    condition, values = _filter(connection, kind, text, where, deleted, apart)
    # Without a filter the index on `deleted` alone leads to the page, however deep it lies.
    source = _source(kind, where) if text.strip() or where else table.name
    rows = [
        row[0]
        for row in execute(
            connection,
            f"SELECT row FROM {source} WHERE {condition} ORDER BY row DESC LIMIT ? OFFSET ?",  # noqa: S608  # names from the models
            [*values, limit, offset],
        )
    ]
    records: list[Stored] = []
    for chunk in chunks(rows):
        sql = f"{_select(kind.name)} WHERE row IN ({marks(chunk)}) ORDER BY row DESC"
        records += [_stored(kind, row) for row in execute(connection, sql, chunk)]
    return records if apart else [joined_record(connection, record) for record in records]


def count(
    connection: Connection,
    kind: Kind,
    text: str,
    where: Mapping[str, Any],
    deleted: bool,
    apart: bool = False,
) -> int:
    """See `Kit.count`."""
    if not text.strip() and not where:
        column = "deleted" if deleted else "live"
        row = execute(connection, f"SELECT {column} FROM tally WHERE kind = ?", (kind.name,)).fetchone()  # noqa: S608  # a fixed name
        hidden = 0 if deleted or apart or kind.name != PERSON else len(same_people(connection).hidden)
        return int(row[0]) - hidden if row else 0
    condition, values = _filter(connection, kind, text, where, deleted, apart)
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
    candidates = many(connection, kind, [row[0] for row in rows], apart=True)
    wanted, field = folded(name), kind.label[0]
    bearers = [row[0] for row in rows if folded(str(candidates[row[0]].values.get(field, ""))) == wanted]
    if kind.name == PERSON and (people := same_people(connection)):
        bearers = list(dict.fromkeys(map(people.kept_of, bearers)))
    shown = many(connection, kind, bearers)
    return [shown[record_id] for record_id in bearers]


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
    counted: dict[str, dict[str, str]] = {}
    for spec in fields:
        labels = own.get(spec.codes, {})
        here = [code for code in _codes_held(connection, kind, spec) if code not in labels]
        if others := [code for code in here if code not in spec.code_list.codes]:
            pairs = [*labels.items(), *((code, code) for code in sorted(others))]
            labels = united((spec.codes, code, label) for code, label in pairs)[spec.codes]
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


def value_counts(
    connection: Connection, kind: Kind, field: str, where: Mapping[str, Any]
) -> tuple[int, int, int]:
    """See `Kit.value_counts`."""
    if field not in kind.fields:
        raise Misuse(f"“{field[:40]}” is not a field of {kind.title.lower()}.")
    table = table_of(kind.name)
    assert table is not None
    if same_people(connection) and (kind.name == PERSON or points_to_people(kind, field)):
        held = [value for (value,) in columns(connection, kind, [field], where) if value not in (None, [])]
        return (
            count(connection, kind, "", where, False),
            len(held),
            len({json.dumps(value) for value in held}),
        )
    condition, values = _filter(connection, kind, "", where, False, False)
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
    for chunk in chunks(latest):
        for name in kinds:
            table = table_of(name)
            assert table is not None
            for record_id, created, maker, deleted in execute(
                connection,
                f"SELECT record_id, created, origin, deleted FROM {table.name} WHERE record_id IN ({marks(chunk)})",  # noqa: S608  # names from the models
                chunk,
            ):
                if created >= stamp and maker == origin and not deleted:
                    total += 1
                    oldest |= record_id == latest[-1]
    more = oldest and len(latest) > most
    return min(total, most), more


def many(
    connection: Connection, kind: Kind, record_ids: Sequence[str], *, apart: bool = False
) -> dict[str, Stored]:
    """See `Kit.many`."""
    records: dict[str, Stored] = {}
    for chunk in chunks(record_ids):
        for row in execute(connection, f"{_select(kind.name)} WHERE record_id IN ({marks(chunk)})", chunk):
            record = _stored(kind, row)
            records[row[0]] = record if apart else joined_record(connection, record)
    return records


def columns(
    connection: Connection, kind: Kind, fields: Sequence[str], where: Mapping[str, Any], apart: bool = False
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
    condition, values = _filter(connection, kind, "", where, False, apart)
    people = None if apart else same_people(connection)
    whole = kind.name == PERSON and bool(people)
    sql = f"SELECT {'record_id, ' if whole else ''}{names} FROM {table.name} WHERE {condition} ORDER BY row"  # noqa: S608  # names from the models
    linked = [at for at, name in enumerate(fields) if people and points_to_people(kind, name)]
    counted_as = _counted_as(connection, kind, fields)
    same = {at: counted_as[name] for at, name in enumerate(fields) if name in counted_as}
    for row in execute(connection, sql, values):
        person, row = (row[0], row[1:]) if whole else ("", row)
        if lists:
            row = [json.loads(value) if at in lists and value else value for at, value in enumerate(row)]
        if people and linked:
            row = [kept_links(people, value) if at in linked else value for at, value in enumerate(row)]
        if people and person in people:
            joined = people.values_of(person)
            row = [
                joined.get(name) if name in kind.fields else value
                for name, value in zip(fields, row, strict=True)
            ]
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
    known[PERSON] -= len(same_people(connection).hidden)
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
