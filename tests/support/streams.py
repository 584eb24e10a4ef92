"""Writing operations as other devices would, and carrying them from one kit to another."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from fieldkit.errors import BundleRefused
from fieldkit.store.journal.bundle_reader import Span, read_batches
from fieldkit.store.journal.ingest import Ingested
from fieldkit.store.kit import Kit
from fieldkit.store.oplog.ops import GENESIS, Op, chain, encode

#: A clock far ahead, in milliseconds.
YEAR_2106 = 4_300_000_000_000


def origin_of(letter: str) -> str:
    """The origin of a device whose fingerprint is one letter many times."""
    return letter * 26 + ".00000001"


#: The content of a valid line.
GOOD: dict[str, Any] = {
    "origin": origin_of("b"),
    "seq": 3,
    "stamp": 5,
    "kind": "event",
    "record_id": "event000",
    "fields": {"title": "Fair"},
    "preds": {"title": [f"{origin_of('b')}:2"]},
    "salt": "c2FsdA",
}


class Stream:
    """The ops of one device in order, as lines with their hashes."""

    def __init__(self, letter: str = "b") -> None:
        self.origin = origin_of(letter)
        self.ops: list[Op] = []
        self.lines: list[bytes] = []
        self.hashes = [GENESIS]

    def write(
        self,
        record_id: str,
        fields: dict[str, Any],
        preds: dict[str, list[str]] | None = None,
        *,
        kind: str = "event",
        clock: int = 0,
        schema: int = 1,
    ) -> Op:
        """Add an op, stamped by `clock` or by one more than the op before."""
        stamp = max(clock, self.ops[-1].stamp + 1 if self.ops else 1)
        op = Op(self.origin, len(self.lines) + 1, stamp, kind, record_id, fields, preds or {}, "salt", schema)
        self.ops.append(op)
        self.line(encode(op))
        return op

    def line(self, line: bytes) -> None:
        """Add a line unchanged."""
        self.lines.append(line)
        self.hashes.append(chain(self.hashes[-1], line))

    def span(self, first: int = 1, last: int = 0) -> Span:
        """The span from `first` to `last` (0: the end)."""
        last = last or len(self.lines)
        return Span(self.origin, first, last, self.hashes[first - 1], self.hashes[last])

    def parcel(self, first: int = 1, last: int = 0) -> Parcel:
        """The span from `first` to `last` (0: the end) with its lines."""
        span = self.span(first, last)
        return span, self.lines[span.first - 1 : span.last]


Parcel = tuple[Span, list[bytes]]


def allow_all(op: Op) -> None:
    """Allow everything, for `Merging.intake`."""


def take(kit: Kit, *parcels: Parcel) -> Ingested:
    """Merge one bundle with these parcels."""
    with kit.ledger.merging() as merging, merging.bundle():
        spans = [span for span, _ in parcels]
        lines = (line for _, lines in parcels for line in lines)
        return merging.intake(spans, allow_all).ingest_all(read_batches(lines, spans))


def parcels(kit: Kit, origins: Iterable[str] | None = None) -> list[Parcel]:
    """Everything that a kit would export of these origins, or of all origins."""
    sent: list[Parcel] = []
    names: Sequence[str] = list(kit.ledger.origins()) if origins is None else list(origins)
    with kit.ledger.outgoing() as outgoing:
        for origin in names:
            sent += [(span, list(outgoing.lines(span))) for span in outgoing.spans(origin)]
    return sent


def carry(source: Kit, *targets: Kit) -> None:
    """Bring everything that one kit holds to others."""
    for target in targets:
        take(target, *parcels(source))


@contextmanager
def unchanged(kit: Kit) -> Iterator[None]:
    """Check that the kit is unchanged by what happens inside, and ready for the next bundle."""
    before = (kit.state_hash(), kit.counts(), kit.ledger.origins(), parcels(kit))
    yield
    assert (kit.state_hash(), kit.counts(), kit.ledger.origins(), parcels(kit)) == before
    assert kit.check() == []


def refused(kit: Kit, *bundle: Parcel) -> BundleRefused:
    """The error of a bundle that must be refused and change nothing."""
    with unchanged(kit), pytest.raises(BundleRefused) as caught:
        take(kit, *bundle)
    return caught.value


# For examples that need many kits


@contextmanager
def kit_from(template: Path) -> Iterator[Kit]:
    """An open kit, copied from a closed one; it is removed afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "kit")
        shutil.copytree(template, home)
        with Kit.open(home) as kit:
            yield kit


def one_by_one(streams: Iterable[Stream], chance: random.Random) -> list[tuple[Stream, int]]:
    """Every op of these streams, by its stream and number, in random order."""
    pieces = [(stream, seq) for stream in streams for seq in range(1, len(stream.ops) + 1)]
    chance.shuffle(pieces)
    return pieces
