"""The laptop in a respondent's hands: their questions alone, from the notice to the receipt code, and back by the PIN."""

from __future__ import annotations

from pathlib import Path

import pytest

from app_desk import SIZE, home, on, picture, records, type_in, until
from fieldkit.app import FieldkitApp
from fieldkit.screens.home.home_screen import HomeScreen
from fieldkit.screens.kiosk.kiosk_pages import Stage
from fieldkit.screens.kiosk.kiosk_screen import KioskScreen
from fieldkit.screens.stall.stall_board import StallBoard
from fieldkit.store.kit import Kit
from fieldkit.store.local import pin
from fieldkit.store.local.drafts import Draft
from fieldkit.store.local.setting import HANDED_OVER
from fieldkit.store.window_lock import WindowLock
from fieldkit.widgets.dialogs import AskLine
from kiosk_desk import CANARIES, PIN, hand_over, kiosk, planted, stage, take_back

pytestmark = pytest.mark.usefixtures("short_waits")


@pytest.fixture
def planted_folder(folder: Path) -> Path:
    """A kit with records, drafts and names that nobody may see."""
    planted(folder)
    return folder


async def test_a_respondent_answers_in_their_language_and_gets_a_code(planted_folder: Path) -> None:
    app = FieldkitApp(planted_folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await hand_over(pilot)
        await pilot.press("4")  # Polish, as the list has it
        await stage(pilot, Stage.NOTICE)
        await pilot.press("enter", "1", "1", "2")
        assert kiosk(pilot).question is not None and kiosk(pilot).question.name == "rating"
        await pilot.press("2")
        await type_in(pilot, "Dobra opieka")
        await pilot.press("enter")
        while kiosk(pilot).stage is Stage.QUESTION:
            await pilot.press("enter")
            await pilot.pause()
        await stage(pilot, Stage.THANKS)
        assert app.kit is not None and app.kit.drafts.all() == [
            Draft(**vars(d)) for d in app.kit.drafts.all()
        ]
        await take_back(pilot)
        await pilot.press("2")
        await on(pilot, HomeScreen)
        assert app.kit.settings.get(HANDED_OVER) is None
        await app.leave()
    assert not app.faults
    record = next(
        each for each in records(planted_folder, "feedback") if each.get("experience") == "Dobra opieka"
    )
    assert record["rating"] == "2" and record["whose_words"] == "own" and record["consent_quote"] == "Y"
    assert "Polish" in str(record["consent_notice"]) and record["event"]


async def test_a_no_ends_it_and_keeps_nothing(planted_folder: Path) -> None:
    app = FieldkitApp(planted_folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        assert app.kit is not None
        before = len(app.kit.drafts.all())
        await hand_over(pilot)
        await pilot.press("1", "enter", "2")
        await stage(pilot, Stage.REFUSED)
        assert len(app.kit.drafts.all()) == before
        await take_back(pilot)
        await pilot.press("2")
        await on(pilot, HomeScreen)
        await app.leave()


async def test_a_window_that_was_closed_opens_locked_and_goes_on_at_the_very_question(
    planted_folder: Path,
) -> None:
    app = FieldkitApp(planted_folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await hand_over(pilot)
        await pilot.press("1", "enter", "1", "1", "2", "3")
        await type_in(pilot, "half a sentence")
        await until(
            pilot,
            lambda: (
                app.kit
                and any(draft.values.get("experience") == "half a sentence" for draft in app.kit.drafts.all())
            ),
            "the answers",
        )
        # Dropped, as by a closed window: nobody leaves.
    again = FieldkitApp(planted_folder)
    async with again.run_test(size=SIZE) as pilot:
        await on(pilot, KioskScreen)
        await stage(pilot, Stage.LEFT)
        assert "half a sentence" not in picture(pilot)
        await pilot.press("escape", "1", "2", "3", "ctrl+q", "ctrl+p", "f1", "q", "u")
        await stage(pilot, Stage.LEFT)
        await take_back(pilot)
        await until(pilot, lambda: "has not finished" in picture(pilot), "the choice")
        assert "half a sentence" not in picture(pilot)
        await pilot.press("1")
        await stage(pilot, Stage.QUESTION)
        assert "half a sentence" in picture(pilot)
        await type_in(pilot, " more")
        await pilot.press("enter")
        while kiosk(pilot).stage is Stage.QUESTION:
            await pilot.press("enter")
            await pilot.pause()
        await stage(pilot, Stage.THANKS)
        await take_back(pilot)
        await pilot.press("2")
        await on(pilot, StallBoard)  # where one works at an event
        await again.leave()
    assert not again.faults
    assert "half a sentence more" in {each.get("experience") for each in records(planted_folder, "feedback")}


async def test_it_locks_when_it_is_left_and_the_pin_returns_to_the_answers(planted_folder: Path) -> None:
    app = FieldkitApp(planted_folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await hand_over(pilot)
        await pilot.press("1", "enter", "1", "1", "2", "3")
        await type_in(pilot, "my private answer")
        assert kiosk(pilot).left_alone()
        await stage(pilot, Stage.LEFT)
        assert "private" not in picture(pilot)
        await take_back(pilot)
        await pilot.press("1")
        await stage(pilot, Stage.QUESTION)
        assert "my private answer" in picture(pilot)
        await take_back(pilot)
        await pilot.press("3")
        await on(pilot, HomeScreen)
        assert app.kit is not None
        assert not any(
            draft.values.get("experience") == "my private answer" for draft in app.kit.drafts.all()
        )
        await app.leave()


async def test_the_pin_is_chosen_when_it_is_first_needed(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        for first, second in (("1234", "1234"), ("4712", "4713"), (PIN, PIN)):
            if not isinstance(app.screen, AskLine):
                await pilot.press("h")
                await on(pilot, AskLine)
            await until(pilot, lambda: "Choose a PIN" in picture(pilot), "the question")
            await type_in(pilot, first)
            await pilot.press("enter")
            await until(pilot, lambda: "The same PIN again" in picture(pilot), "the question again")
            await type_in(pilot, second)
            await pilot.press("enter")
        await on(pilot, KioskScreen)
        assert app.kit is not None and pin.is_chosen(app.kit.settings)
        await app.leave()


async def test_a_second_window_beside_a_hand_over_shows_nothing(planted_folder: Path) -> None:
    with Kit.open(planted_folder) as kit:
        from fieldkit.presentation.kiosk.hand_over import hand_over as begin

        begin(kit)
    other = WindowLock(planted_folder)
    assert other.acquire() is None
    app = FieldkitApp(planted_folder)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "The screen is locked" in picture(pilot), "the lock")
        assert not any(canary in picture(pilot) for canary in CANARIES)
        await app.leave()
    other.release()


async def test_the_next_person_begins_with_nothing_of_the_one_before(planted_folder: Path) -> None:
    app = FieldkitApp(planted_folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await hand_over(pilot)
        await pilot.press("1", "enter", "1", "1", "2", "3")
        await type_in(pilot, "first person")
        await pilot.press("enter")
        while kiosk(pilot).stage is Stage.QUESTION:
            await pilot.press("enter")
            await pilot.pause()
        await stage(pilot, Stage.THANKS)
        await take_back(pilot)
        await pilot.press("1")
        await stage(pilot, Stage.LANGUAGE)
        await pilot.press("1", "enter", "1", "1", "2", "3", "ctrl+z", "ctrl+v")
        await pilot.pause()
        assert "first person" not in picture(pilot)
        await app.leave()
