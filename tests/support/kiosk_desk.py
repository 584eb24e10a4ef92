"""A kit with canaries in every kind of record, handed to a respondent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from app_desk import SIZE, home, on, type_in
from fieldkit.app import FieldkitApp
from fieldkit.screens.kiosk.kiosk_pages import Stage
from fieldkit.screens.kiosk.kiosk_screen import KioskScreen
from fieldkit.store.kit import Kit
from fieldkit.store.local import pin
from fieldkit.store.local.drafts import Draft
from waiting import until

PIN = "4712"
CANARIES = ("Zanzibar Quill", "zanzibar said", "Zanzibar Hall", "Zanzibar Lead", "zanzibar draft")


def planted(folder: Path) -> None:
    """Put texts that nobody may see into people, feedback, notes, settings and drafts of a kit; give it a PIN."""
    from fieldkit.store.local.known_settings import SAFEGUARDING_LEAD

    with Kit.open(folder) as kit:
        kit.add("person", {"name": CANARIES[0], "consent_record": "Y"})
        kit.add("feedback", {"rating": "1", "experience": f"{CANARIES[1]} it was bad", "consent_record": "Y"})
        kit.add("partner", {"name": CANARIES[2]})
        kit.add("concern", {"own_words": f"{CANARIES[1]} help me"})
        kit.settings.put(SAFEGUARDING_LEAD, CANARIES[3])
        kit.drafts.keep(Draft("other", "feedback", {"experience": CANARIES[4], "consent_record": "Y"}))
        pin.choose(kit.settings, PIN)


def kiosk(pilot: Pilot[object]) -> KioskScreen:
    """The respondent's screen."""
    screen = pilot.app.screen
    assert isinstance(screen, KioskScreen)
    return screen


async def stage(pilot: Pilot[object], wanted: Stage) -> None:
    """Wait until this page is in view."""
    await on(pilot, KioskScreen)
    await until(pilot, lambda: kiosk(pilot).stage is wanted and kiosk(pilot).takes_keys, wanted.name)


async def hand_over(pilot: Pilot[object]) -> None:
    """Hand the laptop over from home, where a PIN has been chosen."""
    await pilot.press("h")
    await stage(pilot, Stage.LANGUAGE)


@asynccontextmanager
async def handed_over(
    folder: Path, *keys: str, size: tuple[int, int] = SIZE
) -> AsyncIterator[tuple[FieldkitApp, Pilot[object]]]:
    """The program after it is handed to a respondent who has pressed these keys."""
    app = FieldkitApp(folder)
    async with app.run_test(size=size) as pilot:
        await home(pilot)
        app.copy_to_clipboard(CANARIES[0])  # a volunteer copied it from a record
        await hand_over(pilot)
        assert app.clipboard == ""
        await pilot.press(*keys)
        yield app, pilot


async def fetch(pilot: Pilot[object]) -> None:
    """Type the PIN, as the volunteer does."""
    await pilot.press("f10")
    await stage(pilot, Stage.PIN)
    await type_in(pilot, PIN)
    await pilot.press("enter")
    await stage(pilot, Stage.VOLUNTEER)
