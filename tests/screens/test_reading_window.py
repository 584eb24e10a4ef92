"""A second window, on every screen: no key writes, each that would is answered, and it says that it only reads."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from app_desk import SIZE, at_home, home, on, picture, shown
from fieldkit.app import FieldkitApp
from fieldkit.commands.command import HOME
from fieldkit.commands.table import key_of
from fieldkit.demo import build
from fieldkit.screens.base.screen_table import SCREENS, WRITES
from fieldkit.screens.home.home_screen import HomeScreen
from fieldkit.screens.records.records_screen import RecordsScreen
from fieldkit.screens.safety.lock_screen import LockScreen
from fieldkit.screens.stall.stall_board import StallBoard
from fieldkit.store.kit import Kit
from fieldkit.store.local import pin
from fieldkit.store.local.known_settings import EVENT, PIN
from fieldkit.store.window_lock import WindowLock
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.dialogs.message_box import Message
from stall_desk import board, hold_today
from waiting import until

#: Screens that come before a kit is open, or that the screens tested here open for a row.
_NOT_OPENED = {"first_run", "unlock", "recovery", "locked", "quote"}
_ELSEWHERE = {key_of("lock", HOME), "ctrl+q", "ctrl+c", "ctrl+p", "escape"}
"""Keys that leave the screen, or say how."""
_MOVES = {"up", "down", "left", "right", "home", "end", "pageup", "pagedown", "j", "k", "tab", "shift+tab"}

#: Screen -> keys that ask before they write.
_WRITING_KEYS = {
    "record_view": "de",
    "history": "u",
    "records": "dn",
    "conflicts": "e1",
    "pair": "a",
    "safety": "bnlwrp",
    "worried": "ln",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A coordinator's kit with a record of every kind, and a chosen event."""
    folder = tmp_path_factory.mktemp("built") / "demo"
    with build(folder) as kit:
        kit.settings.put(EVENT, kit.page("event")[0].record_id)
    return folder


@pytest.fixture
def demonstration(built: Path, tmp_path: Path) -> Path:
    """A copy of that kit."""
    shutil.copytree(built, tmp_path / "demo")
    return tmp_path / "demo"


@pytest.fixture
def other_window(demonstration: Path) -> Iterator[WindowLock]:
    """The window that records in that kit."""
    lock = WindowLock(demonstration)
    assert lock.acquire() is None
    yield lock
    lock.release()


