"""Sticks: which are inserted on each system, their names, and what systems leave on them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fieldkit import removable_media
from fieldkit.errors import BundleRefused, NotFound, StorageError
from fieldkit.removable_media import example_of_path, is_system_name, name_of, short_name, sticks
from fieldkit.screens.base import places
from fieldkit.sync.bundle.container import read_file
from fieldkit.sync.merge.files import files_in

#: Files seen on sticks that had been in a Mac, in Windows, in Linux, in a phone.
LEFT_BY_SYSTEMS = (
    "._x",
    "._.Trashes",
    ".Trashes",
    ".Trash-1000",
    ".Trash-0",
    "$RECYCLE.BIN",
    "$Recycle.Bin",
    "RECYCLER",
    "System Volume Information",
    ".fseventsd",
    ".Spotlight-V100",
    ".DocumentRevisions-V100",
    ".TemporaryItems",
    "__MACOSX",
    "lost+found",
    "FOUND.000",
    "found.017",
    "LOST.DIR",
    "@eaDir",
)

OF_PEOPLE = (
    "x",
    ".x",
    "_x",
    "recycle",
    "Trash",
    "Trashes",
    "found",
    "FOUND.0000",
    "lost",
    "System",
    "a._b",
    "$x",
)


class Disk(NamedTuple):
    mountpoint: str
    opts: str = "rw"
    fstype: str = "vfat"


def always(path: Path) -> bool:
    return True


def test_names_of_systems_and_of_people() -> None:
    for name in (*LEFT_BY_SYSTEMS, ".DS_Store", "Thumbs.db", "THUMBS.DB", "desktop.ini", "._bundle.fkb"):
        assert is_system_name(name), name
    for name in OF_PEOPLE:
        assert not is_system_name(name), name


@pytest.fixture
def used_stick(tmp_path: Path) -> Path:
    """A stick with two bundles of people's, and others in everything that systems leave."""
    stick = tmp_path / "used"
    (stick / "Tuesday").mkdir(parents=True)
    for name in ("a.fkb", "Tuesday/b.FKB"):
        (stick / name).write_bytes(b"bundle")
        (stick / name).with_name(f"._{Path(name).name}").write_bytes(b"\0\5\26\7")
    for name in LEFT_BY_SYSTEMS:
        for within in (stick / name, stick / "Tuesday" / name / "deeper"):
            within.mkdir(parents=True, exist_ok=True)
            (within / "gone.fkb").write_bytes(b"deleted long ago")
    return stick


def test_a_merge_passes_over_what_systems_leave(used_stick: Path) -> None:
    assert files_in([used_stick]) == [used_stick / "Tuesday" / "b.FKB", used_stick / "a.fkb"]
    # A file that is named is used, so that its fault is reported.
    assert files_in([used_stick / "._a.fkb"]) == [used_stick / "._a.fkb"]
    assert files_in([used_stick / ".Trashes"]) == [used_stick / ".Trashes" / "gone.fkb"]


def test_a_stick_with_nothing_else_holds_no_bundles(tmp_path: Path) -> None:
    for name in LEFT_BY_SYSTEMS:
        (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / name / "x.fkb").touch()
    (tmp_path / "._x.fkb").touch()
    with pytest.raises(NotFound):
        files_in([tmp_path])


def test_the_screens_pass_over_what_systems_leave(used_stick: Path) -> None:
    files = places.files_at(places.Place(used_stick, "stick"))
    assert {file.path for file in files} == {used_stick / "a.fkb", used_stick / "Tuesday" / "b.FKB"}


def test_the_first_run_offers_no_invitation_that_a_system_left(used_stick: Path, stick: Path) -> None:
    from fieldkit.screens.setup.setup_work import completed, invitations

    (used_stick / "net.fkn").touch()
    (used_stick / "._net.fkn").touch()
    assert invitations(used_stick) == [used_stick / "net.fkn"]
    assert completed(f"{used_stick}/n", ".fkn") == str(used_stick / "net.fkn")
    assert completed(f"{used_stick}/._", ".fkn") == f"{used_stick}/._"


def test_sticks_on_linux() -> None:
    disks = [
        *map(Disk, ("/", "/boot/efi", "/home", "/mnt/backup", "/run/media/anna/My stick", "/run/user/1000")),
        *map(Disk, ("/media/anna/STICK", "/mediathek", "/media/anna/STICK")),
    ]
    expected = ["/media/anna/STICK", "/mnt/backup", "/run/media/anna/My stick"]
    assert sticks("linux", disks, always) == [Path(name) for name in expected]


def test_what_a_system_keeps_in_memory_is_no_stick() -> None:
    disks = [
        Disk("/mnt/inside", "ro", "tmpfs"),
        Disk("/media/anna/STICK", "ro", "exfat"),
        Disk("/mnt/wsl", "rw", "overlay"),
    ]
    assert sticks("linux", disks, always) == [Path("/media/anna/STICK")]


def test_a_place_that_refuses_files_is_not_offered_for_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "good").mkdir()
    (tmp_path / "locked").mkdir()
    monkeypatch.setattr(places, "sticks", lambda: [tmp_path / "good", tmp_path / "locked"])
    monkeypatch.setattr(places, "takes_files", lambda path: path.name != "locked")
    offered, closed = places._by_use("", travels=False)
    assert [place.path for place in closed] == [tmp_path / "locked"]
    assert tmp_path / "good" in [place.path for place in offered]
    # A stick that can't be written to can still be read.
    assert tmp_path / "locked" in [place.path for place in places.places()]


