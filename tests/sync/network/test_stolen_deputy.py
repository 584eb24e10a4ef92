"""A stolen deputy: what it writes into the roster changes nobody's readers, and is undone when it is revoked."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import pyrage
import pytest

from commanding import Run
from fieldkit.sync.merge.report import MERGED, QUARANTINED
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.peers.roster_changes import roster_changes, undo_roster_changes
from fieldkit.sync.setup import revoke, rotate_key
from networks import Laptop, Network, invite_all
from other_program import device_id, ssh_line
from planted import enrolled, sent


def thiefs_key() -> str:
    return str(pyrage.x25519.Identity.generate().to_public())


def readers(bundle: Path) -> list[str]:
    with tarfile.open(bundle) as tar:
        member = tar.extractfile("manifest.json")
        assert member is not None
        collected: list[str] = json.load(member)["recipients"]
    return collected


@pytest.fixture
def net(network: Network) -> tuple[Laptop, Laptop, Laptop]:
    """The coordinator, a true deputy and a field laptop, all up to date."""
    hub = network.hub
    deputy, field = network.joins("True deputy", trusted="deputy"), network.joins("Field", trusted="field")
    invite_all(hub, deputy, field)
    return hub, deputy, field


@pytest.mark.parametrize("sees", [True, False])
@pytest.mark.parametrize("whose", ["deputy", "hub"])
def test_nobody_becomes_a_reader_by_anothers_record(
    net: tuple[Laptop, Laptop, Laptop], sees: bool, whose: str
) -> None:
    hub, deputy, field = net
    victim = deputy if whose == "deputy" else hub
    thief, key = enrolled(hub, "deputy"), thiefs_key()
    heads = hub.kit.get(victim.me.device, "device").heads
    preds = {name: heads[name] for name in ("age_key", "role", "status") if sees and name in heads}
    thief.write(
        "device",
        victim.me.device,
        {"age_key": key, "role": "deputy", "status": "trusted"},
        preds,
    )
    assert hub.take(sent(hub, thief)).status == MERGED
    invite_all(hub, deputy, field)
    for laptop in (hub, deputy, field):
        (bundle,) = laptop.export(full=True)
        assert sorted([hub.me.age_public, deputy.me.age_public]) == readers(bundle)
    # Once it is revoked and keys are rotated, bundles go only to the true readers, who can open them.
    revoke(hub.kit, hub.me, ssh_line(thief.public))
    deputy.me, hub.me = rotate_key(deputy.kit, deputy.me), rotate_key(hub.kit, hub.me)
    hub.merge(*deputy.export())
    invite_all(hub, deputy, field)
    field.kit.add("feedback", {"rating": "2", "experience": "After the theft"})
    (bundle,) = field.export()
    assert sorted([hub.me.age_public, deputy.me.age_public]) == readers(bundle)
    assert deputy.take(bundle).status == MERGED
    assert hub.take(bundle).status == MERGED


@pytest.mark.parametrize(
    "fields",
    [
        {"deleted": True},
        {"erased": True},
        {"public_key": "ssh-ed25519 " + "A" * 68},
        {"public_key": None},
        {"name": "x", "public_key": ssh_line(b"\1" * 32)},
    ],
)
def test_no_coordinator_is_taken_out_of_the_roster(
    net: tuple[Laptop, Laptop, Laptop], fields: dict[str, Any]
) -> None:
    hub, deputy, field = net
    before = Roster(field.kit, field.me).recipients()
    for victim in (hub, deputy):
        thief = enrolled(hub, "deputy")
        refused = hub.take(sent(hub, thief, ("device", victim.me.device, fields)))
        assert (refused.status, refused.reason) in {(QUARANTINED, "not-allowed"), (QUARANTINED, "damaged")}
    invite_all(hub, deputy, field)
    assert Roster(field.kit, field.me).recipients() == before


def test_a_deputy_that_nobody_has_heard_of_says_its_key_itself(network: Network) -> None:
    """Made a deputy by a deputy: its own statement is the one that counts."""
    hub, deputy = network.hub, network.joins("First", trusted="deputy")
    invite_all(hub, deputy)
    second = network.joins("Second")
    deputy.trust(second, "deputy", "Second")
    hub.merge(*deputy.export())
    invite_all(hub, second)
    field = network.joins("Field", trusted="field")
    invite_all(hub, field)
    assert second.me.age_public in Roster(field.kit, field.me).recipients()
    second.me = rotate_key(second.kit, second.me)
    hub.merge(*second.export())
    invite_all(hub, field)
    ages = sorted([hub.me.age_public, deputy.me.age_public, second.me.age_public])
    assert Roster(field.kit, field.me).recipients() == ages


def misused(net: tuple[Laptop, Laptop, Laptop]) -> tuple[str, str, str]:
    """A thief trusts its own laptop, revokes the field laptop and sets a rule; the ids of the thief and its laptop."""
    hub, _, field = net
    thief, other = enrolled(hub, "deputy", "Stolen"), enrolled(hub, "field")
    friend = bytes(other.key.verify_key)
    from nacl.signing import SigningKey

    stranger = bytes(SigningKey.generate().verify_key)
    path = sent(
        hub,
        thief,
        (
            "device",
            device_id(stranger),
            {
                "name": "A friend",
                "role": "deputy",
                "status": "trusted",
                "public_key": ssh_line(stranger),
                "age_key": thiefs_key(),
            },
        ),
        ("device", device_id(friend), {"role": "coordinator"}),
        ("device", field.me.device, {"status": "revoked", "name": "Gone"}),
        ("policy", "networkpolicy", {"retention_months": 1}),
    )
    assert hub.take(path).status == MERGED
    return device_id(thief.public), device_id(stranger), device_id(friend)


def test_what_a_revoked_laptop_did_to_the_roster_is_listed_and_undone(
    net: tuple[Laptop, Laptop, Laptop],
) -> None:
    hub, deputy, field = net
    thief, stranger, friend = misused(net)
    revoke(hub.kit, hub.me, thief)
    changes = roster_changes(hub.kit, hub.me, thief)
    assert {change.name for change in changes} >= {"A friend", "Gone", "network rules"}
    assert undo_roster_changes(hub.kit, hub.me, changes) == 4
    assert roster_changes(hub.kit, hub.me, thief) == []
    invite_all(hub, deputy, field)
    for laptop in net:
        members = Roster(laptop.kit, laptop.me).members
        assert members[stranger].status == "revoked"
        assert members[friend].role == "field"
        assert (members[field.me.device].status, members[field.me.device].name) == ("trusted", "Field")
        assert Roster(laptop.kit, laptop.me).recipients() == sorted([hub.me.age_public, deputy.me.age_public])
        assert laptop.kit.count("policy", where={"retention_months": 1}) == 0
        assert laptop.kit.check() == []


def test_the_command_lists_and_undoes(net: tuple[Laptop, Laptop, Laptop], run: Run) -> None:
    hub, _, field = net
    thief, _, _ = misused(net)
    output = run("--kit", hub.kit.folder, "devices", "revoke", thief)
    assert "A friend: trusted as deputy" in output.out and "Network rules\n" in output.out
    assert "--undo" in output.out
    listed = run("--kit", hub.kit.folder, "devices", "revoke", thief, "--json").json
    assert len(listed["roster_changes"]) == 4
    output = run("--kit", hub.kit.folder, "devices", "revoke", thief, "--undo")
    assert "4 records" in output.out
    assert run("--kit", hub.kit.folder, "devices", "revoke", thief, "--json").json["roster_changes"] == []
    assert Roster(hub.kit, hub.me).members[field.me.device].status == "trusted"


def test_asked_at_the_keyboard(net: tuple[Laptop, Laptop, Laptop], run: Run) -> None:
    hub = net[0]
    thief, _, _ = misused(net)
    output = run("--kit", hub.kit.folder, "devices", "revoke", thief, typed="n\n")
    assert "Undo" in output.err
    assert len(roster_changes(hub.kit, hub.me, thief)) == 4
    run("--kit", hub.kit.folder, "devices", "revoke", thief, typed="y\n")
    assert roster_changes(hub.kit, hub.me, thief) == []
