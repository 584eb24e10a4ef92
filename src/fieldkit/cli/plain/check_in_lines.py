"""Checking people in and counting heads in plain lines: one name per line, the same questions as on the stall board."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from fieldkit.cli.plain.plain_lines import PlainLines
from fieldkit.errors import FieldkitError
from fieldkit.presentation.name_consent import ASK, TITLE, name_consent
from fieldkit.presentation.stall.board_state import State, state
from fieldkit.presentation.stall.check_in import (
    CheckedIn,
    answer_look_alikes,
    arrivals,
    check_in,
    check_in_new,
    time_of,
)
from fieldkit.presentation.stall.head_count_groups import count_heads, count_unnamed, counted_groups
from fieldkit.presentation.stall.known_people import KnownPeople, Match, name_in
from fieldkit.presentation.stall.undo_stack import UndoStack
from fieldkit.store.kit import Kit
from fieldkit.sync.network.identity import Identity
from fieldkit.text import clean_line, ended, quoted

_MOST = 9
_SAME, _DIFFERENT, _NOT_SURE = "1", "2", "3"
_ANSWERS = {_SAME: "same", _DIFFERENT: "different", _NOT_SURE: "not_sure"}
HELP = (
    "Type a name, or a part of it; people who fit are listed, each with a number.",
    "A comma divides the name from an organisation. + counts 1 person who gives no name.",
    "# counts heads, group by group. - undoes what was done last. Enter alone ends.",
)


@dataclass
class CheckInLines:
    """The check-in of one event on one laptop."""

    kit: Kit
    me: Identity
    event_id: str
    lines: PlainLines
    stack: UndoStack = field(default_factory=lambda: UndoStack(int(time.time() * 1000)))
    _board: State | None = None
    _people: KnownPeople = field(default_factory=KnownPeople)

    def run(self) -> None:
        """Take names until somebody ends.

        Raises:
            EOFError, KeyboardInterrupt: the person stopped; everybody checked in is stored.
        """
        self._board = board = state(self.kit, self.me)
        self._people.refresh(self.kit)
        if board is not None:
            self.lines.say(*_heading(board), *HELP)
        while typed := self.lines.ask("Name: ").strip():
            try:
                self._take(typed)
            except FieldkitError as error:
                self.lines.say(*(part for part in (error.message, error.kept, error.hint) if part))

    def _take(self, typed: str) -> None:
        if typed == "?":
            self.lines.say(*HELP)
        elif typed == "-":
            self._undo()
        elif typed == "#":
            self._count()
        elif typed == "+":
            self._count_unnamed()
        else:
            self._find(clean_line(typed))

    # Names

    def _find(self, typed: str) -> None:
        here = arrivals(self.kit, self.event_id)
        matches = self._people.find(typed, here, _MOST)
        like = self._people.look_alikes(typed, here)
        if not matches:
            self._new(typed, like)
            return
        for number, match in enumerate(matches, 1):
            since = f", here{f' since {match.since}' if match.since else ''}" if match.here else ""
            likeness = "" if match.same_name else ", a similar name"
            self.lines.say(f"  {number} {match.line}{likeness}{since}")
        self.lines.say(f"  n “{typed}” is a new person")
        chosen = self.lines.ask("Number, n, or Enter alone for another name: ").strip().casefold()
        if chosen in {str(number) for number in range(1, len(matches) + 1)}:
            self._done(check_in(self.kit, self.event_id, matches[int(chosen) - 1].person_id, self._time()))
        elif chosen == "n":
            self._new(typed, like)

    def _new(self, typed: str, like: list[Match]) -> None:
        """Ask whether a new person is one of the look-alikes, then for their consent, and check them in or count them."""
        likeness = _DIFFERENT
        for match in like:
            self.lines.say(f"Looks like {match.line}. Is it the same person?")
            answer = self._one_of("1 same, 2 different, 3 not sure", _ANSWERS)
            if not answer:
                return
            if answer == _SAME:
                self._done(check_in(self.kit, self.event_id, match.person_id, self._time()))
                return
            likeness = max(likeness, answer)  # being unsure about one of them is being unsure
        consent = name_consent(self.kit)
        self.lines.say(TITLE.format(name_in(typed)), ASK, consent.sentence)
        agreed = self._one_of("1 yes, 2 no", ("1", "2"))
        if agreed == "2":
            self._count_unnamed()
        if agreed != "1":
            return
        done = check_in_new(self.kit, self.event_id, typed, consent.values, self._time())
        alike = [match.person_id for match in like]
        self._done(answer_look_alikes(self.kit, self.me, done, alike, _ANSWERS[likeness]))
        self._people.refresh(self.kit)
        if done.code:
            self.lines.say(f"Receipt code for {done.line}: {done.code}. Write it on their slip.")

    def _one_of(self, prompt: str, answers: Collection[str]) -> str:
        """One of the answers, "" if nothing is to be recorded for this name."""
        while (answer := self.lines.ask(f"{prompt}, Enter alone for another name: ").strip()) not in answers:
            if not answer:
                self.lines.say("Nothing was recorded.")
                return ""
            self.lines.say(f"{quoted(answer, 20)} is not one of the answers.")
        return answer

    def _done(self, done: CheckedIn) -> None:
        self.stack.push([done.step])
        at = f" {done.at}" if done.at else ""
        if done.again:
            self.lines.say(f"{done.line} is here already{f', since{at}' if at else ''}.")
        else:
            self.lines.say(f"{done.line} checked in{at}.")

    def _time(self) -> str:
        """The time to store: now at an event that is under way, otherwise a typed time."""
        if at := self._clock():
            return at
        while True:
            try:
                return time_of(
                    self.lines.ask("When did they come? For example 10:15; Enter alone: not known. ")
                )
            except FieldkitError as error:
                self.lines.say(error.message)

    def _clock(self) -> str:
        """The time now at an event that is under way, otherwise ""."""
        board, now = self._board, datetime.now()
        return f"{now:%H:%M}" if board is None else board.time_of_day(now)

    # Heads

    def _count_unnamed(self) -> None:
        self.stack.push([count_unnamed(self.kit, self.me.origin, self.event_id, self._clock())])
        self.lines.say("1 person counted without a name.")

    def _count(self) -> None:
        groups = counted_groups(self.kit, self.event_id, self.me.origin)
        for number, group in enumerate(groups, 1):
            self.lines.say(f"  {number} {group.label}: {group.mine}")
        chosen = self.lines.ask("Number of the group, or Enter alone: ").strip()
        if chosen not in {str(number) for number in range(1, len(groups) + 1)}:
            return
        group = groups[int(chosen) - 1]
        count = self.lines.ask(f"{group.label}: how many? +1 is one more: ").strip()
        if not count.lstrip("+-").isdecimal() or len(count) > 6:
            self.lines.say("That is no number. Nothing was changed.")
            return
        total = max(0, group.mine + int(count) if count[0] in "+-" else int(count))
        step = count_heads(self.kit, self.me.origin, self.event_id, group.code, total, self._clock())
        self.stack.push([step])
        self.lines.say(ended(step.what) if step is not None else f"{group.label}: {total}, as before.")

    def _undo(self) -> None:
        if not self.stack.done:
            self.lines.say("Nothing was done here yet.")
            return
        step = self.stack.done.pop()
        undone = self.stack.undo(self.kit, step)
        self._people.refresh(self.kit)
        if undone is None:
            self.lines.say(ended(f"Not undone, since it was changed meanwhile: {step.what}"))
        else:
            self.lines.say(ended(f"Undone: {step.what}"))


def _heading(board: State) -> list[str]:
    another = board.another_day(datetime.now())
    return [
        f"{board.event}: {board.named} checked in by name, {board.counted} counted.",
        *([f"{another}. After each name you are asked when the person came."] if another else []),
    ]
