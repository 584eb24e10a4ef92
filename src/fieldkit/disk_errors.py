"""The errors shown when a disk or the kit's file fails: full, read-only, damaged, missing."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from fieldkit.errors import DiskFull, FieldkitError, PlaceRefused, StorageError, VaultError

_CLOSED = (
    PlaceRefused,
    "This user may not use that place",
    "Choose another place, or ask whoever looks after this laptop.",
)
_FULL = (
    DiskFull,
    "The disk is full",
    "Free some space on it, or choose another folder or stick, then try again.",
)
_SENTENCES: dict[int, tuple[type[StorageError], str, str]] = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: (PlaceRefused, "That disk can only be read", "Choose another place to write to."),
    errno.EACCES: _CLOSED,
    errno.EPERM: _CLOSED,
    errno.ENOENT: (
        PlaceRefused,
        "That place does not exist",
        "Is the stick still in? Check the name, then try again.",
    ),
    errno.EIO: (
        StorageError,
        "The disk could not be read or written",
        "Is the stick still in? Try again, or use another stick.",
    ),
    errno.EISDIR: (PlaceRefused, "That is a folder, not a file", "Give a file name."),
    errno.ENODEV: (PlaceRefused, "That is a device or a pipe, not a file", "Give a file name."),
    errno.ENOTDIR: (
        PlaceRefused,
        "Part of that path is a file, not a folder",
        "Check the name, then try again.",
    ),
    errno.EEXIST: (PlaceRefused, "Something else has that name", "Choose another name."),
    errno.ENAMETOOLONG: (PlaceRefused, "That name is too long", "Choose a shorter name."),
    errno.ELOOP: (PlaceRefused, "That path leads back to itself", "Choose another place."),
}
_UNKNOWN = (StorageError, "The disk would not take that", "Check the disk or stick, then try again.")


def disk_error(error: OSError, path: Path) -> StorageError:
    """The StorageError for an error that the operating system reports for `path`, in plain words."""
    kind, what, hint = _SENTENCES.get(error.errno or 0, _UNKNOWN)
    return kind(f"{what}: {path}.", kept="What was recorded before is safe.", hint=hint)


@contextlib.contextmanager
def scratch_for(path: Path) -> Iterator[None]:
    """If a scratch kit beside `path` finds no room, name the file that the person knows: `path`."""
    try:
        yield
    except DiskFull as error:
        raise disk_error(OSError(errno.ENOSPC, ""), path) from error


def no_room(folder: Path | None) -> bool:
    """Whether the disk that holds `folder` has no room left to open a database."""
    with contextlib.suppress(OSError):
        return folder is not None and shutil.disk_usage(folder).free < 1 << 20
    return False


def _closed_file(folder: Path | None) -> Path | None:
    """A file of the kit in `folder` that this user may not read, since another user's program made it."""
    with contextlib.suppress(OSError):
        for path in folder.glob("fieldkit.db*") if folder else ():
            if not os.access(path, os.R_OK):
                return path
    return None


def database_error(message: str, folder: Path | None = None) -> FieldkitError:
    """The error shown for a message of the database driver about the kit in `folder`."""
    if "not a database" in message:
        return VaultError(
            "The kit's file does not open with this key, or it is damaged.",
            kept="It was left as it is.",
            hint="Run: fieldkit check. If it goes on, restore the folder from a backup.",
        )
    if "full" in message:
        return DiskFull(
            "The disk is full: this was not saved.",
            kept="Everything saved before is safe.",
            hint=f"Free some space{f' on the disk of the kit ({folder})' if folder else ''}, then save again.",
        )
    if "I/O" in message and no_room(folder):
        return DiskFull(
            "The disk is full: the kit can't be opened until there is some room.",
            kept="Everything saved before is safe.",
            hint=f"Free some space on the disk of the kit ({folder}), then try again.",
        )
    if "unable to open" in message and (closed := _closed_file(folder)):
        return disk_error(PermissionError(errno.EACCES, ""), closed)
    if "locked" in message:
        what, hint = (
            "Another fieldkit is writing just now: this was not saved.",
            "Wait until it is done, then try again.",
        )
    elif "readonly" in message or "unable to open" in message:
        what, hint = (
            "The kit's folder can't be written to.",
            "Check the disk and its permissions. Copy the folder to another disk if this one can only be read.",
        )
    elif "I/O" in message:
        what, hint = (
            "The disk failed while the kit was read or written: what you did last was not saved.",
            "Try it again. If it goes on, copy the kit's folder to another disk and run: fieldkit check.",
        )
    elif "malformed" in message:
        what, hint = (
            "The kit's file could not be read whole.",
            "Run: fieldkit check. Keep a copy of the folder first.",
        )
    else:
        what, hint = f"The kit's file would not take that ({message}).", "Run: fieldkit check."
    return StorageError(what, kept="Everything saved before is safe.", hint=hint)
