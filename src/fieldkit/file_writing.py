"""Writing files so that a power cut leaves the old or the new one, never half, and nobody else can read them."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Iterable, Iterator
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

#: Seconds between the attempts of `replace_file`, and their number.
PAUSE, TRIES = 0.1, 30
#: Windows' errors while another program holds a file: access denied, sharing violation, lock violation.
_HELD_BY_ANOTHER = frozenset({5, 32, 33})


def make_private_folder(folder: Path) -> None:
    """Make `folder` and its missing parents with mode 0700, whatever the umask is.

    Raises:
        StorageError: the disk refuses, or something else has that name.
    """
    try:
        for above in reversed([each for each in folder.parents if not each.exists()]):
            above.mkdir(mode=0o700, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise disk_error(error, folder) from error


@contextlib.contextmanager
def private_folder(folder: Path) -> Iterator[None]:
    """A folder for files, as `make_private_folder` makes it; if they can't be written, what was made is removed again.

    Raises:
        StorageError: the disk refuses, or something else has that name.
    """
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        make_private_folder(folder)
        yield
    except BaseException:
        with contextlib.suppress(OSError):  # whatever holds something else by now stays
            for each in made:
                each.rmdir()
        raise


def close_to_others(folder: Path) -> bool:
    """Remove other users' rights to an existing kit's folder; returns whether nobody else can write to it.

    On disks without permissions, like most sticks, a folder has those of the whole stick: that counts as the owner's own.
    """
    with contextlib.suppress(OSError):
        if os.name == "posix" and folder.stat().st_mode & 0o077:
            if folder.stat().st_uid != getattr(os, "geteuid", os.getpid)():
                return not folder.stat().st_mode & 0o022
            folder.chmod(folder.stat().st_mode & 0o700)
    return True


def write_private_file(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write `content`, or its pieces, to `path` with mode 0600, whole or not at all; it is on the disk when this returns.

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
    """A file being written, to become `target`: all files of fieldkit that must be complete are written this way.

    It is created beside `target` under an unpredictable name, with mode 0600, never through a link. `keep` renames it once
    all of it is on the disk; without `keep`, leaving the block removes it. If `target` is a link, the link is replaced and
    its target stays unchanged. All methods raise OSError if the disk refuses.
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
        # The lock must last until the file is renamed, so longer than the file is open.
        self._lock = os.dup(handle) if HAS_LOCKS else None

    def finish(self) -> None:
        """Write everything through to the disk, then close the file."""
        if not self.file.closed:
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()

    def keep(self) -> None:
        """Finish the file and rename it to its target."""
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
        """Remove what is left of the file, unless it was renamed."""
        # A disk that refused a write may refuse the buffered rest, too.
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
    """Rename a file or folder, over an older file; wait up to three seconds while another program holds either.

    Raises:
        OSError: the disk refuses, or the other program still holds it.
    """
    for left in range(TRIES - 1, -1, -1):
        try:
            source.replace(target)
        except OSError as error:
            if left and (
                getattr(error, "winerror", None) in _HELD_BY_ANOTHER
                or error.errno in {errno.EBUSY, errno.ETXTBSY}
            ):
                time.sleep(PAUSE)  # no system tells when the other program lets go of it
                continue
            raise
        return


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut, if the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
