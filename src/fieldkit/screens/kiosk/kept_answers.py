"""Keeping a respondent's answers: as they are given, finally as a record, and after a no not at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fieldkit.errors import FieldkitError, InvalidRecord
from fieldkit.presentation.kiosk import hand_over
from fieldkit.presentation.languages.respondent_text import RespondentText
from fieldkit.presentation.model.form_plan import Values
from fieldkit.records.kinds.monitoring import GUARDIAN
from fieldkit.screens.base.screen import beside_keys, in_background
from fieldkit.screens.kiosk.kiosk_pages import Stage
from fieldkit.screens.kiosk.kiosk_view import KioskView
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import HandedOver
from fieldkit.widgets.inputs import LineInput, WordsArea

Work = Callable[[Kit], object]


class KeptAnswers(KioskView):
    """The page in view; what is typed or chosen on it is kept."""

    _asked_again = False
    """Whether the question without which nothing is kept was asked a second time."""
    _failure = ""
    """Why the answers could not be stored, for the volunteer."""

    async def on_text_area_changed(self) -> None:
        """What is typed is kept as it is typed."""
        self._typed_on()

    async def on_input_changed(self) -> None:
        """What is typed is kept as it is typed."""
        self._typed_on()

    def _typed_on(self) -> None:
        question = self.question
        if question is not None and question.is_typed:
            before = self._form.values.get(question.name)
            self._take_typed()
            if self._form.values.get(question.name) != before:
                self._problem = ""
                self._keep()

    def _take_typed(self) -> bool:
        """Take the text of the input as the answer; returns whether the question is answered by typing at all."""
        question = self.question
        if question is None or not question.is_typed:
            return False
        area, line = self.query_one(WordsArea), self.query_one("#answer-line", LineInput)
        typed = area.text if question.shape == "text" else line.value
        if (kept := self._form.part_kept(typed)) != typed:  # what is in view is what is kept
            typed = kept
            area.text, line.value = (typed, "") if question.shape == "text" else ("", typed)
            area.move_cursor(area.document.end)
            self.call_after_refresh(self._say_too_long, self._problem)
        self._form.take(typed)
        return True

    def _say_too_long(self, said_before: str) -> None:
        """Show that the answer was cut, unless the notice is another than `said_before`."""
        if self._problem in {"", said_before}:
            self._say_problem(self._text(RespondentText.TOO_LONG))

    def _keep(self) -> None:
        state, values = self._form.state, dict(self._form.values)
        if hand_over.may_keep(values):
            self._store(partial(_keep, state=state, values=values))
        else:
            self._store(lambda kit: hand_over.discard_answers(kit, state))

    @in_background
    @beside_keys
    async def _store(self, work: Work) -> None:
        """Do some work on the kit in turn. A disk error only asks for a volunteer, and the next work tries again."""
        try:
            await self.kit_work(work, "keeping the answers", saving=True)
        except FieldkitError:
            self._say_problem(self._text(RespondentText.CALL_VOLUNTEER))

    def _refuse(self) -> None:
        """Throw every answer away, and say that nothing is kept."""
        state = self._handed.state
        self._form.values = {}
        self._store(lambda kit: hand_over.discard_answers(kit, state))
        self._turn_to(Stage.REFUSED)

    async def before_leaving(self) -> None:
        """Store what was typed last."""
        self._take_typed()
        state, values = self._form.state, dict(self._form.values)
        if self.app.kit is not None and not self._code and hand_over.may_keep(values):
            kit = self.app.kit
            await self.app.work_for(
                self, lambda: hand_over.keep(kit, state, values), "keeping the answers", saving=True
            )

    @in_background
    async def _finish(self) -> None:
        """Store the record, and show the code."""
        if not self._form.has_answers:
            self._refuse()
            return
        self._busy = True
        state, values, catalogue = self._handed.state, dict(self._form.values), self._form.catalogue
        try:
            self._code = await self.kit_work(
                lambda kit: hand_over.finish(kit, state, values, catalogue), "saving", saving=True
            )
        except InvalidRecord as error:
            self._busy = False
            self._ask_again(error)
            return
        except FieldkitError as error:
            self._busy = False
            self._failure = error.message
            self._turn_to(Stage.FAILED)
            return
        self._busy = False
        self._form.values = {}
        self.app.forget_keys()
        self.app.copy_to_clipboard("")
        self._turn_to(Stage.THANKS)

    def _ask_again(self, error: InvalidRecord) -> None:
        """Return to the first question whose answer is not valid. Leaving it empty again means no answer."""
        name = next((each.name for each in self._form.questions if each.name in error.problems), "")
        if name == GUARDIAN and hand_over.lacks_guardian(self._form.values):
            self._form.turn_to(name)
            self._turn_to(Stage.GUARDIAN)
            return
        if not name:
            self._failure = " ".join(error.problems.values())
            self._turn_to(Stage.FAILED)
            return
        is_empty = name not in self._form.values
        if is_empty and self._asked_again:
            self._refuse()
            return
        self._asked_again = is_empty
        self._turn_to(Stage.QUESTION, name)
        self._say_problem(self._text(RespondentText.NOTHING_SAID if is_empty else RespondentText.NOT_VALID))


def _keep(kit: Kit, *, state: HandedOver, values: Values) -> None:
    hand_over.keep(kit, state, values)
