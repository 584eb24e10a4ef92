"""People who match the letters on the name line: found while somebody types, drawn below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from textual.content import Content
from textual.widgets import Input, Static

from fieldkit.presentation.stall.board_state import State
from fieldkit.presentation.stall.known_people import Match
from fieldkit.screens.base.screen import beside_keys, latest_only
from fieldkit.screens.stall import board_lines
from fieldkit.screens.stall.event_board import EventBoard

_ASK_AGAIN = "The name has changed. Press tab again if it may be kept."


class PeopleBoard(EventBoard):
    """Subclasses have a name line after a label `#label`, and a widget `#rows` for the matches."""

    def __init__(self) -> None:
        super().__init__()
        self._matches: list[Match] = []
        self._alike: list[Match] = []
        self._typed = ""
        self._at = 0
        self._has_pointed = False
        """Whether the arrows were pressed since the last letter."""
        self._marked = False
        """Whether the typed person is new and their name may be kept."""
        self._asked_about = ""
        """The id of the person pointed at whose name only resembles the typed one, once Enter was pressed."""
        self._answered: tuple[Sequence[str], str] = ((), "")
        """The people whom the new person differs from, or may be, and which of the two; before the name is stored."""
        self._looking = False
        self._when_found: Callable[[], None] | None = None
        """The action of a key pressed during a search for people; other keys wait for it."""
        self._when_timed: Callable[[str], None] | None = None
        """What waits for the arrival time, at an event of another day."""
        self._said_of_name = ""
        """The last message on the name in the line, or on the one before; the next letter removes it."""
        self._name_kept = ""
        """The name line before the time was asked for."""

    @property
    def takes_keys(self) -> bool:
        """Whether the event is in view, and no key waits for the matches."""
        return super().takes_keys and self._when_found is None

    # The matches

    @property
    def typed(self) -> str:
        """The name that the matches in view belong to."""
        return self._typed

    @property
    def people_found(self) -> list[Match]:
        """The people who match what is typed."""
        return self._matches

    @property
    def is_searching(self) -> bool:
        """Whether a search for people is still running."""
        return self._looking

    @property
    def is_timing(self) -> bool:
        """Whether the line asks when a person came."""
        return self._when_timed is not None

    def state_changed(self) -> None:
        if self._typed:
            self._look()

    def on_input_changed(self, event: Input.Changed) -> None:
        if self._when_timed is not None:
            return
        before, self._typed = self._typed, event.value.strip()
        self._at, self._has_pointed = 0, False
        if self._typed and self._typed != before and self._said_of_name:
            self.clear_notice(self._said_of_name)
            self._said_of_name = ""
        if self._typed != before:
            if self._marked and self._typed:
                # The yes was for the earlier name; without a yes, Enter keeps no name.
                self.show_notice(_ASK_AGAIN, "warning")
            self._marked = False
            self._ask_nothing()
        if not self._typed:
            self._matches = []
        self._look()

    def say_of_name(self, sentence: str, kind: Literal["information", "warning"] = "warning") -> None:
        """Show a sentence that is about this name alone."""
        self._said_of_name = sentence
        self.show_notice(sentence, kind)

    def _ask_nothing(self) -> None:
        """Ask about no look-alike, and forget the answers."""
        self._alike, self._asked_about, self._answered = [], "", ((), "")

    def _look(self) -> None:
        if not self._typed or self.state is None:
            self._looking = False
            self.draw()
            return
        self._looking = True
        asks = (self._marked or bool(self._asked_about)) and not self._answered[1]
        self._find(self.state, self._typed, asks, self._asked_about)

    @latest_only
    @beside_keys
    async def _find(self, board: State, typed: str, asks: bool, asked_about: str) -> None:
        most, known = max(3, min(9, self._rows_high - 3)), self.known

        def look() -> tuple[list[Match], list[Match]]:
            matches = known.find(typed, board.arrivals, most)
            if not asks:
                return matches, []
            near = [match.person_id for match in matches if match.whole_name and not match.same_name]
            if asked_about:
                near = list(dict.fromkeys((asked_about, *near)))
            elif near[:1] != [match.person_id for match in matches[:1]]:
                near = []  # the likeliest has the name typed
            return matches, known.look_alikes(typed, board.arrivals, near)

        self._matches, self._alike = await self.thread_work(look, "looking for people")
        self._looking = False
        self.draw()
        if (waiting := self._when_found) is not None:
            self._when_found = None
            waiting()

    @property
    def _rows_high(self) -> int:
        return self.query_one("#rows").size.height

    def draw(self) -> None:
        """Draw the matches, or what the board does, and the figures."""
        board = self.state
        if board is None or not self.is_mounted:
            return
        rows = self.query_one("#rows", Static)
        width, height = max(20, rows.size.width), rows.size.height
        if self._when_timed is not None:
            lines = []
        elif self._marked or self._alike:
            lines = board_lines.new_rows(
                self._typed, board.consent.sentence, width, marked=self._marked, alike=bool(self._alike)
            )
            if self._alike:
                lines += board_lines.alike_rows(self._alike, self._at, width, height - len(lines))
        elif self._typed:
            lines = board_lines.match_rows(self._matches, self._typed, self._at, width, height)
        else:
            lines = board_lines.key_rows()
        # The code of the previous person stays in view while the next name is typed, if there is room for both.
        if (
            self._when_timed is None
            and len(lines) + len(code := board_lines.code_rows(board, width)) <= height
        ):
            lines = [*lines, *code]
        if lines and lines[-1].plain:
            lines.append(Content(""))
        lines += board_lines.latest_rows(board.latest, width, height - len(lines))
        rows.update(Content("\n").join(lines))
        self.draw_figures()
        self.draw_undo()

    def _once_found(self, act: Callable[[], None]) -> None:
        """Act once the matches of what was typed are in view: a fast typist never picks from an older list."""
        if self._looking:
            self._when_found = act
        else:
            act()
