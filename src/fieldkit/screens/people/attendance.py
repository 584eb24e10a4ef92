"""Checking people in at an event, faster than a sheet of paper, and counting those who are not named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static

from fieldkit.commands import ATTENDANCE, bindings_for
from fieldkit.errors import FieldkitError
from fieldkit.presentation import attendance as arrivals
from fieldkit.presentation.attendance import CheckedIn, Match, State
from fieldkit.presentation.attendance_undo import Step, undo
from fieldkit.presentation.model.form import Option
from fieldkit.screens.base.keep_name import TYPED, KeepName
from fieldkit.screens.base.receipt_code_box import ReceiptCodeBox
from fieldkit.screens.base.screen import BaseScreen
from fieldkit.screens.people.check_in_lines import (
    groups_and_everybody,
    latest_lines,
    match_lines,
    total_lines,
    undo_line,
)
from fieldkit.screens.people.head_counts import Counts
from fieldkit.widgets.dialogs import Choose, PlainInput

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit

T = TypeVar("T")

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


class AttendanceScreen(BaseScreen):
    """Names on the left, head counts on the right."""

    CSS_PATH = "attendance.tcss"
    COMMANDS_FOR = ATTENDANCE
    HELP = (
        "Type a part of the name; Enter checks in the person pointed at. Nobody is checked in twice. A new "
        "person: type the name, or name, organisation, and choose the last line. Tab goes to the head counts: "
        "+ and - or digits. Everybody is the whole, the groups are its parts: they are not added. What other laptops "
        "counted stands beside them. Undo takes back what the last line of the page names, step by step."
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
        self._saving = 0
        """How many saves are under way."""
        self._undo_waits = 0
        """How often undo was asked for while they were: what is being saved is what it is for."""

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
        self._read()

    def on_resize(self) -> None:
        self._draw()

    # Reading

    def _read(self) -> None:
        me = self.app.me
        if me is not None:
            self.run_kit(
                lambda kit: arrivals.state(kit, me.origin), self._show, what="counting", group="state"
            )

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
        event_id = state.event_id

        def found(matches: list[Match]) -> None:
            self._waiting = False
            self._matches = matches
            self._draw()
            if self._enter_waits:
                self._enter_waits = False
                self.action_check_in()

        self.run_kit(
            lambda kit: arrivals.matches(kit, event_id, typed),
            found,
            what="looking for people",
            group="matches",
        )

    # Drawing

    def _draw(self) -> None:
        state = self._state
        if state is None or not self.is_mounted:
            return
        width = max(20, self.query_one("#names").size.width - 6)
        self.query_one("#matches", Static).update(match_lines(self._matches, self._typed, self._at, width))
        self.query_one("#latest", Static).update(latest_lines(state, width))
        self.query_one("#totals", Static).update(total_lines(state.named, self.query_one(Counts).groups))
        self._draw_undo()

    def _draw_undo(self) -> None:
        """Say what undo would take back, before anybody presses its key."""
        step = self._steps[-1] if self._steps else None
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
                self._store_counts()
                self._save(
                    lambda kit: arrivals.count_unnamed(kit, me.origin, event_id),
                    lambda step: self._did([step], "Counted without a name."),
                    "counting",
                )
            elif answer is not None and answer.startswith(TYPED):
                line = self.query_one(NameLine)
                line.cursor_position = len(line.value)
                line.insert_text_at_cursor(answer.removeprefix(TYPED))

        self.app.push_screen(KeepName(typed, consent.words, no="no, count only"), answered)

    def _take(self, work: Callable[[Kit], CheckedIn]) -> None:
        self._clear_line()
        self._store_counts()
        self._save(work, self._checked_in, "checking in")

    def _clear_line(self) -> None:
        line = self.query_one(NameLine)
        line.value = ""
        self._typed, self._matches, self._at = "", [], 0
        self._draw()

    def _checked_in(self, done: CheckedIn) -> None:
        if done.again:
            at = f" at {done.at}" if done.at else ""
            self.tell(f"{done.line} is already here{at}. Nothing was recorded twice.", "warning")
            self._read()
        else:
            self._did([done.step], f"{done.line} is checked in.")
            if done.code:
                self.app.push_screen(ReceiptCodeBox(done.code, done.line))

    # Saving, and undoing what was saved

    @property
    def _steps(self) -> list[Step]:
        """What can be undone at this event, the latest last; kept when the screen is left."""
        steps: list[Step] = self.app.undo_steps.setdefault(self._state.event_id if self._state else "", [])
        return steps

    def _save(
        self,
        work: Callable[[Kit], T],
        then: Callable[[T], None],
        what: str,
        failed: Callable[[FieldkitError], bool] | None = None,
    ) -> None:
        """Save in the order of the keys; undo waits for it."""
        self._saving += 1

        def done(result: T) -> None:
            self._saving -= 1
            then(result)
            self._undo_waiting()

        def refused(error: FieldkitError) -> bool:
            self._saving -= 1
            self._undo_waits = 0
            return failed is not None and failed(error)

        self.run_kit(work, done, what=what, saving=True, failed=refused)

    def _did(self, steps: Iterable[Step | None], words: str = "") -> None:
        """Something was saved: it can be undone from now on."""
        self._steps.extend(step for step in steps if step is not None)
        self._draw_undo()
        if words:
            self.tell(words)
        self.refresh_bindings()
        self._read()

    def command_undo(self) -> None:
        """Undo what was done last: a check-in, or a count."""
        self._store_counts()
        self._undo_waits += 1
        self._undo_waiting()

    def _undo_waiting(self) -> None:
        """Undo as often as it was asked for, once nothing is being saved any more."""
        if self._saving or not self._undo_waits or not self._steps:
            if not self._saving:
                self._undo_waits = 0
            return
        self._undo_waits -= 1
        steps = self._steps
        step = steps.pop()
        self._draw_undo()

        def undone(changed: bool) -> None:
            if changed:
                self.tell(f"Undone: {step.what}.")
            else:
                self.tell(f"Not undone, because it was changed since: {step.what}.", "warning")
            self.refresh_bindings()
            self._read()

        def refused(_: FieldkitError) -> bool:
            steps.append(step)
            return False

        self._save(lambda kit: undo(kit, step), undone, "undoing", refused)

    # Counting heads

    def action_to_counts(self) -> None:
        self.query_one(Counts).focus()

    def action_to_names(self) -> None:
        self._store_counts()
        self.query_one(NameLine).focus()

    def on_counts_changed(self) -> None:
        """A count is another: store it once nobody changes it any more."""
        self._draw()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_STORE_AFTER, self._store_counts)

    def _store_counts(self, *, leaving: bool = False) -> None:
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
            self._did(steps)
            if leaving:
                self.dismiss()

        def refused(_: FieldkitError) -> bool:
            counts.changed = {**changed, **counts.changed}
            return False

        self._save(work, stored, "storing the head count", refused)

    def command_back(self) -> None:
        """Go back, once the counts are stored: home then shows them."""
        self._store_counts(leaving=True)

    async def before_leaving(self) -> None:
        """Store the counts; the app then waits for it."""
        self._store_counts()

    def command_worried(self) -> None:
        """What to do if somebody may come to harm."""
        self.app.open_screen("worried")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] == "undo":
            return bool(self._steps or self._saving or self.query_one(Counts).changed)
        return super().check_action(action, parameters)
