"""Long work on a screen: done in a thread, shown as a bar, stopped with Esc, its errors reported in sentences."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from functools import partial, wraps
from pathlib import Path
from time import monotonic
from typing import Protocol, TypeVar, runtime_checkable

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from fieldkit.screens.base.places import ask_folder
from fieldkit.screens.base.screen import BaseScreen, in_thread
from fieldkit.store.kit import Progress
from fieldkit.store.local.known_settings import Setting
from fieldkit.sync.network.identity import Identity
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.plain import fit, pad, plain
from fieldkit.widgets.plots.charts import bar

Result = TypeVar("Result")
S = TypeVar("S", bound="WorkScreen")

_EVERY = 0.05
"""Seconds between updates of the bar: more often would only slow the work down."""

_STOPPED = "Stopped. Nothing was lost; it can be begun again."


class Stopped(Exception):
    """The person pressed Esc while work was running."""


@runtime_checkable
class Offering(Protocol):
    """The screen that a `StageList` is on."""

    def offers(self, what: str) -> bool:
        """Whether Enter can do this now."""
        ...

    def go(self, what: str) -> None:
        """Do it."""
        ...


class StageList(Listing):
    """A list on which Enter does something else at each stage: a subclass binds it to `go` once for each."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter does one thing at each stage, and nothing while work goes on."""
        if action == "go" and isinstance(self.screen, Offering):
            return self.screen.offers(str(parameters[0]))
        return super().check_action(action, parameters)

    def action_go(self, what: str) -> None:
        if isinstance(self.screen, Offering):
            self.screen.go(what)


class Working(Static):
    """`packing   42 %  ████████▌`; empty while there is nothing to wait for."""

    DEFAULT_CSS = """
    Working { height: 1; width: 100%; padding: 0 2; display: none; }
    Working.-busy { display: block; }
    """

    def say(self, done: int, total: int, what: str) -> None:
        """Show the progress of `what`; a total of 0 means not known yet."""
        self.add_class("-busy")
        width = max(20, self.app.size.width - 4)
        room = max(10, width // 3, min(cell_len(what), width // 2))
        if total <= 0:
            self.update(Content.assemble(plain(fit(what, width - 2)), " …"))
            return
        part = min(max(done, 0) / total, 1)
        drawn = bar(part, 1, width - room - 9)
        self.update(
            Content.assemble(pad(what, room), ("  " + f"{part:4.0%}", "bold"), "  ", (drawn, "$accent"))
        )

    def end(self) -> None:
        """Remove the bar."""
        self.remove_class("-busy")


def one_at_a_time(method: Callable[[S], Awaitable[None]]) -> Callable[[S], None]:
    """Decorator: the `WorkScreen` method starts when it is called, unless other work is still running."""

    @wraps(method)
    def begin(self: S) -> None:
        self.start(partial(method, self))

    return begin


class WorkScreen(BaseScreen):
    """A screen that does one long piece of work at a time. Subclasses put a `Working` into their body."""

    _doing = ""
    _stopping = False
    _looks: tuple[Callable[[], bool], ...] = ()
    """For each look at sticks that is not over yet, whether its result is still wanted."""

    @property
    def me(self) -> Identity:
        """Who this laptop is. Only for screens that are shown once it belongs to a network."""
        assert self.app.me is not None
        return self.app.me

    @property
    def busy(self) -> bool:
        """Whether work is running now."""
        return bool(self._doing)

    def start(self, steps: Callable[[], Awaitable[None]]) -> None:
        """Start a piece of work made of questions and `do`s, unless other work is still running."""
        if self.busy:
            self.show_notice(self._still, "warning")
        else:
            self.begin(steps)

    @property
    def _still(self) -> str:
        return f"Still {self._doing}; Esc stops it."

    def unknown_key(self, key: str, shown: str, more: str) -> str:
        """While work goes on, says so: most keys have nothing to do until it ends."""
        return self._still if self.busy else super().unknown_key(key, shown, more)

    async def _guarded(self, steps: Callable[[], Awaitable[None]]) -> None:
        async def stoppable() -> None:
            try:
                await steps()
            except Stopped:
                self.show_notice(_STOPPED, "warning")

        await super()._guarded(stoppable)

    async def do(self, what: str, work: Callable[[Progress], Result], *, saving: bool = False) -> Result:
        """Run `work` in a thread with the bar showing; keys do not wait. `what` continues "still …": packing, merging.

        `saving`: "saved" then shows the time.

        Raises:
            Stopped: by the person.
        """
        loop, shown_at = asyncio.get_running_loop(), 0.0

        def on_progress(done: int, total: int, doing: str) -> None:
            nonlocal shown_at
            if self._stopping:
                raise Stopped
            if monotonic() - shown_at >= _EVERY:
                shown_at = monotonic()
                with contextlib.suppress(RuntimeError):  # the program was left meanwhile
                    loop.call_soon_threadsafe(self._show_progress, done, total, doing)

        self._doing, self._stopping = what, False
        self.clear_notice(_STOPPED)
        self._show_progress(0, 0, what)
        self.refresh_bindings()
        try:
            with self.keys_meanwhile():
                result = await in_thread(lambda: work(on_progress))
        finally:
            self._doing = ""
            if self.is_attached:
                for bar in self.query(Working):
                    bar.end()
                self.refresh_bindings()
        if saving:
            self.app.note_saved()
        return result

    async def look_around(self, read: Callable[[], Result], is_wanted: Callable[[], bool]) -> Result:
        """The result of `read`, which looks at sticks: they may be slow, so only Enter waits for what it finds.

        `is_wanted`: whether the list in view is still the one for it.
        """
        self._looks = (*self._looks, is_wanted)
        try:
            with self.keys_meanwhile():
                return await in_thread(read)
        finally:
            self._looks = tuple(each for each in self._looks if each is not is_wanted)

    def waits_with(self, key: str) -> bool:
        """Whether Enter is for a file that is still being looked for."""
        if key == "enter" and any(is_wanted() for is_wanted in self._looks):
            return True
        return super().waits_with(key)

    async def ask_where(
        self, title: str, last: Setting[str], text: str = "", *, travels: bool = True
    ) -> Path | None:
        """Ask for the folder to write to, offering the last one (a setting); None if the person went back.

        `travels`: the file is meant to be carried away on a stick.
        """
        kit = self.kit
        folder = await in_thread(lambda: kit.settings.get(last))
        return await ask_folder(self.app, title, folder, text, travels=travels)

    def _show_progress(self, done: int, total: int, doing: str) -> None:
        if self.busy and self.is_attached:
            for bar in self.query(Working):
                bar.say(done, total, doing)

    def command_back(self) -> None:
        """Stop the running work; otherwise go back."""
        if self.busy:
            self._stopping = True
            self.show_notice("Stopping …")
        else:
            self.dismiss()


class QuietList(Listing):
    """A list on which Enter does nothing, so that the bottom line does not name it."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Everything that a list responds to, except Enter."""
        return False if action == "choose" else super().check_action(action, parameters)
