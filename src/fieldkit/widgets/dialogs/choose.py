"""Dialogs with numbered answers: what they share, and the one in which a single answer is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Offset
from textual.widgets import Static

from fieldkit.presentation.model.form_plan import Option
from fieldkit.text import clean_line
from fieldkit.widgets.dialogs.dialog import LEAST_TEXT, Dialog, Result
from fieldkit.widgets.plain import first_lines, fit, fit_path

_MOST_LINES = 4
"""Lines of the answer pointed at, if one line is too short for it."""


class Choices(Dialog[Result]):
    """A dialog of numbered answers, one of which is pointed at. Subclasses draw a row and handle the answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "point(-1)", "point", key_display="↑↓"),
        Binding("k", "point(-1)", show=False),
        Binding("down,j", "point(1)", show=False),
        Binding("home", "point(-9999)", show=False),
        Binding("end", "point(9999)", show=False),
        Binding("pageup", "scroll_text(-1)", show=False),
        Binding("pagedown", "scroll_text(1)", show=False),
    ]
    ARROWS_SCROLL = False
    SIGNS: ClassVar[int] = 4
    """Cells before an answer."""
    _LEAST = 4
    """Rows of answers that stay in view, however long the text above is."""

    def __init__(self, title: str, options: Sequence[Option], text: str = "", *, start: int = 0) -> None:
        """`start` is the answer pointed at first."""
        super().__init__(title, text)
        self._options = tuple(options)
        self._at = max(0, min(start, len(self._options) - 1))
        self._row_pointed_at = 0
        self._points = True
        """Whether an answer is pointed at, so that Enter takes it."""

    def body(self) -> ComposeResult:
        yield Static(id="choices")

    def fit(self) -> None:
        super().fit()
        if self.query("#choices"):
            self.draw()

    def body_rows(self) -> int:
        return 1 + min(len(self._options), self._LEAST) + 1

    def row(self, place: int, option: Option, width: int) -> Content:
        """The answer at `place`, on one line."""
        raise NotImplementedError

    def draw(self) -> None:
        """Draw as many answers as fit, including the one pointed at.

        All of them are drawn in full if they fit; otherwise only the one pointed at.
        """
        room, above = self.room, 1
        if text := self.text_for(self.room.width):
            above += min(text.get_height({}, room.width), max(LEAST_TEXT, room.height - self.body_rows()))
        every = [
            self._whole(place, room.width) or [self.row(place, option, room.width)]
            for place, option in enumerate(self._options[: room.height])
        ]
        if len(every) == len(self._options) and sum(map(len, every)) <= room.height - above:
            self._row_pointed_at = sum(map(len, every[: self._at]))
            self._show_rows([line for lines in every for line in lines])
            return
        whole = self._whole(self._at, room.width)
        most = max(1, room.height - above - max(0, len(whole) - 1))
        if len(self._options) > most:
            most = max(1, most - 1)
        top = max(0, min(self._at - most // 2, len(self._options) - most))
        shown = list(enumerate(self._options))[top : top + most]
        lines = [self.row(place, option, room.width) for place, option in shown]
        below = len(self._options) - top - len(lines)
        if whole:
            lines[self._at - top : self._at - top + 1] = whole
        if top or below:
            more = [f"↑ {top} more"] * bool(top) + [f"↓ {below} more"] * bool(below)
            lines.append(Content.styled("    " + "   ".join(more), "$text-muted"))
        self._row_pointed_at = self._at - top
        self._show_rows(lines)

    def _show_rows(self, lines: Sequence[Content]) -> None:
        self.query_one("#choices", Static).update(Content("\n").join(lines))

    def _whole(self, place: int, width: int) -> list[Content]:
        """An answer on several lines; empty if it fits on one line."""
        if not self._options:
            return []
        option, style = self._options[place], "reverse" if self._points and place == self._at else ""
        room = width - self.SIGNS
        beside = cell_len(clean_line(option.group)) + 2 if option.group else 0
        if cell_len(clean_line(option.label)) + beside <= room:
            return []
        lines = first_lines(option.label, room, _MOST_LINES)
        signs = self.row(place, option, width)[: self.SIGNS]
        shown = [Content.assemble(signs, (lines[0], style))]
        shown += [Content.assemble(" " * self.SIGNS, (line, style)) for line in lines[1:]]
        if option.group and cell_len(lines[-1]) + 2 + cell_len(option.group) <= room:
            shown[-1] += Content.styled(f"  {option.group}", "$text-muted")
        elif option.group:
            shown.append(Content.assemble(" " * self.SIGNS, (fit(option.group, room), "$text-muted")))
        return shown

    @property
    def cursor_home(self) -> Offset:
        return self.query_one("#choices").content_region.offset + Offset(0, self._row_pointed_at)

    def action_point(self, by: int) -> None:
        self._at = max(0, min(self._at + by, len(self._options) - 1))
        self.draw()

    def action_scroll_text(self, by: int) -> None:
        """Scroll the text by a page."""
        for scroll in self.query("#text"):
            scroll.scroll_relative(y=by * max(1, scroll.size.height - 1), animate=False)

    def action_back(self) -> None:
        self.dismiss(None)


class Choose(Choices["str | None"]):
    """One of several, by number or with the arrows; its code, or None if the person went back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "choose"),
        Binding("escape", "back", "back"),
    ]

    def __init__(
        self, title: str, options: Sequence[Option], text: str = "", *, start: int = 0, paths: bool = False
    ) -> None:
        """`start` is the answer pointed at first; `paths`: the answers are folders or files."""
        super().__init__(title, options, text, start=start)
        self._fit = fit_path if paths else fit
        if paths:
            self.longest_line = max(
                (cell_len(each.label) + cell_len(each.group) + 8 for each in options), default=0
            )

    def on_key(self, event: events.Key) -> None:
        if event.character and event.character in "123456789" and int(event.character) <= len(self._options):
            event.stop()
            self.dismiss(self._options[int(event.character) - 1].code)

    def row(self, place: int, option: Option, width: int) -> Content:
        pointed = self._points and place == self._at
        number = f"{place + 1} " if place < 9 else "  "
        group = fit(option.group, width // 3)
        label = self._fit(option.label, width - 4 - (cell_len(group) + 2 if group else 0))
        return Content.assemble(
            ("▸ " if pointed else "  ", "bold $accent"),
            (number, "bold $accent"),
            (label, "reverse" if pointed else ""),
            (f"  {group}" if group else "", "$text-muted"),
        )

    def action_take(self) -> None:
        self.dismiss(self._options[self._at].code if self._options else None)
