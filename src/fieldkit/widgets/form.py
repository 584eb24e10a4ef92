"""The one form: questions in steps, answered from the keyboard, with nothing lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Literal

from textual.binding import Binding, BindingType
from textual.timer import Timer

from fieldkit.presentation.model.form_plan import FormPlan, Option, Value, Values, is_empty
from fieldkit.widgets import form_messages, stylesheet
from fieldkit.widgets.answers import Answer
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.entries import Entry
from fieldkit.widgets.keyed.stall_keys import StallKeys
from fieldkit.widgets.searched_answers import PickAnswer

Check = Callable[[str, Values], str | None]

#: A change is reported at most this many seconds later, so that a draft is safe within a second.
TELL_AFTER = 0.4

Leaving = Literal["nothing", "draft", "asks", "pile"]

#: What Esc does with the typed text, as the bottom line names it.
LEAVING: Mapping[Leaving, str] = {
    "nothing": "leave",
    "draft": "finish later",
    "asks": "ask what to do",
    "pile": "stop here",
}


class Form(StallKeys):
    """Asks the questions of a `FormPlan`, one step at a time.

    `check(name, values)` is called when a question is left, with all answers so far; the sentence that it returns is shown
    under the question. It never stops anybody from going on: only saving does, and then the form goes to the first question
    concerned.
    """

    DEFAULT_CSS = stylesheet("form")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", "next"),
        Binding("enter", "finish", "save"),
        Binding("shift+tab", "go_back", "back"),
        Binding("f1,question_mark", "help", "help", id="everywhere.help"),
        *(Binding("escape", f"leave('{how}')", label, id="form.draft") for how, label in LEAVING.items()),
        Binding("f2,ctrl+s", "finish", "save", id="form.save"),
        Binding("f3", "more", "more", id="form.more"),
        Binding("f4", "mask", "mask", id="form.mask"),
        Binding("f5", "language", "language", id="form.language"),
        Binding("ctrl+g", "jump", "go to", id="form.go-to"),
        Binding("ctrl+pagedown,pagedown", "step(1)", "next step", show=False),
        Binding("ctrl+pageup,pageup", "step(-1)", "previous step", show=False),
    ]

    Changed = form_messages.Changed
    Given = form_messages.Given
    StepShown = form_messages.StepShown
    Submitted = form_messages.Submitted
    StillWrong = form_messages.StillWrong
    Left = form_messages.Left
    HelpWanted = form_messages.HelpWanted
    CreateWanted = form_messages.CreateWanted

    def __init__(
        self,
        plan: FormPlan,
        *,
        check: Check | None = None,
        leaving: Callable[[Values], Leaving] = lambda _: "nothing",
        step: int = 0,
        question: str = "",
        ask_first: str = "Ask the person first. Without a yes here, nothing further is asked.",
        id: str | None = None,
    ) -> None:
        """A form for `plan`, opened at `step` (from 0), at `question` if that is asked.

        `leaving` says what Esc does with these answers; without it there is no draft, and Esc goes back. `ask_first` is shown
        to somebody who goes on without the yes that a page needs.
        """
        super().__init__(plan, step=step, question=question, id=id)
        self._check = check
        self._how_left = leaving
        self._ask_first = ask_first
        self._leaving: Leaving = "nothing"
        self._timer: Timer | None = None

    # What callers use.

    def set_answer(self, name: str, value: Value, label: str = "") -> None:
        """Answer a question from outside, for example with a link to a new record called `label`. KeyError: no such name."""
        self.plan.question(name)

        def give() -> None:
            answer = self._by_name[name]
            if label and isinstance(answer, PickAnswer) and isinstance(value, str):
                answer.name_option(value, label)
            answer.set_value(value)
            self.changed(answer)

        self._when_whole(give)

    def type_into(self, name: str, letters: str) -> None:
        """Go to the link `name` and continue there with `letters`, as if they had just been typed. KeyError: no such name."""
        self.plan.question(name)

        def give() -> None:
            answer = self._by_name[name]
            self._focus(answer)
            if isinstance(answer, PickAnswer):
                answer.type_letters(letters)

        self._when_whole(give)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Show each sentence under its question, remove all others, and go to the first question concerned."""
        self._when_whole(lambda: self._show_problems(problems))

    def _show_problems(self, problems: Mapping[str, str]) -> None:
        # Leave it first: leaving checks the question again, without knowing the problems that others found.
        self._leave()
        for answer in self._in_order():
            self._set_problem(answer, problems.get(answer.question.name, ""))
        first = next(
            (answer for answer in self._in_order() if answer.problem and self._applies(answer)), None
        )
        if first is not None:
            self._go_to(first)

    def whole(self) -> None:
        # An unfinished entry or an edited record may hold invalid values: they are shown at once.
        for name, answer in self._by_name.items():
            if not is_empty(self.plan.values.get(name)) and self._applies(answer):
                self._set_problem(answer, self._problem_of(answer))

    def show_warnings(self, warnings: Mapping[str, Sequence[str]]) -> None:
        """Show sentences under questions without stopping anything; questions not named lose theirs."""

        def show() -> None:
            for name, answer in self._by_name.items():
                sentences = tuple(warnings.get(name, ()))
                if sentences != answer.warnings:
                    answer.warnings = sentences
                    answer.show_notes()

        self._when_whole(show)

    def turned(self, step: int) -> None:
        self.show_leaving()
        self.post_message(self.StepShown(self, step, len(self.plan.steps), self.plan.steps[step].title))

    def _leave(self) -> None:
        super()._leave()
        if self._focused is not None:
            self._set_problem(self._focused, self._problem_of(self._focused))

    def _problem_of(self, answer: Answer) -> str:
        if own := answer.own_problem():
            return own
        if self._check is None or is_empty(answer.value):
            return ""
        return self._check(answer.question.name, self.values) or ""

    @staticmethod
    def _set_problem(answer: Answer, problem: str) -> None:
        if answer.problem != problem:
            answer.problem = problem
            answer.show_notes()

    # What answers report.

    def changed(self, answer: Answer) -> None:
        """The value of `answer` has changed."""
        super().changed(answer)
        self._is_above = False
        if answer.problem and not answer.own_problem():
            self._set_problem(answer, "")
        if any(other.question.only_if or other.question.after for other in self._by_name.values()):
            self._show_asked()
        else:
            self._fold()
        if answer.question.on_request:
            for page in self._pages:
                if page is not None and page.foot is not None:
                    page.foot.refresh(layout=True)
        self.report_later()
        self.post_message(self.Given(self, answer.question.name, answer.value))

    def show_leaving(self) -> None:
        """Let the bottom line name what Esc does with the present answers."""
        if self._leaving != (now := self._how_left(self.values)):
            self._leaving = now
            self.refresh_bindings()

    def create(self, name: str, text: str) -> None:
        """A new record is wanted for the link `name`."""
        self.post_message(self.CreateWanted(self, name, text))

    def report_later(self) -> None:
        self.show_leaving()
        if self._timer is None:
            self._timer = self.set_timer(TELL_AFTER, self._post_change)

    def _post_change(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.post_message(self.Changed(self, self.values, self._at))

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "go_on":
            return not self._on_last
        if action == "go_back":
            return not (self._at == 0 and self._focused in self._asked(0)[:1])
        if action == "leave":
            return parameters == (self._leaving,)
        if action == "mask":
            return bool(self._to_mask)
        if action == "jump":
            return len(self._asked(self._at)) > 1
        page = self._pages[self._at] if self._pages else None
        if action == "more":
            return page is not None and page.foot is not None
        if action == "language":
            return page is not None and page.head is not None and len(page.step.notices) > 1
        return True

    @property
    def _to_mask(self) -> list[Entry]:
        """The answers of this page in which something is pointed out."""
        typed = (answer for answer in self._all(self._at) if isinstance(answer, Entry))
        return [answer for answer in typed if answer.can_be_masked]

    @property
    def _on_last(self) -> bool:
        asked = self._asked(self._at)
        return self._next_step(1) is None and (not asked or self._focused is asked[-1])

    def go(self, by: int) -> None:
        """Go to the next (1) or previous (-1) question; a question that needs an answer at once can't be skipped."""
        answer = self._focused
        if by > 0 and answer is not None and answer.question.needed and is_empty(answer.value):
            self._ask_for(answer, answer.question.needed)
            return
        super().go(by)

    def _ask_for(self, answer: Answer, problem: str) -> None:
        in_view = answer.problem
        self._set_problem(answer, problem)
        self._say_again(answer, in_view)

    def action_go_on(self) -> None:
        self.go(1)

    def action_go_back(self) -> None:
        self.go(-1)

    def action_step(self, by: int) -> None:
        if (step := self._next_step(by)) is not None:
            self.show_step(step)

    def action_more(self) -> None:
        """Show the questions on request of this page, and go to the first of them."""
        self._show_more(self._at)
        first = next((answer for answer in self._all(self._at) if answer.question.on_request), None)
        if first is not None:
            self._focus(first)

    def action_mask(self) -> None:
        """Mask what may point to one person in all texts of this page."""
        for answer in self._to_mask:
            answer.mask()

    def action_language(self) -> None:
        """Choose the language of the notice and of the questions; its version is stored with the consent."""
        page = self._pages[self._at]
        if page is None or (head := page.head) is None:
            return

        def chosen(place: str | None) -> None:
            if place is None:
                return
            head.choose(int(place))
            self._ask_in(head.notice, self._pages)
            self._fold()
            if self._focused is not None:
                self.keep_in_view(self._focused)
            if page.step.notice_name:
                self.set_answer(page.step.notice_name, head.notice.version)

        options = [Option(str(place), notice.language) for place, notice in enumerate(page.step.notices)]
        self.app.push_screen(Choose("Which language?", options, start=head.chosen), chosen)

    def gate_closed(self, answer: Answer) -> None:
        if not is_empty(answer.value):
            self.post_message(self.Given(self, answer.question.name, answer.value))  # the no, once more
            return
        self._ask_for(answer, self._ask_first)

    def action_help(self) -> None:
        if self._focused is not None:
            self.post_message(self.HelpWanted(self, self._focused.question))

    def action_leave(self, how: Leaving = "nothing") -> None:
        """Leave the form; the screen decides what becomes of the answers."""
        if self._jumping:
            self._end_jump()
            return
        self._stop_timer()
        self.post_message(self.Left(self, self.values))

    def action_finish(self) -> None:
        self._when_whole(self._finish)

    def _finish(self) -> None:
        focused, in_view = self._focused, self._focused.problem if self._focused else ""
        if not self._open_to(len(self.plan.steps)):
            self._say_again(focused, in_view)
            return
        self._leave()
        problems: dict[str, str] = {}
        for name, answer in self._by_name.items():
            if not self._applies(answer):
                continue
            if problem := self._problem_of(answer):
                problems[name] = problem
            elif answer.question.required and is_empty(answer.value):
                problems[name] = "An answer is needed here."
        if problems:
            self.show_problems(problems)
            self._say_again(focused, in_view)
            return
        self._stop_timer()
        # A question that no longer applies must not be kept, even if it was answered before.
        unasked = {name for name, answer in self._by_name.items() if not self._applies(answer)}
        values = {name: None if name in unasked else value for name, value in self.values.items()}
        self.post_message(self.Submitted(self, values))

    def _say_again(self, answer: Answer | None, problem: str) -> None:
        """Answer a key that changes nothing in view: the cursor is at the problem already."""
        if problem and answer is self._focused and answer is not None and answer.problem == problem:
            self.post_message(self.StillWrong(self, problem))

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None


__all__ = ["Check", "Form", "Leaving"]
