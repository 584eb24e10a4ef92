"""The pages of a form: which widget answers which question, and how closely they stand."""

from __future__ import annotations

from dataclasses import dataclass

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from fieldkit.presentation.languages.terminal_text import terminal_line
from fieldkit.presentation.model.form_plan import Question, Step, Values, is_asked
from fieldkit.widgets.answers import LONGEST_BESIDE, Answer, Drawn, Host, TextLines
from fieldkit.widgets.entries import DateAnswer, LineAnswer, NumberAnswer, TextAnswer, TimeAnswer
from fieldkit.widgets.key_hints import key_of_binding
from fieldkit.widgets.keyed.keyed_answers import MOST_NUMBERED, ChoiceAnswer, ManyAnswer
from fieldkit.widgets.keyed.rating_scale import ScaleAnswer
from fieldkit.widgets.plain import cells, pad, plain, wrapped
from fieldkit.widgets.searched_answers import PickAnswer, PickManyAnswer

_WIDGETS: dict[str, type[Answer]] = {
    "line": LineAnswer,
    "text": TextAnswer,
    "choice": ChoiceAnswer,
    "many": ManyAnswer,
    "date": DateAnswer,
    "time": TimeAnswer,
    "number": NumberAnswer,
    "scale": ScaleAnswer,
    "link": PickAnswer,
    "links": PickManyAnswer,
}
#: Pages with more questions than this stand close, so that they fit on a small screen.
_MANY = 6
#: Rows of an answer that is typed: its title and its box, or both on one row.
_BOX_ROWS, _LINE_ROWS = 6, 1
DECLINE_ONE, DECLINE_REST = "-", "0"
"""On a page of which everything left can be declined at once: the key for one question, and for all that are left."""


@dataclass
class Page:
    """One step's widgets: the page as a whole and its answers in order."""

    step: Step
    view: Vertical
    answers: list[Answer]
    head: NoticeText | None = None
    foot: MoreLine | None = None
    more: bool = False
    """Whether the questions that are asked on request were asked for."""

    @property
    def asked(self) -> list[Answer]:
        """The answers of the questions that are asked now."""
        return [answer for answer in self.answers if answer.display]

    def show_asked(self, values: Values) -> None:
        """Show the questions that these answers leave to be asked."""
        for answer in self.answers:
            question = answer.question
            answer.display = (self.more or not question.on_request) and is_asked(question, values)

    def fold(self, width: int, height: int) -> None:
        """Draw only the answers given, save for the question being answered, where the page is too long for the screen; where
        it is much shorter, the sentences of its notice apart.
        """
        drawn = [answer for answer in self.asked if isinstance(answer, Drawn)]
        before = [answer.folded for answer in drawn]
        for answer in drawn:
            answer.folded = False
        rows = self._height(width)
        if self.head is not None:
            rows -= self.head.gaps * self.head.is_spread
            self.head.spread(not self.more and rows + self.head.gaps <= height)
        folded = rows > height
        for answer, was in zip(drawn, before, strict=True):
            answer.folded = folded
            if folded != was:
                answer.refresh(layout=True)

    def _height(self, width: int) -> int:
        rows = sum(len(part.lines_at(width)) for part in (self.head, self.foot) if part is not None)
        rows += len(wrapped(self.step.intro, max(8, width - 5))) + 1 if self.step.intro else 0
        for answer in self.asked:
            rows += not answer.has_class("-tight")
            if isinstance(answer, Drawn):
                rows += len(answer.lines(width))
            else:
                rows += _BOX_ROWS if isinstance(answer, TextAnswer) else _LINE_ROWS
        return rows


