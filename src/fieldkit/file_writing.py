"""How files are written so that a pulled plug leaves the old or the new, never half, and nobody else can read them."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from fieldkit.disk_errors import disk_error
from fieldkit.leftover_files import (
    HAS_LOCKS,
    clear_leftovers,
    forget_note,
    note_unfinished,
    open_marked,
    unfinished_path,
)

#: Seconds between the tries of `replace_file`, and how many there are.
PAUSE, TRIES = 0.1, 30
#: What Windows says while another program holds a file: access denied, sharing violation, lock violation.
_HELD_BY_ANOTHER = frozenset({5, 32, 33})


def make_private_folder(folder: Path) -> None:
    """Make `folder`, and the folders above it that are missing, with mode 0700, whatever the umask is.

    Raises:
        StorageError: the disk refuses, or something else has that name.
    """
    try:
        for above in reversed([each for each in folder.parents if not each.exists()]):
            above.mkdir(mode=0o700, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise disk_error(error, folder) from error


def close_to_others(folder: Path) -> bool:
    """Take the rights of other users off a kit's folder that exists; returns whether nobody else can write to it.

    On disks without rights, as most sticks are, a folder has those of the whole stick: that counts as its owner's own.
    """
    with contextlib.suppress(OSError):
        if os.name == "posix" and folder.stat().st_mode & 0o077:
            if folder.stat().st_uid != getattr(os, "geteuid", os.getpid)():
                return not folder.stat().st_mode & 0o022
            folder.chmod(folder.stat().st_mode & 0o700)
    return True


def write_private_file(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write `content`, or its pieces, to `path` with mode 0600, whole or not at all, and on the disk when this returns.

    Raises:
        StorageError: the disk refuses; an older file of that name is untouched.
    """
    try:
        with NewFile(path) as new:
            new.file.writelines([content] if isinstance(content, bytes) else content)
            new.keep()
    except OSError as error:
        raise disk_error(error, path) from error


class NewFile:
    """A file on its way to `target`: the one way in which fieldkit writes a file that has to be whole.

    It lies beside `target` under a name that nobody can foresee, made anew, mode 0600, never through a link. `keep` gives it
    its name, once all of it is on the disk; without `keep`, leaving the block removes it. A link called `target` is
    replaced, and what it leads to stays as it is. Everything raises OSError where the disk refuses.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        clear_leftovers(target.parent)
        self.path = unfinished_path(target.parent)
        self._note = note_unfinished(self.path)
        try:
            handle = open_marked(self.path)
        except BaseException:
            forget_note(self._note)
            raise
        self.file: BinaryIO = os.fdopen(handle, "wb")
        # The lock has to last until the file has its name, and so longer than the file is open.
        self._lock = os.dup(handle) if HAS_LOCKS else None

    def finish(self) -> None:
        """Return once all that was written is on the disk itself, and close the file."""
        if not self.file.closed:
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()

    def keep(self) -> None:
        """Finish the file and give it its name."""
        self.finish()
        replace_file(self.path, self.target)
        self._unlock()
        sync_folder(self.target.parent)
        forget_note(self._note)

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def discard(self) -> None:
        """Remove what is left of the file, if it has not got its name."""
        # A disk that took no more may refuse what is still to be written, too.
        with contextlib.suppress(OSError):
            self.file.close()
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)
            forget_note(self._note)
        self._unlock()

    def __enter__(self) -> NewFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()


def replace_file(source: Path, target: Path) -> None:
    """Rename a file or folder, over an older file; wait up to three seconds while another program holds one of the two.

    Raises:
        OSError: the disk refuses, or the other program has not let go.
    """
    for left in range(TRIES - 1, -1, -1):
        try:
            source.replace(target)
        except OSError as error:
            if left and (
                getattr(error, "winerror", None) in _HELD_BY_ANOTHER
                or error.errno in {errno.EBUSY, errno.ETXTBSY}
            ):
                time.sleep(PAUSE)
                continue
            raise
        return


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` last through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
