"""The page after a save: what was saved, the receipt code in large letters, and what comes next."""

from __future__ import annotations

from textual import events
from textual.widgets import Static

from fieldkit.commands.command import FORM
from fieldkit.commands.form_commands import ONCE_SAVED
from fieldkit.commands.table import commands_for, key_of
from fieldkit.presentation.exchange.withdrawals import withdraw
from fieldkit.presentation.last_receipt_code import STAYS
from fieldkit.presentation.record_names import named
from fieldkit.presentation.saved_texts import ENTRY_SAVED, WITHOUT_CODE, saved_sentence
from fieldkit.presentation.saving import Saved
from fieldkit.records.schema.kind import kind
from fieldkit.screens.base.receipt_code_box import HASTY_KEYS, note_handed_over, write_slip_where_asked
from fieldkit.screens.base.screen import in_background
from fieldkit.screens.entry.entry_state import EntryState
from fieldkit.screens.entry.entry_texts import done, withdrawn
from fieldkit.text import capitalised, ended
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.dialogs.message_box import Help, Message

_OF_THE_FORM = frozenset({"more", "language", "mask", "go-to", "save", "draft"})
"""Commands with no use once the entry is saved."""
_AFTER_CODE_HELP = f"{ENTRY_SAVED} Write the receipt code on the person's slip: it lets them withdraw it."
_AFTER_A_CODE = frozenset({"slip", "has-code", "withdraw"})


class SavedPage(EntryState):
    """What an entry does once it is saved."""

    def _was_saved(self, saved: Saved) -> None:
        self._saving = False
        entry = self._entry
        self._saver = None
        if self._correcting:
            self._corrected(saved)
            return
        if entry is not None and entry.seen is not None:
            self._end_of_edit(saved)
            return
        if self._brief and not saved.code:
            self._end_of_edit(saved)
            return
        self._saved = saved
        self._show_saved()

    def _show_saved(self) -> None:
        """Show what was saved, in place of the form."""
        assert self._saved is not None
        if (form := self.form) is not None:
            form.remove()
        self.short_title, self.page_title, self.page_note = "", f"{kind(self.kind_name).title} · saved", ""
        self.add_class("-done")
        self._draw_saved()
        self.set_focus(None)
        if self._saved.code:
            self.app.forget_keys()  # typed before the code was in view, they must not close its page
        self.refresh_bindings()

    def _draw_saved(self) -> None:
        if self._saved is not None and self.has_class("-done"):
            self.query_one("#done", Static).update(done(self._saved, self.size.width - 8))

    def on_resize(self) -> None:
        self._draw_saved()

    @property
    def _code(self) -> str:
        """The receipt code that is shown."""
        return self._saved.code if self._saved is not None else ""

    @property
    def _saved_id(self) -> str:
        return self._saved.record_id if self._saved is not None else ""

    def on_key(self, event: events.Key) -> None:
        """Keys that people press without looking do not close a receipt code."""
        if self.has_class("-done") and self._code and event.key in HASTY_KEYS:
            event.stop()
            self.show_notice(STAYS.format(key_of("has-code", FORM)))

    def _end_of_edit(self, saved: Saved) -> None:
        if not saved.note:
            the_kind = kind(self.kind_name)
            # A line of what stays on this laptop holds private text, and the person it is about may sit beside it.
            line = saved.short_line if the_kind.shared else the_kind.title
            sentence = saved_sentence(named(the_kind, line))
            self.app.notice(f"{ended(sentence)} {saved.next_step}" if saved.next_step else sentence)
            self.dismiss(saved.record_id)
            return
        self.app.push_screen(Message(WITHOUT_CODE, saved.note), lambda _: self.dismiss(saved.record_id))

    # What comes next

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        name = str(parameters[0]) if action == "command" else ""
        if name == "another":
            return self.has_class("-done")
        if name == "correct":
            return self.has_class("-done") and bool(self._saved_id)
        if name == "done":
            return self.has_class("-done") and not self._code
        if name in _AFTER_A_CODE:
            return self.has_class("-done") and bool(self._code)
        if name == "worried":
            return self.kind_name != "concern"
        return super().check_action(action, parameters)

    def command_help(self) -> None:
        """On the page after a save, explain its own keys; in the form, all of them."""
        if not self.has_class("-done"):
            super().command_help()
            return
        keys = [
            (command.shown_keys, capitalised(does))
            for command in commands_for(FORM)
            for does in (command.help.removeprefix(ONCE_SAVED),)
            if not command.built_in and command.id not in _OF_THE_FORM
            if self.check_action("command", (command.id,))
        ]
        self.app.push_screen(Help(self.page_title, _AFTER_CODE_HELP if self._code else ENTRY_SAVED, keys))

    def command_another(self) -> None:
        """Record another of the same kind, for the next person."""
        self._draft, self._record, self._opening, self._saved = None, "", True, None
        self.clear_notice()  # it was about the previous person
        self.open_form()

    def command_correct(self) -> None:
        """Correct what was just saved; the receipt code stays the same."""
        self._draft, self._opening, self._correcting = None, True, True
        self.clear_notice()  # it was about the code, which is out of view
        self.open_form()

    def _corrected(self, saved: Saved) -> None:
        """Return to the page with the code."""
        assert self._saved is not None
        self._saved = Saved(self._saved.record_id, saved.line, self._saved.code, saved.note, saved.next_step)
        self.end_correction()

    def end_correction(self) -> None:
        """Show again what is saved, and its code."""
        self._correcting = False
        self._show_saved()

    @in_background
    async def command_withdraw(self) -> None:
        """The person changed their mind: erase what was just saved."""
        code = self._code
        asked = Confirm(
            "Withdraw what was just saved?",
            "It is erased here, and on every laptop that gets this change. It can't be restored.",
            yes="withdraw",
            no="keep",
            careful=True,
        )
        if not await self.app.push_screen_wait(asked):
            return
        await self.kit_work(lambda kit: withdraw(kit, code), "withdrawing it", saving=True)
        self._saved = None
        self.page_title = f"{kind(self.kind_name).title} · withdrawn"
        self.clear_notice()  # it was about the code, which no longer exists
        self.query_one("#done", Static).update(withdrawn())
        self.refresh_bindings()

    @in_background
    async def command_slip(self) -> None:
        """Write a slip with the receipt code, to be printed."""
        if sentence := await write_slip_where_asked(self.app, self._code):
            self.show_notice(sentence)

    def command_has_code(self) -> None:
        """The person has the receipt code: go back."""
        self._saving = True
        note_handed_over(self.app, self, self._code, lambda: self.dismiss(self._saved_id or None))

    def command_done(self) -> None:
        """Go back."""
        self.dismiss(self._saved_id or None)
