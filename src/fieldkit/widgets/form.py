"""The one form: any number of questions in steps, answered from the keyboard, with nothing lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from fieldkit.widgets.answers import LONGEST_BESIDE, Answer
from fieldkit.widgets.choosing import MOST_NUMBERED, ChoiceAnswer, ManyAnswer, ScaleAnswer
from fieldkit.widgets.entries import DateAnswer, LineAnswer, NumberAnswer, TextAnswer, TimeAnswer
from fieldkit.widgets.picking import PickAnswer, PickManyAnswer
from fieldkit.widgets.plain import cells, plain
from fieldkit.widgets.plan import FormPlan, Question, Value, Values, is_asked, is_empty
from fieldkit.widgets.styles import stylesheet

Check = Callable[[str, Value], str | None]

#: A change is told at most this much later, in seconds, so that a draft is safe within a second.
TELL_AFTER = 0.4

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
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
}


def _widget_for(question: Question) -> type[Answer]:
    if question.shape in {"choice", "many"} and (question.open or len(question.options) > MOST_NUMBERED):
        return PickManyAnswer if question.shape == "many" else PickAnswer
    return _WIDGETS[question.shape]


def _is_short(question: Question) -> bool:
    """Whether its answer may stand beside its title, so that the title counts for where answers start."""
    return question.shape != "text" and not 4 < len(question.options) <= MOST_NUMBERED


class Form(VerticalScroll, can_focus=False, inherit_bindings=False):
    """Asks the questions of a `FormPlan`, one step at a time.

    `check(name, value)` is called when a question is left; the sentence that it returns stands under the question.
    It never stops anybody from going on: only saving does, and then the form goes to the first question concerned.
    """

    DEFAULT_CSS = stylesheet("form")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", "next"),
        Binding("enter", "finish", "save"),
        Binding("shift+tab", "go_back", "back"),
        Binding("f1", "help", "help"),
        Binding("escape", "leave", "keep as draft"),
        Binding("f2,ctrl+s", "finish", "save"),
        Binding("ctrl+g", "jump", "go to"),
        Binding("ctrl+pagedown,pagedown", "step(1)", "next step", show=False),
        Binding("ctrl+pageup,pageup", "step(-1)", "previous step", show=False),
    ]

    @dataclass
    class Changed(Message):
        """An answer or the step is another. `values` holds every answer, `step` counts from 0."""

        form: Form
        values: Values
        step: int

    @dataclass
    class StepShown(Message):
        """Step `step` (from 0) of `steps` is in view."""

        form: Form
        step: int
        steps: int
        title: str

    @dataclass
    class Submitted(Message):
        """Every question was passed, or save was pressed, and the form itself finds nothing wrong."""

        form: Form
        values: Values

    @dataclass
    class Left(Message):
        """The form was left with Esc; `values` are to be kept as a draft."""

        form: Form
        values: Values

    @dataclass
    class HelpWanted(Message):
        """F1 was pressed on a question."""

        form: Form
        question: Question

    @dataclass
    class CreateWanted(Message):
        """A record is to be made for the link `name` from what was typed; hand it back with `set_answer`."""

        form: Form
        name: str
        text: str

    def __init__(self, plan: FormPlan, *, check: Check | None = None, step: int = 0, id: str | None = None) -> None:
        """A form for `plan`, opened at `step` (from 0)."""
        super().__init__(id=id)
        self.plan = plan
        self._check = check
        self._at = max(0, min(step, len(plan.steps) - 1))
        self._steps: list[Vertical] = []
        self._answers: list[list[Answer]] = []
        self._by_name: dict[str, Answer] = {}
        self._focused: Answer | None = None
        self._shown = False
        self._timer: Timer | None = None
        self._jumping = False

    def compose(self) -> ComposeResult:
        for number, step in enumerate(self.plan.steps):
            titles = [cells(question.title) + 2 * question.required for question in step.fields if _is_short(question)]
            column = max((title for title in titles if title <= LONGEST_BESIDE), default=0) + 4
            answers = [_widget_for(question)(question, self, column) for question in step.fields]
            for answer, question in zip(answers, step.fields, strict=True):
                answer.set_class(self._is_tight(answer, step.fields), "-tight")
                self._by_name[question.name] = answer
            self._answers.append(answers)
            intro = [Static(plain(step.intro), classes="intro")] if step.intro else []
            page = Vertical(*intro, *answers, classes="step -shown" if number == self._at else "step")
            self._steps.append(page)
            yield page

    @staticmethod
    def _is_tight(answer: Answer, questions: Sequence[Question]) -> bool:
        """Pages with many short questions stand close, so that they fit on a small screen."""
        return len(questions) > 6 and not isinstance(answer, TextAnswer)

    def on_mount(self) -> None:
        for name, value in self.plan.values.items():
            if name in self._by_name:
                self._by_name[name].set_value(value)
        self._show_asked()
        self.call_after_refresh(self.show_step, self._at)

    # What callers use.

    @property
    def step(self) -> int:
        """The step in view, from 0."""
        return self._at

    @property
    def where(self) -> str:
        """`step 2 of 5`, "" for a form of one step."""
        return f"step {self._at + 1} of {len(self.plan.steps)}" if len(self.plan.steps) > 1 else ""

    @property
    def values(self) -> Values:
        """Every answer as it stands, together with the plan's values for what this form does not ask."""
        return {**self.plan.values, **{name: answer.value for name, answer in self._by_name.items()}}

    @property
    def question(self) -> Question | None:
        """The question being answered."""
        return self._focused.question if self._focused else None

    def set_answer(self, name: str, value: Value, label: str = "") -> None:
        """Answer a question from outside, such as a link to a record just made, called `label`. KeyError: no such name."""
        answer = self._by_name[name]
        if label and isinstance(answer, PickAnswer) and isinstance(value, str):
            answer.name_option(value, label)
        answer.set_value(value)
        self.changed(answer)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Put each sentence under its question, take the others away, and go to the first question concerned."""
        first: Answer | None = None
        for name, answer in self._by_name.items():
            self._set_problem(answer, problems.get(name, ""))
            if first is None and answer.problem:
                first = answer
        if first is not None:
            self._focus(first)

    def show_warnings(self, warnings: Mapping[str, Sequence[str]]) -> None:
        """Put sentences under questions without stopping anything; questions not named lose theirs."""
        for name, answer in self._by_name.items():
            told = tuple(warnings.get(name, ()))
            if told != answer.warnings:
                answer.warnings = told
                answer.show_notes()

    def show_step(self, step: int, *, last: bool = False) -> None:
        """Show a step (from 0) and go to its first question, or its last."""
        asked = self._asked(step)
        if asked:
            self._focus(asked[-1 if last else 0])
        else:
            self._turn_to(step)

    # Going through the questions. All of it happens at once, so that keys typed ahead find the right question.

    def _asked(self, step: int) -> list[Answer]:
        return [answer for answer in self._answers[step] if answer.display]

    def _turn_to(self, step: int) -> None:
        self._at, self._shown = step, True
        for number, page in enumerate(self._steps):
            page.set_class(number == step, "-shown")
        self.scroll_to(y=0, animate=False, immediate=True)
        self.post_message(self.StepShown(self, step, len(self.plan.steps), self.plan.steps[step].title))

    def _focus(self, answer: Answer) -> None:
        step = next(number for number, answers in enumerate(self._answers) if answer in answers)
        turned = step != self._at or not self._shown
        self._leave()
        if turned:
            self._turn_to(step)
        self._focused = answer
        answer.entered()
        self.screen.set_focus(answer.target, scroll_visible=False)
        self.call_after_refresh(self._into_view, answer)
        if turned:
            self._tell_soon()

    def keep_in_view(self, answer: Answer) -> None:
        """Scroll to `answer` if it grew while it is being answered."""
        if answer is self._focused:
            self.call_after_refresh(self._into_view, answer)

    def _into_view(self, answer: Answer) -> None:
        if answer is self._focused and answer.is_attached:
            self.scroll_to_widget(answer, animate=False, immediate=True)

    def _leave(self) -> None:
        answer = self._focused
        if answer is None:
            return
        answer.left()
        self._set_problem(answer, self._problem_of(answer))

    def _problem_of(self, answer: Answer) -> str:
        if own := answer.own_problem():
            return own
        if self._check is None or is_empty(answer.value):
            return ""
        return self._check(answer.question.name, answer.value) or ""

    @staticmethod
    def _set_problem(answer: Answer, problem: str) -> None:
        if answer.problem != problem:
            answer.problem = problem
            answer.show_notes()

    def _show_asked(self) -> None:
        values = self.values
        for answer in self._by_name.values():
            answer.display = is_asked(answer.question, values)

    def go(self, by: int) -> None:
        """Go to the next (1) or previous (-1) question; after the last one the form is finished."""
        asked = self._asked(self._at)
        place = asked.index(self._focused) + by if self._focused in asked else 0
        if 0 <= place < len(asked):
            self._focus(asked[place])
        elif by < 0 and self._at > 0:
            self.show_step(self._at - 1, last=True)
        elif by > 0 and self._at + 1 < len(self.plan.steps):
            self.show_step(self._at + 1)
        elif by > 0:
            self.action_finish()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A click can move the focus too."""
        for answer in self._asked(self._at):
            if answer.target is event.widget and answer is not self._focused:
                self._leave()
                self._focused = answer
                answer.entered()

    # What answers tell.

    def changed(self, answer: Answer) -> None:
        """The value of `answer` is another."""
        if answer.problem and not answer.own_problem():
            self._set_problem(answer, "")
        if any(other.question.only_if for other in self._by_name.values()):
            self._show_asked()
        self._tell_soon()

    def create(self, name: str, text: str) -> None:
        """A new record is wanted for the link `name`."""
        self.post_message(self.CreateWanted(self, name, text))

    def _tell_soon(self) -> None:
        if self._timer is None:
            self._timer = self.set_timer(TELL_AFTER, self._tell)

    def _tell(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.post_message(self.Changed(self, self.values, self._at))

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "go_on":
            return not self._on_last
        if action == "go_back":
            return not (self._at == 0 and self._focused in self._asked(0)[:1]) if self._answers else True
        return True

    @property
    def _on_last(self) -> bool:
        if not self._answers or self._at + 1 < len(self.plan.steps):
            return False
        asked = self._asked(self._at)
        return not asked or self._focused is asked[-1]

    def action_go_on(self) -> None:
        self.go(1)

    def action_go_back(self) -> None:
        self.go(-1)

    def action_step(self, by: int) -> None:
        if 0 <= self._at + by < len(self.plan.steps):
            self.show_step(self._at + by)

    def action_help(self) -> None:
        if self._focused is not None:
            self.post_message(self.HelpWanted(self, self._focused.question))

    def action_leave(self) -> None:
        if self._jumping:
            self._end_jump()
            return
        self._stop_timer()
        self.post_message(self.Left(self, self.values))

    def action_finish(self) -> None:
        self._leave()
        problems: dict[str, str] = {}
        for name, answer in self._by_name.items():
            if not answer.display:
                continue
            if answer.question.required and is_empty(answer.value):
                problems[name] = "An answer is needed here."
            elif problem := self._problem_of(answer):
                problems[name] = problem
        if problems:
            self.show_problems(problems)
            return
        self._stop_timer()
        # A question that no longer applies must not be kept, even if it was answered before.
        unasked = {name for name, answer in self._by_name.items() if not answer.display}
        values = {name: None if name in unasked else value for name, value in self.values.items()}
        self.post_message(self.Submitted(self, values))

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def action_jump(self) -> None:
        """Give each question of the step a letter and go to the one whose letter is typed next."""
        self._jumping = True
        for letter, answer in zip(_LETTERS, self._asked(self._at), strict=False):
            answer.letter = letter
            answer.show_notes()

    def _end_jump(self) -> None:
        self._jumping = False
        for answer in self._answers[self._at]:
            answer.letter = ""
            answer.show_notes()

    def take_key(self, event: events.Key) -> bool:
        """Use the letter typed after `action_jump`; any other key ends the waiting and does nothing else."""
        if not self._jumping:
            return False
        wanted = next((answer for answer in self._asked(self._at) if answer.letter == event.key), None)
        self._end_jump()
        if wanted is not None:
            self._focus(wanted)
        return True


__all__ = ["Check", "Form"]
