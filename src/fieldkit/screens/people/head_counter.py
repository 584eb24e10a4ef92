"""Head counts by group: digits, + and - change the one pointed at."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from fieldkit.presentation.check_in import State
from fieldkit.records.head_counts import EVERYBODY
from fieldkit.widgets.plain import pad


class Counts(Widget, can_focus=True):
    """Head counts by group, one of them pointed at."""

    class Changed(Message):
        """A count is another."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "point(-1)", "up", show=False),
        Binding("down,j", "point(1)", "down", show=False),
        Binding("plus,equals_sign,right", "add(1)", "one more", key_display="+"),
        Binding("minus,left", "add(-1)", "one fewer", key_display="-"),
        Binding("backspace", "rub_out", "rub out", show=False),
        Binding("tab,shift+tab,enter", "screen.to_names", "names"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.at = 0
        self.groups: list[tuple[str, str, int, int]] = []
        """(code, label, mine, the greatest count of another laptop)."""
        self.changed: dict[str, int] = {}
        """Counts that are not stored yet: code -> mine."""
        self._typing = False

    def show(self, state: State) -> None:
        """Show the stored counts; those still being changed stay as they are."""
        self.groups = [
            (one.code, one.label, self.changed.get(one.code, one.mine), one.others) for one in state.groups
        ]
        self.refresh(layout=True)

    def on_focus(self) -> None:
        self._typing = False
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def _set(self, mine: int) -> None:
        if not self.groups:
            return
        code, label, _, others = self.groups[self.at]
        mine = max(0, min(mine, 99_999))
        self.groups[self.at] = (code, label, mine, others)
        self.changed[code] = mine
        self.refresh()
        self.post_message(self.Changed())

    def action_point(self, by: int) -> None:
        self.at = max(0, min(self.at + by, len(self.groups) - 1))
        self._typing = False
        self.refresh()

    def action_add(self, by: int) -> None:
        if self.groups:
            self._typing = False
            self._set(self.groups[self.at][2] + by)

    def action_rub_out(self) -> None:
        if self.groups:
            self._set(self.groups[self.at][2] // 10)

    def on_key(self, event: events.Key) -> None:
        if event.character and event.character.isdecimal() and event.character.isascii() and self.groups:
            event.stop()
            before = self.groups[self.at][2] if self._typing else 0
            self._typing = True
            self._set(before * 10 + int(event.character))

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return len(self.groups)

    def render(self) -> Content:
        lines = []
        for number, (code, label, mine, others) in enumerate(self.groups):
            pointed = number == self.at and self.has_focus
            more = f"  other laptop {others:,}" if others else ""
            if code == EVERYBODY:
                label = f"{label}, groups included"
            width = max(10, self.size.width - 9 - len(more))
            lines.append(
                Content.assemble(
                    ("▸ " if pointed else "  ", "bold $accent"),
                    (f"{mine:>5,}", "bold reverse" if pointed else "bold" if mine else "$text-muted"),
                    "  ",
                    (pad(label, width), "bold" if pointed else ""),
                    (more, "$text-muted"),
                )
            )
        return Content("\n").join(lines)
