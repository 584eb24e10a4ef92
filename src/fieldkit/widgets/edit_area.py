"""A text area for several lines that are edited as a whole: an excerpt, a bulletin. Enter begins a new line."""

from __future__ import annotations

from textual import events
from textual.widgets import TextArea

from fieldkit.widgets import stylesheet
from fieldkit.widgets.plain import pasted


class EditArea(TextArea):
    """Plain text, wrapped, without syntax colours. A paste is cleaned and taken whole."""

    DEFAULT_CSS = stylesheet("edit_area")

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(
            text,
            soft_wrap=True,
            show_line_numbers=False,
            highlight_cursor_line=False,
            tab_behavior="focus",
            id=id,
        )

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if result := self._replace_via_keyboard(pasted(event.text, one_line=False), *self.selection):
            self.move_cursor(result.end_location)
