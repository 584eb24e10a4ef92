"""The key for being worried about somebody."""

from __future__ import annotations

from pathlib import Path

from app_desk import at_home, form, home, on, picture, records, save_and_close, type_in, until
from fieldkit.widgets.dialogs.dialog import Dialog


async def test_worried_about_somebody(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await form(pilot, "f")
        await pilot.press("1", "f9")
        await until(pilot, lambda: "999" in picture(pilot), "the steps")
        await pilot.press("l")
        await on(pilot, Dialog)
        await type_in(pilot, "Mrs Shah 01274 000000")
        await pilot.press("enter")
        await until(pilot, lambda: "Mrs Shah" in picture(pilot), "the lead")
        await form(pilot, "n")
        await type_in(pilot, "He said he is afraid")
        await save_and_close(pilot)
        await until(pilot, lambda: "999" in picture(pilot), "the steps")
        await form(pilot, "escape")
    assert records(folder, "concern")[0]["own_words"] == "He said he is afraid"


async def test_every_page_of_a_form_shows_the_key_for_a_worry(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await form(pilot, "f")
        for keys in ((), ("1",), ("ctrl+pagedown",), (*"abc",), ("ctrl+pagedown",), ("down",) * 3):
            await pilot.press(*keys)
            await until(pilot, lambda: "f9 worried" in picture(pilot).splitlines()[-1], f"f9 after {keys}")


async def test_the_key_for_a_worry_is_at_the_foot_of_a_small_window_once_something_is_typed(
    folder: Path,
) -> None:
    async with at_home(folder) as pilot:
        await form(pilot, "f")
        await pilot.resize_terminal(60, 20)
        await pilot.press("1")
        await until(
            pilot,
            lambda: all(
                hint in picture(pilot).splitlines()[-1]
                for hint in ("esc finish later", "f2 save", "f9 worried")
            ),
            "both keys",
        )


async def test_the_key_for_a_worry_works_wherever_volunteers_and_mentors_are(folder: Path) -> None:
    async with at_home(folder) as pilot:
        for place in ("t", "u", "e", "p"):
            before = pilot.app.screen
            await pilot.press(place)
            await until(pilot, lambda before=before: pilot.app.screen is not before, f"what {place} opens")
            opened = pilot.app.screen
            await until(pilot, lambda: pilot.app.screen.takes_keys, place)  # type: ignore[attr-defined]
            await pilot.press("f9")
            await until(pilot, lambda: "Call 999 first" in picture(pilot), f"the steps from {place}")
            await pilot.press("escape")
            await until(pilot, lambda opened=opened: pilot.app.screen is opened, f"{place} again")
            await pilot.press("escape")
            await home(pilot)
