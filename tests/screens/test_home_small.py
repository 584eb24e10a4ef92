"""Home on a small terminal: no line broken, and all of it within reach."""

from __future__ import annotations

from pathlib import Path

from app_desk import home, picture, until
from fieldkit.app import FieldkitApp


async def test_home_breaks_no_line_at_60_columns(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=(60, 40)) as pilot:
        await home(pilot)
        assert "h  hand over" in picture(pilot) and "stall board: names, heads" in picture(pilot)
        assert "f9  worried about somebody" in picture(pilot)
        await app.leave()
    assert app.faults == []


async def test_all_of_home_can_be_reached_at_60x20(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=(60, 20)) as pilot:
        await home(pilot)
        assert "worried about somebody" not in picture(pilot)
        for _ in range(4):
            await pilot.press("pagedown")
        await until(pilot, lambda: "worried about somebody" in picture(pilot), "the last line")
        await pilot.press(*["pageup"] * 4)
        await until(pilot, lambda: "AT THIS EVENT" in picture(pilot), "the first line")
        await app.leave()
    assert app.faults == []
