"""Keys are passed on one at a time, each once the one before has had its whole effect.

A key may open a screen, and it takes a while until the screen's first question has the focus. Keys typed meanwhile wait here,
in order, and go to that screen; a pasted text waits like a key. So a fast typist on a slow laptop never answers the wrong
question.
"""

from __future__ import annotations

import time
import unicodedata
from collections import deque

from textual import events
from textual.message_pump import MessagePump

from fieldkit.widgets.plain import pasted
from fieldkit.widgets.real_cursor import CursorApp
from fieldkit.widgets.terminal_input import as_pressed

LEAVING = frozenset({"ctrl+q", "ctrl+c"})
"""Keys that never wait."""

_AGAIN = 0.02
"""Seconds until a screen that was not ready is checked again."""

_PATIENCE = 20.0
"""Seconds after which keys no longer wait for a screen that never becomes ready, so that it can be left."""

_STUCK = 3.0
"""Seconds after which a key counts as done if no report came back: its widget has gone meanwhile."""

_ROUNDS = 2
"""How often to follow a key from the focus up to the app: once for what it posts, once for what follows from that."""


class KeysInTurn(CursorApp):
    """An app whose screens may have `takes_keys`: False while keys must wait for them; and `waits_with`, for one key."""

    def __init__(self) -> None:
        super().__init__()
        self._ahead: deque[events.Key | events.Paste] = deque()
        self._under_way: object | None = None
        self._since = 0.0
        """When the present key was passed on, or the wait for a screen began; from a monotonic clock."""
        self._waits_for: object | None = None
        self._asking = False

    def forget_keys(self) -> None:
        """Drop the waiting keys: they were meant for something that did not come."""
        self._ahead.clear()

    @property
    def keys_are_done(self) -> bool:
        """Whether no key waits and the last one has had its whole effect."""
        return not self._ahead and self._under_way is None

    async def on_event(self, event: events.Event) -> None:
        waits = isinstance(event, events.Key | events.Paste) and not event.is_forwarded
        if not waits or (isinstance(event, events.Key) and event.key in LEAVING):
            await super().on_event(event)
            return
        assert isinstance(event, events.Key | events.Paste)
        self._ahead.append(_unseen_letter(event) or event)
        await self._hand_on()

    async def _hand_on(self) -> None:
        """Pass on the next key if it may go; otherwise try again soon."""
        if not self._ahead:
            return
        if not self._may_go(self._ahead[0]):
            if not self._asking:
                self._asking = True
                self.set_timer(_AGAIN, self._ask_again)
            return
        event = self._ahead.popleft()
        if isinstance(event, events.Key):
            active = self.screen.active_bindings
            event, *more = as_pressed(event, {key for key, binding in active.items() if binding.enabled})
            self._ahead.extendleft(reversed(more))
        self._waits_for, self._under_way, self._since = None, event, time.monotonic()
        target: MessagePump = self.focused or self.screen
        await super().on_event(event)
        self._follow(target, event, _ROUNDS)

    async def _ask_again(self) -> None:
        self._asking = False
        await self._hand_on()

    def _may_go(self, event: events.Key | events.Paste) -> bool:
        now = time.monotonic()
        if self._under_way is not None:
            return now - self._since > _STUCK
        if not self.screen_stack:
            return False
        screen = self.screen
        if getattr(screen, "takes_keys", screen.is_mounted):
            waits_with = getattr(screen, "waits_with", None)
            if waits_with is None or not waits_with(event.key if isinstance(event, events.Key) else ""):
                return True
        if self._waits_for is not screen:
            self._waits_for, self._since = screen, now
        return now - self._since > _PATIENCE

    def _follow(self, node: MessagePump | None, event: object, rounds: int) -> None:
        """Follow the key from widget to widget up to the app, behind everything that it posted."""
        while node is not None and node is not self:
            if node.call_later(self._follow, node._parent, event, rounds):
                return
            node = node._parent
        self.call_later(self._came_up, event, rounds)

    async def _came_up(self, event: object, rounds: int) -> None:
        if event is not self._under_way:
            return
        if rounds and self.screen_stack:
            self._follow(self.focused or self.screen, event, rounds - 1)
            return
        self._under_way = None
        await self._hand_on()


def _unseen_letter(event: events.Key | events.Paste) -> events.Paste | None:
    """A typed letter that the toolkit does not accept as text, as a paste that keeps it; None for every other key.

    These are joiners (Persian and many Indian words need them), spaces of other scripts, direction marks, and letters newer
    than Python's tables. Python calls them unprintable, and text fields ignore unprintable keys.
    """
    letter = event.character if isinstance(event, events.Key) else None
    if letter is None or len(letter) != 1 or letter.isprintable() or unicodedata.category(letter) == "Cc":
        return None
    return events.Paste(letter) if pasted(letter, one_line=True) else None
