"""Dialogs that are only read: a message, and the help of a screen or a question with its keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content

from fieldkit.widgets.dialogs.dialog import Dialog
from fieldkit.widgets.plain import pad, wrapped

#: Keys wider than this (in cells) are not put beside their explanation in a help text.
_WIDEST_KEY = 12


class Message(Dialog[None]):
    """Something to be read before going on. ↑ and ↓ scroll a long one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,escape,space", "done", "go on")]

    def action_done(self) -> None:
        self.dismiss(None)


class Help(Message):
    """Help for a screen or a question: words, then the keys, each with what it does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,escape,space,f1,question_mark", "done", "close"),
        Binding("ctrl+t", "app.colours", show=False, id="everywhere.colours"),
    ]

    def __init__(self, title: str, text: str, keys: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(title, text)
        self._keys = tuple(keys)

    def text_for(self, width: int) -> Content:
        return with_keys_below(self._text, self._keys, width)


def with_keys_below(text: Content, keys: Sequence[tuple[str, str]], width: int) -> Content:
    """A text, and below it keys, each beside what it does, in lines of `width` cells."""
    # A long group of keys has a line of its own, so that the text beside the others is not squeezed.
    column = max((cell_len(key) for key, _ in keys if cell_len(key) <= _WIDEST_KEY), default=0)
    lines: list[Content] = [text] if text else []
    if lines and keys:
        lines.append(Content(""))
    for key, does in keys:
        if cell_len(key) > _WIDEST_KEY:
            lines.append(Content.assemble((key, "bold $accent")))
        for number, line in enumerate(wrapped(does, max(16, width - column - 2))):
            shown = key if number == 0 and cell_len(key) <= _WIDEST_KEY else ""
            lines.append(Content.assemble((pad(shown, column), "bold $accent"), "  ", line))
    return Content("\n").join(lines)
