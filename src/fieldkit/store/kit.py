"""The kit: the one door to everything stored. Callers get plain values, never a session or a row object."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine
from sqlmodel import SQLModel

from fieldkit.errors import InvalidRecord, Misuse, NotFound
from fieldkit.paths import write_private_file
from fieldkit.records.kinds import Kind, Values
from fieldkit.records.kinds import kind as kind_named
from fieldkit.store import checking, queries
from fieldkit.store.desk import Desk
from fieldkit.store.engine import open_engine, plain_errors
from fieldkit.store.journal import Change, append, append_local, now_ms
from fieldkit.store.ledger import Ledger
from fieldkit.store.ops import DELETED, ERASED, EVERYTHING, Op
from fieldkit.store.projection import Projection, execute
from fieldkit.store.queries import Stored
from fieldkit.store.schema import PROJECTION_VERSION
from fieldkit.store.undo import undoing
from fieldkit.store.vault import DATABASE, Vault
from fieldkit.store.withdrawal import new_code, tail_of

Progress = Callable[[int, int, str], None]
"""`on_progress(done, total, what)`; total is 0 while it is not known."""


def no_progress(done: int, total: int, what: str) -> None:
    """For callers that show none."""


class Kit:
    """An open kit. Safe to use from several threads, and from several programs at once.

    Every method raises StorageError when the disk refuses and VaultError when the file is damaged; what was
    saved before stays.
    """

    def __init__(self, folder: Path, engine: Engine, key: bytes, clock: Callable[[], int] = now_ms) -> None:
        self.folder = folder
        self.key = key
        self.clock = clock
        self._engine = engine
        self.desk = Desk(self.reading, self.writing, self.clock)
        self.ledger = Ledger(self.reading, self.writing)

    # Opening and closing

    @classmethod
    def create(cls, folder: Path, passphrase: str | None) -> tuple[Kit, str]:
        """Make a kit in `folder`; returns it with its recovery code ("" without a passphrase).

        Raises:
            Misuse: there is one already, or the passphrase is too short.
        """
        vault = Vault(folder)
        key, code = vault.create(passphrase)
        try:
            return cls.with_key(folder, key), code
        except BaseException:
            vault.undo()
            raise

    @classmethod
    def open(cls, folder: Path, secret: str | None = None) -> Kit:
        """Open the kit in `folder` with its passphrase or recovery code.

        Raises:
            VaultError: there is none, or it is locked and no secret was given.
            WrongPassphrase: the secret does not fit.
        """
        return cls.with_key(folder, Vault(folder).unlock(secret))

    @classmethod
    def with_key(cls, folder: Path, key: bytes) -> Kit:
        with plain_errors():
            engine = open_engine(folder / DATABASE, key)
            kit = cls(folder, engine, key)
            try:
                kit._prepare()
            except BaseException:
                engine.dispose()
                raise
            return kit

    def _prepare(self) -> None:
        """Make missing tables, and fold the records anew when an older version folded them."""
        with self.reading() as connection:
            ready = execute(connection, "SELECT 1 FROM sqlite_master WHERE name = 'setting'").fetchone()
        if ready and self.desk.setting("projection") == PROJECTION_VERSION:
            return
        kind_named("feedback")
        with self.writing() as connection:
            if ready:
                checking.drop_records(connection)
            SQLModel.metadata.create_all(connection)
            if ready:
                checking.rebuild(connection)
        self.desk.set_setting("projection", PROJECTION_VERSION)

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
        with plain_errors(), self._engine.connect() as connection:
            # Rolled back when the connection is given back; nothing was written.
            connection.begin()
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A write transaction: all of it or none. For the store's own modules."""
        with (
            plain_errors(),
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
        origin = self.desk.setting("origin")
        if not isinstance(origin, str):
            raise Misuse(
                "This kit belongs to no network yet.",
                hint="Start one with: fieldkit network create NAME, "
                "or join with: fieldkit join FILE.fkn --as NAME",
            )
        return origin

    # Records

    def add(self, kind: str, values: Values) -> Stored:
        """Check and store a new record.

        Raises:
            InvalidRecord: with a sentence for each field that does not hold; nothing is stored.
        """
        return self.add_many(kind, [values])[0]

    def add_with_code(self, kind: str, values: Values) -> tuple[Stored, str]:
        """Like `add`, with a receipt code for the person; it is kept nowhere, so show it now.

        Raises:
            InvalidRecord: with a sentence for each field that does not hold; nothing is stored.
        """
        the_kind = kind_named(kind)
        code = new_code()
        ops = self._append(the_kind, [Change(kind, "", _given(the_kind.check(values)), code=code)])
        return Stored.of_op(ops[0]), code

    def withdraw(self, code: str) -> int:
        """Erase the record that this receipt code was given for, here and, by the next bundles, everywhere.

        Returns how many records of this kit were erased: 0 when it is held elsewhere; the withdrawal travels all the same.

        Raises:
            Misuse: this can't be a code.
        """
        tail_of(code)
        with self.writing() as connection:
            change = Change("withdrawal", "", kind_named("withdrawal").check({"code": code}))
            erased = append(connection, self.origin, [change], self.clock)[1].erased
        self.scrub()
        return erased

    def erase(self, record_id: str) -> None:
        """Erase a record here and, by the next bundles, everywhere. Only a coordinator's erasure is accepted elsewhere.

        Raises:
            NotFound: there is no such record.
        """
        seen = self.get(record_id)
        self._append(kind_named(seen.kind), [Change(seen.kind, seen.record_id, {ERASED: True})])
        self.scrub()

    def copy_to(self, path: Path) -> None:
        """Write the database as it stands at this moment to `path`, encrypted with the same key."""
        with (
            plain_errors(),
            self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            execute(connection, "VACUUM INTO ?", (str(path),))

    def scrub(self) -> None:
        """After an erasure: leave no old page behind in the write-ahead log."""
        with (
            plain_errors(),
            self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            tails = queries.erased_tails(connection)
        # Beside the database, so that a backup put back later does not bring the words back.
        write_private_file(self.folder / "erased.json", json.dumps(tails).encode())

    def forget(self, tails: Iterable[str]) -> None:
        """Erase every record whose id ends so, and take none of them in again: for a backup that is put back."""
        with self.writing() as connection:
            erased = Projection(connection).withdraw(set(tails))
        if erased:
            self.scrub()

    def add_many(self, kind: str, many: Iterable[Values]) -> list[Stored]:
        """Check and store new records of one kind in one transaction: all or none.

        Raises:
            InvalidRecord: the first that does not hold.
        """
        the_kind = kind_named(kind)
        changes = [Change(kind, "", _given(the_kind.check(values))) for values in many]
        ops = self._append(the_kind, changes)
        return [Stored.of_op(op) for op in ops]

    @contextlib.contextmanager
    def adding(self) -> Iterator[Callable[[str, Iterable[Values]], None]]:
        """One transaction for many new records: `add(kind, many)` may be called again and again; all or none stay.

        Raises:
            InvalidRecord: from `add`, for the first record that does not hold.
        """
        origin = self.origin
        with self.writing() as connection:

            def add(kind: str, many: Iterable[Values]) -> None:
                the_kind = kind_named(kind)
                changes = [Change(kind, "", _given(the_kind.check(values))) for values in many]
                if the_kind.shared:
                    append(connection, origin, changes, self.clock)
                else:
                    append_local(connection, changes, self.clock)

            yield add

    def edit(self, seen: Stored, changes: Values) -> Stored:
        """Change fields of a record that was read as `seen`; only fields that differ from it are written.

        A value that arrived after `seen` was read is not overwritten: it stands beside this one, a conflict.

        Raises:
            InvalidRecord: the record would break a rule of its kind; nothing is stored.
        """
        the_kind = kind_named(seen.kind)
        if not seen.heads:
            seen = self._with_heads(seen)
        checked = the_kind.check_fields(changes)
        before = {name: seen.values.get(name) for name in checked}
        differing = {name: value for name, value in checked.items() if value != before[name]}
        if not differing:
            return seen
        _check_edit(the_kind, seen.values, differing)
        preds = {name: seen.heads[name] for name in differing if seen.heads.get(name)}
        self._append(the_kind, [Change(seen.kind, seen.record_id, differing, preds)])
        return self.get(seen.record_id)

    def _with_heads(self, seen: Stored) -> Stored:
        """A record read in a page, with the heads of those of its values that are still current."""
        now = self._get(seen.record_id, seen.kind)
        heads = {
            name: refs
            for name, refs in now.heads.items()
            if name not in now.conflicts and now.values.get(name) == seen.values.get(name)
        }
        return replace(seen, heads=heads)

    def delete(self, record_id: str) -> Stored:
        """Mark a record deleted; it can be restored."""
        return self._mark(record_id, True)

    def restore(self, record_id: str) -> Stored:
        """Take the mark of deletion off."""
        return self._mark(record_id, False)

    def _mark(self, record_id: str, deleted: bool) -> Stored:
        seen = self.get(record_id)
        preds = {DELETED: seen.heads.get(DELETED, [])}
        if deleted:
            preds[EVERYTHING] = sorted({ref for refs in seen.heads.values() for ref in refs})
        change = Change(
            seen.kind,
            seen.record_id,
            {DELETED: deleted},
            {name: refs for name, refs in preds.items() if refs},
        )
        self._append(kind_named(seen.kind), [change])
        return self.get(seen.record_id)

    def resolve(self, record_id: str, field: str, value: Any) -> Stored:
        """Settle a conflict: `value` replaces every current value of `field`.

        Raises:
            InvalidRecord: the value does not hold.
        """
        seen = self.get(record_id)
        the_kind = kind_named(seen.kind)
        if field == DELETED:
            return self._mark(record_id, bool(value))
        checked = the_kind.check_fields({field: value})
        self._append(
            the_kind, [Change(seen.kind, seen.record_id, checked, {field: seen.heads.get(field, [])})]
        )
        return self.get(seen.record_id)

    def _append(self, kind: Kind, changes: list[Change], *, roster: bool = False) -> list[Op]:
        if kind.coordinator_only and not roster:
            raise Misuse(
                f"The list of {kind.plural} is changed by a coordinator's own commands.",
                kept="Nothing was changed.",
                hint="See: fieldkit devices --help",
            )
        # Asked before the transaction: within it, a second connection may be hard to get.
        origin = self.origin if kind.shared else ""
        with self.writing() as connection:
            if kind.shared:
                return append(connection, origin, changes, self.clock)[0]
            return append_local(connection, changes, self.clock)

    def put(self, kind: str, record_id: str, values: Values) -> None:
        """Store a record under an id of the caller's (the roster: one record a device), new or changed."""
        the_kind = kind_named(kind)
        try:
            seen: Stored | None = self._get(record_id, kind)
        except NotFound:
            seen = None
        if seen is None:
            self._append(the_kind, [Change(kind, record_id, _given(the_kind.check(values)))], roster=True)
            return
        checked = the_kind.check_fields(values)
        differing = {name: value for name, value in checked.items() if value != seen.values.get(name)}
        if differing:
            preds = {name: seen.heads[name] for name in differing if seen.heads.get(name)}
            self._append(the_kind, [Change(kind, record_id, differing, preds)], roster=True)

    # Taking back

    def undo(self, spans: Iterable[tuple[str, int, int]]) -> int:
        """Take back what ops did, by new ops: (origin, first seq, last seq) each. Returns how many records changed.

        A record that one of them made is deleted; a field that one of them set goes back to what it was, unless
        somebody has changed it since.
        """
        origin = self.origin
        with self.writing() as connection:
            changes = undoing(connection, spans)
            if changes:
                append(connection, origin, changes, self.clock)
        return len(changes)

    def redact(self, record_ids: Iterable[str]) -> int:
        """Take the free text out of records and out of every copy, keeping their codes, dates and numbers.

        Each is erased and a record without words put in its place, because an edit would leave the old words in the
        journal. Only a coordinator's erasure is accepted elsewhere. Returns how many records had any words.
        """
        origin, count = self.origin, 0
        with self.writing() as connection:
            for record_id in record_ids:
                seen = queries.get(connection, record_id)
                the_kind = kind_named(seen.kind)
                kept = {
                    name: value
                    for name, value in seen.values.items()
                    if the_kind.fields[name].shape != "text"
                }
                if len(kept) == len(seen.values) or not the_kind.shared:
                    continue
                changes = [Change(seen.kind, record_id, {ERASED: True})]
                if not seen.deleted and kept:
                    changes.append(Change(seen.kind, "", kept))
                append(connection, origin, changes, self.clock)
                count += 1
        if count:
            self.scrub()
        return count

    # Reading

    def get(self, record_id: str) -> Stored:
        """The record with this id, or whose id begins or ends with these letters (4 or more), with its heads.

        Raises:
            NotFound: none, or more than one.
        """
        with self.reading() as connection:
            return queries.get(connection, record_id)

    def _get(self, record_id: str, kind: str) -> Stored:
        """The record of this kind with exactly this id."""
        with self.reading() as connection:
            return queries.get_exactly(connection, record_id, kind)

    def page(
        self,
        kind: str,
        offset: int = 0,
        limit: int = 256,
        *,
        text: str = "",
        where: Mapping[str, Any] | None = None,
        deleted: bool = False,
    ) -> list[Stored]:
        """Records of a kind, newest first, without heads; `text` searches words, `where` asks for values."""
        with self.reading() as connection:
            return queries.page(connection, kind_named(kind), offset, limit, text, where or {}, deleted)

    def count(
        self, kind: str, *, text: str = "", where: Mapping[str, Any] | None = None, deleted: bool = False
    ) -> int:
        """How many records `page` would give."""
        with self.reading() as connection:
            return queries.count(connection, kind_named(kind), text, where or {}, deleted)

    def many(self, kind: str, record_ids: Iterable[str]) -> dict[str, Stored]:
        """The records of a kind with these ids, by id; unknown ones are left out."""
        with self.reading() as connection:
            return queries.many(connection, kind_named(kind), list(record_ids))

    def columns(self, kind: str, fields: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        """Live records of a kind as tuples of the fields named (also record_id, created, updated, origin)."""
        with self.reading() as connection:
            yield from queries.columns(connection, kind_named(kind), list(fields))

    def terms(self) -> dict[str, dict[str, str]]:
        """What the network added to open code lists: list name -> code -> label."""
        found: dict[str, dict[str, str]] = {}
        for name, code, label in self.columns("term", ("list_name", "code", "label")):
            if name and code:
                found.setdefault(name, {})[code] = label or code
        return found

    def history(self, record_id: str) -> list[queries.Step]:
        """Every change of a record, the oldest first."""
        with self.reading() as connection:
            return queries.history(connection, record_id)

    def conflicts(self, limit: int = 1_000) -> list[queries.Clash]:
        """Fields with more than one current value, with every value, who set it and when."""
        with self.reading() as connection:
            return queries.conflicts(connection, limit)

    def conflict_count(self) -> int:
        """How many fields have more than one current value."""
        with self.reading() as connection:
            return int(execute(connection, "SELECT count(*) FROM conflict").fetchone()[0])

    def counts(self) -> dict[str, int]:
        """Live records by kind, every shared kind named."""
        with self.reading() as connection:
            return queries.counts(connection)

    def state_hash(self) -> str:
        """64 hexadecimal digits over all shared records: equal on two kits that hold the same operations."""
        with self.reading() as connection:
            return queries.state_hash(connection)

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


def _given(values: Values) -> Values:
    return {name: value for name, value in values.items() if value is not None}


def _check_edit(kind: Kind, before: Values, changes: Values) -> None:
    """An edit is held to the rules for what it touches: an older gap elsewhere must not stop a correction."""
    try:
        kind.check({**{name: value for name, value in before.items() if name in kind.fields}, **changes})
    except InvalidRecord as error:
        touched = {name: sentence for name, sentence in error.problems.items() if name in changes}
        try:
            kind.check({name: value for name, value in before.items() if name in kind.fields})
            earlier: dict[str, str] = {}
        except InvalidRecord as stood:
            earlier = stood.problems
        fresh = {name: sentence for name, sentence in error.problems.items() if name not in earlier}
        if problems := {**fresh, **touched}:
            raise InvalidRecord(problems) from None


__all__ = ["Kit", "Progress", "Stored", "no_progress"]
