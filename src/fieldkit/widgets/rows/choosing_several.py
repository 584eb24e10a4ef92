"""A box in which several of many are ticked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from fieldkit.presentation.model.form_plan import Option
from fieldkit.widgets.dialogs import Dialog
from fieldkit.widgets.plain import fit

_ROWS = 10


class ChooseSeveral(Dialog["list[str] | None"]):
    """The codes that are ticked, in the order of the options; None if the person went back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "point(-1)", "up", show=False),
        Binding("down,j", "point(1)", "down", show=False),
        Binding("home", "point(-9999)", show=False),
        Binding("end", "point(9999)", show=False),
        Binding("space", "tick", "tick"),
        Binding("enter", "take", "done"),
        Binding("escape", "back", "back"),
    ]

    def __init__(
        self, title: str, options: Sequence[Option], ticked: Collection[str], words: str = ""
    ) -> None:
        super().__init__(title, words)
        self._options = tuple(options)
        self._ticked = set(ticked)
        self._at = 0

    def body(self) -> ComposeResult:
        yield Static(id="choices")

    def on_mount(self) -> None:
        self.call_after_refresh(self._draw)

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    def on_key(self, event: events.Key) -> None:
        if event.character and event.character in "123456789" and int(event.character) <= len(self._options):
            event.stop()
            self._at = int(event.character) - 1
            self.action_tick()

    def _draw(self) -> None:
        choices = self.query_one("#choices", Static)
        width = max(20, choices.size.width)
        top = max(0, min(self._at - _ROWS // 2, len(self._options) - _ROWS))
        lines = []
        for place, option in list(enumerate(self._options))[top : top + _ROWS]:
            pointed = place == self._at
            sign = "▸ " if pointed else "  "
            number = f"{place + 1} " if place < 9 else "  "
            tick = "✓ " if option.code in self._ticked else "· "
            label = (fit(option.label, width - 8), "reverse" if pointed else "")
            lines.append(Content.assemble((sign + number, "bold $accent"), tick, label))
        more = len(self._options) - top - len(lines)
        lines.append(Content.styled(f"      ↓ {more} more" if more > 0 else "", "$text-muted"))
        choices.update(Content("\n").join(lines))

    def action_point(self, by: int) -> None:
        self._at = max(0, min(self._at + by, len(self._options) - 1))
        self._draw()

    def action_tick(self) -> None:
        self._ticked ^= {self._options[self._at].code}
        self._draw()

    def action_take(self) -> None:
        self.dismiss([option.code for option in self._options if option.code in self._ticked])

    def action_back(self) -> None:
        self.dismiss(None)
