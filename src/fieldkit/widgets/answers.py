"""What all answers of a form share: heading, sentences, value."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile
from typing import ClassVar, Protocol

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from fieldkit.presentation.model.form_plan import BETWEEN_ANSWERS, Question, Value
from fieldkit.widgets.keys_in_order import KeyHost, KeysInOrder
from fieldkit.widgets.plain import fit, pad, wrapped
from fieldkit.widgets.real_cursor import place_cursor

#: Questions and their answers are indented this far; the sign of the focused one comes before.
INDENT = 2
#: A title longer than this is on a line of its own, above its answers.
LONGEST_BESIDE = 38


class Host(KeyHost, Protocol):
    """The form, as its answers see it."""

    def changed(self, answer: Answer) -> None:
        """The value of `answer` has changed."""
        ...

    def report_later(self) -> None:
        """Something was typed that is not an answer yet, and must be kept."""
        ...

    def keep_in_view(self, answer: Answer) -> None:
        """The size of `answer` has changed; scroll if it is being answered."""
        ...

    def create(self, name: str, text: str) -> None:
        """A new record is wanted for the link `name`."""
        ...

    def search_instead(self, answer: Answer) -> None:
        """Answer the question of `answer` by typing from now on, like a long list."""
        ...

    @property
    def rows(self) -> int:
        """The rows of the window available to a page."""
        ...

    def spare_rows(self, answer: Answer) -> int:
        """The rows of the page left over while `answer` is being answered; may be negative."""
        ...


class Answer(Widget):
    """One question with its answer. Subclasses hold the value; the form reads `value` and calls `set_value`."""

    def __init__(self, question: Question, host: Host, column: int) -> None:
        """`column` is where answers beside their titles start, in cells."""
        super().__init__(classes="answer")
        self.question = question
        self.host = host
        self.column = column
        self.problem = ""
        self.warnings: tuple[str, ...] = ()
        self.letter = ""
        self.slip = ""
        """The sentence about keys that answer nothing here, "" if there were none."""
        self.folded = False
        """Whether only the given answer is drawn, while another question is being answered."""
        self._asked_also = ""
        self._answers_also: Mapping[str, str] = {}
        self._from_right = self._asks_always = False
        self.hides_other_language = False
        """Whether there is no room for the question in another language, except while it is being answered."""
        self.decline_key = "0"
        """The key of "prefer not to say" for this question alone."""

    @property
    def value(self) -> Value:
        """The answer in its canonical form; None for "not asked"."""
        raise NotImplementedError

    def set_value(self, value: Value) -> None:
        """Show `value`. Nothing is posted."""
        raise NotImplementedError

    @property
    def shown(self) -> str:
        """The answer in words, on one line; "" for none."""
        return ""

    @property
    def typing(self) -> bool:
        """Whether letters or digits typed here are not an answer yet, or can be edited."""
        return False

    @property
    def target(self) -> Widget:
        """The widget that takes the keys."""
        return self

    def entered(self) -> None:
        """The question was reached."""

    def left(self) -> None:
        """The question was left."""

    def own_problem(self) -> str:
        """What is wrong with what was typed, as a sentence; "" if it can be read."""
        return ""

    def show_notes(self) -> None:
        """Draw the problem, warnings and letter again."""
        self.refresh(layout=True)

    @property
    def is_focused(self) -> bool:
        """Whether this is the question being answered."""
        return self.target.has_focus

    @property
    def beside(self) -> bool:
        """Whether the answer is on the title's line."""
        return cell_len(self._title()) + INDENT + 2 <= self.column

    def _title(self) -> str:
        note = f"  {self.question.note}" if self.question.note else ""
        return self.question.title + (" *" if self.question.required else "") + note

    def heading(self, width: int) -> list[Content]:
        """The title in lines of at most `width` cells, with the sign of the focus or the letter to jump by."""
        sign = "▸ " if self.is_focused else "  "
        style = "bold $accent" if self.is_focused else "bold"
        if self.letter:
            return [
                Content.assemble((f"{self.letter} ", "bold reverse"), (fit(self._title(), width - 2), style))
            ]
        lines = wrapped(self._title(), max(8, width - INDENT))
        note = self.question.note
        titled = []
        for number, line in enumerate(lines):
            beside = note if number == len(lines) - 1 and note and line.endswith(note) else ""
            titled.append(
                Content.assemble(
                    (sign if number == 0 else "  ", "bold $accent"),
                    (line.removesuffix(beside), style),
                    (beside, "$text-muted"),
                )
            )
        return titled

    def ask_also(self, asked: str, answers: Mapping[str, str], *, from_right: bool, always: bool) -> None:
        """Also ask the question in another language, below its title; "" for none.

        `answers` are its answers in that language, by code. `from_right`: the language is written from right to left.
        `always`: even while another question is being answered.
        """
        self._asked_also, self._from_right, self._asks_always = asked, from_right, always
        self._answers_also = answers
        self.show_notes()

    def translated_answer(self, code: str) -> str:
        """An answer in the other language, as the terminal must draw it; "" if there is none, or while another question is
        answered.
        """
        if not self.is_focused or code not in self._answers_also:
            return ""
        from fieldkit.presentation.languages.terminal_text import terminal_line  # after the first frame

        return terminal_line(self._answers_also[code])

    def also(self, width: int) -> list[Content]:
        """The question in another language, in lines; empty while it is not shown."""
        beside = self._asks_always and not self.folded and not self.hides_other_language
        if not self._asked_also or not (self.is_focused or beside):
            return []
        from fieldkit.presentation.languages.terminal_text import terminal_line  # after the first frame

        # Right-to-left text ends where the notice does.
        room = max(8, width - INDENT - (2 if self._from_right else 0))
        question, *answers = self._asked_also.split(BETWEEN_ANSWERS)
        rows = wrapped(question, room)
        for answer in answers:  # keep a digit beside its answer
            if cell_len(rows[-1] + BETWEEN_ANSWERS + answer) <= room:
                rows[-1] += BETWEEN_ANSWERS + answer
            else:
                rows += wrapped(answer, room)
        lines = [terminal_line(row) for row in rows]
        if self._from_right:
            lines = [pad(line, room, "right") for line in lines]
        return [Content.assemble(" " * INDENT, (line, "$accent")) for line in lines]

    def notes(self, width: int) -> list[Content]:
        """The problem and the warnings, in lines below the answer."""
        lines: list[Content] = []
        sentences = [("×", "bold $error", self.problem)] if self.problem else []
        sentences += [("!", "bold $warning", warning) for warning in (self.slip, *self.warnings) if warning]
        for sign, style, sentence in sentences:
            for number, line in enumerate(wrapped(sentence, max(8, width - 4))):
                lines.append(
                    Content.assemble("  ", (sign if number == 0 else " ", style), " ", (line, style))
                )
        return lines


