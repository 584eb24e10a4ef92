"""The basis of every screen: work on the kit in threads, help, and the keys of its own."""

from __future__ import annotations

import contextlib
import importlib
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, Literal, ParamSpec, TypeVar

from textual.worker import Worker, get_current_worker

from fieldkit.commands.command import EVERYWHERE, Command
from fieldkit.commands.table import commands_for
from fieldkit.errors import FieldkitError
from fieldkit.screens.base.kit_app import KitApp
from fieldkit.screens.base.working_app import ScreenLeft, in_thread
from fieldkit.widgets.frame import KitScreen

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit

T = TypeVar("T")
P = ParamSpec("P")
S = TypeVar("S", bound="BaseScreen")
M = TypeVar("M", bound=Callable[..., Awaitable[None]])

_BETWEEN_REPORTS = 0.1
_WAITING = "_keys_waiting"
_MOVES = frozenset({"move", "page", "first", "last"})
"""The actions of keys that only move the cursor of a list."""

LOAD_AFTER = 0.3
"""Seconds from opening a screen to `load_soon`, so that its first frame has the processor to itself."""

_OF_OPEN_KITS = ("last-code", "lock-screen")
"""Commands that do nothing before a kit is open."""

_MODULES = ("fieldkit.records.kinds.register", "fieldkit.presentation.home", "fieldkit.presentation.opening")


def load_soon() -> None:
    """Load what an open kit needs while the first screen is being looked at, so that nobody waits for it later."""
    threading.Thread(target=_load, daemon=True, name="load").start()


def _load() -> None:
    # What fails here fails again when it is needed, and is reported then.
    with contextlib.suppress(Exception):
        for name in _MODULES:
            importlib.import_module(name)


Waiting = Literal["every", "acting", "none"]
"""Which keys wait for steps in the background: every key, those that do more than move the cursor, or none."""


def in_background(method: Callable[Concatenate[S, P], Awaitable[None]]) -> Callable[Concatenate[S, P], None]:
    """Decorator: the screen's method starts when it is called and continues in the background.

    Keys wait for it, however slow the disk is: they are for what it shows or opens. `beside_keys` and `beside_moves` lift that.
    """
    waiting = _waiting(method)

    @wraps(method)
    def begin(self: S, /, *args: P.args, **more: P.kwargs) -> None:
        self.begin(partial(method, self, *args, **more), waiting=waiting)

    return begin


def latest_only(method: Callable[Concatenate[S, P], Awaitable[None]]) -> Callable[Concatenate[S, P], None]:
    """Like `in_background`; a later call on the same screen replaces an earlier one that is still running."""
    waiting = _waiting(method)

    @wraps(method)
    def begin(self: S, /, *args: P.args, **more: P.kwargs) -> None:
        self.begin(partial(method, self, *args, **more), group=method.__name__, waiting=waiting)

    return begin


def beside_keys(method: M) -> M:
    """Decorator below `in_background` or `latest_only`: no key waits, since none is for what the method shows."""
    return _mark(method, "none")


def beside_moves(method: M) -> M:
    """Decorator below `latest_only`: keys that move the cursor do not wait; for details of the row under it."""
    return _mark(method, "acting")


def _mark(method: M, waiting: Waiting) -> M:
    setattr(method, _WAITING, waiting)
    return method


def _waiting(method: object) -> Waiting:
    waiting: Waiting = getattr(method, _WAITING, "every")
    return waiting


def writing(method: Callable[Concatenate[S, P], None]) -> Callable[Concatenate[S, P], None]:
    """Decorator of a screen's method that writes: in a read-only window, a dialog says so before anything is asked."""

    @wraps(method)
    def begin(self: S, /, *args: P.args, **more: P.kwargs) -> None:
        if self.app.may_write_or_says():
            method(self, *args, **more)

    return begin


