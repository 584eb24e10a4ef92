"""The board of an event at a stall: names are checked in, heads counted, feedback taken, all by keys and without a box."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static

from fieldkit.commands import STALL, bindings_for, with_keys
from fieldkit.errors import FieldkitError
from fieldkit.presentation.stall import check_in as arrivals
from fieldkit.presentation.stall.board_state import State, new_feedback, state
from fieldkit.presentation.stall.check_in import CheckedIn, answer_look_alikes
from fieldkit.presentation.stall.head_count_groups import count_heads, count_unnamed, counted_in_all
from fieldkit.presentation.stall.known_people import KnownPeople, Match
from fieldkit.presentation.stall.undo_stack import Step
from fieldkit.screens.base.handing_over import hand_laptop_over
from fieldkit.screens.base.screen import in_background, latest_only
from fieldkit.screens.stall import board_lines
from fieldkit.screens.stall.head_counter import Counts
from fieldkit.screens.stall.head_drawing import groups_and_everybody
from fieldkit.screens.stall.name_line import NameLine
from fieldkit.screens.stall.undoable_screen import UndoableScreen
from fieldkit.store.kit import Kit
from fieldkit.store.local.setting import EVENT
from fieldkit.widgets.plain import fit

_STORE_AFTER = 0.6
"""Seconds after the last digit of a number until it is stored, so that a number is one change."""
_TICK = 20.0
"""Seconds after which the minutes since the last save are drawn anew."""
_LARGE = 34
"""Rows of the terminal from which the figures of the event are drawn large."""
_NOT_UNDER_WAY = "This event was on {}. After each name, type when the person came, or Enter if nobody knows."
_TODAYS = " Today is {}: {} goes there."


class StallBoard(UndoableScreen):
    """The name line is always ready. A digit on the empty line counts a head; after letters it picks a person."""

    CSS_PATH = "stall_board.tcss"
    COMMANDS_FOR = STALL
    HELP = with_keys(
        "Type a few letters of a name. Enter checks in the person pointed at, a digit the person beside it. Nobody is "
        "checked in twice. For somebody new, type the name, or name, organisation. Tab marks that the name may be kept; "
        "without the mark, Enter counts the person and keeps no name. If a known name looks alike, answer 1 same, "
        "2 different or 3 not sure; the coordinator sees what is not sure. While the line is empty, a digit counts a head "
        "of that group, + and - one more or fewer of the group counted last. Tab then lets you type a number. "
        "Everybody is the total, no group. The counts of other laptops stand in brackets and are not added. "
        "{stall[undo]} undoes what the last line names, {stall[redo]} does it again."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(STALL)

    def __init__(self) -> None:
        super().__init__()
        self._state: State | None = None
        self._matches: list[Match] = []
        self._alike: list[Match] = []
        self._typed = ""
        self._at = 0
        self._marked = False
        """Whether the person typed is new and their name may be kept."""
        self._people_changed = True
        """Whether the names in memory have to be read again."""
        self._looking = False
        self._when_found: Callable[[], None] | None = None
        """What a key asked for while people were still looked for; other keys wait for it."""
        self._when_timed: Callable[[str], None] | None = None
        """What waits for the time at which the person came, at an event of another day."""
        self._name_kept = ""
        """The name line as it was before the time was asked for."""
        self._timer: Timer | None = None
        self._typed_counts: dict[str, tuple[int, int]] = {}
        """Numbers that are typed and not stored yet: group -> the number, and how many changes of it that is."""

    def body(self) -> ComposeResult:
        yield Static(id="note")
        with Horizontal(id="both"):
            with Vertical(id="names"):
                with Horizontal(id="line"):
                    yield Static("NAME", id="label")
                    yield NameLine(compact=True, select_on_focus=False)
                yield Static(id="rows")
            yield Counts()
        yield Static(id="figures")
        yield Static(id="undo")

    def on_mount(self) -> None:
        super().on_mount()
        self.page_title = "The stall"
        self.query_one(NameLine).focus()
        self.set_interval(_TICK, self._draw_figures)
        self.read_again()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self._state is not None:
            self._people_changed = True
            self.read_again()

    def on_resize(self) -> None:
        wide = self.size.width
        self.query_one(Counts).styles.width = (
            24 if wide < 70 else 40 if wide < 110 else 60 if wide < 160 else 80
        )
        self.query_one("#figures").set_class(self.size.height >= _LARGE, "-large")
        self.call_after_refresh(self._draw)

    @property
    def takes_keys(self) -> bool:
        """Whether the event is in view, and no key waits for the people who fit."""
        return super().takes_keys and self._state is not None and self._when_found is None

    # Reading

    @property
    def typed(self) -> str:
        """The name that those in view fit."""
        return self._typed

    @property
    def people_found(self) -> list[Match]:
        """Those who fit what is typed."""
        return self._matches

    @property
    def is_looking(self) -> bool:
        """Whether people are still looked for."""
        return self._looking

    @property
    def _known(self) -> KnownPeople:
        """The names of everybody known; kept when the board is left."""
        if self.app.known_people is None:
            self.app.known_people = KnownPeople()
        known: KnownPeople = self.app.known_people
        return known

    @property
    def steps_of(self) -> str:
        return self._state.event_id if self._state else ""

    def store_typed(self) -> None:
        self._store_numbers()

    def read_again(self) -> None:
        self._read()

    @latest_only
    async def _read(self) -> None:
        if (me := self.app.me) is None:
            return
        found = await self.kit_work(lambda kit: state(kit, me.origin), "counting")
        if found is None:
            self.dismiss()
            return
        if self._people_changed:
            self._people_changed = False
            await self.kit_work(self._known.refresh, "reading the names")
        self._state = found
        stack = self.stack
        steps = await self.kit_work(
            lambda kit: new_feedback(kit, me.origin, found.event_id, stack), "looking for feedback"
        )
        stack.noted.update(record.record_id for step in steps for record in step.created)
        stack.push(steps)
        self._show(found)

    def _show(self, found: State) -> None:
        self.page_title = found.event
        note = self.query_one("#note", Static)
        words = "" if found.under_way else _NOT_UNDER_WAY.format(found.day)
        if found.today:
            words += with_keys(_TODAYS.format(found.today[0][1], "{stall[event]}"))
        note.update(words)
        note.set_class(bool(words), "-shown")
        self.query_one(Counts).show(list(found.groups))
        if self._typed:
            self._look()
        self.refresh_bindings()
        self._draw()

    def on_input_changed(self, event: Input.Changed) -> None:
        if self._when_timed is not None:
            return
        before, self._typed = self._typed, event.value.strip()
        self._at = 0
        if self._typed != before:
            self._marked, self._alike = False, []  # the yes was for the name as it was
        if not self._typed:
            self._matches = []
        self._look()

    def _look(self) -> None:
        if not self._typed or self._state is None:
            self._looking = False
            self._draw()
            return
        self._looking = True
        self._find(self._state, self._typed, self._marked)

    @latest_only
    async def _find(self, found: State, typed: str, marked: bool) -> None:
        most, known = max(3, min(9, self._rows_high - 3)), self._known

        def look() -> tuple[list[Match], list[Match]]:
            alike = known.look_alikes(typed, found.arrivals) if marked else []
            return known.find(typed, found.arrivals, most), alike

        self._matches, self._alike = await self.thread_work(look, "looking for people")
        self._looking = False
        self._draw()
        if (waiting := self._when_found) is not None:
            self._when_found = None
            waiting()

    # Drawing

    @property
    def _rows_high(self) -> int:
        return self.query_one("#rows").size.height

    def _draw(self) -> None:
        found = self._state
        if found is None or not self.is_mounted:
            return
        rows = self.query_one("#rows", Static)
        width, height = max(20, rows.size.width), rows.size.height
        if self._when_timed is not None:
            lines = []
        elif self._marked:
            lines = board_lines.new_rows(self._typed, found.consent.sentence, width, marked=True)
            if self._alike:
                lines = [*lines[:2], *board_lines.alike_rows(self._alike, self._at, width)]
        elif self._typed:
            lines = board_lines.match_rows(self._matches, self._typed, self._at, width)
        else:
            lines = [*board_lines.key_rows(), *board_lines.code_rows(found, width)]
        if lines and lines[-1].plain:
            lines.append(Content(""))
        lines += board_lines.latest_rows(found.latest, width, height - len(lines))
        rows.update(Content("\n").join(lines))
        self._draw_figures()
        self.draw_undo()

    def _draw_figures(self) -> None:
        if (found := self._state) is not None and self.is_mounted:
            counted = counted_in_all(self.query_one(Counts).counted)
            large = self.size.height >= _LARGE
            line = board_lines.figures(
                found, counted, int(time.time() * 1000), self.size.width - 4, large=large
            )
            self.query_one("#figures", Static).update(line)

    def draw_undo(self) -> None:
        """Say what undo would undo, before anybody presses its key."""
        self.query_one("#undo", Static).update(board_lines.undo_line(self.stack, self.size.width - 4))

    # Keys on the name line

    def action_point(self, by: int) -> None:
        last = len(self._alike) - 1 if self._marked else len(self._matches)
        self._at = max(0, min(self._at + by, last))
        self._draw()

    def take_digit(self, digit: int) -> bool:
        """Count a head, pick a person, or answer whether the new person is a known one; False for a part of what is typed."""
        line = self.query_one(NameLine).value
        if self._when_timed is not None or ("," in line and not self._marked):
            return False
        if not line:
            self._count(digit - 1, 1)
        else:
            self._once_found(partial(self._pick, digit))
        return True

    def take_sign(self, by: int) -> bool:
        """One more or one fewer of the group counted last, while nothing is typed."""
        if self._when_timed is not None or self.query_one(NameLine).value:
            return False
        self._count(self.query_one(Counts).at, by)
        return True

    def refuse_list(self, lines: int) -> None:
        """Say that of so many pasted lines the first alone is a name."""
        self.tell(
            f"{lines:,} lines were pasted, and the first was kept. Check in one person at a time.", "warning"
        )

    def _once_found(self, act: Callable[[], None]) -> None:
        """Act once those who fit what was typed are in view: a fast hand never picks from an older list."""
        if self._looking:
            self._when_found = act
        else:
            act()

    def _pick(self, digit: int) -> None:
        if self._marked and self._alike:
            self._answer(digit)
        elif not self._marked and digit and digit <= len(self._matches):
            self._check_in(self._matches[digit - 1])
        else:
            self.tell(f"Nobody here has the number {digit}. Digits are no part of a name.", "warning")

    def action_mark(self) -> None:
        """Mark that a new person's name may be kept; on the empty line, go to the numbers."""
        if self._when_timed is not None:
            return
        if not self._typed:
            self.action_to_counts()
            return
        self._marked, self._at = not self._marked, 0
        self._look()

    def action_take(self) -> None:
        """Check in the person pointed at, or the new one; take the time that was typed."""
        if self._when_timed is not None:
            self._take_time()
        elif self._typed:
            self._once_found(self._take)
        else:
            self.tell("Type a few letters of a name, or a digit to count a head.")

    def _take(self) -> None:
        found, typed = self._state, self._typed
        if found is None or not typed:
            return
        if not self._marked and self._at < len(self._matches):
            self._check_in(self._matches[self._at])
        elif not self._marked:
            self._count_unnamed(typed)
        elif self._alike:
            self.tell("Is it the same person? Answer 1 same, 2 different or 3 not sure.", "warning")
        else:
            self._check_in_new(typed)

    def _answer(self, digit: int) -> None:
        """Whether the new person is the known one who is pointed at."""
        if digit == board_lines.SAME:
            self._check_in(self._alike[self._at])
        elif digit in {board_lines.DIFFERENT, board_lines.NOT_SURE}:
            said = "different" if digit == board_lines.DIFFERENT else "not_sure"
            self._check_in_new(self._typed, [match.person_id for match in self._alike], said)
        else:
            self.tell("Answer 1 same, 2 different or 3 not sure.", "warning")

    # Storing

    def _check_in(self, match: Match) -> None:
        found = self._state
        assert found is not None
        if match.here:
            self._clear_line()
            self._already_here(match.line, match.since)
            return
        check_in = partial(arrivals.check_in, event_id=found.event_id, person_id=match.person_id)
        self._timed(match.line, lambda at: self._save(lambda kit: check_in(kit, at=at)))

    def _check_in_new(self, typed: str, look_alikes: Sequence[str] = (), said: str = "") -> None:
        """Keep a new person, and what was said of known people whose names look alike."""
        found, me = self._state, self.app.me
        assert found is not None and me is not None
        event_id, consent = found.event_id, found.consent.values

        def work(kit: Kit, at: str) -> CheckedIn:
            done = arrivals.check_in_new(kit, event_id, typed, consent, at)
            return answer_look_alikes(kit, me, done, look_alikes, said)

        self._timed(typed, lambda at: self._save(lambda kit: work(kit, at)))

    def _count_unnamed(self, typed: str) -> None:
        found, me = self._state, self.app.me
        assert found is not None and me is not None
        event_id, origin = found.event_id, me.origin

        def save(at: str) -> None:
            words = with_keys("Counted. The name was not kept. With a yes: {stall[undo]}, then Tab.")
            self.save_in_turn(
                lambda kit: count_unnamed(kit, origin, event_id, at, typed),
                lambda step: self.note_steps([step], words),
                "counting",
            )

        self._timed("this person", save)

    def _timed(self, who: str, then: Callable[[str], None]) -> None:
        """Clear the line and go on with the time of day; at an event of another day, once it was typed."""
        found = self._state
        assert found is not None
        self._store_numbers()
        line = self.query_one(NameLine)
        if found.under_way:
            self._clear_line()
            then(f"{datetime.now():%H:%M}")
            return
        self._name_kept, self._when_timed = line.value, then
        self.query_one("#label", Static).update(f"{fit(who, 16)} CAME AT")
        line.value = ""
        line.placeholder = "10:15"
        self._draw()

    def _take_time(self) -> None:
        line = self.query_one(NameLine)
        try:
            at = arrivals.time_of(line.value)
        except FieldkitError as error:
            self.tell(error.message, "warning")
            return
        then = self._when_timed
        self._end_timing("")
        if then is not None:
            then(at)

    def _end_timing(self, name: str) -> None:
        """Ask for a name again; the line begins with `name`."""
        line = self.query_one(NameLine)
        self._when_timed = None
        self.query_one("#label", Static).update("NAME")
        line.placeholder = ""
        if line.value == name:
            self._clear_line()
        line.value = name
        line.cursor_position = len(name)

    def _save(self, work: Callable[[Kit], CheckedIn]) -> None:
        self.save_in_turn(work, self._checked_in, "checking in")

    def _checked_in(self, done: CheckedIn) -> None:
        self._people_changed = self._people_changed or bool(done.code)
        if done.again:
            self._already_here(done.line, done.at)
            self.read_again()
        else:
            self.note_steps([done.step], f"{done.line} is checked in.")

    def _already_here(self, line: str, at: str) -> None:
        since = f" since {at}" if at else ""
        self.tell(f"{line} is here already{since}. Nothing was recorded twice.", "warning")

    def _clear_line(self) -> None:
        self.query_one(NameLine).value = ""
        self._typed, self._matches, self._alike, self._at, self._marked = "", [], [], 0, False
        self._looking = False
        self._draw()

    def was_undone(self, step: Step) -> None:
        self._people_changed = self._people_changed or any(record.kind == "person" for record in step.created)
        line = self.query_one(NameLine)
        if step.name and not line.value and self._when_timed is None:
            line.value = step.name
            line.cursor_position = len(step.name)

    def was_redone(self, step: Step) -> None:
        self._people_changed = True

    # Counting heads

    def _count(self, place: int, by: int) -> None:
        counts = self.query_one(Counts)
        if place < 0 or counts.add_to(place, by) is None:
            self.tell("No group has this digit. Tab goes to all groups, and types a number.", "warning")

    def action_to_counts(self) -> None:
        self.query_one(Counts).focus()

    def action_to_names(self) -> None:
        self._store_numbers()
        self.query_one(NameLine).focus()

    def on_counts_changed(self, event: Counts.Changed) -> None:
        """A count is another: a head is stored at once, a number once no digit follows."""
        self._draw_figures()
        if not event.typed:
            self._store_numbers()
            self._store_count(event.code, event.heads, 1)
            return
        self._typed_counts[event.code] = (event.heads, self._typed_counts.get(event.code, (0, 0))[1] + 1)
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_STORE_AFTER, self._store_numbers)

    def _store_numbers(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        typed, self._typed_counts = self._typed_counts, {}
        for code, (heads, changes) in typed.items():
            self._store_count(code, heads, changes)

    def _store_count(self, code: str, heads: int, changes: int) -> None:
        """Store this laptop's count of a group, which ends `changes` changes of it."""
        found, me, counts = self._state, self.app.me, self.query_one(Counts)
        if found is None or me is None:
            return
        at = f"{datetime.now():%H:%M}" if found.under_way else ""

        def ended() -> None:
            for _ in range(changes):
                counts.saved(code)

        def stored(step: Step | None) -> None:
            ended()
            groups, everybody = groups_and_everybody(counts.counted)
            if groups > everybody > 0:
                words = f"The groups make {groups:,}, but everybody {everybody:,}. Correct the wrong number."
                self.tell(words, "warning")
            self.note_steps([step])

        def refused(_: FieldkitError) -> bool:
            ended()
            self.read_again()
            return False

        self.save_in_turn(
            lambda kit: count_heads(kit, me.origin, found.event_id, code, heads, at),
            stored,
            "storing the head count",
            refused,
        )

    # Commands

    def command_back(self) -> None:
        """Take the mark off, clear the line, or go to everything else."""
        if self.focused is self.query_one(Counts):
            self.action_to_names()
        elif self._when_timed is not None:
            self._end_timing(self._name_kept)
        elif self._marked:
            self.action_mark()
        elif self._typed:
            self._clear_line()
            self.untell()
        else:
            self._store_numbers()
            self.once_saved(self.dismiss)

    async def before_leaving(self) -> None:
        """Store the counts; the app then waits for it."""
        self._store_numbers()

    def command_feedback(self) -> None:
        """Take feedback at this event."""
        self._store_numbers()
        self.app.open_screen("entry", "feedback")

    def command_unfinished(self) -> None:
        """Go on with the unfinished entry, or choose one of several."""
        self._store_numbers()
        self._open_unfinished()

    @in_background
    async def _open_unfinished(self) -> None:
        drafts = await self.kit_work(lambda kit: kit.drafts.all(), "looking for unfinished entries")
        if len(drafts) == 1:
            self.app.open_screen("entry", draft=drafts[0])
        else:
            self.app.open_screen("drafts")

    def command_hand_over(self) -> None:
        """Hand the laptop to a respondent."""
        self._store_numbers()
        hand_laptop_over(self)

    def command_paper(self) -> None:
        """Piles of paper, and forms to print."""
        self._store_numbers()
        self.app.open_screen("piles")

    def command_event(self) -> None:
        """Go to today's event, or choose another one."""
        self._store_numbers()
        found = self._state
        if found is not None and len(found.today) == 1:
            self._go_to(found.today[0][0])
        else:
            self.app.open_screen("records", "event", choosing=True)

    def _go_to(self, event_id: str) -> None:
        self.save_in_turn(
            lambda kit: kit.settings.put(EVENT, event_id), lambda _: self.read_again(), "choosing the event"
        )

    def command_end(self) -> None:
        """Look at the totals, and end the event."""
        self._store_numbers()
        self.once_saved(lambda: self.app.open_screen("event_closing", then=self._ended))

    def _ended(self, ended: bool | None) -> None:
        if ended:
            self.app.notice("The event has ended on this laptop.")
            self.dismiss()

    def command_worried(self) -> None:
        """What to do if somebody may come to harm."""
        self.app.open_screen("worried")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and self._state is not None:
            if parameters[0] == "undo":
                return bool(self.stack.done or self.saving or self._typed_counts)
            if parameters[0] == "redo":
                return bool(self.stack.undone or self.saving)
            if parameters[0] == "unfinished":
                return bool(self._state.drafts)
        return super().check_action(action, parameters)
