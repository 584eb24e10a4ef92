"""The last receipt code: it stays until a deliberate key, can be shown until the next entry, and never leaves in a bundle."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from rich.cells import cell_len

from app_desk import agree_and_save, at_home, form, home, on, picture, saved, shown, type_in
from fieldkit.app import FieldkitApp
from fieldkit.screens.base.receipt_code_box import ReceiptCodeBox
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import LAST_CODE
from simulate.pages import readable, whole_folder
from terminal import Terminal
from waiting import until


async def test_the_code_stays_until_a_deliberate_key_and_comes_again_until_the_next_entry(
    folder: Path,
) -> None:
    async with at_home(folder) as pilot:
        await pilot.press("p", "n")
        await form(pilot)
        await type_in(pilot, "Bilal")
        await agree_and_save(pilot)
        kit = pilot.app.kit
        assert kit is not None
        last = kit.settings.get(LAST_CODE)
        assert last is not None and not last.handed_over
        code = last.code
        await pilot.press("enter", "enter", "escape", "space", "enter")
        assert code in shown(pilot, "#done").replace(" ", "")
        assert "stays here until you press w" in picture(pilot)
        await pilot.press("w")
        await until(
            pilot,
            lambda: (last_code := kit.settings.get(LAST_CODE)) is not None and last_code.handed_over,
            "the note",
        )
        await pilot.press("escape")
        await home(pilot)
        await pilot.press("f8")
        await on(pilot, ReceiptCodeBox)
        assert code in picture(pilot).replace(" ", "")
        assert "Person recorded on " in picture(pilot), "whose code it is, without what they said"
        assert ": Bilal" in picture(pilot)
        await pilot.press("enter", "space")
        assert isinstance(pilot.app.screen, ReceiptCodeBox)
        await pilot.press("w")
        await home(pilot)
        await pilot.press("f8")
        await on(pilot, ReceiptCodeBox)
        await pilot.press("escape")
        await home(pilot)
        # A note of worry about the same person is not the next entry.
        pilot.app.open_screen("entry", "concern")
        await form(pilot)
        assert kit.settings.get(LAST_CODE) is not None
        await pilot.press("escape")
        await home(pilot)
        await pilot.press("f")
        await form(pilot)
        assert kit.settings.get(LAST_CODE) is None
        if readable():
            assert code.encode() not in whole_folder(folder, kit.key)
        await pilot.press("escape")
        await home(pilot)
        await pilot.press("f8")
        await until(pilot, lambda: "There is no receipt code to show" in picture(pilot), "the sentence")


def test_killed_while_the_code_shows_it_can_be_shown_again(folder: Path) -> None:
    with Terminal(["--kit", str(folder)], folder.parent) as terminal:
        terminal.sees("NAME", "Health fair")
        terminal.press("esc")
        terminal.sees("AT THIS EVENT")
        terminal.press("p")
        terminal.sees("People")
        terminal.press("n")
        terminal.sees("▸ Name *")
        terminal.type("Bilal")
        terminal.press("f2")
        terminal.sees("Nobody has agreed to this yet")
        terminal.press("1", "f2")
        terminal.sees("Receipt code for the person")
        os.kill(terminal.process.pid, signal.SIGKILL)
        assert terminal.wait() == -signal.SIGKILL
    with Kit.open(folder) as kit:
        last = kit.settings.get(LAST_CODE)
        assert last is not None
    with Terminal(["--kit", str(folder)], folder.parent, columns=100) as terminal:
        terminal.sees("NAME", "for Bilal")
        terminal.press("esc")
        terminal.sees("AT THIS EVENT", "Has the last person got their receipt code? F8 shows it.")
        terminal.process.send(b"\x1b[19~")
        terminal.sees(last.code)
        terminal.press("w")
        terminal.sees_no("Has the last person got their receipt code")


async def test_no_bundle_holds_the_last_code(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await pilot.press("p", "n")
        await form(pilot)
        await type_in(pilot, "Bilal")
        await agree_and_save(pilot)
        assert pilot.app.kit is not None
        last = pilot.app.kit.settings.get(LAST_CODE)
        assert last is not None
        with pilot.app.kit.reading() as connection:
            from fieldkit.store.db.sql import execute

            bodies = [row[0] or b"" for row in execute(connection, "SELECT body FROM op")]
        assert bodies and not any(last.code.encode() in bytes(body) for body in bodies)
    assert saved


async def test_on_the_lowest_screen_the_key_that_closes_the_code_is_in_view(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=(60, 20)) as pilot:
        await home(pilot)
        await pilot.press("f")
        await form(pilot)
        await pilot.press("1", "2", "2", "1", "f2")
        await saved(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "The code stays here until you press w." in picture(pilot), "the sentence")
        for shown in (
            "w     the person has it: back",
            "n     the person has it: next person",
            "w the person has it  ",
        ):
            assert shown in picture(pilot), shown
        await pilot.press("w")
        await home(pilot)
        await app.leave()


async def test_the_box_shows_the_code_in_large_letters_where_there_is_room(folder: Path) -> None:
    code = "5RFH-FN1Y-FTB3"
    async with at_home(folder) as pilot:
        pilot.app.push_screen(ReceiptCodeBox(code, again=True))
        await on(pilot, ReceiptCodeBox)
        for size, large in (((60, 20), False), ((80, 24), True), ((120, 40), True), ((60, 20), False)):
            await pilot.resize_terminal(*size)
            await until(pilot, lambda large=large: ("█" in picture(pilot)) == large, "the letters")
            assert (code if large else "5 R F H") in picture(pilot), "to be typed, too"
            await until(pilot, lambda: "the person has it" in picture(pilot), "the keys")
            assert all(cell_len(row) <= size[0] for row in picture(pilot).splitlines())
            await until(pilot, lambda: "begins." in picture(pilot), "the sentence")
