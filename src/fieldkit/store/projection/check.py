"""Integrity: folding all records anew, and comparing the stored ones with the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection
from sqlcipher3.dbapi2 import DatabaseError

from fieldkit.records.schema.kind import kinds
from fieldkit.store.db.sql import execute, quoted
from fieldkit.store.oplog.fold import fold
from fieldkit.store.oplog.ops import GENESIS, REDUCED, Op, chain, decode_stored
from fieldkit.store.projection.projection import Projection
from fieldkit.store.projection.tables import Groups, TableOf, table_of

#: Problems beyond this number are counted, not listed.
MOST = 50
#: Bytes of ops that are folded at once.
_PORTION = 4 << 20


def rebuild(connection: Connection) -> None:
    """Empty the record tables and fold every record anew from both journals, in order of arrival."""
    for name in kinds():
        table = table_of(name)
        assert table is not None
        execute(connection, f"DELETE FROM {table.name}")  # noqa: S608  # a name from the models
    for name in ("other", "conflict", "tally"):
        execute(connection, f"DELETE FROM {name}")  # noqa: S608  # a fixed name
    for journal in ("op", "local_op"):
        projection = Projection(connection, journal)
        seen: set[str] = set()
        last = 0
        while rows := _portion(connection, journal, last):
            last = rows[-1][0]
            ops = [decode_stored(body) for _, _, body in rows if body is not None]
            if journal == "local_op":
                # A local record of an unknown kind must not be counted as shared.
                ops = [op for op in ops if table_of(op.kind) is not None]
            again = seen & {op.record_id for op in ops}
            projection.apply(ops, again)
            seen.update(op.record_id for op in ops)


def _portion(connection: Connection, journal: str, last: int) -> list[Any]:
    """The next rows of a journal after the id `last`, as many as fit in memory."""
    rows: list[Any] = []
    size = 0
    cursor = execute(
        connection,
        f"SELECT id, record, body FROM {journal} WHERE id > ? ORDER BY id LIMIT 1000",  # noqa: S608  # a fixed name
        (last,),
    )
    for row in cursor:
        rows.append(row)
        size += len(row[2] or b"")
        if size > _PORTION:
            break
    cursor.close()
    return rows


def check(connection: Connection, on_progress: Callable[[int, int, str], None]) -> list[str]:
    """See `Kit.check`."""
    problems: list[str] = []
    try:
        _look(connection, problems, on_progress)
    except DatabaseError as error:
        problems.append(f"The file could not be read to its end: {error}.")
    if len(problems) > MOST:
        problems[MOST:] = [f"… and {len(problems) - MOST:,} more of the same."]
    return problems


def _look(connection: Connection, problems: list[str], on_progress: Callable[[int, int, str], None]) -> None:
    on_progress(0, 0, "reading the file")
    for pragma in ("cipher_integrity_check", "integrity_check"):
        for (message,) in execute(connection, f"PRAGMA {pragma}").fetchall():
            if message != "ok":
                problems.append(f"The file itself is damaged: {message}.")
    problems += _check_chains(connection, on_progress)
    tallies: dict[str, list[int]] = {}
    for journal in ("op", "local_op"):
        problems += _check_records(connection, journal, tallies, on_progress)
    problems += _check_tallies(connection, tallies)


def _check_chains(connection: Connection, on_progress: Callable[[int, int, str], None]) -> list[str]:
    problems = []
    total = execute(connection, "SELECT count(*) FROM op").fetchone()[0]
    done = 0
    origins = execute(connection, "SELECT id, name, last_seq, last_hash FROM origin").fetchall()
    for origin_id, name, last_seq, last_hash in origins:
        before: tuple[int, bytes] = (0, GENESIS)
        for seq, digest, prev, body in execute(
            connection, "SELECT seq, hash, prev, body FROM op WHERE origin = ? ORDER BY seq", (origin_id,)
        ):
            start = prev if prev is not None else before[1] if seq == before[0] + 1 else None
            whole = body is not None and body[:1] != REDUCED
            if whole and start is not None and chain(start, body) != digest:
                problems.append(f"Change {seq:,} of device {name[:8]} is not what was written.")
            before = (seq, digest)
            done += 1
            if done % 5_000 == 0:
                on_progress(done, total, "checking the journal")
        if last_seq and before != (last_seq, last_hash):
            problems.append(f"The last change of device {name[:8]} is missing.")
    return problems


def _records(connection: Connection, journal: str) -> Iterator[tuple[str, list[Op]]]:
    rows = execute(connection, f"SELECT record, body FROM {journal} ORDER BY record, id")  # noqa: S608  # a fixed name
    for record_id, group in groupby(rows, key=lambda row: row[0]):
        ops: dict[str, list[Op]] = {}
        for body in dict.fromkeys(row[1] for row in group):
            if body is not None:
                op = decode_stored(body)
                ops.setdefault(op.kind, []).append(op)
        for record_ops in ops.values():
            yield record_id, record_ops


def _check_records(
    connection: Connection,
    journal: str,
    tallies: dict[str, list[int]],
    on_progress: Callable[[int, int, str], None],
) -> list[str]:
    problems = []
    for done, (record_id, ops) in enumerate(_records(connection, journal)):
        if done % 5_000 == 0:
            on_progress(done, 0, "comparing records with their changes")
        record = fold(ops)
        table = table_of(record.kind)
        if record.erased or (table is None and journal == "local_op"):
            continue
        held = tallies.setdefault(record.kind, [0, 0, 0])
        held[1 if record.deleted else 0] += 1
        held[2] += int.from_bytes(record.digest, "big")
        if table is None:
            stored: Any = execute(
                connection,
                "SELECT digest FROM other WHERE kind = ? AND record_id = ?",
                (record.kind, record_id),
            ).fetchone()
            expected: Any = (record.digest,)
        else:
            stored = _stored_row(connection, table, record_id)
            group = Groups().add_folded(record)
            expected = dict(zip(group.columns, [*group.rows[0], group.digests[0]], strict=True))
        if stored is None:
            problems.append(f"Record {record_id} is in the journal, but not among the records.")
        elif stored != expected:
            problems.append(f"Record {record_id} differs from what the journal says.")
        conflicting = {
            row[0]
            for row in execute(
                connection,
                "SELECT field FROM conflict WHERE record_id = ? AND kind = ?",
                (record_id, record.kind),
            )
        }
        if conflicting != set(record.conflicts):
            problems.append(f"The conflicts of record {record_id} are not the ones listed.")
    return problems


def _stored_row(connection: Connection, table: TableOf, record_id: str) -> dict[str, Any] | None:
    """The non-empty columns of a stored record."""
    names = ",".join(map(quoted, table.columns))
    row = execute(
        connection,
        f"SELECT {names} FROM {table.name} WHERE record_id = ?",  # noqa: S608  # names from the models
        (record_id,),
    ).fetchone()
    if row is None:
        return None
    return {name: value for name, value in zip(table.columns, row, strict=True) if value is not None}


def _check_tallies(connection: Connection, expected: dict[str, list[int]]) -> list[str]:
    problems = []
    stored = {
        kind: (live, deleted, total)
        for kind, live, deleted, total in execute(connection, "SELECT kind, live, deleted, total FROM tally")
    }
    for kind in sorted({*stored, *expected}):
        live, deleted, total = expected.get(kind, [0, 0, 0])
        if stored.get(kind, (0, 0, b"\0" * 16)) != (live, deleted, (total % (1 << 128)).to_bytes(16, "big")):
            problems.append(f"The count of {kind} records is not what the journal says.")
    for name in kinds():
        table = table_of(name)
        assert table is not None
        rows = execute(connection, f"SELECT count(*) FROM {table.name}").fetchone()[0]  # noqa: S608  # a name from the models
        if rows != sum(expected.get(name, [0, 0])[:2]):
            problems.append(f"There are {name} records that no journal entry made.")
    return problems
