"""Inputs for setting up or unlocking a kit; hidden if they hold a passphrase."""

from __future__ import annotations

from textual import events
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from fieldkit.screens.base.reporting_app import CAPS_LOCK
from fieldkit.screens.base.screen import BaseScreen
from fieldkit.widgets.inputs import LineInput, TextLines

_FEWEST_CAPITALS = 4
"""From this many capital letters on, without small ones, Caps Lock is probably on."""

NOTHING_TYPED = "Nothing is typed yet."
"""What Enter says on a line for a passphrase that is empty."""


def caps_lock_note(typed: str) -> str:
    """A sentence if every letter of a secret is a capital, since hidden text can't be checked by eye; otherwise ""."""
    cased = [letter for letter in typed if letter.lower() != letter.upper()]
    return CAPS_LOCK if len(cased) >= _FEWEST_CAPITALS and all(map(str.isupper, cased)) else ""


class LinesScreen(BaseScreen):
    """A screen of lines. Subclasses define the commands for Enter and Shift+Tab."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-middle"), (30, "-high")]

    ENTER = "go-on"
    """The command of Enter."""

    def go(self, by: int) -> None:
        """Enter in a line (1), or return to the previous line (-1)."""
        command = self.ENTER if by > 0 else "line-before"
        if self.check_action("command", (command,)) and (run := self._command(command)) is not None:
            run()

    def move(self, by: int) -> bool:
        """Go to the next line (1) or the previous one (-1); returns False if there is none."""
        lines, focused = list(self.query(SecretInput)), self.focused
        if isinstance(focused, SecretInput) and 0 <= (place := lines.index(focused) + by) < len(lines):
            self.set_focus(lines[place])
            return True
        return False

    def take_key(self, event: events.Key) -> bool:
        """No key is handled here."""
        return False

    def completed(self, line: SecretInput) -> str | None:
        """What Tab turns a line into; None if it goes to the next line."""
        return None


class SecretInput(LineInput):
    """A line for a passphrase, or for plain text if not `hidden`. Text typed after Enter belongs to the next line at once."""

    def __init__(self, host: LinesScreen, *, id: str, hidden: bool = True, value: str = "") -> None:
        super().__init__(host, id=id, hidden=hidden, value=value)
        self._lines = host
        self._suggested = value

    def on_focus(self) -> None:
        """A suggestion is replaced by what somebody types."""
        if self.value and self.value == self._suggested:
            self.action_select_all()

    def action_go(self, by: int) -> None:
        self._lines.move(by)

    async def press(self, event: events.Key) -> bool:
        if event.key != "tab":
            return False
        if (completed := self._lines.completed(self)) is None:
            self._lines.move(1)
        else:
            self.value = completed
            self.cursor_position = len(completed)
        return True


class Asked(Horizontal):
    """A titled line. The sign of the focused one is before its title, as in a form."""

    def __init__(self, title: str, line: SecretInput) -> None:
        def heading(width: int) -> list[Content]:
            if line.has_focus:
                return [Content.assemble(("▸ ", "bold $accent"), (title, "bold $accent"))]
            return [Content.assemble("  ", title)]

        self._heading = TextLines(heading, classes="asked")
        super().__init__(self._heading, line, id=f"{line.id}-line", classes="line")

    def on_descendant_focus(self) -> None:
        self._heading.refresh()

    def on_descendant_blur(self) -> None:
        self._heading.refresh()


def asked(
    host: LinesScreen, id: str, title: str, hint: str, value: str = "", *, hidden: bool = False
) -> list[Widget]:
    """A titled line called `id`."""
    line = SecretInput(host, id=id, hidden=hidden, value=value)
    line.placeholder = hint
    return [Asked(title, line)]
