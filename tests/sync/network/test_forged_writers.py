"""A stolen deputy relays what it wrote under another laptop's name."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pyrage
import pytest

from fieldkit.sync.merge.report import MERGED
from fieldkit.sync.setup import revoke, rotate_key
from networks import Laptop, Network
from other_program import ssh_line
from planted import enrolled, sent


def readers(bundle: Path) -> list[str]:
    with tarfile.open(bundle) as tar:
        member = tar.extractfile("manifest.json")
        assert member is not None
        found: list[str] = json.load(member)["recipients"]
    return found


def told_all(hub: Laptop, deputy: Laptop, field: Laptop) -> None:
    for _ in range(2):
        invitation = hub.invite()
        deputy.merge(invitation)
        field.merge(invitation)
        hub.merge(*deputy.export())


@pytest.mark.parametrize("whose", ["deputy", "hub"])
def test_a_key_written_under_the_name_of_its_laptop_by_another_counts_for_nothing(
    network: Network, whose: str
) -> None:
    hub = network.hub
    deputy, field = network.joins("True deputy", trusted="deputy"), network.joins("Field", trusted="field")
    told_all(hub, deputy, field)
    victim = deputy if whose == "deputy" else hub
    thief = enrolled(hub, "deputy", "Stolen")
    thief.origin = f"{victim.me.device}.0badbeef"
    key = str(pyrage.x25519.Identity.generate().to_public())
    assert hub.take(sent(hub, thief, ("device", victim.me.device, {"age_key": key}))).status == MERGED
    told_all(hub, deputy, field)
    for laptop in (hub, deputy, field):
        (bundle,) = laptop.export(full=True)
        assert sorted([hub.me.age_public, deputy.me.age_public]) == readers(bundle)
    revoke(hub.kit, hub.me, ssh_line(thief.public))
    deputy.me, hub.me = rotate_key(deputy.kit, deputy.me), rotate_key(hub.kit, hub.me)
    hub.merge(*deputy.export())
    told_all(hub, deputy, field)
    (bundle,) = field.export(full=True)
    assert sorted([hub.me.age_public, deputy.me.age_public]) == readers(bundle)


def test_an_order_under_the_creators_name_counts_for_nothing(network: Network) -> None:
    hub, field = network.hub, network.joins("Field", trusted="field")
    hub.kit.add("event", {"title": "The fair"})
    last = hub.kit.ledger.origins()[hub.kit.origin]
    thief = enrolled(hub, "deputy", "Stolen")
    thief.origin = f"{hub.me.device}.0badbeef"
    path = sent(hub, thief, ("policy", "dropped00001", {"dropped": f"{hub.kit.origin}:1-{last}"}))
    for laptop in (hub, field):
        if laptop is field:
            laptop.merge(hub.invite())
        assert laptop.kit.counts()["event"] == 1
        hub.merge(path)
    field.merge(hub.invite())
    assert hub.kit.counts()["event"] == field.kit.counts()["event"] == 1
