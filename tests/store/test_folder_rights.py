"""Only its user can access a kit's folder, whatever its permissions were before and whatever the umask is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit import leftover_files
from fieldkit.errors import Misuse
from fieldkit.store.backup import backup, restore
from fieldkit.store.kit import Kit
from fieldkit.store.write.eraser import no_progress
from fieldkit.sync.setup import create_network

pytestmark = pytest.mark.skipif(
    os.name != "posix", reason="Windows has no such modes: the user's profile is private"
)


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """Files get every permission that the program does not exclude itself."""
    before = os.umask(0)
    yield
    os.umask(before)
    leftover_files._notes = None


def open_to_others(top: Path) -> list[str]:
    """What others could read or write in `top` and below."""
    return [str(path) for path in (top, *top.rglob("*")) if path.lstat().st_mode & 0o077]


def test_a_folder_that_exists_is_made_private(tmp_path: Path) -> None:
    folder = tmp_path / "kit"
    folder.mkdir(mode=0o777)
    kit, _ = Kit.create(folder, None)
    create_network(kit, "Fair")
    kit.add("event", {"title": "Fair"})
    kit.close()
    assert open_to_others(folder) == []


def test_a_kit_whose_folder_was_opened_up_is_private_after_the_next_start(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "er" / "kit"
    Kit.create(folder, None)[0].close()
    assert open_to_others(tmp_path / "deep") == []
    folder.chmod(0o777)
    with Kit.open(folder) as kit:
        assert kit.check(no_progress) == []
    assert open_to_others(folder) == []


def test_a_folder_of_somebody_else_s_that_all_can_write_to_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "kit"
    folder.mkdir(mode=0o777)
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    with pytest.raises(Misuse, match="Other users of this laptop can write"):
        Kit.create(folder, None)
    assert list(folder.iterdir()) == []


def test_a_stick_without_rights_takes_a_kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "kit"
    folder.mkdir(mode=0o777)
    # The file system of most sticks accepts the change and ignores it.
    monkeypatch.setattr(Path, "chmod", lambda *_: None)
    with Kit.create(folder, None)[0] as kit:
        assert kit.counts()["event"] == 0


def test_backups_and_what_is_restored_are_private(tmp_path: Path) -> None:
    kit, _ = Kit.create(tmp_path / "kit", None)
    backup(kit, tmp_path / "kit.fkbackup")
    kit.close()
    restore(tmp_path / "kit.fkbackup", tmp_path / "above" / "restored", None).close()
    assert open_to_others(tmp_path / "above") == []
    assert open_to_others(tmp_path / "kit.fkbackup") == []
