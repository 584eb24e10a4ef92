"""Logging a mentoring session: earlier actions first, one key each; kept as unfinished while it is typed."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.command import FORM
from fieldkit.commands.table import bindings_for
from fieldkit.errors import FieldkitError
from fieldkit.presentation.mentoring.session_log import (
    TRAVELS_SENTENCE,
    SessionLog,
    check_log,
    private_sentences,
    save_log,
    saved_log,
    session_log,
)
from fieldkit.presentation.model.form_plan import Values
from fieldkit.presentation.saved_texts import BEFORE_SAVING
from fieldkit.presentation.saving import HereAlready
from fieldkit.screens.base.draft_saver import DraftSaver
from fieldkit.screens.base.form_screen import FormScreen
from fieldkit.screens.base.question_help import question_help
from fieldkit.screens.base.screen import in_background
from fieldkit.store.kit import Kit
from fieldkit.store.local.drafts import Draft
from fieldkit.widgets import form_messages
from fieldkit.widgets.form import Form, Leaving
from fieldkit.widgets.plain import plain


class LogScreen(FormScreen):
    """The log of one session. Ends with a sentence about it once it is saved, None if it was left."""

    CSS_PATH = "log_screen.tcss"
    COMMANDS_FOR = FORM
    HELP = (
        "A digit answers and goes on. "
        + TRAVELS_SENTENCE
        + " Esc leaves: the session waits among the unfinished entries."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(FORM)

    def __init__(self, mentorship: str = "", draft: Draft | None = None) -> None:
        """The session of a pair, begun now or continued from the `draft`."""
        super().__init__()
        self._mentorship = mentorship or str(draft.values["mentorship"] if draft else "")
        self._draft = draft
        self._log: SessionLog | None = None
        self._saver: DraftSaver | None = None
        self._saving = False
        self._allowed: list[str] = []

    def body(self) -> ComposeResult:
        yield Static(plain(TRAVELS_SENTENCE), id="where")

    def on_mount(self) -> None:
        self._open()

    @property
    def takes_keys(self) -> bool:
        """Whether a question has the focus and nothing is being saved."""
        return not self._saving and super().takes_keys

    @in_background
    async def _open(self) -> None:
        mentorship, draft = self._mentorship, self._draft
        begun = dict(draft.values) if draft else None

        def read(kit: Kit) -> SessionLog:
            return session_log(kit, mentorship, date.today(), begun)

        try:
            log = await self.kit_work(read, "opening the form")
        except FieldkitError:
            self.dismiss(None)
            raise
        self._log = log
        self._saver = DraftSaver(self.app, self.kit, "session", None, draft.id if draft else "")
        self.app.mentee = log.mentorship
        self.short_title, self.page_title = "Log a session", f"Log a session · {log.title}"
        heading = plain(f"Session with {log.title}", "bold $text")
        if log.same_day:
            heading = Content.assemble(heading, "   ", plain(log.same_day, "bold"))
        self.query_one("#where", Static).update(Content("\n").join([heading, plain(TRAVELS_SENTENCE)]))
        step = min(draft.step, len(log.plan.steps) - 1) if draft else 0
        question = draft.question if draft else ""
        self.query_one("#body").mount(
            Form(log.plan, check=check_log, leaving=self._leaving, step=step, question=question)
        )

    def on_form_step_shown(self, message: form_messages.StepShown) -> None:
        self.page_note = f"{message.title.lower()} · step {message.step + 1} of {message.steps}"

    def on_form_help_wanted(self, message: form_messages.HelpWanted) -> None:
        self.app.push_screen(question_help(message.question, TRAVELS_SENTENCE))

    # Kept while it is typed

    def on_form_changed(self, message: form_messages.Changed) -> None:
        if self._changed(message.values):
            self._keep(message.form, message.values)

    def _keep(self, form: Form, values: Values) -> None:
        assert self._saver is not None
        asked = form.question
        self._saver.keep(values, form.step, asked.name if asked is not None else "", form.letters)

    def _leaving(self, values: Values) -> Leaving:
        """What Esc does with these answers."""
        return "draft" if self._changed(values) else "nothing"

    def _changed(self, values: Values) -> bool:
        """Whether somebody typed anything: a log that was only looked at leaves no unfinished entry."""
        if self._log is None or self._saver is None or self._saving:
            return False
        begun = self._log.plan.values
        return self._saver.stored or any(
            (value or None) != (begun.get(name) or None) for name, value in values.items()
        )

    async def on_form_left(self, message: form_messages.Left) -> None:
        if self._saving:
            return
        if self._changed(message.values):
            assert self._saver is not None
            self._keep(message.form, message.values)
            try:
                await self._saver.flush()
            except Exception:
                return  # the saver shows why; the form stays open so that nothing is lost
        self.dismiss(None)

    async def before_leaving(self) -> None:
        """Store what was typed last."""
        if self.form is not None and self._changed(self.form.values):
            assert self._saver is not None
            self._keep(self.form, self.form.values)
            await self._saver.flush()

    # Saving

    def on_form_submitted(self, message: form_messages.Submitted) -> None:
        if self._saving or self._log is None:
            return
        sentences = private_sentences(message.values)
        if not sentences or sentences == self._allowed:
            self._save(message.values, another=False)
            return

        def save() -> None:
            self._allowed = sentences
            self._save(message.values, another=False)

        self.ask_to_save(BEFORE_SAVING, "\n".join(sentences), save)

    @in_background
    async def _save(self, values: Values, *, another: bool) -> None:
        log, saver = self._log, self._saver
        assert log is not None and saver is not None
        self._saving = True

        def work(kit: Kit) -> str:
            session_id = save_log(kit, log, values, another=another)
            saver.drop()
            return saved_log(kit, session_id)

        try:
            sentence = await self.kit_work(work, "saving", saving=True)
        except FieldkitError as error:
            self._not_saved(error, values)
        else:
            self.dismiss(sentence)

    def _not_saved(self, error: FieldkitError, values: Values) -> None:
        self._saving = False
        if isinstance(error, HereAlready):
            self.ask_to_save(
                "A session of that day is here already",
                str(error),
                partial(self._save, values, another=True),
                save="save it: it is another session",
                back="go back",
            )
        else:
            self.show_why_not_saved(error)
