"""What every screen stands on: the open kit, work on it in threads, and errors told in plain words."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import threading
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from rich.text import Text
from textual.app import App
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen

from fieldkit.commands import EVERYWHERE, commands_for
from fieldkit.errors import FieldkitError
from fieldkit.widgets.frame import KitScreen
from fieldkit.widgets.keys import key_name
from fieldkit.widgets.plain import plain

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit
    from fieldkit.sync.identity import Identity

T = TypeVar("T")

#: How long leaving waits for a save that is under way, in seconds.
PATIENCE = 10.0
_BETWEEN_REPORTS = 0.1


async def in_thread(work: Callable[[], T]) -> T:
    """Run `work` in a thread of its own that never holds up the end of the program."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
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
            loop.call_soon_threadsafe(settle, result, failed)

    threading.Thread(target=run, daemon=True, name="kit").start()
    return await future


class KitApp(App[object]):
    """The program as its screens see it."""

    def __init__(self, folder: Path, secret: str | None = None, demo: bool = False) -> None:
        super().__init__()
        self.folder = folder
        self.secret = secret
        self.demo = demo
        self.kit: Kit | None = None
        """The open kit, None while it is locked or not made yet."""
        self.me: Identity | None = None
        """This laptop, None until it belongs to a network."""
        self.throwaway: Path | None = None
        """A folder that goes when the program ends, because the kit in it was made just to try."""
        self.device_name = ""
        self.saved_at = ""
        self.faults: list[BaseException] = []
        """Errors that no sentence was written for; each is in errors.log."""
        self._save_turn = asyncio.Lock()
        self._saves: set[asyncio.Future[Any]] = set()
        self._leaving = False

    # Going about

    def open_screen(
        self,
        name: str,
        *args: Any,
        then: Callable[[Any], None] | None = None,
        instead: bool = False,
        **more: Any,
    ) -> None:
        """Show the screen of `fieldkit.screens.NAME`, whose class is called after it: `record_view` is
        RecordViewScreen. `instead` puts it in the place of the one in view.
        """
        module = importlib.import_module(f"fieldkit.screens.{name}")
        made = getattr(module, "".join(part.title() for part in name.split("_")) + "Screen")
        screen: Screen[Any] = made(*args, **more)
        if instead:
            self.switch_screen(screen)
        else:
            self.push_screen(screen, then)

    def entered(self, kit: Kit, me: Identity) -> None:
        """The kit is open and belongs to a network: go to the home screen."""
        self.kit, self.me, self.device_name, self.secret = kit, me, me.name, None
        home = self.screen
        if not hasattr(home, "kit_opened"):
            self.open_screen("home", instead=True)
        else:
            home.kit_opened()

    # Saying

    def note_saved(self) -> None:
        """Everything up to now is stored: say the time on every screen."""
        at = datetime.now().strftime("%H:%M")
        self.saved_at = at
        for screen in self.screen_stack:
            if isinstance(screen, KitScreen):
                screen.saved = at

    def report(self, error: FieldkitError) -> None:
        """Say what happened, what was kept and what to do, in a box."""
        from fieldkit.widgets.dialogs import Message

        parts = [plain(words) for words in (error.message, error.kept, error.hint) if words]
        self.push_screen(Message(error.title, Content("\n\n").join(parts)))

    def report_fault(self, error: BaseException, what: str) -> None:
        """Something went wrong that nobody foresaw: note where in errors.log, and say so calmly."""
        self.faults.append(error)
        noted = log_fault(self.folder, what, error)
        self.report(
            FieldkitError(
                f"Something went wrong while {what}.",
                kept="What was saved before is safe, and so is what you typed.",
                hint="Try again. If it goes on, leave and open the kit again"
                + (f"; details for whoever helps you are in {noted}." if noted else "."),
            )
        )

    # Work

    def start(
        self,
        owner: Any,
        work: Callable[[], T],
        then: Callable[[T], None] | None,
        *,
        what: str,
        saving: bool = False,
        group: str = "",
        failed: Callable[[FieldkitError], bool] | None = None,
    ) -> None:
        """See `BaseScreen.run_kit`. `owner` is the screen that the answer is for."""
        # A save outlives its screen; anything else ends with it.
        worker_owner = self if saving else owner
        coroutine = self._deliver(owner, work, then, what, saving, failed)
        worker_owner.run_worker(
            coroutine,
            name=what,
            group=group or f"kit-{id(coroutine)}",
            exclusive=bool(group),
            exit_on_error=False,
        )

    async def _deliver(
        self,
        owner: Any,
        work: Callable[[], T],
        then: Callable[[T], None] | None,
        what: str,
        saving: bool,
        failed: Callable[[FieldkitError], bool] | None,
    ) -> None:
        task = asyncio.ensure_future(self._in_turn(work) if saving else in_thread(work))
        if saving:
            self._saves.add(task)
            task.add_done_callback(self._saves.discard)
        try:
            result = await (asyncio.shield(task) if saving else task)
            if saving:
                self.note_saved()
            if then is not None and owner.is_attached:
                then(result)
        except FieldkitError as error:
            if failed is None or not owner.is_attached or not failed(error):
                self.report(error)
        except Exception as error:
            self.report_fault(error, what)

    async def _in_turn(self, work: Callable[[], T]) -> T:
        """Saves go one after another, in the order in which they were asked for."""
        async with self._save_turn:
            return await in_thread(work)

    # Leaving

    async def leave(self) -> None:
        """Put every unfinished entry and every save in safety, close the kit, and end the program."""
        if self._leaving:
            return
        self._leaving = True
        try:
            for screen in self.screen_stack:
                if isinstance(screen, BaseScreen):
                    await screen.before_leaving()
            if self._saves:
                await asyncio.wait(self._saves, timeout=PATIENCE)
        except FieldkitError as error:
            self._leaving = False
            self.report(error)
            return
        except Exception as error:
            self._leaving = False
            self.report_fault(error, "leaving")
            return
        kit, self.kit = self.kit, None
        self.workers.cancel_all()
        if kit is not None:
            kit.close()
        self.exit(0)

    async def action_quit(self) -> None:
        """Ctrl+Q leaves as q does."""
        await self.leave()

    def action_help_quit(self) -> None:
        """Ctrl+C says how to leave: a hand that copies must not end anything."""
        if isinstance(self.screen, KitScreen):
            self.screen.tell("To leave, press Ctrl+Q. Everything that was typed is kept.")

    def _handle_exception(self, error: Exception) -> None:
        # The last net: no traceback reaches a person. Tests drive the app headless and need the error itself.
        if self.is_headless:
            super()._handle_exception(error)
            return
        noted = log_fault(self.folder, "showing a screen", error)
        self._return_code = 1
        self.panic(
            Text(
                "fieldkit had to stop. What was saved is safe, and unfinished entries wait for you: "
                "open the kit again to go on." + (f" Details are in {noted}." if noted else "")
            )
        )


