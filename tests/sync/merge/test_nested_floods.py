"""Values inside lists take far more memory than their lines: few are accepted in a change, a record and a bundle."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from test_hostile_work import MOST, peak_of, sender_of

from fieldkit.store.journal import bundle_reader, record_shares
from fieldkit.sync.merge.report import MERGED, QUARANTINED
from hostile_files import Sender, line
from networks import Network
from other_program import device_id, following

RECORD = "hostile00001"
OBJECTS: list[Any] = [{"a": 0}] * 1_000


@pytest.fixture
def field(network: Network) -> Sender:
    return sender_of(network, network.joins("Field", trusted="field"))


def changes(sender: Sender, number: int, value: Any, *, records: int = 1) -> list[bytes]:
    return [
        line(
            sender.origin,
            seq,
            "feedback",
            f"{RECORD[:-2]}{seq % records:02}",
            {"rating": "1", "later": value},
        )
        for seq in range(1, number + 1)
    ]


@pytest.mark.parametrize("value", [[[]] * 2_001, [{"a": 0}] * 1_001, {"a": [0] * 2_001}, [[[0] * 500] * 5]])
def test_a_change_with_very_many_values_in_its_lists_is_refused(
    network: Network, field: Sender, tmp_path: Path, value: Any
) -> None:
    refused = network.hub.take(field.file(tmp_path / "x.fkb", changes(field, 1, value)))
    assert (refused.status, refused.reason) == (QUARANTINED, "damaged")
    assert "in its lists" in refused.sentence


def test_so_are_many_such_changes_of_one_record(network: Network, field: Sender, tmp_path: Path) -> None:
    path = field.file(tmp_path / "x.fkb", changes(field, 11, OBJECTS))
    assert peak_of(network.hub.kit.folder, "merge", path) <= MOST
    assert [file.reason for file in network.hub.kit.ledger.quarantine()] == ["damaged"]
    assert network.hub.kit.counts()["feedback"] == 0


def test_and_a_bundle_of_nothing_else(network: Network, field: Sender, tmp_path: Path) -> None:
    path = field.file(tmp_path / "x.fkb", changes(field, 200, OBJECTS, records=90))
    assert path.stat().st_size < 20_000
    assert peak_of(network.hub.kit.folder, "merge", path) <= MOST
    (kept,) = network.hub.kit.ledger.quarantine()
    assert "than people enter" in kept.sentence


def test_answers_of_several_ticks_are_taken(
    network: Network, field: Sender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle_reader, "MOST_VALUES", 0)
    lines = changes(field, 300, ["one", "two", "three"], records=90)
    assert network.hub.take(field.file(tmp_path / "x.fkb", lines)).status == MERGED


def test_laptops_that_a_deputy_makes_up_fill_no_memory_together(network: Network, tmp_path: Path) -> None:
    """Each stays within a laptop's limit for one record. A small change is still accepted."""
    hub = network.hub
    thief = sender_of(network, network.joins("Stolen", trusted="deputy"))
    chance = random.Random(1)

    def of_laptops(number: int, texts: int) -> Path:
        lines: list[bytes] = []
        ranges: list[dict[str, Any]] = []
        for _ in range(number):
            origin, last = device_id(chance.randbytes(32)) + ".0000beef", bytes(32)
            for seq in range(1, texts + 1):
                text = {"experience": f"{origin}{seq}" + "a" * 60_000 if texts > 1 else "A small change"}
                lines.append(line(origin, seq, "feedback", RECORD, text))
                last = following(last, lines[-1])
            ranges.append({"origin": origin, "from": 1, "to": texts, "prev": "00" * 32, "hash": last.hex()})
        return thief.file(tmp_path / f"{number}-{texts}.fkb", lines, ranges=ranges)

    path = of_laptops(8, 130)
    assert path.stat().st_size < 600_000
    assert peak_of(hub.kit.folder, "merge", path) <= MOST
    assert hub.kit.counts()["feedback"] == 0
    assert hub.take(of_laptops(4, 130)).status == MERGED
    assert hub.take(of_laptops(1, 130)).reason == "damaged"
    assert hub.take(of_laptops(1, 1)).status == MERGED
    for command in ("show", "history"):
        assert peak_of(hub.kit.folder, command, f"feedback:{RECORD}") <= MOST
    assert record_shares.MOST_TOGETHER * record_shares.MOST_BYTES <= 32 << 20


def test_lists_of_very_long_records_take_little_memory(
    network: Network, field: Sender, tmp_path: Path
) -> None:
    hub = network.hub
    for number in range(4):
        names = [f"later{name}" for name in range(60 if number < 2 else 1)]
        fields = [
            {"experience": "a" * 60_000, name: "c" * 60_000} for name in names * (8 if number < 2 else 350)
        ]
        lines = [
            line(
                f"{field.device}.{number:08x}",
                seq,
                "feedback",
                f"hostile{number}{seq // len(names):06}",
                values,
            )
            for seq, values in enumerate(fields, 1)
        ]
        last = bytes(32)
        for each in lines:
            last = following(last, each)
        span = {"from": 1, "to": len(lines), "prev": "00" * 32, "hash": last.hex()}
        ranges = [{"origin": f"{field.device}.{number:08x}", **span}]
        assert hub.take(field.file(tmp_path / f"{number}.fkb", lines, ranges=ranges)).status == MERGED
    assert hub.kit.counts()["feedback"] > 700
    for command in (["list", "feedback", "--json"], ["list", "feedback", "--limit", "900"], ["summary"]):
        assert peak_of(hub.kit.folder, *command) <= MOST
