"""Receipts: a coordinator's signed word on what has arrived, what is missing, and what was quarantined.

A device believes nothing to have arrived because it was exported, only because a receipt says so. A receipt names the
incarnation of the coordinator's kit: one that was restored from an old copy writes under a new one, which voids what it
had confirmed before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from fieldkit.errors import BundleRefused
from fieldkit.store.journal.bundle_reader import base_of, by_base
from fieldkit.store.kit import Kit
from fieldkit.store.local.setting import RECEIPTS
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.sync.bundle.manifest import Opened, check_header
from fieldkit.sync.bundle.payload import unpack
from fieldkit.sync.bundle.ranges import Runs, union, without
from fieldkit.sync.network.identity import Identity, identity, part
from fieldkit.sync.network.roster import COORDINATING, Roster
from fieldkit.sync.peers.streams import MOST_GAPS
from fieldkit.sync.receipts.receipt_file import Receipt, read_lines


@dataclass(frozen=True)
class Unconfirmed:
    """How many of this laptop's own changes no coordinator has confirmed, and the stamp of the oldest (0 for none)."""

    ops: int
    oldest: int


def take_receipt(kit: Kit, me: Identity, opened: Opened, roster: Roster) -> bool:
    """Keep a coordinator's receipt if it is newer than the one held and speaks to this laptop; returns whether it was kept.

    Raises:
        BundleRefused: damaged, or not signed by a coordinator.
    """
    member = roster.accept(opened)
    if member.role not in COORDINATING:
        raise BundleRefused(
            "not-allowed",
            "Only a coordinator's laptop writes receipts; this one is not.",
            kept="Nothing was changed.",
            hint="Ask its user where the file comes from.",
        )
    lines = unpack(opened.container.payload, None)
    check_header(next(lines, b""), opened)
    if member.device == me.device:
        # What this laptop holds itself is no word of anybody else's having it.
        return False
    known_streams = {me.origin, *by_base(kit.ledger.origins())}
    read = read_lines(member.device, lines, known_streams)
    if read.only and me.device not in read.only:
        # It says nothing of this laptop, neither what has arrived nor that nothing has.
        return False
    receipt = _checked(kit, me, read)
    known: dict[str, Any] = kit.settings.get(RECEIPTS)
    standing = _beside(receipt, known.get(member.device))
    if standing is None:
        return False
    kit.settings.put(RECEIPTS, {**known, member.device: asdict(receipt) | standing})
    return True


def _beside(receipt: Receipt, held: dict[str, Any] | None) -> dict[str, Any] | None:
    """What is kept with a receipt of other incarnations of its writer; None if the receipt says nothing new.

    One whose place another has taken is `void`. A kit restored twice from one backup may not know of the other, and
    comes back with the same epoch: then one whose receipts all are older, by its clock, is void too. Where the clock
    says that what came first was made last, nobody knows which of the two is lost: the other is a `rival`, and only what
    both have is confirmed.
    """
    if held is None:
        return {"rivals": {}, "void": {}}
    if receipt.origin in held["former"]:
        return None
    rivals = {**held["rivals"], held["origin"]: {"made": held["made"], "held": held["held"]}}
    void: dict[str, int] = dict(held["void"])
    newer = held["epoch"] < receipt.epoch and receipt.origin not in void
    for name in [name for name in rivals if newer or name in receipt.former]:
        void[name] = rivals.pop(name)["made"]
    # A lower epoch under a name that was never heard: an older backup was put back after a newer one.
    if held["epoch"] > receipt.epoch and receipt.origin in {*rivals, *void}:
        return None
    heard = max(void.pop(receipt.origin, -1), rivals.pop(receipt.origin, {"made": -1})["made"])
    if receipt.made <= heard:
        return None
    older = {name: one["made"] for name, one in rivals.items() if one["made"] < receipt.made}
    return {"rivals": {name: one for name, one in rivals.items() if name not in older}, "void": void | older}


