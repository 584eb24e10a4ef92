"""The recovery code: shown once, before it opens anything, until the person confirms that it is written down."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from fieldkit.commands.command import RECOVERY
from fieldkit.commands.table import bindings_for
from fieldkit.screens.base.secret_lines import LinesScreen, asked
from fieldkit.widgets.plain import Hanging

WRITTEN = "written"
"""What to type to confirm that the recovery code is written down."""


class RecoveryScreen(LinesScreen):
    """Twelve words in two columns. Ends with True once they are written down; only then is their lock made."""

    CSS_PATH = "first_run.tcss"
    HELP = (
        "These twelve words open the kit when the passphrase is forgotten. Write them on paper and keep it "
        "away "
        "from this laptop; nobody can show them to you again."
    )
    COMMANDS_FOR = RECOVERY
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(RECOVERY)

    def __init__(self, code: str, renewed: bool = False) -> None:
        """`renewed`: there is a kit already, and it gets this code in place of another, if it had one."""
        super().__init__()
        self._code = code
        self._renewed = renewed

    def body(self) -> ComposeResult:
        code_words = self._code.split()
        half = (len(code_words) + 1) // 2
        rows = [
            Content.assemble(
                (f"{row + 1:>6}  ", "$text-muted"),
                (f"{code_words[row]:<14}", "bold $accent"),
                (f"{row + 1 + half:>6}  ", "$text-muted"),
                (code_words[row + half], "bold $accent"),
            )
            for row in range(half)
        ]
        with VerticalScroll(id="stage", can_focus=False):
            yield Static("Recovery code", classes="title")
            yield Static(
                "Write these twelve words down, in this order. They open the kit if the passphrase is "
                "forgotten."
                + (
                    " Once you go on, the old ones no longer do. Older backups still open with theirs."
                    if self._renewed
                    else ""
                )
            )
            yield Static(Content("\n").join(rows), id="code")
            yield Static(
                "Keep the paper away from this laptop. The words won't be shown again.", id="warning"
            )
            yield from asked(self, "written", f"Type “{WRITTEN}”", "once they are on paper")
            yield Static(id="state")

    def on_mount(self) -> None:
        self.page_title = "New recovery code" if self._renewed else "Setting up"
        self.query_one(Input).focus()

    def command_go_on(self) -> None:
        """Go on, once the words are on paper."""
        if self.query_one(Input).value.strip("“”\"' ").lower() == WRITTEN:
            self.dismiss(True)
        else:
            self.query_one("#state", Static).update(
                Hanging(
                    Content.assemble(
                        ("× ", "bold $error"), f"Write the words down first, then type: {WRITTEN}"
                    )
                )
            )

    def command_back(self) -> None:
        """Go back; nothing is changed."""
        self.dismiss()
