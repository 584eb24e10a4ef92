"""Erasing text in the journal: whole records, and old text of ops that stay.

Whatever is cleared needs a scrub (`Kit.scrub`). That is noted in the same transaction, so that it is not forgotten if the power
fails before the log is cleared.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from sqlalchemy import Connection

from fieldkit.store.db.sql import chunks, execute, execute_many, marks
from fieldkit.store.oplog.ops import ERASED, Op, decode_stored
from fieldkit.store.oplog.receipt_codes import KIND as WITHDRAWAL
from fieldkit.store.oplog.redaction import going, reduced


def erase(
    connection: Connection,
    journal: str,
    records: AbstractSet[tuple[str, str]],
    table_of: Callable[[str], str],
) -> int:
    """Remove the content of these records, (kind, id) each, except for the ops that erase; returns how many had content.

    The places of their ops in the chains stay, so that gaps and replays are still recognised. `table_of` gives the table of a
    kind, as SQL.
    """
    had = 0
    for kind, record_id in sorted(records):
        rows = execute(
            connection,
            f"SELECT id, body FROM {journal} WHERE record = ? AND body IS NOT NULL",  # noqa: S608  # a fixed name
            (record_id,),
        ).fetchall()
        ops = ((row_id, decode_stored(body)) for row_id, body in rows)
        bodies = [row_id for row_id, op in ops if op.kind == kind and not _stays(op)]
        had += bool(bodies)
        execute_many(
            connection,
            f"UPDATE {journal} SET body = NULL WHERE id = ?",  # noqa: S608  # a fixed name
            [(row_id,) for row_id in bodies],
        )
        execute(connection, "DELETE FROM conflict WHERE record_id = ? AND kind = ?", (record_id, kind))
        execute(connection, "DELETE FROM draft WHERE record_id = ? AND kind = ?", (record_id, kind))
        table = table_of(kind)
        if table == "other":
            execute(connection, "DELETE FROM other WHERE record_id = ? AND kind = ?", (record_id, kind))
        else:
            execute(connection, f"DELETE FROM {table} WHERE record_id = ?", (record_id,))  # noqa: S608  # a name from the models
    if had:
        _schedule_scrub(connection)
    return had


def _stays(op: Op) -> bool:
    """Whether an erasure leaves this op: it has no text, and it erases ops that are yet to arrive."""
    return op.fields == {ERASED: True} or op.kind == WITHDRAWAL


def obey(connection: Connection, orders: Sequence[Op]) -> list[str]:
    """Erase what these ops of coordinators redact from the ops held here; returns the record of each op that lost text."""
    if not orders:
        return []
    goes = going(orders)
    records: list[str] = []
    texts: dict[tuple[str, str], set[str]] = {}
    for chunk in chunks(sorted({op.record_id for op in orders})):
        lines: list[tuple[bytes, int]] = []
        for row_id, digest, body in execute(
            connection,
            f"SELECT id, hash, body FROM op WHERE record IN ({marks(chunk)}) AND body IS NOT NULL",  # noqa: S608  # marks
            chunk,
        ).fetchall():
            op = decode_stored(body)
            names = goes(op, digest)
            if names is not None and (line := reduced(digest, op, names)) is not None:
                lines.append((line, row_id))
                records.append(op.record_id)
                values = (op.fields[name] for name in names if name in op.fields)
                texts.setdefault((op.kind, op.record_id), set()).update(
                    value for value in values if isinstance(value, str)
                )
        execute_many(connection, "UPDATE op SET body = ? WHERE id = ?", lines)
    _clear_drafts(connection, texts)
    if records:
        _schedule_scrub(connection)
    return records


def _clear_drafts(connection: Connection, removed: Mapping[tuple[str, str], AbstractSet[str]]) -> None:
    """Remove erased texts, (kind, id) -> texts, from unfinished edits, which begin with the record's values. What was typed
    stays.
    """
    for (kind, record_id), texts in removed.items():
        for draft_id, content in execute(
            connection, "SELECT id, content FROM draft WHERE record_id = ? AND kind = ?", (record_id, kind)
        ).fetchall():
            left = {name: value for name, value in json.loads(content).items() if value not in texts}
            execute(connection, "UPDATE draft SET content = ? WHERE id = ?", (json.dumps(left), draft_id))


def _schedule_scrub(connection: Connection) -> None:
    execute(connection, "INSERT OR REPLACE INTO setting (key, value) VALUES ('scrub_due', 'true')")
