"""How much of one record each laptop wrote: folding loads all of it into memory, so it has bounds."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from fieldkit.store.db.sql import execute
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.store.oplog.ops import damaged, decode_stored, inner_values, references
from fieldkit.store.oplog.redaction import acts
from fieldkit.store.projection.projection import Projection

#: So many changes of one record no laptop's people make.
MOST_CHANGES = 5_000
#: So many values replaced, values inside lists, and bytes in all changes of one record by one laptop: folding holds them in
#: memory.
MOST_REFERENCES = 20_000
MOST_VALUES = 20_000
MOST_BYTES = 8 << 20
#: Where the changes of one record by all laptops come to so many times as much, only small additions are taken.
MOST_TOGETHER = 4
SMALL = 1 << 16


def check_shares(projection: Projection, senders: AbstractSet[str]) -> None:
    """Look at the records that wait to be folded. `senders` are the devices whose changes come now.

    Counted by laptop, so that one laptop's flood blocks nobody else; who relays for laptops that nobody has can make up any
    number of them, so all of them together are counted, too.

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
                if reason := share.beyond(places):
                    raise damaged(reason)
        if together.crowded and added.size > SMALL:
            raise damaged("more changes of one record than people make")


@dataclass
class _Share:
    """What was written of one record, by one laptop or by all: changes and orders to erase text, refs in `preds`, values inside
    lists, of changes and of orders, bytes.
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
            return 1  # nothing of a skeleton is folded
        op = decode_stored(body)
        self.size += len(body)
        if acts(op):
            self.orders += 1
            self.named += inner_values(op.fields.values())
            return 0
        self.values += inner_values(op.fields.values())
        self.changes += 1
        self.references += references(op)
        return 1

    def add(self, other: _Share) -> None:
        """Count what another laptop wrote, too."""
        self.references += other.references
        self.values += other.values + other.named
        self.size += other.size

    def beyond(self, places: int) -> str:
        """Which bound one laptop breaks, "" for none; a record's `places` bound the orders to erase text."""
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
        """Whether all laptops together have written so much that it takes much memory."""
        return (
            self.references > MOST_TOGETHER * MOST_REFERENCES
            or self.values > MOST_TOGETHER * MOST_VALUES
            or self.size > MOST_TOGETHER * MOST_BYTES
        )
