"""The terminal's own cursor stands where the drawn one does, for braille lines, magnifiers and input methods."""

from __future__ import annotations

from pathlib import Path

from textual.geometry import Offset
from textual.widgets import Input

from app_desk import SIZE, on, until
from fieldkit.app import FieldkitApp
from fieldkit.widgets.dialogs import AskLine
from fieldkit.widgets.plain import cells
from stall_desk import board, hold_today, line, type_name


async def test_the_cursor_stands_on_the_name_line_from_the_beginning(folder: Path) -> None:
    hold_today(folder)
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        start = app.screen.query_one(Input).content_region.offset
        assert start != Offset(0, 0)
        await until(pilot, lambda: app.cursor_position == start, "the cursor on the line")
        for name in ("Amina", "黄小明", "Nguyễn"):
            await type_name(pilot, name, "new")
            assert app.cursor_position == start + Offset(cells(name), 0), name
            await pilot.press("left")
            assert app.cursor_position.x < start.x + cells(name)
            await pilot.press("escape")
            await until(pilot, lambda: not line(pilot), "the line cleared")
        await app.leave()


async def test_the_cursor_stands_in_the_line_of_a_box(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        app.push_screen(AskLine("A name", value="Amina"))
        await on(pilot, AskLine)
        start = app.screen.query_one(Input).content_region.offset
        await until(pilot, lambda: app.cursor_position == start + Offset(5, 0), "the cursor behind the name")
        await app.leave()
