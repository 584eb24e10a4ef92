"""Taking in ops that other devices wrote: checked line by line, chained per origin, stored in batches.

A device's stream that parts from the one held here (a folder that was copied, an old copy put back) is kept as well: the part
that differs goes under the origin's name with `~` and the beginning of its first hash.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from fieldkit.errors import BundleRefused
from fieldkit.records.kinds import kinds
from fieldkit.store.fold import interpret
from fieldkit.store.journal import held_records
from fieldkit.store.ops import ERASED, GENESIS, Gone, Op, chain, decode_many
from fieldkit.store.projection import Changed, Projection, Read, execute, execute_many, marks

_INSERT = "INSERT INTO op (origin, seq, record, hash, body) VALUES (?,?,?,?,?)"
_INSERT_FIRST = "INSERT INTO op (origin, seq, record, hash, body, prev) VALUES (?,?,?,?,?,?)"
#: Letters of a hash in the name of a branch.
BRANCH = 8
#: More streams under one name than this come from no copied folder.
MOST_BRANCHES = 200


def base_of(origin: str) -> str:
    """The origin that ops name themselves by, without the branch that they are kept under here."""
    return origin.partition("~")[0]


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
    """What a bundle brought: ops that were new here, ops held already, what they did to records, and streams that parted."""

    ops: int = 0
    known: int = 0
    records: Changed = field(default_factory=Changed)
    kinds: Counter[str] = field(default_factory=Counter)
    spans: list[tuple[str, int, int]] = field(default_factory=list)
    """(origin as it is named here, first seq, last seq) of what was new."""
    parted: dict[str, int] = field(default_factory=dict)
    """Origin -> the first seq that two laptops wrote differently."""


class Intake:
    """Takes one bundle's ops into the journal, line by line, checking the chain of each origin.

    `allowed` is asked about each op that isn't a plain change to a shared kind, and raises BundleRefused.
    Everything happens in the caller's savepoint: an exception leaves nothing behind once that is rolled back.
    """

    #: So few that what was decoded is still in the processor's cache when it is stored.
    BATCH = 300
    BATCH_BYTES = 4_000_000

    def __init__(self, connection: Connection, spans: Iterable[Span], allowed: Callable[[Op], None]) -> None:
        self.connection = connection
        self.allowed = allowed
        self.taken = Taken()
        self._todo: dict[tuple[str, int], deque[Span]] = {}
        for span in spans:
            beside = self._todo.setdefault((base_of(span.origin), span.first), deque())
            if any(other.origin == span.origin for other in beside):
                raise _broken("its manifest lists the same operations twice")
            beside.append(span)
        self._span: Span | None = None
        self._next = 0
        self._hash = GENESIS
        self._before = GENESIS
        self._starts = False
        self._base = ""
        self._origin_id = 0
        self._siblings: dict[str, int] = {}
        self._lines: list[bytes] = []
        self._batch: list[Entry] = []
        self._bytes = 0
        self._kinds = kinds()

    def add(self, line: bytes) -> None:
        """Take one line; it may be looked at only when more have come.

        Raises:
            BundleRefused: damaged or not-allowed.
        """
        self._lines.append(line)
        self._bytes += len(line)
        if len(self._lines) >= self.BATCH or self._bytes >= self.BATCH_BYTES:
            self._take()

    def finish(self) -> Taken:
        """Say that all lines were given; returns what was taken.

        Raises:
            BundleRefused: damaged, when lines that the manifest lists are missing.
        """
        if self._lines:
            self._take()
        if self._span is not None or any(self._todo.values()):
            raise _broken("operations that its manifest lists are missing")
        return self.taken

    def _take(self) -> None:
        lines, self._lines, self._bytes = self._lines, [], 0
        for line, op in zip(lines, decode_many(lines), strict=True):
            if self._span is None:
                self._start(op)
            elif op.seq != self._next or op.origin != self._base:
                raise _broken("its operations are not the ones that its manifest lists")
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

    def _start(self, op: Op | Gone) -> None:
        waiting = self._todo.get((op.origin, op.seq))
        if not waiting:
            raise _broken("its operations are not the ones that its manifest lists")
        span = waiting.popleft()
        self._span, self._next, self._hash = span, op.seq, span.prev
        self._before, self._starts = span.prev, True
        self._base = base_of(span.origin)
        self._origin_id = self._home(span)

    # Streams and their branches

    def _home(self, span: Span) -> int:
        """The row id of the origin that a span's ops belong under: its own, or the branch that it goes on."""
        base = base_of(span.origin)
        rows = execute(
            self.connection,
            "SELECT id, name FROM origin WHERE name = ? OR name LIKE ? ORDER BY name",
            (base, base + "~%"),
        ).fetchall()
        self._siblings = {name: int(origin_id) for origin_id, name in rows}
        if span.first == 1:
            if span.prev != GENESIS:
                raise _broken("its first operation follows one that can't be")
            return self._origin(base)
        for origin_id in self._siblings.values():
            if self._held_hash(origin_id, span.first - 1) == span.prev:
                return origin_id
        held = self._siblings.get(base)
        if held is None or self._held_hash(held, span.first - 1) is None:
            return self._origin(base)
        return self._branch(base, span.first - 1, span.prev)

    def _branch(self, base: str, seq: int, digest: bytes) -> int:
        if len(self._siblings) > MOST_BRANCHES:
            raise _broken("a laptop's stream that parts more often than copies of one can explain")
        self.taken.parted.setdefault(base, seq)
        return self._origin(f"{base}~{digest.hex()[:BRANCH]}")

    def _origin(self, name: str) -> int:
        if name not in self._siblings:
            cursor = execute(
                self.connection,
                "INSERT INTO origin (name, last_seq, last_hash, last_stamp) VALUES (?,0,?,0)",
                (name, GENESIS),
            )
            self._siblings[name] = int(cursor.lastrowid)
        return self._siblings[name]

    def _held_hash(self, origin_id: int, seq: int) -> bytes | None:
        row = execute(
            self.connection, "SELECT hash FROM op WHERE origin = ? AND seq = ?", (origin_id, seq)
        ).fetchone()
        return row[0] if row else None

    def _check_following(self, seq: int) -> None:
        """An op that was held without the one before it should follow the one that came now."""
        row = execute(
            self.connection, "SELECT prev FROM op WHERE origin = ? AND seq = ?", (self._origin_id, seq)
        ).fetchone()
        if row is not None and row[0] is not None and row[0] != self._hash and self._span is not None:
            self.taken.parted.setdefault(base_of(self._span.origin), seq)

    # One op, one batch

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
        """Store those of the batch's ops that are not held yet, in the stream or in a branch of it."""
        batch, self._batch = self._batch, []
        ids = list(self._siblings.values())
        held: dict[tuple[int, bytes], int] = {}
        taken: set[tuple[int, int]] = set()
        for origin_id, seq, digest in execute(
            self.connection,
            f"SELECT origin, seq, hash FROM op WHERE origin IN ({marks(ids)}) AND seq BETWEEN ? AND ?",  # noqa: S608  # marks
            (*ids, batch[0][1].seq, batch[-1][1].seq),
        ):
            held[seq, digest] = origin_id
            taken.add((origin_id, seq))
        fresh: list[Entry] = []
        for entry in batch:
            seq, digest = entry[1].seq, entry[2]
            if (seq, digest) in held:
                self._insert(fresh)
                fresh = []
                self.taken.known += 1
                self._origin_id, self._before, self._starts = held[seq, digest], digest, True
                continue
            if (self._origin_id, seq) in taken:
                # Another laptop of the same name wrote another op here.
                self._insert(fresh)
                fresh = []
                assert self._span is not None
                self._origin_id, self._starts = self._branch(base_of(self._span.origin), seq, digest), True
            fresh.append(entry)
        self._insert(fresh)

    def _insert(self, batch: list[Entry]) -> None:
        if not batch:
            return
        ops = [op for _, op, _, _ in batch if type(op) is Op]
        read = [entry[3] for entry in batch if type(entry[1]) is Op]
        known_records = held_records(self.connection, "op", [op.record_id for op in ops])
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
        if self._starts:
            execute(self.connection, _INSERT_FIRST, (*rows.pop(0), self._before))
        self._before, self._starts = batch[-1][2], False
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
        name = next(name for name, origin_id in self._siblings.items() if origin_id == self._origin_id)
        spans = self.taken.spans
        if spans and spans[-1][0] == name and spans[-1][2] + 1 == batch[0][1].seq:
            spans[-1] = (name, spans[-1][1], last.seq)
        else:
            spans.append((name, batch[0][1].seq, last.seq))
        self.taken.records.add(changed)
        self.taken.kinds.update(op.kind for op in ops)


def _broken(what: str) -> BundleRefused:
    return BundleRefused(
        "damaged",
        f"It holds {what}."
        if not what.startswith(("its", "operations"))
        else f"It does not hold together: {what}.",
        kept="Nothing of it was stored.",
        hint="Ask the sender to export again.",
    )
