"""What was erased, and which laptops have yet to say that it has reached them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from fieldkit.store.kit import Kit
from fieldkit.store.ops import REDACTS, Op
from fieldkit.sync.heard import seen_by
from fieldkit.sync.identity import Identity
from fieldkit.sync.roster import Roster

#: In what a laptop says it has seen, after an origin: the number that stands for the erasing ops held of it.
MARK = "#erasing"


@dataclass(frozen=True)
class Erasure:
    """An erasure, a withdrawal or words taken out, and the trusted laptops that have not said yet that it reached them."""

    record_id: str
    stamp: int
    by: str
    waiting: list[str]
    kind: str = ""
    words: bool = False
    """Whether words alone went, and the record stays."""


def what_is_seen(kit: Kit) -> dict[str, int]:
    """For a bundle's header: the last seq held of each origin, and which erasing ops are held up to there.

    A laptop holds most streams with gaps: that an op came says nothing about those before it.
    """
    last = kit.ledger.origins()
    marks = {
        f"{origin}{MARK}": number_of(_up_to(seqs, last.get(origin, 0)))
        for origin, seqs in _by_origin(kit.ledger.erasing()).items()
    }
    return marks | last


def erasures(kit: Kit, me: Identity) -> list[Erasure]:
    """Every erasure held here, the oldest first, with the laptops that have not confirmed it."""
    roster = Roster(kit, me)
    seen = seen_by(kit)
    ops = kit.ledger.erasing()
    held = _by_origin(ops)
    through = {
        (device, origin): _through(said, origin, seqs)
        for device, said in seen.items()
        for origin, seqs in held.items()
    }
    found = []
    for op in ops:
        writer = op.origin.partition(".")[0]
        waiting = [
            member.name
            for member in roster.members.values()
            if member.status == "trusted"
            and member.device not in {me.device, writer}
            and through.get((member.device, op.origin), 0) < op.seq
        ]
        found.append(
            Erasure(
                op.record_id,
                op.stamp,
                roster.name_of(op.origin),
                sorted(waiting),
                op.kind,
                REDACTS in op.fields,
            )
        )
    return found


def number_of(seqs: Sequence[int]) -> int:
    """A number of 52 bits that stands for exactly these seqs, given in ascending order."""
    return int.from_bytes(sha256(",".join(map(str, seqs)).encode()).digest()[:8], "big") >> 12


def _by_origin(ops: Sequence[Op]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for op in ops:
        found.setdefault(op.origin, []).append(op.seq)
    return {origin: sorted(seqs) for origin, seqs in found.items()}


def _up_to(seqs: list[int], last: int) -> list[int]:
    return seqs[: bisect_right(seqs, last)]


def _through(said: dict[str, int], origin: str, seqs: list[int]) -> int:
    """The last seq up to which a laptop holds every erasing op of an origin that is held here; 0 for none."""
    last = said.get(origin, 0)
    return last if said.get(origin + MARK) == number_of(_up_to(seqs, last)) else 0
