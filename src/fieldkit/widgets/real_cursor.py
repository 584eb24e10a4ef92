"""The terminal's own cursor, which braille lines, magnifiers and input methods follow: it stands where one is."""

from __future__ import annotations

from textual.geometry import Offset
from textual.widget import Widget

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
