"""The kit: the one door to everything stored. Callers get plain values, never a session or a row object."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from fieldkit.disk_errors import no_room
from fieldkit.errors import Misuse, StorageError, VaultError
from fieldkit.paths import clear_unfinished, close_to_others, write_private_file
from fieldkit.records.provider_names import ProviderNames
from fieldkit.records.same_people import SamePeople
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.store.db.engine import may_write, open_engine, plain_errors
from fieldkit.store.db.sql import execute
from fieldkit.store.db.vault import DATABASE, Vault
from fieldkit.store.journal.sync_log import Ledger
from fieldkit.store.local.drafts import Drafts
from fieldkit.store.local.setting import ERASE_AGAIN, ORIGIN, PROJECTION, SCRUB_DUE
from fieldkit.store.local.settings import Settings, put_setting
from fieldkit.store.oplog.record_ids import now_ms
from fieldkit.store.projection import check as checking
from fieldkit.store.projection.shape import projection_version, reshape
from fieldkit.store.query import history as chronicle
from fieldkit.store.query import names_in_use, queries, record_counts, stored_records
from fieldkit.store.query.joined import same_people
from fieldkit.store.query.stored_records import Stored
from fieldkit.store.window_lock import Holder
from fieldkit.store.write.eraser import Eraser, order_of
from fieldkit.store.write.recorder import Progress, no_progress


class Kit(Eraser):
    """An open kit. Safe to use from several threads, and from several programs at once.

    Every method raises StorageError when the disk refuses and VaultError when the file is damaged; what was
    saved before stays.
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
        """Folders in which opening it removed what an ended program had left unfinished."""
        self.lock_renewed = False
        """Whether opening it found a weak lock on its key and made it anew."""
        self.key = key
        self.clock = clock
        self.written_by: Holder | None = None
        """The other window that records, while this one only reads."""
        self._engine = engine
        self.settings = Settings(self.reading, self.writing)
        self.tries = Settings(self.reading, self._writing_from_any_window)
        """Settings that a window writes that only reads, too: wrong tries of the PIN count in each."""
        self.drafts = Drafts(self.reading, self.writing, self.clock)
        self.ledger = Ledger(self.reading, self.writing)

    # Opening and closing

    @classmethod
    def create(cls, folder: Path, passphrase: str | None, names: Iterable[str] = ()) -> tuple[Kit, str]:
        """Make a kit in `folder`; returns it with its recovery code ("" without a passphrase).

        Raises:
            Misuse: there is one already, or the passphrase is easily guessed, as one of `names` would be.
        """
        vault = Vault(folder)
        key, code = vault.create(passphrase, names)
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

        `to_read`: a folder that can't be written to (a locked stick, a full disk) is no hindrance. The kit is then
        `read_only`: all that writes raises StorageError.

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
        """Make missing tables, and fold the records anew when an older version folded them."""
        version = projection_version()
        with self.reading() as connection:
            made = execute(connection, "SELECT 1 FROM sqlite_master WHERE name = 'setting'").fetchone()
        if made and self.settings.get(PROJECTION) == version:
            if self.settings.get(SCRUB_DUE) and not self.read_only:
                # A full disk locks nobody out: it stays due.
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
        """A write transaction: all of it or none. For the store's own modules."""
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
        """Write the database as it stands at this moment to `path`, encrypted with the same key."""
        with (
            plain_errors(self.folder),
            self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            execute(connection, "VACUUM INTO ?", (str(path),))

    def scrub(self) -> None:
        """After an erasure: leave no old page behind in the write-ahead log."""
        busy = self._truncate_log()
        with self.reading() as connection:
            tails = chronicle.erased_tails(connection)
            orders = [order_of(op) for _, op in chronicle.erasing(connection)]
        # Others' orders that the kit knew before it was restored, and has not received again.
        if waiting := self.settings.get(ERASE_AGAIN):
            obeyed = set(map(_as_text, orders))
            left = [order for order in waiting if _as_text(order) not in obeyed]
            orders += left
            if len(left) < len(waiting):
                self.settings.put(ERASE_AGAIN, left)
        # Beside the database, so that a backup restored later neither restores the text nor keeps the erasure to itself.
        write_private_file(self.folder / "erased.json", json.dumps(tails).encode())
        write_private_file(self.folder / "erasing.json", json.dumps(orders).encode())
        # Somebody was reading: the log still holds old pages, to be cleared when the kit is opened next.
        self.settings.put(SCRUB_DUE, busy)

    def clear_log(self) -> None:
        """After something was removed that must leave no trace, such as a draft of who said no: empty the log."""
        if self._truncate_log():
            # Somebody was reading: the rest is done when the kit is opened next.
            self.settings.put(SCRUB_DUE, True)

    def _truncate_log(self) -> bool:
        """Move the write-ahead log into the file and empty it; returns whether somebody was in the way."""
        with (
            plain_errors(self.folder),
            self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            return bool(execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])

    # Reading

    def get(self, record_id: str, kind: str = "") -> Stored:
        """The record with this id, or whose id begins or ends with these letters (4 or more), with its heads.

        Records of several kinds may have one id: `kind` names the record meant, and `event:ID` does.

        Raises:
            NotFound: none, or more than one.
        """
        with self.reading() as connection:
            return stored_records.get(connection, record_id, kind)

    def page(
        self,
        kind: str,
        offset: int = 0,
        limit: int = 256,
        *,
        text: str = "",
        where: Mapping[str, Any] | None = None,
        deleted: bool = False,
        apart: bool = False,
    ) -> list[Stored]:
        """Records of a kind, newest first, without heads; `text` searches words, `where` asks for values.

        A person whose records were joined is one record, and links lead to it; with `apart`, each record is as it was written.
        """
        with self.reading() as connection:
            return queries.page(
                connection, kind_named(kind), offset, limit, text, where or {}, deleted, apart
            )

    def count(
        self,
        kind: str,
        *,
        text: str = "",
        where: Mapping[str, Any] | None = None,
        deleted: bool = False,
        apart: bool = False,
    ) -> int:
        """How many records `page` would give."""
        with self.reading() as connection:
            return queries.count(connection, kind_named(kind), text, where or {}, deleted, apart)

    def value_counts(
        self, kind: str, field: str, *, where: Mapping[str, Any] | None = None
    ) -> tuple[int, int, int]:
        """How many live records there are, how many of them hold a value of a field, and how many different ones."""
        with self.reading() as connection:
            return queries.value_counts(connection, kind_named(kind), field, where or {})

    def made_since(self, kinds: Sequence[str], origin: str, stamp: int, most: int) -> tuple[int, bool]:
        """How many records of these kinds the latest `most` ops of an origin made at `stamp` or later, and whether older
        ops may have made more.
        """
        with self.reading() as connection:
            return record_counts.made_since(connection, kinds, origin, stamp, most)

    def many(self, kind: str, record_ids: Iterable[str], *, apart: bool = False) -> dict[str, Stored]:
        """The records of a kind with these ids, by id; unknown ones are left out.

        Each record of a person who has several holds what is shown of the person; with `apart`, what was written there.
        """
        with self.reading() as connection:
            return queries.many(connection, kind_named(kind), list(record_ids), apart=apart)

    def shown(self, record_id: str, kind: str = "") -> Stored:
        """The record that `get` gives, as lists show it: a person's answers from all of their records."""
        with self.reading() as connection:
            return stored_records.joined_record(connection, stored_records.get(connection, record_id, kind))

    def same_people(self) -> SamePeople:
        """The people who have several records."""
        with self.reading() as connection:
            return same_people(connection)

    def alike(self, kind: str, name: str) -> list[Stored]:
        """Live records of a kind that bear this name in whatever spelling (`fieldkit.spelling.folded`), the newest first."""
        with self.reading() as connection:
            return queries.alike(connection, kind_named(kind), name)

    def names_in_use(self, kind: str, field: str) -> list[str]:
        """What the newest records of a kind hold in a field, each name in one spelling, the most frequent first."""
        with self.reading() as connection:
            return names_in_use.names_in_use(connection, kind_named(kind), field)

    def columns(
        self,
        kind: str,
        fields: Iterable[str],
        *,
        where: Mapping[str, Any] | None = None,
        apart: bool = False,
    ) -> Iterator[tuple[Any, ...]]:
        """Live records of a kind as tuples of the fields named (also record_id, created, updated, origin); `where` asks
        for values. `apart` as in `page`.
        """
        with self.reading() as connection:
            yield from queries.columns(connection, kind_named(kind), list(fields), where or {}, apart)

    def terms(self) -> dict[str, dict[str, str]]:
        """What the network added to open code lists: list name -> code -> label.

        Terms of one spelling have one label, and count as one: in `columns`, and where `where` asks for one of them.
        """
        with self.reading() as connection:
            return names_in_use.terms(connection)

    def provider_names(self) -> ProviderNames:
        """The providers by every name that means them: their own, their ODS codes, the spellings bound to them."""
        with self.reading() as connection:
            return names_in_use.provider_names(connection)

    def history(self, record_id: str, kind: str = "") -> list[chronicle.Step]:
        """Every change of a record, the oldest first; `kind` as in `get`."""
        with self.reading() as connection:
            return chronicle.history(connection, record_id, kind)

    def fingerprint(self, kind: str, record_id: str, field: str) -> str:
        """64 hexadecimal digits that change with a text field's value, whichever laptop works them out.

        The salt of the change that set the value is hashed with it: once that is erased, nobody can search for the value. ""
        where the field is empty, in conflict, or not here.
        """
        with self.reading() as connection:
            return chronicle.fingerprint(connection, kind, record_id, field)

    def conflicts(self, limit: int = 1_000) -> list[chronicle.FieldConflict]:
        """Fields with more than one current value, with every value, who set it and when."""
        with self.reading() as connection:
            return chronicle.conflicts(connection, limit)

    def conflict_count(self) -> int:
        """How many fields have more than one current value."""
        with self.reading() as connection:
            return int(execute(connection, "SELECT count(*) FROM conflict").fetchone()[0])

    def conflicting(self) -> dict[tuple[str, str], int]:
        """(kind, field) -> how many records have more than one current value of it."""
        with self.reading() as connection:
            return chronicle.conflicting(connection)

    def counts(self) -> dict[str, int]:
        """Live records by kind, every shared kind named."""
        with self.reading() as connection:
            return record_counts.counts(connection)

    def not_understood(self, names: Iterable[str]) -> int:
        """How many live records of these kinds hold an answer or a field that this version does not know."""
        with self.reading() as connection:
            return record_counts.not_understood(connection, map(kind_named, names))

    def state_hash(self) -> str:
        """64 hexadecimal digits over all shared records: equal on two kits that hold the same operations."""
        with self.reading() as connection:
            return record_counts.state_hash(connection)

    def check(self, on_progress: Progress = no_progress) -> list[str]:
        """Look for damage; returns a sentence for each thing found, an empty list when all is well.

        The file's pages, the chain of every origin, and the records folded anew against those stored.
        Changes nothing.
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
