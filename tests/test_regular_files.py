"""What anybody may put in the place of a file: a pipe is never waited on, and of a file without an end little is read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from fieldkit import leftover_files
from fieldkit.cli.commands.evidence import bulletin_command
from fieldkit.errors import FieldkitError, StorageError
from fieldkit.importing.mapping_file import read_mapping
from fieldkit.operating_system import open_regular, read_regular
from fieldkit.preferences import read_preferences
from fieldkit.records.schema.kind import kinds
from fieldkit.screens.base.theme_choice import chosen_theme
from fieldkit.store.db.key_files import KeyFiles
from fieldkit.store.db.vault import Vault
from fieldkit.store.window_lock import HOLDER, WindowLock
from fieldkit.widgets.themes import DARK

NOTE = ".fieldkit-0011223344556677.note"


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_link_without_an_end(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.fixture(params=[a_pipe, a_link_without_an_end])
def put(request: pytest.FixtureRequest) -> Callable[[Path], None]:
    """Puts what is no file in the place of one."""
    made: Callable[[Path], None] = request.param
    return made


def test_it_is_neither_opened_nor_waited_on(put: Callable[[Path], None], tmp_path: Path) -> None:
    put(tmp_path / "x")
    with pytest.raises(OSError, match="No such device"):
        open_regular(tmp_path / "x")
    with pytest.raises(IsADirectoryError):
        open_regular(tmp_path)
    (tmp_path / "y").write_bytes(b"12345")
    (tmp_path / "z").symlink_to(tmp_path / "y")
    assert read_regular(tmp_path / "z", 3) == b"123"


def test_preferences_have_their_defaults(put: Callable[[Path], None], tmp_path: Path) -> None:
    put(tmp_path / "config.toml")
    assert "can't be read" in read_preferences(tmp_path / "config.toml").problems[0]


def test_a_mapping_is_refused(put: Callable[[Path], None], tmp_path: Path) -> None:
    put(tmp_path / "mapping.toml")
    with pytest.raises(StorageError, match="a device or a pipe, not a file"):
        read_mapping(tmp_path / "mapping.toml", kinds()["feedback"])


def test_a_text_for_a_bulletin_is_refused(put: Callable[[Path], None], tmp_path: Path) -> None:
    put(tmp_path / "bulletin.txt")
    with pytest.raises(FieldkitError, match="no file"):
        bulletin_command._read(str(tmp_path / "bulletin.txt"))


def test_of_a_long_text_for_a_bulletin_little_is_read(tmp_path: Path) -> None:
    with (tmp_path / "bulletin.txt").open("wb") as file:
        file.truncate(1 << 40)
    assert len(bulletin_command._read(str(tmp_path / "bulletin.txt"))) == 1_000_000


def test_a_kit_is_looked_at(put: Callable[[Path], None], tmp_path: Path) -> None:
    """The files beside the records that are read before the kit is unlocked."""
    for name in ("colours", HOLDER, NOTE):
        put(tmp_path / name)
    assert chosen_theme(tmp_path) == DARK.name
    assert not WindowLock(tmp_path)._holder().process
    assert leftover_files.unfinished_elsewhere(tmp_path) == []


def test_no_key_is_read_from_it(put: Callable[[Path], None], tmp_path: Path) -> None:
    put(tmp_path / "key.not-encrypted")
    with pytest.raises(FieldkitError):
        KeyFiles(tmp_path).locks()
    with pytest.raises(FieldkitError):
        Vault(tmp_path).unlock(None)
