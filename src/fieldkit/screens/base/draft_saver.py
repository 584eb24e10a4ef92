"""Keeping an unfinished entry safe while it is typed: the latest answers are stored, one write at a time."""

from __future__ import annotations

import asyncio
import secrets
import threading
from functools import partial

from fieldkit.errors import FieldkitError
from fieldkit.presentation.model.form_plan import Values
from fieldkit.screens.base.screen import KitApp, in_thread
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.local.drafts import Draft


class DraftSaver:
    """One draft. `keep` may be called at any rate: the latest answers end up stored."""

    def __init__(self, app: KitApp, kit: Kit, kind: str, seen: Stored | None, draft_id: str = "") -> None:
        self.app = app
        self.kit = kit
        self.kind = kind
        self.seen = seen
        self.id = draft_id or secrets.token_hex(8)
        self.stored = bool(draft_id)
        """Whether the kit holds anything of it."""
        self.failed: Exception | None = None
        """Why the latest answers could not be stored, None if all is well."""
        self._waiting: tuple[Values, int, str, dict[str, str]] | None = None
        self._task: asyncio.Task[None] | None = None
        self._lock = threading.Lock()
        self._over = False
        self._withheld = False

    def keep(self, values: Values, step: int, question: str, letters: dict[str, str]) -> None:
        """Store these answers, the current place, and text that has not chosen an answer yet, once the previous write is done."""
        self._withheld = False
        self._waiting = (values, step, question, letters)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        while self._waiting is not None and not self._over:
            latest, self._waiting = self._waiting, None
            try:
                await in_thread(partial(self._store, *latest))
            except Exception as error:
                if self.failed is None:
                    self._report(error)
                self.failed = error
                if self._waiting is None:
                    self._waiting = latest  # tried again with the next change, and before leaving
                    return
            else:
                self.failed, self.stored = None, True
                self.app.note_saved()

    def _report(self, error: Exception) -> None:
        if isinstance(error, FieldkitError):
            self.app.report(error)
        else:
            self.app.report_fault(error, "keeping what you typed")

    def _store(self, values: Values, step: int, question: str, letters: dict[str, str]) -> None:
        with self._lock:
            if self._over or self._withheld:
                return
            seen = self.seen
            self.kit.drafts.keep(
                Draft(
                    self.id,
                    self.kind,
                    dict(values),
                    seen.record_id if seen else "",
                    seen.heads if seen else None,
                    step,
                    question=question,
                    letters=letters,
                )
            )

    async def flush(self) -> None:
        """Return once the latest answers are stored.

        Raises:
            FieldkitError: the disk refuses.
        """
        if self._waiting is not None and (self._task is None or self._task.done()):
            self.keep(*self._waiting)
        if self._task is not None:
            await self._task
        if self.failed is not None and not self._over:
            raise self.failed

    def withhold(self) -> None:
        """Store nothing more until `keep` is called again: nobody agreed to what was typed. `remove` removes what is stored."""
        self._waiting, self._withheld = None, True

    def remove(self) -> None:
        """Remove what is stored from the kit, without a trace. Call it in a thread, after `withhold`."""
        with self._lock:
            if not self._withheld or not (self.stored or self._task is not None):
                return
            self.kit.drafts.drop(self.id)
            self.stored = False
            self.kit.clear_log()

    def drop(self) -> None:
        """Forget the draft for good. Call it in a thread, once the entry is saved or thrown away."""
        with self._lock:
            self._over = True
            if self.stored or self._task is not None:
                self.kit.drafts.drop(self.id)
