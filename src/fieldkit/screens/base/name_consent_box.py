"""Asking a new person whether their name may be kept. Letters typed here belong to the name, and never get lost."""

from __future__ import annotations

from textual import events

from fieldkit.presentation.model.form_plan import Option
from fieldkit.presentation.name_consent import TITLE
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.plain import fit, pasted

TYPED = "typed:"
"""The start of the answer if somebody typed on instead of answering; the letters follow."""


class KeepName(Choose):
    """Ends with `yes`, `no`, None for going back, or `typed:` and the letters that belong to the name."""

    def __init__(self, name: str, text: str, *, no: str) -> None:
        """`text` states what a yes stores (`NameConsent.text`), `no` what becomes of the person without a yes."""
        super().__init__(
            TITLE.format(fit(name, 30)), [Option("yes", "yes, keep the name"), Option("no", no)], text
        )
        self._points = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter takes an answer only once the arrows point at one: pressing it twice at the name is not a yes."""
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
        """Take 1 and 2; any other character belongs to the name."""
        if event.is_printable and event.character and event.character not in "12":
            event.stop()
            event.prevent_default()
            self.dismiss(TYPED + event.character)

    def on_paste(self, event: events.Paste) -> None:
        """A pasted text belongs to the name too."""
        event.stop()
        self.dismiss(TYPED + pasted(event.text, one_line=True))
