"""What all dialogs share: a box with a title, a text that scrolls if it is long, and the keys that work."""

from __future__ import annotations

from functools import partial
from typing import ClassVar, TypeVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.css.scalar import Unit
from textual.geometry import Offset, Size
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Static

from fieldkit.widgets import stylesheet
from fieldkit.widgets.covers import Coverable
from fieldkit.widgets.frame import NOTICE_SECONDS
from fieldkit.widgets.key_hints import KeyHint, chosen_hints, gap_of, hints_of
from fieldkit.widgets.plain import plain

Result = TypeVar("Result")

_NARROW, _BROAD = 64, 84
"""The width of a dialog, in cells: in a narrow window, and in one with room to spare."""
_EDGES = 6
"""Cells of a dialog taken by its frame and margins."""
LEAST_TEXT = 3
"""Rows of text that stay in view if a dialog is higher than the window."""


def _indent(line: Content) -> int:
    return len(line.plain) - len(line.plain.lstrip(" "))


class Dialog(Coverable[Result], ModalScreen[Result]):
    """A box with a title, words, and the keys that work. Subclasses add to `body`.

    The box grows with the window; text that does not fit scrolls, and the keys below it stay in view.
    """

    DEFAULT_CSS = stylesheet("dialogs/dialog")
    ARROWS_SCROLL: ClassVar[bool] = True
    """Whether the arrows scroll long text; if they point at answers, the page keys do."""

    _edge_timer: Timer | None = None

    longest_line = 0
    """Cells of the longest line: the dialog widens for it if the window allows, so that a path is read whole."""

    def __init__(self, title: str, text: str | Content = "") -> None:
        super().__init__()
        self.takes_keys = False
        """Whether keys may come: the dialog was drawn and its input has the focus."""
        self._title = title
        self._text = text if isinstance(text, Content) else plain(text)

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(plain(self._title), id="title")
            if self.text_for(_NARROW):
                with VerticalScroll(id="text", can_focus=self.ARROWS_SCROLL):
                    yield Static()
            yield from self.body()
            yield Static(id="keys")

    def body(self) -> ComposeResult:
        """What comes below the text."""
        yield from ()

    def text_for(self, width: int) -> Content:
        """The text above the body, for lines of `width` cells.

        What follows an indented line stays indented; what follows the line above it, its head, is between both.
        """
        lines: list[Content] = []
        texts = self._text.split("\n", allow_blank=True)
        for line, below in zip(texts, [*texts[1:], Content("")], strict=True):
            indent, more = _indent(line), _indent(line) or _indent(below) // 2
            if 0 < more < width // 2 and cell_len(line.plain) > width:
                first, *rest = line[indent:].wrap(width - more)
                lines += [
                    Content.assemble(" " * indent, first),
                    *(Content.assemble(" " * more, part) for part in rest),
                ]
            else:
                lines.append(line)
        return Content("\n").join(lines)

    @property
    def room(self) -> Size:
        """The cells that a box may fill between its frame, title and keys."""
        width, height = self.app.size
        usual = _BROAD if width >= _BROAD + 24 else _NARROW
        wanted = self.longest_line + _EDGES
        # If even the whole window is too narrow for it, the line is broken anyway.
        across = min(max(usual, wanted) if wanted <= width - 4 else usual, width - 4) - _EDGES
        title = plain(self._title).get_height({}, across)
        return Size(across, max(1, height - max(2, height // 10) - 2 - (title + 1) - 2))

    def on_mount(self) -> None:
        self.bindings_updated_signal.subscribe(self, lambda _: self._show_keys())
        self.fit()
        self.call_after_refresh(self._ready)

    def _ready(self) -> None:
        self.fit()  # the body has its height now
        self.takes_keys = True
        self._show_keys()

    def on_resize(self) -> None:
        self.fit()
        self.call_after_refresh(self._show_keys)

    def fit(self) -> None:
        """Fit the text into the room there is, and leave the rest of the room to the body."""
        if not self.query("#keys"):
            return  # a slow machine: the contents come later, and are fitted then
        box, room = self.query_one("#box"), self.room
        if box.styles.width is None or box.styles.width.unit == Unit.CELLS:
            box.styles.width = room.width + _EDGES
        for scroll in self.query("#text"):
            text, drawn = self.text_for(room.width), scroll.query_one(Static)
            most = max(LEAST_TEXT, room.height - self.body_rows())
            scrolls = text.get_height({}, room.width) > most
            drawn.styles.padding = (0, 1 if scrolls else 0, 0, 0)  # apart from the scrollbar
            scroll.styles.max_height = most
            drawn.update(self.text_for(room.width - 2) if scrolls else text)

    def body_rows(self) -> int:
        """The least number of rows that the body needs."""
        others = (
            child for child in self.query_one("#box").children if child.id not in {"title", "text", "keys"}
        )
        return sum(child.outer_size.height + child.styles.margin.height for child in others)

    @property
    def cursor_home(self) -> Offset:
        """Where the terminal's cursor is while no input has the focus: at the title, which is read first."""
        return self.query_one("#title").content_region.offset

    def answer_key(self, sentence: str) -> None:
        """Say on the lower edge what came of a key that does nothing, right below the keys that do. It goes by itself."""
        self._say_on_edge(sentence)
        if self._edge_timer is not None:
            self._edge_timer.stop()
        self._edge_timer = self.set_timer(NOTICE_SECONDS["information"], partial(self._say_on_edge, ""))

    def _say_on_edge(self, sentence: str) -> None:
        for box in self.query("#box"):
            box.border_subtitle = plain(sentence)

    def _show_keys(self) -> None:
        if not self.is_mounted:
            return
        line = self.query_one("#keys", Static)
        # A dialog names every key that works in it, so that Enter pressed in haste surprises nobody.
        hints = [hint for hint in hints_of(self, every_key=True) if hint.label != "commands"]
        if any(scroll.max_scroll_y for scroll in self.query("#text")):
            hints.append(KeyHint("↑↓" if self.ARROWS_SCROLL else "pgup/pgdn", "scroll", keeps=len(hints)))
        line.display = bool(hints)  # a dialog whose text names its keys ends with it
        parts: list[str | tuple[str, str]] = []
        width = self.room.width
        gap = " " * gap_of(hints, width)
        for hint in chosen_hints(hints, width):
            parts += [gap if parts else "", (hint.key, "bold $accent"), f" {hint.label}"]
        line.update(Content.assemble(*parts))
