"""The journal: appending this device's own ops, and taking in ops that other devices wrote.

Both ways end in the same place: rows of the journal, then `Projection.apply`, in one transaction.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from fieldkit.errors import BundleRefused
from fieldkit.records.kinds import kinds
from fieldkit.store.fold import interpret
from fieldkit.store.ops import ERASED, GENESIS, SCHEMA, Gone, Op, chain, decode_many, encode, new_salt
from fieldkit.store.withdrawal import ALPHABET, TAIL, tail_of
from fieldkit.store.projection import Changed, Projection, Read, chunks, execute, execute_many, marks

_INSERT = "INSERT INTO op (origin, seq, record, hash, body) VALUES (?,?,?,?,?)"
_INSERT_FIRST = "INSERT INTO op (origin, seq, record, hash, body, prev) VALUES (?,?,?,?,?,?)"


@dataclass(frozen=True)
class Change:
    """A change to be written: the new values, and for each field the refs of the values it replaces."""

    kind: str
    record_id: str
    fields: dict[str, Any]
    preds: dict[str, list[str]] = field(default_factory=dict)
    code: str = ""
    """The receipt code that the person was given, for a new record."""


def new_record_id(origin: str, seq: int, code: str = "") -> str:
    """An id that sorts beside its neighbours (device, then sequence) and ends in 56 random bits.

    With a receipt `code`, its last 11 letters come from that code.

    Neighbours on one device stay neighbours in every index, which keeps merging quick; the random end keeps
    the ids of a copied laptop apart.
    """
    number = int.from_bytes(
        sha256(origin.encode()).digest()[:4] + (seq % 2**32).to_bytes(4, "big") + os.urandom(7), "big"
    )
    letters = []
    for _ in range(24):
        number, digit = divmod(number, 32)
        letters.append(ALPHABET[digit])
    record_id = "".join(reversed(letters))
    return record_id[:-TAIL] + tail_of(code) if code else record_id


def now_ms() -> int:
    """The wall clock in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def append(
    connection: Connection, origin: str, changes: Sequence[Change], clock: Callable[[], int] = now_ms
) -> tuple[list[Op], Changed]:
    """Write this device's own changes to shared kinds. The connection is in a write transaction.

    A change without a record id makes a new record.
    """
    row = execute(
        connection, "SELECT id, last_seq, last_hash, last_stamp FROM origin WHERE name = ?", (origin,)
    ).fetchone()
    if row is None:
        execute(
            connection,
            "INSERT INTO origin (name, last_seq, last_hash, last_stamp) VALUES (?,0,?,0)",
            (origin, GENESIS),
        )
        row = execute(
            connection, "SELECT id, last_seq, last_hash, last_stamp FROM origin WHERE name = ?", (origin,)
        ).fetchone()
    origin_id, seq, last, stamp = row
    ops, rows = [], []
    for change in changes:
        seq += 1
        stamp = max(clock(), stamp + 1)
        record_id = change.record_id or new_record_id(origin, seq, change.code)
        op = Op(origin, seq, stamp, change.kind, record_id, change.fields, change.preds, new_salt(), SCHEMA)
        line = encode(op)
        last = chain(last, line)
        ops.append(op)
        rows.append((origin_id, seq, record_id, bytearray(last), bytearray(line)))
    held = _held(connection, "op", [change.record_id for change in changes if change.record_id])
    execute_many(connection, _INSERT, rows)
    execute(
        connection,
        "UPDATE origin SET last_seq = ?, last_hash = ?, last_stamp = ? WHERE id = ?",
        (seq, last, stamp, origin_id),
    )
    return ops, Projection(connection).apply(ops, held)


def append_local(
    connection: Connection, changes: Sequence[Change], clock: Callable[[], int] = now_ms
) -> list[Op]:
    """Write changes to local kinds: the same ops, in a table that nothing exports."""
    origin = "local"
    seq = execute(connection, "SELECT coalesce(max(seq), 0) FROM local_op").fetchone()[0]
    ops = []
    for change in changes:
        seq += 1
        record_id = change.record_id or new_record_id(origin, seq)
        stamp = max(clock(), 0)
        ops.append(
            Op(origin, seq, stamp, change.kind, record_id, change.fields, change.preds, new_salt(), SCHEMA)
        )
    held = _held(connection, "local_op", [change.record_id for change in changes if change.record_id])
    execute_many(
        connection,
        "INSERT INTO local_op (seq, record, body) VALUES (?,?,?)",
        [(op.seq, op.record_id, encode(op)) for op in ops],
    )
    Projection(connection, "local_op").apply(ops, held)
    return ops


