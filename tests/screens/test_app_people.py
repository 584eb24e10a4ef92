"""The key for being worried about somebody."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from app_desk import at_home, form, home, on, picture, records, save_and_close, type_in
from fieldkit.presentation.safeguarding_notes import not_passed_on
from fieldkit.screens.people import safeguarding
from fieldkit.store.kit import Kit, Stored
from fieldkit.widgets.dialogs.dialog import Dialog
from waiting import until


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


async def test_the_lead_that_was_just_noted_stays_in_view(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_slow, may_go_on, ended = False, threading.Event(), threading.Event()

    def slowly(kit: Kit) -> list[Stored]:
        """What was read, delivered late the first time that it is asked for."""
        nonlocal is_slow
        notes, waits, is_slow = not_passed_on(kit), is_slow, False
        if waits:
            may_go_on.wait(30)
            ended.set()
        return notes

    monkeypatch.setattr(safeguarding, "not_passed_on", slowly)
    async with at_home(folder) as pilot:
        await pilot.press("f9")
        await until(pilot, lambda: "999" in picture(pilot), "the steps")
        await pilot.press("l")
        await on(pilot, Dialog)
        await type_in(pilot, "Mrs Shah 01274 000000")
        is_slow = True
        await pilot.press("enter")
        await until(pilot, lambda: "Mrs Shah" in picture(pilot), "the lead")
        may_go_on.set()
        await until(pilot, ended.is_set, "the reading that began before the lead was noted")
        page = pilot.app.screen
        await until(
            pilot, lambda: not any(work.node is page for work in pilot.app.workers), "all of the page's work"
        )
        assert "Mrs Shah" in picture(pilot)


async def test_nobody_is_said_to_be_the_lead_before_the_kit_was_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = threading.Event()

    def slowly(kit: Kit) -> list[Stored]:
        may_go_on.wait(30)
        return not_passed_on(kit)

    monkeypatch.setattr(safeguarding, "not_passed_on", slowly)
    async with at_home(folder) as pilot:
        await pilot.press("f9")
        await until(pilot, lambda: "within one working day" in picture(pilot), "the steps")
        assert "Nobody is noted" not in picture(pilot)
        may_go_on.set()
        await until(pilot, lambda: "Nobody is noted" in picture(pilot), "what the kit says")


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
