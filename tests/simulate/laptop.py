"""One laptop of a story: its kit, what its user has been shown, and the contents of its journal."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from fieldkit.store.db.sql import execute
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.oplog.ops import Op, decode_stored
from fieldkit.sync.network.identity import Identity, identity
from fieldkit.sync.network.roster import Roster


@dataclass(frozen=True)
class Row:
    """One row of a kit's journal. `op` is None once it is erased; `relayed` then says that only a deputy has sent its skeleton,
    which does not count as the writer's: the place is missing until the writer or the creator sends it.
    """

    origin: str
    seq: int
    digest: bytes
    record: str
    op: Op | None
    relayed: bool = False


def journal(kit: Kit) -> list[Row]:
    """All rows of a kit's shared journal."""
    with kit.reading() as connection:
        rows = execute(
            connection,
            "SELECT origin.name, seq, hash, record, body, relayed FROM op JOIN origin ON origin.id = op.origin "
            "ORDER BY op.id",
        ).fetchall()
    return [
        Row(origin, seq, digest, record, decode_stored(body) if body is not None else None, bool(relayed))
        for origin, seq, digest, record, body, relayed in rows
    ]


@dataclass
class Laptop:
    """A folder and its user. `accepted` are the hashes of changes that the kit reported as stored."""

    name: str
    kit: Kit
    joined: bool = False
    copied: bool = False
    accepted: set[bytes] = field(default_factory=set)
    written: dict[tuple[str, int], bytes] = field(default_factory=dict)
    looks: dict[str, tuple[Stored, frozenset[bytes]]] = field(default_factory=dict)

    @property
    def me(self) -> Identity:
        return identity(self.kit)

    @property
    def coordinating(self) -> bool:
        return self.joined and Roster(self.kit, self.me).coordinating


@dataclass(frozen=True)
class Backup:
    """A backup file, and the changes that the user may count on after restoring it."""

    path: Path
    accepted: frozenset[bytes]


class Skip(Exception):
    """A step does not apply, because an earlier one was left out or had no effect."""
