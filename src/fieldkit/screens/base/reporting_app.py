"""What the program says about itself: errors in plain words, notices, the time of the last save, and keys that do nothing."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol, runtime_checkable

from rich.text import Text
from textual import events
from textual.content import Content

from fieldkit.commands.table import with_keys
from fieldkit.errors import FieldkitError
from fieldkit.faultlog import log_fault
from fieldkit.widgets.covers import CoveredApp
from fieldkit.widgets.frame import NOTICE_SECONDS, KitScreen, NoticeLine
from fieldkit.widgets.key_hints import key_name
from fieldkit.widgets.plain import plain

CAPS_LOCK = "Caps Lock seems to be on."


@runtime_checkable
class _Box(Protocol):
    """A box over a screen. It may cover the screen's own line for sentences, so it answers a key in itself."""

    def answer_key(self, sentence: str) -> None: ...


class ReportingApp(CoveredApp):
    """An app on the kit in `folder` that answers every error and every key with a sentence."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.saved_note = ""
        """When something was last stored, by this or an earlier run of the program, as every screen shows it."""
        self.problems: list[str] = []
        """Sentences on what is wrong in config.toml, until the kit is open and they are shown."""
        self.faults: list[BaseException] = []
        """Errors that have no sentence of their own; each is in errors.log."""
        self.current_notice = ""
        """The last `notice` while it is new: it is also shown on a screen that opens next or is returned to."""

    @property
    def is_ending(self) -> bool:
        """Whether the program is being ended from outside."""
        return False

    def note_saved(self) -> None:
        """Everything so far is stored: show the time on every screen."""
        from fieldkit.presentation.saved_texts import (
            saved_at,  # once something is saved, after the first frame
        )

        self.saved_note = saved_at(datetime.now().strftime("%H:%M"))
        for screen in self.screen_stack:
            if isinstance(screen, KitScreen):
                screen.refresh_frame()

    def report(self, error: FieldkitError) -> None:
        """Say what happened, what was kept and what to do, in a dialog."""
        from fieldkit.widgets.dialogs.message_box import Message

        self.forget_keys()  # typed for what did not come, they must neither close the box nor answer anything
        parts = [plain(with_keys(part)) for part in (error.message, error.kept, error.hint) if part]
        self.push_screen(Message(error.title, Content("\n\n").join(parts)))

    def report_fault(self, error: BaseException, what: str) -> None:
        """An unforeseen error: note its place in errors.log, and report it calmly."""
        self.report(self._fault(error, what))

    def _fault(self, error: BaseException, what: str) -> FieldkitError:
        self.faults.append(error)
        noted = log_fault(self.folder, what, error)
        return FieldkitError(
            f"Something went wrong while {what}.",
            kept="What was saved before is safe, and so is what you typed.",
            hint="Try again. If it goes on, leave and open the kit again"
            + (f"; {noted} has details for the person who helps you." if noted else "."),
        )

    def notice(self, sentence: str) -> None:
        """Show a sentence above the bottom line of the screen in view, once that is drawn, and of screens that follow soon."""
        if sentence:
            self.once_uncovered(partial(self._begin_notice, sentence))

    def _begin_notice(self, sentence: str) -> None:
        self.current_notice = sentence
        self.set_timer(NOTICE_SECONDS["information"], partial(self._end_notice, sentence))
        self.call_after_refresh(self._show_notice, sentence)

    def _end_notice(self, sentence: str) -> None:
        if self.current_notice == sentence:
            self.current_notice = ""

    def show_problems(self) -> None:
        if self.problems:
            first, *more = self.problems
            self.problems = []
            self.notice(f"{first} {len(more)} more: see fieldkit doctor." if more else first)

    # Keys that no widget took

    async def on_key(self, event: events.Key) -> None:
        """A capital letter does what the small one does, and a key that does nothing gets an answer."""
        active = self.screen.active_bindings
        if event.key in active and active[event.key].enabled:
            return
        event.prevent_default()
        letter = event.character or ""
        small = letter.lower()
        if letter != small and small in active and active[small].enabled:
            if await self._check_bindings(small):
                self._answer(CAPS_LOCK)
        elif not self.is_ending:
            more = "" if self.cover is not None else " F1 shows the keys that do."
            shown = letter if letter.isprintable() and letter.strip() else key_name(event.key)
            key = small if letter.isalpha() else event.key
            if isinstance(self.screen, KitScreen):
                # "" if the screen says it already
                if sentence := self.screen.unknown_key(key, shown, more):
                    self._answer(sentence)
            elif isinstance(self.screen, _Box):
                self.screen.answer_key(f"The key {shown} does nothing here.")

    def _answer(self, sentence: str) -> None:
        """Say something about a key on the screen in view."""
        self.call_after_refresh(self._show_notice, sentence)

    def _show_notice(self, sentence: str) -> None:
        frames = [screen for screen in self.screen_stack if isinstance(screen, KitScreen)]
        if frames and frames[-1].query(NoticeLine):
            frames[-1].show_notice(sentence)
        elif frames:
            # A screen that has just been opened has no lines yet: wait until it has.
            frames[-1].call_after_refresh(self._show_notice, sentence)

    def _handle_exception(self, error: Exception) -> None:
        # The last safety net: nobody ever sees a traceback. Tests drive the app headless and need the error itself.
        if self.is_headless:
            super()._handle_exception(error)
            return
        noted = log_fault(self.folder, "showing a screen", error)
        self._return_code = 1
        self.panic(
            Text(
                "fieldkit had to stop. What was saved is safe, and unfinished entries wait for you: "
                "open the kit again to go on." + (f" Details are in {noted}." if noted else "")
            )
        )
