"""Unfinished entries, which belong to this laptop alone."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from fieldkit.store.db.sql import execute
from fieldkit.store.local.stored_settings import Transaction

RESPONDENT = "respondent"


@dataclass(frozen=True)
class Draft:
    """An unfinished entry: the values so far, the form's step and question, and for an edit the heads it started from."""

    id: str
    kind: str
    values: dict[str, Any]
    record_id: str = ""
    seen: dict[str, list[str]] | None = None
    step: int = 0
    updated: int = 0
    question: str = ""
    """The field that was being answered, "" if that is not known."""
    begun_by: str = ""
    """`RESPONDENT` if it was begun while the laptop was handed over, else "". Later saves keep the first value."""
    letters: dict[str, str] = field(default_factory=dict)
    """Field -> what was typed at its list of answers without choosing one yet."""


class Drafts:
    """The unfinished entries of one kit. Never in a bundle: no op is made of them."""

    def __init__(self, reading: Transaction, writing: Transaction, clock: Callable[[], int]) -> None:
        self._reading, self._writing, self._clock = reading, writing, clock

    def all(self) -> list[Draft]:
        """Every unfinished entry, the latest first."""
        with self._reading() as connection:
            rows = execute(
                connection,
                "SELECT id, kind, content, record_id, seen, step, updated, question, begun_by, letters FROM draft "
                "ORDER BY updated DESC",
            ).fetchall()
        return [
            Draft(
                id,
                kind,
                json.loads(content),
                record_id,
                json.loads(seen),
                step,
                updated,
                question,
                begun_by,
                json.loads(letters),
            )
            for id, kind, content, record_id, seen, step, updated, question, begun_by, letters in rows
        ]

    def keep(self, draft: Draft) -> Draft:
        """Store an unfinished entry, replacing its earlier version; a draft without an id gets one.

        A draft without any answer is not kept, and its earlier version is removed.
        """
        id = draft.id or secrets.token_hex(8)
        updated = self._clock()
        is_empty = all(value in (None, "", []) for value in draft.values.values()) and not draft.letters
        if not draft.record_id and is_empty:
            self.drop(id)
            return replace(draft, id=id, updated=updated)
        with self._writing() as connection:
            execute(
                connection,
                "INSERT INTO draft (id, kind, record_id, content, seen, step, question, updated, begun_by, letters) "
                "VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET content = excluded.content, "
                "letters = excluded.letters, step = excluded.step, question = excluded.question, updated = excluded.updated",
                (
                    id,
                    draft.kind,
                    draft.record_id,
                    json.dumps(draft.values),
                    json.dumps(draft.seen),
                    draft.step,
                    draft.question,
                    updated,
                    draft.begun_by,
                    json.dumps(draft.letters),
                ),
            )
        return replace(draft, id=id, updated=updated)

    def drop(self, id: str) -> None:
        """Remove a draft, because it was saved or discarded."""
        with self._writing() as connection:
            execute(connection, "DELETE FROM draft WHERE id = ?", (id,))
