"""The event of a stall on the screen: its state, read again after each save, and below it the figures, needs and undo."""

from __future__ import annotations

from datetime import datetime

from textual.widgets import Static

from fieldkit.commands.table import with_keys
from fieldkit.presentation.needs import needs
from fieldkit.presentation.stall.board_state import State, new_feedback, state
from fieldkit.presentation.stall.head_count_groups import counted_in_all
from fieldkit.presentation.stall.known_people import KnownPeople
from fieldkit.screens.base.screen import beside_keys, latest_only
from fieldkit.screens.stall import board_lines
from fieldkit.screens.stall.head_counter import Counts
from fieldkit.screens.stall.undoable_screen import UndoableScreen
from fieldkit.widgets.plain import fit, plain

_READING = "event"
_TICK = 20.0
"""Seconds between updates of the minutes since the last save."""
_LARGE = 34
"""From this terminal height on, the event's figures are drawn large."""
_LOW = 30
"""Below this terminal height, a notice replaces what needs the volunteer, so that nothing above it moves."""
_ANOTHER_DAY = "{}. After each name, type when the person came, or Enter if nobody knows."
_TODAYS = " Today is {}: {} goes there."
_SHORT_TITLE = 30
"""Cells of today's event in that sentence at least, and of a row what is left of it: the counts need the rows."""
_OTHER = " {stall[event]} chooses another event."


class EventBoard(UndoableScreen):
    """Subclasses have a `Counts`, and widgets `#note`, `#figures`, `#needs` and `#undo`, and draw the rest."""

    PAGE_TITLE = "The stall"

    def __init__(self) -> None:
        super().__init__()
        self.state: State | None = None
        """The event as last read."""
        self._was_under_way = True
        """Whether the event was under way when its note was drawn."""
        self.people_changed = True
        """Whether the names in memory must be read again."""

    def draw(self) -> None:
        """Redraw everything below the note."""
        raise NotImplementedError

    def state_changed(self) -> None:
        """The event was read again."""

    def on_mount(self) -> None:
        self.set_interval(_TICK, self.minute_passed)
        self._read_needs()

    def on_screen_resume(self) -> None:
        if self.state is not None:
            self.people_changed = True
            self._read_needs()

    # Reading

    @property
    def known(self) -> KnownPeople:
        """The names of all known people; kept when the board is left."""
        if self.app.known_people is None:
            self.app.known_people = KnownPeople()
        known: KnownPeople = self.app.known_people
        return known

    @property
    def steps_of(self) -> str:
        return self.state.event_id if self.state else ""

    def read_again(self) -> None:
        """Read the event, which may be another one by now: keys wait for it."""
        self.begin(self._read, group=_READING)

    def read_on(self) -> None:
        self.begin(self._read, group=_READING, waiting="none")

    async def _read(self) -> None:
        if (me := self.app.me) is None:
            return
        read = self.read_or_leave if self.state is None else self.kit_work
        board = await read(lambda kit: state(kit, me), "counting")
        if board is None:
            self.dismiss()
            return
        if self.people_changed:
            self.people_changed = False
            await self.kit_work(self.known.refresh, "reading the names")
        stack = self.stack_of(board.event_id)
        steps = await self.kit_work(
            lambda kit: new_feedback(kit, me.origin, board.event_id, stack), "looking for feedback"
        )
        stack.noted.update(record.record_id for step in steps for record in step.created)
        stack.push(steps)
        self.state = board  # from now on keys may come: draw at once what they are for
        self._show(board)

    def _show(self, board: State) -> None:
        self.page_title = board.event
        note = self.query_one("#note", Static)
        now = datetime.now()
        another = board.another_day(now)
        sentence = _ANOTHER_DAY.format(another) if another else ""
        if today := board.today(now):
            title = fit(today[0][1], max(_SHORT_TITLE, self.size.width - _SHORT_TITLE))
            sentence += with_keys(_TODAYS.format(title, "{stall[event]}"))
        elif another:
            sentence += with_keys(_OTHER)
        note.update(plain(sentence))
        note.set_class(bool(sentence), "-shown")
        self.query_one(Counts).show(list(board.groups))
        self._was_under_way = not another
        self.state_changed()
        self.refresh_bindings()
        self.draw()

    @latest_only
    @beside_keys
    async def _read_needs(self) -> None:
        if (me := self.app.me) is None:
            return
        met = await self.kit_work(lambda kit: needs(kit, me), "looking what waits for you")
        line = self.query_one("#needs", Static)
        line.update(board_lines.needs_line(met, self.size.width - 4))
        line.set_class(bool(met), "-shown")

    def minute_passed(self) -> None:
        """Redraw what the clock changes: the minutes since the last save, and whether the event is still under way."""
        self.draw_figures()
        self._read_needs()
        if self.state is not None and self.state.is_under_way(datetime.now()) != self._was_under_way:
            self.read_on()  # midnight has passed

    # Drawing

    def on_resize(self) -> None:
        self.set_class(self.size.height >= _LARGE, "-large")
        self.set_class(self.size.height < _LOW, "-low")
        self._read_needs()
        self.call_after_refresh(self.draw)

    def draw_figures(self) -> None:
        if (board := self.state) is not None and self.is_mounted:
            counted = counted_in_all(self.query_one(Counts).counted)
            large = self.size.height >= _LARGE
            line = board_lines.figures(board, counted, self.kit.clock(), self.size.width - 4, large=large)
            self.query_one("#figures", Static).update(line)

    def draw_undo(self) -> None:
        """Show what undo would undo, before anybody presses its key."""
        self.query_one("#undo", Static).update(board_lines.undo_line(self.stack, self.size.width - 4))
