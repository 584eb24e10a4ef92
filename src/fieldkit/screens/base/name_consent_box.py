"""Asking somebody new whether their name may be kept. Letters typed here are for the name, and never get lost."""

from __future__ import annotations

from textual import events

from fieldkit.presentation.model.form_plan import Option
from fieldkit.presentation.name_consent import TITLE
from fieldkit.widgets.dialogs import Choose
from fieldkit.widgets.plain import fit, pasted

TYPED = "typed:"
"""What the answer begins with where somebody typed on instead of answering; the letters follow."""


class KeepName(Choose):
    """Ends with `yes`, `no`, None for going back, or `typed:` and the letters that belong to the name."""

    def __init__(self, name: str, text: str, *, no: str) -> None:
        """`text` says what a yes stores (`NameConsent.text`), `no` what becomes of the person without one."""
        super().__init__(
            TITLE.format(fit(name, 30)), [Option("yes", "yes, keep the name"), Option("no", no)], text
        )
        self._points = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter takes an answer only once the arrows point at one: pressed twice at the name, it is nobody's yes."""
        return self._points if action == "take" else super().check_action(action, parameters)

    def action_point(self, by: int) -> None:
        """Point at the first answer, then go on from there."""
        if self._points:
            super().action_point(by)
            return
        self._points = True
        self.draw()
        self.refresh_bindings()

    def on_key(self, event: events.Key) -> None:
        """Take 1 and 2; any other letter is for the name."""
        if event.is_printable and event.character and event.character not in "12":
            event.stop()
            event.prevent_default()
            self.dismiss(TYPED + event.character)

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted belongs to the name, too."""
        event.stop()
        self.dismiss(TYPED + pasted(event.text, one_line=True))
