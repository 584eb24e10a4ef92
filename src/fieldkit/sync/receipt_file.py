"""The file of a receipt: written by a coordinator's laptop, and read line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from fieldkit.errors import BundleRefused, Misuse
from fieldkit.store.incarnation import former_of
from fieldkit.store.intake import BRANCH
from fieldkit.store.kit import Kit
from fieldkit.store.reading import base_of
from fieldkit.sync.container import write_container
from fieldkit.sync.heard import branches, ends_of, heard_of
from fieldkit.sync.identity import Identity
from fieldkit.sync.manifest import FORMAT, RECEIPT, Header, write_manifest
from fieldkit.sync.payload import pack
from fieldkit.sync.roster import Roster
from fieldkit.sync.runs import Runs, missing
from fieldkit.text import clean_line

#: More conflicts or refused files than this are counted in the coordinator's kit, not listed in a receipt.
MOST_LISTED = 1_000

#: How what is missing of a coordinator comes.
THE_REST = "A coordinator's network file holds a part of its changes; its bundle brings the rest."


class HubLine(msgspec.Struct, frozen=True, tag="hub", tag_field="line", omit_defaults=True):
    """Who writes: the coordinator's origin, how often its kit was put back from a copy, and when; for which laptops, if
    not for all; and the origins that it wrote under before, or that the kits bore whose place it took.
    """

    origin: str
    epoch: int
    made: int
    only: list[str] = []
    former: list[str] = []


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
    only: list[str] = field(default_factory=list)
    """The devices that it speaks to, if not to all."""
    former: list[str] = field(default_factory=list)


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
    yield HubLine(me.origin, kit.desk.setting("epoch", 0), made, sorted(devices), former_of(kit))
    for origin in streams(kit):
        device = origin.partition(".")[0]
        if not devices or device in devices:
            yield from _held_lines(kit, origin, {*ends_of(kit, origin), *_forks(kit, origin)})
    senders = {m.key.ssh_line(): m.device for m in [*roster.waiting(), *roster.members.values()]}
    for aside in kit.ledger.quarantine()[:MOST_LISTED]:
        sender = senders.get(aside.device, "")
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
    runs = kit.ledger.unbroken(origin)
    if not runs and gaps:
        yield HeldLine(origin, [], gaps, "")
    for place, (first, last) in enumerate(runs):
        start = (kit.ledger.hash_of(origin, first) or b"").hex()[:BRANCH]
        for end in sorted({last, *(one for one in seen if first <= one < last)}):
            plain = place == 0 and end == last
            name = origin if plain else f"{base_of(origin)}~{start}{end if end != last else ''}"
            digest = kit.ledger.hash_of(origin, end) or b""
            yield HeldLine(name, [(first, end)], gaps if plain else [], digest.hex())


def streams(kit: Kit) -> list[str]:
    """The origins of which something is held here, and those whose laptop says that it has written under them."""
    return sorted({*kit.ledger.origins(), *heard_of(kit)})


def lacking(kit: Kit, origin: str) -> Runs:
    """The gaps in what is held of an origin, with the end that its laptop has by its own latest bundle and this kit lacks.

    Where copies of the laptop have parted, the end of one is no end of the other's, and only the gaps are told.
    """
    runs = kit.ledger.held(origin)
    gaps = missing(runs)
    held = runs[-1][1] if runs else 0
    last = heard_of(kit).get(origin, 0)
    return [*gaps, (held + 1, last)] if held < last and not branches(kit, origin) else gaps


def read_lines(device: str, lines: Iterator[bytes]) -> Receipt:
    """The receipt of a coordinator's laptop, from the lines of its file after the header.

    Raises:
        BundleRefused: damaged.
    """
    hub: HubLine | None = None
    receipt = Receipt(device, "", 0, 0)
    try:
        for line in lines:
            said = _decode_line(line)
            match said:
                case HubLine():
                    hub = said
                case HeldLine():
                    if not said.runs and not said.missing:
                        raise _damaged()
                    _demand_runs(said.runs)
                    _demand_runs(said.missing)
                    receipt.held[said.origin] = said.runs
                    receipt.missing[said.origin] = said.missing
                    receipt.hashes[said.origin] = said.hash
                case AsideLine():
                    receipt.aside.append(_plain(said))
                case ClashLine():
                    receipt.clashes.append(_plain(said))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise _damaged() from None
    if hub is None or hub.origin.partition(".")[0] != device:
        raise _damaged()
    return replace(
        receipt, origin=hub.origin, epoch=hub.epoch, made=hub.made, only=hub.only, former=hub.former
    )


def _plain(line: msgspec.Struct) -> dict[str, str]:
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
