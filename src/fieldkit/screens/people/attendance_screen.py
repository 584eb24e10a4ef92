"""Checking people in at an event, faster than a sheet of paper, and counting those who are not named."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static

from fieldkit.commands import ATTENDANCE, bindings_for
from fieldkit.errors import FieldkitError
from fieldkit.presentation import check_in as arrivals
from fieldkit.presentation.check_in import CheckedIn, Match, State
from fieldkit.presentation.check_in_undo import Step
from fieldkit.presentation.model.form_plan import Option
from fieldkit.screens.base.keep_name import TYPED, KeepName
from fieldkit.screens.base.receipt_code_box import ReceiptCodeBox
from fieldkit.screens.base.screen import latest_only
from fieldkit.screens.people.check_in_lines import (
    groups_and_everybody,
    latest_lines,
    match_lines,
    total_lines,
    undo_line,
)
from fieldkit.screens.people.head_counter import Counts
from fieldkit.screens.people.undoable_screen import UndoableScreen
from fieldkit.store.kit import Kit
from fieldkit.widgets.dialogs import Choose, PlainInput

_STORE_AFTER = 0.6
"""Seconds after the last change of a count until it is stored, so that ten presses of + are one change."""


class NameLine(PlainInput):
    """Where names are typed; the arrows go through those who fit."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "screen.point(-1)", "up", show=False),
        Binding("down", "screen.point(1)", "down", show=False),
        Binding("enter", "screen.check_in", "check in"),
        Binding("tab", "screen.to_counts", "count heads"),
    ]


