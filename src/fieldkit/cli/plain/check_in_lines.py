"""Checking people in and counting heads in plain lines: one name a line, the same questions as on the stall board."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime

from fieldkit.cli.plain.plain_lines import PlainLines
from fieldkit.errors import FieldkitError
from fieldkit.presentation.name_consent import TITLE, WORDS, name_consent
from fieldkit.presentation.people.joining import answer
from fieldkit.presentation.stall.board_state import State, state
from fieldkit.presentation.stall.check_in import (
    CheckedIn,
    arrivals,
    check_in,
    check_in_new,
    matches,
    name_in,
    time_of,
)
from fieldkit.presentation.stall.head_counting import count_heads, count_unnamed, counted_groups
from fieldkit.presentation.stall.undo_stack import UndoStack, undo
from fieldkit.records.people_names.name_index import NameIndex, NameMatch
from fieldkit.store.kit import Kit
from fieldkit.sync.network.identity import Identity
from fieldkit.text import clean_line

_MOST = 9
_ALIKE = 3
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
    _found: State | None = None
    _names: NameIndex | None = None

    def run(self) -> None:
        """Take names until somebody ends.

        Raises:
            EOFError, KeyboardInterrupt: the person stopped; what was checked in is stored.
        """
        self._found = found = state(self.kit, self.me.origin)
        if found is not None:
            self.lines.say(*_heading(found), *HELP)
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
        found = matches(self.kit, here, typed, _MOST)
        known = {match.person_id for match in found}
        like = [each for each in self._index().look_alikes(name_in(typed)) if each.id not in known][:_ALIKE]
        if not found:
            self._new(typed, like)
            return
        for number, match in enumerate(found, 1):
            since = f", here{f' since {match.since}' if match.since else ''}" if match.here else ""
            self.lines.say(f"  {number} {match.line}{since}")
        self.lines.say(f"  n “{typed}” is a new person")
        chosen = self.lines.ask("Number, n, or Enter alone for another name: ").strip().casefold()
        if chosen in {str(number) for number in range(1, len(found) + 1)}:
            self._done(check_in(self.kit, self.event_id, found[int(chosen) - 1].person_id, self._time()))
        elif chosen == "n":
            self._new(typed, like)

    def _index(self) -> NameIndex:
        if self._names is None:
            rows = self.kit.columns("person", ("record_id", "name"))
            self._names = NameIndex((record_id, name) for record_id, name in rows if name)
        return self._names

    def _new(self, typed: str, like: list[NameMatch]) -> None:
        """Ask about those who look like a new person, then for their consent, and check them in or count them."""
        answers: dict[str, str] = {}
        for known in like:
            self.lines.say(f"Looks like {known.name} ({known.why}). Is it the same person?")
            said = ""
            while said not in _ANSWERS:
                said = self.lines.ask("1 same, 2 different, 3 not sure: ").strip()
            if said == _SAME:
                self._done(check_in(self.kit, self.event_id, known.id, self._time()))
                return
            answers[known.id] = _ANSWERS[said]
        consent = name_consent(self.kit)
        self.lines.say(TITLE.format(name_in(typed)), WORDS, consent.sentence)
        said = ""
        while said not in {"1", "2"}:
            said = self.lines.ask("1 yes, 2 no: ").strip()
        if said == "2":
            self._count_unnamed()
            return
        done = check_in_new(self.kit, self.event_id, typed, consent.values, self._time())
        self._done(done)
        if done.step is not None:
            person = next(record for record in done.step.created if record.kind == "person")
            self._index().add(person.record_id, str(person.values.get("name", "")))
            for known_id, said in answers.items():
                answer(self.kit, self.me, person.record_id, known_id, said)
        if done.code:
            self.lines.say(f"Receipt code for {done.line}: {done.code}. Write it on their slip.")

    def _done(self, done: CheckedIn) -> None:
        self.stack.push([done.step])
        at = f" {done.at}" if done.at else ""
        if done.again:
            self.lines.say(f"{done.line} is here already{f', since{at}' if at else ''}.")
        else:
            self.lines.say(f"{done.line} checked in{at}.")

    def _time(self) -> str:
        """The time to store: now at an event that is under way, else what is typed."""
        found = self._found
        if found is None or found.under_way:
            return f"{datetime.now():%H:%M}"
        while True:
            try:
                return time_of(
                    self.lines.ask(f"{found.day}, when? For example 10:15; Enter alone: not known. ")
                )
            except FieldkitError as error:
                self.lines.say(error.message)

    # Heads

    def _count_unnamed(self) -> None:
        self.stack.push([count_unnamed(self.kit, self.me.origin, self.event_id, self._time())])
        self.lines.say("1 person counted without a name.")

    def _count(self) -> None:
        groups = counted_groups(self.kit, self.event_id, self.me.origin)
        for number, group in enumerate(groups, 1):
            self.lines.say(f"  {number} {group.label}: {group.mine}")
        chosen = self.lines.ask("Number of the group, or Enter alone: ").strip()
        if chosen not in {str(number) for number in range(1, len(groups) + 1)}:
            return
        group = groups[int(chosen) - 1]
        heads = self.lines.ask(f"{group.label}: how many? +1 is one more: ").strip()
        if not heads.lstrip("+-").isdecimal() or len(heads) > 6:
            self.lines.say("That is no number. Nothing was changed.")
            return
        total = max(0, group.mine + int(heads) if heads[0] in "+-" else int(heads))
        step = count_heads(self.kit, self.me.origin, self.event_id, group.code, total, self._time())
        self.stack.push([step])
        self.lines.say(f"{step.what}." if step is not None else f"{group.label}: {total}, as before.")

    def _undo(self) -> None:
        if not self.stack.done:
            self.lines.say("Nothing was done here yet.")
            return
        step = self.stack.done.pop()
        undone = undo(self.kit, step)
        self._names = None
        if undone is None:
            self.lines.say(f"Not undone, since it was changed meanwhile: {step.what}.")
        else:
            self.lines.say(f"Undone: {step.what}.")


def _heading(found: State) -> list[str]:
    return [f"{found.event}: {found.named} checked in by name, {found.counted} counted."]
