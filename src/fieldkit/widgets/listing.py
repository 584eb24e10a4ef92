"""A list of any number of rows, at the same speed: only the pages in view are read, in a thread."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.cells import cell_len
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from fieldkit.errors import FieldkitError
from fieldkit.text import clean_line, titled
from fieldkit.widgets import stylesheet
from fieldkit.widgets.plain import fit
from fieldkit.widgets.real_cursor import place_cursor
from fieldkit.widgets.rows.row_pages import PAGE, Opened, RowPages, opened
from fieldkit.widgets.rows.row_strips import EDGE, GUTTER, header_strip, row_strip, sentence_strip
from fieldkit.widgets.sources import Column, ListSource, Row, Source

_PAUSE = 0.15
"""Seconds without a change after which the rows of a search are counted."""

_LONGEST_TITLE = 300
"""The most cells of a row's first column shown as the title of the full row."""

NOTHING_YET = "Nothing here yet."
NO_SUCH_WORDS = "Nothing has these words."
LOOKING = "Looking …"
"""Shown in place of the rows until they are read: before that, nobody knows whether there are any."""


class Listing(ScrollView, can_focus=True):
    """A list of rows under a header, with a cursor.

    Rows appear as "…" until their page is read. `show` replaces the `source`, `reload` reads it again.
    """

    DEFAULT_CSS = stylesheet("listing")
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "listing--header",
        "listing--cursor",
        "listing--mark",
        "listing--warning",
        "listing--error",
        "listing--waiting",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("home", "first", "first", show=False),
        Binding("end", "last", "last", show=False),
        Binding("enter", "choose", "open"),
        Binding("right", "in_full", "whole row", key_display="→"),
    ]

    cursor: reactive[int] = reactive(0, repaint=False)
    """The row that the cursor is on, from 0."""

    @dataclass
    class Report(Message):
        """Something happened in `listing`."""

        listing: Listing

        @property
        def control(self) -> Listing:
            """The list."""
            return self.listing

    @dataclass
    class Chosen(Report):
        """Enter was pressed on a row."""

        id: str

    @dataclass
    class Moved(Report):
        """The cursor is on another row, or its row has just been read."""

        id: str

    @dataclass
    class Loaded(Report):
        """The rows have been counted."""

        count: int

    @dataclass
    class Failed(Report):
        """The source raised an error; the list shows a sentence and stays usable."""

        error: Exception

    def __init__(
        self,
        columns: Sequence[Column],
        source: Source | None = None,
        *,
        empty: str = NOTHING_YET,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """A list of `source`; `empty` is the sentence shown if there are no rows."""
        super().__init__(id=id, classes=classes)
        self.columns = tuple(columns)
        self.empty = empty
        self._source: Source = source if source is not None else ListSource()
        self.ticked: set[str] = set()
        """The ids of ticked rows; they have a sign in front."""
        self._pages = RowPages()
        self._count: int | None = None
        self._sentence = ""
        self._round = 0
        self._moved_meanwhile = False
        self._stale = True
        self._working = False
        self._counting = False
        """Whether the first rows are shown while all are being counted."""
        self._changed = asyncio.Event()
        """Set when another view of the rows is requested."""
        self._moved_to = ""
        self._seek = ""
        self._cut = False
        """Whether the bottom line says that the row under the cursor can be shown in full."""

    # What callers use.

    @property
    def count(self) -> int:
        """How many rows there are; 0 until they have been counted."""
        return self._count or 0

    @property
    def has_no_rows(self) -> bool:
        """Whether it is known that there are no rows."""
        return self._count == 0

    @property
    def loaded(self) -> bool:
        """Whether the row under the cursor has been read, or there is none to come."""
        return bool(self._sentence) or self._count == 0 or self.current is not None

    @property
    def is_stale(self) -> bool:
        """Whether the rows in view are older than what was asked for."""
        return self._stale and not self._sentence

    @property
    def current(self) -> Row | None:
        """The row under the cursor, None if it has not been read or there is none."""
        return self.row(self.cursor)

    def row(self, index: int) -> Row | None:
        """The row at `index` if its page is in memory."""
        return self._pages.row(index)

    def show(
        self, source: Source, *, empty: str | None = None, keep_cursor: bool = False, at: str = ""
    ) -> None:
        """Show another source, from its first row unless `keep_cursor`; at the row with the id `at` if there is one."""
        self._source = source
        if empty is not None:
            self.empty = empty
        self.reload(keep_cursor=keep_cursor, at=at)

    def reload(self, keep_cursor: bool = True, *, at: str = "") -> None:
        """Read everything again. The cursor stays on its row, or goes to the row with the id `at`, if the source can find it
        (`position(id)`).
        """
        current = self.current
        self._seek = at or (current.id if keep_cursor and current else "")
        self._moved_meanwhile = False
        self._round += 1
        self._changed.set()
        self._stale = True
        self._sentence = ""
        self._moved_to = ""
        if not keep_cursor:
            self._pages.clear()
            self._count = None
            self.set_reactive(Listing.cursor, 0)
            self.scroll_to(y=0, animate=False, immediate=True)
            self.refresh()
        self._fetch()

    # Reading. One thread at a time: a store may not allow two, and only the latest view matters.

    def on_mount(self) -> None:
        self._fetch()

    def _missing_page(self) -> int | None:
        """The next page to read: the cursor's, then those in view; None if all are in memory."""
        if not self.count:
            return None
        top = max(0, self.scroll_offset.y)
        last = min(top + max(self._room.height, 1), self.count - 1)
        return self._pages.missing((self.cursor, top, last))

    def _fetch(self) -> None:
        if not self.is_attached or self._sentence:
            return
        if getattr(self._source, "instant", False):
            try:
                if self._stale:
                    self._opened(opened(self._source, self._seek, self.cursor))
                while (page := self._missing_page()) is not None:
                    self._page_came(page, self._source.rows(page * PAGE, PAGE))
            except Exception as error:
                self._fail(error)
        elif not self._working and (self._stale or self._missing_page() is not None):
            self._working = True
            read: Any = self._read
            self.run_worker(read, group="listing", exit_on_error=False)

    async def _read(self) -> None:
        try:
            while True:
                source, turn, seek = self._source, self._round, self._seek
                self._changed.clear()
                try:
                    if self._stale:
                        pages = await asyncio.to_thread(opened, source, seek, self.cursor)
                        if turn == self._round:
                            self._opened(pages)
                    elif self._counting:
                        # Counting takes longer than reading the first rows: it waits for a pause in typing.
                        with contextlib.suppress(TimeoutError):
                            await asyncio.wait_for(self._changed.wait(), _PAUSE)
                        if turn == self._round:
                            count = await asyncio.to_thread(source.count)
                            if turn == self._round:
                                self._counted(count)
                    elif (page := self._missing_page()) is not None:
                        rows = await asyncio.to_thread(source.rows, page * PAGE, PAGE)
                        if turn == self._round:
                            self._page_came(page, rows)
                    else:
                        return
                except Exception as error:
                    if turn == self._round:
                        self._fail(error)
                        return
        finally:
            self._working = False

    def _opened(self, pages: Opened) -> None:
        # The old rows stay in view until now, so that reloading a list does not flicker.
        self._stale = False
        self._seek = ""
        self._count = pages.count
        self._pages.clear(widths=True)
        self._pages.take(pages.cursor // PAGE, pages.page, len(self.columns), partly=not pages.counted)
        self._counting = not pages.counted
        self.virtual_size = Size(self._room.width, pages.count + 1)
        # If the cursor was moved during the reload, it stays where it is.
        self.cursor = self.cursor if self._moved_meanwhile else pages.cursor
        self._keep_in_view()
        self._post_moved()
        self.refresh()
        self.refresh_bindings()
        if pages.counted:
            self.post_message(self.Loaded(self, pages.count))

    def _counted(self, count: int) -> None:
        self._counting = False
        self._count = count
        self.virtual_size = Size(self._room.width, count + 1)
        self.post_message(self.Loaded(self, count))

    def _page_came(self, page: int, rows: Sequence[Row]) -> None:
        self._pages.take(page, rows, len(self.columns))
        self.refresh()
        self._post_moved()

    def _fail(self, error: Exception) -> None:
        reason = str(error) if isinstance(error, FieldkitError) else "The list could not be read."
        self._sentence = (
            f"{reason}\nNothing was changed. Go back and open it again, or run a check of the kit."
        )
        self._count = 0
        self._stale = False
        self._pages.clear()
        self.virtual_size = Size(self._room.width, 1)
        self.refresh()
        self.refresh_bindings()
        self.post_message(self.Failed(self, error))

    # Moving.

    @property
    def _room(self) -> Size:
        """The area to draw on, without the scrollbar."""
        return self.scrollable_content_region.size

    def validate_cursor(self, cursor: int) -> int:
        return cursor if self._count is None else max(0, min(cursor, self._count - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        self._moved_meanwhile |= self._stale
        top = self.scroll_offset.y
        self._keep_in_view()
        if self.scroll_offset.y == top:
            for index in (old, new):
                self.refresh(Region(0, index - top + 1, self._room.width, 1))
        self._fetch()
        self._post_moved()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._fetch()

    def _keep_in_view(self) -> None:
        room = self._room.height - 1
        if room <= 0:
            return
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, immediate=True)
        elif self.cursor >= top + room:
            self.scroll_to(y=self.cursor - room + 1, animate=False, immediate=True)

    def _post_moved(self) -> None:
        row = self.current
        if row is not None and row.id != self._moved_to:
            self._moved_to = row.id
            self._show_whether_cut()
            self.post_message(self.Moved(self, row.id))

    def on_resize(self) -> None:
        self.virtual_size = Size(self._room.width, self.count + 1)
        self._keep_in_view()
        self._fetch()
        self._show_whether_cut()

    def action_move(self, by: int) -> None:
        self.cursor += by

    def action_page(self, by: int) -> None:
        self.cursor += by * max(1, self._room.height - 2)

    def action_first(self) -> None:
        self.cursor = 0

    def action_last(self) -> None:
        self.cursor = max(0, self.count - 1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """An empty list has nothing to open, and a row that is not cut has nothing more to show."""
        if action == "in_full":
            return self.is_cut
        return self.count > 0 if action == "choose" else super().check_action(action, parameters)

    @property
    def is_cut(self) -> bool:
        """Whether the line of the row under the cursor cuts off text."""
        return bool(self.cut_columns)

    @property
    def cut_columns(self) -> frozenset[str]:
        """The keys of the columns in which the line of the row under the cursor cuts off text."""
        row = self.current
        if row is None:
            return frozenset()
        widths = self._pages.widths(self.columns, self._room.width - GUTTER - EDGE)
        shown = [*widths, *[0] * (len(row.cells) - len(widths))]
        return frozenset(
            column.key
            for column, text, width in zip(self.columns, row.cells, shown, strict=False)
            if len(text) > 2 * width or cell_len(clean_line(text)) > width
        )

    def _show_whether_cut(self) -> None:
        """Redraw the bottom line if that has changed."""
        if self._cut != (cut := self.is_cut):
            self._cut = cut
            self.refresh_bindings()

    def action_in_full(self) -> None:
        """Show the row under the cursor in a dialog: every non-empty column in full."""
        from fieldkit.widgets.dialogs.message_box import (
            Message as Box,  # when it is asked for, after the first frame
        )

        if (row := self.current) is None:
            return
        first, *rest = zip(self.columns, row.cells, strict=False)
        parts = [
            titled(column.in_full or column.title, text) if column.title else text
            for column, text in rest
            if text.strip()
        ]
        self.app.push_screen(Box(fit(first[1], _LONGEST_TITLE), "\n\n".join(parts)))

    def action_choose(self) -> None:
        if (row := self.current) is not None:
            self.post_message(self.Chosen(self, row.id))

    async def on_click(self, event: Any) -> None:
        index = event.y - 1 + self.scroll_offset.y
        if event.y > 0 and index < self.count:
            again = index == self.cursor
            self.cursor = index
            if again:
                self.action_choose()

    # Drawing.

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"listing--{name}")

    def render_line(self, y: int) -> Strip:
        width, base = self._room.width, self.rich_style
        if not self.count:
            sentence = self._sentence or ("…" if self._count is None else self.empty)
            style = base if self._sentence else base + self._style("waiting")
            return sentence_strip(sentence, y, width, base, style)
        widths = self._pages.widths(self.columns, width - GUTTER - EDGE)
        if y == 0:
            return header_strip(self.columns, widths, width, base, self._style)
        index = y - 1 + self.scroll_offset.y
        if index >= self.count:
            return Strip.blank(width, base)
        row = self.row(index)
        if index == self.cursor and self.has_focus:
            place_cursor(self, 0, y)
        return row_strip(
            row,
            self.columns,
            widths,
            width,
            base,
            self._style,
            under_cursor=index == self.cursor,
            ticked=row is not None and row.id in self.ticked,
        )
