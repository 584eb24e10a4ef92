"""Huge amounts from a hostile sender: bombs, endless branches and tiny operations, in little memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import zstandard

from fieldkit.store.journal.ingest import MOST_BRANCHES
from fieldkit.sync.merge.report import MERGED
from hostile import FIXTURES, hurt
from networks import Laptop, Network, Writer, op

network, hub, writer, goes_on = FIXTURES


@pytest.mark.parametrize("size", [5 << 20, 600 << 20])
def test_a_decompression_bomb_sealed_and_signed(hub: Laptop, writer: Writer, size: int) -> None:
    import pyrage

    packer = zstandard.ZstdCompressor(level=3).compressobj()
    spans = [writer.span(writer.lines(op(writer.origin)))]
    packed = packer.compress(writer.header(spans) + b"\n")
    piece = bytes(1 << 20)
    for _ in range(size >> 20):
        packed += packer.compress(piece)
    packed += packer.flush()
    key = pyrage.x25519.Recipient.from_str(writer.to[0])
    assert hurt(hub, writer.bundle([], spans, payload=pyrage.encrypt(packed, [key]))) == "too-large"


def test_a_comment_of_a_megabyte(hub: Laptop, writer: Writer) -> None:
    lines = writer.lines(op(writer.origin, fields={"experience": "x" * (1 << 20)}))
    assert hurt(hub, writer.bundle(lines)) in {"too-large", "damaged"}


def test_streams_that_part_without_end_are_refused(hub: Laptop, writer: Writer) -> None:
    lines = writer.lines(op(writer.origin))
    assert hub.take(writer.bundle(lines)).status == MERGED
    forks, spans = [], []
    for number in range(MOST_BRANCHES + 5):
        prev = number.to_bytes(32, "little")[::-1]
        line = writer.lines(op(writer.origin, 2, fields={"experience": f"{number}"}))
        forks += line
        spans.append(
            writer.span(line, origin=f"{writer.origin}~{number:08x}", first=2, prev=b"\1" + prev[1:])
        )
    assert hurt(hub, writer.bundle(forks, spans)) == "damaged"


MANY = """
import sys
from pathlib import Path
from fieldkit.store.kit import Kit
from fieldkit.sync.network.identity import identity
from fieldkit.sync.merge.merge import merge

def most_memory():
    # Not ru_maxrss, which begins at what the parent held when it started this process.
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))

kit = Kit.open(Path(sys.argv[1]))
merge(kit, identity(kit), [Path(sys.argv[2])])
before = most_memory()
report = merge(kit, identity(kit), [Path(sys.argv[3])])
after = most_memory()
print(report.files[0].status, report.files[0].new_ops, after, after - before)
"""


def test_very_many_tiny_operations_need_little_memory(tmp_path: Path) -> None:
    with_many = Network.create(tmp_path / "many")
    laptop = with_many.joins("A", trusted="field")
    writer = Writer(laptop, [with_many.hub.me.age_public])
    first = writer.bundle(writer.lines(op(writer.origin, fields={})))
    origin = f"{laptop.me.device}.0000cafe"
    lines = writer.lines(
        *(op(origin, seq, kind="x", record_id=f"many{seq:08d}", fields={}) for seq in range(1, 200_001))
    )
    path = writer.bundle(lines, [writer.span(lines, origin=origin)])
    folder = with_many.hub.kit.folder
    with_many.close()
    done = subprocess.run(
        [sys.executable, "-c", MANY, folder, first, path], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    status, ops, most, more = done.stdout.split()
    assert (status, ops) == ("merged", "200000")
    # KiB: the packed file, the batches and the database's cache, but not all lines.
    assert int(most) < 250_000
    assert int(more) < 150_000
