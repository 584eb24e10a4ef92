"""The first run: create a network, join one with an invitation, or just try it; and the recovery code,
once.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from fieldkit.errors import FieldkitError
from fieldkit.screens import setting_up, setup_words
from fieldkit.screens.base import BaseScreen
from fieldkit.screens.opening import LOAD_AFTER, load_soon
from fieldkit.screens.secret_lines import asked
from fieldkit.screens.setting_up import Half, Ready
from fieldkit.widgets.plain import plain

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit
    from fieldkit.sync.identity import Identity
    from fieldkit.sync.network import Invitation

_NO_PASSPHRASE = "Left empty: no passphrase. Anybody with this laptop can then read everything."


class FirstRunScreen(BaseScreen):
    """A few pages, one after another. Nothing is made before the last one is confirmed."""

    CSS_PATH = "first_run.tcss"
    HELP = (
        "A kit belongs to one network. Its coordinator creates the network and gives out invitations; "
        "every other "
        "laptop joins with one. The passphrase locks what is recorded on this laptop; the recovery code "
        "opens it when "
        "the passphrase is forgotten."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "choose('create')", "create", show=False),
        Binding("2", "choose('join')", "join", show=False),
        Binding("3", "choose('try')", "try it", show=False),
        Binding("enter", "go_on", "go on"),
        Binding("shift+tab", "line_before", "the line before"),
        Binding("f4", "show", "show the passphrase"),
        Binding("escape", "back", "back"),
        Binding("f1", "command('help')", "help"),
        Binding("ctrl+q", "app.quit", "leave"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.stage = ""
        self._busy = False
        self._code = ""
        self._found: list[Path] = []
        self._path = Path()
        self._invitation: Invitation | None = None

    def body(self) -> ComposeResult:
        yield VerticalScroll(id="stage", can_focus=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.page_title = "setting up"
        self.call_after_refresh(self._begin)

    async def _begin(self) -> None:
        await self._choices()
        if self.app.demo:
            self._try_it(self.app.folder)
        else:
            self.set_timer(LOAD_AFTER, load_soon)

    # Pages

    async def _page(self, stage: str, *widgets: Widget) -> None:
        self.stage = stage
        box = self.query_one("#stage", VerticalScroll)
        await box.remove_children()
        await box.mount(*widgets, Static(id="state"))
        first = next(iter(box.query(Input)), None)
        self.set_focus(first)
        self.refresh_bindings()

    def _say(self, words: Content | str, *, wrong: bool = False) -> None:
        content = words if isinstance(words, Content) else plain(words)
        self.query_one("#state", Static).update(
            Content.assemble(("× ", "bold $error"), content) if wrong else content
        )

    async def _choices(self) -> None:
        await self._page("choose", Static(setup_words.welcome(self.app.kit is not None)))

    async def action_choose(self, what: str) -> None:
        if self._busy:
            return
        if what == "create":
            await self._page(
                "create",
                Static("Create a network", classes="title"),
                *asked("name", "Name of the network", "such as: Bradford health champions"),
                *asked("device", "Name of this laptop", "", "Coordinator"),
                *self._secrets(),
            )
        elif what == "join":
            await self._page(
                "find",
                Static("Join a network", classes="title"),
                Static(id="found"),
                *asked("path", "Path", ""),
            )
            self._say("Looking for invitations …")
            here = Path.cwd()
            self.run_work(
                lambda: setting_up.invitations(here),
                self._show_found,
                what="looking for invitations",
                group="find",
            )
        else:
            folder = Path(tempfile.mkdtemp(prefix="fieldkit-try-"))
            self.app.throwaway = folder
            self._try_it(folder)

    def _secrets(self) -> list[Widget]:
        if self.app.kit is not None:
            return []
        return [
            *asked("secret", "Passphrase", "at least 8 letters; four words are best", hidden=True),
            *asked("again", "The same again", "", hidden=True),
            Static(_NO_PASSPHRASE, id="strength"),
        ]

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input.id == "secret":
            self.query_one("#strength", Static).update(
                plain(setting_up.strength(event.value) or _NO_PASSPHRASE)
            )

    # Joining

    def _show_found(self, found: list[Path]) -> None:
        self._found = found[:9]
        words = setup_words.found(self._found, self.size.width - 14)
        self.query_one("#found", Static).update(words)
        self._say("")

    def _look_at(self, typed: str) -> None:
        from fieldkit.screens.places import typed_path

        number = int(typed) if typed.isdecimal() and len(typed) == 1 else 0
        self._path = self._found[number - 1] if 0 < number <= len(self._found) else typed_path(typed)
        path = self._path

        def work() -> Invitation:
            from fieldkit.sync.network import read_invitation

            return read_invitation(path)

        self.run_work(work, self._show_invitation, what="reading the invitation", failed=self._refused)

    def _refused(self, error: FieldkitError) -> bool:
        self._working(False)
        self._say(" ".join(part for part in (error.message, error.kept, error.hint) if part), wrong=True)
        return True

    async def _invited(self, invitation: Invitation) -> None:
        self._invitation = invitation
        await self._page(
            "join",
            Static(plain(f"Join {invitation.network_name}"), classes="title"),
            Static(setup_words.invited(invitation)),
            Static(""),
            *asked("device", "Name of this laptop", "such as: St Mary's laptop 1"),
            *self._secrets(),
        )

    def _show_invitation(self, invitation: Invitation) -> None:
        self.run_worker(self._invited(invitation), exit_on_error=False)

    # Going on

    async def action_go_on(self) -> None:
        if self._busy:
            return
        lines = list(self.query(Input))
        focused = self.focused
        if isinstance(focused, Input) and focused is not lines[-1] and focused in lines:
            self.set_focus(lines[lines.index(focused) + 1])
            return
        if self.stage == "find" and (typed := self._typed("path")):
            self._look_at(typed)
        elif self.stage in {"create", "join"}:
            self._finish()

    def _typed(self, id: str) -> str:
        found = self.query(f"#{id}")
        return found.first(Input).value.strip() if found else ""

    def _finish(self) -> None:
        for id, sentence in (("name", "Give the network a name."), ("device", "Give this laptop a name.")):
            if self.query(f"#{id}") and not self._typed(id):
                self._wrong(id, sentence)
                return
        if self.app.kit is not None:
            self._make(None)
            return
        secret, again = (self.query_one(f"#{id}", Input).value for id in ("secret", "again"))
        if secret != again:
            self._wrong(
                "again", "The two passphrases are not the same. Type it again, or press F4 to see them."
            )
        elif secret and len(secret.strip()) < 8:
            self._wrong(
                "secret", "That passphrase is too short: at least 8 letters; four words are easy to remember."
            )
        elif secret:
            self._make(secret)
        else:
            from fieldkit.widgets.dialogs import Confirm

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

    def _wrong(self, id: str, sentence: str) -> None:
        self.set_focus(self.query_one(f"#{id}"))
        self._say(sentence, wrong=True)

    def _make(self, passphrase: str | None) -> None:
        name, device, path, stage = self._typed("name"), self._typed("device"), self._path, self.stage

        def settle(kit: Kit) -> Identity:
            from fieldkit.sync import network

            return (
                network.create_network(kit, name, device)
                if stage == "create"
                else network.join(kit, path, device)
            )

        folder, kit = self.app.folder, self.app.kit
        self._working(True)
        self._say(
            "Making the kit and its keys; this takes a few seconds …" if kit is None else "One moment …"
        )
        self.run_work(
            lambda: setting_up.make(folder, kit, passphrase, settle),
            self._made,
            what="setting up the kit",
            failed=self._refused,
        )

    def _working(self, busy: bool) -> None:
        self._busy = busy
        self.refresh_bindings()

    def _made(self, made: Ready | Half) -> None:
        self._working(False)
        self.app.kit = made.kit
        self._code = made.code or self._code
        if isinstance(made, Half):
            if not isinstance(made.error, FieldkitError):
                self.app.report_fault(made.error, "settling the kit in its network")
            else:
                self._refused(made.error)
            return
        if self._code:
            self.app.open_screen("recovery", replace(made, code=self._code), instead=True)
        else:
            self.app.entered(made.kit, made.me)

    # Trying it

    def _try_it(self, folder: Path) -> None:
        self._working(True)
        self._say("Making a kit to try …")
        on_progress = self.reporter(self._progress)

        def work() -> tuple[Kit, Identity | None]:
            from fieldkit.demo import build
            from fieldkit.screens.opening import identity_of

            kit = build(folder, on_progress)
            return kit, identity_of(kit)

        self.run_work(work, self._tried, what="making the kit to try", failed=self._refused)

    def _progress(self, done: int, total: int, what: str) -> None:
        if self._busy:
            part = f"  {done * 100 // total} %" if total else ""
            self._say(f"Making a kit to try: {what}{part}")

    def _tried(self, opened: tuple[Kit, Identity | None]) -> None:
        self._working(False)
        kit, me = opened
        if me is not None:
            self.app.folder = kit.folder
            self.app.entered(kit, me)

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "choose":
            return self.stage == "choose" and not self._busy
        if action == "go_on":
            return self.stage != "choose"
        if action == "back":
            return self.stage in {"create", "find", "join"} and not self._busy
        if action == "show":
            return bool(self.query("#secret"))
        if action == "line_before":
            return self.stage in {"create", "join"}
        return super().check_action(action, parameters)

    def action_line_before(self) -> None:
        self.focus_previous()

    async def action_back(self) -> None:
        await self._choices()

    def action_show(self) -> None:
        for id in ("secret", "again"):
            line = self.query_one(f"#{id}", Input)
            line.password = not line.password

    def on_key(self, event: object) -> None:
        from textual.events import Key

        focused = self.focused
        if (
            isinstance(event, Key)
            and event.key == "tab"
            and isinstance(focused, Input)
            and focused.id == "path"
        ):
            event.prevent_default()
            event.stop()
            focused.value = setting_up.completed(focused.value)
            focused.cursor_position = len(focused.value)
