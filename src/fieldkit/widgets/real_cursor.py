"""The terminal's own cursor, which braille lines, magnifiers and input methods follow, at the user's position."""

from __future__ import annotations

from textual.app import App
from textual.geometry import Offset
from textual.widget import Widget
from textual.widgets import Input

_SHOW = "\x1b[?25h"


def place_cursor(widget: Widget, column: int, row: int) -> None:
    """Put the cursor at a cell of `widget`, counted from its left and top, wherever the widget moves; it becomes visible."""
    if isinstance(widget.app, CursorApp):
        widget.app.cursor_put = widget, column, row


def show_cursor(widget: Widget) -> None:
    """Show the terminal's cursor, which Textual hides when it starts."""
    driver = widget.app._driver
    if driver is not None and not widget.app.is_headless:
        driver.write(_SHOW)


class CursorApp(App[object]):
    """An app that works out its terminal cursor whenever the screen is drawn, so that the cursor is never out of date.

    It is in the focused input; otherwise where a widget in view put it; otherwise at the screen's `cursor_home`.
    """

    cursor_put: tuple[Widget, int, int] | None = None
    """The widget that last put the cursor, and the column and row in that widget."""

    @property
    def cursor_position(self) -> Offset:
        """The cell of the terminal's cursor."""
        if not self._screen_stacks.get(self._current_mode):
            return Offset()
        screen = self.screen
        typed = screen.focused
        if isinstance(typed, Input) and typed.content_region.area:
            left = typed.content_region.x - typed.scroll_offset.x
            return Offset(left + typed._position_to_cell(typed.cursor_position), typed.content_region.y)
        # A box of lines, by what it has: its class is not loaded, for the first frame holds none.
        # It works the place out only when it draws itself: too late for the first picture of one that is filled.
        getattr(typed, "_recompute_cursor_offset", lambda: None)()
        cell = getattr(typed, "cursor_screen_offset", None)
        if typed is not None and isinstance(cell, Offset) and typed.content_region.area:
            return cell
        if self.cursor_put is not None:
            widget, column, row = self.cursor_put
            if widget.is_attached and widget.screen is screen and widget.is_on_screen:
                region = widget.content_region
                if 0 <= row < region.height:
                    return Offset(region.x + max(0, min(column, region.width - 1)), region.y + row)
        return getattr(screen, "cursor_home", Offset())

    @cursor_position.setter
    def cursor_position(self, cell: Offset) -> None:
        """Ignore what Textual's own widgets set: the position follows from the focused widget."""
