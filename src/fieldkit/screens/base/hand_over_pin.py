"""Handing the laptop to a respondent, from any screen: a PIN is chosen first if there is none."""

from __future__ import annotations

from functools import partial

from fieldkit.presentation.kiosk.hand_over import end, hand_over, needs_pin
from fieldkit.screens.base.screen import BaseScreen
from fieldkit.store.kit import Kit
from fieldkit.store.local import pin
from fieldkit.widgets.dialogs.ask_line import AskLine, demanded

_WHY = "You need it to take the laptop back from a respondent. Choose a number of 4 to 7 digits. Don't let anybody see it."


def hand_laptop_over(screen: BaseScreen) -> None:
    """Let the laptop show a respondent's questions and nothing else until a volunteer types the PIN."""
    if screen.app.may_write_or_says():
        screen.begin(partial(_hand_over, screen))


async def _hand_over(screen: BaseScreen) -> None:
    if await screen.kit_work(needs_pin, "looking for the PIN") and not await choose_pin(screen):
        return
    handed = await screen.kit_work(hand_over, "handing the laptop over", saving=True)
    screen.app.forget_keys()
    screen.app.copy_to_clipboard("")  # what was copied from a record can't be pasted into an answer
    try:
        screen.app.open_screen("kiosk", handed, then=screen.app.laptop_returned)
    except Exception:
        # The volunteer still has the laptop: it must not ask for the PIN at the next start.
        await screen.kit_work(end, "ending the hand-over", saving=True)
        raise


async def choose_pin(screen: BaseScreen) -> bool:
    """Ask for a new PIN, twice; returns whether one was chosen. Going back from the second asks for the first again."""
    asked = demanded(lambda typed: pin.check_new(typed.strip()))
    while True:
        first = await screen.app.push_screen_wait(AskLine("Choose a PIN", _WHY, password=True, check=asked))
        if first is None:
            return False

        def again(typed: str, first: str = first) -> str:
            return "" if typed.strip() == first.strip() else "The two PINs are not the same."

        if (
            await screen.app.push_screen_wait(AskLine("The same PIN again", password=True, check=again))
            is None
        ):
            continue

        def choose(kit: Kit, chosen: str = first) -> None:
            pin.choose(kit.settings, chosen.strip())

        await screen.kit_work(choose, "keeping the PIN", saving=True)
        return True
