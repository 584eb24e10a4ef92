"""A dialog that asks for one line of text: a name, a path, a passphrase."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from fieldkit.errors import FieldkitError
from fieldkit.widgets.dialogs.dialog import Dialog
from fieldkit.widgets.inputs import PlainInput, show_whole
from fieldkit.widgets.plain import Hanging, plain

_NOTHING_TYPED = "nothing is typed yet"


def demanded(demand: Callable[[str], object]) -> Callable[[str], str]:
    """A check for a line: what `demand` raises about a text is what is wrong with it."""

    def wrong(typed: str) -> str:
        try:
            demand(typed)
        except FieldkitError as error:
            return " ".join(filter(None, (error.message, error.hint)))
        return ""

    return wrong


class AskLine(Dialog["str | None"]):
    """One line of text, hidden if `password`; None if the person went back.

    `check` returns what is wrong with a text, or "". It runs in a thread. A wrong text stays in the line, to be corrected.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "go on"),
        Binding("escape", "back", "back"),
    ]

    def __init__(
        self,
        title: str,
        text: str = "",
        *,
        value: str = "",
        password: bool = False,
        may_be_empty: bool = False,
        check: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__(title, text)
        self._check = check
        self._input = PlainInput(value, password=password, compact=True, select_on_focus=False)
        self._may_be_empty = may_be_empty

    def body(self) -> ComposeResult:
        yield self._input
        yield Static(id="whole")
        yield Static(id="wrong")

    def on_mount(self) -> None:
        self.set_focus(self._input)

    def on_input_changed(self) -> None:
        self.longest_line = 0 if self._input.password else cell_len(self._input.value) + 1
        self._show_wrong("")
        self.fit()
        self.call_after_refresh(self._show_whole)

    def _show_whole(self) -> None:
        show_whole(self._input, self.query_one("#whole", Static))

    def action_take(self) -> None:
        text = self._input.value
        if not (text.strip() or self._may_be_empty):
            self._input.placeholder = _NOTHING_TYPED
        elif self._check is None:
            self.dismiss(text)
        elif self.takes_keys:
            self.takes_keys = False  # what is typed meanwhile belongs to what follows
            self.run_worker(self._take_checked(text, self._check))

    async def _take_checked(self, text: str, check: Callable[[str], str]) -> None:
        wrong = await asyncio.to_thread(check, text)
        if wrong:
            self._show_wrong(wrong)
            if self._input.password:  # nobody can correct what nobody sees: typing replaces it
                self._input.action_select_all()
            self.takes_keys = True
        else:
            self.dismiss(text)

    def _show_wrong(self, sentence: str) -> None:
        """Say below the line what is wrong with it, or nothing."""
        line = self.query_one("#wrong", Static)
        line.display = bool(sentence)
        line.update(Hanging(Content.assemble(("× ", "bold $error"), plain(sentence))))
        self.call_after_refresh(self.fit)

    def action_back(self) -> None:
        self.dismiss(None)
