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
        self._seen_at = 0.0

    def _ready(self) -> None:
        super()._ready()
        self._seen_at = events.Event().time  # by the clock that keys bear their times by

    def on_key(self, event: events.Key) -> None:
        """Take 1, 2 and Enter, but no Enter from before the box was in view: it is nobody's yes."""
        if event.key == "enter" and event.time < self._seen_at:
            event.stop()
            event.prevent_default()
        elif event.is_printable and event.character and event.character not in "12":
            event.stop()
            event.prevent_default()
            self.dismiss(TYPED + event.character)

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted belongs to the name, too."""
        event.stop()
        self.dismiss(TYPED + pasted(event.text, one_line=True))