def _held(connection: Connection, journal: str, record_ids: Sequence[str]) -> set[str]:
    """Those of the record ids that the journal knows."""
    if not record_ids:
        return set()
    # Ids that one device made one after another are neighbours: one look at the index between the first and
    # the last then answers for all of them.
    between = execute(
        connection,
        f"SELECT DISTINCT record FROM {journal} WHERE record BETWEEN ? AND ? LIMIT 100",  # noqa: S608  # a fixed name
        (min(record_ids), max(record_ids)),
    ).fetchall()
    if len(between) < 100:
        return {row[0] for row in between}.intersection(record_ids)
    found: set[str] = set()
    for some in chunks(record_ids):
        found.update(
            row[0]
            for row in execute(
                connection,
                f"SELECT DISTINCT record FROM {journal} WHERE record IN ({marks(some)})",  # noqa: S608  # a fixed name and marks
                some,
            )
        )
    return found


Entry = tuple[bytes, Op | Gone, bytes, Read | None]
"""A line, what it says, its hash, and what its fields mean here."""


@dataclass(frozen=True)
class Span:
    """A run of one origin's ops in a bundle: first and last seq, the hash before it and its last hash."""

    origin: str
    first: int
    last: int
    prev: bytes
    last_hash: bytes


@dataclass
class Taken:
    """What a bundle brought: ops that were new here, ops held already, and what they did to records."""

    ops: int = 0
    known: int = 0
    records: Changed = field(default_factory=Changed)
    kinds: Counter[str] = field(default_factory=Counter)


