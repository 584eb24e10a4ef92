"""Heads are counted with digits and signs on the empty name line, or typed as numbers."""

from __future__ import annotations

from datetime import datetime

from textual.timer import Timer

from fieldkit.errors import FieldkitError
from fieldkit.presentation.stall.head_count_groups import count_heads
from fieldkit.presentation.stall.undo_stack import Step
from fieldkit.screens.stall.check_in_board import CheckInBoard
from fieldkit.screens.stall.head_counter import Counts
from fieldkit.screens.stall.head_drawing import groups_and_everybody
from fieldkit.screens.stall.name_line import NameLine

_STORE_AFTER = 0.6
"""Seconds after a number's last digit before it is stored, so that a number is one change."""


class HeadCountBoard(CheckInBoard):
    """A head is stored at once; a number, once no digit follows or another key is pressed."""

    def __init__(self) -> None:
        super().__init__()
        self._timer: Timer | None = None
        self._typed_counts: dict[str, tuple[int, int]] = {}
        """Numbers typed but not stored yet: group -> the number, and how many changes it makes."""

    @property
    def has_unstored(self) -> bool:
        """Whether a typed number is not stored yet."""
        return bool(self._typed_counts)

    def take_digit(self, digit: int) -> bool:
        """Count a head on the empty line; otherwise see `CheckInBoard`."""
        if self.is_timing or self.query_one(NameLine).value:
            return super().take_digit(digit)
        self._count(digit - 1, 1)
        return True

    def take_sign(self, by: int) -> bool:
        """Count one more or one fewer in the last counted group, while nothing is typed."""
        if self.is_timing or self.query_one(NameLine).value:
            return False
        self._count(self.query_one(Counts).at, by)
        return True

    def action_mark(self, does: str = "") -> None:
        """On the empty line, go to the numbers; otherwise see `CheckInBoard`."""
        if self.is_timing or self.typed:
            super().action_mark(does)
        else:
            self.action_to_counts()

    def _count(self, place: int, by: int) -> None:
        counts = self.query_one(Counts)
        if place < 0 or counts.add_to(place, by) is None:
            self.show_notice(
                "No group has this digit. Tab goes to all groups, and types a number.", "warning"
            )

    def action_to_counts(self) -> None:
        self.query_one(Counts).focus()

    def action_to_names(self) -> None:
        self.store_typed()
        self.query_one(NameLine).focus()

    def on_counts_changed(self, event: Counts.Changed) -> None:
        """A count has changed: store a head at once, a number once no digit follows."""
        self.clear_notice()  # it was about the previous person
        self.draw_figures()
        if not event.typed:
            self.store_typed()
            self._store_count(event.code, event.number, 1)
            return
        self._typed_counts[event.code] = (event.number, self._typed_counts.get(event.code, (0, 0))[1] + 1)
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_STORE_AFTER, self.store_typed)

    def store_typed(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        typed, self._typed_counts = self._typed_counts, {}
        for code, (number, changes) in typed.items():
            self._store_count(code, number, changes)

    def _store_count(self, code: str, number: int, changes: int) -> None:
        """Store this laptop's count of a group, which completes `changes` changes of it."""
        board, me, counts = self.state, self.app.me, self.query_one(Counts)
        if board is None or me is None:
            return
        at = board.time_of_day(datetime.now())

        def ended() -> None:
            for _ in range(changes):
                counts.saved(code)

        def stored(step: Step | None) -> None:
            ended()
            groups, everybody = groups_and_everybody(counts.counted)
            if groups > everybody > 0:
                sentence = (
                    f"The groups make {groups:,}, but everybody {everybody:,}. Correct the wrong number."
                )
                self.show_notice(sentence, "warning")
            self.note_steps([step])

        def refused(_: FieldkitError) -> bool:
            ended()
            self.read_on()
            return False

        self.save_in_turn(
            lambda kit: count_heads(kit, me.origin, board.event_id, code, number, at),
            stored,
            "storing the head count",
            refused,
        )
