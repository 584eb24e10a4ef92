"""Receipts: a coordinator's signed word on what has arrived, what is missing, and what was set aside.

A device believes nothing to have arrived because it was exported, only because a receipt says so. A receipt names the
incarnation of the coordinator's kit: one that was put back from an old copy writes under a new one, which voids what it
had confirmed before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from fieldkit.errors import BundleRefused, Misuse
from fieldkit.store.intake import BRANCH
from fieldkit.store.kit import Kit
from fieldkit.store.reading import base_of
from fieldkit.sync.container import write_container
from fieldkit.sync.identity import Identity, identity, part
from fieldkit.sync.manifest import FORMAT, RECEIPT, Header, Opened, check_header, write_manifest
from fieldkit.sync.payload import pack, unpack
from fieldkit.sync.roster import COORDINATING, Roster
from fieldkit.text import clean_line

Runs = list[tuple[int, int]]

#: More conflicts or refused files than this are counted in the coordinator's kit, not listed in a receipt.
MOST_LISTED = 1_000


class HubLine(msgspec.Struct, frozen=True, tag="hub", tag_field="line"):
    """Who writes: the coordinator's origin, how often its kit was put back from a copy, and when."""

    origin: str
    epoch: int
    made: int


class HeldLine(msgspec.Struct, frozen=True, tag="held", tag_field="line"):
    """What is held of one origin, what is missing below its last op, and the hash of the last."""

    origin: str
    runs: list[tuple[int, int]]
    missing: list[tuple[int, int]]
    hash: str


class AsideLine(msgspec.Struct, frozen=True, tag="aside", tag_field="line"):
    """A file of that device that could not be accepted."""

    device: str
    name: str
    reason: str
    sentence: str


class ClashLine(msgspec.Struct, frozen=True, tag="clash", tag_field="line"):
    """A field with more than one current value, by its record's id."""

    kind: str
    record_id: str
    field: str


_decode_line = msgspec.json.Decoder(HubLine | HeldLine | AsideLine | ClashLine).decode


@dataclass(frozen=True)
class Receipt:
    """A receipt as a device keeps it: the latest of each coordinator."""

    device: str
    origin: str
    epoch: int
    made: int
    held: dict[str, Runs] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    missing: dict[str, Runs] = field(default_factory=dict)
    aside: list[dict[str, str]] = field(default_factory=list)
    clashes: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Unconfirmed:
    """How many of this laptop's own changes no coordinator has confirmed, and the stamp of the oldest (0 for none)."""

    ops: int
    oldest: int


def write_receipt(kit: Kit, me: Identity, target: Path, devices: Sequence[str] = ()) -> Path:
    """Write a signed receipt for some devices (their ids), or for all, to `target`, a file or a folder.

    Raises:
        Misuse: this laptop is no coordinator's.
        StorageError: the disk refuses.
    """
    roster = Roster(kit, me)
    if not roster.coordinating:
        raise Misuse("Only a coordinator's laptop can write receipts.", kept="Nothing was changed.")
    # A clock that was years ahead for a day must not make later receipts look older than that day's.
    made = max(kit.clock(), kit.desk.setting("receipt_made", 0) + 1)
    written = f"{datetime.now(UTC):%Y-%m-%d-%H%M%S}-{made % 1000:03}"
    path = target / f"receipt-{me.device[:6]}-{written}.fkr" if target.is_dir() else target
    header = Header(FORMAT, me.network, me.key.public.ssh_line(), [], me.network_name, me.name, me.age_public)
    lines = [
        msgspec.json.encode(header),
        *map(msgspec.json.encode, _lines(kit, me, roster, set(devices), made)),
    ]
    payload = pack(lines, [])
    manifest, signature, name = write_manifest(
        me.key,
        purpose=RECEIPT,
        network=me.network,
        made=made,
        number=0,
        payload=payload,
        recipients=[],
        spans=[],
    )
    kit.desk.set_setting("receipt_made", made)
    write_container(path, manifest, signature, payload, name)
    return path


def _lines(kit: Kit, me: Identity, roster: Roster, devices: set[str], made: int) -> Iterator[msgspec.Struct]:
    yield HubLine(me.origin, kit.desk.setting("epoch", 0), made)
    seen: dict[str, dict[str, int]] = kit.desk.setting("device_seen", {})
    for origin in sorted(kit.ledger.origins()):
        device = origin.partition(".")[0]
        if not devices or device in devices:
            yield from _held_lines(kit, origin, {seen.get(device, {}).get(origin, 0), *_forks(kit, origin)})
    for aside in kit.ledger.quarantine()[:MOST_LISTED]:
        sender = next(
            (
                m.device
                for m in [*roster.members.values(), *roster.waiting()]
                if m.key.ssh_line() == aside.device
            ),
            "",
        )
        if sender and (not devices or sender in devices):
            yield AsideLine(sender, aside.name, aside.reason, aside.sentence)
    for clash in kit.conflicts(MOST_LISTED):
        if not devices or any(claim.origin.partition(".")[0] in devices for claim in clash.claims):
            yield ClashLine(clash.kind, clash.record_id, clash.field)


