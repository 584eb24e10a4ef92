"""Restoring a backup on a laptop that has no kit: the file, its passphrase, and whether its kit is still in use."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from fieldkit.commands.command import RESTORING
from fieldkit.commands.table import bindings_for
from fieldkit.errors import FieldkitError, WrongPassphrase
from fieldkit.paths import BACKUP_ENDING
from fieldkit.presentation.model.form_plan import Option
from fieldkit.presentation.opening import restore_kit
from fieldkit.screens.base.places import typed_path
from fieldkit.screens.base.screen import in_background
from fieldkit.screens.base.secret_lines import asked
from fieldkit.screens.setup.setup_pages import PagesScreen
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.inputs import show_whole

_THEN = "The backup is restored. Merge the newest network file and bundles: they bring what came after it."
_IN_USE, _LOST = "in use", "lost"


class RestoreScreen(PagesScreen):
    """One page; nothing is changed before its last question is answered."""

    CSS_PATH = "first_run.tcss"
    COMMANDS_FOR = RESTORING
    PAGE_TITLE = "Restoring a backup"
    FILE_ENDING = BACKUP_ENDING
    HELP = (
        "A backup is a whole kit in one file. It opens with the passphrase or recovery code that the kit had on the day of the "
        "backup. The restored kit goes on as a new replica; merge the newest network file and bundles afterwards."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(RESTORING),
        Binding("ctrl+q", "app.quit", "leave"),
    ]

    def on_mount(self) -> None:
        self.call_after_refresh(self._ask)

    async def _ask(self) -> None:
        await self.page(
            "restore",
            Static("Restore a backup", classes="title"),
            *asked(self, "path", "Path", f"a file that ends in {BACKUP_ENDING}"),
            Static(id="whole"),
            *asked(self, "old", "Passphrase", "the backup's, or its recovery code", hidden=True),
        )

    def on_input_changed(self, event: Input.Changed) -> None:
        super().on_input_changed(event)
        self._show_whole()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_whole)

    def _show_whole(self) -> None:
        for whole in self.query("#whole").results(Static):
            show_whole(self.query_one("#path", Input), whole)

    def command_go_on(self) -> None:
        """Go to the next line; after the last one, restore the backup."""
        if self._busy or self.move(1):
            return
        if not self.typed("path"):
            self.wrong("path", "Type the path of the backup.")
            return
        source = typed_path(self.typed("path"))
        if not source.is_file():
            self.wrong("path", "There is no such file. Is the stick still in? Check the name.")
            return
        options = [Option(_LOST, "no: it is lost, or broken"), Option(_IN_USE, "yes: it goes on elsewhere")]
        asked_last = Choose("Is the kit of this backup still in use, on any laptop?", options)
        self.app.push_screen(asked_last, partial(self._begin, source))

    def _begin(self, source: Path, answer: str | None) -> None:
        if answer is not None:
            self.working(True)
            self.say("Restoring the backup and checking every record; this takes a while …")
            self._restore(source, answer == _IN_USE)

    @in_background
    async def _restore(self, source: Path, in_use: bool) -> None:
        secret, folder = self.query_one("#old", Input).value, self.app.folder
        try:
            opened = await self.thread_work(
                lambda: restore_kit(source, folder, secret, in_use), "restoring the backup"
            )
        except FieldkitError as error:
            self.refused(error)
            if isinstance(error, WrongPassphrase):
                self.set_focus(self.query_one("#old"))
            return
        self.working(False)
        self.app.opened(*opened)
        self.app.notice(_THEN)

    def command_back(self) -> None:
        """Go back to the choice."""
        if not self._busy:
            self.app.open_screen("first_run", instead=True)
