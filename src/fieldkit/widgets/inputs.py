"""Widgets to type into: one line, a box of lines, and the text beside them. Keys and pastes are taken whole and in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.expand_tabs import expand_tabs_inline
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from fieldkit.widgets.keys_in_order import KeyHost, KeysInOrder
from fieldkit.widgets.plain import ELLIPSIS, drawable_in_place, fit, pasted, plain

#: The most lines that a text box shows at once, as in its style sheet.
_BOX = 7


class DrawnInput(Input):
    """A line whose emoji all terminals measure alike, so that no traces are left beside it and the cursor is where one types."""

    @property
    def _value(self) -> Text:
        text = super()._value
        return (
            text
            if self.password
            else Text(drawable_in_place(text.plain), no_wrap=True, overflow="ignore", end="")
        )

    def render_line(self, y: int) -> Strip:
        hint, room = self.placeholder, self.scrollable_content_region.width
        if self.value or cell_len(hint) <= room:
            return super().render_line(y)
        self.set_reactive(Input.placeholder, fit(hint, room))
        try:
            return super().render_line(y)
        finally:
            self.set_reactive(Input.placeholder, hint)

    def insert_pasted(self, text: str) -> None:
        """Take a pasted text whole, with line breaks as spaces, in place of what is selected."""
        cleaned = pasted(text, one_line=True)
        if self.selection.is_empty:
            self.insert_text_at_cursor(cleaned)
        else:
            self.replace(cleaned, *self.selection)

    def action_paste(self) -> None:
        self.insert_pasted(self.app.clipboard)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # Enter belongs to the dialog or form; the field's own binding would hide it from the line of keys.
        return action != "submit"

    def _position_to_cell(self, position: int) -> int:
        return cell_len(expand_tabs_inline(drawable_in_place(self.value)[:position], 4))


def show_whole(line: Input, below: Static) -> None:
    """If a line has no room for all the typed text, show all of it below; a passphrase never."""
    below.display = not line.password and cell_len(line.value) >= line.size.width
    below.update(plain(line.value) if below.display else "")


class PlainInput(DrawnInput):
    """One line of input of a dialog or a list."""

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.insert_pasted(event.text)


class LineInput(KeysInOrder, DrawnInput):
    """One line of input of a form."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "go(-1)", "previous", show=False),
        Binding("down", "go(1)", "next", show=False),
    ]

    def __init__(
        self,
        host: KeyHost,
        *,
        today_key: bool = False,
        value: str = "",
        hidden: bool = False,
        suggested: Callable[[], str] | None = None,
        id: str | None = None,
    ) -> None:
        """`hidden` shows dots for letters; `today_key` makes `t` mean today in a date.

        The right arrow at the end of the text takes what `suggested` returns, unless that is "".
        """
        self._marks: list[tuple[int, int]] = []
        super().__init__(value, password=hidden, compact=True, select_on_focus=False, id=id)
        self.host = host
        self._today_key = today_key
        self._suggest = suggested or (lambda: "")

    def action_go(self, by: int) -> None:
        self.host.go(by)

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        room = self.scrollable_content_region.width
        if self.has_focus or self.password or cell_len(self.value) <= room:
            return strip
        *kept, last = strip.crop(0, max(1, room - 1))
        return Strip([*kept, last, Segment(ELLIPSIS, last.style)])

    def on_blur(self) -> None:
        self.scroll_to(0, 0, animate=False)  # people read it from the start

    def on_focus(self) -> None:
        self.scroll_to_region(Region(self._cursor_offset, 0, 1, 1), animate=False, force=True)

    def mark(self, places: list[tuple[int, int]]) -> None:
        """Underline these ranges (from, to; in characters) of the typed text."""
        if places != self._marks:
            self._marks = places
            self.refresh()

    @property
    def _value(self) -> Text:
        text = super()._value
        for start, end in self._marks:
            text.stylize("underline reverse", start, end)
        return text

    def paste(self, text: str) -> None:
        self.insert_pasted(text)

    async def press(self, event: events.Key) -> bool:
        if (
            self._today_key
            and event.key == "t"
            and (not self.value or not self.value[-1].isalpha())
            and " " not in self.value
        ):
            self.value = "t"
            self.cursor_position = 1
            return True
        at_end = self.selection.is_empty and self.cursor_position == len(self.value)
        if event.key == "right" and at_end and (name := self._suggest()):
            self.value = name
            self.cursor_position = len(name)
            return True
        return False


class WordsArea(KeysInOrder, TextArea):
    """Several lines of input. Enter goes on, since most answers are one paragraph; Ctrl+J starts a new line."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+j,shift+enter,alt+enter", "new_line", "new line")]

    def __init__(self, host: KeyHost) -> None:
        super().__init__(
            soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False, tab_behavior="focus"
        )
        self.host = host
        self._last_width = 0
        self._marks: list[tuple[int, int]] = []

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # F6 and F7 belong to the screen: here they would select text.
        return action not in {"select_line", "select_all"} and super().check_action(action, parameters)

    def mark(self, places: list[tuple[int, int]]) -> None:
        """Underline these ranges (from, to; in characters) of the text."""
        if places != self._marks:
            self._marks = places
            self._line_cache.clear()
            self.refresh()

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        line.plain = drawable_in_place(line.plain)
        if self._marks:
            begins = sum(len(self.document.get_line(number)) + 1 for number in range(line_index))
            for start, end in self._marks:
                if start < begins + len(line.plain) and end > begins:
                    line.stylize("underline reverse", max(0, start - begins), end - begins)
        return line

    def on_mount(self) -> None:
        self.watch(self, "virtual_size", self._show_line_count)

    def _show_line_count(self, size: Size) -> None:
        self.border_subtitle = f"… {size.height:,} lines in all" if size.height > _BOX else ""
        if self.has_focus:
            # A row that has just begun can't be scrolled to before the size includes it.
            self.call_after_refresh(self.scroll_cursor_visible)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        # Text is wrapped when a size is announced, but Textual does not announce a size that it found in passing.
        if width != self._last_width:
            self._last_width = width
            self.call_later(lambda: self.post_message(events.Resize(self.size, self.virtual_size)))
        return super().get_content_height(container, viewport, width)

    def action_new_line(self) -> None:
        self.replace("\n", *self.selection)

    def paste(self, text: str) -> None:
        if result := self._replace_via_keyboard(pasted(text, one_line=False), *self.selection):
            self.move_cursor(result.end_location)

    def action_paste(self) -> None:
        self.paste(self.app.clipboard)


class TextLines(Widget):
    """Lines (such as the title) of an answer that has its own widget to type into.

    They are made each time they are drawn. If they were made when a size is announced, they would sometimes be missing:
    Textual does not announce a first size that it found while it worked out where something is.
    """

    def __init__(self, lines: Callable[[int], list[Content]], *, classes: str) -> None:
        """`lines(width)` gives what to draw, each line at most `width` cells."""
        super().__init__(classes=classes)
        self._lines = lines

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))
