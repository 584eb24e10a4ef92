"""Restoring a backup: killed or refused at any step, one of the two kits is in place."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from backup_network import FIXTURES
from fieldkit.errors import Misuse, StorageError
from fieldkit.screens.base.theme_choice import keep_theme
from fieldkit.store.backup import backup, restore
from fieldkit.store.db.folder_swap import foreign_names, interrupted_restore, preparing
from fieldkit.store.db.vault import Vault
from fieldkit.store.kit import Kit
from networks import Laptop
from project_files import SUPPORT

network, hub = FIXTURES


@pytest.mark.skipif(
    not hasattr(os, "fork"), reason="this system can't make a process that is a copy of another"
)
@pytest.mark.parametrize("there", ["a kit", "nothing"])
def test_killed_at_any_step_one_of_the_two_kits_is_there(hub: Laptop, tmp_path: Path, there: str) -> None:
    path, work = tmp_path / "hub.fkbackup", tmp_path / "work"
    backup(hub.kit, path)
    hub.kit.add("feedback", {"rating": "2", "experience": "afterwards"})
    older, origin = hub.state(), hub.me.origin
    hub.kit.close()
    worker = subprocess.Popen(
        [sys.executable, str(SUPPORT / "restore_worker.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    ends = Counter[str]()
    with worker:
        for step in range(1, 1_000):
            work.mkdir()
            folder = work / "kit"
            if there == "a kit":
                shutil.copytree(hub.kit.folder, folder)
            worker.stdin.write(f"{folder}\t{path}\t{step}\n")
            worker.stdin.flush()
            status = int(worker.stdout.readline())
            assert status in {0, 9}
            if there == "nothing" and not Vault(folder).exists:
                ends["nothing"] += 1
            else:
                ends[_look_at_what_is_there(folder, older, origin)] += 1
            # Restoring again works, whatever was left behind, and removes all leftovers.
            restore(path, folder, None).close()
            left = [entry.name for entry in work.iterdir() if "before-restore" not in entry.name]
            assert left == ["kit"]
            shutil.rmtree(work)
            if status == 0:
                break
    assert status == 0
    assert ends["restored"] > 0
    assert ends["older" if there == "a kit" else "nothing"] > 10


def _look_at_what_is_there(folder: Path, older: tuple[str, dict[str, int]], origin: str) -> str:
    """Which of the two kits this is, after checking that it is sound and described correctly."""
    begun = folder.with_name(".kit.restoring").joinpath("kit").exists()
    with Kit.open(folder) as kit:
        assert kit.check() == []
        message = interrupted_restore(kit.folder)
        assert interrupted_restore(kit.folder) == ""
        assert kit.add("feedback", {"rating": "3"})
        if kit.counts()["feedback"] == older[1]["feedback"] + 1:
            assert kit.origin == origin
            assert ("as it was" in message) == begun
            return "older"
        assert kit.counts()["feedback"] == older[1]["feedback"]
        assert kit.origin != origin
        assert "as it was" not in message
        return "restored"


def test_what_the_disk_refuses_at_the_last_step_leaves_the_kit_in_its_place(
    hub: Laptop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, folder = tmp_path / "hub.fkbackup", hub.kit.folder
    backup(hub.kit, path)
    state = hub.state()
    hub.kit.close()
    rename = Path.replace

    def refusing(entry: Path, target: Path) -> Path:
        if entry.name == "kit":
            raise OSError(5, "Input/output error")
        return rename(entry, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refusing)
        with pytest.raises(StorageError, match="could not be read or written"):
            restore(path, folder, None)
        with pytest.raises(StorageError):
            restore(path, tmp_path / "elsewhere", None)
    assert sorted(entry.name for entry in folder.parent.iterdir()) == ["hub"]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["hub.fkbackup", "network"]
    with Kit.open(folder) as kit:
        assert (kit.state_hash(), kit.counts()) == state
        assert interrupted_restore(kit.folder) == ""


def test_a_restore_that_is_under_way_is_left_alone(hub: Laptop, tmp_path: Path) -> None:
    with preparing(hub.kit.folder) as scratch:
        assert interrupted_restore(hub.kit.folder) == ""
        assert scratch.is_dir()
    assert sorted(path.name for path in hub.kit.folder.parent.iterdir()) == ["hub"]


def test_a_link_in_the_place_of_a_restore_at_work_harms_nothing(hub: Laptop, tmp_path: Path) -> None:
    backup(hub.kit, tmp_path / "hub.fkbackup")
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "kit").mkdir(parents=True)
    (elsewhere / "kit" / "letter").write_text("precious")
    (elsewhere / "ready").write_text("")
    folder = tmp_path / "new"
    (tmp_path / ".new.restoring").symlink_to(elsewhere)
    assert not Vault(folder).exists
    restore(tmp_path / "hub.fkbackup", folder, None).close()
    assert (elsewhere / "kit" / "letter").read_text() == "precious"
    assert Vault(folder).exists


def test_a_folder_with_other_files_is_not_moved_away(hub: Laptop, tmp_path: Path) -> None:
    path, home = tmp_path / "hub.fkbackup", tmp_path / "home"
    backup(hub.kit, path)
    home.mkdir()
    (home / "letters").mkdir()
    (home / "photo.jpg").write_bytes(b"a photo")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(Misuse, match=r"letters, photo\.jpg"):
        restore(path, home, None)
    assert sorted(tmp_path.iterdir()) == before
    assert sorted(entry.name for entry in home.iterdir()) == ["letters", "photo.jpg"]
    (home / "photo.jpg").rename(tmp_path / "photo.jpg")
    (home / "letters").rmdir()
    (home / ".DS_Store").touch()
    restore(path, home, None).close()
    assert Vault(home).exists


def test_what_a_kit_in_use_holds_is_all_its_own(hub: Laptop, tmp_path: Path) -> None:
    hub.kit.close()
    keep_theme(hub.kit.folder, "light")
    assert foreign_names(hub.kit.folder) == []
    work = tmp_path / "home"
    shutil.copytree(hub.kit.folder, work)
    for name in ("letters", ".bashrc", "notes.fkb"):
        (work / name).touch()
    assert foreign_names(work) == [".bashrc", "letters", "notes.fkb"]
