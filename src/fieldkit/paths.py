"""Where a kit lies, and how its files are written so that a pulled plug leaves the old or the new, never half."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from fieldkit.errors import DiskFull, StorageError

#: How the names of files end that a merge takes: bundles, network files, receipts.
BUNDLE_ENDINGS = (".fkb", ".fkn", ".fkr")


def kit_folder(chosen: Path | None = None) -> Path:
    """The kit's folder: `chosen`, else the environment's FIELDKIT_HOME, else the platform's data folder. Not created."""
    if chosen is not None:
        return chosen.expanduser().absolute()
    if home := os.environ.get("FIELDKIT_HOME"):
        return Path(home).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_data_dir("fieldkit", appauthor=False))


def make_private_folder(folder: Path) -> None:
    """Make `folder` with mode 0700.

    Raises:
        StorageError: the disk refuses, or something else has that name.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise disk_error(error, folder) from error


def write_private_file(path: Path, content: bytes) -> None:
    """Write `content` to `path` with mode 0600, whole or not at all, and on the disk when this returns.

    Raises:
        StorageError: the disk refuses; an older file of that name is untouched.
    """
    part = path.with_name(path.name + ".part")
    try:
        with contextlib.suppress(FileNotFoundError):
            part.unlink()
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise disk_error(error, path) from error


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` last through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def disk_error(error: OSError, path: Path) -> StorageError:
    """The StorageError for what the system said about `path`, in plain words."""
    import errno

    said = {
        errno.ENOSPC: ("The disk is full", _ROOM),
        errno.EDQUOT: ("The disk is full", _ROOM),
        errno.EROFS: ("That disk can only be read", "Choose another place to write to."),
        errno.EACCES: (
            "This user may not use that place",
            "Choose another place, or ask whoever looks after this laptop.",
        ),
        errno.EPERM: (
            "This user may not use that place",
            "Choose another place, or ask whoever looks after this laptop.",
        ),
        errno.ENOENT: ("That place does not exist", "Is the stick still in? Check the name, then try again."),
        errno.EIO: (
            "The disk could not be read or written",
            "Is the stick still in? Try again, or use another stick.",
        ),
        errno.EISDIR: ("That is a folder, not a file", "Give a file name."),
        errno.ENOTDIR: ("Part of that path is a file, not a folder", "Check the name, then try again."),
        errno.EEXIST: ("Something else has that name", "Choose another name."),
    }
    what, hint = said.get(
        error.errno or 0, ("The disk would not take that", "Check the disk or stick, then try again.")
    )
    kind = DiskFull if hint == _ROOM else StorageError
    return kind(f"{what}: {path}.", kept="What was recorded before is safe.", hint=hint)


_ROOM = "Free some space on it, or choose another folder or stick, then try again."


@contextlib.contextmanager
def scratch_for(path: Path) -> Iterator[None]:
    """Where a scratch kit beside `path` finds no room, the file is named that the person knows of: `path`."""
    import errno

    try:
        yield
    except DiskFull as error:
        raise disk_error(OSError(errno.ENOSPC, ""), path) from error


def open_part(target: Path) -> BinaryIO:
    """A new file `TARGET.part`, readable by its owner alone, in place of one left by an earlier run.

    Raises:
        OSError: the folder does not take it.
    """
    part = part_of(target)
    part.unlink(missing_ok=True)
    return os.fdopen(
        os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "wb"
    )


def part_of(target: Path) -> Path:
    """Where the file lies until it is whole."""
    return target.with_name(target.name + ".part")


def sync_to_disk(handle: BinaryIO) -> None:
    """Return once what was written to `handle` is on the disk itself."""
    handle.flush()
    os.fsync(handle.fileno())
