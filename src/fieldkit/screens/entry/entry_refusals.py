"""Without consent nothing is kept: what was typed is removed from the kit, and thrown away unless a key slipped."""

from __future__ import annotations

from fieldkit.errors import FieldkitError
from fieldkit.presentation.model.form_plan import YES, Values
from fieldkit.records.consent import RECORD
from fieldkit.records.kinds.monitoring import GUARDIAN
from fieldkit.screens.base.draft_saver import DraftSaver
from fieldkit.screens.base.screen import in_background
from fieldkit.screens.entry.child_alone_box import ChildAlone, ChildAloneBox
from fieldkit.screens.entry.entry_saving import EntrySaving
from fieldkit.screens.entry.entry_texts import THROWN_AWAY, Refusal
from fieldkit.widgets import form_messages
from fieldkit.widgets.dialogs.confirm import Confirm


class EntryRefusals(EntrySaving):
    """How an entry reacts to a no."""

    def on_form_given(self, message: form_messages.Given) -> None:
        refusal = self._refusal(message.form.values)
        if refusal is None or self._saver is None:
            return
        saver = self._saver
        saver.withhold()
        if message.name in {RECORD, GUARDIAN}:
            # The dialog comes once nothing typed is left in the kit: if the program then ends, it leaves no trace.
            self._asking = True
            self._remove(saver, refusal)
        else:
            self._remove(saver, None)

    @in_background
    async def _remove(self, saver: DraftSaver, refusal: Refusal | None) -> None:
        """Remove what was typed from the kit, then ask whether to throw it away, as `refusal` says."""
        try:
            await self.kit_work(lambda _: saver.remove(), "taking what was typed out of the kit")
        except FieldkitError as error:
            if refusal is not None:
                self._ask_to_throw_away(refusal)
            self.app.report(error)
        else:
            if refusal is not None:
                self._ask_to_throw_away(refusal)

    def throw_away_or_go_back(self, values: Values) -> None:
        if (refusal := self._refusal(values)) is not None:
            self._ask_to_throw_away(refusal)

    def _ask_to_throw_away(self, refusal: Refusal) -> None:
        """Nothing of it may be kept: throw away what was typed, unless the answer was a slip."""
        saver = self._saver
        self._asking = False
        if saver is None:
            return
        if refusal.question == GUARDIAN:
            self._ask_for_a_guardian(refusal, saver)
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._throw_away(saver)
            elif self.form is not None:
                self.form.go_to(refusal.question)

        self.app.push_screen(
            Confirm(refusal.title, refusal.text, yes="throw away what was typed", no="go back", careful=True),
            answered,
        )

    def _ask_for_a_guardian(self, refusal: Refusal, saver: DraftSaver) -> None:
        """Somebody under 16 is alone: their entry waits in the form, continues once a guardian is there, or is thrown away."""

        def answered(answer: ChildAlone | None) -> None:
            if answer == "throw away":
                self._throw_away(saver)
                return
            if (form := self.form) is not None:
                form.go_to(GUARDIAN)
                if answer == "guardian":
                    form.set_answer(GUARDIAN, YES)
                    form.go(1)
            if answer == "worried":
                self.command_worried()

        self.app.push_screen(ChildAloneBox(refusal.title, refusal.text), answered)

    def _throw_away(self, saver: DraftSaver) -> None:
        self._saving = True
        self._drop(saver)

    @in_background
    async def _drop(self, saver: DraftSaver) -> None:
        try:
            await self.kit_work(lambda _: saver.drop(), "throwing it away")
        except FieldkitError as error:
            self._not_saved(error)
        else:
            self._saver = None
            self.app.notice(THROWN_AWAY)
            self.dismiss(None)
