"""Changing the passphrase: the present one, the new one twice, a new recovery code, shown once, and then the new locks."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.widgets import Input, Static

from fieldkit.commands.command import PASSPHRASE
from fieldkit.commands.table import bindings_for
from fieldkit.errors import FieldkitError, WrongPassphrase
from fieldkit.screens.base.screen import in_background
from fieldkit.screens.base.secret_lines import asked
from fieldkit.screens.setup.setup_pages import PagesScreen
from fieldkit.store.db.vault import Vault


class PassphraseScreen(PagesScreen):
    """Asks for the present passphrase, if there is one, and for the new one."""

    CSS_PATH = "first_run.tcss"
    COMMANDS_FOR = PASSPHRASE
    PAGE_TITLE = "Passphrase"
    HELP = (
        "The records stay as they are: only the key that opens them gets another lock. The recovery code changes "
        "too: it is shown once, and the kit opens as before until you have written it down. Older backups still "
        "open with the older passphrase, or without one. A person who can open one can open this kit's file too."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(PASSPHRASE)
    NEW_PASSPHRASE = "New passphrase"

    _corrects = False
    """Whether the present passphrase was wrong and is typed again: the new one is typed below it already."""

    def on_mount(self) -> None:
        self.call_after_refresh(self._ask)

    async def _ask(self) -> None:
        locked = Vault(self.kit.folder).locked
        old = asked(self, "old", "Passphrase now", "or the recovery code", hidden=True)
        await self.page(
            "change" if locked else "first",
            Static("Change the passphrase" if locked else "Choose a passphrase", classes="title"),
            *(old if locked else []),
            *self.secret_lines(),
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] == "back":
            return not self._busy  # the new locks are being written
        return super().check_action(action, parameters)

    def command_go_on(self) -> None:
        """Go to the next line; after the last one, change it."""
        if self._busy or (not self._corrects and self.move(1)):
            return
        self._corrects = False
        secret = self.new_secret()
        if secret == "":
            self.wrong("secret", "Type the new passphrase.")
        elif secret:
            self.working(True)
            self._check_old(secret)

    def names(self) -> list[str]:
        """The names of this kit's network and laptop."""
        return [self.app.me.name, self.app.me.network_name] if self.app.me is not None else []

    @in_background
    async def _check_old(self, secret: str) -> None:
        """Check the present passphrase, then go on."""
        folder = self.kit.folder
        if self.stage == "change":
            old = self.query_one("#old", Input).value
            self.say("Looking whether the passphrase is right …")
            try:
                await self.kit_work(
                    lambda _: Vault(folder).unlock(old, renew=False), "looking at the passphrase"
                )
            except FieldkitError as error:
                self.refused(error)
                if isinstance(error, WrongPassphrase):
                    line = self.query_one("#old", Input)
                    self.set_focus(line)
                    line.action_select_all()
                    self._corrects = True
                return
        self.working(False)
        self.say("")
        self.with_code(partial(self._change, secret), renewed=True)

    @in_background
    async def _change(self, secret: str) -> None:
        """Write the new locks: the code is on paper."""
        kit, code, names = self.kit, self.code, self.names()
        self.working(True)
        self.say("Making the new lock; this takes a few seconds …")
        try:
            await self.kit_work(
                lambda _: Vault(kit.folder).change_passphrase(kit.key, secret, code, names),
                "changing the passphrase",
                saving=True,
            )
        except FieldkitError as error:
            self.refused(error)
            return
        self.working(False)
        self.app.notice("The kit has a new passphrase and a new recovery code.")
        self.dismiss()