class BaseScreen(KitScreen):
    """A screen over the kit. Subclasses give `COMMANDS_FOR`, `HELP` and `command_<id>` methods."""

    HELP: ClassVar[str] = ""
    """What F1 says before the keys."""

    if TYPE_CHECKING:

        @property  # type: ignore[override]
        def app(self) -> KitApp:
            """The program."""

    @property
    def kit(self) -> Kit:
        """The open kit. Only for screens that are shown once it is open."""
        assert self.app.kit is not None
        return self.app.kit

    def run_kit(
        self,
        work: Callable[[Kit], T],
        then: Callable[[T], None] | None = None,
        *,
        what: str,
        saving: bool = False,
        group: str = "",
        failed: Callable[[FieldkitError], bool] | None = None,
    ) -> None:
        """Run `work` on the kit in a thread, then `then` with its plain result on the screen's own thread.

        `what` ends the sentence "Something went wrong while …". `saving`: leaving waits for it, it goes on when
        the screen is left, and "saved" then shows the time. `group`: a later call of the same group on this screen
        replaces this one's answer. `failed` may take an expected error itself by returning True; any other becomes
        a notice.
        """
        kit = self.app.kit
        if kit is None:
            return
        self.run_work(partial(work, kit), then, what=what, saving=saving, group=group, failed=failed)

    def run_work(
        self,
        work: Callable[[], T],
        then: Callable[[T], None] | None = None,
        *,
        what: str,
        saving: bool = False,
        group: str = "",
        failed: Callable[[FieldkitError], bool] | None = None,
    ) -> None:
        """Like `run_kit`, for work without an open kit."""
        self.app.start(self, work, then, what=what, saving=saving, group=group, failed=failed)

    def reporter(self, show: Callable[[int, int, str], None]) -> Callable[[int, int, str], None]:
        """An `on_progress` for work in a thread: calls `show` on the screen's thread, ten times a second at most."""
        last = [0.0]

        def on_progress(done: int, total: int, what: str) -> None:
            now = time.monotonic()
            if now - last[0] >= _BETWEEN_REPORTS or (total and done >= total):
                last[0] = now
                self.call_later(show, done, total, what)

        return on_progress

    async def before_leaving(self) -> None:
        """Put in safety what only this screen knows. Called before the program ends."""

    def command_back(self) -> None:
        """Go back to the screen before."""
        self.dismiss()

    def command_help(self) -> None:
        """Explain the screen and its keys."""
        from fieldkit.widgets.dialogs import Help

        commands = commands_for(self.COMMANDS_FOR or EVERYWHERE)
        keys = [
            (command.shown_keys, command.help)
            for command in commands
            if command.built_in or self._command(command.id) is not None
        ]
        known = {f"command('{command.id}')" for command in commands}
        own = [one.binding for one in self.active_bindings.values() if one.node is self and one.enabled]
        seen: set[str] = set()
        for binding in own:
            if binding.tooltip and binding.action not in known | seen:
                seen.add(binding.action)
                keys.append((binding.key_display or key_name(binding.key), binding.tooltip))
        self.app.push_screen(Help(self.page_title or "fieldkit", self.HELP, keys))


def key(keys: str, id: str, label: str, help: str, *, show: bool = True) -> Binding:
    """A key of one screen that runs its method `command_<id>`; F1 shows `help`."""
    return Binding(keys, f"command('{id}')", label, show=show, tooltip=help)


def log_fault(folder: Path, what: str, error: BaseException) -> str:
    """Write where an error arose into errors.log beside the kit; returns the file's path, "" if that failed too.

    Only its type and its places in the program: a message may hold words that belong into the encrypted file alone.
    """
    import traceback

    places = "".join(
        f"  {frame.filename}:{frame.lineno} in {frame.name}\n"
        for frame in traceback.extract_tb(error.__traceback__)
    )
    entry = f"{datetime.now().isoformat(' ', 'seconds')} while {what}: {type(error).__name__}\n{places}"
    path = folder / "errors.log"
    if not folder.is_dir():
        return ""
    try:
        with path.open("a", encoding="utf-8") as log:
            log.write(entry)
        path.chmod(0o600)
    except OSError:
        return ""
    return str(path)