def _cursor_in(rows: list[Content]) -> tuple[int, int]:
    """The column and row of the option pointed at, otherwise of the given answer, otherwise of the question.

    A problem is drawn below the answer, and may contain the sign itself.
    """
    answered = list(takewhile(lambda row: not row.plain.lstrip().startswith("× "), rows))
    for sign in ("▸", "✓"):
        for number, row in enumerate(answered):
            place = row.plain.rfind(sign)
            if place > 0 or (place == 0 and number > 0):
                return cell_len(row.plain[:place]), number
    return 0, 0


class Drawn(KeysInOrder, Answer, can_focus=True):
    """An answer that draws itself in lines: heading, options, notes."""

    host: Host

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "go(-1)", "previous", show=False),
        Binding("down", "go(1)", "next", show=False),
    ]

    def lines(self, width: int) -> list[Content]:
        """What to draw, each line at most `width` cells."""
        raise NotImplementedError

    def action_go(self, by: int) -> None:
        self.host.go(by)

    def render(self) -> Content:
        rows = self.lines(self.size.width)
        if self.is_focused:
            place_cursor(self, *_cursor_in(rows))
        return Content("\n").join(rows)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.lines(width))

    def value_changed(self) -> None:
        """Draw the new value and tell the form."""
        self.refresh(layout=True)
        self.refresh_bindings()
        self.host.changed(self)

    def on_focus(self) -> None:
        self.refresh(layout=True)

    def on_resize(self) -> None:
        self.host.keep_in_view(self)

    def on_blur(self) -> None:
        self.refresh(layout=True)

    def summary(self, width: int) -> list[Content]:
        """The given answer, on one line."""
        room = width - (self.column if self.beside else 4) - 2
        if not self.shown:
            return [Content.styled("—", "$text-muted")]
        return [Content.styled(f"✓ {fit(self.shown, room)}", "bold $accent")]

    def joined(self, width: int, answers: list[Content], *, below: bool = False) -> list[Content]:
        """The heading, the lines of answers (the first beside the title if there is room) and the notes.

        `below`: the answers are below the title in any case.
        """
        beside = self.beside and not below
        head = self.heading(self.column - 2 if beside else width)
        if beside and answers and self.column + answers[0].cell_length <= width:
            space = " " * max(0, self.column - head[0].cell_length)
            rest = [Content.assemble(" " * self.column, line) for line in answers[1:]]
            if all(line.cell_length <= width for line in rest):
                first = Content.assemble(head[0], space, answers[0])
                return [first, *rest, *self.also(width), *self.notes(width)]
        answered = (Content.assemble("    ", line) for line in answers)
        return [*head, *self.also(width), *answered, *self.notes(width)]
