"""A kit on a read-only or full disk: what can be read is read, and nothing else is promised."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli_kits import with_answers
from commanding import Run
from fieldkit.errors import StorageError, VaultError
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import PROJECTION
from tools import lacking

MOUNT = shutil.which("mount")
Lock = Callable[[Path], None]
READING = (
    ("status",),
    ("list", "feedback"),
    ("list", "feedback", "--json"),
    ("list", "feedback", "--where-is"),
    ("conflicts",),
    ("quarantine",),
    ("imports",),
    ("merges",),
    ("summary",),
    ("check",),
    ("devices", "list"),
)


@pytest.fixture
def lock() -> Iterator[Lock]:
    """A function that makes a folder read-only, as a locked stick is."""
    locked: list[Path] = []

    def lock_it(folder: Path) -> None:
        if os.getuid():
            for path in (*folder.rglob("*"), folder):
                path.chmod(0o500 if path.is_dir() else 0o400)
            return
        if MOUNT is None:
            lacking("there is no mount here, and this user may write everywhere")
        for arguments in (["--bind", str(folder), str(folder)], ["-o", "remount,bind,ro", str(folder)]):
            if subprocess.run([MOUNT, *arguments], capture_output=True, check=False).returncode:
                lacking("mounting is not allowed here, and this user may write everywhere")
            if folder not in locked:
                locked.append(folder)

    yield lock_it
    for folder in locked:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_everything_that_only_reads_works_on_a_locked_stick(
    run: Run, kits: tuple[Path, Path, Path], lock: Lock, tmp_path: Path
) -> None:
    hub, a, _ = kits
    assert (
        run(
            "--kit", a, "record", "feedback", *with_answers("consent_record=Y", "rating=2", "experience=Kind")
        ).code
        == 0
    )
    [record_id, *_] = [entry["id"] for entry in run("--kit", a, "list", "feedback", "--json").json]
    before = content(a)
    lock(a)
    for arguments in (
        *READING,
        ("show", record_id),
        ("history", record_id),
        ("tables", "-o", "out.xlsx"),
        ("backup", "-o", "kit.fkbackup", "--test"),
    ):
        ran = run("--kit", a, *arguments)
        assert ran.code == 0, (arguments, ran.err)
        assert "can't be written to" in ran.err
    assert "Kind" in run("--kit", a, "show", record_id).out
    ran = run("--kit", a, "export", "-o", tmp_path / "stick.fkb", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["ops"]
    assert content(a) == before
    assert run("--kit", hub, "merge", tmp_path / "stick.fkb").code == 0
    assert record_id in run("--kit", hub, "list", "feedback", "--json").out


@pytest.mark.parametrize(
    "text",
    [
        ("record", "feedback", *with_answers("consent_record=Y", "rating=1")),
        ("merge", "net.fkn"),
        ("passphrase", "change"),
    ],
)
def test_what_would_write_says_so(
    run: Run,
    kits: tuple[Path, Path, Path],
    lock: Lock,
    text: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, a, _ = kits
    monkeypatch.setenv("FIELDKIT_NEW_PASSPHRASE", "four words are good")
    lock(a)
    ran = run("--kit", a, *text)
    assert ran.code == 1
    assert "can't be written to" in ran.err or "can only be read" in ran.err
    assert "safe" in ran.err


# Ends as when a stick is pulled out: nothing is closed, and the log of changes stays beside the file.
_CRASH = """
import os, sys
from pathlib import Path
from fieldkit.store.kit import Kit
kit = Kit.open(Path(sys.argv[1]))
kit.add("feedback", {"experience": "the last words"})
os._exit(0)
"""


@pytest.mark.parametrize("missing", [[], ["fieldkit.db-shm"]])
def test_the_last_words_before_a_crash_are_read_or_it_is_stated_that_they_are_not(
    kit: Kit, lock: Lock, missing: list[str]
) -> None:
    folder = kit.folder
    kit.close()
    subprocess.run([sys.executable, "-c", _CRASH, str(folder)], check=True)
    assert (folder / "fieldkit.db-wal").stat().st_size
    for name in missing:
        (folder / name).unlink()
    lock(folder)
    if missing:
        with pytest.raises(StorageError) as caught:
            Kit.open(folder, to_read=True)
        assert "Copy the folder" in caught.value.hint
        return
    with Kit.open(folder, to_read=True) as again:
        assert [record.values["experience"] for record in again.page("feedback")] == ["the last words"]
        assert again.read_only
        assert again.check() == []
        with pytest.raises(StorageError, match="nothing can be saved"):
            again.add("feedback", {"experience": "more"})


def test_a_kit_of_another_version_is_not_brought_up_to_date_there(kit: Kit, lock: Lock) -> None:
    kit.settings.put(PROJECTION, 0)
    kit.close()
    lock(kit.folder)
    with pytest.raises(VaultError, match="up to date") as caught:
        Kit.open(kit.folder, to_read=True)
    assert "left as it is" in caught.value.kept


def test_a_folder_that_can_be_written_to_is_opened_as_ever(kit: Kit) -> None:
    with Kit.open(kit.folder, to_read=True) as again:
        assert not again.read_only
        again.add("event", {"title": "Fair"})


def test_a_full_disk_is_no_hindrance_to_reading(small_disk: Path, kit_template: Path) -> None:
    folder = small_disk / "kit"
    shutil.copytree(kit_template, folder)
    with Kit.open(folder) as kit:
        kit.add("event", {"title": "Fair"})
    (small_disk / "filler").touch()
    with (small_disk / "filler").open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"\0" * 4096)
        except OSError:
            pass
    with pytest.raises(StorageError):
        Kit.open(folder)
    with Kit.open(folder, to_read=True) as kit:
        assert [record.values["title"] for record in kit.page("event")] == ["Fair"]
        assert kit.check() == []
        with pytest.raises(StorageError):
            kit.add("event", {"title": "More"})
