"""Folders and files that this user may not use: a message names them, and nothing is changed or left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli_kits import with_answers
from fieldkit.__main__ import main
from fieldkit.cli.run_session import Session
from tools import lacking

RECORD = ("record", "feedback", *with_answers("consent_record=Y", "rating=1"))


def ordinary(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run fieldkit as a user to whom file permissions apply."""
    command = [sys.executable, "-m", "fieldkit", *map(str, arguments)]
    if os.getuid() == 0:
        if shutil.which("setpriv") is None:
            lacking("rights of files do not hold for this user, and there is no setpriv here")
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def kit_folder(kits: tuple[Path, Path, Path]) -> Iterator[Path]:
    """The coordinator's kit, whose permissions a test may change."""
    hub, _, _ = kits
    yield hub
    for path in (hub.parent, hub, *hub.iterdir()):
        path.chmod(0o700)


@pytest.mark.parametrize("arguments", [("status",), RECORD, ("check",), ("merge", "net.fkn")])
@pytest.mark.parametrize("closed", [".", ".."])
def test_the_folder_of_another_is_named_as_it_was_given(
    kit_folder: Path, tmp_path: Path, arguments: tuple[str, ...], closed: str
) -> None:
    folder = tmp_path / "another"
    folder.mkdir()
    folder = folder / "kit"
    shutil.copytree(kit_folder, folder)
    (folder / closed).chmod(0)
    arguments = tuple(str(Path(word).resolve()) if word.endswith(".fkn") else word for word in arguments)
    try:
        ran = ordinary("--kit", folder, *arguments)
    finally:
        folder.parent.chmod(0o700)
        folder.chmod(0o700)
    assert ran.returncode == 1
    assert f"This user may not use that place: {folder}.\n" in ran.stderr
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        path.name for path in kit_folder.iterdir()
    )


@pytest.mark.parametrize("arguments", [("status",), RECORD])
def test_a_file_of_the_kit_that_belongs_to_another_is_named(
    kit_folder: Path, arguments: tuple[str, ...]
) -> None:
    (kit_folder / "fieldkit.db").chmod(0)
    ran = ordinary("--kit", kit_folder, *arguments)
    assert ran.returncode == 1
    assert f"This user may not use that place: {kit_folder / 'fieldkit.db'}." in ran.stderr


def test_the_network_file_is_written_from_a_folder_that_can_only_be_read(
    kit_folder: Path, tmp_path: Path
) -> None:
    before = {path: path.read_bytes() for path in kit_folder.iterdir() if path.is_file()}
    for path in before:
        path.chmod(0o400)
    kit_folder.chmod(0o500)
    ran = ordinary("--kit", kit_folder, "network", "invite", "-o", tmp_path / "written.fkn")
    assert ran.returncode == 0, ran.stderr
    assert "can't be written to" in ran.stderr
    ran = ordinary("--kit", kit_folder, "receipt", "-o", tmp_path / "written.fkr")
    assert ran.returncode == 1
    assert not (tmp_path / "written.fkr").exists()
    kit_folder.chmod(0o700)
    assert {path: path.read_bytes() for path in kit_folder.iterdir() if path in before} == before
    ran = ordinary(
        "--kit", tmp_path / "new", "join", tmp_path / "written.fkn", "--as", "B", "--no-passphrase"
    )
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "-o", "STICK"),
        ("export", "-o", "STICK/x.fkb"),
        ("network", "invite", "-o", "STICK"),
        ("receipt", "-o", "STICK"),
        ("backup", "-o", "STICK/x.fkbackup"),
        ("tables", "-o", "STICK/tables"),
    ],
)
def test_a_place_that_this_user_may_not_write_to_is_named(
    kit_folder: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    stick.chmod(0o500)
    ran = ordinary("--kit", kit_folder, *(word.replace("STICK", str(stick)) for word in arguments))
    assert ran.returncode == 1
    assert f"This user may not use that place: {stick}" in ran.stderr
    assert list(stick.iterdir()) == []


def test_the_program_with_screens_says_so_before_it_draws_one(
    kit_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, **_: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(Session, "demand_terminal", lambda _: None)
        patched.setattr(Path, "stat", refused)
        assert main(["--kit", str(kit_folder)]) == 1
    assert f"This user may not use that place: {kit_folder}.\n" in capsys.readouterr().err
