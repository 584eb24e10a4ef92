"""Answers that are typed: words on one line, longer text, dates, times of day and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, TextArea
from textual.widgets.input import Selection

from fieldkit.presentation.model.form_plan import Question, Value
from fieldkit.records.masking import masked, pointed_out
from fieldkit.records.schema.dates import parse_time
from fieldkit.records.schema.numbers import parse_number
from fieldkit.spelling import folded
from fieldkit.text import plural
from fieldkit.widgets.answers import Answer, Host
from fieldkit.widgets.inputs import LineInput, TextLines, WordsArea
from fieldkit.widgets.key_hints import key_of_binding
from fieldkit.widgets.plain import fit, pasted
from fieldkit.widgets.typed_dates import read_date, typed_date, weekday_and_date

#: The most identifying places named at once.
_MOST_SAID = 2
_MASKED_BY = "{key} masks it."
_ALL_MASKED_BY = "{key} masks all {n} that are marked."
_ONLY_KEPT = "Only {part} is kept, not the whole of it."
#: Suggest names in use from this many letters on.
_LEAST_TYPED = 2
#: Cells of the beginning of a name that is too long for its place.
_SHORT_NAME = 24


class Entry(Answer):
    """An answer with a widget to type into, under or beside its title."""

    @property
    def typed(self) -> str:
        """The text in the widget."""
        raise NotImplementedError

    @property
    def shown(self) -> str:
        return " ".join(self.typed.split())

    @property
    def typing(self) -> bool:
        return bool(self.typed)

    def hints(self) -> Sequence[str]:
        """How the typed text was understood, shown beside it; the first hint that fits is used."""
        return ()

    def own_problem(self) -> str:
        if (length := len(self.typed.strip())) > self.question.length:
            return f"Too long: {length:,} characters (the limit is {self.question.length:,})."
        return ""

    def __init__(self, question: Question, host: Host, column: int) -> None:
        super().__init__(question, host, column)
        self._heading = TextLines(self.heading, classes="heading")
        self._notes = TextLines(lambda width: [*self.also(width), *self.notes(width)], classes="notes")

    def show_notes(self) -> None:
        self._heading.refresh(layout=True)
        self._notes.refresh(layout=True)

    def on_resize(self) -> None:
        self.host.keep_in_view(self)

    def on_descendant_focus(self) -> None:
        self.show_notes()

    def on_descendant_blur(self) -> None:
        self.show_notes()

    def value_changed(self) -> None:
        """Tell the form. The sentence about an earlier mistake goes once the mistake is corrected."""
        if self.problem and not self.own_problem():
            self.problem = ""
            self.show_notes()
        self.host.changed(self)

    # What may point to one person

    def mark(self, places: list[tuple[int, int]]) -> None:
        """Underline these ranges (from, to; in characters) of the typed text."""
        raise NotImplementedError

    def point_out(self) -> None:
        """Mark what may point to one person, and say what it is."""
        spans = pointed_out(self.typed) if self.question.pointed_out else []
        self.mark([(span.start, span.end) for span in spans])
        sentences = [
            f"“{fit(self.typed[span.start : span.end], 24)}”: {span.sentence}" for span in spans[:_MOST_SAID]
        ]
        key = key_of_binding(self.app, "form.mask", "f4").capitalize()
        masked = plural(len(spans), _MASKED_BY, _ALL_MASKED_BY).replace("{key}", key)
        slip = " ".join([*sentences, masked]) if spans else ""
        if slip != self.slip:
            self.slip = slip
            self.show_notes()
            self.host.keep_in_view(self)

    @property
    def can_be_masked(self) -> bool:
        """Whether anything is pointed out now."""
        return self.question.pointed_out and bool(self.slip)

    def mask(self) -> None:
        """Mask everything that is pointed out."""
        raise NotImplementedError


class LineAnswer(Entry):
    """Words on one line."""

    def __init__(self, question: Question, host: Host, column: int) -> None:
        super().__init__(question, host, column)
        self.input = LineInput(host, today_key=question.shape == "date", suggested=self.suggested)
        self.input.placeholder = "—"
        self._hint = TextLines(self._hinted, classes="hint")
        self._silent = self._cut_to = ""

    def compose(self) -> ComposeResult:
        with Horizontal(classes="line" if self.beside else "line -below"):
            if self.beside:
                self._heading.styles.width = self.column
            yield self._heading
            yield self.input
            if self.question.shape != "line" or self.question.known:
                yield self._hint
                self._hint.display = self.question.shape != "line"
        yield self._notes

    def suggested(self) -> str:
        """The name in use that is being typed, in any spelling; "" for none, or if it is already typed exactly."""
        wanted = folded(self.typed) if self.question.known else ""
        if len(wanted) < _LEAST_TYPED:
            return ""
        name = next((name for name in self.question.known if folded(name).startswith(wanted)), "")
        name = self.question.stands_for.get(name, name)
        return "" if name == self.typed.strip() else name

    def hints(self) -> Sequence[str]:
        name = pasted(self.suggested(), one_line=True)
        return (f"→ takes {name}", f"→ {name}", f"→ {fit(name, _SHORT_NAME)}") if name else ()

    def entered(self) -> None:
        # What is typed now replaces the old text; an arrow key keeps the text for editing.
        self.input.selection = Selection(0, len(self.input.value))

    def heading(self, width: int) -> list[Content]:
        return super().heading(width - 2 if self.beside else width)

    def show_notes(self) -> None:
        super().show_notes()
        self.input.placeholder = "" if self.is_focused else "—"

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

    def _show_typed(self, typed: str) -> None:
        self._silent = typed
        self.input.value = typed
        self.input.cursor_position = len(typed)
        self._hint.refresh()

    def _hinted(self, width: int) -> list[Content]:
        hints = [fit(hint, width) for hint in self.hints() if cell_len(hint) <= width] or [""]
        return [Content.styled(hints[0], "$text-muted")]

    def mark(self, places: list[tuple[int, int]]) -> None:
        self.input.mark(places)

    def mask(self) -> None:
        self.input.value = masked(self.typed)
        self.input.cursor_position = len(self.input.value)

    def point_out(self) -> None:
        if self._cut_to and self.typed == self._cut_to:
            return
        super().point_out()
        self._cut_to = ""

    def _cut(self) -> bool:
        """Leave only the part of the typed text that may be kept, and say so; returns whether any may not."""
        kept = self.question.part_kept(self.typed) if self.question.part_kept is not None else self.typed
        if kept == self.typed:
            return False
        self.input.value = self._cut_to = kept
        self.input.cursor_position = len(kept)
        self.slip = _ONLY_KEPT.replace("{part}", kept)
        self.show_notes()
        self.host.keep_in_view(self)
        return True

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._cut():
            return
        self.point_out()
        if self.question.known:
            self._hint.display = bool(self.suggested())
        self._hint.refresh()
        if event.value != self._silent:
            self.value_changed()
        self._silent = "\x00"


class ReadAnswer(LineAnswer):
    """A line that is read as a value, and shows that value once it is left."""

    def left(self) -> None:
        if not self.own_problem():
            self.set_value(self.value)


class DateAnswer(ReadAnswer):
    """A date: 27/10/2026, 27 Oct, "today" or just t. The day in words is shown beside it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("t", "today", "today")]

    @property
    def value(self) -> Value:
        return read_date(self.typed, date.today()) or super().value

    def set_value(self, value: Value) -> None:
        iso = read_date(value, date.today()) if isinstance(value, str) else None
        self._show_typed(typed_date(iso) if iso else str(value or ""))

    def action_today(self) -> None:
        self.input.value = "t"

    def hints(self) -> Sequence[str]:
        if iso := read_date(self.typed, date.today()):
            return (f"= {weekday_and_date(iso)}",)
        return () if self.typed else ("day/month/year, or t for today", "or t for today")

    def own_problem(self) -> str:
        if self.typed.strip() and read_date(self.typed, date.today()) is None:
            return f"{_quoted(self.typed)} is not a date: day/month/year, for example 27/10/2026, or t for today."
        return ""


