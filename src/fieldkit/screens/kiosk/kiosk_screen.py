"""The laptop in the hands of a respondent: one question per screen, and no way to anything else until the PIN is typed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import events
from textual.binding import BindingType

from fieldkit.commands.command import KIOSK
from fieldkit.commands.table import bindings_for
from fieldkit.presentation.kiosk import hand_over
from fieldkit.presentation.languages.respondent_text import RespondentText
from fieldkit.records.consent import RECORD
from fieldkit.records.kinds.monitoring import GUARDIAN
from fieldkit.screens.base.secret_lines import SecretInput
from fieldkit.screens.kiosk.kiosk_choice import NOWHERE, press_key
from fieldkit.screens.kiosk.kiosk_pages import Stage
from fieldkit.screens.kiosk.volunteer_pages import VolunteerPages
from fieldkit.widgets.key_hints import key_name

_MOVES = {"up": -1, "down": 1, "pageup": -8, "pagedown": 8, "home": -10_000, "end": 10_000}


class KioskScreen(VolunteerPages):
    """Covers every other screen. Ends with the choice of the volunteer who took the laptop: "next" or "home"."""

    ENTER = "go-on"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(
        KIOSK, but=("help", "colours", "last-code", "lock-screen", "palette", "leave")
    )

    async def on_key(self, event: events.Key) -> None:
        """The key of an answer gives it; the arrows point at one."""
        if self._stage is Stage.VOLUNTEER and event.key in self._volunteer_keys:
            event.stop()
            self._volunteer_chose(event.key)
            return
        choices = self._choices
        if not choices:
            return
        character = (event.character or "").lower()
        place = next((n for n, answer in enumerate(choices) if answer.key and answer.key == character), None)
        if event.key in _MOVES:
            self._sought = ""
            self._at = max(0, min(self._at + _MOVES[event.key], len(choices) - 1))
            self._draw()
        elif place is not None:
            self._at = place
            self._give(choices[place].code)
        elif character == " " and not (self._sought and self._seek(character)):
            if self._at == NOWHERE:
                return
            self._give(choices[self._at].code)
        elif character != " " and not (character.isalpha() and self._seek(character)):
            return
        event.stop()

    def unknown_key(self, key: str, shown: str, more: str) -> str:
        """Tells respondents in their own language which keys answer."""
        if not self._stage.is_respondents:
            return super().unknown_key(key, shown, more)
        sentence = self._keys_that_answer()
        if self._how and sentence.endswith(self._how):
            self._wrong_key = True
            self._draw()
            return ""
        return sentence if sentence != self._problem else ""

    def _keys_that_answer(self) -> str:
        if self._stage is Stage.GUARDIAN:
            return self._text(RespondentText.CALL_VOLUNTEER)
        if self._stage in {Stage.THANKS, Stage.REFUSED}:
            return self._text(RespondentText.GIVE_BACK)
        keys = [answer.key for answer in self._choices if answer.key]
        if keys and press_key(keys) is RespondentText.PRESS_NUMBER:
            return self._text(RespondentText.PRESS_NUMBER)
        if keys:
            return f"{keys[0]} – {keys[-1]}: {self._text(press_key(keys))}"
        return f"{key_name('enter')}: {self._text(RespondentText.GO_ON)}"

    def _seek(self, letter: str) -> bool:
        """Point at the answer that begins with the typed letters, in a list without keys such as that of languages.

        A letter that does not continue the earlier ones starts again. Returns whether an answer begins so.
        """
        choices = self._choices
        if any(answer.key.isalpha() for answer in choices):
            return False
        for sought in (self._sought + letter, letter):
            first = self._at + (len(sought) == 1)
            for place in (*range(first, len(choices)), *range(first)):
                names = (choices[place].label, choices[place].english)
                if any(name.casefold().startswith(sought) for name in names):
                    self._at, self._sought = place, sought
                    self._draw()
                    return True
        return False

    def go(self, by: int) -> None:
        """Enter in a line (1), or return to the previous question (-1)."""
        if by > 0:
            self.command_go_on()
        else:
            self.command_go_back()

    def _give(self, code: str) -> None:
        """Give an answer: of several, tick or untick it; of one, go on, or first ask for its kind."""
        if self._stage is Stage.LANGUAGE:
            self._form.choose_language(code)
            self._turn_to(Stage.NOTICE)
            return
        question = self._form.question
        if question.shape == "many":
            self._form.tick(code)
            if code in question.alone:
                self._go_to_next()  # nothing else can be ticked with it
                return
        else:
            self._form.answer(question.name, code)
            if not self._form.ask_kind(code):
                self._go_to_next()
                return
            self._point_at_chosen()
        self.clear_notice()  # it was about another key
        self._wrong_key = False
        self._keep()
        self._draw()

    def command_go_on(self) -> None:
        """Go on: to the next question, or to what comes after this page."""
        if self._busy:
            return
        match self._stage:
            case Stage.LANGUAGE:
                self._give(self._choices[self._at].code)
            case Stage.NOTICE if self._goes_on_at:
                self._at = self._goes_on_at
                self._draw()
            case Stage.NOTICE:
                self._turn_to(Stage.QUESTION, self._form.questions[0].name)
            case Stage.QUESTION:
                self._go_on_from_question()
            case Stage.PIN:
                self._try_pin(self.query_one(SecretInput).value)
            case Stage.LEFT:
                self.command_volunteer()
            case Stage.FAILED:
                self._finish()
            case _:
                pass

    def _go_on_from_question(self) -> None:
        question = self._form.question
        if self._take_typed():
            if self._points_something_out():
                return
        elif question.shape != "many" and self._points_at_another:
            self._give(self._choices[self._at].code)
            return
        elif question.name.startswith("consent_") and not self._chosen:
            # Somebody who answers by a number may also press Enter: that must not skip the next consent.
            press = self._text(RespondentText.PRESS_NUMBER)
            if question.name == RECORD or self._problem != press:
                self._say_problem(press)
                return
        self._go_to_next()

    @property
    def _points_at_another(self) -> bool:
        """Whether the arrows point at an answer that is not given yet."""
        return self._at != NOWHERE and self._choices[self._at].code not in self._chosen

    def _points_something_out(self) -> bool:
        """Point out a problem in what was typed, once; repeating it goes on. Returns whether there was anything to say."""
        details = self._form.personal_details
        if details and details != self._pointed_out:
            self._pointed_out = details
            self._say_problem(details)
            return True
        if not self._form.is_valid:
            not_valid = self._text(RespondentText.NOT_VALID)
            if self._problem != not_valid:
                self._say_problem(not_valid)
                return True
            self._form.answer(self._form.asked, None)  # it can be left out like any other answer
        return False

    def command_more(self) -> None:
        """Ask the further questions on request."""
        if not self._busy and self._can_say_more:
            self._form.says_more = True
            self._go_on_from_question()

    def _go_to_next(self) -> None:
        """Go to the next question, to the end after the last, or to the page that says that nothing is kept."""
        if hand_over.is_refused(self._form.values):
            self._refuse()
        elif self._form.asked == GUARDIAN and hand_over.lacks_guardian(self._form.values):
            self._turn_to(Stage.GUARDIAN)
        elif name := self._form.next_name:
            self._turn_to(Stage.QUESTION, name)
            self._keep()
        else:
            self._finish()

    def command_go_back(self) -> None:
        """Go back to the previous question. Nothing is lost."""
        if self._busy:
            return
        if self._stage is Stage.PIN:
            self._turn_to(Stage.LEFT if self._is_locked else self._before_pin)
        elif self._stage is Stage.VOLUNTEER and self._is_child_alone:
            self._is_locked = True
            self._turn_to(Stage.LEFT)
        elif self._stage is Stage.NOTICE and self._at:
            self._turn_to(Stage.NOTICE)
        elif self._stage is Stage.NOTICE and len(self._handed.catalogues) > 1:
            self._turn_to(Stage.LANGUAGE)
        elif self._stage is Stage.QUESTION:
            if self._take_typed():
                self._keep()
            if self._form.kind_of:
                self._turn_to(Stage.QUESTION)
            elif name := self._form.name_before:
                self._turn_to(Stage.QUESTION, name)
            else:
                self._turn_to(Stage.NOTICE)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] == "volunteer":
            return self._stage not in {Stage.PIN, Stage.VOLUNTEER}
        if action == "command" and parameters[0] == "more":
            return self._can_say_more
        return super().check_action(action, parameters)

    def _command(self, id: str) -> Callable[[], Awaitable[None] | None] | None:
        # The commands of every screen (help, the last code, the palette) would lead to other records.
        return super()._command(id) if id in {"go-on", "go-back", "more", "volunteer"} else None
