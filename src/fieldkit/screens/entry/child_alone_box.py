"""The dialog for somebody under 16 if nobody has confirmed that a parent or guardian is there: it can't be skipped."""

from __future__ import annotations

from typing import ClassVar, Literal

from textual.binding import Binding, BindingType
from textual.content import Content

from fieldkit.commands.command import FORM
from fieldkit.commands.table import key_of
from fieldkit.widgets.dialogs.dialog import Dialog
from fieldkit.widgets.dialogs.message_box import with_keys_below
from fieldkit.widgets.key_hints import key_name

ChildAlone = Literal["guardian", "wait", "worried", "throw away"]

_WORRY_KEY = key_of("worried", FORM)
_KEYS = (
    ("n/esc", "go back, and wait for them"),
    ("g", "a parent or guardian is here now: go on"),
    (key_name(_WORRY_KEY), "worried about them: what to do first"),
    ("y", "throw away what was typed; it can't be restored"),
)


class ChildAloneBox(Dialog[ChildAlone]):
    """What to do. No digit and no Enter answers it: keys typed ahead decide nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,escape", "answer('wait')", show=False),
        Binding("g", "answer('guardian')", show=False),
        Binding(_WORRY_KEY, "answer('worried')", show=False),
        Binding("y", "answer('throw away')", show=False),
    ]

    def text_for(self, width: int) -> Content:
        return with_keys_below(self._text, _KEYS, width)

    def action_answer(self, answer: ChildAlone) -> None:
        self.dismiss(answer)
