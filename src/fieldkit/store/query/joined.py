"""People with several joined records: everything read about them shows one person, under the record that is kept.

No row is changed. There are few joins, so all of them are read and cached, until a record of a person or an answer about two
people changes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from fieldkit.records.kinds.same_person import SAME_PERSON
from fieldkit.records.same_people import Join, Person, SamePeople
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind
from fieldkit.store.db.sql import chunks, execute, marks, quoted
from fieldkit.store.oplog.fold import erases
from fieldkit.store.oplog.receipt_codes import TAIL
from fieldkit.store.projection.tables import table_of
from fieldkit.store.query.history import ops_of

PERSON = "person"
_NOBODY = SamePeople()
_read: WeakKeyDictionary[Engine, tuple[Any, SamePeople]] = WeakKeyDictionary()


def same_people(connection: Connection) -> SamePeople:
    """The people who have several records, as this connection sees them now."""
    tallies = execute(
        connection,
        "SELECT kind, live, total FROM tally WHERE kind IN (?, ?) ORDER BY kind",
        (PERSON, SAME_PERSON.name),
    ).fetchall()
    if not any(live for kind, live, _ in tallies if kind == SAME_PERSON.name):
        return _NOBODY
    key = [tuple(row) for row in tallies]
    before, known = _read.get(connection.engine, (None, _NOBODY))
    if before != key:
        known = _same_people(connection)
        _read[connection.engine] = key, known
    return known


def _same_people(connection: Connection) -> SamePeople:
    table, people = table_of(SAME_PERSON.name), table_of(PERSON)
    assert table is not None and people is not None
    joins = [
        Join(kept, other if kept == first else first, frozenset((copied or "").split()), record_id)
        for record_id, first, other, kept, copied, conflicts in execute(
            connection,
            f"SELECT record_id, `one`, `other`, `kept`, `taken`, conflicts FROM {table.name} "  # noqa: S608  # a name from the models
            "WHERE deleted = 0 AND `decision` = 'same' AND `kept` IS NOT NULL",
        ).fetchall()
        # While coordinators disagree on whether two records are one person, they are two people.
        if first != other
        and kept in {first, other}
        and not {"decision", "deleted", "one", "other"} & set(json.loads(conflicts or "[]"))
    ]
    held: dict[str, Person] = {}
    fields = people.kind.fields
    names = ", ".join(map(quoted, fields))
    for chunk in chunks(sorted({each for join in joins for each in (join.kept, join.other)})):
        for record_id, created, *row in execute(
            connection,
            f"SELECT record_id, created, {names} FROM {people.name} WHERE deleted = 0 AND record_id IN ({marks(chunk)})",  # noqa: S608  # names from the models
            chunk,
        ):
            held[record_id] = created, read_values(fields, row)
    return SamePeople(joins, held)


def read_values(fields: Mapping[str, FieldSpec], row: Any) -> dict[str, Any]:
    """The non-empty values of a record, from its columns in the order of `fields`."""
    return {
        name: json.loads(value) if spec.several else value
        for (name, spec), value in zip(fields.items(), row, strict=True)
        if value is not None
    }


def points_to_people(kind: Kind, name: str) -> bool:
    """Whether a field links to people, whose joined records count as one. Answers about two records name each by itself."""
    spec = kind.fields.get(name)
    return spec is not None and spec.link == PERSON and kind.name != SAME_PERSON.name


def kept_links(people: SamePeople, value: Any) -> Any:
    """The value of a link or links, with each joined record replaced by the kept one."""
    if isinstance(value, list):
        return sorted({people.kept_of(each) for each in value})
    return people.kept_of(value) if isinstance(value, str) else value


def joined_values(
    connection: Connection, kind: Kind, record_id: str, values: dict[str, Any]
) -> dict[str, Any]:
    """The values shown for a record: a person's answers from all of their records; links to people by the kept record."""
    people = same_people(connection)
    if not people:
        return values
    if kind.name == PERSON and record_id in people:
        return people.values_of(record_id)
    return {
        name: kept_links(people, value) if points_to_people(kind, name) else value
        for name, value in values.items()
    }


def erased_elsewhere(connection: Connection) -> list[str]:
    """The live records of people who have another record that was erased or withdrawn."""
    people = same_people(connection)
    erased = {
        record_id for record_id in people.kept if record_id not in people and _erased(connection, record_id)
    }
    return sorted(
        record_id
        for record_id in people.kept
        if record_id in people and erased.intersection(people.records_of(record_id))
    )


def _erased(connection: Connection, record_id: str) -> bool:
    endings = (record_id[-TAIL:], f"{PERSON}:{record_id}")
    if execute(connection, "SELECT 1 FROM withdrawn WHERE tail IN (?, ?)", endings).fetchone():
        return True
    return any(erases(op) for op in ops_of(connection, record_id, PERSON))
