"""Saving an entry: the reasons not to, what may point to one person, and the save itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fieldkit.errors import FieldkitError, InvalidRecord
from fieldkit.presentation import saving
from fieldkit.presentation.model.form_plan import Values
from fieldkit.presentation.paper.printed_code import CODE
from fieldkit.presentation.saved_texts import BEFORE_SAVING
from fieldkit.presentation.saving import HereAlready, Saved, privacy_warnings, problems
from fieldkit.records.consent import consent_refused
from fieldkit.records.schema.kind import kind
from fieldkit.screens.base.screen import in_background
from fieldkit.screens.entry.entry_texts import private_lines
from fieldkit.screens.entry.saved_page import SavedPage
from fieldkit.store.kit import Kit
from fieldkit.widgets import form_messages


class EntrySaving(SavedPage):
    """How an entry is saved."""

    def on_form_submitted(self, message: form_messages.Submitted) -> None:
        if self._saving or self._entry is None:
            return
        if consent_refused(message.values):
            self.throw_away_or_go_back(message.values)
            return
        answers = self._entry.answered(message.values, self._pages_seen)
        the_kind = kind(self.kind_name)
        if slips := problems(the_kind, self._entry.seen, answers):
            self._not_saved(InvalidRecord(slips))
            return
        pointed_out = {
            name: sentences
            for name, sentences in privacy_warnings(the_kind, answers).items()
            if self._allowed.get(name) != answers.get(name)
        }
        if not pointed_out:
            self._save(answers)
            return

        def save() -> None:
            self._allowed.update({name: answers.get(name) for name in pointed_out})
            self._save(answers)

        def point_out() -> None:
            if self.form is not None:
                self.form.show_warnings(pointed_out)
                self.form.go_to(next(iter(pointed_out)))

        self.ask_to_save(BEFORE_SAVING, private_lines(the_kind, pointed_out), save, otherwise=point_out)

    def _save(self, answers: Values, *, another: bool = False) -> None:
        entry, saver = self._entry, self._saver
        assert entry is not None and saver is not None
        self._saving = True
        kind_name = self.kind_name
        code = str(answers.get(CODE) or "").strip()

        def work(kit: Kit) -> Saved:
            the_kind = kind(kind_name)
            values = saving.canonical(the_kind, answers)
            saved = saving.save(kit, the_kind, entry.seen, values, another=another, printed_code=code)
            saver.drop()
            return saved

        self._store(work)

    @in_background
    async def _store(self, work: Callable[[Kit], Saved]) -> None:
        try:
            saved = await self.kit_work(work, "saving", saving=True)
        except FieldkitError as error:
            self._not_saved(error)
        else:
            self._was_saved(saved)

    def _not_saved(self, error: FieldkitError) -> None:
        self._saving = False
        form = self.form
        if form is not None and self._may_keep(form.values):
            self._keep(form.values, form.step)
        if isinstance(error, HereAlready) and form is not None:
            # A second record of that name is made only if somebody confirms that it is another.
            self.ask_to_save(
                "This name is here already",
                str(error),
                partial(self._save, form.values, another=True),
                save="save it: it is another of that name",
                back="go back",
            )
        elif self.show_why_not_saved(error):
            self._said_why = True

    def throw_away_or_go_back(self, values: Values) -> None:
        """The person said no: ask whether to throw away what was typed."""
        raise NotImplementedError
