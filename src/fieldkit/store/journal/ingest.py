"""Ingesting ops that other devices wrote: stored in batches, each in the stream that it belongs to.

If a device's stream differs from the one held here (its folder was copied, or an old copy restored), both are kept: the part that
differs is stored under the origin's name with `~` and the beginning of its first hash.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from fieldkit.store.db.sql import execute, execute_many, marks
from fieldkit.store.journal.append import held_records
from fieldkit.store.journal.bundle_reader import Batch, Span, base_of
from fieldkit.store.journal.hollow import accounting
from fieldkit.store.journal.record_shares import check_shares
from fieldkit.store.journal.refused_orders import dropped_spans, is_droppable, is_order, refused_orders
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.store.oplog.ops import GENESIS, Op, damaged, decode_stored
from fieldkit.store.projection.projection import Projection
from fieldkit.store.projection.tables import gather
from fieldkit.store.projection.tallies import Changed

_INSERT = "INSERT INTO op (origin, seq, record, hash, body) VALUES (?,?,?,?,?)"
_INSERT_FIRST = "INSERT INTO op (origin, seq, record, hash, body, prev) VALUES (?,?,?,?,?,?)"
#: Characters of the hash in the name of a branch.
BRANCH = 8
#: More streams than this under one name can't come from copied folders.
MOST_BRANCHES = 200
#: Records are folded once for each bundle, unless more than this are waiting.
MOST_WAITING = 20_000

Rows = list[tuple[int, str, bytearray, bytearray | None]]


@dataclass(frozen=True)
class _Run:
    """Consecutive rows of one origin; `prev` is the hash before them, if that op is not held under the same origin."""

    origin_id: int
    prev: bytes | None
    rows: Rows


@dataclass
class Ingested:
    """What ingesting a bundle did: new ops, ops held already, changes to records, streams that diverged."""

    ops: int = 0
    known: int = 0
    records: Changed = field(default_factory=Changed)
    kinds: Counter[str] = field(default_factory=Counter)
    not_understood: int = 0
    """Ops with an answer or a field that this version does not know."""
    spans: list[tuple[str, int, int]] = field(default_factory=list)
    """(origin under its name here, first seq, last seq) of the new ops."""
    parted: dict[str, int] = field(default_factory=dict)
    """Origin -> the first seq that two laptops wrote differently."""
    orders: list[tuple[bytes, str, str]] = field(default_factory=list)
    """(hash, kind, record id) of new orders to erase that count."""
    refused: set[bytes] = field(default_factory=set)
    """The hashes of new orders that are refused with this bundle."""


class Intake:
    """Ingests one bundle's batches into the journal, each in the stream or branch that it continues.

    `allowed` is called with each new op that isn't a plain change to a shared kind, and raises BundleRefused. With `refusing`, no
    new order to erase is obeyed, now or later. `relayer` is the device that sends the bundle; its record ids for skeletons of
    other laptops' ops are only claims. It is "" for a sender whose word on them is taken. Everything happens in the caller's
    savepoint: once that is rolled back, an exception leaves nothing behind.
    """

    def __init__(
        self,
        connection: Connection,
        spans: Sequence[Span],
        allowed: Callable[[Op], None],
        *,
        refusing: bool = False,
        relayer: str = "",
    ) -> None:
        self.connection = connection
        self.allowed = allowed
        self.ingested = Ingested()
        self._spans = spans
        self._base = ""
        self._before = GENESIS
        self._starts = False
        self._origin_id = 0
        self._siblings: dict[str, int] = {}
        self._projection = Projection(connection)
        self._refusing, self._refused = refusing, refused_orders(connection)
        self._relayer = relayer
        self._dropped = dropped_spans(connection)

    def ingest_all(self, batches: Iterable[Batch]) -> Ingested:
        """Ingest all batches of the bundle; returns what that did.

        Raises:
            BundleRefused: damaged or not-allowed.
        """
        for batch in batches:
            self._ingest(batch)
            if self._projection.waiting > MOST_WAITING:
                self._fold_waiting()
        self._fold_waiting()
        return self.ingested

    def _fold_waiting(self) -> None:
        """Fold the waiting records, unless one laptop sent more changes of one record than a person makes."""
        check_shares(self._projection, {device_of(span.origin) for span in self._spans})
        self.ingested.records.add(self._projection.fold_waiting())

    def _ingest(self, batch: Batch) -> None:
        if batch.starts:
            span = self._spans[batch.span]
            self._base, self._before, self._starts = base_of(span.origin), span.prev, True
            self._origin_id = self._home(span)
        for line, digest in batch.special:
            op = decode_stored(line)
            # An op that is held already changes nothing, whoever sends it: a former deputy sends its own ops again.
            if not self._changes_nothing(op, digest):
                self.allowed(op)
                if is_order(op):
                    self._note_order(digest, op)
        self._store(self._without_refused(batch))
        if batch.ends:
            self._check_following(batch.rows[-1][0] + 1, bytes(batch.rows[-1][2]))

    def _changes_nothing(self, op: Op, digest: bytes) -> bool:
        """Whether an op is held with its content, or its place stays empty. A skeleton that came before the op does not count."""
        for origin_id in self._siblings.values():
            row = execute(
                self.connection,
                "SELECT body IS NOT NULL FROM op WHERE origin = ? AND seq = ? AND hash = ?",
                (origin_id, op.seq, digest),
            ).fetchone()
            if row is not None:
                return bool(row[0]) or accounting(self.connection)(op.record_id, digest)
        return False

    def _note_order(self, digest: bytes, op: Op) -> None:
        if self._refusing:
            self._refused.add(digest)
            self.ingested.refused.add(digest)
        elif digest not in self._refused:
            self.ingested.orders.append((digest, op.kind, op.record_id))

    def _note_dropped(self, batch: Batch) -> None:
        runs = self._dropped.get(self._base, ())
        if not runs:
            return
        fresh = [
            digest
            for seq, _, digest, line in batch.rows
            if line is not None
            and any(first <= seq <= last for first, last in runs)
            and bytes(digest) not in self._refused
            and is_droppable(decode_stored(bytes(line)))
        ]
        execute_many(
            self.connection,
            "INSERT INTO refused_order (hash) VALUES (?) ON CONFLICT DO NOTHING",
            [(bytes(digest),) for digest in fresh],
        )
        self._refused.update(map(bytes, fresh))

    def _without_refused(self, batch: Batch) -> Batch:
        """The batch with refused orders and dropped ops replaced by empty places."""
        self._note_dropped(batch)
        if not self._refused or all(bytes(row[2]) not in self._refused for row in batch.rows):
            return batch
        rows = [(*row[:3], None if bytes(row[2]) in self._refused else row[3]) for row in batch.rows]
        ops = [decode_stored(bytes(line)) for *_, line in rows if line is not None]
        return Batch(batch.span, batch.starts, batch.ends, rows, gather(ops), batch.special)

    # Streams and their branches

    def _home(self, span: Span) -> int:
        """The row id of the origin that a span's ops belong to: its own, or the branch that it continues."""
        base = base_of(span.origin)
        rows = execute(
            self.connection,
            # By range, so that the index is used: a laptop may have thousands of incarnations.
            "SELECT id, name FROM origin WHERE name = ? OR (name > ? AND name < ?) ORDER BY name",
            (base, f"{base}~", f"{base}\x7f"),
        ).fetchall()
        self._siblings = {name: int(origin_id) for origin_id, name in rows}
        if span.first == 1:
            if span.prev != GENESIS:
                raise damaged("its first operation follows one that can't be")
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
            raise damaged("a laptop's stream that parts more often than copies of one can explain")
        self.ingested.parted.setdefault(base, seq)
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

    def _check_following(self, seq: int, digest: bytes) -> None:
        """Check that an op held without its predecessor follows the op that came now."""
        row = execute(
            self.connection, "SELECT prev FROM op WHERE origin = ? AND seq = ?", (self._origin_id, seq)
        ).fetchone()
        if row is not None and row[0] is not None and row[0] != digest:
            self.ingested.parted.setdefault(self._base, seq)

    # One batch

    def _store(self, batch: Batch) -> None:
        """Store those of the batch's ops that are not held yet, in the stream or in a branch of it."""
        rows, gathered = batch.rows, batch.gathered
        ids = list(self._siblings.values())
        held: dict[tuple[int, bytes], int] = {}
        hollow: set[tuple[int, bytes]] = set()
        for origin_id, seq, digest, empty in execute(
            self.connection,
            f"SELECT origin, seq, hash, body IS NULL FROM op WHERE origin IN ({marks(ids)}) AND seq BETWEEN ? AND ?",  # noqa: S608  # marks
            (*ids, rows[0][0], rows[-1][0]),
        ):
            held[int(seq), bytes(digest)] = int(origin_id)
            if empty:
                hollow.add((int(seq), bytes(digest)))
        if hollow:
            self._fill([row for row in rows if (row[0], bytes(row[2])) in hollow], held)
        if held:
            runs = self._runs(rows, held)
            ops = [decode_stored(bytes(line)) for run in runs for *_, line in run.rows if line is not None]
            gathered = gather(ops)
        else:
            runs = [_Run(self._origin_id, self._before if self._starts else None, rows)]
            self._before, self._starts = bytes(rows[-1][2]), False
        records = [record for run in runs for _, record, _, line in run.rows if line is not None]
        known = held_records(self.connection, "op", records)
        for run in runs:
            self._insert(run, gathered.stamp)
        self.ingested.records.add(self._projection.apply_gathered(gathered, known))
        self.ingested.kinds.update(gathered.kinds)
        self.ingested.not_understood += gathered.not_understood

    def _fill(self, rows: Rows, held: dict[tuple[int, bytes], int]) -> None:
        """Fill places that were hollow without an order; the hash of each op proves its content and its record. A skeleton from
        the laptop that wrote the op replaces one that another laptop relayed.
        """
        accounted = accounting(self.connection)
        whole = [row for row in rows if row[3] is not None]
        filled = [row for row in whole if not accounted(row[1], bytes(row[2]))]
        known = whole + ([] if self._relays else [row for row in rows if row[3] is None])
        execute_many(
            self.connection,
            "UPDATE op SET record = ?, relayed = NULL WHERE origin = ? AND seq = ?",
            [(record, held[seq, bytes(digest)], seq) for seq, record, digest, _ in known],
        )
        execute_many(
            self.connection,
            "UPDATE op SET body = ? WHERE origin = ? AND seq = ?",
            [(line, held[seq, bytes(digest)], seq) for seq, _, digest, line in filled],
        )
        gathered = gather([decode_stored(bytes(line)) for *_, line in filled if line is not None])
        self._projection.wait({record for _, record, _, _ in filled})
        self._projection.note_codes(gathered.codes)
        self.ingested.ops += len(filled)
        self.ingested.known -= len(filled)
        self.ingested.kinds.update(gathered.kinds)
        self.ingested.not_understood += gathered.not_understood
        for seq, _, digest, _ in filled:
            self._note_span(held[seq, bytes(digest)], seq, seq)

    @property
    def _relays(self) -> bool:
        """Whether the sender did not write the ops being read, and its word on them is not enough."""
        return bool(self._relayer) and device_of(self._base) != self._relayer

    def _runs(self, rows: Rows, held: dict[tuple[int, bytes], int]) -> list[_Run]:
        """The rows that are not held yet, in runs by the stream or branch that they belong to."""
        occupied = {(origin_id, seq) for (seq, _), origin_id in held.items()}
        runs: list[_Run] = []
        goes_on = False
        for row in rows:
            seq, digest = row[0], bytes(row[2])
            if (seq, digest) in held:
                self.ingested.known += 1
                self._origin_id, self._before, self._starts = held[seq, digest], digest, True
                goes_on = False
                continue
            if (self._origin_id, seq) in occupied:
                # Another laptop of the same name wrote a different op here.
                self._origin_id, self._starts = self._branch(self._base, seq, digest), True
                goes_on = False
            if not goes_on:
                runs.append(_Run(self._origin_id, self._before if self._starts else None, []))
                goes_on = True
            runs[-1].rows.append(row)
            self._before, self._starts = digest, False
        return runs

    def _insert(self, run: _Run, stamp: int) -> None:
        """Write the rows of a run into the journal; `stamp` is the latest of their stamps."""
        origin_id = run.origin_id
        rows = [(origin_id, *row) for row in run.rows]
        first, last, digest = rows[0][1], rows[-1][1], rows[-1][3]
        count = len(rows)
        if run.prev is not None:
            execute(self.connection, _INSERT_FIRST, (*rows.pop(0), run.prev))
        execute_many(self.connection, _INSERT, rows)
        execute(
            self.connection,
            "UPDATE origin SET last_stamp = max(last_stamp, ?), "
            "last_hash = CASE WHEN ? > last_seq THEN ? ELSE last_hash END, "
            "last_seq = max(last_seq, ?) WHERE id = ?",
            (stamp, last, digest, last, origin_id),
        )
        if self._relays and (hollow := [(origin_id, row[0]) for row in run.rows if row[3] is None]):
            execute_many(self.connection, "UPDATE op SET relayed = 1 WHERE origin = ? AND seq = ?", hollow)
        self.ingested.ops += count
        self._note_span(origin_id, first, last)

    def _note_span(self, origin_id: int, first: int, last: int) -> None:
        """Note that these places of a stream hold new ops."""
        name = next(name for name, sibling in self._siblings.items() if sibling == origin_id)
        spans = self.ingested.spans
        if spans and spans[-1][0] == name and spans[-1][2] + 1 == first:
            spans[-1] = (name, spans[-1][1], last)
        else:
            spans.append((name, first, last))
