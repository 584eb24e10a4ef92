"""Short questions over a screen: yes or no, one line, one of several, a message, help. All words are plain
text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from fieldkit.presentation.model.form_plan import Option
from fieldkit.widgets import stylesheet
from fieldkit.widgets.covers import Coverable
from fieldkit.widgets.inputs import CursorInput
from fieldkit.widgets.key_hints import chosen_hints, hints_of
from fieldkit.widgets.plain import cells, fit, fit_path, pad, pasted, plain, wrapped

#: Cells between the edges of a dialog, as its style sheet has it.
_WIDTH = 64

Result = TypeVar("Result")


class Dialog(Coverable[Result], ModalScreen[Result]):
    """A box with a title, words, and the keys that work. Subclasses add to `body`."""

    DEFAULT_CSS = stylesheet("dialogs")

    def __init__(self, title: str, words: str | Content = "") -> None:
        super().__init__()
        self.takes_keys = False
        """Whether keys may come: the box was drawn and what is typed into has the focus."""
        self._title = title
        self._words = words if isinstance(words, Content) else plain(words)

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(plain(self._title), id="title")
            if self._words:
                with VerticalScroll(id="words", can_focus=True):
                    yield Static(self._words)
            yield from self.body()
            yield Static(id="keys")

    def body(self) -> ComposeResult:
        """What stands under the words."""
        yield from ()

    def on_mount(self) -> None:
        self.bindings_updated_signal.subscribe(self, lambda _: self._show_keys())
        self.call_after_refresh(self._ready)

    def _ready(self) -> None:
        self.takes_keys = True
        self._show_keys()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_keys)

    def _show_keys(self) -> None:
        if not self.is_mounted:
            return
        line = self.query_one("#keys", Static)
        hints = [hint for hint in hints_of(self) if hint.label != "commands"]
        parts: list[str | tuple[str, str]] = []
        for hint in chosen_hints(hints, line.size.width):
            parts += ["   " if parts else "", (hint.key, "bold $accent"), f" {hint.label}"]
        line.update(Content.assemble(*parts))


class Confirm(Dialog[bool]):
    """Yes or no. Enter says yes unless `careful`; then only the y key does, so that nothing is destroyed by
    haste.
    """

    def __init__(
        self, title: str, words: str = "", *, yes: str = "yes", no: str = "no", careful: bool = False
    ) -> None:
        super().__init__(title, words)
        self._bindings.bind("y" if careful else "y,enter", "answer(True)", yes, key_display="y")
        self._bindings.bind("n,escape", "answer(False)", no, key_display="n")

    def action_answer(self, yes: bool) -> None:
        self.dismiss(yes)


class PlainInput(CursorInput):
    """One line of typing that takes a pasted text whole, line breaks as spaces."""

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.insert_text_at_cursor(pasted(event.text, one_line=True))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # Enter is the dialog's; the field's own binding would hide it from the line of keys.
        return action != "submit"


class AskLine(Dialog["str | None"]):
    """One line of words, hidden if `password`; None if the person went back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "go on"),
        Binding("escape", "back", "back"),
    ]

    def __init__(
        self,
        title: str,
        words: str = "",
        *,
        value: str = "",
        password: bool = False,
        may_be_empty: bool = False,
    ) -> None:
        super().__init__(title, words)
        self._input = PlainInput(value, password=password, compact=True, select_on_focus=False)
        self._may_be_empty = may_be_empty

    def body(self) -> ComposeResult:
        yield self._input

    def on_mount(self) -> None:
        self.set_focus(self._input)

    def action_take(self) -> None:
        words = self._input.value
        if words.strip() or self._may_be_empty:
            self.dismiss(words)

    def action_back(self) -> None:
        self.dismiss(None)


class Choose(Dialog["str | None"]):
    """One of several, by number or with the arrows; its code, or None if the person went back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "point(-1)", "up", show=False),
        Binding("down,j", "point(1)", "down", show=False),
        Binding("home", "point(-9999)", show=False),
        Binding("end", "point(9999)", show=False),
        Binding("enter", "take", "choose"),
        Binding("escape", "back", "back"),
    ]
    _ROWS = 10

    def __init__(
        self, title: str, options: Sequence[Option], words: str = "", *, start: int = 0, paths: bool = False
    ) -> None:
        """`start` is the answer pointed at first; `paths`: the answers are folders or files."""
        super().__init__(title, words)
        self._fit = fit_path if paths else fit
        self._options = tuple(options)
        self._at = max(0, min(start, len(self._options) - 1))

    def body(self) -> ComposeResult:
        yield Static(id="choices")

    def on_mount(self) -> None:
        self.call_after_refresh(self._draw)

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    def on_key(self, event: events.Key) -> None:
        if event.character and event.character in "123456789" and int(event.character) <= len(self._options):
            event.stop()
            self.dismiss(self._options[int(event.character) - 1].code)

    def _draw(self) -> None:
        choices = self.query_one("#choices", Static)
        width = max(20, choices.size.width)
        top = max(0, min(self._at - self._ROWS // 2, len(self._options) - self._ROWS))
        lines: list[Content] = []
        for place, option in list(enumerate(self._options))[top : top + self._ROWS]:
            pointed = place == self._at
            number = f"{place + 1} " if place < 9 else "  "
            group = fit(option.group, width // 3)
            label = self._fit(option.label, width - 6 - (cells(group) + 2 if group else 0))
            lines.append(
                Content.assemble(
                    ("▸ " if pointed else "  ", "bold $accent"),
                    (number, "bold $accent"),
                    (label, "reverse" if pointed else ""),
                    (f"  {group}" if group else "", "$text-muted"),
                )
            )
        more = len(self._options) - top - len(lines)
        lines.append(Content.styled(f"    ↓ {more} more" if more > 0 else "", "$text-muted"))
        choices.update(Content("\n").join(lines))

    def action_point(self, by: int) -> None:
        self._at = max(0, min(self._at + by, len(self._options) - 1))
        self._draw()

    def action_take(self) -> None:
        self.dismiss(self._options[self._at].code if self._options else None)

    def action_back(self) -> None:
        self.dismiss(None)


class Message(Dialog[None]):
    """Something to be read before going on. ↑ and ↓ scroll a long one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,escape,space", "done", "go on")]

    def action_done(self) -> None:
        self.dismiss(None)


#: Cells of keys that stand beside what they do in a help text.
_WIDEST_KEY = 12


class Help(Message):
    """Help for a screen or a question: words, then the keys, each with what it does."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1,question_mark", "done", "close", show=False)]

    def __init__(self, title: str, words: str, keys: Sequence[tuple[str, str]] = ()) -> None:
        # A long row of keys has a line of its own, so that what the others do is not squeezed.
        width = max((cells(key) for key, _ in keys if cells(key) <= _WIDEST_KEY), default=0)
        room = max(16, _WIDTH - 8 - width - 2)
        lines: list[Content] = []
        for key, does in keys:
            if cells(key) > _WIDEST_KEY:
                lines.append(Content.assemble((key, "bold $accent")))
            for number, line in enumerate(wrapped(does, room)):
                shown = key if number == 0 and cells(key) <= _WIDEST_KEY else ""
                lines.append(Content.assemble((pad(shown, width), "bold $accent"), "  ", line))
        parts = [plain(words), Content(""), *lines] if words and lines else [plain(words), *lines]
        super().__init__(title, Content("\n").join(parts))
