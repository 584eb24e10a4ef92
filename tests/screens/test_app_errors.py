"""Errors while the program runs: reported in words, and ending nothing; and leaving, which waits for pending saves."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
import threading
from functools import partial
from pathlib import Path

from app_desk import SIZE, home, on, picture
from fieldkit.app import FieldkitApp
from fieldkit.errors import FieldkitError, StorageError
from fieldkit.screens.home.home_screen import HomeScreen
from fieldkit.screens.records.kinds_screen import EverythingScreen
from fieldkit.store.kit import Kit
from fieldkit.widgets.dialogs.dialog import Dialog
from waiting import until


async def test_errors_are_told_in_words_and_end_nothing(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        screen = app.screen
        assert isinstance(screen, HomeScreen)

        def full(_: Kit) -> None:
            raise StorageError("The disk is full.", kept="All is safe.", hint="Free some space.")

        def broken(_: Kit) -> None:
            raise ZeroDivisionError("secret words")

        screen.begin(partial(screen.kit_work, full, "saving"))
        await on(pilot, Dialog)
        assert all(
            sentence in picture(pilot)
            for sentence in ("The disk is full.", "All is safe.", "Free some space.")
        )
        await pilot.press("enter")
        await on(pilot, HomeScreen)
        screen.begin(partial(screen.kit_work, broken, "counting sheep"))
        await on(pilot, Dialog)
        assert "Something went wrong while counting sheep." in picture(pilot)
        assert "secret" not in picture(pilot)
        await app.leave()
    log = (folder / "errors.log").read_text()
    assert "ZeroDivisionError" in log and "secret words" not in log


async def test_leaving_waits_for_a_save_and_not_for_reading(folder: Path) -> None:
    app = FieldkitApp(folder)
    go, never = threading.Event(), threading.Event()
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        screen = app.screen
        assert isinstance(screen, HomeScreen)
        done: list[bool] = []

        def save(_: Kit) -> None:
            go.wait(10)
            done.append(True)

        screen.begin(partial(screen.kit_work, save, "saving", saving=True))
        screen.begin(partial(screen.kit_work, lambda _: never.wait(60), "reading"))
        await pilot.pause()
        leaving = asyncio.ensure_future(app.leave())
        await pilot.pause()
        assert not leaving.done()
        go.set()
        await asyncio.wait_for(leaving, 5)
        assert done == [True]
    never.set()


async def test_work_for_a_screen_that_was_left_goes_on_only_when_it_saves(folder: Path) -> None:
    app = FieldkitApp(folder)
    go = threading.Event()
    shown: list[str] = []
    saved: list[bool] = []
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        app.open_screen("everything")
        await on(pilot, EverythingScreen)
        screen = app.screen
        assert isinstance(screen, EverythingScreen)

        def save(_: Kit) -> str:
            go.wait(10)
            saved.append(True)
            return "saved"

        async def saving() -> None:
            shown.append(await screen.kit_work(save, "saving", saving=True))

        async def reading(sentence: str) -> None:
            shown.append(await screen.kit_work(lambda _: sentence, "reading"))

        screen.begin(partial(reading, "earlier"), group="read")
        screen.begin(partial(reading, "later"), group="read")
        await until(pilot, lambda: shown, "an answer")
        screen.begin(saving, waiting="none")
        await pilot.pause()
        await pilot.press("escape")
        await on(pilot, HomeScreen)
        go.set()
        await until(pilot, lambda: saved, "a save")
        assert shown == ["later"]
        await app.leave()
    assert app.saved_note.startswith("saved ") and not app.faults


def test_an_error_that_nobody_foresaw_ends_with_a_sentence(tmp_path: Path) -> None:
    program = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from fieldkit.app import FieldkitApp

        class App(FieldkitApp):
            is_headless = False

            def on_ready(self):
                raise ZeroDivisionError("no")

        app = App(Path(sys.argv[1]))
        app.run(headless=True)
        sys.exit(app.return_code)
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    output = " ".join((done.stdout + done.stderr).split())
    assert "What was saved is safe" in output
    assert "Traceback" not in output and "ZeroDivisionError" not in output


def test_errors_have_a_title_of_their_own() -> None:
    assert FieldkitError("x").title != StorageError("x").title