def _content(folder: Path) -> dict[str, str]:
    """File -> hash of its content; the index of the database log does not count."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith("-shm")
    }


def _arguments(folder: Path) -> dict[str, tuple[str, ...]]:
    """Screen -> its arguments, if it needs any."""
    with Kit.open(folder) as kit:
        cycle = kit.page("cycle")[0].record_id
        person = f"person:{kit.page('person')[0].record_id}"
        pair = kit.page("mentorship")[0].record_id
    of_cycle = ("changes", "cycle", "heard", "quotes", "use")
    return {
        **dict.fromkeys(of_cycle, (cycle,)),
        "history": (person,),
        "record_view": (person,),
        "pair": (pair,),
        "records": ("event",),
    }


async def _rest(pilot: Pilot[object]) -> None:
    """Wait until nothing runs except what waits for an answer."""
    app = pilot.app
    assert isinstance(app, FieldkitApp)

    def rests() -> bool:
        asking = sum(isinstance(screen, ModalScreen) for screen in app.screen_stack)
        return sum(worker.is_running for worker in app.workers if worker.group != "search") <= asking

    await until(pilot, rests, "the work to end")


async def _follow(pilot: Pilot[object]) -> None:
    """Answer yes to every question, until there are none."""
    answers = {Confirm: ("y",), Choose: ("1",)}
    for _ in range(5):
        for box, keys in answers.items():
            if isinstance(pilot.app.screen, box):
                await pilot.press(*keys)
                await _rest(pilot)
                break
        else:
            return


_READ = sorted(set(SCREENS) - WRITES - _NOT_OPENED)


@pytest.mark.parametrize("names", [_READ[first::4] for first in range(4)], ids=" ".join)
async def test_no_key_of_a_screen_writes_in_a_window_that_only_reads(
    demonstration: Path,
    other_window: WindowLock,
    names: list[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = _arguments(demonstration)
    app = FieldkitApp(demonstration)
    async with app.run_test(size=(100, 30)) as pilot:
        await home(pilot)
        await _rest(pilot)
        before, first = _content(demonstration), app.screen

        async def opened(name: str) -> Screen[Any]:
            while app.screen is not first:
                app.screen.dismiss(None)
                await pilot.pause()
            if name != "home":
                app.open_screen(name, *arguments.get(name, ()))
            await _rest(pilot)
            return app.screen

        for name in names:
            screen = await opened(name)
            await until(
                pilot,
                lambda: "reads only" in picture(pilot).split("\n")[0],
                "the top line to say what the window is",
            )
            # The program itself answers keys without a binding, alike on every screen.
            keys = {*screen.active_bindings, "1", "2", "enter", "delete"} - _MOVES
            for key in sorted(keys - _ELSEWHERE):
                await pilot.press(key)
                await _rest(pilot)
                await _follow(pilot)
                asked = isinstance(app.screen, AskLine)
                assert not asked or "Where" in picture(pilot) or "where to" in picture(pilot), (name, key)
                assert _content(demonstration) == before, (name, key)
                assert app.faults == [], (name, key)
                if app.screen is not screen:
                    screen = await opened(name)
        await app.leave()


async def test_a_screen_that_writes_is_not_opened_but_the_sentence_says_why(
    demonstration: Path, other_window: WindowLock
) -> None:
    async with at_home(demonstration) as pilot:
        for name in sorted(WRITES):
            pilot.app.open_screen(name)  # most of them need arguments, and are refused before
            await on(pilot, Message)
            assert "This window only reads" in " ".join(picture(pilot).split()), name
            await pilot.press("escape")
            await on(pilot, HomeScreen)


async def test_a_key_that_would_write_is_refused_before_anything_is_asked(
    demonstration: Path, other_window: WindowLock
) -> None:
    arguments = _arguments(demonstration)
    async with at_home(demonstration) as pilot:
        for name, keys in _WRITING_KEYS.items():
            pilot.app.open_screen(name, *arguments.get(name, ()))
            await until(pilot, lambda keys=keys: keys[0] in pilot.app.screen.active_bindings, name)
            await _rest(pilot)
            for key in keys:
                await pilot.press(key)
                await until(pilot, lambda: isinstance(pilot.app.screen, ModalScreen), "a box")
                assert isinstance(pilot.app.screen, Message), (name, key, pilot.app.screen)
                assert "This window only reads" in " ".join(picture(pilot).split()), (name, key)
                await pilot.press("escape")
            pilot.app.screen.dismiss(None)
            await on(pilot, HomeScreen)


async def test_the_board_does_not_hide_that_the_window_records_now(folder: Path) -> None:
    hold_today(folder)
    other = WindowLock(folder)
    assert other.acquire() is None
    async with at_home(folder) as pilot:
        assert "reads only" in picture(pilot)
        other.release()
        await pilot.press("w")
        await board(pilot)
        await until(pilot, lambda: "This window records now." in picture(pilot), "the sentence")
        assert "reads only" not in picture(pilot)


async def test_what_home_says_once_is_not_hidden_by_the_board(folder: Path) -> None:
    hold_today(folder)
    app = FieldkitApp(folder)
    app.problems = ["config.toml: there is no theme “x”."]
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        await until(pilot, lambda: "there is no theme" in picture(pilot), "the sentence")
        await app.leave()


async def test_a_key_that_writes_says_that_the_window_records_from_now_on(folder: Path) -> None:
    other = WindowLock(folder)
    assert other.acquire() is None
    async with at_home(folder) as pilot:
        other.release()
        await pilot.press("a")
        await on(pilot, StallBoard)
        await until(pilot, lambda: "This window records now." in picture(pilot), "the sentence")


async def test_a_window_that_only_reads_is_unlocked_with_the_pin_and_counts_wrong_tries(folder: Path) -> None:
    with Kit.open(folder) as kit:
        pin.choose(kit.settings, "8264")
    other = WindowLock(folder)
    assert other.acquire() is None
    async with at_home(folder) as pilot:
        await pilot.press("ctrl+l")
        await on(pilot, LockScreen)
        await until(pilot, lambda: pilot.app.screen.query_one(Input).has_focus, "the line")
        await pilot.press(*"9753", "enter")
        await until(pilot, lambda: "That is not the PIN" in shown(pilot, "#state"), "the refusal")
        with Kit.open(folder) as kit:
            stored = kit.settings.get(PIN)
            assert stored is not None and stored.wrong == 1
        assert pilot.app.kit is not None
        pilot.app.kit.clock = lambda: stored.tried + 60_000  # the wait after a wrong try is over
        await pilot.press(*"8264", "enter")
        await on(pilot, HomeScreen)
    other.release()


async def test_the_columns_of_a_list_are_chosen_for_now_in_a_window_that_only_reads(
    folder: Path,
) -> None:
    other = WindowLock(folder)
    assert other.acquire() is None
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("p")
        await on(pilot, RecordsScreen)
        await pilot.press("c")
        await until(pilot, lambda: "Columns" in picture(pilot), "the question")
        columns = _heads(pilot)
        await pilot.press("space", "enter")
        await until(pilot, lambda: _heads(pilot) != columns, "other columns")
        assert "only reads" not in picture(pilot)
        await app.leave()
    other.release()
    assert app.faults == []


def _heads(pilot: Pilot[object]) -> list[str]:
    """The titles of a list's columns."""
    return picture(pilot).split("\n")[3].split()
