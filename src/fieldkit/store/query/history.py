"""Reading from the journal: the ops of records, their history, conflicts, and erasing ops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from fieldkit.errors import NotFound, SeveralRecords
from fieldkit.records.schema.kind import kinds
from fieldkit.store.db.sql import chunks, execute, marks
from fieldkit.store.oplog.fold import erases, fold, interpret, unseen_by_deletion
from fieldkit.store.oplog.ops import DELETED, ERASED, REDACTS, Op, decode_stored, is_proof
from fieldkit.store.oplog.receipt_codes import KIND as WITHDRAWAL
from fieldkit.store.oplog.record_ids import made_by
from fieldkit.store.oplog.redaction import effective_ops
from fieldkit.text import clean_line, quoted


@dataclass(frozen=True)
class Step:
    """One change in a record's history. `current` names the fields whose values from this change are still current."""

    ref: str
    stamp: int
    origin: str
    fields: dict[str, Any]
    preds: dict[str, list[str]]
    current: frozenset[str]


@dataclass(frozen=True)
class ConflictValue:
    """One of the values of a conflict, with who set it and when."""

    value: Any
    origin: str
    stamp: int
    ref: str


@dataclass(frozen=True)
class FieldConflict:
    """A field with more than one current value; the first value is the one shown."""

    kind: str
    record_id: str
    field: str
    values: tuple[ConflictValue, ...]


def find_record(connection: Connection, name_or_id: str, kind: str = "") -> tuple[str, str]:
    """(kind, id) of the record with this id, or whose id begins or ends with these characters (four or more), of `kind` if given.

    `name_or_id` may name the kind as well, as in `event:7t60rd80`.

    Raises:
        NotFound: none, or more than one.
    """
    before, colon, after = clean_line(name_or_id).partition(":")
    if colon and not kind:
        kind, name_or_id = before.strip().lower(), after
    record_id = _find_id(connection, name_or_id)
    if kind:
        return kind, record_id
    named = _kinds_meant(connection, record_id)
    if len(named) > 1:
        each = " or ".join(f"{name}:{record_id}" for name in named)
        raise SeveralRecords(f"{len(named)} records have the id “{record_id}”.", hint=f"Name one: {each}")
    return (named[0] if named else ""), record_id


def kinds_of(connection: Connection, record_id: str) -> list[str]:
    """The kinds of the records with this id."""
    return sorted({op.kind for op in _ops_by_journal(connection, record_id)})


def _kinds_meant(connection: Connection, record_id: str) -> list[str]:
    """The kinds of the records with this id, or the kind that the id proves. Erased records count only if all are erased."""
    ops = _ops_by_journal(connection, record_id)
    named = {op.kind for op in ops}
    named = named.difference(op.kind for op in ops if erases(op)) or named
    made = {op.kind for op in effective_ops(ops) if made_by(op)} & named if len(named) > 1 else set()
    return sorted(made if len(made) == 1 else named)


def _ops_by_journal(connection: Connection, record_id: str) -> list[Op]:
    """All ops under an id, of any kind, with those that never travel first."""
    return [
        decode_stored(row[0])
        for journal in ("local_op", "op")
        for row in execute(
            connection,
            f"SELECT body FROM {journal} "  # noqa: S608  # a fixed name
            "WHERE record = ? AND body IS NOT NULL GROUP BY body ORDER BY min(id)",
            (record_id,),
        )
    ]


def _find_id(connection: Connection, text: str) -> str:
    """The whole id for an id, or for at least four characters that it begins or ends with."""
    # Ids are plain letters and digits; other text may not even be valid in the database.
    asked = clean_line(text).lower()
    ids: set[str] = set()
    for journal in ("op", "local_op"):
        if execute(connection, f"SELECT 1 FROM {journal} WHERE record = ? LIMIT 1", (asked,)).fetchone():  # noqa: S608  # a fixed name
            return asked
        if len(asked) >= 4 and asked.isalnum():
            # A range for the beginning (the index serves it), a scan for the end.
            ids.update(
                row[0]
                for row in execute(
                    connection,
                    f"SELECT DISTINCT record FROM {journal} "  # noqa: S608  # a fixed name
                    "WHERE (record >= ? AND record < ?) OR record LIKE ? LIMIT 3",
                    (asked, asked + "~", "%" + asked),
                )
            )
    if len(ids) == 1:
        return ids.pop()
    if ids:
        raise NotFound(
            f"More than one record has {quoted(asked, 40)} in its id.", hint="Give more of the id."
        )
    raise NotFound(
        f"There is no record {quoted(asked, 40)} here.", hint="See what there is with: fieldkit list KIND"
    )


def ops_of(connection: Connection, record_id: str, kind: str) -> list[Op]:
    """The ops of one record. Kind and id together name a record; records of other kinds may have the same id."""
    return [op for op in _ops_by_journal(connection, record_id) if op.kind == kind]


def fingerprint(connection: Connection, kind: str, record_id: str, name: str) -> str:
    """See `Kit.fingerprint`."""
    ops = ops_of(connection, record_id, kind)
    record = fold(ops) if ops else None
    if record is None or name in record.conflicts or not record.heads.get(name):
        return ""
    shown = record.heads[name][0]
    value = shown.fields[name]
    return sha256(f"{shown.salt}\n{value}".encode()).hexdigest() if isinstance(value, str) else ""


def erased_tails(connection: Connection) -> list[str]:
    """The tails of the ids of all records that were withdrawn here, and `kind:id` of those that were erased.

    Skeletons do not count: they may come from a redaction.
    """
    tails = {row[0] for row in execute(connection, "SELECT tail FROM withdrawn")}
    return sorted(tails | {f"{op.kind}:{op.record_id}" for _, op in naming(connection, ERASED) if erases(op)})


