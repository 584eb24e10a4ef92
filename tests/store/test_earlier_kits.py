"""Kits made by earlier versions open with equal records, history, conflicts, drafts and unsent changes."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from fieldkit.records.schema.kind import kinds
from fieldkit.store.kit import Kit
from kit_description import description
from project_files import DATA

KITS = DATA / "kits"
NAMES = sorted(path.stem for path in KITS.glob("*.json"))


@pytest.fixture(params=NAMES)
def earlier(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, dict[str, object]]:
    """The original folder of a kit, and what the version that made it read from it."""
    name = request.param
    with tarfile.open(KITS / f"{name}.tar.xz") as archive:
        archive.extractall(tmp_path / name, filter="data")
    return tmp_path / name, json.loads((KITS / f"{name}.json").read_text("utf-8"))


def test_an_earlier_kit_holds_what_it_held(earlier: tuple[Path, dict[str, object]]) -> None:
    folder, expected = earlier
    for _ in range(2):
        with Kit.open(folder) as kit:
            held = json.loads(json.dumps(description(kit)))
        assert held == expected


def test_an_earlier_kit_takes_new_records_and_edits(earlier: tuple[Path, dict[str, object]]) -> None:
    folder, _ = earlier
    with Kit.open(folder) as kit:
        before = kit.count("event")
        event = kit.add("event", {"title": "After the update", "date": "2026-12-01"})
        edited = kit.edit(kit.get(event.record_id), {"place": "Hall"})
        assert (edited.values["place"], kit.count("event")) == ("Hall", before + 1)
        assert kit.ledger.unsent(kit.origin).ops >= 2
        assert kit.check() == []


def test_the_earlier_kits_hold_everything_that_may_be_lost() -> None:
    held = {name: json.loads((KITS / f"{name}.json").read_text("utf-8")) for name in NAMES}
    assert {"coordinator", "field", "restored", "copied"} <= set(held)
    assert any(kit["conflicts"] for kit in held.values())
    assert any(kit["drafts"] for kit in held.values())
    assert any(kit["unsent"] for kit in held.values())
    assert any(kit["quarantined"] for kit in held.values())
    recorded = {kind for kit in held.values() for kind in kit["records"]}
    assert {
        "feedback",
        "event",
        "person",
        "attendance",
        "mentorship",
        "session",
        "note",
        "concern",
    } <= recorded
    assert recorded <= set(kinds())
