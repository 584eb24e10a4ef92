"""Short questions over a screen: yes or no, one line, one of several, a message, help. All text is plain text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import ClassVar, TypeVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.css.scalar import Unit
from textual.geometry import Offset, Size
from textual.screen import ModalScreen
from textual.widgets import Static

from fieldkit.presentation.model.form_plan import Option
from fieldkit.text import clean_line
from fieldkit.widgets import stylesheet
from fieldkit.widgets.covers import Coverable
from fieldkit.widgets.inputs import DrawnInput, show_whole
from fieldkit.widgets.key_hints import KeyHint, chosen_hints, gap_of, hints_of
from fieldkit.widgets.plain import Hanging, first_lines, fit, fit_path, pad, pasted, plain, wrapped

Result = TypeVar("Result")

_NARROW, _BROAD = 64, 84
"""The width of a dialog, in cells: in a narrow window, and in one with room to spare."""
_EDGES = 6
"""Cells of a dialog taken by its frame and margins."""
_MOST_LINES = 4
"""Lines of the answer pointed at, if one line is too short for it."""
_NOTHING_TYPED = "nothing is typed yet"
_LEAST_TEXT = 3
"""Rows of text that stay in view if a dialog is higher than the window."""


class Dialog(Coverable[Result], ModalScreen[Result]):
    """A box with a title, words, and the keys that work. Subclasses add to `body`.

    The box grows with the window; text that does not fit scrolls, and the keys below it stay in view.
    """

    DEFAULT_CSS = stylesheet("dialogs")
    ARROWS_SCROLL: ClassVar[bool] = True
    """Whether the arrows scroll long text; if they point at answers, the page keys do."""

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
        """The text above the body, for lines of `width` cells."""
        return self._text

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
            most = max(_LEAST_TEXT, room.height - self.body_rows())
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


class Confirm(Dialog[bool]):
    """Yes or no. Enter means yes unless `careful`; then only the y key does, so that haste destroys nothing."""

    def __init__(
        self, title: str, text: str = "", *, yes: str = "yes", no: str = "no", careful: bool = False
    ) -> None:
        super().__init__(title, text)
        self._bindings.bind("y" if careful else "y,enter", "answer(True)", yes)
        self._bindings.bind("n,escape", "answer(False)", no)

    def action_answer(self, yes: bool) -> None:
        self.dismiss(yes)


class PlainInput(DrawnInput):
    """One line of input that takes a pasted text whole, with line breaks as spaces."""

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.insert_text_at_cursor(pasted(event.text, one_line=True))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # Enter belongs to the dialog; the field's own binding would hide it from the line of keys.
        return action != "submit"


class AskLine(Dialog["str | None"]):
    """One line of text, hidden if `password`; None if the person went back.

    `check` returns what is wrong with a text, or "". It runs in a thread. A wrong text stays in the line, to be corrected.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "go on"),
        Binding("escape", "back", "back"),
    ]

    def __init__(
        self,
        title: str,
        text: str = "",
        *,
        value: str = "",
        password: bool = False,
        may_be_empty: bool = False,
        check: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__(title, text)
        self._check = check
        self._input = PlainInput(value, password=password, compact=True, select_on_focus=False)
        self._may_be_empty = may_be_empty

    def body(self) -> ComposeResult:
        yield self._input
        yield Static(id="whole")
        yield Static(id="wrong")

    def on_mount(self) -> None:
        self.set_focus(self._input)

    def on_input_changed(self) -> None:
        self.longest_line = 0 if self._input.password else cell_len(self._input.value) + 1
        self._show_wrong("")
        self.fit()
        self.call_after_refresh(self._show_whole)

    def _show_whole(self) -> None:
        show_whole(self._input, self.query_one("#whole", Static))

    def action_take(self) -> None:
        text = self._input.value
        if not (text.strip() or self._may_be_empty):
            self._input.placeholder = _NOTHING_TYPED
        elif self._check is None:
            self.dismiss(text)
        elif self.takes_keys:
            self.takes_keys = False  # what is typed meanwhile belongs to what follows
            self.run_worker(self._take_checked(text, self._check))

    async def _take_checked(self, text: str, check: Callable[[str], str]) -> None:
        wrong = await asyncio.to_thread(check, text)
        if wrong:
            self._show_wrong(wrong)
            self.takes_keys = True
        else:
            self.dismiss(text)

    def _show_wrong(self, sentence: str) -> None:
        """Say below the line what is wrong with it, or nothing."""
        line = self.query_one("#wrong", Static)
        line.display = bool(sentence)
        line.update(Hanging(Content.assemble(("× ", "bold $error"), plain(sentence))))
        self.call_after_refresh(self.fit)

    def action_back(self) -> None:
        self.dismiss(None)


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
            above += min(text.get_height({}, room.width), max(_LEAST_TEXT, room.height - self.body_rows()))
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


def _indent(line: Content) -> int:
    return len(line.plain) - len(line.plain.lstrip(" "))


class Message(Dialog[None]):
    """Something to be read before going on. ↑ and ↓ scroll a long one.

    What follows an indented line stays indented; what follows the line above it, its head, stands between both.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,escape,space", "done", "go on")]

    def text_for(self, width: int) -> Content:
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

    def action_done(self) -> None:
        self.dismiss(None)


#: Keys wider than this (in cells) are not put beside their explanation in a help text.
_WIDEST_KEY = 12


class Help(Message):
    """Help for a screen or a question: words, then the keys, each with what it does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,escape,space,f1,question_mark", "done", "close"),
        Binding("ctrl+t", "app.colours", show=False, id="everywhere.colours"),
    ]

    def __init__(self, title: str, text: str, keys: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(title, text)
        self._keys = tuple(keys)

    def text_for(self, width: int) -> Content:
        return with_keys_below(self._text, self._keys, width)


def with_keys_below(text: Content, keys: Sequence[tuple[str, str]], width: int) -> Content:
    """A text, and below it keys, each beside what it does, in lines of `width` cells."""
    # A long group of keys has a line of its own, so that the text beside the others is not squeezed.
    column = max((cell_len(key) for key, _ in keys if cell_len(key) <= _WIDEST_KEY), default=0)
    lines: list[Content] = [text] if text else []
    if lines and keys:
        lines.append(Content(""))
    for key, does in keys:
        if cell_len(key) > _WIDEST_KEY:
            lines.append(Content.assemble((key, "bold $accent")))
        for number, line in enumerate(wrapped(does, max(16, width - column - 2))):
            shown = key if number == 0 and cell_len(key) <= _WIDEST_KEY else ""
            lines.append(Content.assemble((pad(shown, column), "bold $accent"), "  ", line))
    return Content("\n").join(lines)
