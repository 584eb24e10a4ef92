"""Unfinished files and scratch folders: marked while being written, noted in the kit, removed if the program was killed."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from fieldkit.operating_system import read_regular

HAS_LOCKS = os.name == "posix"
"""Whether files can be locked. Systems without file locks can neither remove nor rename an open file."""
_BEGINNING, _ENDING, _SCRATCH, _LOCK = ".fieldkit-", ".part", ".scratch", "in-use"
#: How often a scratch folder is created again after another program took it for a leftover.
_TRIES = 30
_NOTE = ".note"
_notes: Path | None = None
"""The folder for notes of unfinished files: that of the open kit, None before one is opened."""


def clear_unfinished(folder: Path) -> list[Path]:
    """Remove whatever a killed program left unfinished, anywhere, by the notes in the kit's `folder`; from now on
    new files are noted there. Returns the folders in which something was removed.

    Tables and forms hold records in plain text. So the next start removes their remains, even if no other file
    is ever written to the same place.
    """
    global _notes
    _notes = folder
    cleared = []
    for note, path in _unfinished(folder):
        there = os.path.lexists(path)
        clear_leftovers(path.parent)
        if os.path.lexists(path):
            continue  # in use, or it can't be removed
        if there:
            cleared.append(path.parent)
        if there or path.parent.is_dir():
            forget_note(note)
    return cleared


def unfinished_elsewhere(folder: Path) -> list[Path]:
    """Folders that may hold unfinished files and can't be reached now, such as on a stick."""
    return sorted({path.parent for _, path in _unfinished(folder) if not path.parent.is_dir()})


def _unfinished(folder: Path) -> list[tuple[Path, Path]]:
    """(note, the file or scratch folder that it names) for each note in a kit."""
    noted = []
    with contextlib.suppress(OSError):
        for note in folder.glob(f"{_BEGINNING}*{_NOTE}"):
            with contextlib.suppress(OSError, ValueError):
                path = Path(os.fsdecode(read_regular(note, _LONGEST_NAME)))
                if path.is_absolute() and path.name.startswith(_BEGINNING):
                    noted.append((note, path))
    return noted


_LONGEST_NAME = 8_192


def unfinished_path(folder: Path) -> Path:
    """An unpredictable name for a file to be written to `folder`."""
    return folder / f"{_BEGINNING}{os.urandom(8).hex()}{_ENDING}"


def note_unfinished(path: Path) -> Path | None:
    """Note a file before it is created; None if nothing can or need be noted."""
    if _notes is None:
        return None
    path = path.absolute()
    if _notes.absolute() in path.parents or any(part.endswith(_SCRATCH) for part in path.parent.parts):
        return None  # nothing in plain text is written to a kit's folder; a scratch folder is removed with its contents
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
    forget_note(note)
    return None


def forget_note(note: Path | None) -> None:
    """Remove a note: its file was renamed, or is gone."""
    if note is not None:
        with contextlib.suppress(OSError):
            note.unlink(missing_ok=True)


@contextlib.contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """A private folder in `parent` that is removed with its contents on leaving the block.

    Leftovers of a killed program are removed when the next such folder is made there. Raises OSError if the disk refuses.
    """
    clear_leftovers(parent)
    folder = parent / f"{_BEGINNING}{os.urandom(8).hex()}{_SCRATCH}"
    note = note_unfinished(folder)
    try:
        with os.fdopen(_locked(folder), "wb"):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            forget_note(note)


def throwaway_folder() -> contextlib.AbstractContextManager[Path]:
    """A scratch folder among the system's temporary files, for a trial kit and its files.

    A killed program's leftovers are removed with the next trial kit, or the next start of the kit that notes them.
    """
    import tempfile  # only for a trial kit: the first frame needs none

    return scratch_folder(Path(tempfile.gettempdir()))


def _locked(folder: Path) -> int:
    """Make a scratch folder and lock it; before the lock, another program may have taken it for a leftover."""
    for _ in range(_TRIES):
        folder.mkdir(mode=0o700, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            return open_marked(folder / _LOCK)
    raise FileNotFoundError(errno.ENOENT, "the folder goes as soon as it is made", str(folder))


def open_new(path: Path) -> int:
    """A handle to write to a new file, mode 0600. The name must be free, even of links.

    Raises:
        OSError: the folder refuses it.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    for name in ("O_NOFOLLOW", "O_BINARY", "O_CLOEXEC"):
        flags |= getattr(os, name, 0)
    return os.open(path, flags, 0o600)


def open_marked(path: Path) -> int:
    """A handle to write to a new file, as `open_new` gives it. As long as it is open, nobody takes the file for
    a leftover.
    """
    while True:
        handle = open_new(path)
        with contextlib.suppress(ImportError, OSError):
            import fcntl

            # Whoever checks whether it is in use holds the lock until it is removed.
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.path.lexists(path):
            return handle
        os.close(handle)


def clear_leftovers(folder: Path) -> None:
    """Remove new files and scratch folders that a killed program left in `folder`."""
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
                        # Killed while it was being removed: nobody writes there without the lock.
                        _remove_folder(path)
                        continue
                    with _unused(path / _LOCK) as unused:
                        if unused:
                            # The lock first: if it is open and can't be removed, the folder is in use.
                            (path / _LOCK).unlink()
                            _remove_folder(path)


def _remove_folder(folder: Path) -> None:
    """Remove a scratch folder with its contents, as far as possible.

    A malicious stick may hold thousands of nested folders, and the library recurses for each: fieldkit never
    creates those.
    """
    with contextlib.suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)


def _remove_empty(folder: Path) -> bool:
    """Remove an empty scratch folder; whether it is gone. Its maker may make it again, so nothing else is removed."""
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


@contextlib.contextmanager
def _unused(path: Path) -> Iterator[bool]:
    """Whether no program is writing to a new file; if so, none begins to until the block is left."""
    try:
        import fcntl
    except ImportError:
        # Systems without such locks can't remove an open file.
        yield True
        return
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Another program may have removed the file, and its maker made it again: then it is in use.
            unused = os.path.samestat(os.fstat(handle), path.lstat())
        except OSError:
            unused = False
        yield unused
    finally:
        os.close(handle)
