"""The program's messages are not lost when a screen opens or closes at that moment."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.content import Content

from app_desk import SIZE, form, home, on, picture
from fieldkit.app import FieldkitApp
from fieldkit.screens.home.home_screen import HomeScreen
from fieldkit.screens.paper.piles_screen import PilesScreen
from fieldkit.widgets.dialogs.message_box import Message
from waiting import until


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


async def test_what_was_said_of_an_entry_is_not_said_of_the_next_one(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        app.notice("Thrown away. Nothing of it is kept.")
        await until(pilot, lambda: "Thrown away." in picture(pilot), "the sentence")
        await form(pilot, "f")
        await pilot.press("f2")
        await until(pilot, lambda: "Ask the person first." in picture(pilot), "why it can't be saved")
        assert "Thrown away." not in picture(pilot)
        await app.leave()


async def test_a_notice_that_another_sentence_replaced_does_not_come_back(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        app.notice("The stick was taken out.")
        await until(pilot, lambda: "The stick was taken out." in picture(pilot), "the sentence")
        await pilot.press("Z")
        await until(pilot, lambda: "The key Z does nothing here." in picture(pilot), "the later sentence")
        await pilot.press("t")
        await on(pilot, PilesScreen)
        await until(pilot, lambda: "No pile yet." in picture(pilot), "the piles")
        assert "The stick was taken out." not in picture(pilot)
        await app.leave()


@pytest.mark.parametrize("closing", ["escape", "enter"])
async def test_what_is_said_about_a_key_of_a_box_goes_with_the_box(folder: Path, closing: str) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        below = app.screen
        assert isinstance(below, HomeScreen)
        app.push_screen(Message("Saved", Content("All is well.")))
        await until(pilot, lambda: "All is well." in picture(pilot), "the box")
        await pilot.press("x")
        await until(pilot, lambda: "The key x does nothing here." in picture(pilot), "the sentence")
        await pilot.press(closing)
        await on(pilot, HomeScreen)
        assert below.shown_notice == ""
        await pilot.press("j")
        await until(pilot, lambda: "The key j does nothing here." in picture(pilot), "a sentence of home")
        await app.leave()


async def test_a_key_pressed_just_before_a_box_closes_leaves_no_sentence(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        app.push_screen(Message("Below", Content("The lower box.")))
        app.push_screen(Message("Above", Content("The upper box.")))
        await until(pilot, lambda: "The upper box." in picture(pilot), "both boxes")
        await pilot.press("x", "escape")
        await until(pilot, lambda: "The upper box." not in picture(pilot), "one box")
        await until(pilot, lambda: "does nothing here" not in picture(pilot), "no sentence")
        await pilot.press("escape")
        await on(pilot, HomeScreen)
        await app.leave()


async def test_a_notice_that_a_sentence_on_a_later_screen_replaced_does_not_come_back(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        app.notice("The stick was taken out.")
        await until(pilot, lambda: "The stick was taken out." in picture(pilot), "the sentence")
        await pilot.press("t")
        await on(pilot, PilesScreen)
        await until(pilot, lambda: "The stick was taken out." in picture(pilot), "the sentence over there")
        await pilot.press("Z")
        await until(pilot, lambda: "The key Z does nothing here." in picture(pilot), "the later sentence")
        await pilot.press("escape")
        await on(pilot, HomeScreen)
        await until(pilot, lambda: "RECORD" in picture(pilot), "home")
        assert "The stick was taken out." not in picture(pilot)
        await app.leave()


@pytest.mark.parametrize("size", [(60, 20), SIZE])
async def test_a_box_as_high_as_the_window_says_that_a_key_does_nothing(
    folder: Path, size: tuple[int, int]
) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=size) as pilot:
        await home(pilot)
        app.push_screen(Message("Long", Content("\n".join(f"Line {number}" for number in range(60)))))
        await until(pilot, lambda: "Line 0" in picture(pilot), "the box")
        await pilot.press("[")
        await until(
            pilot, lambda: "The key [ does nothing here." in picture(pilot), "the sentence in the box"
        )
        await pilot.press("escape")
        await on(pilot, HomeScreen)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: "enter do it" in picture(pilot), "the palette")
        await pilot.press("f12")
        await until(
            pilot, lambda: "The key f12 does nothing here." in picture(pilot), "the sentence in the palette"
        )
        await app.leave()
