"""A line of typing on which the terminal's own cursor stands where the drawn one does."""

from __future__ import annotations

from textual.geometry import Offset
from textual.strip import Strip
from textual.widgets import Input


class CursorInput(Input):
    """Textual puts the terminal's cursor a cell too far at the end of the text, and at the corner before the first layout."""

    @property
    def cursor_screen_offset(self) -> Offset:
        offset = super().cursor_screen_offset
        return offset - (1, 0) if self.cursor_at_end else offset

    def render_line(self, y: int) -> Strip:
        if self.has_focus and y == 0 and self.screen.is_current:
            self.app.cursor_position = self.cursor_screen_offset
        return super().render_line(y)
