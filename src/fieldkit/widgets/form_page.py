"""The pages of a form: which widget answers which question, and how tightly they are drawn."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from fieldkit.presentation.languages.terminal_text import terminal_line
from fieldkit.presentation.model.form_plan import Notice, Question, Step, Values, is_asked, notice_at
from fieldkit.text import titled
from fieldkit.widgets.answers import LONGEST_BESIDE, Answer, Drawn, Host
from fieldkit.widgets.entries import DateAnswer, LineAnswer, NumberAnswer, TextAnswer, TimeAnswer
from fieldkit.widgets.inputs import TextLines
from fieldkit.widgets.key_hints import key_of_binding
from fieldkit.widgets.keyed.keyed_answers import MOST_NUMBERED, ChoiceAnswer, ManyAnswer
from fieldkit.widgets.keyed.rating_scale import ScaleAnswer
from fieldkit.widgets.plain import first_lines, fit_parts, pad, plain, wrapped
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
#: Pages with more questions than this are drawn tightly, to fit on a small screen.
_MANY = 6
#: How tightly a page with a notice may be drawn, the mildest first.
_CLOSENESS = (1, 2, 3)
_CLOSEST = 4
_ENOUGH = 99
"""Rows for all that can be asked besides."""
#: Rows of a typed answer: its title and its box, or both on one row.
_BOX_ROWS, _LINE_ROWS = 6, 1
DECLINE_ONE, DECLINE_REST = "-", "0"
"""On a page whose rest can be declined at once: the key for one question, and the key for all that are left."""


@dataclass
class Page:
    """One step's widgets: the page as a whole and its answers in order."""

    step: Step
    view: Vertical
    answers: list[Answer]
    head: NoticeText | None = None
    intro: Static | None = None
    foot: MoreLine | None = None
    is_close: bool = False
    """Whether its questions have no rows between them, however much room there is."""
    more: bool = False
    """Whether the questions on request are shown."""

    @property
    def asked(self) -> list[Answer]:
        """The answers to the questions asked now."""
        return [answer for answer in self.answers if answer.display]

    def show_asked(self, values: Values) -> None:
        """Show the questions that remain to be asked, given these answers."""
        for answer in self.answers:
            question = answer.question
            answer.display = (self.more or not question.on_request) and is_asked(question, values)

    def fold(self, width: int, height: int) -> None:
        """If the page is too long for the screen, draw only the given answers, except for the question being answered.

        If it is much shorter, separate the sentences of its notice.
        """
        drawn = [answer for answer in self.asked if isinstance(answer, Drawn)]
        before = [(answer.folded, answer.hides_other_language) for answer in drawn]
        self._set_folded(False)
        self.draw_closely(0)
        rows = self._height(width)
        if self.head is not None:
            if self.head.is_joined:
                self.head.join(False)
                rows = self._height(width)
            rows -= self.head.gaps * self.head.is_spread
            self.head.spread(not self.more and rows + self.head.gaps <= height)
            for closeness in _CLOSENESS:
                if rows > height:
                    self.draw_closely(closeness)
                    rows = self._height(width)
        if self.foot is not None and self.foot.is_short and rows < height:
            self.foot.shorten(1 + height - rows)
        self._set_folded(rows > height)
        if rows > height and self.head is not None and self._height(width) > height:
            self._set_folded(False)
            self.draw_closely(_CLOSEST)
            self._set_folded(self._height(width) > height)
            if self._height(width) > height:
                self.head.join(True)
                self._set_folded(False)
                self._set_folded(self._height(width) > height)
        for answer, was in zip(drawn, before, strict=True):
            if (answer.folded, answer.hides_other_language) != was:
                answer.refresh(layout=True)

    def _set_folded(self, folded: bool) -> None:
        for answer in self.asked:
            if isinstance(answer, Drawn):
                answer.folded = folded

    def draw_closely(self, closeness: int) -> None:
        """Leave out the least needed things if a notice leaves little room; a higher `closeness` leaves out more.

        These are: rows around the sentences below the notice, rows between questions, the questions in its language.
        """
        for answer in self.answers:
            is_tight = (self.is_close or closeness > 1) and not isinstance(answer, TextAnswer)
            answer.set_class(is_tight, "-tight")
            answer.hides_other_language = closeness == _CLOSEST
        if self.head is None:
            return
        self.head.end_closely(closeness > 2)
        if self.intro is not None:
            self.intro.set_class(closeness > 0, "-tight")
        if self.foot is not None:
            self.foot.shorten(1 if closeness else 0)

    def _height(self, width: int) -> int:
        rows = sum(len(part.lines_at(width)) for part in (self.head, self.foot) if part is not None)
        if self.intro is not None:
            rows += len(wrapped(self.step.intro, max(8, width - 5))) + (not self.intro.has_class("-tight"))
        for answer in self.asked:
            rows += not answer.has_class("-tight")
            if isinstance(answer, Drawn):
                rows += len(answer.lines(width))
            else:
                rows += _BOX_ROWS if isinstance(answer, TextAnswer) else _LINE_ROWS
        return rows


