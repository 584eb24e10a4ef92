"""Where a kit lies, and how its files are written so that a pulled plug leaves the old or the new, never half."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from fieldkit.disk_errors import disk_error

#: How the names of files end that a merge takes: bundles, network files, receipts.
BUNDLE_ENDINGS = (".fkb", ".fkn", ".fkr")


def expanded(typed: str | Path) -> Path:
    """A path as it was typed, with ~ at its beginning for a home folder; ./~ and the ~ of nobody are names like others."""
    path = Path(typed)
    if str(typed).startswith("~"):
        with contextlib.suppress(RuntimeError):  # ~name/… where nobody of that name has a home here
            return path.expanduser()
    return path


def kit_folder(chosen: str | None = None) -> Path:
    """The kit's folder: `chosen`, else the environment's FIELDKIT_HOME, else the platform's data folder. Not created.

    A link stands for the folder that it leads to: a restored kit lies on the same disk as the one before.
    """
    if typed := chosen or os.environ.get("FIELDKIT_HOME"):
        return real(expanded(typed))
    import platformdirs

    return Path(platformdirs.user_data_dir("fieldkit", appauthor=False))


def lies_in(path: Path, folder: Path) -> bool:
    """Whether a file called `path` is, or would be, in `folder` or below it, whatever links lead there."""
    return real(path.parent).is_relative_to(real(folder))


def real(path: Path) -> Path:
    """The place that a path leads to through links; of links that lead round in a ring, one of them (`resolve` raises)."""
    return Path(os.path.realpath(path))


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


def unused_path(folder: Path, name: str, ending: str) -> Path:
    """`name` with its `ending` in a folder, or with the first number behind it under which nothing lies there.

    Raises:
        StorageError: the folder can't be read.
    """
    number, path = 1, folder / f"{name}{ending}"
    try:
        while path.exists() or path.is_symlink():
            number += 1
            path = folder / f"{name}-{number}{ending}"
    except OSError as error:
        raise disk_error(error, path) from error
    return path


class NewFile:
    """A file on its way to `target`: the one way in which fieldkit writes a file that has to be whole.

    It lies beside `target` under a name that nobody can foresee, made anew, mode 0600, never through a link. `keep` gives it
    its name, once all of it is on the disk; without `keep`, leaving the block removes it. A link called `target` is
    replaced, and what it leads to stays as it is. Everything raises OSError where the disk refuses.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        _clear_leftovers(target.parent)
        self.path = target.with_name(f"{_BEGINNING}{secrets.token_hex(8)}{_ENDING}")
        self._note = _note_unfinished(self.path)
        try:
            handle = _open_marked(self.path)
        except BaseException:
            _forget(self._note)
            raise
        self.file: BinaryIO = os.fdopen(handle, "wb")
        # The lock has to last until the file has its name, and so longer than the file is open.
        self._lock = os.dup(handle) if _HAS_LOCKS else None

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
        _forget(self._note)

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
            _forget(self._note)
        self._unlock()

    def __enter__(self) -> NewFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()


_HAS_LOCKS = os.name == "posix"
"""Where the system has no locks of files, a file that is open can be neither removed nor renamed."""
_BEGINNING, _ENDING, _SCRATCH, _LOCK = ".fieldkit-", ".part", ".scratch", "in-use"


@contextlib.contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """A private folder in `parent` that is removed with all that is in it when the block is left.

    What a killed program left of such a folder goes when the next is made there. Raises OSError where the disk refuses.
    """
    _clear_leftovers(parent)
    folder = parent / f"{_BEGINNING}{secrets.token_hex(8)}{_SCRATCH}"
    note = _note_unfinished(folder)
    try:
        with os.fdopen(_locked(folder), "wb"):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            _forget(note)