def test_sticks_on_macos() -> None:
    disks = list(map(Disk, ("/", "/System/Volumes/Data", "/Volumes/NO NAME", "/private/var/vm")))
    assert sticks("darwin", disks, always) == [Path("/Volumes/NO NAME")]


def test_sticks_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYSTEMDRIVE", "C:")
    disks = [
        Disk("C:\\", "rw,fixed"),
        Disk("D:\\", "cdrom"),
        Disk("E:\\", "rw,removable"),
        Disk("F:\\", "rw,fixed"),
        Disk("G:\\", "removable"),
        Disk("H:\\", "rw,remote"),
    ]
    # G: is a card reader without a card.
    assert sticks("win32", disks, lambda path: str(path) != "G:\\") == [Path("E:\\"), Path("F:\\")]


def test_only_disks_that_may_be_sticks_are_asked_whether_they_are_in() -> None:
    """A lost network disk does not answer."""
    asked: list[Path] = []
    assert (
        sticks("linux", [Disk("/net/lost"), Disk("/media/STICK")], lambda path: bool(asked.append(path)))
        == []
    )
    assert asked == [Path("/media/STICK")]


def test_this_system_lists_its_disks() -> None:
    assert all(path.is_dir() for path in sticks())


@pytest.mark.parametrize(
    "error",
    [PermissionError(13, "no"), NotImplementedError(), ValueError("/proc/self/mounts"), SystemError()],
)
def test_a_system_that_lists_no_disks_has_no_sticks(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    import psutil

    def refuse(all: bool) -> list[Disk]:
        raise error

    monkeypatch.setattr(psutil, "disk_partitions", refuse)
    assert sticks() == []


@pytest.mark.parametrize("error", [PermissionError(13, "no"), OSError(5, "input/output error"), ValueError()])
def test_a_stick_that_can_not_be_looked_at_hides_no_other(error: Exception) -> None:
    """Another user's, below a closed folder, or one that is failing."""

    def is_in(path: Path) -> bool:
        if path.name == "THEIRS":
            raise error
        return True

    disks = [Disk("/media/bob/THEIRS"), Disk("/media/anna/STICK")]
    assert sticks("linux", disks, is_in) == [Path("/media/anna/STICK")]


def test_names_as_each_system_has_them() -> None:
    assert name_of("E:\\", "win32") == "drive E:"
    assert name_of("E:\\Tuesday", "win32") == "E:\\Tuesday"
    assert name_of("\\\\server\\share\\", "win32") == "\\\\server\\share\\"
    assert name_of("/Volumes/NO NAME", "darwin") == "NO NAME in Volumes"
    assert name_of("/Volumes/NO NAME/Tuesday", "darwin") == "/Volumes/NO NAME/Tuesday"
    assert name_of("/media/anna/STICK", "linux") == "/media/anna/STICK"
    assert short_name(Path("/media/anna/STICK")) == "STICK"
    assert short_name(Path("/")) == "/"


def test_no_name_of_a_stick_steers_a_terminal() -> None:
    name = "STICK\n  9 Erase\x1b[2J\x9b\u202e"
    assert short_name(Path(f"/media/anna/{name}")) == "STICK 9 Erase[2J"
    assert name_of(f"/media/anna/{name}", "linux") == "/media/anna/STICK 9 Erase[2J"
    assert name_of(f"/Volumes/{name}", "darwin") == "STICK 9 Erase[2J in Volumes"
    assert [example_of_path(name) for name in ("win32", "darwin", "linux")] == [
        "E:\\",
        "/Volumes/STICK",
        "/media/anna/STICK",
    ]


def test_places_are_named_as_the_system_does(stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert removable_media.ROOTS
    assert places.places()[0] == places.Place(stick, "stick")


@pytest.mark.parametrize("number", [5, 13])
def test_a_folder_that_can_not_be_read_is_named_and_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.fkb").touch()
    real = os.scandir

    def scandir(path: str | Path) -> Any:
        if Path(path).name == "b":
            raise OSError(number, "refused", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    files = files_in([tmp_path])
    assert [path.name for path in files] == ["a.fkb", "b", "c.fkb"]
    with pytest.raises(BundleRefused, match="can't be read"):
        read_file(files[1])
    with pytest.raises(StorageError):
        files_in([tmp_path / "b"])


def test_a_file_that_can_not_be_looked_at_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.fkb", "b.fkb"):
        (tmp_path / name).touch()
    real = Path.is_file

    def is_file(path: Path) -> bool:
        if path.name == "b.fkb":
            raise PermissionError(13, "refused", str(path))
        return real(path)

    monkeypatch.setattr(Path, "is_file", is_file)
    assert [path.name for path in files_in([tmp_path])] == ["a.fkb", "b.fkb"]


def test_a_link_that_leads_nowhere_stops_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "a.fkb").touch()
    (tmp_path / "gone.fkb").symlink_to("nothing")
    (tmp_path / "loop.fkb").symlink_to("loop.fkb")
    named = sorted(tmp_path.iterdir())
    assert files_in(named) == named
    for path in named[1:]:
        with pytest.raises(BundleRefused):
            read_file(path)
    with pytest.raises(NotFound):
        files_in([*named, tmp_path / "mistyped.fkb"])