class AttendanceScreen(UndoableScreen):
    """Names on the left, head counts on the right."""

    CSS_PATH = "attendance_screen.tcss"
    COMMANDS_FOR = ATTENDANCE
    HELP = (
        "Type a part of the name; Enter checks in the person pointed at. Nobody is checked in twice. For somebody "
        "new, type the name, or name, organisation, and choose the last line. Tab goes to the head counts: "
        "+ and - or digits. Everybody is the whole, the groups are its parts: they are not added. The counts of "
        "other laptops are shown beside them. Undo undoes the step that the last line of the page names."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(ATTENDANCE)

    def __init__(self) -> None:
        super().__init__()
        self._state: State | None = None
        self._matches: list[Match] = []
        self._typed = ""
        self._at = 0
        self._waiting = False
        self._enter_waits = False
        self._timer: Timer | None = None

    def body(self) -> ComposeResult:
        with Horizontal(id="both"):
            with Vertical(id="names"):
                yield Static(Content.styled("CHECK IN", "bold $text-muted"))
                with Horizontal(id="line"):
                    yield Static("name ", id="label")
                    yield NameLine(compact=True, select_on_focus=False)
                yield Static(id="matches")
                yield Static(id="latest")
            with Vertical(id="heads"):
                yield Static(Content.styled("COUNTED, NOT NAMED", "bold $text-muted"))
                yield Counts()
                yield Static(id="totals")
        yield Static(id="undo")

    def on_mount(self) -> None:
        super().on_mount()
        self.page_title = "Checking in"
        self.query_one(NameLine).focus()
        self.read_again()

    def on_resize(self) -> None:
        self._draw()

    # Reading

    @property
    def steps_of(self) -> str:
        return self._state.event_id if self._state else ""

    def store_typed(self) -> None:
        self.store_counts()

    def read_again(self) -> None:
        self._read()

    @latest_only
    async def _read(self) -> None:
        if (me := self.app.me) is not None:
            self._show(await self.kit_work(lambda kit: arrivals.state(kit, me.origin), "counting"))

    def _show(self, state: State | None) -> None:
        if state is None:
            self.dismiss()
            self.app.open_screen("records", "event", choosing=True)
            return
        self._state = state
        self.page_title = f"Checking in · {state.event}"
        self.query_one(Counts).show(state)
        self._draw()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._typed = event.value.strip()
        self._at = 0
        self._look()

    def _look(self) -> None:
        typed, state = self._typed, self._state
        if not typed or state is None:
            self._matches, self._waiting = [], False
            self._draw()
            return
        self._waiting = True
        self._match(state.event_id, typed)

    @latest_only
    async def _match(self, event_id: str, typed: str) -> None:
        self._matches = await self.kit_work(
            lambda kit: arrivals.matches(kit, event_id, typed), "looking for people"
        )
        self._waiting = False
        self._draw()
        if self._enter_waits:
            self._enter_waits = False
            self.action_check_in()

    # Drawing

    def _draw(self) -> None:
        state = self._state
        if state is None or not self.is_mounted:
            return
        width = max(20, self.query_one("#names").size.width - 6)
        self.query_one("#matches", Static).update(match_lines(self._matches, self._typed, self._at, width))
        self.query_one("#latest", Static).update(latest_lines(state, width))
        self.query_one("#totals", Static).update(total_lines(state.named, self.query_one(Counts).groups))
        self.draw_undo()

    def draw_undo(self) -> None:
        """Say what undo would undo, before anybody presses its key."""
        step = self.steps[-1] if self.steps else None
        self.query_one("#undo", Static).update(undo_line(step, self.size.width))

    # Checking in

    def action_point(self, by: int) -> None:
        self._at = max(0, min(self._at + by, len(self._matches)))
        self._draw()

    def action_check_in(self) -> None:
        """Check in the person pointed at, or make a new one."""
        state, typed = self._state, self._typed
        if state is None or not typed:
            return
        if self._waiting:
            self._enter_waits = True
            return
        if self._at < len(self._matches):
            person_id = self._matches[self._at].person_id
            self._take(partial(arrivals.check_in, event_id=state.event_id, person_id=person_id))
        elif same := [match for match in self._matches if match.same]:
            self._ask_who(state, typed, same)
        else:
            self._ask_consent(state, typed)

    def _ask_who(self, state: State, typed: str, same: list[Match]) -> None:
        """Somebody is called so: a second record of one person is not made unseen."""

        def answered(answer: str | None) -> None:
            if answer == "new":
                self._ask_consent(state, typed)
            elif answer is not None:
                self._take(partial(arrivals.check_in, event_id=state.event_id, person_id=answer))

        self.app.push_screen(
            Choose(
                "This name is here already",
                [
                    *(Option(match.person_id, f"check in {match.line}") for match in same),
                    Option("new", "somebody else of that name"),
                ],
                "Ask the person. Nobody should be here twice.",
            ),
            answered,
        )

    def _ask_consent(self, state: State, typed: str) -> None:
        """A name is kept only with a yes; without one the person still counts."""
        me, event_id, consent = self.app.me, state.event_id, state.consent

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self._take(
                    partial(arrivals.check_in_new, event_id=event_id, typed=typed, consent=consent.values)
                )
            elif answer == "no" and me is not None:
                self._clear_line()
                self.store_counts()
                self.save_in_turn(
                    lambda kit: arrivals.count_unnamed(kit, me.origin, event_id),
                    lambda step: self.note_steps([step], "Counted without a name."),
                    "counting",
                )
            elif answer is not None and answer.startswith(TYPED):
                line = self.query_one(NameLine)
                line.cursor_position = len(line.value)
                line.insert_text_at_cursor(answer.removeprefix(TYPED))

        self.app.push_screen(KeepName(typed, consent.words, no="no, count only"), answered)

    def _take(self, work: Callable[[Kit], CheckedIn]) -> None:
        self._clear_line()
        self.store_counts()
        self.save_in_turn(work, self._checked_in, "checking in")

    def _clear_line(self) -> None:
        line = self.query_one(NameLine)
        line.value = ""
        self._typed, self._matches, self._at = "", [], 0
        self._draw()

    def _checked_in(self, done: CheckedIn) -> None:
        if done.again:
            at = f" at {done.at}" if done.at else ""
            self.tell(f"{done.line} is already here{at}. Nothing was recorded twice.", "warning")
            self.read_again()
        else:
            self.note_steps([done.step], f"{done.line} is checked in.")
            if done.code:
                self.app.push_screen(ReceiptCodeBox(done.code, done.line))

    # Counting heads

    def action_to_counts(self) -> None:
        self.query_one(Counts).focus()

    def action_to_names(self) -> None:
        self.store_counts()
        self.query_one(NameLine).focus()

    def on_counts_changed(self) -> None:
        """A count is another: store it once nobody changes it any more."""
        self._draw()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_STORE_AFTER, self.store_counts)

    def store_counts(self, *, leaving: bool = False) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        counts, state, me = self.query_one(Counts), self._state, self.app.me
        if not counts.changed or state is None or me is None:
            if leaving:
                self.dismiss()
            return
        changed, counts.changed = counts.changed, {}
        event_id, origin = state.event_id, me.origin

        def work(kit: Kit) -> list[Step | None]:
            return [
                arrivals.count_heads(kit, origin, event_id, code, heads) for code, heads in changed.items()
            ]

        def stored(steps: list[Step | None]) -> None:
            groups, everybody = groups_and_everybody(counts.groups)
            if groups > everybody > 0 and any(steps):
                words = (
                    f"The groups make {groups:,}, but everybody {everybody:,}. Correct the one that is wrong."
                )
                self.tell(words, "warning")
            self.note_steps(steps)
            if leaving:
                self.dismiss()

        def refused(_: FieldkitError) -> bool:
            counts.changed = {**changed, **counts.changed}
            return False

        self.save_in_turn(work, stored, "storing the head count", refused)

    def command_back(self) -> None:
        """Go back, once the counts are stored: home then shows them."""
        self.store_counts(leaving=True)

    async def before_leaving(self) -> None:
        """Store the counts; the app then waits for it."""
        self.store_counts()

    def command_worried(self) -> None:
        """What to do if somebody may come to harm."""
        self.app.open_screen("worried")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] == "undo":
            return bool(self.steps or self.saving or self.query_one(Counts).changed)
        return super().check_action(action, parameters)