def _locked(folder: Path) -> int:
    """Make a scratch folder and take its lock; another program may have taken it for one that was left before it had a lock."""
    for _ in range(TRIES):
        folder.mkdir(mode=0o700, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            return _open_marked(folder / _LOCK)
    raise FileNotFoundError(errno.ENOENT, "the folder goes as soon as it is made", str(folder))


# What a program that was ended left behind

_NOTE = ".note"
_notes: Path | None = None
"""The folder in which unfinished files are noted: that of the kit in use, None before one is opened."""


def clear_unfinished(folder: Path) -> list[Path]:
    """Remove what a program that was ended left unfinished, wherever that was, by the notes in the kit's `folder`; from now on
    new files are noted there. Returns the folders in which something was removed.

    Records stand readable in the tables and forms that are written. So what is left of them goes with the next start, not
    with the next file that happens to be written to the same place.
    """
    global _notes
    _notes = folder
    cleared = []
    for note, path in _unfinished(folder):
        there = os.path.lexists(path)
        _clear_leftovers(path.parent)
        if os.path.lexists(path):
            continue  # in use, or it can't be removed
        if there:
            cleared.append(path.parent)
        if there or path.parent.is_dir():
            _forget(note)
    return cleared


def unfinished_elsewhere(folder: Path) -> list[Path]:
    """Folders in which something unfinished may lie that a program left, and which can't be reached now: a stick, perhaps."""
    return sorted({path.parent for _, path in _unfinished(folder) if not path.parent.is_dir()})


def _unfinished(folder: Path) -> list[tuple[Path, Path]]:
    """(note, the file or scratch folder that it names) of a kit."""
    noted = []
    with contextlib.suppress(OSError):
        for note in folder.glob(f"{_BEGINNING}*{_NOTE}"):
            with contextlib.suppress(OSError, ValueError):
                path = Path(os.fsdecode(note.read_bytes()[:_LONGEST_NAME]))
                if path.is_absolute() and path.name.startswith(_BEGINNING):
                    noted.append((note, path))
    return noted


_LONGEST_NAME = 8_192


def _note_unfinished(path: Path) -> Path | None:
    """Note a file before it is there; None where nothing can be noted, or need not be."""
    if _notes is None:
        return None
    path = path.absolute()
    if _notes.absolute() in path.parents or any(part.endswith(_SCRATCH) for part in path.parent.parts):
        return None  # nothing readable is written into a kit's folder; a scratch folder goes with all that is in it
    note, name = _notes / f"{path.stem}{_NOTE}", os.fsencode(path)
    try:
        handle = open_new(note)
    except OSError:
        return None
    try:
        whole = os.write(handle, name) == len(name)
    except OSError:
        whole = False
    os.close(handle)
    if whole:
        return note
    _forget(note)
    return None


def _forget(note: Path | None) -> None:
    if note is not None:
        with contextlib.suppress(OSError):
            note.unlink(missing_ok=True)


def open_new(path: Path) -> int:
    """A handle to write to a new file, mode 0600. Nothing may have its name, a link least of all.

    Raises:
        OSError: the folder does not take it.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    for name in ("O_NOFOLLOW", "O_BINARY", "O_CLOEXEC"):
        flags |= getattr(os, name, 0)
    return os.open(path, flags, 0o600)


#: Seconds between the tries of `replace_file`, and how many there are.
PAUSE, TRIES = 0.1, 30
#: What Windows says while another program holds a file: access denied, sharing violation, lock violation.
_HELD_BY_ANOTHER = frozenset({5, 32, 33})


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


def _open_marked(path: Path) -> int:
    """A handle to write to a new file, as `open_new` gives it. As long as it is open, nobody takes the file for one that was
    left behind.
    """
    while True:
        handle = open_new(path)
        with contextlib.suppress(ImportError, OSError):
            import fcntl

            # Whoever looks whether it is in use holds the lock until it is removed.
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.path.lexists(path):
            return handle
        os.close(handle)


def _clear_leftovers(folder: Path) -> None:
    """Remove new files and scratch folders that a program left in `folder` when it was ended."""
    with contextlib.suppress(OSError):
        for path in folder.glob(f"{_BEGINNING}*"):
            if path.is_symlink():
                continue
            with contextlib.suppress(OSError):
                if path.suffix == _ENDING and path.is_file():
                    with _unused(path) as unused:
                        if unused:
                            path.unlink()
                elif path.suffix == _SCRATCH and path.is_dir():
                    if _remove_empty(path):
                        continue
                    if not (path / _LOCK).exists():
                        # Ended while it was being removed: nobody writes there without the lock.
                        shutil.rmtree(path, ignore_errors=True)
                        continue
                    with _unused(path / _LOCK) as unused:
                        if unused:
                            shutil.rmtree(path, ignore_errors=True)


def _remove_empty(folder: Path) -> bool:
    """Remove a scratch folder that is empty still; whether it is gone. Its maker may make it anew, so nothing more is removed."""
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


@contextlib.contextmanager
def _unused(path: Path) -> Iterator[bool]:
    """Whether no program is writing to a new file; then none begins to until the block is left."""
    try:
        import fcntl
    except ImportError:
        # Where the system has no such locks, a file that is open can't be removed.
        yield True
        return
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Another may have removed the file before, and its maker made it anew: that is one in use.
            unused = os.path.samestat(os.fstat(handle), path.lstat())
        except OSError:
            unused = False
        yield unused
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` last through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
