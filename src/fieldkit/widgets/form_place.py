"""The position in a form: its pages, the current question, and the way from question to question."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from fieldkit.presentation.model.form_plan import YES, FormPlan, Notice, Question, Values, is_asked, notice_at
from fieldkit.widgets.answers import Answer
from fieldkit.widgets.form_page import Page, make_page
from fieldkit.widgets.frame import KitScreen
from fieldkit.widgets.searched_answers import PickAnswer

#: Rows of a list taken by its heading and the typed text.
_FRAME = 3


class FormPlace(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The pages of a `FormPlan`, one in view, and the current question. `Form` adds typing and saving."""

    def __init__(self, plan: FormPlan, *, step: int = 0, question: str = "", id: str | None = None) -> None:
        """Opens at `step` (from 0), at `question` if that is asked; but not beyond a closed gate."""
        super().__init__(id=id)
        self.plan = plan
        gate = self._closed_gate(plan.values)
        self._at = max(0, min(step, len(plan.steps) - 1 if gate is None else gate))
        self._first_question = question
        self._pages: list[Page | None] = [None] * len(plan.steps)
        self._waiting: list[Callable[[], None]] = []
        self._by_name: dict[str, Answer] = {}
        self._focused: Answer | None = None
        self._is_above = False
        """Whether the beginning of the page is in view instead of its first question."""
        self._shown = False
        self._behind: tuple[Answer, str] | None = None
        """An answer with a problem on another page, and the sentence above the bottom line that names it."""

    def compose(self) -> ComposeResult:
        if self._pages:
            yield self._make(self._at).view

    def _make(self, number: int) -> Page:
        """Make the page of one step, with the values known so far."""
        page = self._pages[number] = make_page(self.plan.steps[number], self, self.values, self.plan.letters)
        page.view.set_class(number == self._at, "-shown")
        values = self.values
        self._ask_in(self._notice, [page])
        for answer in page.answers:
            name = answer.question.name
            self._by_name[name] = answer
            if name in self.plan.values:
                answer.set_value(self.plan.values[name])
            if isinstance(answer, PickAnswer) and name in self.plan.letters:
                answer.type_again(self.plan.letters[name])
        page.show_asked(values)
        return page

    @property
    def _notice(self) -> Notice | None:
        """The notice on show, on any page; None for a form without one."""
        for step, page in zip(self.plan.steps, self._pages, strict=True):
            if page is not None and page.head is not None:
                return page.head.notice
            if step.notices:
                return step.notices[notice_at(step.notices, self.plan.values.get(step.notice_name))]
        return None

    def _ask_in(self, notice: Notice | None, pages: Sequence[Page | None]) -> None:
        """Ask these pages' questions in the language of the notice too: all of them below it, elsewhere one at a time."""
        if notice is None:
            return
        for page in filter(None, pages):
            for answer in page.answers:
                asked = notice.asked.get(answer.question.name, "")
                answer.ask_also(
                    asked,
                    notice.answers.get(answer.question.name, {}),
                    from_right=notice.right_to_left,
                    always=page.head is not None,
                )

    def on_mount(self) -> None:
        self.call_after_refresh(self._begin)
        self.call_after_refresh(self._make_others)

    async def _make_others(self) -> None:
        """Make the other pages once the first is in view, so that a form opens fast however long it is."""
        for number in range(len(self._pages)):
            if self._pages[number] is None:
                await self.mount(self._make(number).view)
        self._show_asked()
        self.whole()
        waiting, self._waiting = self._waiting, []
        for run in waiting:
            run()

    def _when_whole(self, run: Callable[[], None]) -> None:
        """Run something that concerns other pages, now or once they are made."""
        if self._waiting or None in self._pages:
            self._waiting.append(run)
        else:
            run()

    def _begin(self) -> None:
        # The screen may have focused a question, and keys typed ahead may have moved on from there.
        if self._focused is None:
            first = self._by_name.get(self._first_question)
            if first is not None and first in self._all(self._at) and self._applies(first):
                self._focus(first)
            else:
                self.show_step(self._at)
        elif not self._shown:
            self._turn_to(self._at)

    # The position

    @property
    def step(self) -> int:
        """The step in view, from 0."""
        return self._at

    @property
    def takes_keys(self) -> bool:
        """Whether every page is made, and a question has the focus and does not wait for a search."""
        if isinstance(self._focused, PickAnswer) and self._focused.waits:
            return False
        return self._shown and None not in self._pages and self.screen.focused is not None

    @property
    def where(self) -> str:
        """`step 2 of 5`, "" for a form of one step."""
        return f"step {self._at + 1} of {len(self.plan.steps)}" if len(self.plan.steps) > 1 else ""

    @property
    def values(self) -> Values:
        """Every answer as it is now, together with the plan's values for what this form does not ask."""
        return {**self.plan.values, **{name: answer.value for name, answer in self._by_name.items()}}

    @property
    def letters(self) -> dict[str, str]:
        """Question -> the text typed at its list of answers that has not chosen one yet."""
        lists = {name: each for name, each in self._by_name.items() if isinstance(each, PickAnswer)}
        waiting = {name: typed for name, typed in self.plan.letters.items() if name not in self._by_name}
        return {**waiting, **{name: each.letters for name, each in lists.items() if each.letters}}

    @property
    def has_problem(self) -> bool:
        """Whether a question of the step in view has a problem."""
        return any(answer.problem for answer in self._asked(self._at))

    @property
    def question(self) -> Question | None:
        """The question being answered."""
        return self._focused.question if self._focused else None

    def asks(self, name: str) -> bool:
        """Whether the question `name` is asked now: it is in the form, and no other answer makes it unnecessary."""
        return name in self._by_name and self._applies(self._by_name[name])

    def _applies(self, answer: Answer) -> bool:
        return is_asked(answer.question, self.values)

    def show_step(self, step: int, *, last: bool = False) -> None:
        """Show a step (from 0) and go to its first question, or its last."""
        if not self._open_to(step):
            return
        page = self._pages[step]
        if page is None:
            self._when_whole(lambda: self.show_step(step, last=last))
        elif page.asked:
            self._focus(page.asked[-1 if last else 0])
        else:
            self._turn_to(step)

    def go_to(self, name: str) -> None:
        """Go to the question `name` once its page is made. KeyError: no such name."""
        self.plan.question(name)
        self._when_whole(lambda: self._focus(self._by_name[name]))

    # Moving through the questions. All of it happens at once, so that keys typed ahead reach the right question.

    def _asked(self, step: int) -> list[Answer]:
        page = self._pages[step] if self._pages else None
        return page.asked if page is not None else []

    def _all(self, step: int) -> list[Answer]:
        page = self._pages[step] if self._pages else None
        return page.answers if page is not None else []

    def _closed_gate(self, values: Values) -> int | None:
        """The step that nobody may pass with these answers; None if all gates are open."""
        for number, step in enumerate(self.plan.steps):
            if step.gate and values.get(step.gate) != YES:
                return number
        return None

    def _open_to(self, step: int) -> bool:
        """Whether `step` may be shown; if not, go to the question that must be answered first."""
        gate = self._closed_gate(self.values)
        if gate is None or step <= gate:
            return True
        answer = self._by_name.get(self.plan.steps[gate].gate)
        if answer is not None:
            self._leave()
            self._go_to(answer)
            self.gate_closed(answer)
        return False

    def gate_closed(self, answer: Answer) -> None:
        """Somebody tried to go on without a yes to the question of `answer`."""

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
        self._fold()
        self.turned(step)

    def _focus(self, answer: Answer) -> None:
        left, step = self._focused, self._at
        self._leave()
        self._go_to(answer)
        if self._at != step and left is not None and left.problem and isinstance(self.screen, KitScreen):
            # The problem is shown at an answer that is now out of sight.
            sentence = f"{left.question.title}, in step {step + 1}: {left.problem}"
            self.screen.show_notice(sentence, "warning")
            self._behind = (left, sentence)

    def _forget_behind(self) -> None:
        """Remove the sentence about an answer on another page, once the answer is in view again or valid."""
        if self._behind is None or not isinstance(self.screen, KitScreen):
            return
        answer, sentence = self._behind
        if not answer.problem or answer in self._asked(self._at):
            self._behind = None
            self.screen.clear_notice(sentence)

    def _go_to(self, answer: Answer) -> None:
        step = next(number for number, page in enumerate(self._pages) if page and answer in page.answers)
        if answer.question.on_request and not answer.display:
            self._show_more(step)
        turned = step != self._at or not self._shown
        if turned:
            self._turn_to(step)
        self._focused, self._is_above = answer, False
        answer.entered()
        self.screen.set_focus(answer.target, scroll_visible=False)
        self.call_after_refresh(self._into_view, answer)
        if turned:
            self.report_later()

    def keep_in_view(self, answer: Answer) -> None:
        """Scroll to `answer` if it grew while it is being answered."""
        if answer is self._focused:
            self.call_after_refresh(self._into_view, answer)

    def _into_view(self, answer: Answer) -> None:
        if answer is not self._focused or not answer.is_attached:
            return
        end = answer.region.bottom - self.content_region.y + self.scroll_offset.y
        if end <= self.content_region.height:
            # What is above the questions, such as a notice, stays in view if there is room.
            self.scroll_to(y=0, animate=False, immediate=True)
        else:
            self.scroll_to_widget(answer, animate=False, immediate=True)

    def _leave(self) -> None:
        """Leave the current question."""
        if self._focused is not None:
            self._focused.left()

    # Hooks for the form

    def whole(self) -> None:
        """Every page is made."""

    def turned(self, step: int) -> None:
        """The page of `step` is in view."""

    def changed(self, answer: Answer) -> None:
        """The value of `answer` has changed."""

    def create(self, name: str, text: str) -> None:
        """A new record is wanted for the link `name`."""

    def take_key(self, event: events.Key) -> bool:
        """Whether the form handles this key itself."""
        return False

    def report_later(self) -> None:
        """The step or an answer has changed."""

    def action_finish(self) -> None:
        """Every question was passed."""

    def _show_asked(self) -> None:
        values = self.values
        for page in self._pages:
            if page is not None:
                page.show_asked(values)
        self._fold()

    def _fold(self) -> None:
        page = self._pages[self._at]
        if self.plan.paged and page is not None and self.size.width:
            page.fold(self.size.width - 2, self.size.height)

    def on_resize(self) -> None:
        self._fold()
        if self._focused is not None:
            self.keep_in_view(self._focused)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self._focused is not None:
            self.call_after_refresh(self._focused.refresh)  # it has moved, and so has the cursor

    @property
    def rows(self) -> int:
        """The rows of the window available to a page."""
        return self.size.height

    def spare_rows(self, answer: Answer) -> int:
        """The rows of the page left over while `answer` is being answered; may be negative."""
        page = self._pages[self._at]
        if page is None:
            return 0
        return self.size.height - (page.view.outer_size.height - answer.size.height) - _FRAME

    def _show_more(self, step: int) -> None:
        """Show the questions of a step that are asked only on request."""
        page = self._pages[step]
        if page is not None and page.foot is not None:
            page.more, page.foot.display = True, False
            self._show_asked()

    def search_instead(self, answer: Answer) -> None:
        """Answer this question by typing from now on, like a long list."""
        page = next(page for page in self._pages if page and answer in page.answers)
        typed = PickAnswer(answer.question, self, answer.column)
        typed.set_value(answer.value)
        typed.set_classes(answer.classes)
        page.answers[page.answers.index(answer)] = typed
        self._by_name[answer.question.name] = typed
        page.view.mount(typed, after=answer)
        self._go_to(typed)
        answer.remove()

    def go(self, by: int) -> None:
        """Go to the next (1) or previous (-1) question; after the last one the form is finished.

        Before the first one is only what the page begins with, such as a notice that does not fit beside its question.
        """
        if by > 0 and self._is_above and self._focused is not None:
            self._is_above = False
            self._into_view(self._focused)
            return
        asked = self._asked(self._at)
        place = asked.index(self._focused) + by if self._focused in asked else 0
        if 0 <= place < len(asked):
            self._focus(asked[place])
        elif (step := self._next_step(by)) is not None:
            self.show_step(step, last=by < 0)
        elif by > 0:
            self.action_finish()
        elif self.scroll_offset.y:
            self._is_above = True
            self.scroll_to(y=0, animate=False, immediate=True)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A click can move the focus too."""
        if event.widget is not self.screen.focused:
            # An outdated event: keys typed ahead have moved the focus since.
            return
        for answer in self._asked(self._at):
            if answer.target is event.widget and answer is not self._focused:
                self._leave()
                self._focused = answer
                answer.entered()