class Intake:
    """Takes one bundle's ops into the journal, line by line, checking the chain of each origin.

    `allowed` is asked about each op that isn't a plain change to a shared kind, and raises BundleRefused.
    Everything happens in the caller's savepoint: an exception leaves nothing behind once that is rolled back.
    """

    BATCH = 1_000
    BATCH_BYTES = 4_000_000

    def __init__(self, connection: Connection, spans: Iterable[Span], allowed: Callable[[Op], None]) -> None:
        self.connection = connection
        self.spans = {(span.origin, span.first): span for span in spans}
        self.allowed = allowed
        self.taken = Taken()
        self._span: Span | None = None
        self._next = 0
        self._hash = GENESIS
        self._origin_id = 0
        self._lines: list[bytes] = []
        self._batch: list[Entry] = []
        self._bytes = 0
        self._done: set[tuple[str, int]] = set()
        self._kinds = kinds()

    def add(self, line: bytes) -> None:
        """Take one line; it may be looked at only when more have come.

        Raises:
            BundleRefused: damaged, not-allowed or cloned.
        """
        self._lines.append(line)
        self._bytes += len(line)
        if len(self._lines) >= self.BATCH or self._bytes >= self.BATCH_BYTES:
            self._take()

    def _take(self) -> None:
        lines, self._lines, self._bytes = self._lines, [], 0
        for line, op in zip(lines, decode_many(lines), strict=True):
            if self._span is None or op.seq != self._next or op.origin != self._span.origin:
                self._start(op)
            assert self._span is not None
            read: Read | None = None
            if type(op) is Op:
                read = self._check(op)
                self._hash = chain(self._hash, line)
            elif type(op) is Gone:
                self._hash = bytes.fromhex(op.gone)
            self._batch.append((line, op, self._hash, read))
            if op.seq == self._span.last:
                if self._hash != self._span.last_hash:
                    raise _broken("its operations do not add up to what its sender signed")
                self._flush()
                self._check_following(op.seq + 1)
                self._span = None
            else:
                self._next = op.seq + 1
        if self._batch:
            self._flush()

    def finish(self) -> Taken:
        """Say that all lines were given; returns what was taken.

        Raises:
            BundleRefused: damaged, when lines that the manifest lists are missing.
        """
        if self._lines:
            self._take()
        if self._span is not None or len(self._done) != len(self.spans):
            raise _broken("operations that its manifest lists are missing")
        return self.taken

    def _start(self, op: Op | Gone) -> None:
        span = self.spans.get((op.origin, op.seq))
        if self._span is not None or span is None or (op.origin, op.seq) in self._done:
            raise _broken("its operations are not the ones that its manifest lists")
        self._done.add((op.origin, op.seq))
        self._span, self._next, self._hash = span, op.seq, span.prev
        row = execute(self.connection, "SELECT id FROM origin WHERE name = ?", (op.origin,)).fetchone()
        if row is None:
            execute(
                self.connection,
                "INSERT INTO origin (name, last_seq, last_hash, last_stamp) VALUES (?,0,?,0)",
                (op.origin, GENESIS),
            )
            row = execute(self.connection, "SELECT id FROM origin WHERE name = ?", (op.origin,)).fetchone()
        self._origin_id = row[0]
        self._check_neighbour(span.first - 1, span.prev)

    def _check_neighbour(self, seq: int, expected: bytes) -> None:
        if seq == 0:
            held: bytes | None = GENESIS
        else:
            row = execute(
                self.connection, "SELECT hash FROM op WHERE origin = ? AND seq = ?", (self._origin_id, seq)
            ).fetchone()
            held = row[0] if row else None
        if held is not None and held != expected:
            raise cloned(seq)

    def _check_following(self, seq: int) -> None:
        """An op that was held without the one before it must follow the one that came now."""
        row = execute(
            self.connection, "SELECT prev FROM op WHERE origin = ? AND seq = ?", (self._origin_id, seq)
        ).fetchone()
        if row is not None and row[0] is not None and row[0] != self._hash:
            raise cloned(seq)

    def _check(self, op: Op) -> Read | None:
        kind = self._kinds.get(op.kind)
        if kind is not None and not kind.shared:
            raise BundleRefused(
                "not-allowed",
                f"It holds {kind.plural}, which never leave the laptop that they were written on.",
                kept="Nothing of it was stored.",
                hint="Tell the coordinator: the laptop that made this file may not be one of yours.",
            )
        if kind is None or kind.coordinator_only or ERASED in op.fields:
            self.allowed(op)
        if kind is None:
            return None
        try:
            return interpret(kind, op.fields, schema=op.schema)
        except ValueError as error:
            raise _broken(f"a value that no kit would have stored ({error})") from None

    def _flush(self) -> None:
        batch, self._batch = self._batch, []
        first, last = batch[0][1].seq, batch[-1][1].seq
        held = dict(
            execute(
                self.connection,
                "SELECT seq, hash FROM op WHERE origin = ? AND seq BETWEEN ? AND ?",
                (self._origin_id, first, last),
            ).fetchall()
        )
        if held:
            for _, op, digest, _ in batch:
                if held.get(op.seq, digest) != digest:
                    raise cloned(op.seq)
            self.taken.known += len(held)
            batch = [entry for entry in batch if entry[1].seq not in held]
            if not batch:
                return
        self._store(batch)

    def _store(self, batch: list[Entry]) -> None:
        span = self._span
        assert span is not None
        ops = [op for _, op, _, _ in batch if type(op) is Op]
        read = [entry[3] for entry in batch if type(entry[1]) is Op]
        known_records = _held(self.connection, "op", [op.record_id for op in ops])
        origin_id = self._origin_id
        # The driver looks for an adapter for bytes and for None, but not for a bytearray.
        rows = [
            (
                origin_id,
                op.seq,
                op.record_id,
                bytearray(digest),
                bytearray(line) if type(op) is Op else None,
            )
            for line, op, digest, _ in batch
        ]
        if batch[0][1].seq == span.first:
            execute(self.connection, _INSERT_FIRST, (*rows.pop(0), span.prev))
        execute_many(self.connection, _INSERT, rows)
        _, last, digest, _ = batch[-1]
        stamp = max((op.stamp for op in ops), default=0)
        execute(
            self.connection,
            "UPDATE origin SET last_stamp = max(last_stamp, ?), "
            "last_hash = CASE WHEN ? > last_seq THEN ? ELSE last_hash END, "
            "last_seq = max(last_seq, ?) WHERE id = ?",
            (stamp, last.seq, digest, last.seq, origin_id),
        )
        changed = Projection(self.connection).apply(ops, known_records, read)
        self.taken.ops += len(batch)
        records = self.taken.records
        records.new += changed.new
        records.changed += changed.changed
        records.conflicts += changed.conflicts
        records.erased += changed.erased
        self.taken.kinds.update(op.kind for op in ops)


def cloned(seq: int) -> BundleRefused:
    """The refusal of a stream that parts from the one held here."""
    return BundleRefused(
        "cloned",
        f"Change {seq:,} of this laptop is not the one held here: "
        "its folder was copied, or put back from an old copy.",
        kept="What was held before stays as it is; the file is set aside whole.",
        hint="Tell the coordinator: both laptops' entries are safe, but one needs to join anew.",
    )


def _broken(what: str) -> BundleRefused:
    return BundleRefused(
        "damaged",
        f"It holds {what}."
        if not what.startswith(("its", "operations"))
        else f"It does not hold together: {what}.",
        kept="Nothing of it was stored.",
        hint="Ask the sender to export again.",
    )
