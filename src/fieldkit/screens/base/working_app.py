"""Work on the kit in threads, so that no key waits for the disk; saves run one after another."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from textual.screen import Screen

from fieldkit.errors import FieldkitError
from fieldkit.screens.base.reporting_app import ReportingApp

T = TypeVar("T")

#: How long leaving waits for a running save, in seconds.
PATIENCE = 10.0


class ScreenLeft(Exception):
    """The screen that a piece of work is for has been left."""


async def in_thread(work: Callable[[], T]) -> T:
    """Run `work` in a thread of its own that never delays the end of the program."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def deliver(result: T | None, error: BaseException | None) -> None:
        if future.cancelled():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(cast(T, result))

    def run() -> None:
        result: T | None = None
        failed: BaseException | None = None
        try:
            result = work()
        except BaseException as error:
            failed = RuntimeError("ended early") if isinstance(error, StopIteration) else error
        with contextlib.suppress(RuntimeError):  # the program has left meanwhile
            loop.call_soon_threadsafe(deliver, result, failed)

    threading.Thread(target=run, daemon=True, name="kit").start()
    return await future


class WorkingApp(ReportingApp):
    """An app that works for its screens in threads."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._save_turn = asyncio.Lock()
        self._saves: set[asyncio.Future[Any]] = set()

    async def work_for(
        self, owner: Screen[Any], work: Callable[[], T], what: str, *, saving: bool = False
    ) -> T:
        """See `BaseScreen.kit_work`. `owner` is the screen that the result is for."""
        task = asyncio.ensure_future(self._work_for(owner, work, what, saving))
        if not saving:
            return await task
        self._saves.add(task)
        task.add_done_callback(self._save_ended)
        return await asyncio.shield(task)  # a save outlives its screen; anything else ends with it

    def _save_ended(self, task: asyncio.Future[Any]) -> None:
        self._saves.discard(task)
        if not task.cancelled():
            task.exception()  # reported already if its screen is gone

    async def _work_for(self, owner: Screen[Any], work: Callable[[], T], what: str, saving: bool) -> T:
        try:
            result = await (self._in_turn(work) if saving else in_thread(work))
            if saving:
                self.note_saved()
        except Exception as error:
            known = error if isinstance(error, FieldkitError) else self._fault(error, what)
            if owner in self.screen_stack:
                raise known from error
            self.report(known)
            raise ScreenLeft from error
        if owner not in self.screen_stack:
            raise ScreenLeft
        return result

    async def _in_turn(self, work: Callable[[], T]) -> T:
        """Saves run one after another, in the order of the requests."""
        async with self._save_turn:
            return await in_thread(work)

    async def wait_for_saves(self) -> None:
        """Wait until every running save is done, for at most `PATIENCE` seconds."""
        if self._saves:
            await asyncio.wait(self._saves, timeout=PATIENCE)
