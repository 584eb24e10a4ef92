"""Screens that cover all others: whatever would open or close below one waits until it is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, TypeVar

from textual.await_complete import AwaitComplete
from textual.command import CommandPalette
from textual.screen import Screen

from fieldkit.widgets.key_queue import KeysInTurn

Result = TypeVar("Result")


class Coverable(Screen[Result]):
    """A screen that closes only itself: below another screen, it waits until it is on top again."""

    COVERS: ClassVar[bool] = False
    """Whether this screen covers all others: only another such screen can appear above it."""

    comes_into_view = True
    """Whether the screen was opened or returned to and has not begun yet to read what it shows."""

    _closes: Callable[[], object] | None = None

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        # Textual would close the screen on top instead of this one.
        app = self.app
        if self not in app.screen_stack:
            return AwaitComplete()
        if app.screen is self:
            return super().dismiss(result)
        if isinstance(app, CoveredApp) and app.cover is not None:
            app.close_once_uncovered(partial(self.dismiss, result))
        else:
            self._closes = partial(self.dismiss, result)
        return AwaitComplete()

    def on_screen_resume(self) -> None:
        """Close now if that had to wait."""
        self.comes_into_view = False
        if self._closes is not None:
            close, self._closes = self._closes, None
            close()


class CoveredApp(KeysInTurn):
    """An app in which one screen may cover all others, such as a lock."""

    def __init__(self) -> None:
        super().__init__()
        self._closes_uncovered: list[Callable[[], object]] = []
        self._waits_uncovered: list[Callable[[], object]] = []

    @property
    def cover(self) -> Screen[Any] | None:
        """The screen that covers all others, None if there is none."""
        top = self.screen_stack[-1] if self.screen_stack else None
        return top if top is not None and _covers(top) else None

    def once_uncovered(self, run: Callable[[], object]) -> None:
        """Run something now, or once nothing covers the screens."""
        if self.cover is None:
            run()
        else:
            self._waits_uncovered.append(run)

    def close_once_uncovered(self, close: Callable[[], object]) -> None:
        """Close a screen below the cover, before anything else opens."""
        self._closes_uncovered.append(close)

    def push_screen(
        self, screen: Any, callback: Any = None, wait_for_dismiss: bool = False, *, mode: str | None = None
    ) -> Any:
        if self.cover is None or _covers(screen):
            return super().push_screen(screen, callback, wait_for_dismiss, mode=mode)  # type: ignore[call-overload]  # either way of waiting
        if not wait_for_dismiss:
            self._waits_uncovered.append(partial(self.push_screen, screen, callback, mode=mode))
            return AwaitComplete()
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def answered(result: Any) -> None:
            if callback is not None:
                callback(result)
            if not answer.done():
                answer.set_result(result)

        self._waits_uncovered.append(partial(self.push_screen, screen, answered, mode=mode))
        return answer

    def switch_screen(self, screen: Any) -> AwaitComplete:
        if self.cover is None:
            return super().switch_screen(screen)
        self._waits_uncovered.append(partial(self.switch_screen, screen))
        return AwaitComplete()

    def pop_screen(self) -> AwaitComplete:
        popped = super().pop_screen()
        if self.screen_stack and isinstance(self.screen, Coverable):
            self.screen.comes_into_view = True
        if self.cover is None and (self._closes_uncovered or self._waits_uncovered):
            self.call_later(self._go_on)
        return popped

    def _go_on(self) -> None:
        """Run what waited, in order, until something covers the screens again."""
        for waiting in (self._closes_uncovered, self._waits_uncovered):
            while waiting and self.cover is None:
                waiting.pop(0)()

    def action_command_palette(self) -> None:
        """Find any command, unless a screen covers all others."""
        if self.cover is None and self.use_command_palette and not CommandPalette.is_open(self):
            from fieldkit.widgets.palette_box import PaletteBox  # when it is opened, after the first frame

            self.push_screen(PaletteBox(placeholder=self.palette_question, id="--command-palette"))

    @property
    def palette_question(self) -> str:
        """The prompt of the palette."""
        return "Type a part of a name: a command's or a record's"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command_palette" and self.cover is not None:
            return False
        return super().check_action(action, parameters)


def _covers(screen: object) -> bool:
    return isinstance(screen, Coverable) and screen.COVERS
