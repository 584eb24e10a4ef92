"""What every screen stands on: work on the kit in threads, help, and the keys of its own."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar

from fieldkit.commands import EVERYWHERE, commands_for
from fieldkit.errors import FieldkitError
from fieldkit.screens.base.kit_app import KitApp, in_thread
from fieldkit.widgets.frame import KitScreen

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit

T = TypeVar("T")

_BETWEEN_REPORTS = 0.1


class BaseScreen(KitScreen):
    """A screen over the kit. Subclasses give `COMMANDS_FOR`, `HELP` and `command_<id>` methods."""

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

        `what` ends the sentence "Something went wrong while …". `saving`: leaving waits for it, it goes on
        when
        the screen is left, and "saved" then shows the time. `group`: a later call of the same group on this
        screen
        replaces this one's answer. `failed` may take an expected error itself by returning True; any other
        becomes
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
        """An `on_progress` for work in a thread: calls `show` on the screen's thread, ten times a second at
        most.
        """
        last = [0.0]

        def on_progress(done: int, total: int, what: str) -> None:
            now = time.monotonic()
            if now - last[0] >= _BETWEEN_REPORTS or (total and done >= total):
                last[0] = now
                self.call_later(show, done, total, what)

        return on_progress

    async def before_leaving(self) -> None:
        """Put in safety what only this screen knows. Called before the program ends."""

    def command_back(self) -> Awaitable[None] | None:
        """Go back to the screen before."""
        self.dismiss()
        return None

    def command_colours(self) -> None:
        """Show other colours."""
        self.tell(f"Colours: {self.app.next_colours()}.")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] == "last-code" and self.app.me is None:
            return False  # no kit is open yet
        return super().check_action(action, parameters)

    def command_last_code(self) -> None:
        """Show the last receipt code again."""
        from fieldkit.presentation.last_receipt_code import (  # with the store, after the first frame
            NONE,
            shown_again,
        )

        def show(last: tuple[str, str] | None) -> None:
            from fieldkit.screens.base.receipt_code_box import ReceiptCodeBox

            if last is None:
                self.tell(NONE)
            else:
                self.app.push_screen(ReceiptCodeBox(*last))

        self.run_kit(shown_again, show, what="looking for the last receipt code", group="last-code")

    def command_help(self) -> None:
        """Explain the screen and its keys."""
        from fieldkit.widgets.dialogs import Help

        commands = commands_for(self.COMMANDS_FOR or EVERYWHERE)
        keys = [
            (command.shown_keys, command.help)
            for command in commands
            if command.built_in or self._command(command.id) is not None
        ]
        self.app.push_screen(Help(self.page_title or "fieldkit", self.HELP, keys))


__all__ = ["BaseScreen", "KitApp", "in_thread"]