def _forks(kit: Kit, origin: str) -> list[int]:
    """The last seq before each branch of a stream: what a copy of the laptop has in common with it."""
    names = [name for name in kit.ledger.origins() if name != origin and base_of(name) == base_of(origin)]
    return [runs[0][0] - 1 for name in names if (runs := kit.ledger.held(name))]


def _held_lines(kit: Kit, origin: str, seen: set[int]) -> Iterator[HeldLine]:
    """One line for each unbroken run: its last hash vouches for that run alone, as on the other side of a gap may lie
    what a copy of the laptop wrote. A laptop put back from a backup, or a copy of one, knows a stream up to one of
    `seen` only, so that is said too.
    """
    # What lies before a branch is no gap of it.
    begins = 1 if origin == base_of(origin) else min(kit.ledger.held(origin), default=(1, 1))[0]
    gaps = [gap for gap in lacking(kit, origin) if gap[0] >= begins]
    for place, (first, last) in enumerate(kit.ledger.unbroken(origin)):
        start = (kit.ledger.hash_of(origin, first) or b"").hex()[:BRANCH]
        for end in sorted({last, *(one for one in seen if first <= one < last)}):
            plain = place == 0 and end == last
            name = origin if plain else f"{base_of(origin)}~{start}{end if end != last else ''}"
            digest = kit.ledger.hash_of(origin, end) or b""
            yield HeldLine(name, [(first, end)], gaps if plain else [], digest.hex())


def missing(runs: Runs) -> Runs:
    """The gaps between sorted runs, and before the first: exactly what is not held below the last."""
    gaps, following = [], 1
    for first, last in runs:
        if first > following:
            gaps.append((following, first - 1))
        following = last + 1
    return gaps


def lacking(kit: Kit, origin: str) -> Runs:
    """The gaps in what is held of an origin, with the end that its laptop has by its own latest bundle and this kit lacks.

    Where copies of the laptop have parted, the end of one is no end of the other's, and only the gaps are told.
    """
    runs = kit.ledger.held(origin)
    gaps = missing(runs)
    held = runs[-1][1] if runs else 0
    seen: dict[str, dict[str, int]] = kit.desk.setting("device_seen", {})
    last = seen.get(origin.partition(".")[0], {}).get(origin, 0)
    alone = not any(base_of(name) == origin and name != origin for name in kit.ledger.origins())
    return [*gaps, (held + 1, last)] if alone and held < last < 2**53 else gaps


def take_receipt(kit: Kit, me: Identity, opened: Opened, roster: Roster) -> bool:
    """Keep a coordinator's receipt if it is newer than the one held; returns whether it was.

    Raises:
        BundleRefused: damaged, or not signed by a coordinator.
    """
    member = roster.accept(opened)
    if member.role not in COORDINATING:
        raise BundleRefused(
            "not-allowed",
            "Only a coordinator's laptop writes receipts; this one is not.",
            kept="Nothing was changed.",
            hint="Ask its keeper where the file comes from.",
        )
    lines = unpack(opened.container.payload, None)
    check_header(next(lines, b""), opened)
    if member.device == me.device:
        # What this laptop holds itself is no word of anybody else's having it.
        return False
    receipt = _checked(kit, me, _read(member.device, lines))
    known: dict[str, Any] = kit.desk.setting("receipts", {})
    standing = _beside(receipt, known.get(member.device))
    if standing is None:
        return False
    kit.desk.set_setting("receipts", {**known, member.device: asdict(receipt) | standing})
    return True


