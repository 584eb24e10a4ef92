"""The terminal's own cursor, which braille lines, magnifiers and input methods follow: it stands where one is."""

from __future__ import annotations

from textual.app import App
from textual.geometry import Offset
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

_SHOW = "\x1b[?25h"


def place_cursor(widget: Widget, column: int, row: int) -> None:
    """Put the cursor at a cell of `widget`, from its left and top, once the screen is drawn; it becomes visible."""
    region = widget.content_region
    if not region.height or not 0 <= row < region.height:
        return
    widget.app.cursor_position = Offset(region.x + max(0, min(column, region.width - 1)), region.y + row)


def show_cursor(widget: Widget) -> None:
    """Show the terminal's cursor, which Textual hides when it starts."""
    driver = widget.app._driver
    if driver is not None and not widget.app.is_headless:
        driver.write(_SHOW)


class CursorApp(App[object]):
    """An app whose terminal cursor is worked out whenever the screen is drawn, so that it never stays where one was.

    It stands where one types; else where a widget of the screen in view put it; else at that screen's `cursor_home`.
    """

    _put: tuple[Screen[object], Offset] | None = None

    @property
    def cursor_position(self) -> Offset:
        """The cell of the terminal that its cursor stands on."""
        if not self._screen_stacks.get(self._current_mode):
            return Offset()
        screen = self.screen
        typed = screen.focused
        if isinstance(typed, Input) and typed.content_region.area:
            left = typed.content_region.x - typed.scroll_offset.x
            return Offset(left + typed._position_to_cell(typed.cursor_position), typed.content_region.y)
        # A box of lines, by what it has: its class is not loaded, for the first frame holds none.
        cell = getattr(typed, "cursor_screen_offset", None)
        if typed is not None and isinstance(cell, Offset) and typed.content_region.area:
            return cell
        if self._put is not None and self._put[0] is screen:
            return self._put[1]
        return getattr(screen, "cursor_home", Offset())

    @cursor_position.setter
    def cursor_position(self, cell: Offset) -> None:
        if getattr(self, "_screen_stacks", {}).get(self._current_mode):
            self._put = self.screen, cell
