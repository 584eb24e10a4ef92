"""One form for every kind of record: new, changed, or continued where it was left."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from fieldkit.commands.command import FORM
from fieldkit.commands.table import bindings_for
from fieldkit.errors import FieldkitError
from fieldkit.presentation import forms
from fieldkit.presentation.forms import Entry
from fieldkit.presentation.last_receipt_code import begin_entry
from fieldkit.records.schema.kind import kind
from fieldkit.screens.base.draft_saver import DraftSaver
from fieldkit.screens.base.question_help import question_help
from fieldkit.screens.base.screen import in_background, in_thread
from fieldkit.screens.entry.entry_refusals import EntryRefusals
from fieldkit.screens.entry.linked_records import LinkedRecords
from fieldkit.store.kit import Kit
from fieldkit.widgets import form_messages
from fieldkit.widgets.form import Form


class EntryScreen(EntryRefusals, LinkedRecords):
    """Asks for one record. Ends with the id of the record saved last, None if none was saved."""

    CSS_PATH = "entry.tcss"
    COMMANDS_FOR = FORM
    HELP = (
        "Number keys answer, Enter goes on, Esc leaves; what was typed waits among the unfinished entries. "
        "Every change is stored within a second."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(FORM)
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-roomy")]

    def body(self) -> ComposeResult:
        yield Static(id="done")

    def on_mount(self) -> None:
        self.open_form()

    # The form

    @property
    def takes_keys(self) -> bool:
        """Whether a question has the focus, or the page after a save is in view."""
        if self._opening or self._saving or self._asking:
            return False
        return self.has_class("-done") or super().takes_keys

    @in_background
    async def open_form(self) -> None:
        try:
            self._show(await self.kit_work(self._prepare, "opening the form"))
        except FieldkitError:
            if self._correcting:
                self._opening = False
                self.end_correction()
            else:
                self.dismiss(None)
            raise

    def _prepare(self, kit: Kit) -> Entry:
        if self._correcting:
            return forms.correction(kit, self._saved_id)
        if self._record:
            return forms.edit_entry(kit, self._record)
        if self._draft is None or not self._draft.record_id:
            begin_entry(kit, kind(self.kind_name))
        if self._draft is not None:
            return forms.resumed_entry(kit, self._draft)
        return forms.new_entry(kit, kind(self.kind_name), self._presets)

    def _show(self, entry: Entry) -> None:
        self._entry, self.kind_name, self._opening = entry, entry.kind, False
        self._saver = DraftSaver(self.app, self.kit, entry.kind, entry.seen, entry.draft_id)
        self._allowed, self._pages_seen = {}, set()
        self.remove_class("-done")
        self.short_title, self.page_title = kind(entry.kind).title, entry.plan.title
        self.query_one("#body").mount(
            Form(
                entry.plan,
                check=entry.check,
                leaving=self._leaving,
                step=entry.plan.step_of(self._begins_at) if self._begins_at else entry.step,
                question=self._begins_at or entry.question,
            )
        )
        self.refresh_bindings()

    def on_form_step_shown(self, message: form_messages.StepShown) -> None:
        self.page_note = f"{message.title.lower()} · step {message.step + 1} of {message.steps}" * (
            message.steps > 1
        )
        self._pages_seen.add(message.step)
        self._look_again(message.form)

    def on_form_given(self, message: form_messages.Given) -> None:
        self._look_again(message.form)

    def _look_again(self, form: Form) -> None:
        """The message on an answer goes once the answer is corrected or its page is left."""
        if self._said_why and not form.has_problem:
            self._said_why = False
            self.clear_notice()

    def on_form_changed(self, message: form_messages.Changed) -> None:
        if self._may_keep(message.values):
            assert self._saver is not None
            self._keep(message.values, message.step)

    def on_form_help_wanted(self, message: form_messages.HelpWanted) -> None:
        self.app.push_screen(question_help(message.question))

    # Leaving

    async def on_form_left(self, message: form_messages.Left) -> None:
        saver = self._saver
        if saver is None or self._saving:
            return
        if self._refusal(message.values) is not None and self._has_changed(message.values):
            self.throw_away_or_go_back(message.values)
            return
        if self._has_changed(message.values):
            self._keep(message.values, message.form.step)
            try:
                await saver.flush()
            except Exception:
                return  # the saver shows why; the form stays open so that nothing is lost
        if self._correcting:
            self.end_correction()
        else:
            self.dismiss(None)

    async def before_leaving(self) -> None:
        """Store what was typed last."""
        form, saver = self.form, self._saver
        if form is None or saver is None or self._saving:
            return
        if self._refusal(form.values) is not None:
            saver.withhold()
            await in_thread(saver.remove)
        elif self._has_changed(form.values):
            self._keep(form.values, form.step)
            await saver.flush()
