"""What was erased, and which laptops have not yet confirmed the erasure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from fieldkit.store.journal.bundle_reader import by_base, through
from fieldkit.store.kit import Kit
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.store.oplog.ops import REDACTS, Op
from fieldkit.store.oplog.receipt_codes import KIND as WITHDRAWAL
from fieldkit.store.query.history import places_of
from fieldkit.sync.bundle.peer_reports import Report
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Member, Roster
from fieldkit.sync.peers.known_replicas import KnownReplicas
from fieldkit.sync.peers.reports import MARK


@dataclass(frozen=True)
class Erasure:
    """An erasure, a withdrawal or a redaction, and the trusted laptops that have not confirmed it yet.

    If a laptop was copied, each copy in use has to confirm it. `earlier` are the laptops that have confirmed it under a new name
    but not under an older one: if their earlier folder is still in use somewhere, it may hold the text. `revoked` are laptops
    that nobody waits for.
    """

    record_id: str
    stamp: int
    by: str
    waiting: list[str]
    kind: str = ""
    text_only: bool = False
    """Whether only text was erased, and the record stays."""
    earlier: list[str] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    copies: bool = False
    """Whether a laptop with several copies is waited for."""

    @property
    def confirmed(self) -> str:
        """The text shown if nobody is waited for."""
        left = self.earlier or self.revoked
        return (
            "confirmed by every laptop that is waited for; see below" if left else "confirmed by every laptop"
        )


_Marks = list[tuple[int, bytes]]
"""(seq, hash) of the erasing ops held of an origin, in any of its branches, in order."""


def what_is_seen(kit: Kit) -> dict[str, int]:
    """For a bundle's header: the last seq held of each origin, and which erasing ops are held up to there; origins with erasing
    ops come first.

    A laptop holds most streams with gaps: holding one op does not imply holding those before it.
    """
    last = kit.ledger.origins()
    names, ends = by_base(last), through(last)
    seen: dict[str, int] = {}
    for origin, ops in kit.ledger.erasing_places().items():
        seen[f"{origin}{MARK}"] = number_of(_up_to(ops, ends[origin]))
        seen |= {name: last[name] for name in names[origin]}
    return seen | last


def erasures(kit: Kit, me: Identity) -> list[Erasure]:
    """Every erasure held here, the oldest first, with the laptops that have not confirmed it. An erasure ordered twice, on two
    laptops or by a restored one, counts once.
    """
    roster = Roster(kit, me)
    ops = kit.ledger.erasing()
    held, replicas = _Numbers(ops), KnownReplicas(kit)
    laptops = [
        _Laptop(replicas, me, member, held)
        for member in roster.members.values()
        if member.status == "trusted" or replicas.of(member.device)
    ]
    trusted = [laptop for laptop in laptops if laptop.trusted]
    orders: dict[tuple[str, str], list[Op]] = {}
    for digest, op in ops:
        what = str(op.fields["code"]) if op.kind == WITHDRAWAL else op.record_id
        orders.setdefault((op.kind, digest.hex() if REDACTS in op.fields else what), []).append(op)
    listed = []
    for same in orders.values():
        op = same[0]
        waiting = sorted(name for laptop in trusted if (name := laptop.waited_for(same)))
        listed.append(
            Erasure(
                op.record_id,
                op.stamp,
                roster.name_of(op.origin),
                waiting,
                op.kind,
                REDACTS in op.fields,
                sorted(laptop.name for laptop in trusted if laptop.was_before(same)),
                sorted(laptop.name for laptop in laptops if not laptop.trusted and laptop.waited_for(same)),
                any(name.endswith(" copies)") for name in waiting),
            )
        )
    return listed


def remarks(listed: Sequence[Erasure], alone: str) -> list[str]:
    """Sentences about laptops that nobody waits for, and about copies that may be out of use; `alone`: how to say so."""
    sentences = []
    if names := _named(erasure.earlier for erasure in listed):
        sentences.append(
            f"Not waited for: earlier folders of {names}, which were copied, moved or restored since. "
            "Ask the user whether an earlier folder still exists: the text may still be in it."
        )
    if names := _named(erasure.revoked for erasure in listed):
        sentences.append(f"Not waited for: {names}, revoked. The text may stay on a revoked laptop.")
    if any(erasure.copies for erasure in listed):
        sentences.append(
            f"If only one copy of a laptop is still in use, {alone}. Then the copy with the latest bundle alone is waited for."
        )
    return sentences


def _named(several: Iterable[Iterable[str]]) -> str:
    return ", ".join(f"“{name}”" for name in sorted({name for names in several for name in names}))


class _Laptop:
    """One laptop of the roster: which of its copies hold which erasing ops."""

    def __init__(self, replicas: KnownReplicas, me: Identity, member: Member, held: _Numbers) -> None:
        self.device, self.name, self.trusted = member.device, member.name, member.status == "trusted"
        self._own = me.device == member.device
        # What this kit holds needs no report, and its own earlier replicas are not other copies.
        others = {
            name: replica for name, replica in replicas.of(member.device).items() if name not in replicas.mine
        }
        self._in_use = replicas.in_use(member.device)
        # If several laptops write under one name, nobody knows which of them reported.
        unsure = self._in_use | replicas.retired(member.device)
        self._parted = {origin for origin in unsure if replicas.branches(origin)}
        self._through = {
            origin: {stream: held.through(replica, stream) for stream in held.streams}
            for origin, replica in others.items()
        }
        # Most ops reached every copy long ago, so they need no look at each copy.
        self._all = {
            stream: min((through[stream] for through in self._through.values()), default=0)
            for stream in held.streams
            if not self._parted
        }

    def waited_for(self, same: Sequence[Op]) -> str:
        """The laptop's name if it, or a copy of it in use, has not confirmed holding one of these ops; else ""."""
        if any(op.seq <= self._all.get(op.origin, 0) for op in same):
            return ""
        if not self._through:
            wrote = any(device_of(op.origin) == self.device for op in same)
            return "" if self._own or wrote else self.name
        without = [origin for origin in self._in_use if not self._holds(origin, same)]
        if not without:
            return ""
        several = len(self._in_use) + self._own
        return self.name if several < 2 else f"{self.name} ({len(without)} of {several} copies)"

    def was_before(self, same: Sequence[Op]) -> bool:
        """Whether a copy that is apparently out of use has not confirmed holding one of these ops."""
        if any(op.seq <= self._all.get(op.origin, 0) for op in same):
            return False
        return any(origin not in self._in_use and not self._holds(origin, same) for origin in self._through)

    def _holds(self, origin: str, same: Sequence[Op]) -> bool:
        if origin in self._parted:
            return False
        # A program that does not state its origin is assumed to hold what its laptop wrote.
        return any(
            op.origin == origin
            or (not origin and device_of(op.origin) == self.device)
            or self._through[origin].get(op.origin, 0) >= op.seq
            for op in same
        )