class NoticeText(TextLines):
    """The notice in the language that was chosen, with the key for another."""

    def __init__(self, step: Step) -> None:
        super().__init__(self.lines_at, classes="notice")
        self._step = step
        self.is_spread = False
        """Whether its sentences stand apart."""
        self.chosen = 0

    @property
    def version(self) -> str:
        """The version of the notice in view."""
        return self._step.notices[self.chosen].version

    @property
    def gaps(self) -> int:
        """Rows that it takes more where its sentences stand apart."""
        return sum(map(bool, self._step.notices[self.chosen].lines))

    def spread(self, is_spread: bool) -> None:
        """Draw an empty row before each sentence, which is easier to read out, or none."""
        if self.is_spread != is_spread:
            self.is_spread = is_spread
            self.refresh(layout=True)

    def next_language(self) -> None:
        """Show the notice in the next language."""
        self.chosen = (self.chosen + 1) % len(self._step.notices)
        self.refresh(layout=True)

    def lines_at(self, width: int) -> list[Content]:
        """What is drawn in `width` cells."""
        notice = self._step.notices[self.chosen]
        room = max(8, width - 5)
        others = len(self._step.notices) - 1
        key: list[str | tuple[str, str]] = [
            "   ",
            (key_of_binding(self.app, "form.language", "f5"), "bold $accent"),
            (" another language", "$text-muted"),
        ]
        lines = [
            Content.assemble(
                "   ",
                ("Read this out.", "bold"),
                f"  {terminal_line(notice.language)}",
                *(key if others else []),
            )
        ]
        for sentence in (notice.draft, *notice.lines):
            style = "$warning" if sentence == notice.draft else ""
            shown = [terminal_line(line) for line in wrapped(sentence, room) if sentence]
            if notice.right_to_left and sentence != notice.draft:
                shown = [pad(line, room, "right") for line in shown]
            if self.is_spread and shown and sentence != notice.draft:
                lines.append(Content(""))
            lines += [Content.assemble("   ", (line, style)) for line in shown]
        return [*lines, Content("")]


class MoreLine(TextLines):
    """What else can be asked on this page, and what it holds already, while it is not in view."""

    def __init__(self, answers: list[Answer]) -> None:
        super().__init__(self.lines_at, classes="more")
        self._answers = answers

    def lines_at(self, width: int) -> list[Content]:
        """What is drawn in `width` cells."""
        parts = [
            f"{answer.question.title}: {answer.shown}" if answer.shown else answer.question.title
            for answer in self._answers
        ]
        head = f"   {key_of_binding(self.app, 'form.more', 'f3')} more  "
        lines = wrapped(" · ".join(parts), max(8, width - len(head)))
        return [
            Content.assemble(
                (head if number == 0 else " " * len(head), "bold $accent"), (line, "$text-muted")
            )
            for number, line in enumerate(lines)
        ]


def make_page(step: Step, host: Host) -> Page:
    """The widgets for `step`, not mounted yet."""
    titles = [
        cells(question.title) + 2 * question.required + (cells(question.note) + 2) * bool(question.note)
        for question in step.fields
        if _stands_beside(question)
    ]
    column = max((title for title in titles if title <= LONGEST_BESIDE), default=0) + 4
    answers = [_widget_for(question)(question, host, column) for question in step.fields]
    asked = [answer for answer in answers if not answer.question.on_request]
    for answer in answers:
        answer.set_class(len(asked) > _MANY and not isinstance(answer, TextAnswer), "-tight")
        if step.decline_rest:
            answer.decline_key = DECLINE_ONE
    head = NoticeText(step) if step.notices else None
    requested = [answer for answer in answers if answer.question.on_request]
    foot = MoreLine(requested) if requested else None
    intro = [Static(plain(step.intro), classes="intro")] if step.intro else []
    parts = [*([head] if head else []), *intro, *asked, *([foot] if foot else []), *requested]
    return Page(step, Vertical(*parts, classes="step"), [*asked, *requested], head, foot)


def _widget_for(question: Question) -> type[Answer]:
    if question.shape not in {"choice", "many"}:
        return _WIDGETS[question.shape]
    short = not question.open and len(question.options) <= MOST_NUMBERED
    if question.goes_on:
        # "Prefer not to say" alone has a key in lists that are too long for keys.
        short = short or any(option.key for option in question.options if not option.declined)
    if short:
        return _WIDGETS[question.shape]
    return PickManyAnswer if question.shape == "many" else PickAnswer


def _stands_beside(question: Question) -> bool:
    """Whether its answer may stand beside its title, so that the title counts for where answers start."""
    if question.shape == "text":
        return False
    return question.goes_on or not 4 < len(question.options) <= MOST_NUMBERED
