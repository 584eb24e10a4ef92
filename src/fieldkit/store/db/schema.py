"""The tables beside the record tables: the journal and its tallies, drafts, settings, ledgers."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

#: Increase this when records fold differently although no model has changed (see `projection.shape`).
FOLD_VERSION = 8


class Origin(SQLModel, table=True):
    """One incarnation of a device, and how much of its stream is held here."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    last_seq: int = 0
    last_hash: bytes = b""
    last_stamp: int = 0


class OpRow(SQLModel, table=True):
    """One op of the shared journal. `body` is its line exactly as its device wrote it; None once erased."""

    __tablename__ = "op"
    __table_args__ = (
        UniqueConstraint("origin", "seq"),
        # Few places are hollow; they are looked up with every receipt.
        Index("ix_op_hollow", "origin", "seq", sqlite_where=text("body IS NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    origin: int
    seq: int
    record: str = Field(index=True)
    hash: bytes
    prev: bytes | None = None
    """The hash of the previous op, where that op is not held."""
    body: bytes | None = None
    relayed: int | None = None
    """1 for a skeleton that came from another laptop than its writer's: only that laptop says that it belongs to `record`."""


class LocalOp(SQLModel, table=True):
    """One operation on a local kind. No code that makes bundles reads this table."""

    __tablename__ = "local_op"
    id: int | None = Field(default=None, primary_key=True)
    seq: int = Field(unique=True)
    record: str = Field(index=True)
    body: bytes


class Other(SQLModel, table=True):
    """A record of a kind that this version does not know, kept as it came."""

    __table_args__ = (UniqueConstraint("kind", "record_id"),)
    row: int | None = Field(default=None, primary_key=True)
    kind: str
    record_id: str = Field(index=True)
    deleted: int = 0
    digest: bytes = b""


class Tally(SQLModel, table=True):
    """For each kind: the number of live and of deleted records, and the sum of their digests modulo 2^128."""

    kind: str = Field(primary_key=True)
    live: int = 0
    deleted: int = 0
    total: bytes = b"\0" * 16


class Conflict(SQLModel, table=True):
    """A field with more than one current value."""

    record_id: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)


class Withdrawn(SQLModel, table=True):
    """The tail of a record id whose receipt code was withdrawn; after a restore also `kind:id` of an erased record."""

    tail: str = Field(primary_key=True)


class RefusedOrder(SQLModel, table=True):
    """An order to erase that a coordinator refused, by its hash: its place in the chain stays empty."""

    __tablename__ = "refused_order"
    hash: bytes = Field(primary_key=True)


class DroppedSpan(SQLModel, table=True):
    """A run of a laptop's changes in which a coordinator dropped those of network kinds."""

    __tablename__ = "dropped_span"
    origin: str = Field(primary_key=True)
    first: int = Field(primary_key=True)
    last: int = Field(primary_key=True)


class Draft(SQLModel, table=True):
    """An unfinished entry. `record_id` is "" for a new one; `seen` holds the heads that the edit started from."""

    id: str = Field(primary_key=True)
    kind: str
    record_id: str = ""
    content: str = "{}"
    letters: str = "{}"
    seen: str = "{}"
    step: int = 0
    question: str = ""
    begun_by: str = ""
    updated: int = 0


class Setting(SQLModel, table=True):
    """A value that belongs to this laptop alone, as JSON."""

    key: str = Field(primary_key=True)
    value: str


class BundleOut(SQLModel, table=True):
    """A bundle that was exported from here."""

    __tablename__ = "bundle_out"
    number: int | None = Field(default=None, primary_key=True)
    name: str
    made: int
    through: str
    """The last of this laptop's own ops in it, by origin, as JSON."""
    ops: int
    sha256: str


class BundleIn(SQLModel, table=True):
    """A bundle that was merged here, by the SHA-256 of its manifest."""

    __tablename__ = "bundle_in"
    manifest: str = Field(primary_key=True)
    name: str
    merged: int
    device: str
    ops: int
    new: int
    spans: str = "[]"
    """(origin, first seq, last seq) of what was new here, as JSON."""
    erasing: int = 0
    """How many records it ordered to erase without anybody being asked."""


class Quarantined(SQLModel, table=True):
    """A file that could not be accepted, with the reason; a copy is in the quarantine folder."""

    __tablename__ = "quarantined"
    sha256: str = Field(primary_key=True)
    name: str
    reason: str
    sentence: str
    hint: str = ""
    at: int
    device: str = ""
    words: str = ""
    payload: str = ""
    """The SHA-256 of its payload, by which its sender knows it."""
