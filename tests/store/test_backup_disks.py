"""Backups on a full disk: the file is named, and an older one of that name stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from backup_network import FIXTURES
from faulty import disk, fill
from fieldkit.errors import StorageError
from fieldkit.store.backup import backup, try_restore
from fieldkit.store.kit import Kit
from networks import Laptop, Network

network, hub = FIXTURES


def _grow(kit: Kit, many: int = 60) -> None:
    for _ in range(many):
        kit.add("feedback", {"rating": "1", "experience": "A long afternoon. " * 300})


@pytest.mark.parametrize("leave", [0, 40_000, 400_000])
def test_a_backup_that_does_not_fit_names_its_file(net: Network, small_disk: Path, leave: int) -> None:
    target = small_disk / "week.fkbackup"
    _grow(net.hub.kit)
    fill(small_disk, leave)
    with pytest.raises(StorageError) as caught:
        backup(net.hub.kit, target)
    assert str(target) in caught.value.message
    assert "full" in caught.value.message
    assert "save again" not in caught.value.hint
    assert "another" in caught.value.hint
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


@pytest.mark.parametrize("leave", [0, 40_000, 400_000])
def test_a_proof_that_does_not_fit_names_the_backup(net: Network, tmp_path: Path, leave: int) -> None:
    with disk(tmp_path / "small", "size=3m") as place:
        target = place / "week.fkbackup"
        _grow(net.hub.kit, 10)
        backup(net.hub.kit, target)
        fill(place, leave)
        with pytest.raises(StorageError) as caught:
            try_restore(net.hub.kit, target)
        assert str(target) in caught.value.message
        assert "full" in caught.value.message
        assert target.exists()


def test_an_older_backup_of_that_name_stays_when_the_disk_refuses(
    hub: Laptop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "hub.fkbackup"
    backup(hub.kit, path)
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(StorageError, match="full"):
            backup(hub.kit, path)
    assert path.read_bytes() == before
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["hub.fkbackup", "network"]
    assert try_restore(hub.kit, path) == []
