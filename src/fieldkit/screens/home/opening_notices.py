"""What to say and ask once a kit is open: an interrupted restore, a doubtful clock, a copied folder."""

from __future__ import annotations

from functools import partial

from fieldkit.presentation.opening import cut_off, last_saved, note_copy_reported
from fieldkit.presentation.saved_texts import NOTHING_TO_SAVE, saved_at
from fieldkit.screens.base.screen import BaseScreen
from fieldkit.sync.network.location import confirm_clock, doubt_clock
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.dialogs.message_box import Message

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
    """Check when something was last saved, whether a restore was interrupted, and whether the clock can be right."""
    screen.begin(partial(_show_last_saved, screen))
    if not screen.app.reads_only:  # otherwise the other window asks
        screen.begin(partial(_report_restore, screen))
        screen.begin(partial(_ask_about_clock, screen))


async def _show_last_saved(screen: BaseScreen) -> None:
    at = await screen.kit_work(last_saved, "looking when it was saved last")
    screen.app.saved_note = screen.app.saved_note or (saved_at(at) if at else NOTHING_TO_SAVE)
    screen.refresh_frame()


async def _report_restore(screen: BaseScreen) -> None:
    if sentence := await screen.kit_work(cut_off, "looking for a restore that was cut off"):
        screen.app.push_screen(Message("Restoring a backup", sentence))


async def _ask_about_clock(screen: BaseScreen) -> None:
    if not (doubt := await screen.kit_work(doubt_clock, "looking at the clock")):
        return
    asked = Confirm("Is the date correct?", doubt, yes="yes, it is", no="no, it is wrong", careful=True)
    if await screen.app.push_screen_wait(asked):
        await screen.kit_work(confirm_clock, "noting that the clock is right")
    else:
        screen.app.push_screen(Message("The clock", CLOCK_WORDS))


def report_copy(screen: BaseScreen, *, surely: bool) -> None:
    """Say that this kit is elsewhere than before or, if `surely`, that its folder was copied."""
    title, text = (
        ("This laptop's folder was copied", COPY_WORDS)
        if surely
        else ("The kit is in another folder than before", MOVED_WORDS)
    )

    async def ask() -> None:
        await screen.app.push_screen_wait(Message(title, text))
        await screen.kit_work(note_copy_reported, "noting that you know of it")

    screen.begin(ask)
