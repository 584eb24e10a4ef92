"""Bounds on how much each laptop may write to one record, because folding loads all of it into memory."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from fieldkit.store.db.sql import execute
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.store.oplog.ops import damaged, decode_stored, inner_values, references
from fieldkit.store.oplog.redaction import erases_others
from fieldkit.store.projection.projection import Projection

#: The most changes of one record by one laptop: more than its users make.
MOST_CHANGES = 5_000
#: The most values replaced, values inside lists, and bytes in all changes of one record by one laptop, because folding holds them
#: in memory.
MOST_REFERENCES = 20_000
MOST_VALUES = 20_000
MOST_BYTES = 8 << 20
#: Where the changes of one record by all laptops exceed this multiple of the bounds, only small additions are accepted.
MOST_TOGETHER = 4
SMALL = 1 << 16


def check_shares(projection: Projection, senders: AbstractSet[str]) -> None:
    """Check the records that wait to be folded. `senders` are the devices whose changes arrive now.

    Changes are counted by laptop, so that one laptop's flood blocks nobody else. A relaying laptop can invent any number of other
    laptops, so the total is bounded as well.

    Raises:
        BundleRefused: damaged, more changes of one record than a person makes.
    """
    for record in projection.crowded(MOST_CHANGES, MOST_BYTES, MOST_REFERENCES, MOST_VALUES):
        shares: dict[str, _Share] = {}
        places = 0
        for origin, body in execute(
            projection.connection,
            "SELECT origin.name, op.body FROM op JOIN origin ON origin.id = op.origin WHERE op.record = ?",
            (record,),
        ):
            places += shares.setdefault(device_of(origin), _Share()).count(body)
        added, together = _Share(), _Share()
        for device, share in shares.items():
            together.add(share)
            if device in senders:
                added.add(share)
                if reason := share.exceeded_bound(places):
                    raise damaged(reason)
        if together.crowded and added.size > SMALL:
            raise damaged("more changes of one record than people make")


@dataclass
class _Share:
    """What one laptop, or all together, wrote to one record: changes, orders to erase text, refs in `preds`, values inside the
    lists of changes and of orders, bytes.
    """

    changes: int = 0
    orders: int = 0
    references: int = 0
    values: int = 0
    named: int = 0
    size: int = 0

    def count(self, body: bytes | None) -> int:
        """Count one op; returns 1 for an op whose text may be erased, else 0."""
        if body is None:
            return 1  # a skeleton folds to nothing
        op = decode_stored(body)
        self.size += len(body)
        if erases_others(op):
            self.orders += 1
            self.named += inner_values(op.fields.values())
            return 0
        self.values += inner_values(op.fields.values())
        self.changes += 1
        self.references += references(op)
        return 1

    def add(self, other: _Share) -> None:
        """Add the counts of another laptop."""
        self.references += other.references
        self.values += other.values + other.named
        self.size += other.size

    def exceeded_bound(self, places: int) -> str:
        """Which bound one laptop exceeds, "" for none; the record's number of `places` bounds its orders to erase text."""
        if self.changes > MOST_CHANGES or self.orders > MOST_CHANGES + 3 * places:
            return f"more than {MOST_CHANGES:,} changes of one record by one laptop"
        if self.references > MOST_REFERENCES:
            return f"changes of one record by one laptop that replace more than {MOST_REFERENCES:,} values"
        if self.values > MOST_VALUES or self.named > MOST_VALUES + 3 * places:
            return f"more than {MOST_VALUES:,} values in lists of one record by one laptop"
        if self.size > MOST_BYTES:
            return f"more than {MOST_BYTES >> 20} MB of changes of one record by one laptop"
        return ""

    @property
    def crowded(self) -> bool:
        """Whether all laptops together have written so much that folding takes too much memory."""
        return (
            self.references > MOST_TOGETHER * MOST_REFERENCES
            or self.values > MOST_TOGETHER * MOST_VALUES
            or self.size > MOST_TOGETHER * MOST_BYTES
        )
