"""Receipts: a coordinator's signed list of what has arrived, what is missing, and what was quarantined.

A device counts a change as arrived only if a receipt confirms it, never because it was exported. A receipt names the replica that
wrote it, and the ancestors of that replica: once a kit was restored from an old copy, the receipts of the lost replica no longer
count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from fieldkit.errors import BundleRefused
from fieldkit.store.journal.bundle_reader import base_of, by_base
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import OLD_RECEIPTS, RECEIPTS, Ancestor
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.store.renewal import ENDED
from fieldkit.sync.bundle.manifest import Opened, check_header
from fieldkit.sync.bundle.payload import unpack
from fieldkit.sync.bundle.ranges import Runs, union, without
from fieldkit.sync.network.identity import Identity, identity, part
from fieldkit.sync.network.roster import COORDINATING, Roster
from fieldkit.sync.network.sender_rights import trusted_sender
from fieldkit.sync.peers.replicas_in_use import heads
from fieldkit.sync.peers.streams import MOST_GAPS
from fieldkit.sync.receipts.receipt_file import Receipt, read_lines

#: The most replicas of one laptop whose receipts are stored.
_MOST_REPLICAS = 8
#: Fields of a receipt that a kit stores under another name, as earlier versions do.
_STORED_AS = {"quarantined": "aside", "conflicts": "clashes"}


@dataclass(frozen=True)
class Unconfirmed:
    """How many of this laptop's own changes no coordinator has confirmed, and the stamp of the oldest (0 for none)."""

    ops: int
    oldest: int


def keep_receipt(kit: Kit, me: Identity, opened: Opened, roster: Roster) -> bool:
    """Store a coordinator's receipt if it is newer than the stored one and for this laptop; returns whether it was stored.

    Raises:
        BundleRefused: damaged, or not signed by a coordinator.
    """
    member = trusted_sender(roster, opened)
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
        # That this laptop holds something proves nothing about others.
        return False
    known_streams = {me.origin, *by_base(kit.ledger.origins())}
    read = read_lines(member.device, lines, known_streams)
    if read.only and me.device not in read.only:
        # It is for other laptops: it does not state what has arrived from this one.
        return False
    receipt = _checked(kit, me, read)
    known = _stored(kit)
    replicas = known.get(member.device, {})
    held = replicas.get(receipt.origin)
    if held is not None and receipt.made <= held.made:
        return False
    replicas = {**replicas, receipt.origin: receipt}
    counting = _heads(replicas)
    if receipt.origin not in counting:
        return False
    kept = sorted(counting, key=lambda origin: (origin == receipt.origin, replicas[origin].made))
    known[member.device] = {origin: replicas[origin] for origin in kept[-_MOST_REPLICAS:]}
    kit.settings.put(
        RECEIPTS,
        {
            device: {origin: as_stored(replica) for origin, replica in replicas.items()}
            for device, replicas in known.items()
        },
    )
    return True


def _heads(replicas: Mapping[str, Receipt]) -> set[str]:
    """The replicas whose receipts count: no other has taken their place (docs/replicas.md)."""
    return heads(replicas, {origin: replica.made for origin, replica in replicas.items()}, {}, "receipt")


def _stored(kit: Kit) -> dict[str, dict[str, Receipt]]:
    """Device -> replica -> its latest receipt."""
    known = {
        device: {origin: _receipt(stored) for origin, stored in replicas.items()}
        for device, replicas in kit.settings.get(RECEIPTS).items()
    }
    for device, stored in kit.settings.get(OLD_RECEIPTS).items():
        if device not in known:
            known[device] = _of_earlier_version(stored)
    return known


def as_stored(receipt: Receipt) -> dict[str, Any]:
    """A receipt as the setting stores it, with the field names of earlier versions."""
    return {_STORED_AS.get(name, name): value for name, value in asdict(receipt).items()}


def _receipt(stored: Mapping[str, Any]) -> Receipt:
    return Receipt(
        **{
            **{name: value for name, value in stored.items() if name not in _STORED_AS.values()},
            **{name: stored[key] for name, key in _STORED_AS.items()},
            "held": _runs(stored["held"]),
            "missing": _runs(stored["missing"]),
            "ancestors": [Ancestor(*fields) for fields in stored["ancestors"]],
        }
    )


def _of_earlier_version(stored: Mapping[str, Any]) -> dict[str, Receipt]:
    """A receipt as earlier versions stored it: with rivals, which may or may not be in use, and with replaced replicas, whose
    later receipts do not count.
    """
    fields = {name: stored[name] for name in ("device", "made", "hashes", *_STORED_AS.values(), "only")}
    ended = [[origin, ENDED, ENDED] for origin in {*stored["former"], *stored["void"]}]
    fields |= {"missing": stored["missing"], "ancestors": ended}
    replicas = {**stored["rivals"], stored["origin"]: {"made": stored["made"], "held": stored["held"]}}
    return {
        origin: _receipt({**fields, **own_fields, "origin": origin})
        for origin, own_fields in replicas.items()
    }


