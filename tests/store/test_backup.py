"""Backups: made while the kit is in use, tested by restoring them, and closed without the key."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from backup_network import FIXTURES
from fieldkit.errors import VaultError, WrongPassphrase
from fieldkit.presentation.safety import last_backup
from fieldkit.store.backup import backup, restore, try_restore
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import BACKUP, ORIGIN
from networks import Laptop

network, hub = FIXTURES


def test_a_backup_holds_what_the_kit_held(hub: Laptop, tmp_path: Path) -> None:
    state = hub.state()
    note = backup(hub.kit, tmp_path / "hub.fkbackup")
    assert (note.state_hash, note.counts) == state
    hub.kit.add("feedback", {"rating": "2", "experience": "afterwards"})
    assert try_restore(hub.kit, tmp_path / "hub.fkbackup") == []
    message = hub.kit.settings.get(BACKUP)
    assert (message["made"], message["name"]) == (note.made, "hub.fkbackup")
    assert message["proven"] >= note.made
    # Only this user can read it, and nothing else is beside it.
    assert stat.S_IMODE((tmp_path / "hub.fkbackup").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hub.fkbackup", "network"]
    before = hub.me
    hub.restore(tmp_path / "hub.fkbackup")
    assert hub.state() == state
    # The same laptop in a new incarnation.
    assert (hub.me.device, hub.me.network) == (before.device, before.network)
    assert hub.me.origin != before.origin
    (beside,) = [path for path in hub.kit.folder.parent.iterdir() if "before-restore" in path.name]
    with Kit.open(beside) as left:
        assert left.counts()["feedback"] == 21


def test_a_backup_taken_while_others_write(hub: Laptop, tmp_path: Path) -> None:
    """Each backup is one moment of the kit: complete, with no more than was saved when it was finished."""
    stop, saved = threading.Event(), []

    def record() -> None:
        with Kit.open(hub.kit.folder) as kit:
            while not stop.is_set():
                saved.append(kit.add("feedback", {"rating": "1", "experience": "meanwhile"}).record_id)

    writer = threading.Thread(target=record)
    writer.start()
    try:
        sizes = []
        for number in range(3):
            path = tmp_path / f"{number}.fkbackup"
            before = len(saved)
            note = backup(hub.kit, path)
            assert 20 + before <= note.counts["feedback"] <= 20 + len(saved)
            assert try_restore(hub.kit, path) == []
            sizes.append(note.counts["feedback"])
        assert sizes == sorted(sizes)
    finally:
        stop.set()
        writer.join()
    assert saved
    assert hub.kit.check() == []


def test_a_clock_before_1970_makes_a_backup_that_is_tested_and_restored(hub: Laptop, tmp_path: Path) -> None:
    path, kit, right = tmp_path / "early.fkbackup", hub.kit, hub.kit.clock
    kit.clock = lambda: -86_400_000
    backup(kit, path)
    assert try_restore(kit, path) == []
    stored = kit.settings.get(BACKUP)
    assert 0 < stored["made"] <= stored["proven"]
    # With the right clock, another one is due.
    kit.clock = right
    state = last_backup(kit, hub.me.origin, 30)
    assert (state.tested > 0, state.due) == (True, True)
    restore(path, tmp_path / "other", None).close()


def test_nothing_in_it_can_be_read_without_the_key(hub: Laptop, tmp_path: Path) -> None:
    kit, code = Kit.create(tmp_path / "locked", "correct horse battery")
    with kit:
        kit.settings.put(ORIGIN, hub.kit.origin)
        kit.add("feedback", {"rating": "1", "experience": "ZANZIBAR"})
        backup(kit, tmp_path / "locked.fkbackup")
        content = (tmp_path / "locked.fkbackup").read_bytes()
        assert b"ZANZIBAR" not in content
        assert kit.key not in content
        assert kit.key.hex().encode() not in content
        folder = sorted(
            path.read_bytes() for path in (tmp_path / "locked").iterdir() if path.suffix == ".age"
        )
    for secret in (None, ""):
        with pytest.raises(VaultError):
            restore(tmp_path / "locked.fkbackup", tmp_path / "locked", secret)
    with pytest.raises(WrongPassphrase):
        restore(tmp_path / "locked.fkbackup", tmp_path / "new", "wrong horse battery")
    # The kit is as it was, and no partial one is left anywhere.
    assert (
        sorted(path.read_bytes() for path in (tmp_path / "locked").iterdir() if path.suffix == ".age")
        == folder
    )
    assert not (tmp_path / "new").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".fieldkit")]
    for number, secret in enumerate(("correct horse battery", code)):
        with restore(tmp_path / "locked.fkbackup", tmp_path / f"again-{number}", secret) as restored_kit:
            assert restored_kit.page("feedback")[0].values["experience"] == "ZANZIBAR"
    with Kit.open(tmp_path / "locked", "correct horse battery") as still:
        assert still.counts()["feedback"] == 1


def test_restored_twice_within_a_second(hub: Laptop, tmp_path: Path) -> None:
    backup(hub.kit, tmp_path / "hub.fkbackup")
    origins = {hub.me.origin}
    for _ in range(3):
        hub.restore(tmp_path / "hub.fkbackup")
        hub.kit.add("event", {"title": "After"})
        origins.add(hub.me.origin)
    assert len(origins) == 4
    assert len([path for path in hub.kit.folder.parent.iterdir() if "before-restore" in path.name]) == 3
