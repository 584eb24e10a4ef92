"""The lock over the screens: nothing of the kit is in view until the passphrase, the recovery code or the PIN is typed."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from fieldkit.commands.command import LOCKED
from fieldkit.commands.table import bindings_for, with_keys
from fieldkit.errors import FieldkitError
from fieldkit.presentation.laptop.screen_lock import Secrets, locked_because, secrets_of, unlock
from fieldkit.screens.base.screen import in_background
from fieldkit.screens.base.secret_lines import NOTHING_TYPED, LinesScreen, SecretInput, caps_lock_note
from fieldkit.widgets.key_hints import key_name
from fieldkit.widgets.plain import Hanging, plain

_ASKS = {
    Secrets.PASSPHRASE: "Passphrase, or the twelve words of the recovery code",
    Secrets.BOTH: "PIN, passphrase, or the twelve words of the recovery code",
    Secrets.PIN: "PIN",
    Secrets.NONE: "This kit has no passphrase and no PIN: Enter goes on.",
}


_HELP = {
    Secrets.PASSPHRASE: "Type this kit's passphrase and press {locked[unlock]}. Or type the twelve words of the recovery code.",
    Secrets.BOTH: "Type the PIN or this kit's passphrase and press {locked[unlock]}. "
    "Or type the twelve words of the recovery code.",
    Secrets.PIN: "Type the PIN of this laptop and press {locked[unlock]}.",
    Secrets.NONE: "Press {locked[unlock]} to go on.",
}
"""How to unlock the screen. No box explains it: below the lock nothing may be done."""


class LockScreen(LinesScreen):
    """Covers every screen until somebody unlocks it; what is open below stays as it is, including its cursor."""

    COVERS = True
    CSS_PATH = "lock_screen.tcss"
    COMMANDS_FOR = LOCKED
    PAGE_TITLE = "Locked"
    ENTER = "unlock"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(LOCKED, but=("last-code", "lock-screen"))

    def __init__(self, minutes: int = 0) -> None:
        """Nobody pressed a key for `minutes`; 0: somebody locked it."""
        super().__init__()
        self._why = locked_because(minutes)
        self._busy = False
        self._secrets = Secrets.PASSPHRASE

    def body(self) -> ComposeResult:
        with Vertical(id="locked"):
            yield Static("The screen is locked.", id="title")
            yield Static(plain(f"{self._why} Everything that was typed is kept.".strip()))
            yield Static()
            yield Static(id="asks")
            yield SecretInput(self, id="secret")
            yield Static(id="state")
            yield Static(
                Content.styled(f"{key_name('ctrl+q')} closes the kit and leaves.", "$text-muted"),
                id="way-out",
            )

    def on_mount(self) -> None:
        self.query_one(SecretInput).focus()
        self._look()

    @property
    def takes_keys(self) -> bool:
        """Keys typed while the secret is being checked belong to what follows."""
        return super().takes_keys and not self._busy

    @in_background
    async def _look(self) -> None:
        self._secrets = await self.kit_work(secrets_of, "looking what opens the lock")
        self.query_one("#asks", Static).update(_ASKS[self._secrets])
        line = self.query_one(SecretInput)
        line.display = self._secrets is not Secrets.NONE
        if line.display:
            line.focus()
        else:
            self.set_focus(None)

    def left_alone(self) -> bool:
        """Nobody has pressed a key for some time: clear a half-typed secret; the next key is handled as usual."""
        self.query_one(SecretInput).value = ""
        self._say("")
        return False

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.value:  # when a refusal empties it, the sentence about that stays
            self._say(caps_lock_note(event.value))

    def command_help(self) -> None:
        """Say how to unlock the screen, until the next key."""
        self._say(with_keys(_HELP[self._secrets]))

    def command_show(self) -> None:
        """Show what is typed, or hide it again."""
        line = self.query_one(SecretInput)
        line.password = not line.password

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] == "show":
            return self._secrets is not Secrets.NONE
        return super().check_action(action, parameters)

    def command_unlock(self) -> None:
        """Unlock the screen with what was typed."""
        if self._busy:
            return
        typed = self.query_one(SecretInput).value
        if typed or self._secrets is Secrets.NONE:
            self._busy = True
            self._say("Looking …")
            self._unlock(typed)
        else:
            self._say(NOTHING_TYPED)

    @in_background
    async def _unlock(self, typed: str) -> None:
        line = self.query_one(SecretInput)
        try:
            await self.kit_work(lambda kit: unlock(kit, typed), "unlocking the screen")
        except FieldkitError as error:
            self.app.forget_keys()
            line.value = ""
            self._say(" ".join(part for part in (error.message, error.hint) if part), wrong=True)
            self._secrets = await self.kit_work(secrets_of, "looking what opens the lock")
            self.query_one("#asks", Static).update(_ASKS[self._secrets])
        else:
            line.value = ""
            self.dismiss(None)
        finally:
            self._busy = False

    def _say(self, sentence: str, *, wrong: bool = False) -> None:
        sign = (("× ", "bold $error"),) if wrong else ()
        self.query_one("#state", Static).update(Hanging(Content.assemble(*sign, plain(sentence))))
