"""A kit on a disk that is full, read-only or in the way: there is a message, and nothing saved is lost."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest

from conftest import DEVICE_ORIGIN
from fieldkit.errors import FieldkitError, StorageError
from fieldkit.store.db.engine import open_engine
from fieldkit.store.db.key_files import DATABASE
from fieldkit.store.db.sql import execute
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import ORIGIN
from streams import Stream, take


def test_a_full_disk_keeps_what_was_saved(small_disk: Path, kit_template: Path) -> None:
    folder = small_disk / "kit"
    shutil.copytree(kit_template, folder)
    saved: list[str] = []
    with Kit.open(folder) as kit:
        with pytest.raises(StorageError) as caught:
            for number in range(5_000):
                saved.append(kit.add("feedback", {"experience": f"{number} " + "word " * 800}).record_id)
        assert "full" in str(caught.value)
        assert "safe" in str(caught.value)
        assert kit.count("feedback") == len(saved) > 10
        assert kit.check() == []
        with pytest.raises(StorageError):
            kit.add_many("feedback", [{"experience": f"{number} " + "word " * 800} for number in range(300)])
        assert kit.count("feedback") == len(saved)
    with Kit.open(folder) as kit:
        assert set(kit.many("feedback", saved)) == set(saved)
        assert kit.check() == []


def test_no_kit_is_left_half_made_on_a_full_disk(small_disk: Path, tmp_path: Path) -> None:
    filler = small_disk / "filler"
    filler.write_bytes(b"\0" * (2 * 1024 * 1024 - 40 * 1024))
    with pytest.raises(StorageError) as caught:
        Kit.create(small_disk / "kit", None)
    assert "full" in str(caught.value)
    filler.unlink()
    kit, _ = Kit.create(small_disk / "kit", None)
    with kit:
        assert kit.check() == []


def test_a_full_disk_ends_a_merge_and_leaves_what_was_held(small_disk: Path, kit_template: Path) -> None:
    folder = small_disk / "kit"
    shutil.copytree(kit_template, folder)
    stream = Stream()
    for number in range(2_000):
        stream.write(f"feedback{number:05}", {"experience": "word " * 800}, kind="feedback")
    with Kit.open(folder) as kit:
        kit.add("event", {"title": "Fair"})
        before = (kit.state_hash(), kit.ledger.origins())
        with pytest.raises(StorageError):
            take(kit, stream.parcel())
        assert (kit.state_hash(), kit.ledger.origins()) == before
        assert kit.check() == []
        assert take(kit, stream.parcel(1, 10)).ops == 10


def test_a_folder_that_cannot_be_made_gets_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    for folder in (file, file / "kit"):
        with pytest.raises(StorageError):
            Kit.create(folder, None)
        with pytest.raises(FieldkitError):
            Kit.open(folder)
    with pytest.raises(StorageError):
        open_engine(file / "kit" / DATABASE, b"k" * 32)
    assert file.read_text() == "in the way"


def test_a_folder_in_place_of_a_file_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / DATABASE).mkdir()
    with pytest.raises(FieldkitError):
        Kit.create(tmp_path, None)


def test_a_disk_that_can_only_be_read_gets_a_sentence(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    kit.add("event", {"title": "Fair"})
    with kit.reading() as connection:
        execute(connection, "PRAGMA query_only = ON")
    kit._engine.dispose()

    def read_only(*_: object) -> Any:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("fieldkit.store.db.engine.os.open", read_only)
    with pytest.raises(StorageError) as caught:
        open_engine(kit.folder / "new.db", b"k" * 32)
    assert "only be read" in str(caught.value)


def test_files_are_for_this_user_alone(kit: Kit, tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        made, _ = Kit.create(tmp_path / "new" / "kit", None)
        with made:
            made.settings.put(ORIGIN, DEVICE_ORIGIN)
            made.add("event", {"title": "Fair"})
            folder = made.folder
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    finally:
        os.umask(previous)
    assert DATABASE + "-wal" in modes
    assert set(modes.values()) == {0o600}
