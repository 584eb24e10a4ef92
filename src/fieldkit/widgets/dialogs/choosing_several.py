"""A dialog in which several of many are ticked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content

from fieldkit.presentation.model.form_plan import Option
from fieldkit.widgets.dialogs.choose import Choices
from fieldkit.widgets.plain import fit


class ChooseSeveral(Choices["list[str] | None"]):
    """The codes that are ticked, in the order of the options; None if the person went back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "tick", "tick"),
        Binding("enter", "take", "done"),
        Binding("escape", "back", "back"),
    ]

    SIGNS = 6

    def __init__(
        self, title: str, options: Sequence[Option], ticked: Collection[str], text: str = ""
    ) -> None:
        super().__init__(title, options, text)
        self._ticked = set(ticked)

    def on_key(self, event: events.Key) -> None:
        if event.character and event.character in "123456789" and int(event.character) <= len(self._options):
            event.stop()
            self._at = int(event.character) - 1
            self.action_tick()

    def row(self, place: int, option: Option, width: int) -> Content:
        pointed = place == self._at
        sign = "▸ " if pointed else "  "
        number = f"{place + 1} " if place < 9 else "  "
        tick = ("✓ ", "bold $accent") if option.code in self._ticked else ("· ", "$text-muted")
        label = (fit(option.label, width - 6), "reverse" if pointed else "")
        return Content.assemble((sign + number, "bold $accent"), tick, label)

    def action_tick(self) -> None:
        self._ticked ^= {self._options[self._at].code}
        self.draw()

    def action_take(self) -> None:
        self.dismiss([option.code for option in self._options if option.code in self._ticked])
