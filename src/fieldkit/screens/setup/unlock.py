"""Unlocking the kit with its passphrase or recovery code."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from fieldkit.commands.command import UNLOCK
from fieldkit.commands.table import bindings_for
from fieldkit.errors import FieldkitError, WrongPassphrase
from fieldkit.screens.base.screen import LOAD_AFTER, in_background, load_soon
from fieldkit.screens.base.secret_lines import NOTHING_TYPED, LinesScreen, SecretInput, caps_lock_note
from fieldkit.widgets.plain import Hanging, plain

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit
    from fieldkit.sync.network.identity import Identity

_SIGNS = "◐◓◑◒"


class UnlockScreen(LinesScreen):
    """Asks for the passphrase; opens the kit in a thread, since the lock is slow by design."""

    CSS_PATH = "unlock.tcss"
    COMMANDS_FOR = UNLOCK
    PAGE_TITLE = "Locked"
    ENTER = "unlock"
    HELP = (
        "This kit is locked. Type its passphrase, or the twelve words of the recovery code that was shown "
        "when the "
        "kit was set up. Without them nobody can open it: not the coordinator, not the people who wrote fieldkit."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(UNLOCK),
        Binding("ctrl+q", "app.quit", "leave"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._busy = False
        self._turn = 0

    def body(self) -> ComposeResult:
        with Vertical(id="unlock"):
            yield Static("This kit is locked.", id="title")
            yield Static("Passphrase, or the twelve words of the recovery code")
            yield SecretInput(self, id="secret")
            yield Static(id="state")

    def on_mount(self) -> None:
        self.query_one(SecretInput).focus()
        self.set_timer(LOAD_AFTER, load_soon)

    @property
    def takes_keys(self) -> bool:
        """Keys typed while the kit is being opened belong to the next screen."""
        return super().takes_keys and not self._busy

    def on_input_changed(self, event: Input.Changed) -> None:
        if not self._busy:
            self._say(plain(caps_lock_note(event.value)))

    def command_show(self) -> None:
        """Show what is typed, or hide it again."""
        line = self.query_one(SecretInput)
        line.password = not line.password

    def command_unlock(self) -> None:
        """Open the kit with what was typed."""
        secret = self.query_one(SecretInput).value
        if not self._busy and not secret:
            self._say(plain(NOTHING_TYPED))
        if self._busy or not secret:
            return
        self._busy = True
        self._timer = self.set_interval(0.2, self._turn_sign)
        self._turn_sign()
        self._open(secret)

    @in_background
    async def _open(self, secret: str) -> None:
        folder = self.app.folder

        def work() -> tuple[Kit, Identity | None]:
            from fieldkit.presentation.opening import open_kit

            return open_kit(folder, secret)

        try:
            opened = await self.thread_work(work, "opening the kit")
        except FieldkitError as error:
            self._stop()
            self.app.forget_keys()
            if not isinstance(error, WrongPassphrase):
                raise
            line = self.query_one(SecretInput)
            line.selection = type(line.selection)(0, len(line.value))
            sentence = " ".join(part for part in (error.message, error.hint) if part)
            self._say(Content.assemble(("× ", "bold $error"), plain(sentence)))
        else:
            self._stop()
            self.app.opened(*opened)

    def _turn_sign(self) -> None:
        self._turn += 1
        self._say(
            Content(
                f"{_SIGNS[self._turn % 4]} Opening … this takes a few seconds, so that guessing takes years."
            )
        )

    def _say(self, content: Content) -> None:
        self.query_one("#state", Static).update(Hanging(content))

    def _stop(self) -> None:
        self._busy = False
        self._timer.stop()
        self._say(Content(""))
