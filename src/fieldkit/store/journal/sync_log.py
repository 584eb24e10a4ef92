"""What was exported, merged and quarantined: the journal as export and merge see it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fieldkit.store.db.sql import execute
from fieldkit.store.journal.bundle_reader import base_of
from fieldkit.store.journal.bundle_source import Outgoing
from fieldkit.store.journal.hollow import hollow_without_order
from fieldkit.store.journal.merge_transaction import Merging, QuarantinedFile
from fieldkit.store.journal.refused_orders import is_droppable
from fieldkit.store.local.stored_settings import Transaction
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.store.oplog.ops import LARGEST, Op, decode_stored
from fieldkit.store.query import history


def _without(runs: list[tuple[int, int]], seqs: list[int]) -> Iterator[tuple[int, int]]:
    """The runs without these seqs, which are in ascending order and all lie in the runs."""
    place = 0
    for first, last in runs:
        while place < len(seqs) and seqs[place] <= last:
            if first < seqs[place]:
                yield first, seqs[place] - 1
            first = seqs[place] + 1
            place += 1
        if first <= last:
            yield first, last


@dataclass(frozen=True)
class Sent:
    """A bundle that was exported from here. `through` is the seq of the last of this laptop's own ops in it, by origin."""

    number: int
    name: str
    made: int
    through: dict[str, int]
    ops: int


@dataclass(frozen=True)
class Unsent:
    """How many of this laptop's own changes are in no bundle yet, and the stamp of the oldest (0 for none)."""

    ops: int
    oldest: int


@dataclass(frozen=True)
class Received:
    """A bundle that was merged here; `spans` are (origin, first seq, last seq) of its new ops."""

    manifest: str
    name: str
    merged: int
    device: str
    ops: int
    new: int
    spans: list[tuple[str, int, int]]


