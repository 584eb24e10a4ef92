"""A laptop sends the skeleton of a change before the change itself: it still can't write what it may not write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fieldkit.sync.merge import quotas
from fieldkit.sync.merge.report import MERGED, QUARANTINED
from fieldkit.sync.network.roster import Roster
from hostile_files import Sender, line
from networks import Network
from other_program import following, ssh_line


def sender(network: Network, role: str) -> Sender:
    laptop = network.joins(f"The {role}", trusted=role)
    return Sender(laptop.me.key.seed, network.hub.me.network, network.hub.me.age_public)


def both(sender: Sender, folder: Path, *changes: tuple[str, str, dict[str, Any]]) -> tuple[Path, Path]:
    """A bundle of the skeletons of these changes, and one of the changes."""
    lines = [line(sender.origin, seq, *change) for seq, change in enumerate(changes, 1)]
    digest, skeletons = bytes(32), []
    for seq, (_, record_id, _) in enumerate(changes, 1):
        digest = following(digest, lines[seq - 1])
        gone = {"origin": sender.origin, "seq": seq, "gone": digest.hex(), "record_id": record_id}
        skeletons.append(json.dumps(gone).encode())
    return sender.file(folder / "first.fkb", skeletons), sender.file(folder / "then.fkb", lines)


def test_a_field_laptop_makes_itself_no_coordinator(network: Network, tmp_path: Path) -> None:
    hub, thief = network.hub, sender(network, "field")
    raised = {"role": "deputy", "public_key": ssh_line(bytes(thief.key.verify_key)), "status": "trusted"}
    first, then = both(thief, tmp_path, ("device", thief.device, raised))
    assert hub.take(first).status == MERGED
    refused = hub.take(then)
    assert (refused.status, refused.reason) == (QUARANTINED, "not-allowed")
    assert Roster(hub.kit, hub.me).members[thief.device].role == "field"


def test_a_field_laptop_erases_nothing(network: Network, tmp_path: Path) -> None:
    hub, thief = network.hub, sender(network, "field")
    record = hub.kit.add("feedback", {"experience": "kept"}).record_id
    first, then = both(thief, tmp_path, ("feedback", record, {"erased": True}))
    hub.take(first)
    assert hub.take(then).reason == "not-allowed"
    assert hub.kit.get(record).values["experience"] == "kept"


def test_a_deputys_many_erasures_still_wait(network: Network, tmp_path: Path) -> None:
    hub, thief = network.hub, sender(network, "deputy")
    ids = [hub.kit.add("feedback", {"experience": f"said {n}"}).record_id for n in range(20)]
    first, then = both(thief, tmp_path, *(("feedback", each, {"erased": True}) for each in ids))
    hub.take(first)
    assert hub.take(then).reason == "many-erasures"
    assert hub.kit.count("feedback") == 20


def test_a_flood_is_still_counted(network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "MOST_CHANGES", 5)
    hub, thief = network.hub, sender(network, "field")
    terms = [
        ("term", f"hostile{n:08}", {"list_name": "topic", "label": f"l{n}", "code": f"c{n}"})
        for n in range(6)
    ]
    first, then = both(thief, tmp_path, *terms)
    hub.take(first)
    assert hub.take(then).reason == "too-large"
