"""Keys of a form besides those of the question in view: jumping to a question by its letter and, at a stall, correcting the last
answer, declining the rest, and undoing what a word did that was typed where a key answers.
"""

from __future__ import annotations

import time
from itertools import pairwise

from textual import events

from fieldkit.presentation.model.form_plan import FormPlan, is_empty
from fieldkit.widgets.answers import Answer
from fieldkit.widgets.form_page import DECLINE_ONE, DECLINE_REST
from fieldkit.widgets.form_place import FormPlace
from fieldkit.widgets.keyed.keyed_answers import ChoiceAnswer

#: What Shift with a digit gives on British and American keyboards: it corrects the last answer.
SHIFTED_DIGITS = dict(zip('!"£$%^&*()@#', "123456789023", strict=True))

#: Seconds within which the next letter belongs to the same word.
_WORD = 0.4
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class StallKeys(FormPlace):
    """A form that handles these keys before the question does. `Form` adds checking, keeping and saving."""

    def __init__(self, plan: FormPlan, *, step: int = 0, question: str = "", id: str | None = None) -> None:
        """As for `FormPlace`."""
        super().__init__(plan, step=step, question=question, id=id)
        self._jumping = False
        self._letter: tuple[ChoiceAnswer | None, float] = (None, 0.0)
        """The question last answered by a letter, and when."""
        self._given_last: ChoiceAnswer | None = None
        """The answer last given by a key."""

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

    def _in_order(self) -> list[Answer]:
        return [answer for page in self._pages if page is not None for answer in page.answers]

    def changed(self, answer: Answer) -> None:
        if isinstance(answer, ChoiceAnswer) and answer.value is not None:
            self._given_last = answer

    def take_key(self, event: events.Key) -> bool:
        """Handle the letter typed after `action_jump` and, at a stall, the keys that correct and decline."""
        if self._jumping:
            wanted = next((answer for answer in self._asked(self._at) if answer.letter == event.key), None)
            self._end_jump()
            if wanted is not None:
                self._focus(wanted)
            return True
        answer = self._focused
        last, at = self._letter
        self._letter = (None, 0.0)
        if not self.plan.paged or answer is None or answer.typing:
            return False
        if event.key == "backspace" and is_empty(answer.value):
            self.go(-1)
            return True
        if self._typed_a_word(answer, event.character or "", last, at):
            return True
        if isinstance(answer, ChoiceAnswer) and event.character and event.character in SHIFTED_DIGITS:
            last = self._given_last
            if last is None:
                return False
            if not last.correct(SHIFTED_DIGITS[event.character]):
                self._focus(last)  # its keys are letters, which have no Shift of their own: answer it there
            return True
        if self.plan.steps[self._at].decline_rest:
            if event.key == DECLINE_REST:
                self._decline_rest()
                return True
            if event.character == DECLINE_ONE and answer.question.decline is not None:
                self._decline(answer)
                self.go(1)
                return True
        return False

    def _typed_a_word(self, answer: Answer, character: str, last: ChoiceAnswer | None, at: float) -> bool:
        """Whether this letter continues a word whose first letter, typed at `at`, was taken for an answer to `last`.

        If so, that answer is undone. A word continues only in the question after `last`; a later question was reached by keys.
        """
        now = time.monotonic()
        if isinstance(answer, ChoiceAnswer) and character.isalpha() and character in answer.ACCEPTED:
            self._letter = (answer, now)
            return False
        if last is None or not character.isalpha() or now - at > _WORD or self._after(last) is not answer:
            return False
        last.set_value(None)
        self.changed(last)
        self._focus(last)
        last.slip_now(now, "The answer that its first letter gave is cleared.", typed="a word")
        return True

    def _after(self, answer: Answer) -> Answer | None:
        """The question after `answer`; None after the last."""
        asked = [each for step in range(len(self.plan.steps)) for each in self._asked(step)]
        return next((after for before, after in pairwise(asked) if before is answer), None)

    def _decline(self, answer: Answer) -> None:
        answer.set_value(answer.question.decline)
        self.changed(answer)

    def _decline_rest(self) -> None:
        """Decline everything left on this page, which finishes it."""
        for answer in self._asked(self._at):
            # A question that depends on another answer, such as the guardian, is never declined unasked.
            question = answer.question
            hangs = question.only_if is not None or question.on_request
            if is_empty(answer.value) and question.decline is not None and not hangs:
                self._decline(answer)
        self.action_finish()