def number_of(ops: Sequence[tuple[int, bytes]]) -> int:
    """A number of 52 bits that identifies exactly these ops, (seq, hash) each, in ascending order."""
    spelled = ",".join(f"{seq}:{digest.hex()}" for seq, digest in ops)
    return int.from_bytes(sha256(spelled.encode()).digest()[:8], "big") >> 12


def _up_to(ops: _Marks, last: int) -> _Marks:
    return ops[: bisect_right(ops, last, key=lambda mark: mark[0])]


class _Numbers:
    """The numbers for erasing ops held here, to compare those of laptops with; each is computed once."""

    def __init__(self, ops: Sequence[tuple[bytes, Op]]) -> None:
        self._held = places_of(ops)
        self._numbers: dict[tuple[str, int], int] = {}

    @property
    def streams(self) -> Iterable[str]:
        """The origins of erasing ops held here."""
        return self._held.keys()

    def through(self, report: Report, origin: str) -> int:
        """The last seq up to which a laptop holds every erasing op of an origin that is held here; 0 for none."""
        last, number = report.marks.get(origin, (0, 0))
        ops = _up_to(self._held[origin], last)
        if not ops:
            return 0
        if (place := (origin, len(ops))) not in self._numbers:
            self._numbers[place] = number_of(ops)
        return last if number == self._numbers[place] else 0
