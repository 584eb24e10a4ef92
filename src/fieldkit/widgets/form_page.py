"""The pages of a form: which widget answers which question, and how closely they stand."""

from __future__ import annotations

from dataclasses import dataclass

from textual.containers import Vertical
from textual.widgets import Static

from fieldkit.presentation.model.form_plan import Question, Step
from fieldkit.widgets.answers import LONGEST_BESIDE, Answer, Host
from fieldkit.widgets.choosing import MOST_NUMBERED, ChoiceAnswer, ManyAnswer, ScaleAnswer
from fieldkit.widgets.entries import DateAnswer, LineAnswer, NumberAnswer, TextAnswer, TimeAnswer
from fieldkit.widgets.picking import PickAnswer, PickManyAnswer
from fieldkit.widgets.plain import cells, plain

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


@dataclass
class Page:
    """One step's widgets: the page as a whole and its answers in order."""

    view: Vertical
    answers: list[Answer]

    @property
    def asked(self) -> list[Answer]:
        """The answers of the questions that are asked now."""
        return [answer for answer in self.answers if answer.display]


def make_page(step: Step, host: Host) -> Page:
    """The widgets for `step`, not mounted yet."""
    titles = [
        cells(question.title) + 2 * question.required + (cells(question.note) + 2) * bool(question.note)
        for question in step.fields
        if _stands_beside(question)
    ]
    column = max((title for title in titles if title <= LONGEST_BESIDE), default=0) + 4
    answers = [_widget_for(question)(question, host, column) for question in step.fields]
    for answer in answers:
        answer.set_class(len(answers) > _MANY and not isinstance(answer, TextAnswer), "-tight")
    intro = [Static(plain(step.intro), classes="intro")] if step.intro else []
    return Page(Vertical(*intro, *answers, classes="step"), answers)


def _widget_for(question: Question) -> type[Answer]:
    if question.shape in {"choice", "many"} and (question.open or len(question.options) > MOST_NUMBERED):
        return PickManyAnswer if question.shape == "many" else PickAnswer
    return _WIDGETS[question.shape]


def _stands_beside(question: Question) -> bool:
    """Whether its answer may stand beside its title, so that the title counts for where answers start."""
    return question.shape != "text" and not 4 < len(question.options) <= MOST_NUMBERED
