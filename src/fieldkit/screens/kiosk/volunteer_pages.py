"""A volunteer takes the laptop from a respondent: the PIN, and what becomes of unfinished answers."""

from __future__ import annotations

from fieldkit.errors import FieldkitError
from fieldkit.presentation.kiosk import hand_over
from fieldkit.presentation.laptop.screen_lock import unlock
from fieldkit.records.kinds.monitoring import AGE, GUARDIAN
from fieldkit.screens.base.screen import in_background
from fieldkit.screens.base.secret_lines import SecretInput
from fieldkit.screens.kiosk.kept_answers import KeptAnswers, Work
from fieldkit.screens.kiosk.kiosk_pages import Stage
from fieldkit.store.kit import Kit


class VolunteerPages(KeptAnswers):
    """The page in view, which is hidden when the laptop is left alone, until the PIN is typed."""

    def left_alone(self) -> bool:
        """Nobody has pressed a key for some time: hide the answers and the code."""
        if self._stage in {Stage.LEFT, Stage.LANGUAGE}:
            return False
        self._put_by()
        self._is_locked = True
        self._turn_to(Stage.LEFT)
        return True

    def command_volunteer(self) -> None:
        """The volunteer takes the laptop: ask for the PIN."""
        if self._stage in {Stage.PIN, Stage.VOLUNTEER} or self._busy:
            return
        self._put_by()
        self._turn_to(Stage.PIN)

    def _put_by(self) -> None:
        """Keep what was typed, and note the page to return to."""
        if self._take_typed():
            self._keep()
        if self._stage not in {Stage.LEFT, Stage.PIN, Stage.VOLUNTEER}:
            self._before_pin = self._stage

    @in_background
    async def _try_pin(self, typed: str) -> None:
        if not typed:
            return
        self._busy = True
        line = self.query_one(SecretInput)
        try:
            await self.kit_work(lambda kit: unlock(kit, typed), "looking at the PIN")
        except FieldkitError as error:
            self.app.forget_keys()
            line.value = ""
            self._say_problem(" ".join(part for part in (error.message, error.hint) if part))
        else:
            line.value = ""
            self._is_locked = False
            self._turn_to(Stage.VOLUNTEER)
            if self._before_pin is Stage.FAILED:
                self._say_problem(self._failure)
        finally:
            self._busy = False

    @property
    def _volunteer_keys(self) -> str:
        """The digits that decide what becomes of the answers."""
        if self._is_child_alone:
            return "1234"
        return "123" if self._has_open_answers else "12"

    def _volunteer_chose(self, key: str) -> None:
        if self._is_child_alone:
            self._decide_on_child(key)
            return
        is_open = self._has_open_answers
        if key == "3":
            state = self._handed.state
            self._form.values = {}
            self._end("home", lambda kit: hand_over.discard_answers(kit, state))
        elif key == "1" and is_open:
            self._turn_to(self._before_pin, self._form.asked)
        else:
            self._end("next" if key == "1" else "home", lambda kit: None)

    def _decide_on_child(self, key: str) -> None:
        """Decide on the answers of somebody under 16: continue, with a guardian or at the age, or throw them away."""
        state = self._handed.state
        if key == "3":
            self._form.values = {}
            self._end("home", lambda kit: hand_over.discard_answers(kit, state))
        elif key == "4":
            self._turn_to(Stage.QUESTION, AGE)
        else:
            values = self._form.values = hand_over.guardian_is_here(self._form.values)
            if key == "2":
                kept = self._form.state
                self._end("home", lambda kit: hand_over.keep(kit, kept, values))
                return
            if self._form.asked in {AGE, GUARDIAN}:
                self._form.asked = GUARDIAN
                self._turn_to(Stage.QUESTION, self._form.next_name)
            else:
                self._turn_to(Stage.QUESTION, self._form.asked)
            self._keep()

    @in_background
    async def _end(self, how: str, work: Work) -> None:
        self._busy = True

        def both(kit: Kit) -> None:
            work(kit)
            hand_over.end(kit)

        try:
            await self.kit_work(both, "ending the hand-over", saving=True)
        except FieldkitError as error:
            self._busy = False
            self._say_problem(error.message)
            return
        self.app.copy_to_clipboard("")
        self.dismiss(how)
