"""What is kept of a sheet of paper while it is typed: as at the stall, only after a yes, and removed again after a no."""

from __future__ import annotations

from fieldkit.presentation.forms import Entry
from fieldkit.presentation.model.form_plan import Values
from fieldkit.presentation.paper import pile_sheets as sheets
from fieldkit.presentation.paper import piles
from fieldkit.presentation.paper.piles import Pile
from fieldkit.records.consent import consent_given
from fieldkit.screens.base.draft_saver import DraftSaver
from fieldkit.screens.base.form_screen import FormScreen
from fieldkit.screens.base.screen import in_background, in_thread
from fieldkit.widgets import form_messages
from fieldkit.widgets.form import Form


class SheetScreen(FormScreen):
    """The sheet in view and its draft; subclasses decide how sheets come and go."""

    def __init__(self, pile_id: str) -> None:
        super().__init__()
        self._pile_id = pile_id
        self._pile: Pile | None = None
        self._entry: Entry | None = None
        self._saver: DraftSaver | None = None
        self._seen: set[int] = set()
        """The pages that were in view."""
        self._busy = True
        """Whether a sheet is being opened or stored, or a dialog about it is in view."""

    def on_form_changed(self, message: form_messages.Changed) -> None:
        if self._saver is not None and not self._busy and self._may_keep(message.values):
            self._keep(message.form, message.values, message.step)

    def _keep(self, form: Form, values: Values, step: int) -> None:
        assert self._saver is not None and self._pile is not None
        self._keep_draft(form, values, step)
        if self._pile.draft != self._saver.id and self._saver.id not in self._pile.doubtful:
            self._note_begun(self._saver.id)

    def _keep_draft(self, form: Form, values: Values, step: int) -> None:
        assert self._entry is not None and self._saver is not None
        asked, answered = form.question, self._entry.answered(values, self._seen)
        self._saver.keep(answered, step, asked.name if asked else "", form.letters)

    @in_background
    async def _note_begun(self, draft_id: str) -> None:
        self._pile = await self.kit_work(
            lambda kit: piles.sheet_begun(kit, self._pile_id, draft_id), "noting the sheet", saving=True
        )

    def _may_keep(self, values: Values) -> bool:
        """Whether this may be kept as unfinished: there is a yes, nothing in it forbids that, and somebody typed."""
        if self._entry is None or self._pile is None or not consent_given(values):
            return False
        if sheets.refusal(self._pile, values):
            return False
        begun = self._entry.begun_with
        return any((values.get(name) or None) != (begun.get(name) or None) for name in {*values, *begun})

    @in_background
    async def _take_out(self, saver: DraftSaver) -> None:
        await self.kit_work(lambda _: saver.remove(), "taking what was typed out of the kit")

    async def before_leaving(self) -> None:
        """Store what was typed last, if it may be kept; otherwise remove the draft."""
        form, saver, entry = self.form, self._saver, self._entry
        if form is None or saver is None or entry is None or self._busy:
            return
        if self._may_keep(form.values):
            self._keep(form, form.values, form.step)
            await saver.flush()
        else:
            saver.withhold()
            await in_thread(saver.remove)