class Ledger:
    """Streams read from the journal, and the lists of bundles sent, merged and quarantined."""

    def __init__(self, reading: Transaction, writing: Transaction) -> None:
        self._reading, self._writing = reading, writing

    # What is held

    def held(self, origin: str) -> list[tuple[int, int]]:
        """The unbroken runs of an origin's ops held here, (first seq, last seq); unaccounted hollow places do not count."""
        with self._reading() as connection:
            hollow = hollow_without_order(connection, origin)
            rows = execute(
                connection,
                "SELECT min(seq), max(seq) FROM (SELECT seq, seq - row_number() OVER (ORDER BY seq) AS run FROM op "
                "WHERE origin = (SELECT id FROM origin WHERE name = ?)) GROUP BY run ORDER BY 1",
                (origin,),
            ).fetchall()
        return list(_without([(int(first), int(last)) for first, last in rows], hollow))

    def unbroken_runs(self, origin: str) -> list[tuple[int, int]]:
        """The runs of `held`, cut where an op does not follow its predecessor: a copied laptop wrote one of the two."""
        with self._reading() as connection:
            cuts = [
                row[0]
                for row in execute(
                    connection,
                    "SELECT op.seq FROM op JOIN op AS before ON before.origin = op.origin AND before.seq = op.seq - 1 "
                    "WHERE op.origin = (SELECT id FROM origin WHERE name = ?) "
                    "AND op.prev IS NOT NULL AND op.prev <> before.hash ORDER BY op.seq",
                    (origin,),
                )
            ]
        runs = []
        for first, last in self.held(origin):
            starts = [first, *(cut for cut in cuts if first < cut <= last)]
            runs += list(zip(starts, [*(start - 1 for start in starts[1:]), last], strict=True))
        return runs

    def hash_of(self, origin: str, seq: int) -> bytes | None:
        """The hash of one op, None if it is not held."""
        with self._reading() as connection:
            row = execute(
                connection,
                "SELECT hash FROM op WHERE origin = (SELECT id FROM origin WHERE name = ?) AND seq = ?",
                (origin, seq),
            ).fetchone()
        return row[0] if row else None

    def last_stamp(self, origin: str) -> int:
        """The stamp of the last op of an origin, 0 if there is none."""
        with self._reading() as connection:
            row = execute(connection, "SELECT last_stamp FROM origin WHERE name = ?", (origin,)).fetchone()
        return int(row[0]) if row else 0

    def last_local_stamp(self) -> int:
        """The stamp of the last change to a local kind, which no origin counts; 0 if there is none."""
        with self._reading() as connection:
            row = execute(
                connection, "SELECT body FROM local_op WHERE body IS NOT NULL ORDER BY seq DESC LIMIT 1"
            ).fetchone()
        return decode_stored(row[0]).stamp if row else 0

    def stamp_of(self, origin: str, first: int, last: int = LARGEST) -> int:
        """The stamp of the first op of a run that is not erased, by its device's clock; if none, that of the origin's last op."""
        with self._reading() as connection:
            row = execute(
                connection,
                "SELECT body FROM op WHERE origin = (SELECT id FROM origin WHERE name = ?) AND seq BETWEEN ? AND ? "
                "AND body IS NOT NULL ORDER BY seq LIMIT 1",
                (origin, first, last),
            ).fetchone()
        return decode_stored(row[0]).stamp if row else self.last_stamp(origin)

    def erasing(self) -> list[tuple[bytes, Op]]:
        """(hash, op) of all erasing ops held here, the oldest first: see `chronicle.erasing`. Reads the whole journal."""
        with self._reading() as connection:
            return sorted(history.erasing(connection), key=lambda entry: (entry[1].rank, entry[0]))

    def erased_since(self, last: Mapping[str, int]) -> int:
        """How many records were ordered to be erased beyond these changes: see `history.erased_since`."""
        with self._reading() as connection:
            return history.erased_since(connection, last)

    def erasing_places(self) -> dict[str, list[tuple[int, bytes]]]:
        """The places of all erasing ops, as `history.places_of` gives them. Reads the whole journal."""
        with self._reading() as connection:
            return history.places_of(history.erasing(connection))

    def refs_of(self, record_id: str, kind: str = "") -> list[tuple[str, int]]:
        """(origin, seq) of every op of a record, of one kind or any; skeletons are included, as they do not state their kind."""
        with self._reading() as connection:
            rows = execute(
                connection,
                "SELECT origin.name, op.seq, op.body FROM op JOIN origin ON origin.id = op.origin WHERE op.record = ?",
                (record_id,),
            ).fetchall()
        return [
            (str(name), int(seq))
            for name, seq, body in rows
            if body is None or not kind or decode_stored(body).kind == kind
        ]

    def records_outside(self, runs: Mapping[str, Sequence[Sequence[int]]]) -> set[str]:
        """The ids of all records with an op that is not within `runs`: origin -> (first seq, last seq) of each run.

        These are the ops that arrived since `held` returned those runs, whenever they were made.
        """
        records: set[str] = set()
        with self._reading() as connection:
            for (name,) in execute(connection, "SELECT name FROM origin ORDER BY name").fetchall():
                known = sorted((int(first), int(last)) for first, last in runs.get(name, ()))
                first, last = known[0] if known else (0, -1)
                rows = execute(
                    connection,
                    "SELECT seq, record FROM op WHERE origin = (SELECT id FROM origin WHERE name = ?) "
                    "AND (seq < ? OR seq > ?)",
                    (name, first, last),
                )
                records.update(record for seq, record in rows if not any(a <= seq <= b for a, b in known[1:]))
        return records

    def own_network_ops(self, device: str) -> list[tuple[str, int, str, str, int]]:
        """(origin, seq, kind, record id, bytes) of a device's ops of network kinds, except the roster and the rules, in records
        that no other device wrote to.
        """
        ops = []
        with self._reading() as connection:
            for name, seq, record_id, body in execute(
                connection,
                "SELECT origin.name, op.seq, op.record, op.body FROM op JOIN origin ON origin.id = op.origin "
                "WHERE origin.name >= ? AND origin.name < ? AND op.body IS NOT NULL AND NOT EXISTS ("
                "SELECT 1 FROM op AS other JOIN origin AS of ON of.id = other.origin WHERE other.record = op.record "
                "AND NOT (of.name >= ? AND of.name < ?)) ORDER BY origin.name, op.seq",
                (f"{device}.", f"{device}/", f"{device}.", f"{device}/"),
            ):
                if is_droppable(op := decode_stored(body)):
                    ops.append((base_of(name), int(seq), op.kind, str(record_id), len(body)))
        return ops

    def last_merged(self) -> dict[str, int]:
        """Device id -> when its latest bundle was merged here (milliseconds since 1970)."""
        with self._reading() as connection:
            return dict(
                execute(connection, "SELECT device, max(merged) FROM bundle_in GROUP BY device").fetchall()
            )

    # Out

    @contextlib.contextmanager
    def outgoing(self) -> Iterator[Outgoing]:
        """One consistent view of the journal for an export."""
        with self._reading() as connection:
            yield Outgoing(connection)

    def origins(self) -> dict[str, int]:
        """Every known origin, with the last seq held."""
        with self._reading() as connection:
            return dict(execute(connection, "SELECT name, last_seq FROM origin ORDER BY name").fetchall())

    def note_sent(self, name: str, made: int, through: dict[str, int], ops: int, sha256: str) -> int:
        """Record an exported bundle; returns its number, 1 for the first."""
        with self._writing() as connection:
            cursor = execute(
                connection,
                "INSERT INTO bundle_out (name, made, through, ops, sha256) VALUES (?,?,?,?,?)",
                (name, made, json.dumps(through), ops, sha256),
            )
            return int(cursor.lastrowid)

    def sent(self) -> list[Sent]:
        """Bundles exported from here, the latest first."""
        with self._reading() as connection:
            rows = execute(
                connection, "SELECT number, name, made, through, ops FROM bundle_out ORDER BY number DESC"
            ).fetchall()
        return [
            Sent(number, name, made, json.loads(through), ops) for number, name, made, through, ops in rows
        ]

    def sent_name(self, payload: str) -> str:
        """The name of the exported bundle whose payload has this SHA-256, "" if there is none."""
        with self._reading() as connection:
            row = execute(connection, "SELECT name FROM bundle_out WHERE sha256 = ?", (payload,)).fetchone()
        return str(row[0]) if row else ""

    def next_number(self) -> int:
        """The number that the next bundle will get."""
        with self._reading() as connection:
            return int(
                execute(connection, "SELECT coalesce(max(number), 0) + 1 FROM bundle_out").fetchone()[0]
            )

    def sent_through(self) -> dict[str, int]:
        """Origin of this laptop -> the seq of its last change in any bundle made here."""
        through: dict[str, int] = {}
        for sent in self.sent():
            for name, last in sent.through.items():
                through[name] = max(through.get(name, 0), last)
        return through

    def unsent(self, origin: str) -> Unsent:
        """The changes that are in no bundle yet, of all incarnations of the laptop that `origin` belongs to."""
        through = self.sent_through()
        device = device_of(origin)
        count = oldest = 0
        for name, last in self.origins().items():
            if device_of(name) == device and last > through.get(name, 0):
                count += last - through.get(name, 0)
                stamp = self.stamp_of(name, through.get(name, 0) + 1)
                oldest = min(oldest or stamp, stamp)
        return Unsent(count, oldest)

    # In

    @contextlib.contextmanager
    def merging(self, *, keep: bool = True) -> Iterator[Merging]:
        """A write transaction for merging bundles; keep=False undoes all of it at the end (a dry run)."""
        with contextlib.suppress(_Undo), self._writing() as connection:
            yield Merging(connection)
            if not keep:
                raise _Undo

    def received(self, limit: int = 1_000, device: str = "") -> list[Received]:
        """Bundles merged here, of every device or of one, the latest first."""
        with self._reading() as connection:
            rows = execute(
                connection,
                "SELECT manifest, name, merged, device, ops, new, spans FROM bundle_in WHERE ? IN ('', device) "
                "ORDER BY merged DESC LIMIT ?",
                (device, limit),
            ).fetchall()
        return [
            Received(manifest, name, merged, device, ops, new, [tuple(span) for span in json.loads(spans)])
            for manifest, name, merged, device, ops, new, spans in rows
        ]

    def merged_before(self, manifest: str) -> bool:
        """Whether the bundle with this manifest was merged before."""
        with self._reading() as connection:
            return (
                execute(connection, "SELECT 1 FROM bundle_in WHERE manifest = ?", (manifest,)).fetchone()
                is not None
            )

    def add_to_quarantine(self, file: QuarantinedFile) -> None:
        """Record a file that could not be accepted, outside a merge."""
        with self._writing() as connection:
            Merging(connection).add_to_quarantine(file)

    def quarantine(self) -> list[QuarantinedFile]:
        """Files in quarantine, the latest first."""
        with self._reading() as connection:
            rows = execute(
                connection,
                "SELECT sha256, name, reason, sentence, hint, at, device, words, payload FROM quarantined "
                "ORDER BY at DESC",
            ).fetchall()
        return [QuarantinedFile(*row) for row in rows]

    def release(self, sha256: str) -> None:
        """Remove a file from the list: it was accepted or discarded."""
        with self._writing() as connection:
            execute(connection, "DELETE FROM quarantined WHERE sha256 = ?", (sha256,))


class _Undo(Exception):
    """Ends a dry run."""
