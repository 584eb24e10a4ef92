"""The kit: the only interface to everything stored. Callers get plain values, never a session or a row object."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from fieldkit.disk_errors import no_room
from fieldkit.errors import Misuse, StorageError, VaultError
from fieldkit.file_writing import close_to_others, write_private_file
from fieldkit.leftover_files import clear_unfinished
from fieldkit.store.db.engine import may_write, open_engine, plain_errors
from fieldkit.store.db.key_files import DATABASE
from fieldkit.store.db.sql import execute
from fieldkit.store.db.vault import Vault
from fieldkit.store.journal.sync_log import Ledger
from fieldkit.store.local.drafts import Drafts
from fieldkit.store.local.known_settings import ERASE_AGAIN, ORIGIN, PROJECTION, SCRUB_DUE
from fieldkit.store.local.stored_settings import Settings, put_setting
from fieldkit.store.oplog.record_ids import now_ms
from fieldkit.store.projection import check as checking
from fieldkit.store.projection.shape import projection_version, reshape
from fieldkit.store.query import history as chronicle
from fieldkit.store.query.stored_records import Stored
from fieldkit.store.window_lock import Holder
from fieldkit.store.write.eraser import Eraser, Progress, no_progress, order_of


class Kit(Eraser):
    """An open kit. Safe to use from several threads, and from several programs at once.

    Every method raises StorageError when the disk refuses and VaultError when the file is damaged; what was saved before stays.
    """

    def __init__(
        self,
        folder: Path,
        engine: Engine,
        key: bytes,
        clock: Callable[[], int] = now_ms,
        *,
        read_only: bool = False,
    ) -> None:
        self.folder = folder
        self.read_only = read_only
        self.cleared: list[Path] = []
        """Folders from which opening the kit removed unfinished files of an interrupted program."""
        self.lock_renewed = False
        """Whether opening the kit found a weak lock on its key and renewed it."""
        self.key = key
        self.clock = clock
        self.written_by: Holder | None = None
        """The other window that records, while this one only reads."""
        self._engine = engine
        self.settings = Settings(self.reading, self.writing)
        self.tries = Settings(self.reading, self._writing_from_any_window)
        """Settings that a read-only window writes too: wrong tries of the PIN count in every window."""
        self.drafts = Drafts(self.reading, self.writing, self.clock)
        self.ledger = Ledger(self.reading, self.writing)

    # Opening and closing

    @classmethod
    def create(
        cls, folder: Path, passphrase: str | None, names: Iterable[str] = (), code: str = ""
    ) -> tuple[Kit, str]:
        """Make a kit in `folder`; returns it with its recovery code ("" without a passphrase): `code`, if it was shown already.

        Raises:
            Misuse: there is one already, or the passphrase is easily guessed or is one of `names`.
        """
        vault = Vault(folder)
        key, code = vault.create(passphrase, names, code)
        try:
            kit = cls.with_key(folder, key)
            kit.cleared = clear_unfinished(folder)
            return kit, code
        except BaseException:
            vault.undo()
            raise

    @classmethod
    def open(cls, folder: Path, secret: str | None = None, *, to_read: bool = False) -> Kit:
        """Open the kit in `folder` with its passphrase or recovery code.

        With `to_read`, a folder that can't be written to (a locked stick, a full disk) is acceptable. The kit is then
        `read_only`: every write raises StorageError.

        Raises:
            VaultError: there is none, or it is locked and no secret was given.
            WrongPassphrase: the secret does not fit.
        """
        vault = Vault(folder)
        key = vault.unlock(secret)
        kit = cls._opened(folder, key, to_read=to_read)
        kit.cleared = clear_unfinished(folder)
        close_to_others(folder)
        kit.lock_renewed = vault.renewed
        return kit

    @classmethod
    def _opened(cls, folder: Path, key: bytes, *, to_read: bool) -> Kit:
        if not to_read:
            return cls.with_key(folder, key)
        if may_write(folder / DATABASE):
            try:
                return cls.with_key(folder, key)
            except StorageError:
                if not no_room(folder):
                    raise
        return cls.with_key(folder, key, read_only=True)

    @classmethod
    def with_key(cls, folder: Path, key: bytes, *, read_only: bool = False) -> Kit:
        with plain_errors(folder):
            engine = open_engine(folder / DATABASE, key, read_only=read_only)
            kit = cls(folder, engine, key, read_only=read_only)
            try:
                kit._prepare()
            except BaseException:
                engine.dispose()
                raise
            return kit

    def _prepare(self) -> None:
        """Make missing tables, and fold the records anew if another version folded them."""
        version = projection_version()
        with self.reading() as connection:
            made = execute(connection, "SELECT 1 FROM sqlite_master WHERE name = 'setting'").fetchone()
        if made and self.settings.get(PROJECTION) == version:
            if self.settings.get(SCRUB_DUE) and not self.read_only:
                # A full disk locks nobody out: the scrub stays due.
                with contextlib.suppress(StorageError):
                    self.scrub()
            return
        if self.read_only:
            raise VaultError(
                "Another version of fieldkit wrote this kit: it has to be brought up to date, and its folder "
                "can't be written to.",
                kept="It was left as it is.",
                hint="Copy the folder to a disk with some room, then open it there with --kit.",
            )
        with self.writing() as connection:
            reshape(connection)
            put_setting(connection, PROJECTION, version)

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()

    def __enter__(self) -> Kit:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction: one consistent view. For the store's own modules."""
        with plain_errors(self.folder), self._engine.connect() as connection:
            # Rolled back when the connection is released; nothing was written.
            connection.begin()
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A write transaction: all or nothing. For the store's own modules."""
        if self.written_by is not None:
            raise self.written_by.refusal()
        with self._writing_from_any_window() as connection:
            yield connection

    @contextlib.contextmanager
    def _writing_from_any_window(self) -> Iterator[Connection]:
        if self.read_only:
            raise StorageError(
                "The kit's folder can't be written to: nothing can be saved or changed now.",
                kept="Everything saved before is safe, and can be read.",
                hint="Free some space, or take the write lock off the disk or stick. Then try again.",
            )
        with (
            plain_errors(self.folder),
            self._engine.connect().execution_options(write=True) as connection,
            connection.begin(),
        ):
            yield connection

    @property
    def origin(self) -> str:
        """The name that this device signs its ops with.

        Raises:
            Misuse: the kit belongs to no network yet.
        """
        origin = self.settings.get(ORIGIN)
        if not origin:
            raise Misuse(
                "This kit belongs to no network yet.",
                hint="Start one with: fieldkit network create NAME, "
                "or join with: fieldkit join FILE.fkn --as NAME",
            )
        return origin

    # The file

    def copy_to(self, path: Path) -> None:
        """Write the database as of this moment to `path`, encrypted with the same key."""
        with (
            plain_errors(self.folder),
            self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            execute(connection, "VACUUM INTO ?", (str(path),))

    def scrub(self) -> None:
        """After an erasure: leave no old page in the write-ahead log."""
        busy = self._truncate_log()
        with self.reading() as connection:
            tails = chronicle.erased_tails(connection)
            orders = [order_of(op) for _, op in chronicle.erasing(connection)]
        # Other devices' orders that the kit knew before it was restored and has not received again.
        if waiting := self.settings.get(ERASE_AGAIN):
            obeyed = set(map(_as_text, orders))
            left = [order for order in waiting if _as_text(order) not in obeyed]
            orders += left
            if len(left) < len(waiting):
                self.settings.put(ERASE_AGAIN, left)
        # Stored beside the database, so that restoring an older backup neither restores the text nor forgets the erasure.
        write_private_file(self.folder / "erased.json", json.dumps(tails).encode())
        write_private_file(self.folder / "erasing.json", json.dumps(orders).encode())
        # If somebody was reading, the log still holds old pages; they are cleared when the kit is next opened.
        self.settings.put(SCRUB_DUE, busy)

    def clear_log(self) -> None:
        """Empty the log after something was removed that must leave no trace, such as the draft of a person who said no."""
        if self._truncate_log():
            # Somebody was reading: the rest is done when the kit is next opened.
            self.settings.put(SCRUB_DUE, True)

    def _truncate_log(self) -> bool:
        """Checkpoint the write-ahead log and truncate it; returns whether a reader prevented that."""
        with (
            plain_errors(self.folder),
            self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            return bool(execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])

    # The whole file

    def check(self, on_progress: Progress = no_progress) -> list[str]:
        """Look for damage; returns a sentence for each problem, an empty list if there is none.

        Checks the file's pages, the chain of every origin, and the stored records against records folded anew. Changes nothing.
        """
        with self.reading() as connection:
            return checking.check(connection, on_progress)

    def rebuild(self) -> None:
        """Fold all records anew from the journal."""
        with self.writing() as connection:
            checking.rebuild(connection)


def _as_text(order: dict[str, Any]) -> str:
    return json.dumps(order, sort_keys=True)


__all__ = ["Kit", "Progress", "Stored", "no_progress"]