class TimeAnswer(ReadAnswer):
    """A time of day: 14:30, 1430, 2pm or noon."""

    @property
    def value(self) -> Value:
        return parse_time(self.typed) or super().value

    def hints(self) -> Sequence[str]:
        if not self.typed:
            return ("for example 14:30", "as 14:30")
        time = parse_time(self.typed)
        return (f"= {time}",) if time and time != self.typed else ()

    def own_problem(self) -> str:
        if self.typed.strip() and parse_time(self.typed) is None:
            return f"{_quoted(self.typed)} is not a time of day: for example 14:30 or 2pm."
        return ""


class NumberAnswer(ReadAnswer):
    """A whole number."""

    @property
    def value(self) -> Value:
        number = parse_number(self.typed)
        return super().value if number is None else number

    def own_problem(self) -> str:
        question, number = self.question, parse_number(self.typed)
        if self.typed.strip() and (number is None or not question.minimum <= number <= question.maximum):
            return f"{_quoted(self.typed)} is not a whole number from {question.minimum:,} to {question.maximum:,}."
        return ""


def _quoted(typed: str) -> str:
    """The typed text, quoted for a sentence about it."""
    return f"“{fit(typed, 24)}”"


class TextAnswer(Entry):
    """Words of any length, in a box that grows with them."""

    def __init__(self, question: Question, host: Host, column: int) -> None:
        super().__init__(question, host, column)
        self.area = WordsArea(host)
        self._silent = ""

    def compose(self) -> ComposeResult:
        yield self._heading
        yield self.area
        yield self._notes

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

    def mark(self, places: list[tuple[int, int]]) -> None:
        self.area.mark(places)

    def mask(self) -> None:
        # Ctrl+Z undoes it.
        self.area.replace(masked(self.typed), (0, 0), self.area.document.end, maintain_selection_offset=False)
        self.area.move_cursor(self.area.document.end)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.point_out()
        if self.typed != self._silent:
            self.value_changed()
        self._silent = "\x00"
