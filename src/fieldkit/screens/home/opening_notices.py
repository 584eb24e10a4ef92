"""What is said and asked once a kit is open: a restore that was cut off, a doubtful clock, a copied folder."""

from __future__ import annotations

from fieldkit.presentation.opening import believe_clock, cut_off, doubts, last_saved, note_told
from fieldkit.screens.base.screen import BaseScreen
from fieldkit.widgets.dialogs import Confirm, Message

CLOCK_WORDS = (
    "Set the date and the time in this laptop's own settings, then go on.\n\nNothing waits for it: what you "
    "record is kept, and what somebody changes after seeing yours counts, whatever the clocks say."
)
_APART = (
    "What is recorded here from now on is kept apart from what a copy may record: nothing is lost.\n\nIf somebody "
    "else uses a copy of this kit, tell the coordinator: each laptop should join the network by itself."
)
MOVED_WORDS = f"It was moved, copied or restored. If it was only moved, nothing needs to be done. {_APART}"
COPY_WORDS = f"A copy of this kit is in use elsewhere: a receipt says so. {_APART}"


def look_at_kit(screen: BaseScreen) -> None:
    """Look when it was saved last, whether a restore was cut off, and whether the clock can be right."""

    def say_last_saved(at: str) -> None:
        screen.app.nothing_saved = "nothing to save yet"
        screen.app.saved_at = screen.app.saved_at or at
        screen.refresh_frame()

    screen.run_kit(last_saved, say_last_saved, what="looking when it was saved last")
    if screen.app.reads_only:
        return  # the other window asks what is to be asked
    screen.run_kit(
        cut_off,
        lambda sentence: _tell_of_restore(screen, sentence),
        what="looking for a restore that was cut off",
    )
    screen.run_kit(doubts, lambda doubt: _ask_about_clock(screen, doubt), what="looking at the clock")


def _tell_of_restore(screen: BaseScreen, sentence: str) -> None:
    if sentence:
        screen.app.push_screen(Message("Restoring a backup", sentence))


def _ask_about_clock(screen: BaseScreen, doubt: str) -> None:
    if not doubt:
        return

    def answered(right: bool | None) -> None:
        if right:
            screen.run_kit(believe_clock, what="noting that the clock is right")
        else:
            screen.app.push_screen(Message("The clock", CLOCK_WORDS))

    screen.app.push_screen(
        Confirm("Is the date correct?", doubt, yes="yes, it is", no="no, it is wrong", careful=True), answered
    )


def tell_of_copy(screen: BaseScreen, *, surely: bool) -> None:
    """Say that this kit lies elsewhere than before or, `surely`, that its folder was copied."""
    title, text = (
        ("This laptop's folder was copied", COPY_WORDS)
        if surely
        else ("The kit lies at another place than before", MOVED_WORDS)
    )
    screen.app.push_screen(
        Message(title, text), lambda _: screen.run_kit(note_told, what="noting that you know of it")
    )
