"""The file of a receipt: written by a coordinator's laptop, and read line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from fieldkit.errors import BundleRefused, Misuse
from fieldkit.records.schema.kind import kinds
from fieldkit.store.journal.bundle_reader import base_of
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import RECEIPT_MADE, Ancestor
from fieldkit.store.oplog.device_ids import device_of, is_origin
from fieldkit.store.oplog.ops import DELETED, LARGEST
from fieldkit.store.renewal import stated_ancestors, stated_by
from fieldkit.sync.bundle.container import write_container
from fieldkit.sync.bundle.manifest import RECEIPT, write_manifest
from fieldkit.sync.bundle.payload import pack
from fieldkit.sync.bundle.ranges import Runs
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.peers.streams import MOST_GAPS, Held, HeldLine
from fieldkit.text import clean_line

#: Further conflicts or refused files are counted in the coordinator's kit, not listed in a receipt.
MOST_LISTED = 1_000

#: The most stored lines of one receipt; each is about a stream or a part of one.
MOST_HELD = 50_000
#: The most lines of one origin: its parts, and the ends of copies of its laptop.
MOST_PARTS = 500
#: The most runs and gaps in all lines of one receipt.
MOST_RUNS = 100_000
#: The most characters in the name of a part of a stream, and in a hash.
_LONGEST_NAME, _HASH = 80, 64
#: The most characters kept of a text about a file or a conflict in a receipt.
_LONGEST_TEXT = 500


class HubLine(msgspec.Struct, frozen=True, tag="hub", tag_field="line", omit_defaults=True):
    """Who writes, and when; for which laptops, if not for all; and the replicas that it descends from, the nearest first."""

    origin: str
    made: int
    only: list[str] = []
    ancestors: list[Ancestor] = []


class QuarantineLine(msgspec.Struct, frozen=True, tag="quarantined", tag_field="line"):
    """A file of that device that could not be accepted: the SHA-256 of its payload, by which the device knows it, and the reason
    code. Anybody can read a receipt, so it gives neither the content of a refused file nor its name.
    """

    device: str
    sha256: str
    reason: str


class ConflictLine(msgspec.Struct, frozen=True, tag="conflict", tag_field="line"):
    """A field with more than one current value, by its record's id."""

    kind: str
    record_id: str
    field: str


_decode_line = msgspec.json.Decoder(HubLine | HeldLine | QuarantineLine | ConflictLine).decode


@dataclass(frozen=True)
class Receipt:
    """A receipt as a device stores it: the latest of each replica of a coordinator's laptop."""

    device: str
    origin: str
    made: int
    held: dict[str, Runs] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    missing: dict[str, Runs] = field(default_factory=dict)
    quarantined: list[dict[str, str]] = field(default_factory=list)
    conflicts: list[dict[str, str]] = field(default_factory=list)
    only: list[str] = field(default_factory=list)
    """The devices that it is for, if not for all."""
    ancestors: list[Ancestor] = field(default_factory=list)


def write_receipt(kit: Kit, me: Identity, target: Path, devices: Sequence[str] = ()) -> Path:
    """Write a signed receipt for some devices (their ids), or for all, to `target`, a file or a folder.

    Raises:
        Misuse: this laptop is not a coordinator's.
        StorageError: the disk refuses.
    """
    roster = Roster(kit, me)
    if not roster.coordinating:
        raise Misuse("Only a coordinator's laptop can write receipts.", kept="Nothing was changed.")
    # If a clock was years ahead for a day, later receipts must not look older than that day's.
    made = max(kit.clock(), kit.settings.get(RECEIPT_MADE) + 1)
    written = f"{datetime.now(UTC):%Y-%m-%d-%H%M%S}-{made % 1000:03}"
    path = target / f"receipt-{me.device[:6]}-{written}.fkr" if target.is_dir() else target
    lines = [
        msgspec.json.encode(me.header()),
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
    kit.settings.put(RECEIPT_MADE, made)
    write_container(path, manifest, signature, payload, name)
    return path


def _lines(kit: Kit, me: Identity, roster: Roster, devices: set[str], made: int) -> Iterator[msgspec.Struct]:
    yield HubLine(me.origin, made, sorted(devices), stated_ancestors(kit))
    held = Held(kit)
    for origin in held.streams:
        device = device_of(origin)
        if not devices or device in devices:
            yield from held.lines(origin)
    senders = {m.key.ssh_line(): m.device for m in [*roster.waiting(), *roster.members.values()]}
    for file in kit.ledger.quarantine()[:MOST_LISTED]:
        sender = senders.get(file.device, "")
        if sender and (not devices or sender in devices):
            yield QuarantineLine(sender, file.payload, file.reason)
    for conflict in kit.conflicts(MOST_LISTED):
        known = kinds().get(conflict.kind)
        if known is None or conflict.field not in {*known.fields, DELETED}:
            continue  # such a name may be any text, and anybody can read a receipt
        if not devices or any(device_of(each.origin) in devices for each in conflict.values):
            yield ConflictLine(conflict.kind, conflict.record_id, conflict.field)


def read_lines(device: str, lines: Iterator[bytes], known: Container[str]) -> Receipt:
    """The receipt of a coordinator's laptop, from the lines of its file after the header, limited to the origins `known` here.

    Raises:
        BundleRefused: damaged.
    """
    hub: HubLine | None = None
    receipt = Receipt(device, "", 0)
    parts: Counter[str] = Counter()
    runs = 0
    try:
        for line in lines:
            fields = _decode_line(line)
            match fields:
                case HubLine():
                    if not 0 <= fields.made < LARGEST:
                        raise _damaged()
                    hub = fields
                case HeldLine():
                    if not fields.runs and not fields.missing:
                        raise _damaged()
                    _demand_runs(fields.runs)
                    _demand_runs(fields.missing)
                    base = base_of(fields.origin)
                    if base not in known or len(fields.origin) > _LONGEST_NAME:
                        continue
                    if len(fields.hash) > _HASH:
                        raise _damaged()
                    parts[base] += 1
                    runs += min(len(fields.runs), MOST_GAPS) + min(len(fields.missing), MOST_GAPS)
                    if parts[base] <= MOST_PARTS and runs <= MOST_RUNS and len(receipt.held) < MOST_HELD:
                        receipt.held[fields.origin] = fields.runs[:MOST_GAPS]
                        receipt.missing[fields.origin] = fields.missing[:MOST_GAPS]
                        receipt.hashes[fields.origin] = fields.hash
                case QuarantineLine() if len(receipt.quarantined) < MOST_LISTED:
                    receipt.quarantined.append(_plain(fields))
                case ConflictLine() if len(receipt.conflicts) < MOST_LISTED:
                    receipt.conflicts.append(_plain(fields))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise _damaged() from None
    if hub is None or not is_origin(hub.origin, device):
        raise _damaged()
    return replace(
        receipt,
        origin=hub.origin,
        made=hub.made,
        only=hub.only,
        ancestors=stated_by(device, hub.ancestors, hub.origin),
    )


def _plain(line: msgspec.Struct) -> dict[str, str]:
    """The fields of a line as plain values, with control characters removed."""
    return {name: clean_line(value)[:_LONGEST_TEXT] for name, value in msgspec.structs.asdict(line).items()}


def _demand_runs(runs: list[tuple[int, int]]) -> None:
    before = 0
    for first, last in runs:
        if not before < first <= last < LARGEST:
            raise _damaged()
        before = last


def _damaged() -> BundleRefused:
    return BundleRefused(
        "damaged",
        "This receipt is inconsistent.",
        kept="Nothing was changed.",
        hint="Ask the coordinator for a new one.",
    )
