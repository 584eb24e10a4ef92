"""The lock of the screen: it covers every screen once nobody has pressed a key for long, or on request."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import events

from fieldkit.errors import FieldkitError
from fieldkit.screens.base.leaving_app import LeavingApp
from fieldkit.screens.base.working_app import in_thread

if TYPE_CHECKING:
    from fieldkit.screens.base.idle_lock import IdleLock
    from fieldkit.sync.network.identity import Identity


class LockingApp(LeavingApp):
    """An app whose screens can be covered until somebody unlocks them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.me: Identity | None = None
        """This laptop, None until it belongs to a network."""
        self.idle: IdleLock | None = None
        """How long nobody has pressed a key, once a kit is open."""

    def begin_idle_lock(self) -> None:
        from fieldkit.screens.base.idle_lock import EVERY, IdleLock  # with the store, after the first frame

        if self.idle is None:
            self.idle = IdleLock()
            self.set_interval(EVERY, self.look_whether_idle)

    async def look_whether_idle(self) -> None:
        """Lock the screen if nobody pressed a key for long enough."""
        idle, kit = self.idle, self.kit
        if idle is None or kit is None or not idle.is_idle:
            return
        with contextlib.suppress(FieldkitError):  # a disk that can't be read keeps the rule as it was
            await in_thread(partial(idle.read, kit))
        if idle.is_due:
            await self.lock_screen(left=True)

    async def lock_screen(self, *, left: bool = False) -> bool:
        """Cover every screen until somebody unlocks it; returns whether this hides anything that was in view.

        `left`: nobody has pressed a key for as long as the network has set. A screen that already covers the others has
        `left_alone`, which hides what it shows and returns whether it did.
        """
        if self.kit is None or self.me is None or self.is_leaving:
            return False
        self.forget_keys()
        if self.cover is not None:
            left_alone: Callable[[], bool] | None = getattr(self.cover, "left_alone", None)
            return left and left_alone is not None and left_alone()
        self.copy_to_clipboard("")  # or it could be pasted into the cover
        minutes = self.idle.minutes if left and self.idle is not None else 0
        self.push_screen(self.make_screen("locked", minutes))
        with contextlib.suppress(Exception):  # the form says what could not be kept once it is in view again
            await self.put_in_safety()
        return True

    async def on_event(self, event: events.Event) -> None:
        keyed = isinstance(event, events.Key | events.Paste | events.MouseDown | events.MouseScrollDown)
        if keyed and self.idle is not None and not getattr(event, "is_forwarded", False):
            due = self.idle.is_due
            self.idle.noticed()
            if due and await self.lock_screen(left=True):
                return  # the laptop was asleep: its first key only wakes it
        await super().on_event(event)
