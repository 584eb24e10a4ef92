"""Counts of what a batch of ops did to records; and the counts and digest sums that are kept for each kind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import Connection

from fieldkit.store.db.sql import execute
from fieldkit.store.projection.tables import Group


class Tallies:
    """Changes to the counts and digest sums of each kind, collected and then written at once."""

    def __init__(self) -> None:
        self._changes: dict[str, list[int]] = {}

    def add(self, group: Group) -> None:
        """Add the records of a group."""
        change = self._changes.setdefault(group.kind, [0, 0, 0])
        deleted = sum([row[4] for row in group.rows])
        change[0] += len(group.rows) - deleted
        change[1] += deleted
        change[2] += int.from_bytes(group.total, "big")

    def take_out(self, kind: str, digest: bytes, *, deleted: bool) -> None:
        """Subtract one record."""
        change = self._changes.setdefault(kind, [0, 0, 0])
        change[1 if deleted else 0] -= 1
        change[2] -= int.from_bytes(digest, "big")

    def write(self, connection: Connection) -> None:
        """Write the collected changes to the table and forget them."""
        for kind, (live, deleted, total) in self._changes.items():
            held = execute(
                connection, "SELECT live, deleted, total FROM tally WHERE kind = ?", (kind,)
            ).fetchone() or (0, 0, b"")
            summed = (int.from_bytes(held[2], "big") + total) % (1 << 128)
            execute(
                connection,
                "INSERT INTO tally (kind, live, deleted, total) VALUES (?,?,?,?) "
                "ON CONFLICT(kind) DO UPDATE "
                "SET live=excluded.live, deleted=excluded.deleted, total=excluded.total",
                (kind, held[0] + live, held[1] + deleted, summed.to_bytes(16, "big")),
            )
        self._changes.clear()


@dataclass
class Changed:
    """What a batch did to records."""

    new: int = 0
    changed: int = 0
    conflicts: int = 0
    """Fields that have more than one value now, but did not before."""
    erased: int = 0
    redacted: int = 0
    """Ops that were redacted."""
    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    """The same counts by kind: kind -> new, changed, conflicts."""

    @property
    def cleared(self) -> bool:
        """Whether text was erased that must leave no trace."""
        return self.erased + self.redacted > 0

    def count(self, kind: str, what: str, number: int = 1) -> None:
        """Count records of a kind."""
        if number:
            self.kinds.setdefault(kind, Counter())[what] += number

    def add(self, other: Changed) -> None:
        """Add the counts of another batch."""
        self.new += other.new
        self.changed += other.changed
        self.conflicts += other.conflicts
        self.erased += other.erased
        self.redacted += other.redacted
        for kind, counted in other.kinds.items():
            self.kinds.setdefault(kind, Counter()).update(counted)
