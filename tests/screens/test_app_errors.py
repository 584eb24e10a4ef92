"""Errors while the program runs: told in words, ending nothing; and leaving, which waits for what is being saved."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from app_desk import SIZE, home, on, picture
from fieldkit.app import FieldkitApp
from fieldkit.errors import FieldkitError, StorageError
from fieldkit.screens.home.home_screen import HomeScreen
from fieldkit.store.kit import Kit
from fieldkit.widgets.dialogs import Dialog

pytestmark = pytest.mark.usefixtures("short_waits")


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

        screen.run_kit(full, what="saving")
        await on(pilot, Dialog)
        assert all(
            words in picture(pilot) for words in ("The disk is full.", "All is safe.", "Free some space.")
        )
        await pilot.press("enter")
        await on(pilot, HomeScreen)
        screen.run_kit(broken, what="counting sheep")
        await on(pilot, Dialog)
        assert "Something went wrong while counting sheep." in picture(pilot)
        assert "secret" not in picture(pilot)
        await app.leave()
    log = (folder / "errors.log").read_text()
    assert "ZeroDivisionError" in log and "secret words" not in log


async def test_leaving_waits_for_a_save_and_not_for_reading(folder: Path) -> None:
    import threading

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

        screen.run_kit(save, what="saving", saving=True)
        screen.run_kit(lambda _: never.wait(60), what="reading")
        await pilot.pause()
        leaving = asyncio.ensure_future(app.leave())
        await pilot.pause()
        assert not leaving.done()
        go.set()
        await asyncio.wait_for(leaving, 5)
        assert done == [True]
    never.set()


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
    said = " ".join((done.stdout + done.stderr).split())
    assert "What was saved is safe" in said
    assert "Traceback" not in said and "ZeroDivisionError" not in said


def test_errors_have_a_title_of_their_own() -> None:
    assert FieldkitError("x").title != StorageError("x").title
