"""One form for every kind of record: new, changed, or taken up again where it was left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from fieldkit.commands import FORM, bindings_for
from fieldkit.errors import FieldkitError, InvalidRecord
from fieldkit.presentation.model.form import Option, Values
from fieldkit.screens.base.screen import BaseScreen, in_thread
from fieldkit.screens.entry.draft_saver import DraftKeeper
from fieldkit.screens.entry.texts import (
    HELP_KEYS,
    done,
    help_words,
    kept_without,
    refused,
    told_before_saving,
)
from fieldkit.widgets import told
from fieldkit.widgets.form import Form

if TYPE_CHECKING:
    from fieldkit.presentation.forms import Entry
    from fieldkit.presentation.saving import Saved
    from fieldkit.store.kit import Kit
    from fieldkit.store.local.settings import Draft


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
        self, kind: str = "", record_id: str = "", draft: Draft | None = None, presets: Values | None = None
    ) -> None:
        """A new record of `kind` that begins with `presets`, or the stored `record_id`, or `draft`."""
        super().__init__()
        self.kind_name = draft.kind if draft else kind
        self._record_id = record_id
        self._draft = draft
        self._presets = presets or {}
        self._entry: Entry | None = None
        self._keeper: DraftKeeper | None = None
        self._allowed: dict[str, Any] = {}
        self._saving = False
        self._opening = True
        self._said_why = False
        self._saved_id = ""
        self._code = ""
        """The receipt code that is shown."""

    def body(self) -> ComposeResult:
        yield Static(id="done")

    def on_mount(self) -> None:
        super().on_mount()
        self.run_kit(self._prepare, self._show, what="opening the form", failed=self._not_opened)

    # The form

    @property
    def takes_keys(self) -> bool:
        """Whether a question has the focus, or the page that says what was saved is in view."""
        if self._opening or self._saving:
            return False
        return self.has_class("-done") or (self.form is not None and self.form.takes_keys)

    def _prepare(self, kit: Kit) -> Entry:
        from fieldkit.presentation import forms
        from fieldkit.records.schema.kind import kind

        if self._draft is not None:
            return forms.resumed_entry(kit, self._draft)
        if self._record_id:
            return forms.edit_entry(kit, self._record_id)
        return forms.new_entry(kit, kind(self.kind_name), self._presets)

    def _not_opened(self, error: FieldkitError) -> bool:
        self.dismiss(None)
        self.app.report(error)
        return True

    def _show(self, entry: Entry) -> None:
        self._entry, self.kind_name, self._opening = entry, entry.kind, False
        self._keeper = DraftKeeper(self.app, self.kit, entry.kind, entry.seen, entry.draft_id)
        self._allowed = {}
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
        self._look_again(message.form)

    def on_form_given(self, message: told.Given) -> None:
        self._look_again(message.form)
        if refused({message.name: message.value}):
            self._ask_to_throw_away()

    def _look_again(self, form: Form) -> None:
        """What was said of an answer no longer holds once it is mended, or its page is left."""
        if self._said_why and not form.has_problem:
            self._said_why = False
            self.untell()

    def on_form_changed(self, message: told.Changed) -> None:
        if self._may_keep(message.values):
            assert self._keeper is not None
            self._keeper.keep(message.values, message.step)

    def _may_keep(self, values: Values) -> bool:
        """Whether this is to be kept as unfinished: somebody typed, and the person did not say no."""
        return (
            self._keeper is not None
            and not self._saving
            and not refused(values)
            and self._has_changed(values)
        )

    def _has_changed(self, values: Values) -> bool:
        """Whether somebody typed anything: a form only looked at leaves no draft behind."""
        assert self._entry is not None and self._keeper is not None
        begun = self._entry.begun_with
        return self._keeper.stored or any(
            (values.get(name) or None) != (begun.get(name) or None) for name in {*values, *begun}
        )

    def on_form_help_wanted(self, message: told.HelpWanted) -> None:
        from fieldkit.widgets.dialogs import Help

        self.app.push_screen(Help(message.question.title, help_words(message.question), HELP_KEYS))

    # Links to records that do not exist yet

    def on_form_create_wanted(self, message: told.CreateWanted) -> None:
        name, typed = message.name, message.text
        kind_name = self.kind_name

        def make(kit: Kit) -> Saved:
            from fieldkit.presentation import forms, saving
            from fieldkit.records.schema.kind import kind

            target = kind(kind(kind_name).fields[name].link)
            field = forms.one_line_field(target.name)
            assert field is not None
            return saving.save(kit, target, None, {field: typed})

        def made(saved: Saved) -> None:
            if self.form is not None:
                self.form.set_answer(name, saved.record_id, saved.line)
                self.tell(f"New: {saved.line}. Its other details can be filled in later.")

        self.run_kit(make, made, what="making a new record", saving=True)

    # Without consent nothing is kept

    def _ask_to_throw_away(self) -> None:
        """The person said no: what was typed goes, unless the answer was a slip of the hand."""
        keeper, entry = self._keeper, self._entry
        if keeper is None or entry is None:
            return

        def gone(_: None) -> None:
            self._keeper = None
            self.dismiss(None)

        def answered(yes: bool | None) -> None:
            if yes:
                self._saving = True
                self.run_kit(lambda _: keeper.drop(), gone, what="throwing it away", failed=self._not_saved)

        from fieldkit.widgets.dialogs import Confirm

        self.app.push_screen(
            Confirm(
                "The person said no",
                kept_without(edited=entry.seen is not None),
                yes="throw away what was typed",
                no="go back",
                careful=True,
            ),
            answered,
        )

    # Saving

    def on_form_submitted(self, message: told.Submitted) -> None:
        if self._saving or self._entry is None:
            return
        if refused(message.values):
            self._ask_to_throw_away()
            return
        from fieldkit.presentation.saving import privacy_warnings
        from fieldkit.records.schema.kind import kind

        answers = message.values
        the_kind = kind(self.kind_name)
        found = {
            name: sentences
            for name, sentences in privacy_warnings(the_kind, answers).items()
            if self._allowed.get(name) != answers.get(name)
        }
        if not found:
            self._save(answers)
            return

        def chosen(code: str | None) -> None:
            if code == "save":
                self._allowed.update({name: answers.get(name) for name in found})
                self._save(answers)
            elif self.form is not None:
                self.form.show_warnings(found)
                self._go_to(next(iter(found)))

        from fieldkit.widgets.dialogs import Choose

        self.app.push_screen(
            Choose(
                "Before this is saved",
                [Option("change", "go back and change it"), Option("save", "save it as it is")],
                told_before_saving(the_kind, found),
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

    def _save(self, answers: Values) -> None:
        entry, keeper = self._entry, self._keeper
        assert entry is not None and keeper is not None
        self._saving = True
        kind_name = self.kind_name

        def work(kit: Kit) -> Saved:
            from fieldkit.presentation import saving
            from fieldkit.records.schema.kind import kind

            the_kind = kind(kind_name)
            saved = saving.save(kit, the_kind, entry.seen, saving.canonical(the_kind, answers))
            keeper.drop()
            return saved

        self.run_kit(work, self._was_saved, what="saving", saving=True, failed=self._not_saved)

    def _not_saved(self, error: FieldkitError) -> bool:
        self._saving = False
        form = self.form
        if self._keeper is not None and form is not None:
            self._keeper.keep(form.values, form.step)
        if not isinstance(error, InvalidRecord) or form is None:
            return False
        shown = {name: words for name, words in error.problems.items() if form.asks(name)}
        if shown:
            form.show_problems(shown)
            self.tell(f"Not saved yet: {next(iter(shown.values()))}", "warning")
            self._said_why = True
        return bool(shown)

    def _was_saved(self, saved: Saved) -> None:
        self._saving = False
        self._saved_id, self._code = saved.record_id, saved.code
        entry = self._entry
        self._keeper = None
        if entry is not None and entry.seen is not None:
            self._end_of_edit(saved)
            return
        if (form := self.form) is not None:
            form.remove()
        self.page_title, self.page_note = f"{self._title_of_kind()} · saved", ""
        self.query_one("#done", Static).update(done(saved, self.size.width - 12))
        self.add_class("-done")
        self.set_focus(None)
        self.refresh_bindings()

    def _end_of_edit(self, saved: Saved) -> None:
        if not saved.note:
            self.dismiss(saved.record_id)
            return
        from fieldkit.widgets.dialogs import Message

        self.app.push_screen(
            Message("Saved, without a receipt code", saved.note), lambda _: self.dismiss(saved.record_id)
        )

    def _title_of_kind(self) -> str:
        from fieldkit.records.schema.kind import kind

        return kind(self.kind_name).title

    # Going on and leaving

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] in {"another", "done"}:
            return self.has_class("-done")
        if action == "command" and parameters[0] == "slip":
            return self.has_class("-done") and bool(self._code)
        if action == "command" and parameters[0] == "worried":
            return self.kind_name != "concern"
        return super().check_action(action, parameters)

    def command_another(self) -> None:
        """Record another of the same kind."""
        self._draft, self._record_id, self._opening = None, "", True
        self.run_kit(self._prepare, self._show, what="opening the form")

    def command_slip(self) -> None:
        """Write a slip with the receipt code, to be printed."""
        self.run_worker(self._write_slip(self._code), group="slip", exit_on_error=False)

    async def _write_slip(self, code: str) -> None:
        from fieldkit.screens.base.places import ask_folder

        folder = await ask_folder(self.app, "Where shall the slip go?", "")
        if folder is None:
            return

        def work(kit: Kit) -> str:
            from fieldkit.screens.entry.slips import write_slip

            return str(write_slip(kit, folder, code))

        self.run_kit(
            work,
            lambda path: self.tell(f"slip written to {path}: print it, then throw the file away"),
            what="writing the slip",
        )

    def command_done(self) -> None:
        """Go back."""
        self.dismiss(self._saved_id or None)

    async def on_form_left(self, message: told.Left) -> None:
        keeper = self._keeper
        if keeper is None or self._saving:
            return
        if refused(message.values) and self._has_changed(message.values):
            self._ask_to_throw_away()
            return
        if self._has_changed(message.values):
            keeper.keep(message.values, message.form.step)
            try:
                await keeper.flush()
            except Exception:
                return  # the keeper has said why; the form stays open so that nothing is lost
        self.dismiss(None)

    async def before_leaving(self) -> None:
        """Store what was typed last."""
        form, keeper = self.form, self._keeper
        if form is None or keeper is None or self._saving:
            return
        if refused(form.values):
            await in_thread(keeper.drop)
        elif self._has_changed(form.values):
            keeper.keep(form.values, form.step)
            await keeper.flush()

    def command_worried(self) -> None:
        """Show what to do if somebody may come to harm."""
        self.app.open_screen("worried")