def _checked(kit: Kit, me: Identity, receipt: Receipt) -> Receipt:
    """The receipt as far as it speaks of the very ops that are held here: the hash of a run's last op tells.

    A copy of a laptop's folder writes other ops under the same name. If it is this laptop that was copied, it goes on as
    a new incarnation, so that the two part for good.
    """
    held: dict[str, Runs] = {}
    gaps: dict[str, Runs] = {}
    parted = False
    names = by_base(kit.ledger.origins())
    for origin, runs in receipt.held.items():
        base, last = base_of(origin), runs[-1][1] if runs else 0
        hashes = {name: kit.ledger.hash_of(name, last) for name in names.get(base, ())}
        fitting = [n for n, digest in hashes.items() if digest and digest.hex() == receipt.hashes.get(origin)]
        for name in fitting:
            held[name] = union(held.get(name, []), runs)
        if not fitting and base == me.origin and runs and hashes.get(base):
            parted = True
        gaps[base] = union(gaps.get(base, []), receipt.missing.get(origin, []))[:MOST_GAPS]
    if parted:
        part(kit)
    return replace(receipt, held=held, missing=gaps)


def receipts(kit: Kit) -> list[Receipt]:
    """The latest receipt of each coordinator.

    One whose writer was revoked, or is a field laptop now, is kept and does not count: what is held there alone may
    never reach anybody.
    """
    known: dict[str, dict[str, Any]] = kit.settings.get(RECEIPTS)
    counting = _counting(kit, known)
    return [_stored(stored) for device, stored in known.items() if device in counting]


def _stored(stored: dict[str, Any]) -> Receipt:
    plain = {name: value for name, value in stored.items() if name not in {"rivals", "void"}}
    held = _runs(stored["held"])
    for rival in stored.get("rivals", {}).values():
        other = _runs(rival["held"])
        held = {
            origin: both
            for origin, runs in held.items()
            if (both := without(runs, without(runs, other.get(origin, []))))
        }
    return Receipt(**{**plain, "held": held, "missing": _runs(stored["missing"])})


def _runs(stored: dict[str, list[list[int]]]) -> dict[str, Runs]:
    return {origin: [(first, last) for first, last in runs] for origin, runs in stored.items()}


def _counting(kit: Kit, devices: Collection[str]) -> set[str]:
    """Those of the devices that are trusted coordinators' or deputies' today."""
    if not devices:
        return set()
    return {member.device for member in Roster(kit, identity(kit)).coordinators()}.intersection(devices)


def confirmed(told: Sequence[Receipt], origin: str) -> Runs:
    """The runs of `origin` that some coordinator has, by its latest receipt."""
    runs: Runs = []
    for receipt in told:
        runs = union(runs, receipt.held.get(origin, []))
    return runs


def not_wanted(told: Sequence[Receipt], origin: str) -> Runs:
    """The runs of `origin` that some coordinator has and none asks for: what need not be sent."""
    runs = confirmed(told, origin)
    for receipt in told:
        runs = without(runs, receipt.missing.get(origin, []))
    return runs


def confirmed_by_all(told: Sequence[Receipt], origin: str, devices: Iterable[str]) -> Runs:
    """The runs of `origin` that each of these coordinators has, by its latest receipt; none if no device is named.

    It is what a coordinator need not relay: that one of the others has it does not bring it to the rest.
    """
    held = {receipt.device: receipt.held.get(origin, []) for receipt in told}
    common: Runs | None = None
    for device in devices:
        runs = held.get(device, [])
        common = runs if common is None else without(common, without(common, runs))
    return common or []


def unconfirmed(kit: Kit, me: Identity) -> Unconfirmed:
    """This laptop's own changes that no coordinator has confirmed yet."""
    total, oldest, told = 0, 0, receipts(kit)
    for origin, last in kit.ledger.origins().items():
        if device_of(origin) != me.device or not last:
            continue
        left = without([(1, last)], confirmed(told, origin))
        total += sum(end - start + 1 for start, end in left)
        if left:
            stamp = kit.ledger.stamp_of(origin, *left[0])
            oldest = min(oldest or stamp, stamp)
    return Unconfirmed(total, oldest)


ON_LAPTOP, CONFIRMED = "on this laptop", "confirmed"


def whereabouts(kit: Kit, me: Identity, record_id: str, kind: str = "") -> str:
    """Where the latest of this laptop's changes to a record has got to: on this laptop, in bundle 7, confirmed."""
    own = [
        (origin, seq) for origin, seq in kit.ledger.refs_of(record_id, kind) if device_of(origin) == me.device
    ]
    if not own:
        return ""
    told = receipts(kit)
    if all(any(first <= seq <= last for first, last in confirmed(told, origin)) for origin, seq in own):
        return CONFIRMED
    for sent in reversed(kit.ledger.sent()):
        if all(sent.through.get(origin, 0) >= seq for origin, seq in own):
            return f"in bundle {sent.number}"
    return ON_LAPTOP
