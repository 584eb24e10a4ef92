"""The first run: create a network, join one with an invitation, or just try it; and the recovery code, shown once."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from fieldkit.commands.command import SETUP
from fieldkit.commands.table import bindings_for
from fieldkit.errors import BundleRefused, FieldkitError, Misuse
from fieldkit.leftover_files import throwaway_folder
from fieldkit.paths import BACKUP_ENDING
from fieldkit.quarantine_reasons import BACKUP
from fieldkit.screens.base.screen import LOAD_AFTER, in_background, latest_only, load_soon
from fieldkit.screens.base.secret_lines import SecretInput, asked
from fieldkit.screens.setup import setup_texts as texts
from fieldkit.screens.setup import setup_work
from fieldkit.screens.setup.setup_pages import PagesScreen
from fieldkit.screens.setup.setup_work import Ready, UnjoinedKit
from fieldkit.widgets.inputs import show_whole
from fieldkit.widgets.plain import plain

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit
    from fieldkit.sync.network.identity import Identity
    from fieldkit.sync.setup import Invitation

_TO_JOIN_OR_RESTORE = frozenset({".fkn", BACKUP_ENDING})
"""The endings of the files whose errors say what to do with them."""
_NAMES = {"name": "The network's name", "device": "This laptop's name"}
"""The lines for names, and how sentences call them."""


class FirstRunScreen(PagesScreen):
    """A few pages, one after another. Nothing is made before the last one is confirmed."""

    CSS_PATH = "first_run.tcss"
    COMMANDS_FOR = SETUP
    PAGE_TITLE = "Setting up"
    HELP = (
        "A kit belongs to one network. Its coordinator creates the network and gives out invitations; "
        "every other "
        "laptop joins with one. The passphrase locks what is recorded on this laptop; the recovery code "
        "opens it when "
        "the passphrase is forgotten."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(SETUP),
        Binding("ctrl+q", "app.quit", "leave"),
    ]
    NO_PASSPHRASE = "Empty: whoever has this laptop can read this kit."

    def __init__(self) -> None:
        super().__init__()
        self._paths: list[Path] = []
        self._path = Path()
        self._invitation: Invitation | None = None

    def on_mount(self) -> None:
        self.call_after_refresh(self._begin)

    async def _begin(self) -> None:
        await self._choices()
        if self.app.demo:
            self._try_it(self.app.folder)
        else:
            self.set_timer(LOAD_AFTER, load_soon)

    # Pages

    async def _choices(self) -> None:
        await self.page(
            "choose",
            Static(self._welcome(), id="welcome"),
        )

    def on_input_changed(self, event: Input.Changed) -> None:
        super().on_input_changed(event)
        if event.input.id == "path":
            self._show_whole()

    def _show_whole(self) -> None:
        for whole in self.query("#whole").results(Static):
            show_whole(self.query_one("#path", Input), whole)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_whole)
        for text in self.query("#welcome").results(Static):
            text.update(self._welcome())

    def _welcome(self) -> Content:
        """The choices in the width that lines have on a page: it has 4 cells before them, 2 behind them and a scrollbar."""
        return texts.welcome(self.app.kit is not None, max(30, self.size.width - 8))

    async def command_create(self) -> None:
        """Create a network."""
        await self.page(
            "create",
            Static("Create a network", classes="title"),
            *asked(self, "name", "Name of the network", "for example: Bradford champions"),
            *asked(self, "device", "Name of this laptop", "", "Coordinator"),
            *self._secrets(),
            *self._lead(),
        )

    async def command_join(self) -> None:
        """Join a network with an invitation."""
        await self.page(
            "find",
            Static("Join a network", classes="title"),
            # The search has its own place: it may end after a message about the path.
            Static("Looking for invitations …", id="invitations"),
            *asked(self, "path", "Path", ""),
            Static(id="whole"),
        )
        self._look_for_invitations()

    def command_restore(self) -> None:
        """Restore a backup."""
        self.app.open_screen("restoring", instead=True)

    def command_try(self) -> None:
        """Try it on a throwaway kit."""
        self._try_it(self.app.throwaway.enter_context(throwaway_folder()) / "kit")

    def _secrets(self) -> list[Widget]:
        return self.secret_lines() if self.app.kit is None else []

    def _lead(self) -> list[Widget]:
        return asked(self, "lead", "Safeguarding lead", "name and number, now or later")

    # Joining

    @latest_only
    async def _look_for_invitations(self) -> None:
        here = Path.cwd()
        paths = await self.thread_work(lambda: setup_work.invitations(here), "looking for invitations")
        self._paths = paths[:9]
        listed = texts.invitations_listed(self._paths, self.size.width - 15)
        for place in self.query("#invitations").results(Static):  # empty if another page was opened meanwhile
            place.update(listed)

    def _look_at(self, typed: str) -> None:
        from fieldkit.screens.base.places import typed_path

        number = int(typed) if typed.isdecimal() and len(typed) == 1 else 0
        self._path = self._paths[number - 1] if 0 < number <= len(self._paths) else typed_path(typed)
        path = self._path

        def work() -> Invitation:
            from fieldkit.sync.setup import read_invitation

            return read_invitation(path)

        self.working(True)
        self._read_invitation(work)

    @in_background
    async def _read_invitation(self, work: Callable[[], Invitation]) -> None:
        try:
            self._invitation = invitation = await self.thread_work(work, "reading the invitation")
        except FieldkitError as error:
            # There is no kit yet that could have been changed, and no other file of a network leads on from here.
            hint = error.hint if self._path.suffix in _TO_JOIN_OR_RESTORE else "An invitation ends in .fkn."
            if isinstance(error, BundleRefused) and error.reason == BACKUP and self.app.kit is None:
                hint = texts.restore_it()  # here a key restores it
            self.refused(FieldkitError(error.message, hint=hint))
            return
        await self.page(
            "join",
            Static(plain(f"Join {invitation.network_name}"), classes="title"),
            Static(texts.invited(invitation, time.time_ns() // 1_000_000), id="invited"),
            *asked(self, "device", "Name of this laptop", "for example: St Mary's laptop 1"),
            *self._secrets(),
            *self._lead(),
        )

    def names(self) -> list[str]:
        """The names of the network and the laptop, as typed or as in the invitation."""
        joined = self._invitation
        return [*super().names(), *([joined.network_name] if joined and self.stage == "join" else [])]

    # Going on

    def move(self, by: int) -> bool:
        """Like any move, but a name that is too long is refused at its own line."""
        id = str(self.focused.id) if isinstance(self.focused, SecretInput) else ""
        if by > 0 and id in _NAMES and self.typed(id) and (sentence := self._refusal(id)):
            self.app.forget_keys()  # typed for the lines below, a passphrase perhaps
            self.wrong(id, sentence)
            return True
        return super().move(by)

    def _refusal(self, id: str) -> str:
        """Why a name can't be used, "" if it can."""
        from fieldkit.sync.network.identity import checked_name  # with the store, after the first frame

        try:
            checked_name(self.typed(id), _NAMES[id])
        except Misuse as error:
            return error.message
        return ""

    def command_go_on(self) -> None:
        """Go to the next line; after the last one, do it."""
        if self.move(1):
            return
        if self.stage == "find" and (typed := self.typed("path")):
            self._look_at(typed)
        elif self.stage in {"create", "join"}:
            self._finish()

    def _finish(self) -> None:
        for id in _NAMES:
            if self.query(f"#{id}") and (sentence := self._refusal(id)):
                self.wrong(id, sentence)
                return
        if self.app.kit is not None:
            self._make(None)
        elif secret := self.new_secret():
            self.with_code(partial(self._make, secret))
        elif secret is not None:
            from fieldkit.widgets.dialogs.confirm import Confirm

            self.app.push_screen(
                Confirm(
                    "Without a passphrase?",
                    "Anybody who uses or finds this laptop can then read everything in the kit.",
                    yes="yes, without",
                    no="no, I'll choose one",
                    careful=True,
                ),
                lambda yes: self._make(None) if yes else self.set_focus(self.query_one("#secret")),
            )

    def _make(self, passphrase: str | None) -> None:
        name, device, path, stage = self.typed("name"), self.typed("device"), self._path, self.stage
        lead = self.typed("lead")

        def join_network(kit: Kit) -> Identity:
            from fieldkit.sync import setup

            me = (
                setup.create_network(kit, name, device)
                if stage == "create"
                else setup.join(kit, path, device)
            )
            if lead:
                from fieldkit.presentation.safeguarding_notes import note_lead

                note_lead(kit, lead)
            return me

        folder, kit, names, code = self.app.folder, self.app.kit, self.names(), self.code
        self.working(True)
        self.say("Making the kit and its keys; this takes a few seconds …" if kit is None else "One moment …")
        self._set_up(lambda: setup_work.make(folder, kit, passphrase, join_network, names, code))

    @in_background
    async def _set_up(self, work: Callable[[], Ready | UnjoinedKit]) -> None:
        try:
            made = await self.thread_work(work, "setting up the kit")
        except FieldkitError as error:
            self.refused(error)
        else:
            self._made(made)

    def _made(self, made: Ready | UnjoinedKit) -> None:
        self.working(False)
        self.app.kit = made.kit
        if isinstance(made, UnjoinedKit):
            if not isinstance(made.error, FieldkitError):
                self.app.report_fault(made.error, "preparing the kit for its network")
            else:
                self.refused(made.error)
            return
        self.app.entered(made.kit, made.me)

    # Trying it

    def _try_it(self, folder: Path) -> None:
        self.working(True)
        self.say("Making a kit to try …")
        on_progress = self.reporter(self._progress)

        def work() -> tuple[Kit, Identity | None]:
            from fieldkit.demo import build
            from fieldkit.presentation.opening import identity_of

            kit = build(folder, on_progress)
            return kit, identity_of(kit)

        self._try(work)

    @in_background
    async def _try(self, work: Callable[[], tuple[Kit, Identity | None]]) -> None:
        try:
            kit, me = await self.thread_work(work, "making the kit to try")
        except FieldkitError as error:
            self.refused(error)
            return
        self.working(False)
        if me is not None:
            self.app.folder = kit.folder
            self.app.entered(kit, me)

    def _progress(self, done: int, total: int, what: str) -> None:
        if self._busy:
            part = f"  {done * 100 // total} %" if total else ""
            self.say(f"Making a kit to try: {what}{part}")

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command":
            match parameters[0]:
                case "create" | "join" | "try":
                    return self.stage == "choose" and not self._busy
                case "restore":
                    # A kit that an interrupted set-up left has no network yet: it goes on with the others.
                    return self.stage == "choose" and not self._busy and self.app.kit is None
                case "go-on":
                    return self.stage not in {"", "choose"} and not self._busy
                case "back":
                    return self.stage in {"create", "find", "join"} and not self._busy
                case "line-before":
                    return self.stage in {"create", "join"}
        return super().check_action(action, parameters)

    async def command_back(self) -> None:
        """Go back to the choice."""
        await self._choices()
