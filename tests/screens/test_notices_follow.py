"""What the program says is not lost where a screen opens or closes just then."""

from __future__ import annotations

from pathlib import Path

from app_desk import SIZE, home, on, picture, until
from fieldkit.app import FieldkitApp
from fieldkit.screens.home.home_screen import HomeScreen


async def test_a_notice_goes_on_to_the_screen_that_opens_and_to_the_screen_that_is_returned_to(
    folder: Path,
) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        app.notice("The stick was taken out.")
        await until(pilot, lambda: "The stick was taken out." in picture(pilot), "the sentence")
        await pilot.press("t")
        await until(pilot, lambda: not isinstance(app.screen, HomeScreen), "another screen")
        await until(pilot, lambda: "The stick was taken out." in picture(pilot), "the sentence over there")
        await pilot.press("escape")
        await on(pilot, HomeScreen)
        await until(pilot, lambda: "The stick was taken out." in picture(pilot), "the sentence at home")
        await app.leave()