def _beside(receipt: Receipt, held: dict[str, Any] | None) -> dict[str, Any] | None:
    """What is kept with a receipt of other incarnations of its writer; None if the receipt says nothing new.

    A kit put back twice from one backup comes back with the same epoch, as another incarnation. One whose receipts all
    are older, by its clock, is `void`. Where the clock says that what came first was made last, nobody knows which of
    the two is lost: the other is a `rival`, and only what both have is confirmed.
    """
    if held is None or held["epoch"] < receipt.epoch:
        return {"rivals": {}, "void": {}}
    rivals = {
        **held.get("rivals", {}),
        held["origin"]: {"made": held["made"], "held": held["held"]},
    }
    void: dict[str, int] = dict(held.get("void", {}))
    heard = max(void.pop(receipt.origin, -1), rivals.pop(receipt.origin, {"made": -1})["made"])
    if held["epoch"] > receipt.epoch or receipt.made <= heard:
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
    names: dict[str, list[str]] = {}
    for name in kit.ledger.origins():
        names.setdefault(base_of(name), []).append(name)
    for origin, runs in receipt.held.items():
        base, last = base_of(origin), runs[-1][1]
        hashes = {name: kit.ledger.hash_of(name, last) for name in names.get(base, ())}
        fitting = [n for n, digest in hashes.items() if digest and digest.hex() == receipt.hashes.get(origin)]
        for name in fitting:
            held[name] = _union(held.get(name, []), runs)
        if not fitting and base == me.origin and hashes.get(base):
            parted = True
        gaps.setdefault(base, []).extend(receipt.missing.get(origin, []))
    if parted:
        part(kit)
    return replace(receipt, held=held, missing=gaps)


def _read(device: str, lines: Iterator[bytes]) -> Receipt:
    hub: HubLine | None = None
    receipt = Receipt(device, "", 0, 0)
    try:
        for line in lines:
            said = _decode_line(line)
            match said:
                case HubLine():
                    hub = said
                case HeldLine():
                    if not said.runs:
                        raise _damaged()
                    _demand_runs(said.runs)
                    _demand_runs(said.missing)
                    receipt.held[said.origin] = said.runs
                    receipt.missing[said.origin] = said.missing
                    receipt.hashes[said.origin] = said.hash
                case AsideLine():
                    receipt.aside.append(asdict_line(said))
                case ClashLine():
                    receipt.clashes.append(asdict_line(said))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise _damaged() from None
    if hub is None or hub.origin.partition(".")[0] != device:
        raise _damaged()
    return replace(receipt, origin=hub.origin, epoch=hub.epoch, made=hub.made)


def asdict_line(line: msgspec.Struct) -> dict[str, str]:
    """The fields of a line as plain values, with nothing in them that steers a terminal."""
    return {name: clean_line(value) for name, value in msgspec.structs.asdict(line).items()}


def _demand_runs(runs: list[tuple[int, int]]) -> None:
    before = 0
    for first, last in runs:
        if not before < first <= last < 2**53:
            raise _damaged()
        before = last


def _damaged() -> BundleRefused:
    return BundleRefused(
        "damaged",
        "This receipt does not hold together.",
        kept="Nothing was changed.",
        hint="Ask the coordinator for a new one.",
    )


def receipts(kit: Kit) -> list[Receipt]:
    """The latest receipt of each coordinator.

    One whose writer was shut out, or is a field laptop now, is kept and does not count: what is held there alone may
    never reach anybody.
    """
    known: dict[str, dict[str, Any]] = kit.desk.setting("receipts", {})
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
    members = Roster(kit, identity(kit)).members
    return {
        device
        for device in devices
        if (member := members.get(device)) and member.role in COORDINATING and member.status == "trusted"
    }


def confirmed(told: Sequence[Receipt], origin: str) -> Runs:
    """The runs of `origin` that a coordinator has, by its latest receipt, without what any of them misses."""
    runs: Runs = []
    for receipt in told:
        runs = _union(runs, receipt.held.get(origin, []))
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


def _union(one: Runs, other: Runs) -> Runs:
    merged: Runs = []
    for first, last in sorted([*one, *other]):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def without(runs: Runs, holes: Runs) -> Runs:
    """`runs` less every seq in `holes`."""
    left = runs
    for hole_first, hole_last in holes:
        cut: Runs = []
        for first, last in left:
            if first < hole_first:
                cut.append((first, min(last, hole_first - 1)))
            if last > hole_last:
                cut.append((max(first, hole_last + 1), last))
        left = cut
    return left


def unconfirmed(kit: Kit, me: Identity) -> Unconfirmed:
    """This laptop's own changes that no coordinator has confirmed yet."""
    total, oldest, told = 0, 0, receipts(kit)
    for origin, last in kit.ledger.origins().items():
        if origin.partition(".")[0] != me.device or not last:
            continue
        left = without([(1, last)], confirmed(told, origin))
        total += sum(end - start + 1 for start, end in left)
        if left:
            stamp = kit.ledger.stamp_of(origin, left[0][0])
            oldest = min(oldest or stamp, stamp)
    return Unconfirmed(total, oldest)


ON_LAPTOP, CONFIRMED = "on this laptop", "confirmed"


def whereabouts(kit: Kit, me: Identity, record_id: str) -> str:
    """Where the latest of this laptop's changes to a record has got to: on this laptop, in bundle 7, confirmed."""
    own = [
        (origin, seq)
        for origin, seq in kit.ledger.refs_of(record_id)
        if origin.partition(".")[0] == me.device
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
