"""A stolen deputy fills the roster or the rules: limited where its file arrives, and the creator can continue."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from fieldkit.sync.merge import quotas
from fieldkit.sync.merge.report import MERGED
from fieldkit.sync.network.roster import Roster
from hostile_files import Sender, line
from networks import Network
from other_program import device_id, ssh_line


@pytest.fixture
def thief(network: Network) -> Sender:
    stolen = network.joins("Stolen", trusted="deputy")
    return Sender(stolen.me.key.seed, network.hub.me.network, network.hub.me.age_public)


def laptops(thief: Sender, number: int, name: str = "Extra") -> list[bytes]:
    chance, lines = random.Random(1), []
    for seq in range(1, number + 1):
        key = chance.randbytes(32)
        fields = {"name": name, "role": "field", "status": "trusted", "public_key": ssh_line(key)}
        lines.append(line(thief.origin, seq, "device", device_id(key), fields))
    return lines


def test_so_many_laptops_and_no_more(
    network: Network, thief: Sender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = network.hub
    before = len(Roster(hub.kit, hub.me).members)
    monkeypatch.setattr(quotas, "MOST_ROSTER", before + 10)
    refused = hub.take(thief.file(tmp_path / "11.fkb", laptops(thief, 11)))
    assert refused.reason == "too-large" and "would make" in refused.sentence
    assert hub.take(thief.file(tmp_path / "10.fkb", laptops(thief, 10))).status == MERGED
    # The creator's own changes have no such limit, here or elsewhere.
    field, late = network.joins("Field", trusted="field"), network.joins("Late", trusted="field")
    assert field.take(hub.invite()).status == MERGED
    assert late.me.device in Roster(field.kit, field.me).members


def test_neither_long_names_nor_rules_fill_it(
    network: Network, thief: Sender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = network.hub
    monkeypatch.setattr(quotas, "MOST_BYTES", 1 << 20)
    assert hub.take(thief.file(tmp_path / "long.fkb", laptops(thief, 30, "a" * 50_000))).reason != ""
    rules = [
        line(thief.origin, seq, "policy", f"rules{seq:08}", {"later": "a" * 50_000}) for seq in range(1, 31)
    ]
    assert hub.take(thief.file(tmp_path / "rules.fkb", rules)).reason == "too-large"
