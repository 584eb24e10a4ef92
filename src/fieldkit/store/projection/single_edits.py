"""The commonest edit, a record's first edit by somebody who saw it, made directly in the record's row.

Folding such a record would read the op that made it: a page of the journal for each record. The row gives the same result if four
conditions hold. The journal has only these two ops of the record. The edit names the first op for every field that it sets. The
row states that the first op made it. The row's digest matches its own values, so nothing else is known of the record. Everything
else is left to the fold, with the same result.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from fieldkit.store.db.sql import chunks, execute, marks, quoted
from fieldkit.store.oplog.fold import digest_of
from fieldkit.store.projection.tables import Edit, Groups, TableOf, table_of


class Edited:
    """The outcome of some edits: rows to write in place of others, and the records left to the fold."""

    def __init__(self) -> None:
        self.groups = Groups()
        self.before: list[tuple[str, bytes]] = []
        """(kind, digest) of each row that is replaced."""
        self.left: set[str] = set()


def edit_rows(connection: Connection, edits: Sequence[Edit]) -> Edited:
    """Compute the rows of edited records; the edits are in the journal already, one for each record."""
    edited = Edited()
    for chunk in chunks(edits):
        only = _of_single_ops(connection, chunk)
        edited.left.update(edit.record_id for edit in chunk if edit.record_id not in only)
        kinds: dict[str, list[Edit]] = {}
        for edit in only.values():
            kinds.setdefault(edit.kind, []).append(edit)
        for kind, kind_edits in kinds.items():
            table = table_of(kind)
            if table is not None:
                _edit(connection, table, {edit.record_id: edit for edit in kind_edits}, edited)
            else:
                edited.left.update(edit.record_id for edit in kind_edits)
    return edited


def _of_single_ops(connection: Connection, edits: Sequence[Edit]) -> dict[str, Edit]:
    """The edits of records whose only other op is the one replaced, found by indexes without reading the journal."""
    ops: dict[str, list[int]] = {}
    for record, row_id in execute(
        connection,
        f"SELECT record, id FROM op WHERE record IN ({marks(edits)})",  # noqa: S608  # marks
        [edit.record_id for edit in edits],
    ):
        ops.setdefault(record, []).append(row_id)
    replaced = _rows_of(connection, [edit.ref for edit in edits])
    return {
        edit.record_id: edit
        for edit in edits
        if len(op_rows := ops.get(edit.record_id, ())) == 2 and replaced.get(edit.ref) in op_rows
    }


def _rows_of(connection: Connection, refs: Iterable[str]) -> dict[str, int]:
    """Ref -> the row of its op, if it is held under its origin's own name."""
    origins: dict[str, list[int]] = {}
    for ref in refs:
        origin, _, seq = ref.rpartition(":")
        origins.setdefault(origin, []).append(int(seq))
    rows: dict[str, int] = {}
    for origin, seqs in origins.items():
        for seq, row_id in execute(
            connection,
            "SELECT seq, id FROM op WHERE origin = (SELECT id FROM origin WHERE name = ?) "  # noqa: S608  # marks
            f"AND seq IN ({marks(seqs)})",
            [origin, *seqs],
        ):
            rows[f"{origin}:{seq}"] = row_id
    return rows


def _edit(connection: Connection, table: TableOf, edits: dict[str, Edit], edited: Edited) -> None:
    names, lists = tuple(table.kind.fields), table.lists
    columns = ",".join(map(quoted, names))
    todo = dict(edits)
    for record_id, created, updated, origin, deleted, conflicts, extra, digest, *cells in execute(
        connection,
        "SELECT record_id, created, updated, origin, deleted, conflicts, extra, digest, "  # noqa: S608  # names from the models
        f"{columns} FROM {table.name} WHERE record_id IN ({marks(todo)})",
        list(edits),
    ):
        edit = edits[record_id]
        values = {name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}
        for name in lists.intersection(values):
            values[name] = json.loads(values[name])
        if (
            deleted
            or conflicts
            or extra
            or not created == updated != edit.stamp
            or not edit.ref.startswith(origin + ":")
            or digest != digest_of(edit.kind, record_id, values, {}, created, updated, origin)
        ):
            continue
        values |= edit.fields
        # An edit that saw a value replaces it, whatever its clock; the stamps only decide when and where the record was created.
        if edit.stamp < created:
            created, origin = edit.stamp, edit.origin
        else:
            updated = edit.stamp
        edited.groups.add(
            edit.kind,
            table.cells(values, {}),
            [record_id, created, updated, origin, 0],
            digest_of(edit.kind, record_id, values, {}, created, updated, origin),
        )
        edited.before.append((edit.kind, digest))
        del todo[record_id]
    edited.left.update(todo)
