"""Checking people in on one line: Enter takes the person pointed at, Tab marks a new name to be kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Literal

from textual.widgets import Static

from fieldkit.commands.table import with_keys
from fieldkit.errors import FieldkitError, InvalidRecord
from fieldkit.presentation.stall import check_in as arrivals
from fieldkit.presentation.stall.check_in import CheckedIn, answer_look_alikes
from fieldkit.presentation.stall.head_count_groups import count_unnamed
from fieldkit.presentation.stall.known_people import Match, is_one_letter
from fieldkit.presentation.stall.undo_stack import Step
from fieldkit.screens.stall import board_lines
from fieldkit.screens.stall.name_line import NameLine
from fieldkit.screens.stall.people_board import PeopleBoard
from fieldkit.store.kit import Kit
from fieldkit.widgets.plain import fit

_WHICH = "Is it the same person? Answer 1 same, 2 different or 3 not sure."
_NEW = "A new person, then. Tab if the name may be kept."
_TIME = 20
"""Cells for the question when somebody came, and for the time."""
_COUNTED = "Counted. The name was not kept. After a yes, press {stall[undo]}, then Tab."
_ONE_LETTER = "Type more than one letter, or a person's digit. {stall[back]} twice: the menu."


class CheckInBoard(PeopleBoard):
    """Subclasses have a `NameLine` after the label."""

    _keys_shown = ("", "", "")
    """What the bottom line names for Esc and Enter."""

    def __init__(self) -> None:
        super().__init__()
        self._timed_at = ""
        """The event of the person whose time was asked for last, by its id."""

    def state_changed(self) -> None:
        if self.is_timing and self.state is not None and self.state.event_id != self._timed_at:
            self._end_timing(self._name_kept)  # the name was for an event that was left: nothing was stored
        super().state_changed()

    # Keys on the name line

    def action_point(self, by: int) -> None:
        self._has_pointed = True
        last = len(self._alike) - 1 if self._marked or self._alike else len(self._matches)
        self._at = max(0, min(self._at + by, last))
        self.draw()

    def take_digit(self, digit: int) -> bool:
        """Pick a person, or answer whether the new person is a known one; False if the digit belongs to the typed text."""
        line = self.query_one(NameLine).value
        if self.is_timing or not line or ("," in line and not (self._marked or self._asked_about)):
            return False
        self._once_found(partial(self._pick, digit))
        return True

    def refuse_list(self, lines: int) -> None:
        """Say that only the first of several pasted lines is a name."""
        self.show_notice(
            f"{lines:,} lines were pasted, and the first was kept. Check in one person at a time.", "warning"
        )

    def _pick(self, digit: int) -> None:
        if self._alike:
            self._answer(digit)
        elif not self._marked and digit and digit <= len(self._matches):
            self._check_in(self._matches[digit - 1])
        else:
            self.say_of_name(f"Nobody here has the number {digit}. Digits are no part of a name.")

    @property
    def tab_does(self) -> Literal["keep", "numbers", "nothing"]:
        """What the bottom line says about Tab; "nothing" also if it would remove the mark, since that is given as Esc."""
        if self.is_timing or self._marked:
            return "nothing"
        return "keep" if self._typed else "numbers"

    def action_mark(self, does: str = "") -> None:
        """Mark that a new person's name may be kept, or remove the mark; not while a look-alike is asked about.

        `does` has its own hint.
        """
        if self.is_timing or not self._typed:
            return
        if self._marked and self._alike and not self._looking:
            self.say_of_name(_WHICH)  # pressed twice: the digit that follows is the answer
        else:
            self._set_mark(not self._marked)

    def _set_mark(self, marked: bool) -> None:
        self.clear_notice(_NEW)
        self._marked, self._at = marked, len(self._matches) if self._answered[1] else 0
        self._look()

    @property
    def enter_does(self) -> Literal["check-in", "ask", "count", "time", "nothing"]:
        """What Enter does with the line as it is; "nothing" also if a look-alike must be answered first."""
        if self.is_timing:
            return "time"
        if not self._typed or self._alike:
            return "nothing"
        if self._marked:
            return "check-in"
        if (match := self._pointed_at) is None:
            return "count"
        return "check-in" if match.same_name or self._has_pointed else "ask"

    @property
    def _pointed_at(self) -> Match | None:
        """The known person who is pointed at, None for the new one."""
        return self._matches[self._at] if self._at < len(self._matches) else None

    def action_take(self, does: str = "") -> None:
        """Check in the person pointed at, or the new one, or take the typed time. `does` has its own hint."""
        if self._when_timed is not None:
            self._take_time()
        elif self._typed:
            self._once_found(self._take)
        else:
            self.say_of_name("Type a few letters of a name, or a digit to count a head.", "information")

    def _take(self) -> None:
        board, typed = self.state, self._typed
        if board is None or not typed:
            return
        if is_one_letter(typed) and not self._marked and not self._has_pointed:
            # A menu key pressed here by habit must not check anybody in.
            self.say_of_name(with_keys(_ONE_LETTER))
        elif self._alike:
            self.say_of_name(_WHICH)
        elif self._marked:
            self._check_in_new(typed, *self._answered)
        elif (match := self._pointed_at) is None:
            self._count_unnamed(typed)
        elif match.same_name or self._has_pointed:
            self._check_in(match)
        else:
            # Nobody chose the person: the list merely starts with the likeliest.
            self._ask_nothing()
            self._asked_about = match.person_id
            self._look()

    def _answer(self, digit: int) -> None:
        """Whether the new person is the known one pointed at."""
        if digit == board_lines.SAME:
            self._check_in(self._alike[self._at])
        elif digit in {board_lines.DIFFERENT, board_lines.NOT_SURE}:
            likeness = "different" if digit == board_lines.DIFFERENT else "not_sure"
            answered = [match.person_id for match in self._alike], likeness
            if self._marked:
                self._check_in_new(self._typed, *answered)
                return
            self._ask_nothing()
            self._answered, self._at = answered, len(self._matches)
            self.say_of_name(_NEW, "information")
            self.draw()
        else:
            self.say_of_name("Answer 1 same, 2 different or 3 not sure.")

    # Storing

    def _check_in(self, match: Match) -> None:
        board = self.state
        assert board is not None
        if match.here:
            self._clear_line()
            self._already_here(match.line, match.since)
            return
        check_in = partial(arrivals.check_in, event_id=board.event_id, person_id=match.person_id)
        refused = self._typed_again()
        self._timed(match.line, lambda at: self._save(lambda kit: check_in(kit, at=at), refused))

    def _check_in_new(self, typed: str, look_alikes: Sequence[str] = (), likeness: str = "") -> None:
        """Store a new person, and the answers about known people whose names look alike."""
        board, me = self.state, self.app.me
        assert board is not None and me is not None
        event_id, consent = board.event_id, board.consent.values

        def work(kit: Kit, at: str) -> CheckedIn:
            done = arrivals.check_in_new(kit, event_id, typed, consent, at)
            return answer_look_alikes(kit, me, done, look_alikes, likeness)

        refused = self._typed_again()
        self._timed(typed, lambda at: self._save(lambda kit: work(kit, at), refused))

    def _count_unnamed(self, typed: str) -> None:
        board, me = self.state, self.app.me
        assert board is not None and me is not None
        event_id, origin, refused = board.event_id, me.origin, self._typed_again()

        def save(at: str) -> None:
            self.save_in_turn(
                lambda kit: count_unnamed(kit, origin, event_id, at, typed), counted, "counting", refused
            )

        def counted(step: Step | None) -> None:
            self.note_steps([step])
            self.say_of_name(with_keys(_COUNTED), "information")

        self._timed("this person", save)

    def _timed(self, who: str, then: Callable[[str], None]) -> None:
        """Clear the line and continue with the time of day; at an event of another day, once it is typed."""
        board = self.state
        assert board is not None
        self.store_typed()
        line = self.query_one(NameLine)
        if now := board.time_of_day(datetime.now()):
            self._clear_line()
            then(now)
            return
        self._name_kept, self._when_timed, self._timed_at = line.value, then, board.event_id
        room = self.query_one("#names").size.width - _TIME
        self.query_one("#label", Static).update(f"{fit(who, max(16, room))} CAME AT")
        line.value = ""
        line.placeholder = "10:15"
        self.draw()

    def _take_time(self) -> None:
        line = self.query_one(NameLine)
        try:
            at = arrivals.time_of(line.value)
        except FieldkitError as error:
            self.show_notice(error.message, "warning")
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

    def _save(self, work: Callable[[Kit], CheckedIn], refused: Callable[[FieldkitError], bool]) -> None:
        self.save_in_turn(work, self._checked_in, "checking in", refused)

    def _typed_again(self) -> Callable[[FieldkitError], bool]:
        """A function that restores the present line if it can't be stored; it returns whether nothing more needs saying."""
        typed = self.query_one(NameLine).value

        def refused(error: FieldkitError) -> bool:
            line = self.query_one(NameLine)
            if line.value or self.is_timing:
                return False  # the next name is already being typed
            line.value = typed
            line.cursor_position = len(typed)
            if not isinstance(error, InvalidRecord):
                return False
            self.show_notice(error.message, "warning")
            return True

        return refused

    def _checked_in(self, done: CheckedIn) -> None:
        self.people_changed = self.people_changed or bool(done.code)
        if done.again:
            self._already_here(done.line, done.at)
            self.read_on()
        else:
            self.note_steps([done.step], f"{done.line} is checked in.")

    def _already_here(self, line: str, at: str) -> None:
        since = f" since {at}" if at else ""
        self.say_of_name(f"{line} is here already{since}. Nothing was recorded twice.")

    def _clear_line(self) -> None:
        self.query_one(NameLine).value = ""
        self._typed, self._matches, self._at, self._marked = "", [], 0, False
        self._ask_nothing()
        self._looking = self._has_pointed = False
        self.draw()

    def was_undone(self, step: Step) -> None:
        self.people_changed = self.people_changed or any(record.kind == "person" for record in step.created)
        line = self.query_one(NameLine)
        if step.name and not line.value and self._when_timed is None:
            line.value = step.name
            line.cursor_position = len(step.name)

    def was_redone(self, step: Step) -> None:
        self.people_changed = True
        if step.name and self.query_one(NameLine).value == step.name and not self.is_timing:
            self._clear_line()  # the person is counted again

    @property
    def next_step_back(self) -> Literal["time", "mark", "question", "name", ""]:
        """What `step_back` would undo: the question when or who, the mark, the name; "" for nothing."""
        if self.is_timing:
            return "time"
        if self._asked_about and not self._marked:
            return "question"
        return "mark" if self._marked else "name" if self._typed else ""

    def draw(self) -> None:
        super().draw()
        keys = (self.next_step_back, self.enter_does, self.tab_does)
        if self._keys_shown != keys:
            self._keys_shown = keys
            self.refresh_bindings()

    def step_back(self) -> bool:
        """Undo the mark or a question, or clear the line; False if there is none of these."""
        match self.next_step_back:
            case "time":
                self._end_timing(self._name_kept)
            case "mark":
                self._set_mark(False)
            case "question":
                self._ask_nothing()
                self._at = 0
                self._look()
            case "name":
                self._clear_line()
                self.clear_notice()
            case _:
                return False
        return True
