"""A stolen deputy predicts the refs of a coordinator's future changes; it replaces nothing that it can't have seen."""

from __future__ import annotations

import pytest

from fieldkit.records.schema.kind import kinds
from fieldkit.store.oplog.ops import PROVEN_KINDS
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.setup import revoke, trust
from networks import Laptop, Network, invite_all
from other_program import Writer, device_id, ssh_line
from planted import enrolled

Net = tuple[Laptop, Laptop, Laptop]


@pytest.fixture
def net(network: Network) -> Net:
    """The coordinator, a true deputy and a field laptop."""
    hub = network.hub
    return hub, network.joins("True deputy", trusted="deputy"), network.joins("Field", trusted="field")


def foretold(hub: Laptop, field: str) -> dict[str, list[str]]:
    return {field: [f"{hub.me.origin}:{seq}" for seq in range(1, 500)]}


def give(thief: Writer, hub: Laptop, to: Laptop) -> None:
    path = hub.sticks / f"{thief.origin}-{thief.number}.fkb"
    thief.bundle(path, hub.me.network, to.me.age_public)
    to.take(path)


@pytest.mark.parametrize("by_another", [False, True])
def test_a_revocation_that_it_foretold_stands(net: Net, by_another: bool) -> None:
    hub, deputy, field = net
    thief, accomplice = enrolled(hub, "deputy"), enrolled(hub, "deputy")
    invite_all(hub, deputy, field)
    writer = accomplice if by_another else thief
    writer.write("device", device_id(thief.public), {"status": "trusted"}, foretold(hub, "status"))
    # The deputy received it before the laptop was revoked, and relays it afterwards.
    give(writer, hub, deputy)
    revoke(hub.kit, hub.me, ssh_line(thief.public))
    invite_all(hub, deputy, field)
    for laptop in net:
        assert Roster(laptop.kit, laptop.me).members[device_id(thief.public)].status == "revoked"
        assert "status" in laptop.kit.get(device_id(thief.public), "device").conflicts
    revoke(hub.kit, hub.me, ssh_line(thief.public))
    invite_all(hub, deputy, field)
    for laptop in net:
        record = laptop.kit.get(device_id(thief.public), "device")
        assert (record.values["status"], record.conflicts) == ("revoked", ())


def test_a_role_that_was_taken_from_it_stays_taken(net: Net) -> None:
    hub, deputy, field = net
    thief = enrolled(hub, "deputy")
    invite_all(hub, deputy, field)
    thief.write("device", device_id(thief.public), {"role": "deputy"}, foretold(hub, "role"))
    give(thief, hub, deputy)
    trust(hub.kit, hub.me, ssh_line(thief.public), role="field")
    invite_all(hub, deputy, field)
    for laptop in net:
        assert Roster(laptop.kit, laptop.me).members[device_id(thief.public)].role == "field"
        assert "role" in laptop.kit.get(device_id(thief.public), "device").conflicts


def test_who_has_seen_a_revocation_replaces_it(net: Net) -> None:
    hub, deputy, field = net
    other = enrolled(hub, "field")
    invite_all(hub, deputy, field)
    for _ in range(2):
        revoke(hub.kit, hub.me, ssh_line(other.public))
        invite_all(hub, deputy, field)
        trust(deputy.kit, deputy.me, ssh_line(other.public))
        invite_all(hub, deputy, field)
        for laptop in net:
            record = laptop.kit.get(device_id(other.public), "device")
            assert (record.values["status"], record.conflicts) == ("trusted", ())
            assert "sees" not in record.extra
            assert all("sees" not in step.fields for step in laptop.kit.history(record.record_id, "device"))
            assert laptop.kit.check() == []


def test_a_rule_that_it_foretold_is_a_conflict(net: Net) -> None:
    hub, deputy, field = net
    thief = enrolled(hub, "deputy")
    hub.kit.put("policy", "networkpolicy", {"retention_months": 60})
    invite_all(hub, deputy, field)
    thief.write("policy", "networkpolicy", {"retention_months": 1}, foretold(hub, "retention_months"))
    give(thief, hub, deputy)
    hub.kit.put("policy", "networkpolicy", {"retention_months": 48})
    invite_all(hub, deputy, field)
    for laptop in net:
        (record,) = laptop.kit.page("policy", 0, 10)
        assert "retention_months" in record.conflicts


def test_a_rule_that_was_never_set_before_is_a_conflict_too(net: Net) -> None:
    hub, deputy, field = net
    thief = enrolled(hub, "deputy")
    hub.kit.put("policy", "networkpolicy", {"retention_months": 60})
    invite_all(hub, deputy, field)
    thief.write("policy", "networkpolicy", {"lock_minutes": 60}, foretold(hub, "lock_minutes"))
    give(thief, hub, deputy)
    hub.kit.put("policy", "networkpolicy", {"lock_minutes": 2})
    invite_all(hub, deputy, field)
    for laptop in net:
        (record,) = laptop.kit.page("policy", 0, 10)
        assert "lock_minutes" in record.conflicts


@pytest.mark.parametrize(
    ("before", "forged", "names", "later", "conflict"),
    [
        ({"place": "Hall"}, {"place": "Nowhere"}, ("place",), {"place": "Library"}, "place"),
        ({}, {"place": "Nowhere"}, ("place",), {"place": "Library"}, "place"),
        ({"place": "Hall"}, {"deleted": True}, ("*", "deleted"), {"place": "Library"}, "deleted"),
    ],
)
def test_a_later_change_of_an_event_that_a_field_laptop_foretold_is_a_conflict(
    net: Net,
    before: dict[str, object],
    forged: dict[str, object],
    names: tuple[str, ...],
    later: dict[str, object],
    conflict: str,
) -> None:
    hub, _deputy, _field = net
    thief = enrolled(hub, "field")
    event = hub.kit.add("event", {"title": "Fair", **before}).record_id
    preds = {name: foretold(hub, name)[name] for name in names}
    thief.write("event", event, forged, preds)
    hub.kit.edit(hub.kit.get(event, "event"), later)
    give(thief, hub, hub)
    record = hub.kit.get(event, "event")
    assert record.conflicts == (conflict,)
    assert hub.kit.check() == []
    assert "sees" not in record.extra and all(
        "sees" not in step.fields for step in hub.kit.history(event, "event")
    )


def test_every_kind_of_the_invitation_is_proven() -> None:
    assert {kind.name for kind in kinds().values() if kind.network} == PROVEN_KINDS
