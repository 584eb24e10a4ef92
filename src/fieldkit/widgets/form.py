"""The one form: questions in steps, answered from the keyboard, with nothing lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.timer import Timer

from fieldkit.presentation.model.form_plan import FormPlan, Question, Value, Values, is_asked, is_empty
from fieldkit.widgets import told
from fieldkit.widgets.answers import Answer
from fieldkit.widgets.form_page import Page, make_page
from fieldkit.widgets.frame import KitScreen
from fieldkit.widgets.picking import PickAnswer
from fieldkit.widgets.styles import stylesheet

Check = Callable[[str, Values], str | None]

#: A change is told at most this much later, in seconds, so that a draft is safe within a second.
TELL_AFTER = 0.4

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Form(VerticalScroll, can_focus=False, inherit_bindings=False):
    """Asks the questions of a `FormPlan`, one step at a time.

    `check(name, values)` is called when a question is left, with all answers so far; the sentence that it returns
    stands under the question.
    It never stops anybody from going on: only saving does, and then the form goes to the first question
    concerned.
    """

    DEFAULT_CSS = stylesheet("form")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", "next"),
        Binding("enter", "finish", "save"),
        Binding("shift+tab", "go_back", "back"),
        Binding("f1,question_mark", "help", "help"),
        Binding("escape", "leave", "keep as draft"),
        Binding("f2,ctrl+s", "finish", "save"),
        Binding("ctrl+g", "jump", "go to"),
        Binding("ctrl+pagedown,pagedown", "step(1)", "next step", show=False),
        Binding("ctrl+pageup,pageup", "step(-1)", "previous step", show=False),
    ]

    Changed = told.Changed
    Given = told.Given
    StepShown = told.StepShown
    Submitted = told.Submitted
    Left = told.Left
    HelpWanted = told.HelpWanted
    CreateWanted = told.CreateWanted

    def __init__(
        self, plan: FormPlan, *, check: Check | None = None, step: int = 0, id: str | None = None
    ) -> None:
        """A form for `plan`, opened at `step` (from 0)."""
        super().__init__(id=id)
        self.plan = plan
        self._check = check
        self._at = max(0, min(step, len(plan.steps) - 1))
        self._pages: list[Page | None] = [None] * len(plan.steps)
        self._waiting: list[Callable[[], None]] = []
        self._by_name: dict[str, Answer] = {}
        self._focused: Answer | None = None
        self._shown = False
        self._timer: Timer | None = None
        self._jumping = False
        self._behind: tuple[Answer, str] | None = None
        """An answer with a problem on another page, and the sentence above the bottom line that names it."""

    def compose(self) -> ComposeResult:
        if self._pages:
            yield self._make(self._at).view

    def _make(self, number: int) -> Page:
        """Make the page of one step, with the values known so far."""
        page = self._pages[number] = make_page(self.plan.steps[number], self)
        page.view.set_class(number == self._at, "-shown")
        values = self.values
        for answer in page.answers:
            name = answer.question.name
            self._by_name[name] = answer
            if name in self.plan.values:
                answer.set_value(self.plan.values[name])
            answer.display = is_asked(answer.question, values)
        return page

    def on_mount(self) -> None:
        self.call_after_refresh(self._begin)
        self.call_after_refresh(self._make_others)

    async def _make_others(self) -> None:
        """Make the other pages when the first is in view, so that a form opens fast however long it is."""
        for number in range(len(self._pages)):
            if self._pages[number] is None:
                await self.mount(self._make(number).view)
        self._show_asked()
        waiting, self._waiting = self._waiting, []
        for run in waiting:
            run()

    def _when_whole(self, run: Callable[[], None]) -> None:
        """Run something that concerns other pages, now or as soon as they are there."""
        if self._waiting or None in self._pages:
            self._waiting.append(run)
        else:
            run()

    def _begin(self) -> None:
        # The screen may have given a question the focus, and keys typed ahead may have gone on from there.
        if self._focused is None:
            self.show_step(self._at)
        elif not self._shown:
            self._turn_to(self._at)

    # What callers use.

    @property
    def step(self) -> int:
        """The step in view, from 0."""
        return self._at

    @property
    def takes_keys(self) -> bool:
        """Whether every page is made, and a question has the focus and waits for no search."""
        if isinstance(self._focused, PickAnswer) and self._focused.waits:
            return False
        return self._shown and None not in self._pages and self.screen.focused is not None

    @property
    def where(self) -> str:
        """`step 2 of 5`, "" for a form of one step."""
        return f"step {self._at + 1} of {len(self.plan.steps)}" if len(self.plan.steps) > 1 else ""

    @property
    def values(self) -> Values:
        """Every answer as it stands, together with the plan's values for what this form does not ask."""
        return {**self.plan.values, **{name: answer.value for name, answer in self._by_name.items()}}

    @property
    def has_problem(self) -> bool:
        """Whether a question of the step in view needs another look."""
        return any(answer.problem for answer in self._asked(self._at))

    @property
    def question(self) -> Question | None:
        """The question being answered."""
        return self._focused.question if self._focused else None

    def asks(self, name: str) -> bool:
        """Whether the question `name` is asked now: it is in the form, and no other answer makes it needless."""
        return name in self._by_name and bool(self._by_name[name].display)

    def set_answer(self, name: str, value: Value, label: str = "") -> None:
        """Answer a question from outside, such as a link to a record just made, called `label`. KeyError:
        no such name.
        """
        self.plan.question(name)

        def give() -> None:
            answer = self._by_name[name]
            if label and isinstance(answer, PickAnswer) and isinstance(value, str):
                answer.name_option(value, label)
            answer.set_value(value)
            self.changed(answer)

        self._when_whole(give)

    def type_into(self, name: str, letters: str) -> None:
        """Go to the link `name` and go on there with `letters`, as if they had just been typed. KeyError: no such name."""
        self.plan.question(name)

        def give() -> None:
            answer = self._by_name[name]
            self._focus(answer)
            if isinstance(answer, PickAnswer):
                answer.type_letters(letters)

        self._when_whole(give)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Put each sentence under its question, take the others away, and go to the first question
        concerned.
        """
        self._when_whole(lambda: self._show_problems(problems))

    def _show_problems(self, problems: Mapping[str, str]) -> None:
        # Left first: leaving looks at the question again, and knows nothing of what others found wrong with it.
        self._leave()
        for answer in self._in_order():
            self._set_problem(answer, problems.get(answer.question.name, ""))
        first = next((answer for answer in self._in_order() if answer.problem and answer.display), None)
        if first is not None:
            self._go_to(first)

    def _in_order(self) -> list[Answer]:
        return [answer for page in self._pages if page is not None for answer in page.answers]

    def show_warnings(self, warnings: Mapping[str, Sequence[str]]) -> None:
        """Put sentences under questions without stopping anything; questions not named lose theirs."""

        def tell() -> None:
            for name, answer in self._by_name.items():
                told = tuple(warnings.get(name, ()))
                if told != answer.warnings:
                    answer.warnings = told
                    answer.show_notes()

        self._when_whole(tell)

    def show_step(self, step: int, *, last: bool = False) -> None:
        """Show a step (from 0) and go to its first question, or its last."""
        page = self._pages[step]
        if page is None:
            self._when_whole(lambda: self.show_step(step, last=last))
        elif page.asked:
            self._focus(page.asked[-1 if last else 0])
        else:
            self._turn_to(step)

    # Going through the questions. All of it happens at once, so that keys typed ahead find the right
    # question.

    def _asked(self, step: int) -> list[Answer]:
        page = self._pages[step] if self._pages else None
        return page.asked if page is not None else []

    def _next_step(self, by: int) -> int | None:
        """The next (1) or previous (-1) step that asks anything now; None at either end."""
        step = self._at + by
        while 0 <= step < len(self._pages):
            if self._pages[step] is None or self._asked(step):
                return step
            step += by
        return None

    def _turn_to(self, step: int) -> None:
        self._at, self._shown = step, True
        for number, page in enumerate(self._pages):
            if page is not None:
                page.view.set_class(number == step, "-shown")
        self._forget_behind()
        self.scroll_to(y=0, animate=False, immediate=True)
        self.post_message(self.StepShown(self, step, len(self.plan.steps), self.plan.steps[step].title))

    def _focus(self, answer: Answer) -> None:
        left, step = self._focused, self._at
        self._leave()
        self._go_to(answer)
        if self._at != step and left is not None and left.problem and isinstance(self.screen, KitScreen):
            # The reason stands at an answer that is out of sight now.
            sentence = f"{left.question.title}, in step {step + 1}: {left.problem}"
            self.screen.tell(sentence, "warning")
            self._behind = (left, sentence)

    def _forget_behind(self) -> None:
        """Take the sentence about an answer on another page away, once it is in view again or holds."""
        if self._behind is None or not isinstance(self.screen, KitScreen):
            return
        answer, sentence = self._behind
        if not answer.problem or answer in self._asked(self._at):
            self._behind = None
            self.screen.untell(sentence)

    def _go_to(self, answer: Answer) -> None:
        step = next(number for number, page in enumerate(self._pages) if page and answer in page.answers)
        turned = step != self._at or not self._shown
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
        return self._check(answer.question.name, self.values) or ""

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
        elif (step := self._next_step(by)) is not None:
            self.show_step(step, last=by < 0)
        elif by > 0:
            self.action_finish()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A click can move the focus too."""
        if event.widget is not self.screen.focused:
            # Word of an earlier focus: keys typed ahead have moved on since.
            return
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
        self.post_message(self.Given(self, answer.question.name, answer.value))

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
            return not (self._at == 0 and self._focused in self._asked(0)[:1])
        return True

    @property
    def _on_last(self) -> bool:
        asked = self._asked(self._at)
        return self._next_step(1) is None and (not asked or self._focused is asked[-1])

    def action_go_on(self) -> None:
        self.go(1)

    def action_go_back(self) -> None:
        self.go(-1)

    def action_step(self, by: int) -> None:
        if (step := self._next_step(by)) is not None:
            self.show_step(step)

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
        self._when_whole(self._finish)

    def _finish(self) -> None:
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
        for answer in self._in_order():
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
