"""Making bundles as devices would, without a kit for each: the lines are built, chained, sealed and signed here."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from pathlib import Path

import msgspec

from fieldkit.store.journal.bundle_reader import Span
from fieldkit.store.kit import Kit
from fieldkit.store.oplog.ops import GENESIS, Op, chain, encode, new_salt
from fieldkit.store.oplog.record_ids import new_record_id
from fieldkit.sync.bundle.container import write_container
from fieldkit.sync.bundle.keys import SigningKey
from fieldkit.sync.bundle.manifest import FORMAT, RECORDS, Header, Range, write_manifest
from fieldkit.sync.bundle.payload import pack
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.setup import create_network

COMMENTS = Path(__file__).parent.parent / "tests" / "data" / "fft-comments.csv"
START = 1_790_000_000_000


def comments() -> list[str]:
    """Real comments, to be varied, so that the texts have realistic lengths and characters."""
    with COMMENTS.open(encoding="utf-8", newline="") as file:
        return [row["FFT answer"].strip() for row in csv.DictReader(file) if row["FFT answer"].strip()]


@dataclass
class Device:
    """A device that exists only to make bundles. `ids` are the records that it made."""

    key: SigningKey
    origin: str
    seq: int = 0
    last: bytes = GENESIS
    stamp: int = START

    def lines(
        self, changes: list[tuple[str, dict[str, object], dict[str, list[str]]]]
    ) -> tuple[list[bytes], list[Op], Span]:
        """The lines of changes, each given as (record id or "", fields, preds), their ops, and the span that they make."""
        first, prev = self.seq + 1, self.last
        lines, ops = [], []
        for record_id, fields, preds in changes:
            self.seq += 1
            self.stamp += 60_000
            the_id = record_id or new_record_id(self.origin, self.seq, "feedback")
            op = Op(self.origin, self.seq, self.stamp, "feedback", the_id, fields, preds, new_salt())
            line = encode(op)
            self.last = chain(self.last, line)
            lines.append(line)
            ops.append(op)
        return lines, ops, Span(self.origin, first, self.seq, prev, self.last)


def new_device(hub: Kit, number: int) -> Device:
    """A device on the hub's roster."""
    key = SigningKey.from_seed(number.to_bytes(32, "big"))
    values = {
        "name": f"Laptop {number}",
        "role": "field",
        "status": "trusted",
        "public_key": key.public.ssh_line(),
    }
    hub.put("device", key.public.device_id, values)
    return Device(key, f"{key.public.device_id}.00000001")


def write_bundle(path: Path, me: Identity, device: Device, lines: list[bytes], span: Span) -> None:
    """Seal the lines to the hub and sign them as the device."""
    header = Header(FORMAT, me.network, device.key.public.ssh_line(), [Range.of(span)])
    payload = pack([msgspec.json.encode(header), *lines], [me.age_public])
    manifest, signature, name = write_manifest(
        device.key,
        purpose=RECORDS,
        network=me.network,
        made=device.stamp,
        number=1,
        payload=payload,
        recipients=[me.age_public],
        spans=[span],
    )
    write_container(path, manifest, signature, payload, name)


def feedback(rng: random.Random, texts: list[str]) -> dict[str, object]:
    """A record as a volunteer would make it: a rating, a comment, a few answers."""
    return {
        "service_area": rng.choice(["diabetes", "cancer", "mental-health", "gp-practice", "pharmacy"]),
        "date": f"2025-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        "rating": str(rng.randint(1, 6)),
        "experience": f"{rng.choice(texts)} {rng.randint(1, 9999)}",
        "whose_words": "own",
        "consent_record": "Y",
        "age_band": "35-44",
        "ethnic_group": str(rng.randint(1, 19)),
    }


def make_hub(folder: Path) -> tuple[Kit, Identity]:
    """A coordinator's kit."""
    kit, _ = Kit.create(folder, None)
    return kit, create_network(kit, "Benchmark")


def make_creates(folder: Path, hub: Kit, me: Identity, bundles: int, each: int) -> list[Op]:
    """Make `bundles` files of `each` new records; returns one op in ten, for edits."""
    rng, texts = random.Random(1), comments()
    folder.mkdir()
    kept = []
    for number in range(1, bundles + 1):
        device = new_device(hub, number)
        lines, ops, span = device.lines([("", feedback(rng, texts), {}) for _ in range(each)])
        kept += ops[::10]
        write_bundle(folder / f"{number:05}.fkb", me, device, lines, span)
    return kept


def make_edits(folder: Path, hub: Kit, me: Identity, seen: list[Op], each: int) -> int:
    """Make edits of other devices' records, half of them edited twice at once so that they conflict; returns their number."""
    rng = random.Random(2)
    folder.mkdir()
    changes: list[tuple[str, dict[str, object], dict[str, list[str]]]] = [
        (op.record_id, {"rating": str(rng.randint(1, 6))}, {"rating": [op.ref]}) for op in seen
    ]
    total = 0
    for number, start in enumerate(range(0, len(changes), each), 10_001):
        device = new_device(hub, number)
        lines, _, span = device.lines(changes[start : start + each])
        write_bundle(folder / f"{number:05}.fkb", me, device, lines, span)
        total += len(lines)
    return total


def fill(kit: Kit, count: int) -> None:
    """Store `count` records of feedback in a kit."""
    rng, texts = random.Random(4), comments()
    with kit.adding() as add:
        for start in range(0, count, 2_000):
            add("feedback", [feedback(rng, texts) for _ in range(min(2_000, count - start))])
