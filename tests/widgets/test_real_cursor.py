"""The terminal's own cursor is where the drawn one is, for braille displays, magnifiers and input methods."""

from __future__ import annotations

from pathlib import Path

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Offset
from textual.widgets import Input, Static, TextArea

from app_desk import on, running
from fieldkit.widgets.answers import _cursor_in
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.real_cursor import CursorApp, place_cursor
from stall_desk import board, hold_today, line, type_name
from waiting import until


async def test_the_cursor_stands_on_the_name_line_from_the_beginning(folder: Path) -> None:
    hold_today(folder)
    async with running(folder) as pilot:
        await board(pilot)
        start = pilot.app.screen.query_one(Input).content_region.offset
        assert start != Offset(0, 0)
        await until(pilot, lambda: pilot.app.cursor_position == start, "the cursor on the line")
        for name in ("Amina", "黄小明", "Nguyễn"):
            await type_name(pilot, name, "new")
            assert pilot.app.cursor_position == start + Offset(cell_len(name), 0), name
            await pilot.press("left")
            assert pilot.app.cursor_position.x < start.x + cell_len(name)
            await pilot.press("escape")
            await until(pilot, lambda: not line(pilot), "the line cleared")


async def test_the_cursor_stands_in_the_line_of_a_box(folder: Path) -> None:
    async with running(folder) as pilot:
        await board(pilot)
        pilot.app.push_screen(AskLine("A name", value="Amina"))
        await on(pilot, AskLine)
        start = pilot.app.screen.query_one(Input).content_region.offset
        await until(
            pilot, lambda: pilot.app.cursor_position == start + Offset(5, 0), "the cursor behind the name"
        )


async def test_the_cursor_goes_with_the_widget_that_put_it() -> None:
    class Two(CursorApp):
        def compose(self) -> ComposeResult:
            yield Static("a question", id="question")
            yield Static("an answer", id="answer")

    app = Two()
    async with app.run_test(size=(40, 10)) as pilot:
        answer = app.query_one("#answer", Static)
        place_cursor(answer, 3, 0)
        assert app.cursor_position == Offset(3, 1)
        app.query_one("#question", Static).update("a question\nof three\nlines")
        await until(pilot, lambda: answer.region.y == 3, "the longer question")
        assert app.cursor_position == Offset(3, 3)
        await answer.remove()
        assert app.cursor_position == Offset(0, 0)


async def test_the_cursor_stands_behind_the_words_of_a_box_before_it_is_drawn_again() -> None:
    class Filled(CursorApp):
        def compose(self) -> ComposeResult:
            yield TextArea("ring twice", compact=True)

    app = Filled()
    async with app.run_test(size=(40, 10)) as pilot:
        area = app.query_one(TextArea)
        await until(pilot, lambda: app.focused is area, "the box")
        area.move_cursor(area.document.end)
        assert app.cursor_position == area.content_region.offset + Offset(10, 0)


def test_the_cursor_stands_at_no_sign_that_a_sentence_names() -> None:
    rows = [
        "▌▸ Event  ✓ Spring fair",
        "    nothing fits",
        "  × “4” is not chosen: Enter takes what ▸ points at",
    ]
    assert _cursor_in([Content(row) for row in rows]) == (1, 0)