class BaseScreen(KitScreen):
    """A screen on the kit. Subclasses define `COMMANDS_FOR`, `HELP` and `command_<id>` methods."""

    HELP: ClassVar[str] = ""
    """What F1 says before the keys."""

    if TYPE_CHECKING:

        @property
        def app(self) -> KitApp:  # type: ignore[override]  # Textual promises any app
            """The program."""

    @property
    def kit(self) -> Kit:
        """The open kit. Only for screens that are shown once it is open."""
        assert self.app.kit is not None
        return self.app.kit

    def __init__(self) -> None:
        super().__init__()
        self._awaited: dict[Worker[None], Waiting] = {}
        """The steps in the background that keys wait for."""

    @property
    def takes_keys(self) -> bool:
        """Whether keys may come: what they are for is in view, and nothing else is about to open."""
        return super().takes_keys and "every" not in self._waited_for.values()

    def waits_with(self, key: str) -> bool:
        """Whether the key is for the row under the cursor, and that row or its details are still being read."""
        if "acting" in self._waited_for.values() or getattr(self.focused, "is_stale", False):
            active = self.active_bindings.get(key)
            return active is None or active.binding.action.partition("(")[0] not in _MOVES
        return False

    @property
    def _waited_for(self) -> dict[Worker[None], Waiting]:
        # A worker that was replaced before it began never says that it ended.
        self._awaited = {
            worker: waiting
            for worker, waiting in self._awaited.items()
            if not (worker.is_finished or worker.is_cancelled)
        }
        return self._awaited

    @contextlib.contextmanager
    def keys_meanwhile(self) -> Iterator[None]:
        """For a long part of steps in the background: keys do not wait for it."""
        worker = get_current_worker()
        waiting = self._awaited.pop(worker, None)
        try:
            yield
        finally:
            if waiting is not None:
                self._awaited[worker] = waiting

    def on_screen_resume(self) -> None:
        self.read_again()

    def read_again(self) -> None:
        """Show what the kit holds now; called whenever the screen comes into view. The base class has nothing to read."""

    def begin(
        self, steps: Callable[[], Awaitable[None]], *, group: str = "", waiting: Waiting = "every"
    ) -> None:
        """Run `steps`, made of `kit_work` and questions, in the background; their errors become notices.

        With a `group`, a later call on this screen replaces an earlier one of the group, and keys that wait for that wait
        on. `waiting`: which keys wait.
        """
        for each, kept in self._waited_for.items():
            if group == each.group and (kept == "every" or waiting == "none"):
                waiting = kept
        guarded: Any = partial(self._guarded, steps)
        worker: Worker[None] = self.run_worker(
            guarded, group=group or f"steps-{id(guarded)}", exclusive=bool(group), exit_on_error=False
        )
        if waiting != "none":
            self._awaited[worker] = waiting

    async def _guarded(self, steps: Callable[[], Awaitable[None]]) -> None:
        try:
            await steps()
        except ScreenLeft:
            pass
        except FieldkitError as error:
            self.app.report(error)
        except Exception as error:
            self.app.report_fault(error, "working")

    async def kit_work(self, work: Callable[[Kit], T], what: str, *, saving: bool = False) -> T:
        """The result of `work` on the kit, from a thread. `what` ends "Something went wrong while …".

        `saving`: leaving the program waits for it, it continues if the screen is left, and "saved" then shows the time.

        Raises:
            FieldkitError: what went wrong, even if unforeseen.
            ScreenLeft: the screen is gone, so nobody would see the result.
        """
        if (kit := self.app.kit) is None:
            raise ScreenLeft
        return await self.app.work_for(self, partial(work, kit), what, saving=saving)

    async def read_or_leave(self, work: Callable[[Kit], T], what: str) -> T:
        """Like `kit_work`, for what the screen shows: if it can't be read, the screen closes and the error is reported."""
        try:
            return await self.kit_work(work, what)
        except FieldkitError as error:
            self.dismiss()
            self.app.report(error)
            raise ScreenLeft from None

    async def thread_work(self, work: Callable[[], T], what: str) -> T:
        """Like `kit_work`, for work without an open kit."""
        return await self.app.work_for(self, work, what)

    def reporter(self, show: Callable[[int, int, str], None]) -> Callable[[int, int, str], None]:
        """An `on_progress` for work in a thread: calls `show` on the screen's thread, at most ten times a second."""
        last = [0.0]

        def on_progress(done: int, total: int, what: str) -> None:
            now = time.monotonic()
            if now - last[0] >= _BETWEEN_REPORTS or (total and done >= total):
                last[0] = now
                self.call_later(show, done, total, what)

        return on_progress

    async def before_leaving(self) -> None:
        """Secure what only this screen knows. Called before the program ends."""

    def command_back(self) -> Awaitable[None] | None:
        """Go back to the screen before."""
        self.dismiss()
        return None

    def command_colours(self) -> None:
        """Show other colours."""
        self.app.action_colours()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] in _OF_OPEN_KITS and self.app.me is None:
            return False  # no kit is open yet
        return super().check_action(action, parameters)

    def command_worried(self) -> None:
        """Show what to do if somebody may come to harm."""
        if self.app.me is not None:
            self.app.open_screen("worried")

    async def command_lock_screen(self) -> None:
        """Cover the screen until it is unlocked."""
        await self.app.lock_screen()

    @in_background
    async def command_last_code(self) -> None:
        """Show the last receipt code again."""
        from fieldkit.presentation.last_receipt_code import (  # with the store, after the first frame
            NONE,
            shown_again,
        )
        from fieldkit.screens.base.receipt_code_box import ReceiptCodeBox

        last = await self.kit_work(shown_again, "looking for the last receipt code")
        if last is None:
            self.show_notice(NONE)
        else:
            self.app.push_screen(ReceiptCodeBox(*last, again=True))

    def explains(self, command: str) -> bool:
        """Whether help names this command of the screen: not if it can never be used where the screen is open."""
        return True

    @property
    def _explained(self) -> list[Command]:
        """The commands that help names."""
        return [
            command
            for command in commands_for(self.COMMANDS_FOR or EVERYWHERE)
            if (command.built_in or self._command(command.id) is not None)
            and not (command.id in _OF_OPEN_KITS and self.app.me is None)
            and self.explains(command.id)
        ]

    def unknown_key(self, key: str, shown: str, more: str) -> str:
        """Also says of a key that help names that it has nothing to do at the moment, rather than nothing here."""
        for command in self._explained:
            if key in command.single_keys:
                is_empty = getattr(self.focused, "has_no_rows", False)
                why = "The list is empty: there" if is_empty else "There"
                return f"{why} is nothing for {shown} ({command.label}) now."
        return super().unknown_key(key, shown, more)

    def command_help(self) -> None:
        """Explain the screen and its keys."""
        from fieldkit.widgets.dialogs.message_box import Help

        keys = [(command.shown_keys, command.help) for command in self._explained]
        self.app.push_screen(Help(self.page_title or "fieldkit", self.HELP, keys))


__all__ = [
    "LOAD_AFTER",
    "BaseScreen",
    "KitApp",
    "ScreenLeft",
    "beside_keys",
    "beside_moves",
    "in_background",
    "in_thread",
    "latest_only",
    "load_soon",
    "writing",
]
