"""Sticks and other removable disks: which are present, each system's names for them, and the files that systems add."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Protocol

from fieldkit.text import displayed_line

#: Files and folders that systems store on disks for themselves, in lower case; a star matches anything. No person put
#: them there, and those beside a bundle may carry its name: macOS stores what FAT has no room for in `._NAME`.
SYSTEM_NAMES = (
    # macOS
    "._*",
    ".ds_store",
    ".apdisk",
    ".documentrevisions-v100*",
    ".fseventsd",
    ".spotlight-v100",
    ".temporaryitems",
    ".trash",
    ".trashes",
    ".com.apple.*",
    "__macosx",
    # Windows
    "$recycle.bin",
    "recycled",
    "recycler",
    "system volume information",
    "found.[0-9][0-9][0-9]",
    "thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
    # Linux
    ".trash-*",
    "lost+found",
    ".fuse_hidden*",
    # Android and network disks
    "lost.dir",
    ".trashed-*",
    "#recycle",
    "@eadir",
)

#: Where systems other than Windows mount removable disks.
ROOTS = ("/media", "/run/media", "/mnt", "/Volumes")

#: File systems that exist in memory or overlay others, anywhere: no stick has one.
NO_DISKS = frozenset({"autofs", "devtmpfs", "overlay", "proc", "ramfs", "squashfs", "sysfs", "tmpfs"})


class Partition(Protocol):
    """A mounted disk, as psutil lists it."""

    @property
    def mountpoint(self) -> str:
        """The folder at which it is mounted, such as `/media/anna/STICK` or `E:\\`."""

    @property
    def opts(self) -> str:
        """The mount options, separated by commas; on Windows also its type: `fixed`, `removable`, `cdrom`, `remote`."""

    @property
    def fstype(self) -> str:
        """Its file system, such as `vfat`; "" if the system does not say."""


def is_system_name(name: str) -> bool:
    """Whether a system, not a person, gives this name to files or folders."""
    small = name.casefold()
    return any(fnmatchcase(small, pattern) for pattern in SYSTEM_NAMES)


def files_below(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    """Files in `folder` and below with one of the endings (lower case), sorted by path.

    It skips files that systems store for themselves, and does not follow links to folders. An unreadable subfolder comes
    last, as itself, so that it can be named.

    Raises:
        OSError: `folder` itself can't be read.
    """

    def refused(error: OSError) -> None:
        if error.filename is None or Path(error.filename) == folder:
            raise error
        unread.append(Path(error.filename))

    unread: list[Path] = []
    # Not os.walk, which recurses for each nested folder: a stick may hold thousands of them.
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        names: list[os.DirEntry[str]] = []
        folders: list[os.DirEntry[str]] = []
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    if not is_system_name(entry.name):
                        (folders if _is_folder(entry) else names).append(entry)
        except OSError as error:
            refused(error)
        yield from sorted(path / entry.name for entry in names if entry.name.lower().endswith(endings))
        below = (path / entry.name for entry in folders if not entry.is_symlink())
        waiting += sorted(below, reverse=True)
    yield from unread


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder or a link to one."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def sticks(
    system: str = "",
    partitions: Iterable[Partition] | None = None,
    is_in: Callable[[Path], bool] = Path.is_dir,
) -> list[Path]:
    """The removable disks that are present, by path. `system` is as `sys.platform`; default: this one and its disks."""
    system = system or sys.platform
    mounted = {
        Path(disk.mountpoint)
        for disk in (_partitions() if partitions is None else partitions)
        if (_may_be_a_stick(disk) if system == "win32" else _is_below_a_root(disk))
    }

    def answers(path: Path) -> bool:
        # Another user's stick may be unreadable, and a failing one raises its own errors.
        try:
            return is_in(path)
        except (OSError, ValueError):
            return False

    # Windows lists card readers without a card, too. Only these are tested: a lost network disk may never answer.
    return sorted(filter(answers, mounted))


def _partitions() -> Iterable[Partition]:
    # Loaded when looking for disks: the first frame needs none.
    try:
        import psutil

        # All of them: some systems count sticks' file systems as their own.
        listed: list[Partition] = psutil.disk_partitions(all=True)
    except Exception:
        # Systems fail here in their own ways; a path can still be typed.
        return []
    return listed


def _is_below_a_root(disk: Partition) -> bool:
    place = PurePosixPath(disk.mountpoint)
    return disk.fstype not in NO_DISKS and any(place.is_relative_to(root) for root in ROOTS)


def _may_be_a_stick(disk: Partition) -> bool:
    """On Windows. External disks count as fixed there, so all disks but the system's qualify."""
    kinds = set(disk.opts.split(","))
    own = os.environ.get("SYSTEMDRIVE", "C:").rstrip("\\").casefold()
    if "removable" in kinds:
        return True
    return "fixed" in kinds and disk.mountpoint.rstrip("\\").casefold() != own


def is_mounted(path: Path) -> bool:
    """Whether a disk is mounted exactly here: a folder left behind by a stick does not count."""
    return os.path.ismount(path)


def is_gone(path: Path) -> bool:
    """Whether `path` was on a stick that was removed: its empty folder may remain."""
    for root in ROOTS:
        if path.is_relative_to(root):
            return not any(is_mounted(part) for part in (path, *path.parents) if part.is_relative_to(root))
    return False


def takes_files(path: Path) -> bool:
    """Whether files may be written there: not to a write-protected stick, nor to another user's."""
    return os.access(path, os.W_OK)


def name_of(path: Path | str, system: str = "") -> str:
    """A folder as that system's users know it, on one line: `drive E:`, `NO NAME in Volumes`, `/media/anna/STICK`.

    Whoever prepared a stick chose its name: nothing in it steers a terminal or begins a line.
    """
    system = system or sys.platform
    if system == "win32":
        drive = PureWindowsPath(path)
        return (
            f"drive {drive.drive}"
            if drive == PureWindowsPath(drive.anchor) and drive.drive[1:] == ":"
            else displayed_line(str(path))
        )
    place = PurePosixPath(path)
    if system == "darwin" and place.parent == PurePosixPath("/Volumes"):
        return f"{displayed_line(place.name)} in Volumes"
    return displayed_line(str(path))


def short_name(path: Path) -> str:
    """The last part of a folder's name, for a column: `STICK`, `drive E:`."""
    return displayed_line(path.name) or name_of(path)


def example_of_path(system: str = "") -> str:
    """An example of a stick's path on that system, for a hint."""
    return {"win32": "E:\\", "darwin": "/Volumes/STICK"}.get(system or sys.platform, "/media/anna/STICK")
