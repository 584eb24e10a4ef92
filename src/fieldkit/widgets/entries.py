"""Answers that are typed: words on one line, longer words, dates, times of day and numbers."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from fieldkit.widgets.answers import Answer, Host, Keyed
from fieldkit.widgets.plain import fit, pasted
from fieldkit.widgets.plan import Question, Value
from fieldkit.widgets.reading import read_date, read_number, read_time, said_date, typed_date


class LineInput(Keyed, Input):
    """One line of typing. A pasted text is taken whole, its line breaks as spaces."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "go(-1)", "previous", show=False),
        Binding("down", "go(1)", "next", show=False),
    ]

    def __init__(self, host: Host, *, today_key: bool = False) -> None:
        super().__init__(compact=True, select_on_focus=False)
        self.host = host
        self._today_key = today_key

    def action_go(self, by: int) -> None:
        self.host.go(by)

    def paste(self, text: str) -> None:
        words = pasted(text, one_line=True)
        if self.selection.is_empty:
            self.insert_text_at_cursor(words)
        else:
            self.replace(words, *self.selection)

    def action_paste(self) -> None:
        self.paste(self.app.clipboard)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # Enter belongs to the form; left in place, the field's own binding would hide it from the bottom
        # line.
        return action != "submit"

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
        return False


class WordsArea(Keyed, TextArea):
    """Several lines of typing. Enter goes on, since most answers are one paragraph; Ctrl+J starts a new
    line.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+j,shift+enter,alt+enter", "new_line", "new line")]

    def __init__(self, host: Host) -> None:
        super().__init__(
            soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False, tab_behavior="focus"
        )
        self.host = host

    def action_new_line(self) -> None:
        self.replace("\n", *self.selection)

    def paste(self, text: str) -> None:
        if result := self._replace_via_keyboard(pasted(text, one_line=False), *self.selection):
            self.move_cursor(result.end_location)

    def action_paste(self) -> None:
        self.paste(self.app.clipboard)


class Entry(Answer):
    """An answer with a widget to type into, under or beside its title."""

    @property
    def typed(self) -> str:
        """What stands in the widget."""
        raise NotImplementedError

    def hint(self) -> str:
        """What was understood, shown beside what was typed."""
        return ""

    def own_problem(self) -> str:
        if (length := len(self.typed.strip())) > self.question.length:
            return f"{length:,} letters are too many; {self.question.length:,} fit."
        return ""

    def show_notes(self) -> None:
        if not self.is_mounted:
            return
        width = self.size.width or 76
        head = self.query_one(".heading", Static)
        head.update(
            Content("\n").join(
                self.heading(self.column - 2 if self.beside and isinstance(self, LineAnswer) else width)
            )
        )
        if isinstance(self, LineAnswer):
            self.input.placeholder = "" if self.is_focused else "—"
        notes, lines = self.query_one(".notes", Static), self.notes(width)
        notes.update(Content("\n").join(lines))
        notes.display = bool(lines)

    def on_mount(self) -> None:
        self.show_notes()

    def on_resize(self) -> None:
        self.show_notes()
        self.host.keep_in_view(self)

    def on_descendant_focus(self) -> None:
        self.show_notes()

    def on_descendant_blur(self) -> None:
        self.show_notes()

    def told(self) -> None:
        """Tell the form. A sentence about an earlier slip goes once the slip is mended."""
        if self.problem and not self.own_problem():
            self.problem = ""
            self.show_notes()
        self.host.changed(self)


class LineAnswer(Entry):
    """Words on one line."""

    def __init__(self, question: Question, host: Host, column: int) -> None:
        super().__init__(question, host, column)
        self.input = LineInput(host, today_key=question.shape == "date")
        self._hint = Static(classes="hint")
        self._silent = ""

    def compose(self) -> ComposeResult:
        with Horizontal(classes="line" if self.beside else "line -below"):
            heading = Static(classes="heading")
            if self.beside:
                heading.styles.width = self.column
            yield heading
            yield self.input
            if self.question.shape != "line":
                yield self._hint
        yield Static(classes="notes")

    @property
    def target(self) -> Widget:
        return self.input

    @property
    def typed(self) -> str:
        return self.input.value

    @property
    def value(self) -> Value:
        return self.typed.strip() or None

    def set_value(self, value: Value) -> None:
        self._show_typed("" if value is None else pasted(str(value), one_line=True))

    def _show_typed(self, words: str) -> None:
        self._silent = words
        self.input.value = words
        self.input.cursor_position = len(words)
        self._show_hint()

    def _show_hint(self) -> None:
        if self.question.shape != "line":
            self._hint.update(Content.styled(fit(self.hint(), 40), "$text-muted"))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._show_hint()
        if event.value != self._silent:
            self.told()
        self._silent = "\x00"


class DateAnswer(LineAnswer):
    """A date: 27/10/2026, 27 Oct, "today" or just t. The day in words stands beside it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("t", "today", "today")]

    @property
    def value(self) -> Value:
        return read_date(self.typed, date.today()) or super().value

    def set_value(self, value: Value) -> None:
        iso = read_date(value, date.today()) if isinstance(value, str) else None
        self._show_typed(typed_date(iso) if iso else str(value or ""))

    def action_today(self) -> None:
        self.input.value = "t"

    def hint(self) -> str:
        iso = read_date(self.typed, date.today())
        return f"= {said_date(iso)}" if iso else "day/month/year, or t for today" if not self.typed else ""

    def own_problem(self) -> str:
        if self.typed.strip() and read_date(self.typed, date.today()) is None:
            return "That is not a date: write day/month/year, as 27/10/2026, or t for today."
        return ""

    def left(self) -> None:
        if not self.own_problem():
            self.set_value(self.value)


class TimeAnswer(LineAnswer):
    """A time of day: 14:30, 1430 or 2pm."""

    @property
    def value(self) -> Value:
        return read_time(self.typed) or super().value

    def hint(self) -> str:
        found = read_time(self.typed)
        return f"= {found}" if found and found != self.typed else "as 14:30" if not self.typed else ""

    def own_problem(self) -> str:
        if self.typed.strip() and read_time(self.typed) is None:
            return "That is not a time of day: write it as 14:30 or 2pm."
        return ""

    def left(self) -> None:
        if not self.own_problem():
            self.set_value(self.value)


class NumberAnswer(LineAnswer):
    """A whole number."""

    @property
    def value(self) -> Value:
        number = read_number(self.typed)
        return super().value if number is None else number

    def own_problem(self) -> str:
        question, number = self.question, read_number(self.typed)
        if self.typed.strip() and (number is None or not question.minimum <= number <= question.maximum):
            return f"That is not a whole number from {question.minimum:,} to {question.maximum:,}."
        return ""

    def left(self) -> None:
        if not self.own_problem():
            self.set_value(self.value)


class TextAnswer(Entry):
    """Words of any length, in a box that grows with them."""

    def __init__(self, question: Question, host: Host, column: int) -> None:
        super().__init__(question, host, column)
        self.area = WordsArea(host)
        self._silent = ""

    def compose(self) -> ComposeResult:
        yield Static(classes="heading")
        yield self.area
        yield Static(classes="notes")

    @property
    def target(self) -> Widget:
        return self.area

    @property
    def typed(self) -> str:
        return self.area.text

    @property
    def value(self) -> Value:
        return self.typed.strip() or None

    def set_value(self, value: Value) -> None:
        self._silent = "" if value is None else pasted(str(value), one_line=False)
        self.area.load_text(self._silent)
        self.area.move_cursor(self.area.document.end)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self.typed != self._silent:
            self.told()
        self._silent = "\x00"
