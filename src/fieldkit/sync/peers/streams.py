"""What a coordinator's kit holds and lacks of each stream of changes."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from fieldkit.store.journal.bundle_reader import base_of, by_base
from fieldkit.store.journal.ingest import BRANCH
from fieldkit.store.kit import Kit
from fieldkit.sync.bundle.ranges import Runs, missing
from fieldkit.sync.peers.known_replicas import KnownReplicas

#: More gaps of one stream are asked for with a later receipt; of one coordinator's, no more are remembered.
MOST_GAPS = 1_000

#: How what is missing of a coordinator comes.
THE_REST = "A coordinator's network file holds a part of its changes; its bundle brings the rest."


class HeldLine(msgspec.Struct, frozen=True, tag="held", tag_field="line"):
    """What is held of one origin, what is missing below its last op, and the hash of the last."""

    origin: str
    runs: list[tuple[int, int]]
    missing: list[tuple[int, int]]
    hash: str


class Held:
    """What a coordinator's kit holds and lacks of each stream, by what it has itself and what laptops say."""

    def __init__(self, kit: Kit) -> None:
        self._kit, self._replicas = kit, KnownReplicas(kit)
        known = kit.ledger.origins()
        self._names = by_base(known)
        self.streams = sorted({*known, *self._replicas.lasts})
        """The origins of which something is held here, and those whose laptop says that it has written under them."""

    def lacking(self, origin: str) -> Runs:
        """The gaps in what is held of an origin, with the end that its laptop has by its own latest bundle and this kit
        lacks.

        Where copies of the laptop have parted, the end of one is no end of the other's, and only the gaps are stated.
        """
        runs = self._kit.ledger.held(origin)
        gaps = missing(runs)
        held = runs[-1][1] if runs else 0
        last = self._replicas.lasts.get(origin, 0)
        return [*gaps, (held + 1, last)] if held < last and not self._replicas.branches(origin) else gaps

    def lines(self, origin: str) -> Iterator[HeldLine]:
        """One line for each unbroken run: its last hash vouches for that run alone, as on the other side of a gap may lie
        what a copy of the laptop wrote. A laptop restored from a backup, or a copy of one, knows a stream up to where
        another goes on, or as far as it says itself: so that beginning of a run is said too.
        """
        ledger = self._kit.ledger
        # What lies before a branch is no gap of it.
        begins = 1 if origin == base_of(origin) else min(ledger.held(origin), default=(1, 1))[0]
        gaps = [gap for gap in self.lacking(origin) if gap[0] >= begins][:MOST_GAPS]
        runs = ledger.unbroken(origin)
        if not runs and gaps:
            yield HeldLine(origin, [], gaps, "")
        ends = {*self._replicas.ends_of(origin), *self._forks(origin)}
        for place, (first, last) in enumerate(runs):
            start = (ledger.hash_of(origin, first) or b"").hex()[:BRANCH]
            for end in sorted({last, *(known_end for known_end in ends if first <= known_end < last)}):
                plain = place == 0 and end == last
                name = origin if plain else f"{base_of(origin)}~{start}{end if end != last else ''}"
                digest = ledger.hash_of(origin, end) or b""
                yield HeldLine(name, [(first, end)], gaps if plain else [], digest.hex())

    def _forks(self, origin: str) -> list[int]:
        """The last seq before each branch of a stream: what a copy of the laptop has in common with it."""
        names = [name for name in self._names.get(base_of(origin), ()) if name != origin]
        return [runs[0][0] - 1 for name in names if (runs := self._kit.ledger.held(name))]


def lacking(kit: Kit, origin: str) -> Runs:
    """See `Held.lacking`."""
    return Held(kit).lacking(origin)
