"""A network for testing files that must be refused, an enrolled laptop that writes them, and the checks after each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.sync.bundle.container import read_container
from fieldkit.sync.merge.report import MERGED, QUARANTINED
from networks import NEXT, Laptop, Network, Writer, op

REASONS = {
    "damaged",
    "unknown-sender",
    "revoked-sender",
    "wrong-network",
    "newer-format",
    "not-for-us",
    "too-large",
    "not-allowed",
}
CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """One network for all tests: nothing that is refused may leave a trace in it."""
    made = Network.create(tmp_path_factory.mktemp("hostile") / "network")
    made.joins("Field laptop", trusted="field")
    made.hub.kit.add("feedback", {"rating": "1", "experience": "there before"})
    yield made
    made.close()


@pytest.fixture
def hub(network: Network) -> Laptop:
    return network.hub


@pytest.fixture
def writer(network: Network) -> Writer:
    """A separate stream of the enrolled laptop for each test."""
    made = Writer(network.others[0], [network.hub.me.age_public])
    made.origin = f"{made.me.device}.{next(NEXT):08x}"
    return made


def hurt(hub: Laptop, path: Path) -> str:
    """Merge a file that must be refused, and check that nothing else happened; returns the reason."""
    before = hub.kit.state_hash(), hub.kit.counts()
    planned = hub.merge(path, dry_run=True).files[0]
    assert hub.kit.ledger.quarantine() == []
    assert not list(hub.kit.folder.glob("quarantine/*"))
    refused = hub.take(path)
    assert (refused.status, refused.reason) == (QUARANTINED, planned.reason)
    assert refused.reason in REASONS
    assert refused.sentence
    assert not any(letter in refused.sentence + refused.kept + refused.hint for letter in CONTROLS)
    assert (hub.kit.state_hash(), hub.kit.counts()) == before
    assert refused.new_ops == refused.new_records == refused.changed_records == 0
    assert [file.reason for file in hub.kit.ledger.quarantine()] == [refused.reason]
    tidy(hub)
    return refused.reason


def tidy(hub: Laptop) -> None:
    """Empty the quarantine."""
    for file in hub.kit.ledger.quarantine():
        hub.kit.ledger.release(file.sha256)
    for copy in hub.kit.folder.glob("quarantine/*"):
        copy.unlink()


@pytest.fixture(autouse=True)
def goes_on(hub: Laptop, network: Network) -> Iterator[None]:
    """Check after each test that the kit is sound and the next good bundle merges."""
    yield
    tidy(hub)
    laptop = network.others[0]
    laptop.kit.add("feedback", {"rating": "2", "experience": "the next good one"})
    before = hub.kit.counts()["feedback"]
    assert [file.status for file in hub.merge(*laptop.export()).files] == [MERGED]
    assert hub.kit.counts()["feedback"] == before + 1
    laptop.merge(hub.receipt())
    assert hub.kit.check() == []


#: The fixtures for a module of such tests to import: `network, hub, writer, goes_on = FIXTURES`.
FIXTURES = (network, hub, writer, goes_on)


def small(writer: Writer) -> Path:
    return writer.bundle(writer.lines(op(writer.origin), op(writer.origin, 2)))


def members(path: Path) -> dict[str, bytes]:
    box = read_container(path)
    return {
        "manifest.json": box.manifest,
        "manifest.json.sig": box.signature,
        box.payload_name: bytes(box.payload),
    }
