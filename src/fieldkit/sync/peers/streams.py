"""What a coordinator's kit holds and lacks of each stream of changes."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from fieldkit.store.journal.bundle_reader import base_of, by_base
from fieldkit.store.journal.ingest import BRANCH
from fieldkit.store.kit import Kit
from fieldkit.sync.bundle.ranges import Runs, missing
from fieldkit.sync.peers.known_replicas import KnownReplicas

#: The most gaps of one stream in a receipt, the others follow in later ones; also the most that are stored of a coordinator's.
MOST_GAPS = 1_000

#: How the missing changes of a coordinator arrive.
THE_REST = "A coordinator's network file holds a part of its changes; its bundle brings the rest."


class HeldLine(msgspec.Struct, frozen=True, tag="held", tag_field="line"):
    """What is held of one origin, what is missing below its last op, and the hash of the last op."""

    origin: str
    runs: list[tuple[int, int]]
    missing: list[tuple[int, int]]
    hash: str


class Held:
    """What a coordinator's kit holds and lacks of each stream, by its own journal and by the reports of laptops."""

    def __init__(self, kit: Kit) -> None:
        self._kit, self._replicas = kit, KnownReplicas(kit)
        known = kit.ledger.origins()
        self._names = by_base(known)
        self.streams = sorted({*known, *self._replicas.last_held})
        """The origins with ops held here, and those under which their laptop reports to have written."""

    def lacking(self, origin: str) -> Runs:
        """The gaps in what is held of an origin, and the end of the stream if its laptop reports it and this kit lacks it.

        If copies of the laptop have diverged, the end of one is not the end of the other, and only the gaps are stated.
        """
        runs = self._kit.ledger.held(origin)
        gaps = missing(runs)
        held = runs[-1][1] if runs else 0
        last = self._replicas.last_held.get(origin, 0)
        return [*gaps, (held + 1, last)] if held < last and not self._replicas.branches(origin) else gaps

    def lines(self, origin: str) -> Iterator[HeldLine]:
        """One line for each unbroken run. Its last hash vouches only for that run, as a copy of the laptop may have written what
        is beyond a gap. A laptop restored from a backup, or a copy of one, knows a stream up to the fork, or as far as it
        reports; so that beginning of a run gets a line too.
        """
        ledger = self._kit.ledger
        # Ops before a branch are not gaps in it.
        begins = 1 if origin == base_of(origin) else min(ledger.held(origin), default=(1, 1))[0]
        gaps = [gap for gap in self.lacking(origin) if gap[0] >= begins][:MOST_GAPS]
        runs = ledger.unbroken_runs(origin)
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
        """The last seq before each branch of a stream: the end of what the copies have in common."""
        names = [name for name in self._names.get(base_of(origin), ()) if name != origin]
        return [runs[0][0] - 1 for name in names if (runs := self._kit.ledger.held(name))]


def lacking(kit: Kit, origin: str) -> Runs:
    """See `Held.lacking`."""
    return Held(kit).lacking(origin)
