"""The screen lock: it comes by itself or by a key, shows nothing of the kit, and returns to the same field."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from app_desk import SIZE, at_home, form, home, on, picture, type_in
from fieldkit.app import FieldkitApp
from fieldkit.screens.base.idle_lock import IdleLock
from fieldkit.screens.entry.entry import EntryScreen
from fieldkit.screens.home.home_screen import HomeScreen
from fieldkit.screens.records.records_screen import RecordsScreen
from fieldkit.screens.safety.lock_screen import LockScreen
from fieldkit.store.db import recovery_codes
from fieldkit.store.db.vault import Vault
from fieldkit.store.kit import Kit
from fieldkit.store.local import pin
from fieldkit.store.local.known_settings import LOCK_MINUTES, PIN
from fieldkit.sync.network.network_rules import lock_minutes
from fieldkit.widgets.dialogs.message_box import Message
from waiting import until

PASSPHRASE = "harbour lantern quietly seven"
CANARY = "Canary Amina Khan"


@pytest.fixture(scope="session")
def locked_template(tmp_path_factory: pytest.TempPathFactory, event_template: Path) -> Path:
    """That kit with a passphrase, and a person whose name must not be seen."""
    folder = tmp_path_factory.mktemp("locked") / "kit"
    shutil.copytree(event_template, folder)
    with Kit.open(folder) as kit:
        kit.add("person", {"name": CANARY, "consent_record": "Y"})
        Vault(folder).change_passphrase(kit.key, PASSPHRASE, recovery_codes.new_code())
    return folder


@pytest.fixture
def locked(tmp_path: Path, locked_template: Path) -> Path:
    """A copy of that kit."""
    shutil.copytree(locked_template, tmp_path / "kit-locked")
    return tmp_path / "kit-locked"


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def rest(app: FieldkitApp, seconds: float) -> None:
    """Act as if no key had been pressed for `seconds`."""
    clock = Clock()
    app.idle = IdleLock(clock, clock)
    clock.now = seconds


async def _left_alone(pilot: Pilot[object], app: FieldkitApp, seconds: float = 301) -> None:
    rest(app, seconds)
    await app.look_whether_idle()
    await on(pilot, LockScreen)


async def test_a_form_that_was_left_locks_and_comes_back_to_the_very_field(locked: Path) -> None:
    app = FieldkitApp(locked, PASSPHRASE)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("f")
        await form(pilot)
        await pilot.press("1", "1", "1", "enter")
        await type_in(pilot, "canary words")
        entry = app.screen
        assert isinstance(entry, EntryScreen) and entry.form is not None and app.kit is not None
        asked, focused = entry.form.question, entry.focused
        await _left_alone(pilot, app)
        await until(pilot, lambda: "Passphrase, or the twelve words" in picture(pilot), "the question")
        assert "canary" not in picture(pilot) and "Nobody pressed a key for 5 minutes" in picture(pilot)
        drafts = app.kit.drafts.all()
        assert [draft.values["experience"] for draft in drafts] == ["canary words"], "it is stored at once"
        await type_in(pilot, "wrong passphrase")
        await pilot.press("enter")
        await until(pilot, lambda: "does not open this kit" in picture(pilot), "the refusal")
        for key in (
            "escape",
            "ctrl+p",
            "f1",
            "f8",
            "f9",
            "ctrl+t",
            "ctrl+l",
            "tab",
            "question_mark",
            "ctrl+z",
        ):
            await pilot.press(key)
            assert isinstance(app.screen, LockScreen), key
            assert "canary" not in picture(pilot), key
        app.screen.query_one("#secret").value = ""  # type: ignore[attr-defined]  # an Input
        await type_in(pilot, PASSPHRASE)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is entry, "the form again")
        assert (entry.form.question, entry.focused) == (asked, focused)
        await type_in(pilot, " more")
        assert entry.form.values["experience"] == "canary words more"
        await app.leave()
    assert not app.faults


async def test_help_says_how_to_unlock_until_the_next_letter(locked: Path) -> None:
    app = FieldkitApp(locked, PASSPHRASE)
    async with app.run_test(size=(60, 20)) as pilot:
        await home(pilot)
        await pilot.press("ctrl+l")
        await on(pilot, LockScreen)
        await until(pilot, lambda: "f1 help" in picture(pilot), "the key")
        await pilot.press("f1")
        await until(
            pilot, lambda: "Type this kit's passphrase and press enter" in picture(pilot), "how to unlock"
        )
        assert "does nothing here" not in picture(pilot)
        await pilot.press("s")
        await until(pilot, lambda: "Type this kit's passphrase" not in picture(pilot), "that it goes")
        await app.leave()
    assert not app.faults


async def test_what_opens_or_closes_meanwhile_waits_below_the_lock(locked: Path) -> None:
    app = FieldkitApp(locked, PASSPHRASE)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("p")
        await on(pilot, RecordsScreen)
        listed = app.screen
        await until(pilot, lambda: CANARY in picture(pilot), "the people")
        await pilot.press("ctrl+l")
        await on(pilot, LockScreen)
        app.push_screen(Message("A merge ended", CANARY))
        app.notice(CANARY)
        listed.dismiss(None)
        answers: list[Any] = []

        async def ask() -> None:
            answers.append(await app.push_screen_wait(Message("Second", CANARY)))

        app.run_worker(ask())
        await pilot.pause()
        await until(pilot, lambda: isinstance(app.screen, LockScreen), "the lock on top")
        assert CANARY not in picture(pilot) and "A merge" not in picture(pilot)
        await type_in(pilot, PASSPHRASE)
        await pilot.press("enter")
        await until(pilot, lambda: "Second" in picture(pilot), "the last box")
        assert listed not in app.screen_stack, "it closed itself, and no box in its place"
        await pilot.press("enter")
        await until(pilot, lambda: answers == [None], "the answer of the last box")
        await app.leave()
    assert not app.faults


async def test_a_kit_without_a_passphrase_is_covered_and_enter_goes_on(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await _left_alone(pilot, pilot.app)
        await until(pilot, lambda: "Enter goes on" in picture(pilot), "the way on")
        assert "AT THIS EVENT" not in picture(pilot)
        await pilot.press("enter")
        await on(pilot, HomeScreen)


async def test_the_pin_unlocks_and_five_wrong_ones_ask_for_the_passphrase(locked: Path) -> None:
    with Kit.open(locked, PASSPHRASE) as kit:
        pin.choose(kit.settings, "4712")
        stored = kit.settings.get(PIN)
        assert stored is not None
        kit.settings.put(PIN, type(stored)(stored.salt, stored.digest, stored.work, pin.TRIES - 1, 0))
    async with at_home(locked, PASSPHRASE) as pilot:
        await pilot.press("ctrl+l")
        await on(pilot, LockScreen)
        await until(pilot, lambda: "PIN, passphrase" in picture(pilot), "the question")
        await type_in(pilot, "9988")
        await pilot.press("enter")
        await until(pilot, lambda: "Now the passphrase is needed" in picture(pilot), "the last wrong try")
        await type_in(pilot, "4712")
        await pilot.press("enter")
        await until(pilot, lambda: "the PIN is off" in picture(pilot), "the refusal")
        await type_in(pilot, PASSPHRASE)
        await pilot.press("enter")
        await on(pilot, HomeScreen)
        assert pilot.app.kit is not None
        await until(
            pilot,
            lambda: pilot.app.kit is not None and not pin.tries_used_up(pilot.app.kit.settings),
            "new tries",
        )


async def test_what_is_wrong_stays_beside_its_sign(locked: Path) -> None:
    app = FieldkitApp(locked, PASSPHRASE)
    async with app.run_test(size=(60, 20)) as pilot:
        await home(pilot)
        await pilot.press("ctrl+l")
        await on(pilot, LockScreen)
        await type_in(pilot, "not this one")
        await pilot.press("enter")
        await until(pilot, lambda: "× That passphrase" in picture(pilot), "what is wrong")
        rows = picture(pilot).splitlines()
        at = next(n for n, row in enumerate(rows) if "× That" in row)
        assert (
            rows[at].startswith("    × That") and rows[at + 1].startswith("      ") and rows[at + 1][6] != " "
        )
        await app.leave()


async def test_a_secret_that_was_half_typed_goes_when_it_is_left(locked: Path) -> None:
    async with at_home(locked, PASSPHRASE) as pilot:
        await pilot.press("ctrl+l")
        await on(pilot, LockScreen)
        await type_in(pilot, "half")
        rest(pilot.app, 400)
        await pilot.app.look_whether_idle()
        assert pilot.app.screen.query_one("#secret").value == ""  # type: ignore[attr-defined]  # an Input


async def test_the_first_key_after_a_sleep_only_wakes_the_laptop(locked: Path) -> None:
    async with at_home(locked, PASSPHRASE) as pilot:
        rest(pilot.app, 0)
        idle = pilot.app.idle
        assert idle is not None and pilot.app.kit is not None
        idle.read(pilot.app.kit)
        idle._wall = lambda: 100_000.0  # the lid was closed, so only the wall clock advanced
        await pilot.press("p")
        await on(pilot, LockScreen)


def test_a_laptop_may_lock_sooner_than_the_network_says_and_never_later(
    kit: Kit, new_kit: Callable[..., Kit]
) -> None:
    assert lock_minutes(kit) == 5
    for own, minutes in ((2, 2), (60, 5), (0, 5)):
        kit.settings.put(LOCK_MINUTES, own)
        assert lock_minutes(kit) == minutes


def test_rest_is_measured_by_whichever_clock_went_on() -> None:
    mono, wall = Clock(), Clock()
    idle = IdleLock(mono, wall)
    wall.now = 3_600
    assert idle.rested == 3_600
    wall.now, mono.now = -90_000, 70
    assert idle.rested == 70
