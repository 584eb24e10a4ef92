"""Words leaving the journal: whole records that were erased, and old words out of ops that stay.

What was cleared is owed a scrub (`Kit.scrub`), noted in the same transaction, so that a plug pulled before the log is cleared
leaves word of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet

from sqlalchemy import Connection

from fieldkit.store.ops import ERASED, Op, decode_stored
from fieldkit.store.redaction import going, reduced
from fieldkit.store.sql import chunks, execute, execute_many, marks
from fieldkit.store.tables import table_of
from fieldkit.store.withdrawal import KIND as WITHDRAWAL


def erase(connection: Connection, journal: str, record_ids: AbstractSet[str], tables: Sequence[str]) -> int:
    """Remove every word of these records but the ops that erase; returns how many had any.

    The places of their ops in the chains stay, so that gaps and replays are still recognised. `tables` are the record
    tables that may hold them, as SQL.
    """
    had = 0
    for record_id in sorted(record_ids):
        rows = execute(
            connection,
            f"SELECT id, body FROM {journal} WHERE record = ? AND body IS NOT NULL",  # noqa: S608  # a fixed name
            (record_id,),
        ).fetchall()
        bodies = [row_id for row_id, body in rows if not _stays(decode_stored(body))]
        had += bool(bodies)
        execute_many(
            connection,
            f"UPDATE {journal} SET body = NULL WHERE id = ?",  # noqa: S608  # a fixed name
            [(row_id,) for row_id in bodies],
        )
        for name in (*tables, "conflict", "draft"):
            execute(connection, f"DELETE FROM {name} WHERE record_id = ?", (record_id,))  # noqa: S608  # names from the models
    if had:
        _owe_scrub(connection)
    return had


def _stays(op: Op) -> bool:
    """Whether an erasure leaves this op: it has no words, and it erases what is yet to arrive."""
    return op.fields == {ERASED: True} or op.kind == WITHDRAWAL


def obey(connection: Connection, orders: Sequence[Op]) -> int:
    """Take out of the ops that are held the words that these ops of coordinators take out; returns of how many."""
    if not orders:
        return 0
    goes, kinds = going(orders), {(op.kind, op.record_id) for op in orders}

    def goes_here(op: Op, digest: bytes) -> AbstractSet[str]:
        return goes(digest, op) if (op.kind, op.record_id) in kinds else frozenset()

    return len(take_out(connection, sorted({op.record_id for op in orders}), goes_here))


def take_out(
    connection: Connection, record_ids: Sequence[str], goes: Callable[[Op, bytes], AbstractSet[str]]
) -> list[str]:
    """Take fields out of ops of these records, those that `goes` says for an op and its hash.

    Returns the record of each op that had some.
    """
    found: list[str] = []
    for some in chunks(record_ids):
        lines: list[tuple[bytes, int]] = []
        for row_id, digest, body in execute(
            connection,
            f"SELECT id, hash, body FROM op WHERE record IN ({marks(some)}) AND body IS NOT NULL",  # noqa: S608  # marks
            some,
        ).fetchall():
            op = decode_stored(body)
            if (line := reduced(digest, op, goes(op, digest))) is not None:
                lines.append((line, row_id))
                found.append(op.record_id)
        execute_many(connection, "UPDATE op SET body = ? WHERE id = ?", lines)
    _clear_drafts(connection, set(found))
    if found:
        _owe_scrub(connection)
    return found


def _clear_drafts(connection: Connection, record_ids: Iterable[str]) -> None:
    """Take the words out of unfinished edits of records: an edit begins with what the record says."""
    for record_id in record_ids:
        for draft_id, kind, content in execute(
            connection, "SELECT id, kind, content FROM draft WHERE record_id = ?", (record_id,)
        ).fetchall():
            table = table_of(kind)
            texts = (
                {name for name, spec in table.kind.fields.items() if spec.shape == "text"} if table else set()
            )
            left = {name: value for name, value in json.loads(content).items() if name not in texts}
            execute(connection, "UPDATE draft SET content = ? WHERE id = ?", (json.dumps(left), draft_id))


def _owe_scrub(connection: Connection) -> None:
    execute(connection, "INSERT OR REPLACE INTO setting (key, value) VALUES ('scrub_due', 'true')")