def _checked(kit: Kit, me: Identity, receipt: Receipt) -> Receipt:
    """The receipt limited to the ops that are held here, as the hash of each run's last op shows.

    A copy of a laptop's folder writes other ops under the same name. If this laptop itself was copied, it continues as a new
    replica, so that the two are separate for good.
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
        part(kit, goes_on=False)
    return replace(receipt, held=held, missing=gaps)


def receipts(kit: Kit) -> list[Receipt]:
    """The latest receipt of each coordinator; if several replicas of its laptop are in use, what all of them hold.

    A receipt whose writer was revoked, or is a field laptop now, is stored but does not count: what only that laptop holds may
    never reach anybody else.
    """
    known = _stored(kit)
    counting = _counting(kit, known)
    return [_common(replicas) for device, replicas in known.items() if device in counting]


def receipt_origins(kit: Kit) -> list[str]:
    """The replicas of coordinators' laptops whose receipts are stored; stating them tells their laptop that they exist."""
    return sorted(origin for replicas in _stored(kit).values() for origin in replicas)


def _common(replicas: Mapping[str, Receipt]) -> Receipt:
    """The latest receipt, with what every replica in use holds, and what any of them misses."""
    latest, *others = sorted(
        (replicas[origin] for origin in _heads(replicas)), key=lambda receipt: receipt.made, reverse=True
    )
    held, missing = latest.held, dict(latest.missing)
    for other in others:
        held = {
            origin: both
            for origin, runs in held.items()
            if (both := without(runs, without(runs, other.held.get(origin, []))))
        }
        for origin, gaps in other.missing.items():
            missing[origin] = union(missing.get(origin, []), gaps)
    return replace(latest, held=held, missing=missing)


def _runs(stored: dict[str, list[list[int]]]) -> dict[str, Runs]:
    return {origin: [(first, last) for first, last in runs] for origin, runs in stored.items()}


def _counting(kit: Kit, devices: Collection[str]) -> set[str]:
    """Those of the devices that belong to trusted coordinators or deputies today."""
    if not devices:
        return set()
    return {member.device for member in Roster(kit, identity(kit)).coordinators()}.intersection(devices)


def confirmed(known_receipts: Sequence[Receipt], origin: str) -> Runs:
    """The runs of `origin` that some coordinator has, by its latest receipt."""
    runs: Runs = []
    for receipt in known_receipts:
        runs = union(runs, receipt.held.get(origin, []))
    return runs


def not_wanted(known_receipts: Sequence[Receipt], origin: str) -> Runs:
    """The runs of `origin` that some coordinator has and none asks for, which need not be sent."""
    runs = confirmed(known_receipts, origin)
    for receipt in known_receipts:
        runs = without(runs, receipt.missing.get(origin, []))
    return runs


def confirmed_by_all(known_receipts: Sequence[Receipt], origin: str, devices: Iterable[str]) -> Runs:
    """The runs of `origin` that each of these coordinators has, by its latest receipt; none if no device is given.

    A coordinator need not relay these: what only one of the others has does not reach the rest.
    """
    held = {receipt.device: receipt.held.get(origin, []) for receipt in known_receipts}
    common: Runs | None = None
    for device in devices:
        runs = held.get(device, [])
        common = runs if common is None else without(common, without(common, runs))
    return common or []


def unconfirmed(kit: Kit, me: Identity) -> Unconfirmed:
    """This laptop's own changes that no coordinator has confirmed yet."""
    total, oldest, known_receipts = 0, 0, receipts(kit)
    for origin, last in kit.ledger.origins().items():
        if device_of(origin) != me.device or not last:
            continue
        left = without([(1, last)], confirmed(known_receipts, origin))
        total += sum(end - start + 1 for start, end in left)
        if left:
            stamp = kit.ledger.stamp_of(origin, *left[0])
            oldest = min(oldest or stamp, stamp)
    return Unconfirmed(total, oldest)


ON_LAPTOP, CONFIRMED = "on this laptop", "confirmed"


def progress_of_change(kit: Kit, me: Identity, record_id: str, kind: str = "") -> str:
    """How far the latest of this laptop's changes to a record has got: on this laptop, in bundle 7, confirmed."""
    own = [
        (origin, seq) for origin, seq in kit.ledger.refs_of(record_id, kind) if device_of(origin) == me.device
    ]
    if not own:
        return ""
    known_receipts = receipts(kit)
    if all(
        any(first <= seq <= last for first, last in confirmed(known_receipts, origin)) for origin, seq in own
    ):
        return CONFIRMED
    for sent in reversed(kit.ledger.sent()):
        if all(sent.through.get(origin, 0) >= seq for origin, seq in own):
            return f"in bundle {sent.number}"
    return ON_LAPTOP
