"""Replacing a kit by a restored one: if the program is killed at any moment, one of the two is in place.

Not every system can exchange two folders in one step. So the restored kit is made in `.NAME.restoring/kit` beside the
kit's folder NAME, and the file `ready` beside it marks it as complete. From then on a folder without a kit means that the
exchange was interrupted, and whoever opens the kit next finishes it. A leftover `.NAME.restoring` means that the user has
not been informed yet.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from fieldkit.file_writing import make_private_folder, replace_file, sync_folder, write_private_file
from fieldkit.operating_system import locked
from fieldkit.removable_media import is_system_name

_KIT, _READY, _LOCK = "kit", "ready", "lock"
_BESIDE = ".before-restore-"
#: The names of everything in a kit's folder.
_OF_A_KIT = (
    "fieldkit.db*",
    "key.*",
    "erased.json",
    "erasing.json",
    "errors.log",
    "quarantine",
    "colours",
    "window.*",
    ".fieldkit-*",
)


def _waiting(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.restoring")


@contextlib.contextmanager
def preparing(folder: Path) -> Iterator[Path]:
    """An empty private folder in which to make the kit that `exchange` will put in the place of `folder`.

    When the block ends, with or without an exception, nothing remains but what `exchange` has put in place. Raises OSError where
    the disk refuses.
    """
    waiting = _waiting(folder)
    make_private_folder(folder.parent)
    if waiting.is_symlink():
        # The target of the link belongs to somebody else.
        waiting.unlink()
    make_private_folder(waiting)
    try:
        with _held(waiting):
            _clear(waiting)
            make_private_folder(waiting / _KIT)
            try:
                yield waiting / _KIT
            finally:
                # If moving back failed too, the restored kit is the only one in reach, and is kept.
                if not _half_done(folder):
                    _clear(waiting)
    finally:
        _drop(waiting)


def exchange(folder: Path) -> None:
    """Put the kit from `preparing` in the place of `folder`; the kit there is moved beside it (`NAME.before-restore-…`).

    Raises OSError where the disk refuses; `folder` is then as it was.
    """
    waiting = _waiting(folder)
    sync_folder(waiting / _KIT)
    write_private_file(waiting / _READY, b"")
    sync_folder(folder.parent)
    moved = None
    try:
        moved = _make_way(folder)
        replace_file(waiting / _KIT, folder)
    except OSError:
        if moved:
            replace_file(moved, folder)
        (waiting / _READY).unlink(missing_ok=True)
        raise
    sync_folder(folder.parent)


def foreign_names(folder: Path) -> list[str]:
    """The names in `folder` that are not part of a kit, which an exchange would move away with it. In alphabetical order.

    Raises OSError where the disk refuses.
    """
    if not folder.exists():
        return []
    names = (path.name for path in folder.iterdir())
    return sorted(
        name
        for name in names
        if not is_system_name(name) and not any(fnmatchcase(name, pattern) for pattern in _OF_A_KIT)
    )


def finish(folder: Path) -> None:
    """Finish an exchange that was interrupted after `folder` had lost its kit; otherwise do nothing.

    Called before anybody asks whether `folder` holds a kit. Raises OSError where this user may not look.
    """
    if not _half_done(folder):
        return
    waiting = _waiting(folder)
    with contextlib.suppress(OSError), _held(waiting):
        # A restore running between the two renames may have finished by now.
        if _half_done(folder):
            _make_way(folder)
            replace_file(waiting / _KIT, folder)
            sync_folder(folder.parent)


def interrupted_restore(folder: Path) -> str:
    """A sentence about an interrupted restore, returned once; "" if there was none."""
    waiting = _waiting(folder)
    if not waiting.exists() or waiting.is_symlink():
        return ""
    sentence = ""
    with contextlib.suppress(OSError), _held(waiting, wait=False):
        if (waiting / _KIT).exists():
            sentence = (
                "Restoring a backup was interrupted: this is the kit as it was before. To use the backup, "
                "restore it again."
            )
        elif (waiting / _READY).exists():
            beside = kits_beside(folder)
            sentence = "Restoring a backup was interrupted at its very end: this is the restored kit."
            sentence += f" The one that was here before is in {beside[-1]}" if beside else ""
        _clear(waiting)
    _drop(waiting)
    return sentence


def kits_beside(folder: Path) -> list[Path]:
    """The kits that were moved out of `folder` for others, the oldest first."""
    beginning = f"{folder.name}{_BESIDE}"
    with contextlib.suppress(OSError):
        return sorted(path for path in folder.parent.iterdir() if path.name.startswith(beginning))
    return []


def _half_done(folder: Path) -> bool:
    """Whether the old kit was moved away and the new, complete one is not in its place yet."""
    waiting = _waiting(folder)
    whole = (waiting / _READY).exists() and (waiting / _KIT).exists()
    return whole and not waiting.is_symlink() and not _holds_kit(folder)


def _holds_kit(folder: Path) -> bool:
    from fieldkit.store.db.key_files import DATABASE, KEY_FILES

    return any((folder / name).exists() for name in (DATABASE, *KEY_FILES))


def _make_way(folder: Path) -> Path | None:
    """Move `folder` beside itself; returns the new path, or None if it held nothing."""
    if not folder.exists():
        return None
    if not any(folder.iterdir()):
        folder.rmdir()
        return None
    name = f"{folder.name}{_BESIDE}{time.strftime('%Y%m%d-%H%M%S')}"
    names = (
        folder.with_name(f"{name}{ending}") for ending in ("", *(f"-{copy}" for copy in range(2, 1_000)))
    )
    beside = next(path for path in names if not path.exists())
    replace_file(folder, beside)
    return beside


@contextlib.contextmanager
def _held(waiting: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock on the exchange. The system releases it when the program ends, however it ends.

    Raises OSError when another program holds it and `wait` is False.
    """
    with locked(waiting / _LOCK, wait=wait):
        yield


def _clear(waiting: Path) -> None:
    """Remove the files of an exchange, the mark that makes it one first."""
    (waiting / _READY).unlink(missing_ok=True)
    shutil.rmtree(waiting / _KIT, ignore_errors=True)


def _drop(waiting: Path) -> None:
    """Remove the folder itself if it is empty; otherwise another program is using it, or it is still needed."""
    with contextlib.suppress(OSError):
        if not [path for path in waiting.iterdir() if path.name != _LOCK]:
            (waiting / _LOCK).unlink(missing_ok=True)
            waiting.rmdir()
