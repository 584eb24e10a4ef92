"""A backup is restored from the first screen, without a command; typed as an invitation, it is called a backup."""

from __future__ import annotations

from pathlib import Path

import pytest

from app_desk import home, on, picture, running, type_in
from fieldkit.screens.setup.first_run import FirstRunScreen
from fieldkit.screens.setup.restore_screen import RestoreScreen
from fieldkit.store.backup import backup
from fieldkit.store.db import scrypt_process
from fieldkit.store.kit import Kit
from fieldkit.sync.setup import create_network
from fieldkit.widgets.dialogs.choose import Choose
from waiting import until

PASSPHRASE = "seven calm herons wade"


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The backup of a coordinator's kit with a partner."""
    # The real lock takes seconds; the tests of the vault cover it.
    monkeypatch.setattr(scrypt_process, "WORK", 4)
    kit, _ = Kit.create(tmp_path / "lost", PASSPHRASE)
    create_network(kit, "Leeds", "St Mary")
    kit.add("partner", {"name": "St Philip’s Centre"})
    backup(kit, tmp_path / "monday.fkbackup")
    kit.close()
    return tmp_path / "monday.fkbackup"


async def test_a_backup_is_restored_from_the_first_screen(tmp_path: Path, saved: Path) -> None:
    async with running(tmp_path / "kit") as pilot:
        await until(pilot, lambda: "Restore a backup" in picture(pilot), "the choices")
        await pilot.press("4")
        await on(pilot, RestoreScreen)
        await until(pilot, lambda: pilot.app.screen.query("#old"), "the lines")
        await pilot.press("escape")
        await on(pilot, FirstRunScreen)
        await until(pilot, lambda: "Restore a backup" in picture(pilot), "the choices")
        await pilot.press("4")
        await on(pilot, RestoreScreen)
        await until(pilot, lambda: pilot.app.screen.query("#old"), "the lines")
        await pilot.press("enter", "enter")
        await until(pilot, lambda: "Type the path of the backup." in picture(pilot), "nothing was typed")
        await type_in(pilot, str(tmp_path / "nowhere"))
        await pilot.press("enter", "enter")
        await until(pilot, lambda: "There is no such file" in picture(pilot), "the refusal")
        await pilot.press("ctrl+u")
        await type_in(pilot, str(saved)[:-4])
        await pilot.press("tab", "enter")
        await type_in(pilot, "wrong words")
        await pilot.press("enter")
        await on(pilot, Choose)
        await pilot.press("1")
        await until(pilot, lambda: "does not open this backup" in picture(pilot), "the wrong passphrase")
        await pilot.press("ctrl+u")
        await type_in(pilot, PASSPHRASE)
        await pilot.press("enter")
        await on(pilot, Choose)
        await pilot.press("1")
        await home(pilot)
        await until(pilot, lambda: "The backup is restored." in picture(pilot), "what to do next")
        assert pilot.app.device_name == "St Mary"
    with Kit.open(tmp_path / "kit", PASSPHRASE) as kit:
        assert kit.count("partner") == 1


async def test_a_backup_typed_as_an_invitation_is_called_a_backup(tmp_path: Path, saved: Path) -> None:
    async with running(tmp_path / "kit") as pilot:
        await until(pilot, lambda: "Join a network" in picture(pilot), "the choices")
        await pilot.press("2")
        await until(pilot, lambda: pilot.app.screen.query("#path"), "the line")
        await type_in(pilot, str(saved))
        await pilot.press("enter")
        await until(
            pilot,
            lambda: "This is a backup of a whole kit, not an invitation." in picture(pilot),
            "the refusal",
        )
        await until(
            pilot, lambda: "press esc, then 4" in " ".join(picture(pilot).split()), "how to restore it"
        )