def naming(connection: Connection, *names: str) -> Iterator[tuple[bytes, Op]]:
    """(hash, op) of the ops whose lines contain one of these names, and perhaps of some others. Reads the whole journal."""
    condition = " OR ".join(["instr(body, ?)"] * len(names))
    for digest, body in execute(
        connection,
        f"SELECT hash, body FROM op WHERE {condition}",  # noqa: S608  # marks
        [f'"{name}"'.encode() for name in names],
    ):
        yield bytes(digest), decode_stored(body)


def erasing(connection: Connection) -> Iterator[tuple[bytes, Op]]:
    """(hash, op) of all erasing ops: erasures, withdrawals and redactions. They hold no text. Reads the whole journal."""
    for digest, op in naming(connection, ERASED, WITHDRAWAL, REDACTS):
        if (
            erases(op)
            or REDACTS in op.fields
            or (op.kind == WITHDRAWAL and isinstance(op.fields.get("code"), str))
        ):
            yield digest, op


def erased_since(connection: Connection, last: Mapping[str, int]) -> int:
    """How many records the orders erase, or their old text, that are held beyond these changes: origin -> last seq."""
    number = set[tuple[str, str]]()
    for name, origin_id in execute(connection, "SELECT name, id FROM origin").fetchall():
        for (body,) in execute(
            connection,
            "SELECT body FROM op WHERE origin = ? AND seq > ? AND (instr(body, ?) OR instr(body, ?))",
            (origin_id, last.get(name, 0), f'"{ERASED}"'.encode(), f'"{REDACTS}"'.encode()),
        ):
            op = decode_stored(body)
            if erases(op) or REDACTS in op.fields:
                number.add((op.kind, op.record_id))
    return len(number)


def places_of(ops: Iterable[tuple[bytes, Op]]) -> dict[str, list[tuple[int, bytes]]]:
    """Origin -> (seq, hash) of those of `ops` in its stream or a branch, in order. The ops themselves are not kept in memory."""
    places: dict[str, list[tuple[int, bytes]]] = {}
    for digest, op in ops:
        places.setdefault(op.origin, []).append((op.seq, digest))
    return {origin: sorted(marks) for origin, marks in places.items()}


def rows_of(
    connection: Connection, kind: str, record_ids: Sequence[str]
) -> dict[str, list[tuple[bytes, Op]]]:
    """Record -> (hash, op) of every op held of shared records of a kind."""
    rows: dict[str, list[tuple[bytes, Op]]] = {}
    for chunk in chunks(record_ids):
        for record_id, digest, body in execute(
            connection,
            f"SELECT record, hash, body FROM op WHERE record IN ({marks(chunk)}) AND body IS NOT NULL ORDER BY id",  # noqa: S608  # marks
            chunk,
        ):
            if (op := decode_stored(body)).kind == kind:
                rows.setdefault(record_id, []).append((bytes(digest), op))
    return rows


def history(connection: Connection, name_or_id: str, kind: str = "") -> list[Step]:
    """See `Kit.history`."""
    kind, record_id = find_record(connection, name_or_id, kind)
    ops = ops_of(connection, record_id, kind)
    if not ops:
        raise NotFound("That record was erased.", kept="Nothing of its content is held here.")
    record = fold(ops)
    current: dict[str, set[str]] = {}
    for name, heads in record.heads.items():
        for op in heads:
            current.setdefault(op.ref, set()).add(name)
    # In the order of their stamps. Redactions come last, since they erase earlier text, whatever the clocks showed.
    steps = []
    for op in record.ops:
        fields = {
            name: _shown(op.kind, name, value)
            for name, value in op.fields.items()
            if not is_proof(op.kind, name)
        }
        steps.append(Step(op.ref, op.stamp, op.origin, fields, op.preds, frozenset(current.get(op.ref, ()))))
    for op in ops:
        if REDACTS in op.fields:
            names = sorted({name for named in op.fields[REDACTS].values() for name in named})
            fields = {REDACTS: ", ".join(names)}
            steps.append(Step(op.ref, op.stamp, op.origin, fields, {}, frozenset(fields)))
    return steps


def conflicts(connection: Connection, limit: int) -> list[FieldConflict]:
    """See `Kit.conflicts`."""
    listed = []
    for record_id, name, kind in execute(
        connection, "SELECT record_id, field, kind FROM conflict ORDER BY record_id, field LIMIT ?", (limit,)
    ).fetchall():
        record = fold(ops_of(connection, record_id, kind))
        heads = record.heads.get(name, [])
        current = [
            ConflictValue(_shown(kind, name, op.fields[name]), op.origin, op.stamp, op.ref) for op in heads
        ]
        if name == DELETED and len({repr(each.value) for each in current}) == 1:
            current += [
                ConflictValue(False, op.origin, op.stamp, op.ref) for op in unseen_by_deletion(record)
            ]
        listed.append(FieldConflict(kind, record_id, name, tuple(current)))
    return listed


def conflicting(connection: Connection) -> dict[tuple[str, str], int]:
    """See `Kit.conflicting`."""
    rows = execute(connection, "SELECT kind, field, count(*) FROM conflict GROUP BY kind, field")
    return {(kind, field): int(number) for kind, field, number in rows}


def _shown(kind: str, name: str, value: Any) -> Any:
    """One value of a field, made safe to show: an op holds it as another laptop wrote it."""
    if name == DELETED:
        return value
    values, extra = interpret(kinds().get(kind), {name: value})
    return values.get(name, extra.get(name))