class NoticeText(TextLines):
    """The notice in the chosen language, with the key for another language."""

    def __init__(self, step: Step, chosen: int) -> None:
        super().__init__(self.lines_at, classes="notice")
        self._step = step
        self.is_spread = False
        """Whether its sentences are separated."""
        self._ends_closely = False
        self.is_joined = False
        """Whether its sentences follow each other on one line."""
        self.chosen = chosen

    @property
    def notice(self) -> Notice:
        """The notice in view."""
        return self._step.notices[self.chosen]

    @property
    def gaps(self) -> int:
        """The additional rows that it takes if its sentences are separated."""
        return sum(map(bool, self.notice.lines))

    def spread(self, is_spread: bool) -> None:
        """Draw an empty row before each sentence, which is easier to read out, or no such rows."""
        if self.is_spread != is_spread:
            self.is_spread = is_spread
            self.refresh(layout=True)

    def join(self, is_joined: bool) -> None:
        """Begin each sentence on a line of its own, or none but the first."""
        if self.is_joined != is_joined:
            self.is_joined = is_joined
            self.refresh(layout=True)

    def end_closely(self, closely: bool) -> None:
        """Leave no row below the notice, or one."""
        if self._ends_closely != closely:
            self._ends_closely = closely
            self.refresh(layout=True)

    def choose(self, place: int) -> None:
        """Show the notice at this place."""
        self.chosen = place
        self.refresh(layout=True)

    def lines_at(self, width: int) -> list[Content]:
        """What is drawn in `width` cells."""
        notice = self.notice
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
        sentences = [" ".join(notice.lines)] if self.is_joined else notice.lines
        for sentence in (notice.draft, *sentences):
            style = "$warning" if sentence == notice.draft else ""
            shown = [terminal_line(line) for line in wrapped(sentence, room) if sentence]
            if notice.right_to_left and sentence != notice.draft:
                shown = [pad(line, room, "right") for line in shown]
            if self.is_spread and shown and sentence != notice.draft:
                lines.append(Content(""))
            lines += [Content.assemble("   ", (line, style)) for line in shown]
        return lines if self._ends_closely else [*lines, Content("")]


class MoreLine(TextLines):
    """What else can be asked on this page, with the answers already given, while those questions are hidden."""

    def __init__(self, answers: list[Answer]) -> None:
        super().__init__(self.lines_at, classes="more")
        self._answers = answers
        self._most = 0

    @property
    def is_short(self) -> bool:
        """Whether only one row of it is drawn."""
        return self._most == 1

    def shorten(self, most: int) -> None:
        """Draw at most so many rows of it, all of them for 0."""
        if self._most != most:
            self._most = most
            self.refresh(layout=True)

    def lines_at(self, width: int) -> list[Content]:
        """What is drawn in `width` cells."""
        parts = [
            titled(answer.question.title, answer.shown) if answer.shown else answer.question.title
            for answer in self._answers
        ]
        head = f"   {key_of_binding(self.app, 'form.more', 'f3')} more  "
        room = max(8, width - len(head))
        text = " · ".join(parts)
        lines = [fit_parts(text, room)] if self.is_short else first_lines(text, room, self._most or _ENOUGH)
        return [
            Content.assemble(
                (head if number == 0 else " " * len(head), "bold $accent"), (line, "$text-muted")
            )
            for number, line in enumerate(lines)
        ]


def make_page(step: Step, host: Host, values: Values, letters: Collection[str]) -> Page:
    """The widgets for `step`, not mounted yet; `values` say which notice is shown.

    A question in `letters`, whose typed text has not chosen an answer yet, is answered by typing.
    """
    titles = [
        cell_len(question.title) + 2 * question.required + (cell_len(question.note) + 2) * bool(question.note)
        for question in step.fields
        if _stands_beside(question)
    ]
    column = max((title for title in titles if title <= LONGEST_BESIDE), default=0) + 4
    if max(titles, default=0) > LONGEST_BESIDE and _have_same_answers(step.fields):
        column = 0  # all below their titles, so that the same answers are aligned
    answers = [_widget_for(question, letters)(question, host, column) for question in step.fields]
    asked = [answer for answer in answers if not answer.question.on_request]
    for answer in answers:
        if step.decline_rest:
            answer.decline_key = DECLINE_ONE
            if isinstance(answer, ChoiceAnswer):
                answer.name_keys()
    shown = notice_at(step.notices, values.get(step.notice_name))
    head = NoticeText(step, shown) if step.notices else None
    requested = [answer for answer in answers if answer.question.on_request]
    foot = MoreLine(requested) if requested else None
    # Below a notice, the intro holds what must be known before anything is asked.
    intro = Static(plain(step.intro), classes="intro -first" if head else "intro") if step.intro else None
    parts = [
        *([head] if head else []),
        *([intro] if intro else []),
        *asked,
        *([foot] if foot else []),
        *requested,
    ]
    page = Page(
        step, Vertical(*parts, classes="step"), [*asked, *requested], head, intro, foot, len(asked) > _MANY
    )
    page.draw_closely(0)
    return page


def _widget_for(question: Question, letters: Collection[str]) -> type[Answer]:
    if question.shape not in {"choice", "many"}:
        return _WIDGETS[question.shape]
    if question.name in letters:
        return PickManyAnswer if question.shape == "many" else PickAnswer
    short = not question.open and len(question.options) <= MOST_NUMBERED
    if question.goes_on:
        # In lists that are too long for keys, only "prefer not to say" has one.
        short = short or any(option.key for option in question.options if not option.declined)
    if short:
        return _WIDGETS[question.shape]
    return PickManyAnswer if question.shape == "many" else PickAnswer


def _have_same_answers(questions: Sequence[Question]) -> bool:
    """Whether all are choices with the same answers, such as the state of each action."""
    return len({tuple(option.label for option in question.options) for question in questions}) == 1 and all(
        question.options for question in questions
    )


def _stands_beside(question: Question) -> bool:
    """Whether its answer may be beside its title, so that the title counts for where answers start."""
    if question.shape == "text":
        return False
    return question.goes_on or not 4 < len(question.options) <= MOST_NUMBERED
