"""Entering a pile of paper, sheet after sheet: the same questions and keys as at the stall."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.command import STACK
from fieldkit.commands.table import bindings_for, commands_for, key_of, with_keys
from fieldkit.errors import FieldkitError, InvalidRecord
from fieldkit.presentation import saving
from fieldkit.presentation.forms import Entry
from fieldkit.presentation.model.form_plan import Option, Values, is_empty
from fieldkit.presentation.paper import pile_sheets as sheets
from fieldkit.presentation.paper import piles
from fieldkit.presentation.paper.piles import Pile
from fieldkit.presentation.paper.printed_code import CODE
from fieldkit.presentation.people.person_joins import DIFFERENT, NOT_SURE
from fieldkit.presentation.stall.known_people import KnownPeople
from fieldkit.records.consent import consent_refused
from fieldkit.records.schema.kind import kind
from fieldkit.screens.base.draft_saver import DraftSaver
from fieldkit.screens.base.question_help import question_help
from fieldkit.screens.base.screen import in_background, in_thread
from fieldkit.screens.paper.pile_tally import pile_tally
from fieldkit.screens.paper.sheet_screen import SheetScreen
from fieldkit.store.kit import Kit
from fieldkit.widgets import form_messages
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.dialogs.message_box import Message
from fieldkit.widgets.form import Form
from fieldkit.widgets.key_hints import key_name
from fieldkit.widgets.plain import plain

_OWN = {"command('copy')", "command('doubtful')"}
_READ_FIRST = "Enter what is ticked on the sheet. With nothing ticked, answer no: nothing of it is kept."
_WAYS = (("copy", "as on the sheet above"), ("doubtful", "come back later"))
"""Keys of the pile, shown above the sheet: the bottom line shows those of the question."""


class StackScreen(SheetScreen):
    """One sheet of a pile in view."""

    CSS_PATH = "stack_screen.tcss"
    COMMANDS_FOR = STACK
    HELP = (
        "The questions of the sheet, with the digits printed on it. A sheet that can't be read is marked and come back to. "
        "Nothing is kept of a sheet without a yes."
    )
    # Before those of the text area, which uses function keys otherwise.
    BINDINGS: ClassVar[list[BindingType]] = [
        replace(binding, priority=binding.action in _OWN) for binding in bindings_for(STACK)
    ]

    def __init__(self, pile_id: str, *, doubtful: bool = False) -> None:
        """The pile where it was left; with `doubtful`, its waiting sheets."""
        super().__init__(pile_id)
        self._doubtful = doubtful
        self._above: Values = {}
        self._people = KnownPeople()
        self._last = ""
        """The result of the previous sheet, with its receipt code."""
        self._allowed: dict[str, Any] = {}

    def body(self) -> ComposeResult:
        yield Static(id="tally")
        yield Static(id="ways")
        yield Static(id="last")

    def on_mount(self) -> None:
        self._open()

    @property
    def takes_keys(self) -> bool:
        """Whether a question has the focus."""
        return not self._busy and super().takes_keys

    # A sheet comes

    @in_background
    async def _open(self, sentence: str = "") -> None:
        """Show the next sheet, with a sentence on the one before; messages on its answers are removed."""
        try:
            pile, draft_id, entry, above = await self.kit_work(self._next, "opening the sheet")
        except FieldkitError:
            self.dismiss(None)
            raise
        self._pile, self._entry, self._above = pile, entry, above
        if self.form is not None:
            self.clear_notice()
            if sentence:
                self.show_notice(sentence)
        self._seen, self._allowed = set(), {}
        if entry is None:
            await self._end(pile)
            return
        if not self._last and (
            above_it := await self.kit_work(lambda kit: sheets.sheet_above(kit, pile), "reading the code")
        ):
            self._show_last(f"{pile.last_sheet}: {above_it}")
        self._saver = DraftSaver(self.app, self.kit, pile.sheets_of, None, entry.draft_id or draft_id)
        self._saver.stored = bool(entry.draft_id)
        await self.query(Form).remove()
        await self.query_one("#body").mount(
            Form(
                entry.plan,
                check=entry.check,
                leaving=lambda _: "pile",
                step=entry.step,
                question=entry.question,
                ask_first=_READ_FIRST,
            )
        )
        self._busy = False
        self._draw(draft_id)
        self.refresh_bindings()

    def _next(self, kit: Kit) -> tuple[Pile, str, Entry | None, Values]:
        """The sheet to show: a waiting one, the one that was left, or the next; None once the pile is finished."""
        pile = piles.after_a_kill(kit, piles.pile_of(kit, self._pile_id))
        draft_id = pile.draft
        if self._doubtful or (pile.is_through and not draft_id):
            draft_id = next(iter(pile.doubtful), "") if self._doubtful or pile.doubtful else ""
            if not draft_id:
                return pile, "", None, {}
        draft = piles.draft_of(kit, draft_id) if draft_id else None
        return pile, draft_id, sheets.sheet_entry(kit, pile, draft), sheets.above(kit, pile, draft_id)

    def _draw(self, draft_id: str = "") -> None:
        pile = self._pile
        if pile is None:
            return
        number = pile.number_of(draft_id)
        self.short_title = f"{pile.unit.capitalize()} {number:,} of {pile.sheets:,}"
        self.page_title = f"{self.short_title} · {piles.TITLES[pile.sheets_of].lower()}"
        self.query_one("#tally", Static).update(pile_tally(pile, self.size.width - 4))
        ways = [
            (key_name(key_of(id, STACK)), label)
            for id, label in _WAYS
            if self._command(id) is not None and (id != "copy" or sheets.is_last_above(pile, draft_id))
        ]
        drawn_ways = [part for key, label in ways for part in ((key, "bold $accent"), f" {label}   ")]
        self.query_one("#ways", Static).update(Content.assemble(*drawn_ways))

    def on_resize(self) -> None:
        self._draw(self._draft_id)

    # What is typed

    def on_form_step_shown(self, message: form_messages.StepShown) -> None:
        self._seen.add(message.step)
        self.page_note = f"{message.title.lower()} · {message.step + 1} of {message.steps}" * (
            message.steps > 1
        )

    def on_form_given(self, message: form_messages.Given) -> None:
        saver, pile = self._saver, self._pile
        if saver is None or pile is None or self._busy or self._may_keep(message.form.values):
            return
        values = message.form.values
        saver.withhold()
        if pile.sheets_of == "feedback" and consent_refused(values):
            self._busy = True
            self._refuse("No consent on this sheet", "Nothing of it is kept. It counts as a sheet.")
        elif saver.stored:
            self._take_out(saver)

    @in_background
    async def _refuse(self, title: str, text: str) -> None:
        """Nothing of this sheet may be kept: count it, unless a key slipped."""
        saver = self._saver
        assert saver is not None
        await self.kit_work(lambda _: saver.remove(), "taking what was typed out of the kit")
        if await self.app.push_screen_wait(Confirm(title, text, yes="next sheet", no="go back")):
            await self.kit_work(
                lambda kit: piles.sheet_refused(kit, self._pile_id, saver.id),
                "counting the sheet",
                saving=True,
            )
            self._open()
        else:
            self._busy = False

    # Keys of its own

    def _command(self, id: str) -> Callable[[], Awaitable[None] | None] | None:
        return None if id == "copy" and self._is_first else super()._command(id)

    @property
    def _is_first(self) -> bool:
        """Whether there is no sheet above this one."""
        return self._pile is None or self._pile.number_of(self._draft_id) == 1

    @property
    def _draft_id(self) -> str:
        """The draft of the sheet in view, "" before it has one."""
        return self._saver.id if self._saver is not None else ""

    def command_copy(self) -> None:
        """Answer the question in view as on the sheet above."""
        form, pile = self.form, self._pile
        question = form.question if form is not None else None
        if form is None or question is None or pile is None:
            return
        value = self._above.get(question.name)
        if question.name in sheets.NEVER_COPIED:
            self.show_notice("That is each person's own: read it on this sheet.", "warning")
        elif not sheets.is_last_above(pile, self._draft_id):
            self.show_notice(
                f"The last {pile.unit} entered is {pile.unit} {pile.last_number:,}."
                if pile.last_number
                else f"The {pile.unit} above is not entered.",
                "warning",
            )
        elif is_empty(value):
            self.show_notice("The sheet above has no answer here.", "warning")
        else:
            form.set_answer(question.name, value)
            form.action_go_on()

    @in_background
    async def command_doubtful(self) -> None:
        """Mark this sheet to come back to, and go on."""
        form, saver, entry = self.form, self._saver, self._entry
        if form is None or saver is None or entry is None or self._busy:
            return
        self._busy = True
        keeps = self._may_keep(form.values)
        if keeps:
            self._keep_draft(form, form.values, form.step)
            await saver.flush()
        else:
            saver.withhold()
            await in_thread(saver.remove)
        marked = await self.kit_work(
            lambda kit: piles.sheet_doubtful(kit, self._pile_id, saver.id, is_kept=keeps),
            "marking the sheet",
            saving=True,
        )
        sentence = f"{marked.unit.capitalize()} {marked.doubtful[saver.id]:,} is marked. You can come back to it later."
        if self._doubtful or marked.is_through:
            self.app.notice(sentence)
            self.dismiss(None)
        else:
            self._open(sentence)

    # Saving

    def on_form_submitted(self, message: form_messages.Submitted) -> None:
        pile, entry = self._pile, self._entry
        if self._busy or pile is None or entry is None:
            return
        answers = entry.answered(message.values, self._seen)
        if reason := sheets.refusal(pile, answers):
            self._busy = True
            self._refuse("Nothing of this sheet may be kept", reason)
            return
        the_kind = kind(pile.sheets_of)
        if pile.sheets_of == "feedback":
            if slips := saving.problems(the_kind, None, {**answers, CODE: None}):
                self.show_why_not_saved(InvalidRecord(slips))
                return
            pointed_out = {
                name: sentences
                for name, sentences in saving.privacy_warnings(the_kind, answers).items()
                if self._allowed.get(name) != answers.get(name)
            }
            if pointed_out:
                self._allowed |= {name: answers.get(name) for name in pointed_out}
                message.form.show_warnings(pointed_out)
                self.show_notice("This may point to one person. Change it, or save once more.", "warning")
                return
        self._busy = True
        self._store(answers)

    @in_background
    async def _store(self, answers: Values) -> None:
        pile, saver = self._pile, self._saver
        assert pile is not None and saver is not None
        try:
            who = await self._which_person(pile, answers)
            if who is None:
                self._busy = False
                return
            stored = await self.kit_work(
                lambda kit: _store(kit, pile, saver, answers, who), "saving", saving=True
            )
        except FieldkitError as error:
            self._busy = False
            self.show_why_not_saved(error)
            return
        # The notice stays until the next sheet is stored: writing down a receipt code takes a while.
        self._show_last(f"{pile.unit.capitalize()} {pile.number_of(saver.id):,}: {stored.sentence}")
        self._open()

    def _show_last(self, sentence: str) -> None:
        self._last = sentence
        self.query_one("#last", Static).update(plain(sentence, "bold"))

    async def _end(self, pile: Pile) -> None:
        """Leave a finished pile; the receipt code of its last sheet stays in view until somebody closes it."""
        if self._last:
            self.app.forget_keys()  # typed before the code was in view, they must not close its box
            text = f"{self._last}\n\n{with_keys('{everywhere[last-code]} shows the code again.')}"
            done = f"Every {pile.unit} is entered" if pile.is_done else "The end of the pile"
            await self.app.push_screen_wait(Message(done, text if pile.last else self._last))
        self.dismiss(None)

    async def _which_person(self, pile: Pile, answers: Mapping[str, Any]) -> sheets.SheetPerson | None:
        """The person that a line means, None if somebody went back."""
        if pile.sheets_of != "person":
            return sheets.SheetPerson()
        alike = await self.kit_work(
            lambda kit: sheets.people_alike(kit, self._people, answers), "looking for the name"
        )
        if not alike:
            return sheets.SheetPerson()
        options = [Option(match.person_id, match.line) for match in alike]
        chosen: str | None = await self.app.push_screen_wait(
            Choose(
                "Is it one of these people?",
                [*options, Option(DIFFERENT, "no, a new person"), Option(NOT_SURE, "not sure")],
                str(answers.get("name") or ""),
            )
        )
        if chosen in {DIFFERENT, NOT_SURE}:
            return sheets.SheetPerson("", [match.person_id for match in alike], chosen, self.app.me)
        return sheets.SheetPerson(chosen) if chosen else None

    # Leaving

    async def on_form_left(self) -> None:
        if self._busy:
            return
        await self.before_leaving()
        if self._last:
            self.app.notice(self._last)
        self.dismiss(None)

    def on_form_help_wanted(self, message: form_messages.HelpWanted) -> None:
        keys = [(command.shown_keys, command.help) for command in commands_for(STACK)]
        self.app.push_screen(question_help(message.question, keys=keys))


def _store(
    kit: Kit, pile: Pile, saver: DraftSaver, answers: Values, who: sheets.SheetPerson
) -> sheets.Stored:
    """Store a sheet, note it, then forget its draft: if the program ends in between, the sheet is not entered twice."""
    if pile.draft != saver.id:
        piles.sheet_begun(kit, pile.id, saver.id)
    stored = sheets.store_sheet(kit, pile, answers, who)
    if stored.record_id:
        piles.sheet_entered(kit, pile.id, saver.id, stored.record_id)
    else:
        piles.sheet_refused(kit, pile.id, saver.id)
    saver.drop()
    piles.sheet_begun(kit, pile.id, "")
    return stored
