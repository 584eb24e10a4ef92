"""One transaction that merges bundles, and the lists of merged bundles and quarantined files that it writes."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from fieldkit.store.db.sql import execute
from fieldkit.store.journal.bundle_reader import Span
from fieldkit.store.journal.ingest import Ingested, Intake
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.store.oplog.ops import Op
from fieldkit.store.oplog.record_ids import now_ms
from fieldkit.store.projection.tables import table_of


@dataclass(frozen=True)
class QuarantinedFile:
    """A file in quarantine: `reason` is a short code, `words` the sender's fingerprint if it is known, `payload` the SHA-256 of
    its payload, by which the sender knows it.
    """

    sha256: str
    name: str
    reason: str
    sentence: str
    hint: str
    at: int
    device: str
    words: str
    payload: str = ""


class Merging:
    """One write transaction in which several bundles are merged, each under its own savepoint."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._number = 0

    @contextlib.contextmanager
    def bundle(self) -> Iterator[None]:
        """A savepoint: an exception inside undoes this bundle's changes and nothing else."""
        self._number += 1
        name = f"bundle_{self._number}"
        execute(self.connection, f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            # A full disk ends the whole transaction by itself; then there is no savepoint to roll back to.
            if self.connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]  # a connection in use has the driver's
                execute(self.connection, f"ROLLBACK TO {name}")
                execute(self.connection, f"RELEASE {name}")
            raise
        execute(self.connection, f"RELEASE {name}")

    def intake(
        self,
        spans: Sequence[Span],
        allowed: Callable[[Op], None],
        *,
        refusing: bool = False,
        relayer: str = "",
    ) -> Intake:
        """Where the batches of one bundle go; see `Intake`."""
        return Intake(self.connection, spans, allowed, refusing=refusing, relayer=relayer)

    def erased_since(self, since: int) -> int:
        """How many records the bundles merged after `since` ordered to erase without anybody being asked."""
        sql = "SELECT coalesce(sum(erasing), 0) FROM bundle_in WHERE merged >= ?"
        return int(execute(self.connection, sql, (since,)).fetchone()[0])

    def new_since(self, since: int) -> int:
        """How many new changes the bundles merged after `since` contained."""
        sql = "SELECT coalesce(sum(new), 0) FROM bundle_in WHERE merged >= ?"
        return int(execute(self.connection, sql, (since,)).fetchone()[0])

    def merged(self, manifest: str) -> bool:
        """Whether the bundle with this manifest (SHA-256, hexadecimal) was merged before."""
        return (
            execute(self.connection, "SELECT 1 FROM bundle_in WHERE manifest = ?", (manifest,)).fetchone()
            is not None
        )

    def streams(self, device: str) -> int:
        """The number of names that a device wrote under, including its branches."""
        row = execute(
            self.connection,
            "SELECT count(*) FROM origin WHERE name >= ? AND name < ?",
            (f"{device}.", f"{device}/"),
        ).fetchone()
        return int(row[0])

    def share(self, devices: Sequence[str], kinds: Sequence[str]) -> tuple[int, int]:
        """How many changes to records of these shared kinds are held from these devices together, and their bytes."""
        tables = [table.name for kind in kinds if (table := table_of(kind))]
        records = " UNION ALL ".join(f"SELECT record_id FROM {name}" for name in tables)  # noqa: S608  # names from the models
        count, size = execute(
            self.connection,
            "SELECT count(*), total(length(op.body)) FROM json_each(?) AS device "  # noqa: S608  # names from the models
            "JOIN origin ON origin.name >= device.value || '.' AND origin.name < device.value || '/' "
            f"JOIN op ON op.origin = origin.id WHERE op.record IN ({records})",
            (json.dumps(devices),),
        ).fetchone()
        return int(count), int(size)

    def share_of_unlisted(
        self, devices: Sequence[str], spans: Sequence[tuple[str, int, int]], kinds: Sequence[str]
    ) -> tuple[int, int]:
        """The same count for ops of laptops that are not on the roster. It covers the earlier bundles of these devices and
        `spans` of the present one.
        """
        roster, tables = table_of("device"), [table.name for kind in kinds if (table := table_of(kind))]
        assert roster is not None
        records = " UNION ALL ".join(f"SELECT record_id FROM {name}" for name in tables)  # noqa: S608  # names from the models
        listed = {row[0] for row in execute(self.connection, f"SELECT record_id FROM {roster.name}")}  # noqa: S608  # a name from the models
        earlier = execute(
            self.connection,
            "SELECT spans FROM bundle_in WHERE device IN (SELECT value FROM json_each(?))",
            (json.dumps(devices),),
        )
        runs = {tuple(run) for row in earlier for run in json.loads(row[0])} | set(spans)
        # Nearly everything that a deputy relays is from laptops on the roster, and is not looked at.
        if not (unlisted := sorted(run for run in runs if device_of(run[0]) not in listed)):
            return 0, 0
        count, size = execute(
            self.connection,
            "SELECT count(*), total(length(op.body)) FROM json_each(?) AS run "  # noqa: S608  # names from the models
            "JOIN origin ON origin.name = json_extract(run.value, '$[0]') JOIN op ON op.origin = origin.id "
            "AND op.seq BETWEEN json_extract(run.value, '$[1]') AND json_extract(run.value, '$[2]') "
            f"WHERE op.record IN ({records})",
            (json.dumps(unlisted),),
        ).fetchone()
        return int(count), int(size)

    def held(self, kind: str) -> tuple[int, int]:
        """How many records of a kind are held, from any device, and the bytes of all their changes."""
        table = table_of(kind)
        assert table is not None
        count, size = execute(
            self.connection,
            f"SELECT (SELECT count(*) FROM {table.name}), total(length(body)) FROM op "  # noqa: S608  # a name from the models
            f"WHERE record IN (SELECT record_id FROM {table.name})",
        ).fetchone()
        return int(count), int(size)

    def record(
        self, manifest: str, name: str, device: str, ops: int, ingested: Ingested, erasing: int = 0
    ) -> None:
        """Record that a bundle was merged; it ordered to erase `erasing` records without anybody being asked."""
        execute(
            self.connection,
            "INSERT INTO bundle_in (manifest, name, merged, device, ops, new, spans, erasing) "
            "VALUES (?,?,?,?,?,?,?,?) ON CONFLICT(manifest) DO NOTHING",
            (manifest, name, now_ms(), device, ops, ingested.ops, json.dumps(ingested.spans), erasing),
        )

    def add_to_quarantine(self, file: QuarantinedFile) -> None:
        """Record a file that could not be accepted."""
        execute(
            self.connection,
            "INSERT INTO quarantined (sha256, name, reason, sentence, hint, at, device, words, payload) "
            "VALUES (?,?,?,?,?,?,?,?,?) "
            "ON CONFLICT(sha256) DO UPDATE SET reason=excluded.reason, "
            "sentence=excluded.sentence, hint=excluded.hint",
            (
                file.sha256,
                file.name,
                file.reason,
                file.sentence,
                file.hint,
                file.at,
                file.device,
                file.words,
                file.payload,
            ),
        )

    def release(self, sha256: str) -> None:
        """Remove a file from the list of quarantined files, because it was accepted."""
        execute(self.connection, "DELETE FROM quarantined WHERE sha256 = ?", (sha256,))
