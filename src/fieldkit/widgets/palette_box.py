"""The dialog of the palette: the typed text, the matches, and the keys that go on and back."""

from __future__ import annotations

from functools import partial
from typing import Any, Self

from textual import on
from textual.app import ComposeResult
from textual.command import Command, CommandInput, CommandList, CommandPalette
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.visual import VisualType
from textual.widgets import LoadingIndicator, Static
from textual.widgets.option_list import Option
from textual.worker import Worker

from fieldkit.widgets.frame import NOTICE_SECONDS
from fieldkit.widgets.listing import NO_SUCH_WORDS
from fieldkit.widgets.plain import plain

_KEYS = (("enter", "do it"), ("↑↓", "choose"), ("esc", "back"))


class _TypedLine(CommandInput):
    """The typed text; Enter waits until the list belongs to it."""

    async def action_submit(self) -> None:
        palette = self.screen
        if not isinstance(palette, PaletteBox) or palette.can_select(self.value):
            await super().action_submit()


class _Lines(CommandList):
    """What fits; where nothing does, the sentence that lists have for it."""

    def add_option(self, option: Option | VisualType | None = None) -> Self:
        if isinstance(option, Option) and option.id == PaletteBox._NO_MATCHES:
            option = Option(f"  {NO_SUCH_WORDS}", id=option.id, disabled=True)
        return super().add_option(option)


def _keys() -> Content:
    parts: list[str | tuple[str, str]] = []
    for key, does in _KEYS:
        parts += ["   " if parts else "", (key, "bold $accent"), f" {does}"]
    return Content.assemble(*parts)


class PaletteBox(CommandPalette):
    """Textual's palette with its keys explained, and without a symbol that some terminals lack.

    While a word is being searched for, the list still shows the matches of its beginning. An Enter pressed then is kept until
    the search for the whole word has finished, unless the cursor was moved: then it means the line under the cursor.
    """

    _search: Worker[Any] | None = None
    _searched = ""
    _enter_for: str | None = None
    """The typed text for which an Enter is kept; None if there is none."""
    _cursor_moved = False

    def compose(self) -> ComposeResult:
        with Vertical(id="--container"):
            yield Static(_keys(), id="palette-keys")
            with Horizontal(id="--input"):
                yield _TypedLine(placeholder=self._placeholder, select_on_focus=False)
            with Vertical(id="--results"):
                yield _Lines()
                yield LoadingIndicator()

    def answer_key(self, sentence: str) -> None:
        """Say below the keys what came of a key that does nothing. It goes by itself."""
        keys = self.query_one("#palette-keys", Static)
        keys.update(Content.assemble(_keys(), "\n", plain(sentence)))
        self.set_timer(NOTICE_SECONDS["information"], partial(keys.update, _keys()))

    def can_select(self, typed: str) -> bool:
        """Whether Enter may take the line under the cursor now; if not, Enter is kept until it may."""
        listed = self._search is not None and self._search.is_finished and typed.strip() == self._searched
        may = listed or self._cursor_moved
        self._enter_for = None if may else typed.strip()
        return may

    def _gather_commands(self, search_value: str) -> Worker[Any]:
        if self._enter_for != search_value:
            self._enter_for = None  # more was typed after it
        self._searched, self._cursor_moved = search_value, False
        self._search = super()._gather_commands(search_value)
        return self._search

    @on(Worker.StateChanged)
    def _search_ended(self, event: Worker.StateChanged) -> None:
        if event.worker is self._search and self._search.is_finished and self._enter_for is not None:
            self._enter_for = None
            self._select_or_command()

    def _action_cursor_down(self) -> None:
        self._cursor_moved = self._list_visible
        super()._action_cursor_down()

    def _action_command_list(self, action: str) -> None:
        self._cursor_moved = self._list_visible and action != "select"
        super()._action_command_list(action)

    def _refresh_command_list(
        self, command_list: CommandList, commands: list[Command], clear_current: bool
    ) -> None:
        at = command_list.highlighted if self._cursor_moved else None
        pointed = None if at is None else str(command_list.get_option_at_index(at).prompt)
        super()._refresh_command_list(command_list, commands, clear_current)
        for row, option in enumerate(command_list.options if pointed is not None else ()):
            if str(option.prompt) == pointed:
                command_list.highlighted = row
                break
