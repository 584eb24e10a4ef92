"""The board of an event at a stall: check names in, count heads, take feedback, all by keys and without a dialog."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from fieldkit.commands.command import STALL
from fieldkit.commands.table import bindings_for, key_of, with_keys
from fieldkit.screens.base.draft_opener import open_draft
from fieldkit.screens.base.hand_over_pin import hand_laptop_over
from fieldkit.screens.base.screen import in_background
from fieldkit.screens.stall.head_count_board import HeadCountBoard
from fieldkit.screens.stall.head_counter import Counts
from fieldkit.screens.stall.name_line import NameLine
from fieldkit.store.local.known_settings import EVENT


class Rows(Static):
    """The matches, or the latest arrivals, as wide as the head counts leave room for."""

    def on_resize(self) -> None:
        board: StallBoard = self.screen  # type: ignore[assignment]  # only the board has these rows
        board.draw()


class StallBoard(HeadCountBoard):
    """The name line is always ready. A digit on the empty line counts a head; after letters it picks a person."""

    CSS_PATH = "stall_board.tcss"
    COMMANDS_FOR = STALL
    HELP = with_keys(
        "Type a few letters of a name. Enter checks in the person pointed at, a digit the person beside it. A name "
        "with ? is only like the one typed: Enter then asks whether it is the person. Nobody is checked in twice. "
        "For somebody new, type the name, or name, organisation. Tab marks that the name may be kept; "
        "without the mark, Enter counts the person and keeps no name. If a known name looks alike, answer 1 same, "
        "2 different or 3 not sure; the coordinator sees what is not sure. While the line is empty, a digit counts a head "
        "of that group, + and - one more or fewer of the group counted last. Tab then lets you type a number. "
        "Everybody is the total, no group. The counts of other laptops are in brackets and are not added. "
        "Undo what the last line names with {stall[undo]}, and do it again with {stall[redo]}."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(STALL),
        *(
            Binding(key_of("back", STALL), f"step_back('{step}')", label)
            for step, label in (
                ("time", "the name again"),
                ("mark", "untick"),
                ("question", "the list again"),
                ("name", "clear"),
            )
        ),
    ]

    def body(self) -> ComposeResult:
        yield Static(id="note")
        with Horizontal(id="both"):
            with Vertical(id="names"):
                with Horizontal(id="line"):
                    yield Static("NAME", id="label")
                    yield NameLine(compact=True, select_on_focus=False)
                yield Rows(id="rows")
            yield Counts()
        yield Static(id="figures")
        yield Static(id="needs")
        yield Static(id="undo")

    def on_mount(self) -> None:
        self.query_one(NameLine).focus()

    def on_resize(self) -> None:
        self.query_one(Counts).fit_width()

    def action_step_back(self, step: str) -> None:
        """Undo what was last typed or marked; `step` has its own hint on the bottom line."""
        self.command_back()

    def command_back(self) -> None:
        """Remove the mark, clear the line, or leave the board."""
        if self.focused is self.query_one(Counts):
            self.action_to_names()
        elif not self.step_back():
            self.store_typed()
            self.once_saved(self.dismiss)

    async def before_leaving(self) -> None:
        """Store the counts; the app then waits for it."""
        self.store_typed()

    def command_feedback(self) -> None:
        """Take feedback at this event."""
        self.store_typed()
        self.app.open_screen("entry", "feedback")

    def command_unfinished(self) -> None:
        """Continue the unfinished entry, or choose one of several."""
        self.store_typed()
        self._open_unfinished()

    @in_background
    async def _open_unfinished(self) -> None:
        drafts = await self.kit_work(lambda kit: kit.drafts.all(), "looking for unfinished entries")
        if len(drafts) == 1:
            open_draft(self.app, drafts[0])
        else:
            self.app.open_screen("drafts", leaves_after=True)

    def command_hand_over(self) -> None:
        """Hand the laptop to a respondent."""
        self.store_typed()
        hand_laptop_over(self)

    def command_paper(self) -> None:
        """Piles of paper, and forms to print."""
        self.store_typed()
        self.app.open_screen("piles")

    def command_event(self) -> None:
        """Go to today's event, or choose another one."""
        self.clear_notice()  # it was about this one
        self.store_typed()
        today = self.state.today(datetime.now()) if self.state is not None else ()
        if len(today) == 1:
            self._go_to(today[0][0])
        else:
            self.app.open_screen("records", "event", choosing=True)

    @in_background
    async def _go_to(self, event_id: str) -> None:
        await self.kit_work(lambda kit: kit.settings.put(EVENT, event_id), "choosing the event", saving=True)
        self.read_again()

    def command_end(self) -> None:
        """Show the totals, and end the event."""
        self.store_typed()
        self.once_saved(lambda: self.app.open_screen("event_closing", then=self._ended))

    def _ended(self, ended: bool | None) -> None:
        if ended:
            self.app.notice("The event has ended on this laptop.")
            self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        on_line = self.is_mounted and self.focused is not self.query_one(Counts)
        step = self.next_step_back if on_line else ""
        if action == "take":
            return parameters == (self.enter_does,)
        if action == "mark":
            return parameters == (self.tab_does,)
        if action == "step_back":
            return parameters == (step,)
        if action == "command" and parameters[0] == "back":
            return not step
        if action == "command" and self.state is not None:
            if parameters[0] == "undo":
                return bool(self.stack.done or self.saving or self.has_unstored)
            if parameters[0] == "redo":
                return bool(self.stack.undone or self.saving)
            if parameters[0] == "unfinished":
                return bool(self.state.drafts)
        return super().check_action(action, parameters)
