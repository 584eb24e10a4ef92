"""Pages of titled lines, one after another: what set-up and changing the passphrase share."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from fieldkit.commands.table import with_keys
from fieldkit.errors import FieldkitError
from fieldkit.screens.base.secret_lines import LinesScreen, SecretInput, asked, caps_lock_note
from fieldkit.screens.setup import setup_work
from fieldkit.store.db import recovery_codes
from fieldkit.store.db.passphrases import ADVICE, weakness
from fieldkit.widgets.plain import Hanging, plain

SECRETS = ("secret", "again")
"""The ids of the two lines for a passphrase."""


class PagesScreen(LinesScreen):
    """Shows one page of lines at a time in `#stage`, with a sentence below them in `#state`."""

    NO_PASSPHRASE = ""
    """The note below an empty passphrase."""
    FILE_ENDING = ".fkn"
    """The ending of the files that Tab fills in."""
    NEW_PASSPHRASE = "Passphrase"
    """The title of the line for a new passphrase."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = ""
        self._busy = False
        self._turning = True
        self._is_wrong = False
        self.code = ""
        """The new recovery code, once it is written down."""

    @property
    def takes_keys(self) -> bool:
        """Keys wait while a page is being laid out or work is running: they belong to what follows."""
        return super().takes_keys and not self._turning and not self._busy

    def body(self) -> ComposeResult:
        yield VerticalScroll(id="stage", can_focus=False)

    async def page(self, stage: str, *widgets: Widget) -> None:
        """Show the page called `stage`, its first line focused."""
        self.stage = stage
        self._turning = True
        self._is_wrong = False
        box = self.query_one("#stage", VerticalScroll)
        await box.remove_children()
        if not box.is_attached:  # the program has left meanwhile
            return
        box.set_classes(stage)
        await box.mount(*widgets, Static(id="state"))
        self._busy = False
        self.set_focus(next(iter(box.query(Input)), None))
        self._turning = False
        self.refresh_bindings()

    def say(self, text: Content | str, *, wrong: bool = False) -> None:
        """Show a sentence below the lines."""
        content = text if isinstance(text, Content) else plain(text)
        self._is_wrong = wrong
        state = self.query_one("#state", Static)
        state.update(Hanging(Content.assemble(("× ", "bold $error"), content) if wrong else content))
        if text:
            self.call_after_refresh(state.scroll_visible, animate=False)

    def wrong(self, id: str, sentence: str) -> None:
        """Say what is wrong with a line, and go there."""
        self.set_focus(self.query_one(f"#{id}"))
        self.say(sentence, wrong=True)

    def refused(self, error: FieldkitError) -> None:
        """Show an expected error of work in a thread, below the lines."""
        self.app.forget_keys()  # typed for a page that did not come: a passphrase must not appear in a plain line
        self.working(False)
        self.say(" ".join(part for part in (error.message, error.kept, error.hint) if part), wrong=True)

    def working(self, busy: bool) -> None:
        """Set whether work is running: keys wait meanwhile."""
        self._busy = busy
        self.refresh_bindings()

    def typed(self, id: str) -> str:
        """What was typed into a line, without spaces at its ends; "" if there is no such line."""
        inputs = self.query(f"#{id}")
        return inputs.first(Input).value.strip() if inputs else ""

    # A passphrase, twice

    def secret_lines(self) -> list[Widget]:
        """The two lines for a new passphrase, and how hard it is to guess."""
        return [
            *asked(self, "secret", self.NEW_PASSPHRASE, "four words, 8 characters or more", hidden=True),
            *asked(self, "again", "The same again", "", hidden=True),
            Static(self.NO_PASSPHRASE, id="strength"),
        ]

    def new_secret(self) -> str | None:
        """The passphrase that was typed twice, "" if both lines are empty; None, with a message, if it can't be accepted."""
        secret, again = (self.query_one(f"#{id}", Input).value for id in SECRETS)
        if secret != again:
            self.wrong(
                "again",
                with_keys(
                    "The two passphrases are not the same. Type it again, or press {setup[show]} to see them."
                ),
            )
            return None
        if secret and (reason := weakness(secret, self.names())):
            self.wrong("secret", f"That passphrase is too easy to guess: {reason}. {ADVICE}")
            return None
        return secret

    def with_code(self, go_on: Callable[[], None], *, renewed: bool = False) -> None:
        """Go on once a new recovery code is written down: before its lock is made, so that no kit has one nobody has seen."""
        if self.code:
            go_on()
            return
        code = recovery_codes.new_code()

        def leave(written: bool | None) -> None:
            if written:
                self.code = code
                go_on()

        self.set_focus(self.query(Input).last())  # whoever comes back goes on with Enter
        self.app.open_screen("recovery", code, renewed, then=leave)

    def names(self) -> list[str]:
        """The names of the network and the laptop, which must not be passphrases."""
        return [self.typed(id) for id in ("name", "device") if self.typed(id)]

    def on_input_changed(self, event: Input.Changed) -> None:
        if self._is_wrong:
            self.say("")  # what was wrong is being corrected
        if event.input.id in SECRETS:
            secret, again = (self.query_one(f"#{id}", Input).value for id in SECRETS)
            capitals = caps_lock_note(secret) or caps_lock_note(again)
            strength = setup_work.strength(secret, self.names()) or self.NO_PASSPHRASE
            self.query_one("#strength", Static).update(plain(capitals or strength))

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] == "show":
            return bool(self.query("#secret, #old"))
        return super().check_action(action, parameters)

    def command_show(self) -> None:
        """Show what is typed as a passphrase, or hide it again."""
        for line in self.query(Input):
            if line.id in {*SECRETS, "old"}:
                line.password = not line.password

    def command_line_before(self) -> None:
        """Go back to the line before."""
        self.move(-1)

    def completed(self, line: SecretInput) -> str | None:
        """Completes a path."""
        return setup_work.completed(line.value, self.FILE_ENDING) if line.id == "path" else None
