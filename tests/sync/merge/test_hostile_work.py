"""A hostile laptop's files cost others little: memory is bounded, and work grows no faster than the files."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

import hostile_files as made
from fieldkit.errors import BundleRefused
from fieldkit.store.local.known_settings import RECEIPTS
from fieldkit.store.projection import projection
from fieldkit.sync.merge import quotas
from fieldkit.sync.merge.quarantine_copies import Copies
from fieldkit.sync.merge.report import KNOWN, MERGED, QUARANTINED
from fieldkit.sync.receipts import receipt_file
from networks import Laptop, Network, op
from networks import Writer as BundleWriter
from other_program import sign

#: The most megabytes that a command may use, whatever arrives.
MOST = 256
_CHILD = """
import json, os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
print(json.dumps([usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)]))
"""


def peak_of(kit: Path, *arguments: str | Path) -> float:
    """The peak megabytes of a command, in a separate process."""
    command = [sys.executable, "-m", "fieldkit", "--kit", kit, *arguments]
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, *map(str, command)], capture_output=True, text=True, check=True
    )
    peak, code = json.loads(done.stdout)
    assert code in {0, 3}
    return float(peak)


def refused_in_little_memory(hub: Laptop, path: Path, *, size: int) -> str:
    """The reason why a file of less than `size` bytes is refused completely, within the memory limit."""
    assert path.stat().st_size < size
    assert peak_of(hub.kit.folder, "merge", path) <= MOST
    [kept] = hub.kit.ledger.quarantine()
    assert hub.kit.counts()["feedback"] == 0
    return kept.reason


def sender_of(network: Network, laptop: Laptop) -> made.Sender:
    return made.Sender(laptop.me.key.seed, network.hub.me.network, network.hub.me.age_public)


@pytest.fixture
def field(network: Network) -> made.Sender:
    return sender_of(network, network.joins("Field", trusted="field"))


@pytest.fixture
def deputy(network: Network) -> made.Sender:
    return sender_of(network, network.joins("Deputy", trusted="deputy"))


def test_what_packs_beyond_belief_is_refused_within_bounds_of_memory(
    network: Network, field: made.Sender, tmp_path: Path
) -> None:
    path = field.file(tmp_path / "long.fkb", made.long_lines(field))
    assert refused_in_little_memory(network.hub, path, size=200_000) == "too-large"


def test_a_strangers_file_of_the_largest_size_is_kept_within_bounds_of_memory(
    network: Network, tmp_path: Path
) -> None:
    hub = network.hub
    stranger = made.Sender(bytes(range(32)), hub.me.network, hub.me.age_public)
    only = made.line(stranger.origin, 1, "feedback", "hostile00001", {"rating": "1"})
    first = stranger.file(tmp_path / "small.fkb", [only])
    with tarfile.open(first) as held:
        parts = {member.name: held.extractfile(member).read() for member in held}  # type: ignore[union-attr]
    payload = parts["payload.jsonl.zst.age"] + random.Random(2).randbytes(60 << 20)
    manifest = json.loads(parts["manifest.json"])
    manifest["payload"] |= {"sha256": hashlib.sha256(payload).hexdigest(), "size": len(payload)}
    encoded = json.dumps(manifest).encode()
    signature = sign(stranger.key, encoded)
    members = {"manifest.json": encoded, "manifest.json.sig": signature, "payload.jsonl.zst.age": payload}
    path = made.tar(tmp_path / "large.fkb", members)
    assert peak_of(hub.kit.folder, "merge", path) <= MOST
    [kept] = hub.kit.ledger.quarantine()
    assert kept.reason == "unknown-sender"
    copies = Copies(hub.kit)
    copy = copies.path(kept.sha256)
    assert copy is not None
    assert payload[-64:] not in copy.read_bytes()
    assert copies.read(copy) == path.read_bytes()
    copy.write_bytes(copy.read_bytes()[:-1])
    with pytest.raises(BundleRefused):
        copies.read(copy)


def test_millions_of_values_inside_lists_and_objects_are_refused(
    network: Network, field: made.Sender, tmp_path: Path
) -> None:
    path = field.file(tmp_path / "nested.fkb", made.nested(field))
    assert refused_in_little_memory(network.hub, path, size=100_000) == "damaged"


def test_tens_of_thousands_of_accents_on_one_letter_are_taken_and_shown_with_thirty(
    network: Network, field: made.Sender, tmp_path: Path
) -> None:
    path = field.file(tmp_path / "marks.fkb", made.marks(field))
    assert network.hub.take(path).status == MERGED
    for number in (1, 240, 480):
        record = network.hub.kit.get(f"hostile{number:08}")
        assert len(record.values["experience"]) <= len(f"{number}a") + 30
    assert network.hub.kit.check() == []


def test_a_receipt_of_millions_of_runs_takes_little_memory(
    network: Network, deputy: made.Sender, tmp_path: Path
) -> None:
    lines = made.receipt(deputy, network.hub.kit.origin)
    path = deputy.file(tmp_path / "runs.fkr", lines, ranges=[], purpose="receipt")
    assert path.stat().st_size < 400_000
    assert peak_of(network.hub.kit.folder, "merge", path) <= MOST
    held = network.hub.kit.settings.get(RECEIPTS)
    assert len(json.dumps(held)) < 8 << 20
    assert peak_of(network.hub.kit.folder, "status") <= MOST


def test_of_one_stream_a_receipt_has_no_more_parts_than_copies_can_explain(
    network: Network, deputy: made.Sender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipt_file, "MOST_PARTS", 3)
    monkeypatch.setattr(receipt_file, "MOST_RUNS", 40)
    hub = {"line": "hub", "origin": deputy.origin, "epoch": 0, "made": 1}
    line = {"line": "held", "runs": [[n, n] for n in range(1, 40, 2)], "missing": [], "hash": "00" * 32}
    names = [f"{network.hub.kit.origin}~{n:08x}" for n in range(10)]
    read = receipt_file.read_lines(
        deputy.device, (json.dumps(message).encode() for message in (hub, *({**line, "origin": name} for name in names))),
        {network.hub.kit.origin},
    )  # fmt: skip
    assert len(read.held) == 2


def test_many_names_of_one_laptop_are_looked_up_by_range(
    network: Network, field: made.Sender, tmp_path: Path
) -> None:
    lines, ranges = made.incarnations(field, 1_000)
    hub = network.hub
    with hub.kit.reading() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT id, name FROM origin WHERE name = 'a' OR (name > 'a~' AND name < 'b') ORDER BY name"
        ).fetchall()
    assert not any("SCAN" in row[3] for row in plan)
    assert hub.take(field.file(tmp_path / "names.fkb", lines, ranges=ranges)).status == MERGED
    assert hub.kit.counts()["feedback"] == 1_000


def test_the_names_of_one_laptop_are_bounded(
    network: Network, field: made.Sender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "MOST_STREAMS", 20)
    lines, ranges = made.incarnations(field, 21)
    refused = network.hub.take(field.file(tmp_path / "names.fkb", lines, ranges=ranges))
    assert (refused.status, refused.reason) == (QUARANTINED, "too-large")
    path = field.file(tmp_path / "fewer.fkb", lines[:20], ranges=ranges[:20])
    assert [network.hub.take(path).status for _ in range(2)] == [MERGED, KNOWN]


def test_more_withdrawals_than_a_laptop_may_send_are_refused_before_they_are_worked_out(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_out: list[int] = []
    honest = projection.tails_of

    def count(codes: set[str]) -> set[str]:
        worked_out.append(len(codes))
        return honest(codes)

    monkeypatch.setattr(projection, "tails_of", count)
    monkeypatch.setattr(quotas, "MOST_WITHDRAWALS", 100)
    laptop = network.joins("Field", trusted="field")
    writer = BundleWriter(laptop, [network.hub.me.age_public])
    sender = sender_of(network, laptop)
    lines = [line for line, _ in zip(made.withdrawals(sender), range(1_200), strict=False)]
    refused = network.hub.take(sender.file(writer.folder / "codes.fkb", lines))
    assert refused.reason == "too-large"
    assert sum(worked_out) <= 400
    plain = writer.lines(op(writer.origin))
    assert network.hub.take(writer.bundle(plain)).status == MERGED


def test_no_file_has_more_withdrawals_worked_out_than_fieldkit_writes_whoever_signed_it(
    network: Network, deputy: made.Sender, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(quotas, "MOST_IN_FILE", 100)
    hub = network.hub
    stranger = made.Sender(bytes(range(32)), "", hub.me.age_public)
    stranger.network = stranger.device
    lines = [line for line, _ in zip(made.withdrawals(stranger), range(101), strict=False)]
    more = {"network_name": "Another", "device_name": "Hub"}
    path = stranger.file(tmp_path / "codes.fkn", lines, purpose="invitation", more=more)
    with pytest.raises(BundleRefused, match="more than 100 withdrawals") as caught:
        network.joins("Joining", invitation=path)
    assert caught.value.reason == "too-large"
    path = stranger.file(tmp_path / "fewer.fkn", lines[:100], purpose="invitation", more=more)
    assert network.joins("Again", invitation=path).kit.count("withdrawal") == 100
    state = hub.state()
    lines = [line for line, _ in zip(made.withdrawals(deputy), range(101), strict=False)]
    assert hub.take(deputy.file(tmp_path / "codes.fkb", lines)).reason == "too-large"
    assert hub.state() == state
    assert hub.take(deputy.file(tmp_path / "fewer.fkb", lines[:100])).status == MERGED


def test_many_withdrawals_are_looked_up_not_loaded(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = network.hub
    record, code = hub.kit.add_with_code("feedback", {"rating": "1", "consent_record": "Y"})
    kept = hub.kit.add("feedback", {"rating": "2"})
    with hub.kit.writing() as connection:
        connection.exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) "
            "INSERT INTO withdrawn (tail) SELECT printf('%011d', i) FROM n"
        )
    monkeypatch.setattr(projection, "_MOST_LOADED", 10)
    hub.kit.add("withdrawal", {"code": code})
    assert hub.kit.counts()["feedback"] == 1
    assert hub.kit.get(kept.record_id).values["rating"] == "2"
    # A bundle brings more of the withdrawn record: it is erased too.
    laptop = network.joins("Field", trusted="field")
    writer = BundleWriter(laptop, [hub.me.age_public])
    assert hub.take(writer.bundle(writer.lines(op(writer.origin, record_id=record.record_id)))).erased == 1
    assert hub.kit.check() == []
