"""Choosing where files go: if no stick is inserted, that is said, and a folder of this laptop is never taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from app_desk import at_home, on, picture, running
from fieldkit.screens.paper.piles_screen import PilesScreen
from fieldkit.screens.stall.closing_screen import ClosingScreen
from fieldkit.screens.stall.stall_board import StallBoard
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import EXPORT_FOLDER, FORMS_FOLDER
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.inputs import PlainInput
from stall_desk import FIELD_FIXTURES
from waiting import until

(field_fair,) = FIELD_FIXTURES

SETTINGS = (EXPORT_FOLDER, FORMS_FOLDER)


@pytest.fixture
def put_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """The inserted sticks (none yet), with a home folder."""
    own = tmp_path / "own"
    own.mkdir()
    sticks: list[Path] = []
    monkeypatch.setattr("fieldkit.screens.base.places.sticks", lambda: sticks)
    monkeypatch.setattr(Path, "home", lambda: own)
    return sticks


async def _asked(pilot: Pilot[object], question: str) -> str:
    """Wait until a place is asked for; returns the screen's text on one line."""
    await until(pilot, lambda: question in picture(pilot), "the question where to")
    return " ".join(picture(pilot).replace("│", " ").split())


@pytest.mark.parametrize("last", ["", "own"], ids=["first-time", "written-there-before"])
async def test_no_stick_is_in(folder: Path, tmp_path: Path, put_in: list[Path], last: str) -> None:
    with Kit.open(folder) as kit:
        for setting in SETTINGS:
            kit.settings.put(setting, str(tmp_path / last) if last else "")
    stick = tmp_path / "STICK"
    stick.mkdir()
    async with at_home(folder) as pilot:
        await pilot.press("t")
        await on(pilot, PilesScreen)
        await pilot.press("p")
        view = await _asked(pilot, "Where to write the forms?")
        assert "No stick is in." in view and "1 look for the stick again" in view
        assert "on this laptop" in view and "your own folder" not in view and "as last time" not in view
        await pilot.press("1")
        view = await _asked(pilot, "No stick is in yet, looked for at ")
        put_in.append(stick)
        await pilot.press("1")
        await until(pilot, lambda: "No stick is in" not in picture(pilot), "the stick")
        await pilot.press("1")
        await until(pilot, lambda: "Forms to print" in picture(pilot), "what was written")
        assert "not on a stick" not in picture(pilot) and "feedback-en.html" in picture(pilot)
    assert [path for path in stick.iterdir() if path.name.startswith("forms-")]


async def test_a_stick_comes_before_the_folder_used_last(
    folder: Path, tmp_path: Path, put_in: list[Path]
) -> None:
    put_in.append(tmp_path / "STICK")
    put_in[0].mkdir()
    with Kit.open(folder) as kit:
        kit.settings.put(EXPORT_FOLDER, str(tmp_path / "own"))
    async with at_home(folder) as pilot:
        await pilot.press("x")
        await _asked(pilot, "Where should the bundle go?")
        await pilot.press("1")
        await until(pilot, lambda: "Bundle 1 written" in picture(pilot), "the bundle")
        assert "not on a stick" not in picture(pilot)
    assert list(put_in[0].glob("*.fkb"))


async def test_a_folder_that_cannot_be_written_to_stays_in_its_line(
    folder: Path, tmp_path: Path, put_in: list[Path]
) -> None:
    (tmp_path / "list.csv").write_text("")
    typed = str(tmp_path / "list.csv" / "below")
    async with at_home(folder) as pilot:
        await pilot.press("x")
        await _asked(pilot, "No stick is in.")
        await pilot.press("3")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskLine), "the line")
        line = pilot.app.screen.query_one(PlainInput)
        line.value = typed
        await pilot.press("enter")
        await _asked(pilot, "Nothing can be written to")
        assert isinstance(pilot.app.screen, AskLine) and line.value == typed


async def test_what_was_written_to_the_laptop_is_called_so(field_fair: Path, put_in: list[Path]) -> None:
    async with running(field_fair) as pilot:
        await on(pilot, StallBoard)
        await until(pilot, lambda: pilot.app.screen.takes_keys, "the board")  # type: ignore[attr-defined]  # a StallBoard
        await pilot.press("f6")
        await on(pilot, ClosingScreen)
        await until(pilot, lambda: "export now" in picture(pilot), "the totals")
        await pilot.press("enter")
        await until(pilot, lambda: "End the event all the same?" in picture(pilot), "the question")
        assert "in no bundle" in picture(pilot)
        await pilot.press("n", "x")
        await _asked(pilot, "No stick is in.")
        await pilot.press("2")
        await on(pilot, ClosingScreen)
        await until(pilot, lambda: "not on a stick" in picture(pilot), "where it lies")
        await until(pilot, lambda: "The last bundle is" in picture(pilot), "the bundle")
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, ClosingScreen), "the end")
