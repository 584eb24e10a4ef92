"""A stolen deputy relays what it wrote under another laptop's name."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pyrage
import pytest

from commanding import Run
from fieldkit.sync.merge.report import MERGED
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.peers.roster_changes import carried_changes, roster_changes, undo_roster_changes
from fieldkit.sync.setup import revoke, rotate_key
from hostile_files import Sender, line
from networks import Laptop, Network
from other_program import device_id, following, ssh_line
from planted import enrolled, sent


def readers(bundle: Path) -> list[str]:
    with tarfile.open(bundle) as tar:
        member = tar.extractfile("manifest.json")
        assert member is not None
        collected: list[str] = json.load(member)["recipients"]
    return collected


def invite_all(hub: Laptop, deputy: Laptop, field: Laptop) -> None:
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
    invite_all(hub, deputy, field)
    victim = deputy if whose == "deputy" else hub
    thief = enrolled(hub, "deputy", "Stolen")
    thief.origin = f"{victim.me.device}.0badbeef"
    key = str(pyrage.x25519.Identity.generate().to_public())
    assert hub.take(sent(hub, thief, ("device", victim.me.device, {"age_key": key}))).status == MERGED
    invite_all(hub, deputy, field)
    for laptop in (hub, deputy, field):
        (bundle,) = laptop.export(full=True)
        assert sorted([hub.me.age_public, deputy.me.age_public]) == readers(bundle)
    revoke(hub.kit, hub.me, ssh_line(thief.public))
    deputy.me, hub.me = rotate_key(deputy.kit, deputy.me), rotate_key(hub.kit, hub.me)
    hub.merge(*deputy.export())
    invite_all(hub, deputy, field)
    (bundle,) = field.export(full=True)
    assert sorted([hub.me.age_public, deputy.me.age_public]) == readers(bundle)


@pytest.fixture
def forged(network: Network, request: pytest.FixtureRequest) -> tuple[Laptop, Laptop, Laptop, str]:
    """The coordinator, a true deputy, a field laptop, and the id of a thief that revoked the latter in another's name."""
    hub = network.hub
    deputy, field = network.joins("True deputy", trusted="deputy"), network.joins("Field", trusted="field")
    invite_all(hub, deputy, field)
    thief = enrolled(hub, "deputy", "Stolen")
    stolen = device_id(thief.public)
    victim = {"deputy": deputy, "hub": hub}[getattr(request, "param", "deputy")]
    thief.origin = f"{victim.me.device}.0badbeef"
    path = sent(
        hub,
        thief,
        ("device", field.me.device, {"status": "revoked"}),
        ("policy", "networkpolicy", {"retention_months": 1}),
    )
    assert hub.take(path).status == MERGED
    revoke(hub.kit, hub.me, stolen)
    return hub, deputy, field, stolen


@pytest.mark.parametrize("forged", ["deputy", "hub"], indirect=True)
def test_what_it_brought_under_anothers_name_is_listed_and_undone(
    forged: tuple[Laptop, Laptop, Laptop, str],
) -> None:
    hub, deputy, field, stolen = forged
    assert roster_changes(hub.kit, hub.me, stolen) == []
    changes = carried_changes(hub.kit, hub.me, stolen)
    assert {change.name for change in changes} == {"Field", "network rules"}
    assert {change.writer for change in changes} <= {"True deputy", hub.me.name}
    assert undo_roster_changes(hub.kit, hub.me, changes) == 2
    assert carried_changes(hub.kit, hub.me, stolen) == []
    invite_all(hub, deputy, field)
    for laptop in (hub, deputy, field):
        assert Roster(laptop.kit, laptop.me).members[field.me.device].status == "trusted"
        assert laptop.kit.count("policy", where={"retention_months": 1}) == 0


def test_the_command_lists_it_apart_and_undoes_it_when_asked(
    forged: tuple[Laptop, Laptop, Laptop, str], run: Run
) -> None:
    hub, _, field, stolen = forged
    revoking = run("--kit", hub.kit.folder, "devices", "revoke", stolen)
    assert "under the name of “True deputy”" in revoking.out and "--undo-carried" in revoking.out
    run("--kit", hub.kit.folder, "devices", "revoke", stolen, "--undo")
    assert Roster(hub.kit, hub.me).members[field.me.device].status == "revoked"
    listed = run("--kit", hub.kit.folder, "devices", "revoke", stolen, "--undo-carried", "--json").json
    assert listed["carried_changes"] == []
    assert Roster(hub.kit, hub.me).members[field.me.device].status == "trusted"


