"""One window records at a time: the lock that decides which, and what the others show.

The operating system releases the lock when its program ends, however that happens, so a killed window locks nobody out. A file
beside it names the holder, only for the message. Commands take no lock: each of their writes is a transaction of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from fieldkit.errors import FieldkitError, InUse, KitReplaced
from fieldkit.file_writing import write_private_file
from fieldkit.operating_system import locked, read_regular
from fieldkit.store.db.key_files import DATABASE

LOCK, HOLDER = "window.lock", "window.json"
_LONGEST = 1_000
"""The most bytes read of the file about the holder."""


@dataclass(frozen=True)
class Holder:
    """The window that records: its process, and when it was opened ("" if that is not known)."""

    process: int = 0
    since: str = ""
    replaced: bool = False
    """Not a window: the kit in the folder was replaced, for example by a restored backup, and this window shows the old one."""

    @property
    def note(self) -> str:
        """What the home screen shows about it."""
        if self.replaced:
            return "This window shows a kit that was replaced meanwhile. Close it, then open the kit again."
        return f"Open in another window{f' {self.named}' if self.named else ''}: this one only reads."

    @property
    def named(self) -> str:
        """`since 14:02, process 123`, as far as known."""
        since = f"since {self.since}" if self.since else ""
        process = f"process {self.process}" if self.process else ""
        return ", ".join(part for part in (since, process) if part)

    def refusal(self) -> InUse:
        """The error for any write in a read-only window."""
        if self.replaced:
            return KitReplaced(
                "The kit in this folder was replaced while this window was open, by a restore perhaps. "
                "This window shows the old one.",
                kept="Nothing was changed.",
                hint="Close this window, then open the kit again.",
            )
        return InUse(
            f"This kit is open in another window{f' ({self.named})' if self.named else ''}. This window only reads.",
            kept="Nothing was changed.",
            hint="Record in the other window. Or close it there, then press {home[write-here]} on the home screen here.",
        )


class WindowLock:
    """The lock on one kit's folder, as one window sees it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: contextlib.ExitStack | None = None
        self._database = self._database_here()
        """Which file the database was when this window opened it."""

    def acquire(self) -> Holder | None:
        """Take the lock; returns None if this window holds it now, else its holder.

        If a disk has no locks, or no file can be created, every window records: that is as safe as commands are.
        """
        if self._held is not None:
            return None
        if self._database_here() != self._database:
            return Holder(replaced=True)  # what is written here would go into a kit that nobody opens again
        held = contextlib.ExitStack()
        try:
            held.enter_context(locked(self._folder / LOCK, wait=False))
        except TimeoutError:
            return self._holder()
        except OSError:
            return None
        self._held = held
        now = datetime.now()
        about = json.dumps({"process": os.getpid(), "since": now.isoformat(timespec="minutes")})
        with contextlib.suppress(FieldkitError):
            write_private_file(self._folder / HOLDER, about.encode())
        return None

    def release(self) -> None:
        """Release the lock, if this window holds it."""
        held, self._held = self._held, None
        if held is not None:
            with contextlib.suppress(OSError):
                (self._folder / HOLDER).unlink()
            with contextlib.suppress(OSError):
                held.close()

    def _database_here(self) -> tuple[int, int] | None:
        """What identifies the database's file on this machine, None if there is none."""
        try:
            status = (self._folder / DATABASE).stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def _holder(self) -> Holder:
        try:
            about = json.loads(read_regular(self._folder / HOLDER, _LONGEST))
            since = datetime.fromisoformat(about["since"])
            at = f"{since:%H:%M}" if since.date() == date.today() else f"{since.day} {since:%b, %H:%M}"
            return Holder(int(about["process"]), at)
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return Holder()


def demand_closed(folder: Path) -> None:
    """Refuse to replace a kit that is open in a window, where unsaved input would be lost.

    Raises:
        InUse: a window records in the kit in `folder`.
    """
    if not (folder / LOCK).exists():
        # No window was ever open here, and looking leaves nothing in a folder that may not be a kit's.
        return
    window = WindowLock(folder)
    holder = window.acquire()
    window.release()
    if holder is not None:
        raise InUse(
            f"This kit is open in a window{f' ({holder.named})' if holder.named else ''}.",
            kept="Nothing was changed.",
            hint="Close that window, then try again: what is typed there would be lost.",
        )
