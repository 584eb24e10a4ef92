"""What belongs to this laptop alone: settings and unfinished entries."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection

from fieldkit.store.db.sql import execute

_LAST_CODE = "last_receipt_code"

Transaction = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True)
class Draft:
    """An unfinished entry: the values so far, the form's step, and for an edit the heads it started from."""

    id: str
    kind: str
    values: dict[str, Any]
    record_id: str = ""
    seen: dict[str, list[str]] | None = None
    step: int = 0
    updated: int = 0


def put_setting(connection: Connection, key: str, value: Any) -> None:
    """Set one setting within a transaction."""
    execute(
        connection,
        "INSERT INTO setting (key, value) VALUES (?,?) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
        (key, json.dumps(value)),
    )


@dataclass(frozen=True)
class LastCode:
    """The receipt code that was given last, until the next entry begins."""

    code: str
    kind: str
    record_id: str
    handed_over: bool = False
    """Whether somebody said that the person has it."""


class Desk:
    """Settings and drafts. Never in a bundle: no op is made of them."""

    def __init__(self, reading: Transaction, writing: Transaction, clock: Callable[[], int]) -> None:
        self._reading, self._writing, self._clock = reading, writing, clock

    def setting(self, key: str, default: Any = None) -> Any:
        """The value of a setting, `default` where it was never set."""
        with self._reading() as connection:
            row = execute(connection, "SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
        return default if row is None else json.loads(row[0])

    def set_setting(self, key: str, value: Any) -> None:
        """Set one setting."""
        self.set_settings({key: value})

    def set_settings(self, values: dict[str, Any]) -> None:
        """Set several settings, all or none."""
        with self._writing() as connection:
            for key, value in values.items():
                put_setting(connection, key, value)

    def last_code(self) -> LastCode | None:
        """The receipt code that was given last; None once the next entry has begun."""
        kept = self.setting(_LAST_CODE)
        return LastCode(**kept) if kept else None

    def keep_last_code(self, last: LastCode, connection: Connection | None = None) -> None:
        """Keep a code to be shown again, in the transaction of `connection` where there is one."""
        if connection is not None:
            put_setting(connection, _LAST_CODE, asdict(last))
            return
        self.set_setting(_LAST_CODE, asdict(last))

    def drop_last_code(self) -> bool:
        """Forget the code that was given last; returns whether there was one."""
        if self.last_code() is None:
            return False
        with self._writing() as connection:
            execute(connection, "DELETE FROM setting WHERE key = ?", (_LAST_CODE,))
        return True

    def drafts(self) -> list[Draft]:
        """Every unfinished entry, the latest first."""
        with self._reading() as connection:
            rows = execute(
                connection,
                "SELECT id, kind, content, record_id, seen, step, updated FROM draft ORDER BY updated DESC",
            ).fetchall()
        return [
            Draft(id, kind, json.loads(content), record_id, json.loads(seen), step, updated)
            for id, kind, content, record_id, seen, step, updated in rows
        ]

    def keep_draft(self, draft: Draft) -> Draft:
        """Store an unfinished entry, over its older self; a draft without an id gets one."""
        id = draft.id or secrets.token_hex(8)
        updated = self._clock()
        with self._writing() as connection:
            execute(
                connection,
                "INSERT INTO draft (id, kind, record_id, content, seen, step, updated) "
                "VALUES (?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE "
                "SET content = excluded.content, step = excluded.step, updated = excluded.updated",
                (
                    id,
                    draft.kind,
                    draft.record_id,
                    json.dumps(draft.values),
                    json.dumps(draft.seen),
                    draft.step,
                    updated,
                ),
            )
        return Draft(id, draft.kind, draft.values, draft.record_id, draft.seen, draft.step, updated)

    def drop_draft(self, id: str) -> None:
        """Forget a draft, because it was saved or the person threw it away."""
        with self._writing() as connection:
            execute(connection, "DELETE FROM draft WHERE id = ?", (id,))