def test_what_a_deputy_relays_honestly_is_not_suspected_once_its_writer_was_merged(network: Network) -> None:
    """A change of one deputy that came through another is in doubt until a bundle of its writer reports that far."""
    hub = network.hub
    writer, relay = network.joins("Writer", trusted="deputy"), network.joins("Relay", trusted="deputy")
    field = network.joins("Field", trusted="field")
    invite_all(hub, relay, field)
    invite_all(hub, writer, field)
    writer.trust(field, "field", "Renamed")
    assert [relay.take(bundle).status for bundle in writer.export()] == [MERGED]
    hub.merge(*relay.export(full=True))
    assert Roster(hub.kit, hub.me).members[field.me.device].name == "Renamed"
    revoke(hub.kit, hub.me, relay.me.device)
    assert [change.name for change in carried_changes(hub.kit, hub.me, relay.me.device)] == ["Renamed"]
    hub.merge(*writer.export(full=True))
    assert carried_changes(hub.kit, hub.me, relay.me.device) == []


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


@pytest.mark.parametrize("whose", ["deputy", "hub"])
@pytest.mark.parametrize("place", ["another", "next", "first", "hollow"])
def test_in_whatever_place_of_a_stream_it_wrote_it_is_listed_and_undone(
    network: Network, whose: str, place: str, tmp_path: Path
) -> None:
    """In a stream that nobody has, after the last change, in place of the first, or where its skeleton came before."""
    hub = network.hub
    deputy, field = network.joins("True deputy", trusted="deputy"), network.joins("Field", trusted="field")
    invite_all(hub, deputy, field)
    deputy.kit.add("event", {"title": "Fair"})
    hub.merge(*deputy.export())
    victim = {"deputy": deputy, "hub": hub}[whose]
    stolen = network.joins("Stolen", trusted="deputy")
    thief = Sender(stolen.me.key.seed, hub.me.network, hub.me.age_public)
    origin = f"{victim.me.device}.0badbeef" if place in {"another", "hollow"} else victim.kit.origin
    last = hub.kit.ledger.origins()[origin] if place == "next" else 0
    prev = (hub.kit.ledger.hash_of(origin, last) or b"") if last else bytes(32)
    change = line(origin, last + 1, "device", field.me.device, {"status": "revoked"})
    digest = following(prev, change)
    span = {"origin": origin, "from": last + 1, "to": last + 1, "prev": prev.hex(), "hash": digest.hex()}
    if place == "hollow":
        gone = {"origin": origin, "seq": 1, "gone": digest.hex(), "record_id": field.me.device}
        hub.take(thief.file(tmp_path / "gone.fkb", [json.dumps(gone).encode()], ranges=[span]))
    assert hub.take(thief.file(tmp_path / "forged.fkb", [change], ranges=[span])).status == MERGED
    assert Roster(hub.kit, hub.me).members[field.me.device].status == "revoked"
    revoke(hub.kit, hub.me, stolen.me.device)
    changes = carried_changes(hub.kit, hub.me, stolen.me.device)
    assert [(change.name, change.values) for change in changes] == [("Field", {"status": "revoked"})]
    assert undo_roster_changes(hub.kit, hub.me, changes) == 1
    assert Roster(hub.kit, hub.me).members[field.me.device].status == "trusted"


def test_what_it_wrote_in_a_place_that_it_had_taken_itself_is_undone(
    network: Network, tmp_path: Path
) -> None:
    """Two changes under one number: first a harmless one, then one that revokes a laptop."""
    hub, field = network.hub, network.joins("Field", trusted="field")
    stolen = network.joins("Stolen", trusted="deputy")
    thief = Sender(stolen.me.key.seed, hub.me.network, hub.me.age_public)
    harmless = line(thief.origin, 1, "event", "event0000001", {"title": "Fair"})
    change = line(thief.origin, 1, "device", field.me.device, {"status": "revoked"})
    for number, written in enumerate((harmless, change)):
        hub.take(thief.file(tmp_path / f"{number}.fkb", [written]))
    assert Roster(hub.kit, hub.me).members[field.me.device].status == "revoked"
    revoke(hub.kit, hub.me, stolen.me.device)
    changes = roster_changes(hub.kit, hub.me, stolen.me.device)
    assert [(change.name, change.values) for change in changes] == [("Field", {"status": "revoked"})]
    assert undo_roster_changes(hub.kit, hub.me, changes) == 1
    assert Roster(hub.kit, hub.me).members[field.me.device].status == "trusted"
