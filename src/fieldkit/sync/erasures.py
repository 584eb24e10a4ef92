"""What was erased, and which laptops have yet to say that it has reached them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from fieldkit.store.incarnation import former_of
from fieldkit.store.kit import Kit
from fieldkit.store.ops import REDACTS, Op
from fieldkit.store.reading import base_of
from fieldkit.sync.heard import MARK, Said, Speaker, branches, heard, in_use
from fieldkit.sync.identity import Identity
from fieldkit.sync.roster import Roster


@dataclass(frozen=True)
class Erasure:
    """An erasure, a withdrawal or words taken out, and the trusted laptops that have not said yet that it reached them.

    Where a laptop was copied, each copy in use has to say so. `earlier` are those laptops that have said so under a new
    name, and not under an older one: if their folder of before is still in use somewhere, it may hold the words.
    """

    record_id: str
    stamp: int
    by: str
    waiting: list[str]
    kind: str = ""
    words: bool = False
    """Whether words alone went, and the record stays."""
    earlier: list[str] = field(default_factory=list)


_Marks = list[tuple[int, bytes]]
"""(seq, hash) of the erasing ops held of an origin, in any of its branches, in their order."""


def what_is_seen(kit: Kit) -> dict[str, int]:
    """For a bundle's header: the last seq held of each origin, and which erasing ops are held up to there.

    A laptop holds most streams with gaps: that an op came says nothing about those before it.
    """
    last = kit.ledger.origins()
    through: dict[str, int] = {}
    for name, seq in last.items():
        through[base_of(name)] = max(through.get(base_of(name), 0), seq)
    marks = {
        f"{origin}{MARK}": number_of(_up_to(ops, through.get(origin, 0)))
        for origin, ops in _by_origin(kit.ledger.erasing()).items()
    }
    return marks | last


def erasures(kit: Kit, me: Identity) -> list[Erasure]:
    """Every erasure held here, the oldest first, with the laptops that have not confirmed it."""
    roster = Roster(kit, me)
    ops = kit.ledger.erasing()
    held, said = _Numbers(ops), heard(kit)
    laptops = [
        _Laptop(kit, me, member.device, member.name, said.get(member.device, {}), held)
        for member in roster.members.values()
        if member.status == "trusted"
    ]
    return [
        Erasure(
            op.record_id,
            op.stamp,
            roster.name_of(op.origin),
            sorted(name for one in laptops if (name := one.waited_for(op))),
            op.kind,
            REDACTS in op.fields,
            sorted(one.name for one in laptops if one.was_before(op)),
        )
        for _, op in ops
    ]


def not_counted(found: Sequence[Erasure]) -> str:
    """A sentence on the folders that laptops had before and that nobody waits for; "" where they all confirmed."""
    names = sorted({name for one in found for name in one.earlier})
    if not names:
        return ""
    whose = ", ".join(f"“{name}”" for name in names)
    return (
        f"Not counted: earlier folders of {whose}, which were copied, moved or put back since. "
        "Ask the keeper whether one is still in use or lies on another computer: it may hold the words."
    )


class _Laptop:
    """One laptop of the roster: which of its copies hold which erasing ops."""

    def __init__(
        self,
        kit: Kit,
        me: Identity,
        device: str,
        name: str,
        speakers: Mapping[str, Speaker],
        held: _Numbers,
    ) -> None:
        self.device, self.name = device, name
        self._own = me.device == device
        self._in_use = in_use(kit, speakers)
        if self._own:
            # What this kit holds it holds; what it was itself before is no other copy.
            self._in_use -= {me.origin, *former_of(kit)}
        # Where several laptops write under one name, nobody knows which of them it was that spoke.
        self._parted = {origin for origin in speakers if branches(kit, origin)}
        self._through = {
            origin: {stream: held.through(said, stream) for stream in held.streams}
            for origin, said in speakers.items()
        }
        # Most have come to all long ago: they need no look at each copy.
        self._all = {
            stream: min((through[stream] for through in self._through.values()), default=0)
            for stream in held.streams
            if not self._parted
        }

    def waited_for(self, op: Op) -> str:
        """The laptop's name if it, or a copy of it that is in use, has not said that it holds an op; else ""."""
        if op.seq <= self._all.get(op.origin, 0):
            return ""
        if not self._through:
            return "" if self._own or op.origin.partition(".")[0] == self.device else self.name
        without = [origin for origin in self._in_use if not self._holds(origin, op)]
        if not without:
            return ""
        several = len(self._in_use) + self._own
        return self.name if several < 2 else f"{self.name} ({len(without)} of {several} copies)"

    def was_before(self, op: Op) -> bool:
        """Whether a copy of it that seems to be no more in use has not said that it holds an op."""
        if op.seq <= self._all.get(op.origin, 0):
            return False
        return any(origin not in self._in_use and not self._holds(origin, op) for origin in self._through)

    def _holds(self, origin: str, op: Op) -> bool:
        if origin in self._parted and origin in self._in_use:
            return False
        # A program that does not say under which name it writes is taken to have what its laptop wrote.
        wrote = op.origin == origin or (not origin and op.origin.partition(".")[0] == self.device)
        return wrote or self._through[origin].get(op.origin, 0) >= op.seq


def number_of(ops: Sequence[tuple[int, bytes]]) -> int:
    """A number of 52 bits that stands for exactly these ops, (seq, hash) each, in ascending order."""
    said = ",".join(f"{seq}:{digest.hex()}" for seq, digest in ops)
    return int.from_bytes(sha256(said.encode()).digest()[:8], "big") >> 12


def _by_origin(ops: Sequence[tuple[bytes, Op]]) -> dict[str, _Marks]:
    found: dict[str, _Marks] = {}
    for digest, op in ops:
        found.setdefault(op.origin, []).append((op.seq, digest))
    return {origin: sorted(some) for origin, some in found.items()}


def _up_to(ops: _Marks, last: int) -> _Marks:
    return ops[: bisect_right(ops, last, key=lambda one: one[0])]


class _Numbers:
    """What laptops' numbers for erasing ops are compared with; each is worked out once."""

    def __init__(self, ops: Sequence[tuple[bytes, Op]]) -> None:
        self._held = _by_origin(ops)
        self._numbers: dict[tuple[str, int], int] = {}

    @property
    def streams(self) -> Iterable[str]:
        """The origins of erasing ops held here."""
        return self._held.keys()

    def through(self, said: Said, origin: str) -> int:
        """The last seq up to which a laptop holds every erasing op of an origin that is held here; 0 for none."""
        last, number = said.marks.get(origin, (0, 0))
        ops = _up_to(self._held[origin], last)
        if not ops:
            return 0
        if (place := (origin, len(ops))) not in self._numbers:
            self._numbers[place] = number_of(ops)
        return last if number == self._numbers[place] else 0
