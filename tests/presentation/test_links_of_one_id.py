"""Records of two kinds with one id, both linked from one record: each is shown by its own name, everywhere."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from commanding import Run
from hostile_files import Sender, line
from networks import Laptop, Network

ID, ATTENDANCE = "sameid0001", "attends00001"


@pytest.fixture
def hub(network: Network, tmp_path: Path) -> Laptop:
    """The coordinator, who merged such records from an enrolled laptop."""
    liar = network.joins("Liar", trusted="field")
    sender = Sender(liar.me.key.seed, network.hub.me.network, network.hub.me.age_public)
    records = [
        ("person", ID, {"name": "Asha Rao", "consent_record": "Y"}),
        ("event", ID, {"title": "Health fair", "date": "2026-11-02"}),
        ("attendance", ATTENDANCE, {"person": ID, "event": ID}),
    ]
    lines = [line(sender.origin, seq, *record) for seq, record in enumerate(records, 1)]
    assert network.hub.take(sender.file(tmp_path / "one.fkb", lines)).status == "merged"
    return network.hub


@pytest.mark.parametrize(
    "command", [["show", f"attendance:{ATTENDANCE}"], ["history", f"attendance:{ATTENDANCE}"]]
)
def test_on_its_page_and_in_its_history(hub: Laptop, run: Run, command: list[str]) -> None:
    text = run("--kit", hub.kit.folder, *command).out
    assert "Event: Health fair" in text
    assert "Person: Asha Rao" in text


def test_in_lists_and_by_name(hub: Laptop, run: Run) -> None:
    listed = run("--kit", hub.kit.folder, "list", "attendance").out.splitlines()
    heading, row = (each.split("\t") for each in listed[:2])
    shown = dict(zip(heading, row, strict=False))
    assert shown["Event"].startswith("Health fair") and shown["Person"] == "Asha Rao"


def test_in_tables(hub: Laptop, run: Run, tmp_path: Path) -> None:
    assert run("--kit", hub.kit.folder, "tables", "-o", f"{tmp_path / 'tables'}/").code == 0
    with (tmp_path / "tables" / "attendance.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["event (label)"].startswith("Health fair") and row["person (label)"] == "Asha Rao"
