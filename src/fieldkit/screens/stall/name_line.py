"""The input for names. Digits and signs belong to the board as long as they are not part of a name."""

from __future__ import annotations

from typing import ClassVar, Protocol

from textual import events
from textual.binding import Binding, BindingType

from fieldkit.widgets.inputs import PlainInput


class Board(Protocol):
    """What takes the keys that are not letters of a name."""

    def take_digit(self, digit: int) -> bool:
        """Answer with a digit; False if it belongs to the typed text."""
        ...

    def refuse_list(self, lines: int) -> None:
        """Say that only the first of several pasted lines is a name."""
        ...

    def take_sign(self, by: int) -> bool:
        """One more (1) or one fewer (-1) in the last counted group; False if the sign belongs to the typed text."""
        ...


class NameLine(PlainInput):
    """The arrows move through the matches."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "screen.point(-1)", "up", show=False),
        Binding("down", "screen.point(1)", "down", show=False),
        Binding("enter", "screen.take('check-in')", "check in"),
        Binding("enter", "screen.take('ask')", "same person?"),
        Binding("enter", "screen.take('count')", "count, no name"),
        Binding("enter", "screen.take('time')", "take the time"),
        Binding("enter", "screen.take('nothing')", show=False),
        Binding("tab", "screen.mark('keep')", "keep name"),
        Binding("tab", "screen.mark('numbers')", "numbers"),
        Binding("tab", "screen.mark('nothing')", show=False),
        Binding("shift+tab", "screen.to_counts", "numbers", show=False),
    ]

    def on_paste(self, event: events.Paste) -> None:
        lines = [line for line in event.text.splitlines() if line.strip()]
        super().on_paste(events.Paste(lines[0] if lines else ""))
        event.stop()
        event.prevent_default()
        if len(lines) > 1:
            board: Board = self.screen  # type: ignore[assignment]  # only the board has this line
            board.refuse_list(len(lines))

    def on_key(self, event: events.Key) -> None:
        board: Board = self.screen  # type: ignore[assignment]  # only the board has this line
        sign = {"+": 1, "=": 1, "-": -1}.get(event.character or "", 0)
        digit = event.character if event.character and event.character in "0123456789" else ""
        if (digit and board.take_digit(int(digit))) or (sign and board.take_sign(sign)):
            event.stop()
            event.prevent_default()
