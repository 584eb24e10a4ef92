"""The page after a save: the receipt code stays, and the saved record can be corrected or withdrawn from there."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from app_desk import SIZE, form, home, on, picture, records, running, saved, shown
from fieldkit.app import FieldkitApp
from fieldkit.store.local.known_settings import LAST_CODE
from fieldkit.widgets.dialogs.dialog import Dialog
from waiting import until


async def _rated(pilot: Pilot[object]) -> str:
    """Feedback that was just saved; returns its receipt code."""
    await home(pilot)
    await pilot.press("f")
    await form(pilot)
    await pilot.press("1", "1", "1", "2", "f2")
    await saved(pilot)
    app = pilot.app
    assert isinstance(app, FieldkitApp) and app.kit is not None
    last = app.kit.settings.get(LAST_CODE)
    assert last is not None and last.code in shown(pilot, "#done")
    assert "█" in picture(pilot), "in large letters"
    assert app.cursor_position == app.screen.cursor_home, "not where a question was"
    return last.code


async def test_what_was_saved_is_corrected_and_keeps_its_code(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        code = await _rated(pilot)
        await pilot.press("enter", "c")
        await form(pilot)
        await until(pilot, lambda: "correct" in picture(pilot) and "✓1 yes" in picture(pilot), "the answers")
        await pilot.press("ctrl+pagedown", "5", "f2")
        await until(pilot, lambda: "very poor" in shown(pilot, "#done"), "the correction")
        assert code in shown(pilot, "#done")
        # Left without a change, it is as before.
        await pilot.press("c")
        await form(pilot)
        await pilot.press("escape")
        await saved(pilot)
        assert code in shown(pilot, "#done")
        await pilot.press("w")
        await home(pilot)
        assert app.kit is not None and app.kit.drafts.all() == []
        await app.leave()
    assert [record["rating"] for record in records(folder, "feedback")] == ["5"]
    assert app.faults == []


async def test_what_was_saved_is_withdrawn_after_asking(folder: Path) -> None:
    async with running(folder) as pilot:
        await _rated(pilot)
        await pilot.press("x")
        await on(pilot, Dialog)
        await pilot.press("n")
        await saved(pilot)
        assert pilot.app.kit is not None and pilot.app.kit.count("feedback") == 1
        await pilot.press("x")
        await on(pilot, Dialog)
        await pilot.press("y")
        await until(pilot, lambda: "✓ withdrawn" in shown(pilot, "#done"), "the word about it")
        assert pilot.app.kit.count("feedback") == 0
        await pilot.press("n")
        await form(pilot)
        await pilot.press("escape")
        await home(pilot)


async def test_help_after_a_save_explains_its_own_keys_alone(folder: Path) -> None:
    async with running(folder) as pilot:
        await _rated(pilot)
        await pilot.press("f1")
        await until(pilot, lambda: "Write the receipt code on" in picture(pilot), "the help")
        assert "the page that shows it" in picture(pilot)
        assert "Give the answer" not in picture(pilot) and "ctrl+g" not in picture(pilot)
        assert "Once it is saved" not in picture(pilot) and "Correct what was typed." in picture(pilot)
        await pilot.press("escape", "w")
        await home(pilot)


async def test_what_was_said_of_a_code_goes_with_it(folder: Path) -> None:
    async with running(folder) as pilot:
        await _rated(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "The code stays here" in picture(pilot), "why it stays")
        await pilot.press("c")
        await form(pilot)
        assert "The code stays here" not in picture(pilot)
        await pilot.press("escape")
        await saved(pilot)
        await pilot.press("p")
        await on(pilot, Dialog)
        await pilot.press("enter")
        await until(pilot, lambda: "Slip written to" in picture(pilot), "where the slip is")
        await pilot.press("x")
        await on(pilot, Dialog)
        await pilot.press("y")
        await until(pilot, lambda: "Feedback · withdrawn" in picture(pilot), "the title")
        assert "Slip written" not in picture(pilot)
