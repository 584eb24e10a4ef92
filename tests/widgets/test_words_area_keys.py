"""A longer text leaves the F keys to the screen: F6 and F7 select nothing in it."""

from __future__ import annotations

from pathlib import Path

from app_desk import at_home, form, picture, type_in
from fieldkit.widgets.inputs import WordsArea
from waiting import until


async def test_f6_and_f7_are_the_screens_in_a_longer_text(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await pilot.press("f")
        await form(pilot)
        await pilot.press("1", "2", "2", "2")
        await until(pilot, lambda: isinstance(pilot.app.screen.focused, WordsArea), "the text")
        await type_in(pilot, "They moved it twice")
        for key in ("f6", "f7"):
            await pilot.press(key)
            await until(pilot, lambda key=key: f"The key {key} does nothing here" in picture(pilot), key)
        area = pilot.app.screen.focused
        assert isinstance(area, WordsArea) and area.selection.is_empty and area.text == "They moved it twice"
