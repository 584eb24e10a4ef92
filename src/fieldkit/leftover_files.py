"""Files and scratch folders on their way: marked while a program writes them, noted in the kit, removed where it was killed."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

HAS_LOCKS = os.name == "posix"
"""Where the system has no locks of files, a file that is open can be neither removed nor renamed."""
_BEGINNING, _ENDING, _SCRATCH, _LOCK = ".fieldkit-", ".part", ".scratch", "in-use"
#: How often a scratch folder is made anew that another program took for one that was left.
_TRIES = 30
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
        clear_leftovers(path.parent)
        if os.path.lexists(path):
            continue  # in use, or it can't be removed
        if there:
            cleared.append(path.parent)
        if there or path.parent.is_dir():
            forget_note(note)
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


def unfinished_path(folder: Path) -> Path:
    """A name for a file on its way to `folder` that nobody can foresee."""
    return folder / f"{_BEGINNING}{os.urandom(8).hex()}{_ENDING}"


def note_unfinished(path: Path) -> Path | None:
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
    forget_note(note)
    return None


def forget_note(note: Path | None) -> None:
    """Remove a note: its file has its name, or is gone."""
    if note is not None:
        with contextlib.suppress(OSError):
            note.unlink(missing_ok=True)


@contextlib.contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """A private folder in `parent` that is removed with all that is in it when the block is left.

    What a killed program left of such a folder goes when the next is made there. Raises OSError where the disk refuses.
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
    """A scratch folder where the system keeps temporary files, for a kit that somebody tries and what belongs to it.

    What a killed program left of such a kit goes with the next one, or with the next start of the kit that notes it.
    """
    import tempfile  # only for a kit to try: the first frame needs none

    return scratch_folder(Path(tempfile.gettempdir()))


def _locked(folder: Path) -> int:
    """Make a scratch folder and take its lock; another program may have taken it for one that was left before it had a lock."""
    for _ in range(_TRIES):
        folder.mkdir(mode=0o700, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            return open_marked(folder / _LOCK)
    raise FileNotFoundError(errno.ENOENT, "the folder goes as soon as it is made", str(folder))


def open_new(path: Path) -> int:
    """A handle to write to a new file, mode 0600. Nothing may have its name, a link least of all.

    Raises:
        OSError: the folder does not take it.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    for name in ("O_NOFOLLOW", "O_BINARY", "O_CLOEXEC"):
        flags |= getattr(os, name, 0)
    return os.open(path, flags, 0o600)


def open_marked(path: Path) -> int:
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


def clear_leftovers(folder: Path) -> None:
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
                        _remove_folder(path)
                        continue
                    with _unused(path / _LOCK) as unused:
                        if unused:
                            # The lock first: where it is open and can't be removed, the folder is in use.
                            (path / _LOCK).unlink()
                            _remove_folder(path)


def _remove_folder(folder: Path) -> None:
    """Remove a scratch folder with all that is in it, as far as it goes.

    Whoever made a stick may have put thousands of folders within folders into it, and the library calls itself for each: no
    program of ours left those.
    """
    with contextlib.suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)


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
