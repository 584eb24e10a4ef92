"""One form for every kind of record: new, changed, or taken up again where it was left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from fieldkit.commands import FORM, bindings_for, key_of
from fieldkit.errors import FieldkitError, InvalidRecord
from fieldkit.presentation import forms, saving
from fieldkit.presentation.forms import Entry
from fieldkit.presentation.last_receipt_code import STAYS, begin_entry
from fieldkit.presentation.model.form_plan import Option, Values
from fieldkit.presentation.name_consent import name_consent
from fieldkit.presentation.saving import HereAlready, Saved, privacy_warnings, problems
from fieldkit.records.consent import RECORD, said_no
from fieldkit.records.schema.kind import kind
from fieldkit.screens.base.draft_saver import DraftSaver
from fieldkit.screens.base.keep_name import TYPED, KeepName
from fieldkit.screens.base.receipt_code_box import (
    HASTY_KEYS,
    ReceiptCodeBox,
    note_handed_over,
    write_slip_where_asked,
)
from fieldkit.screens.base.screen import BaseScreen, in_background, in_thread
from fieldkit.screens.entry.entry_texts import (
    HELP_KEYS,
    Refusal,
    done,
    help_words,
    refusal,
    told_before_saving,
)
from fieldkit.store.kit import Kit
from fieldkit.store.local.drafts import Draft
from fieldkit.widgets import told
from fieldkit.widgets.dialogs import Choose, Confirm, Help, Message
from fieldkit.widgets.form import Form


class EntryScreen(BaseScreen):
    """Asks for one record. Ends with the id of the record that was saved last, None if none was."""

    CSS_PATH = "entry.tcss"
    COMMANDS_FOR = FORM
    HELP = (
        "Number keys answer, Enter goes on, Esc leaves; what was typed waits among the unfinished entries. "
        "Every change is stored within a second."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(FORM)

    def __init__(
        self, kind: str = "", record: str = "", draft: Draft | None = None, presets: Values | None = None
    ) -> None:
        """A new record of `kind` that begins with `presets`, or the stored `record` (id or `kind:id`), or `draft`."""
        super().__init__()
        self.kind_name = draft.kind if draft else kind
        self._record = record
        self._draft = draft
        self._presets = presets or {}
        self._entry: Entry | None = None
        self._saver: DraftSaver | None = None
        self._allowed: dict[str, Any] = {}
        self._saving = False
        self._opening = True
        self._asking = False
        """Whether a box with a question about consent is on its way or in view."""
        self._said_why = False
        self._pages_seen: set[int] = set()
        self._saved_id = ""
        self._code = ""
        """The receipt code that is shown."""

    def body(self) -> ComposeResult:
        yield Static(id="done")

    def on_mount(self) -> None:
        super().on_mount()
        self._open()

    # The form

    @property
    def takes_keys(self) -> bool:
        """Whether a question has the focus, or the page that says what was saved is in view."""
        if self._opening or self._saving or self._asking:
            return False
        return self.has_class("-done") or (self.form is not None and self.form.takes_keys)

    @in_background
    async def _open(self) -> None:
        try:
            self._show(await self.kit_work(self._prepare, "opening the form"))
        except FieldkitError:
            self.dismiss(None)
            raise

    def _prepare(self, kit: Kit) -> Entry:
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
        self.page_title = entry.plan.title
        self.query_one("#body").mount(Form(entry.plan, check=entry.check, step=entry.step))
        self.refresh_bindings()

    @property
    def form(self) -> Form | None:
        """The form in view, None before it has come and after it was saved."""
        return next(iter(self.query(Form)), None)

    def on_form_step_shown(self, message: told.StepShown) -> None:
        self.page_note = f"{message.title.lower()} · step {message.step + 1} of {message.steps}" * (
            message.steps > 1
        )
        self._pages_seen.add(message.step)
        self._look_again(message.form)

    def on_form_given(self, message: told.Given) -> None:
        self._look_again(message.form)
        found = self._refusal(message.form.values)
        if found is None or self._saver is None:
            return
        saver = self._saver
        saver.withhold()
        if message.name in {RECORD, "guardian_present"}:
            # The box comes once nothing is left of what was typed: whatever ends the program then ends it without a trace.
            self._asking = True
            self._remove(saver, found)
        else:
            self._remove(saver, None)

    @in_background
    async def _remove(self, saver: DraftSaver, found: Refusal | None) -> None:
        """Take what was typed out of the kit, then ask whether to throw it away as `found` says."""
        try:
            await self.kit_work(lambda _: saver.remove(), "taking what was typed out of the kit")
        except FieldkitError as error:
            if found is not None:
                self._ask_to_throw_away(found)
            self.app.report(error)
        else:
            if found is not None:
                self._ask_to_throw_away(found)

    def _refusal(self, values: Values) -> Refusal | None:
        """Why nothing of these answers may be kept, None where it may."""
        return refusal(values, edited=self._entry is not None and self._entry.seen is not None)

    def _look_again(self, form: Form) -> None:
        """What was said of an answer no longer holds once it is mended, or its page is left."""
        if self._said_why and not form.has_problem:
            self._said_why = False
            self.untell()

    def on_form_changed(self, message: told.Changed) -> None:
        if self._may_keep(message.values):
            assert self._saver is not None
            self._keep(message.values, message.step)

    def _keep(self, values: Values, step: int) -> None:
        """Keep the answers so far as unfinished."""
        assert self._entry is not None and self._saver is not None
        self._saver.keep(self._entry.answered(values, self._pages_seen), step)

    def _may_keep(self, values: Values) -> bool:
        """Whether this is to be kept as unfinished: somebody typed, and the person did not say no."""
        return (
            self._saver is not None
            and not self._saving
            and self._refusal(values) is None
            and self._has_changed(values)
        )

    def _has_changed(self, values: Values) -> bool:
        """Whether somebody typed anything: a form only looked at leaves no draft behind."""
        assert self._entry is not None and self._saver is not None
        begun = self._entry.begun_with
        return self._saver.stored or any(
            (values.get(name) or None) != (begun.get(name) or None) for name in {*values, *begun}
        )

    def on_form_help_wanted(self, message: told.HelpWanted) -> None:
        self.app.push_screen(Help(message.question.title, help_words(message.question), HELP_KEYS))

    # Links to records that do not exist yet

    def on_form_create_wanted(self, message: told.CreateWanted) -> None:
        name, typed = message.name, message.text

        if forms.link_asks_consent(self.kind_name, name):
            self._asking = True
            self._ask_consent(name, typed)
        else:
            self._make_linked(name, typed, {})

    @in_background
    async def _ask_consent(self, name: str, typed: str) -> None:
        """Whether the person named `typed` agrees to be known by name; then make the record."""
        try:
            consent = await self.kit_work(name_consent, "asking for consent")
        except FieldkitError:
            self._asking = False
            raise

        def answered(answer: str | None) -> None:
            self._asking = False
            if answer == "yes":
                self._make_linked(name, typed, consent.values)
                return
            if answer == "no":
                self.tell("The name was not kept. Only people who agree are known by name.")
            if self.form is not None:
                # Whoever went back, or typed on instead of answering, goes on with the name where they left it.
                more = (answer or "").removeprefix(TYPED)
                self.form.type_into(name, "" if answer == "no" else typed + more)

        self.app.push_screen(KeepName(typed, consent.words, no="no, keep nothing"), answered)

    @in_background
    async def _make_linked(self, name: str, typed: str, consent: Values) -> None:
        """Make the record that the link `name` is to point to, from one line and what its person agreed to."""
        kind_name = self.kind_name

        def make(kit: Kit) -> Saved:
            target = kind(kind(kind_name).fields[name].link)
            field = forms.one_line_field(target.name)
            assert field is not None
            return saving.save(kit, target, None, {field: typed, **consent})

        saved = await self.kit_work(make, "making a new record", saving=True)
        if self.form is not None:
            self.form.set_answer(name, saved.record_id, saved.line)
            self.tell(f"New: {saved.line}. Its other details can be filled in later.")
        if saved.code:
            self.app.push_screen(ReceiptCodeBox(saved.code, saved.line))

    # Without consent nothing is kept

    def _throw_away_or_go_back(self, values: Values) -> None:
        if (found := self._refusal(values)) is not None:
            self._ask_to_throw_away(found)

    def _ask_to_throw_away(self, found: Refusal) -> None:
        """Nothing of it may be kept: what was typed goes, unless the answer was a slip of the hand."""
        saver = self._saver
        self._asking = False
        if saver is None:
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._saving = True
                self._drop(saver)

        self.app.push_screen(
            Confirm(found.title, found.words, yes="throw away what was typed", no="go back", careful=True),
            answered,
        )

    @in_background
    async def _drop(self, saver: DraftSaver) -> None:
        try:
            await self.kit_work(lambda _: saver.drop(), "throwing it away")
        except FieldkitError as error:
            self._not_saved(error)
        else:
            self._saver = None
            self.dismiss(None)

    # Saving

    def on_form_submitted(self, message: told.Submitted) -> None:
        if self._saving or self._entry is None:
            return
        if said_no(message.values):
            self._throw_away_or_go_back(message.values)
            return
        answers = self._entry.answered(message.values, self._pages_seen)
        the_kind = kind(self.kind_name)
        if found := problems(the_kind, self._entry.seen, answers):
            self._not_saved(InvalidRecord(found))
            return
        pointed_out = {
            name: sentences
            for name, sentences in privacy_warnings(the_kind, answers).items()
            if self._allowed.get(name) != answers.get(name)
        }
        if not pointed_out:
            self._save(answers)
            return

        def chosen(code: str | None) -> None:
            if code == "save":
                self._allowed.update({name: answers.get(name) for name in pointed_out})
                self._save(answers)
            elif self.form is not None:
                self.form.show_warnings(pointed_out)
                self._go_to(next(iter(pointed_out)))

        self.app.push_screen(
            Choose(
                "Before this is saved",
                [Option("change", "go back and change it"), Option("save", "save it as it is")],
                told_before_saving(the_kind, pointed_out),
            ),
            chosen,
        )

    def _go_to(self, name: str) -> None:
        form = self.form
        if form is None:
            return
        for number, step in enumerate(form.plan.steps):
            if any(question.name == name for question in step.fields):
                form.show_step(number)

    def _save(self, answers: Values, *, another: bool = False) -> None:
        entry, saver = self._entry, self._saver
        assert entry is not None and saver is not None
        self._saving = True
        kind_name = self.kind_name

        def work(kit: Kit) -> Saved:
            the_kind = kind(kind_name)
            values = saving.canonical(the_kind, answers)
            saved = saving.save(kit, the_kind, entry.seen, values, another=another)
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
            self._ask_whether_another(error, form.values)
            return
        problems = error.problems if isinstance(error, InvalidRecord) and form is not None else {}
        shown = {name: words for name, words in problems.items() if form is not None and form.asks(name)}
        if not shown or form is None:
            self.app.report(error)
        else:
            form.show_problems(shown)
            # The form goes to the first of them, so that is the reason to give.
            asked = [question.name for step in form.plan.steps for question in step.fields]
            self.tell(f"Not saved yet: {shown[min(shown, key=asked.index)]}", "warning")
            self._said_why = True

    def _ask_whether_another(self, error: FieldkitError, answers: Values) -> None:
        """One of that name is recorded: a second is made only by somebody who says that it is another."""

        def chosen(code: str | None) -> None:
            if code == "save":
                self._save(answers, another=True)

        self.app.push_screen(
            Choose(
                "This name is here already",
                [Option("change", "go back"), Option("save", "save it: it is another of that name")],
                str(error),
            ),
            chosen,
        )

    def _was_saved(self, saved: Saved) -> None:
        self._saving = False
        self._saved_id, self._code = saved.record_id, saved.code
        entry = self._entry
        self._saver = None
        if entry is not None and entry.seen is not None:
            self._end_of_edit(saved)
            return
        if (form := self.form) is not None:
            form.remove()
        self.page_title, self.page_note = f"{self._title_of_kind()} · saved", ""
        self.query_one("#done", Static).update(done(saved, self.size.width - 12))
        self.add_class("-done")
        self.set_focus(None)
        if saved.code:
            self.app.forget_keys()  # typed before the code was in view, they must not close its page
        self.refresh_bindings()

    def on_key(self, event: events.Key) -> None:
        """Keys that a hand presses without looking leave a receipt code where it is."""
        if self.has_class("-done") and self._code and event.key in HASTY_KEYS:
            event.stop()
            self.tell(STAYS.format(key_of("has-code", FORM)))

    def _end_of_edit(self, saved: Saved) -> None:
        if not saved.note:
            self.dismiss(saved.record_id)
            return
        self.app.push_screen(
            Message("Saved, without a receipt code", saved.note), lambda _: self.dismiss(saved.record_id)
        )

    def _title_of_kind(self) -> str:
        return kind(self.kind_name).title

    # Going on and leaving

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] == "another":
            return self.has_class("-done")
        if action == "command" and parameters[0] == "done":
            return self.has_class("-done") and not self._code
        if action == "command" and parameters[0] in {"slip", "has-code"}:
            return self.has_class("-done") and bool(self._code)
        if action == "command" and parameters[0] == "worried":
            return self.kind_name != "concern"
        return super().check_action(action, parameters)

    def command_another(self) -> None:
        """Record another of the same kind."""
        self._draft, self._record, self._opening, self._code = None, "", True, ""
        self._open()

    @in_background
    async def command_slip(self) -> None:
        """Write a slip with the receipt code, to be printed."""
        if sentence := await write_slip_where_asked(self.app, self._code):
            self.tell(sentence)

    def command_has_code(self) -> None:
        """The person has the receipt code: go back."""
        self._saving = True
        note_handed_over(self.app, self, self._code, lambda: self.dismiss(self._saved_id or None))

    def command_done(self) -> None:
        """Go back."""
        self.dismiss(self._saved_id or None)

    async def on_form_left(self, message: told.Left) -> None:
        saver = self._saver
        if saver is None or self._saving:
            return
        if self._refusal(message.values) is not None and self._has_changed(message.values):
            self._throw_away_or_go_back(message.values)
            return
        if self._has_changed(message.values):
            self._keep(message.values, message.form.step)
            try:
                await saver.flush()
            except Exception:
                return  # the saver has said why; the form stays open so that nothing is lost
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

    def command_worried(self) -> None:
        """Show what to do if somebody may come to harm."""
        self.app.open_screen("worried")
