"""Being worried about somebody, by keys."""

from __future__ import annotations

from pathlib import Path

from app_desk import at_home, form, on, picture, records, saved, type_in, until
from fieldkit.widgets.dialogs import Dialog


async def test_worried_about_somebody(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await pilot.press("f")
        await form(pilot)
        await pilot.press("1", "f9")
        await until(pilot, lambda: "999" in picture(pilot), "the steps")
        await pilot.press("l")
        await on(pilot, Dialog)
        await type_in(pilot, "Mrs Shah 01274 000000")
        await pilot.press("enter")
        await until(pilot, lambda: "Mrs Shah" in picture(pilot), "the lead")
        await pilot.press("n")
        await form(pilot)
        await type_in(pilot, "He said he is afraid")
        await pilot.press("f2")
        await saved(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "999" in picture(pilot), "the steps")
        await pilot.press("escape")
        await form(pilot)
    assert records(folder, "concern")[0]["own_words"] == "He said he is afraid"
