"""What coordinators pass on of other laptops' reports: what each holds, and which erasures reached it."""

from __future__ import annotations

import pytest

from fieldkit.sync.peers.erasure_status import erasures
from fieldkit.sync.peers.gaps import arrivals
from fieldkit.sync.peers.known_replicas import KnownReplicas
from fieldkit.sync.peers.reports import to_pass_on
from fieldkit.sync.peers.streams import lacking
from fieldkit.sync.receipts.receipts import receipts, unconfirmed
from fieldkit.sync.setup import revoke
from laptop_steps import copied, exchange, say, say_and_send, waiting
from networks import Laptop, Network, Writer


def test_a_coordinator_passes_on_what_laptops_have_confirmed(network: Network, laptop: Laptop) -> None:
    hub, deputy = network.hub, network.joins("D", trusted="deputy")
    hub.merge(*deputy.export())
    for device in (deputy, laptop):
        device.merge(hub.invite())
    mine = say(laptop)
    deputy.merge(*laptop.export())
    hub.merge(*deputy.export())
    assert arrivals(hub.kit)[laptop.me.device].last_heard
    hub.kit.erase(mine)
    network_file = hub.invite()
    for device in (deputy, laptop):
        device.merge(network_file)
    assert waiting(hub) == [["A", "D"]]
    deputy.merge(*laptop.export())
    hub.merge(*deputy.export())
    assert waiting(hub) == [[]]


def test_what_a_coordinator_holds_nothing_of_is_missing_too(network: Network, laptop: Laptop) -> None:
    """A stick with all of it reached only the deputy, who has confirmed it."""
    hub, deputy = network.hub, network.joins("D", trusted="deputy")
    hub.merge(*deputy.export())
    for device in (deputy, laptop):
        device.merge(hub.invite())
    say(laptop)
    say(laptop, "more")
    deputy.merge(*laptop.export())
    laptop.merge(deputy.receipt())
    (empty,) = laptop.export()
    assert hub.take(empty).ops == 0
    assert lacking(hub.kit, laptop.me.origin) == [(1, 2)]
    assert arrivals(hub.kit)[laptop.me.device].runs == [(1, 2)]
    laptop.merge(hub.receipt())
    asked = {receipt.device: receipt.missing for receipt in receipts(laptop.kit)}
    assert asked[hub.me.device][laptop.me.origin] == [(1, 2)]
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    hub.merge(*laptop.export())
    assert hub.kit.counts()["feedback"] == 2
    assert lacking(hub.kit, laptop.me.origin) == []


@pytest.mark.parametrize(
    "header",
    [
        {"origin": "aaaaaaaaaaaaaaaaaaaaaaaaaa.00000000"},
        {"origin": "../../etc"},
        {"ancestors": [["x" * 1_000, 1, 1]] * 100},
        {"seen": {"x": 10**40, "y#erasing": -(10**40), "": -1}},
    ],
)
def test_a_header_that_says_what_can_not_be_counts_for_its_sender_alone(
    network: Network, laptop: Laptop, header: dict[str, object]
) -> None:
    hub = network.hub
    writer = Writer(laptop, [hub.me.age_public])
    line = writer.header([], **header)
    assert hub.take(writer.bundle([], [], header=line)).reason == ""
    assert set(KnownReplicas(hub.kit).by_device) == {laptop.me.device}
    assert hub.kit.ledger.origins() and waiting(hub) == []
    hub.receipt()


def test_a_field_laptop_speaks_for_nobody_else(network: Network, laptop: Laptop) -> None:
    hub, other = network.hub, network.joins("B", trusted="field")
    other.merge(hub.invite())
    hub.kit.erase(hub.kit.add("feedback", {"rating": "1"}).record_id)
    other.merge(hub.invite())
    (true,) = other.export()
    spoken = hub.take(true) and KnownReplicas(hub.kit).by_device[other.me.device][other.me.origin]
    fields = {"reports": {other.me.origin: {"number": 99, "own": {other.me.origin: 7}}}}
    writer = Writer(laptop, [hub.me.age_public])
    assert hub.take(writer.bundle([], [], header=writer.header([], passed_on=fields))).reason == ""
    assert KnownReplicas(hub.kit).by_device[other.me.device][other.me.origin] == spoken


def test_two_coordinators_who_exchange_bundles_accuse_nobody(network: Network) -> None:
    hub, deputy = network.hub, network.joins("D", trusted="deputy")
    hub.merge(*deputy.export())
    deputy.merge(hub.invite())
    hub.kit.erase(say(hub))
    for _ in range(2):
        deputy.merge(hub.invite(), *hub.export())
        hub.merge(*deputy.export())
        for device in (hub, deputy):
            assert [erasure.earlier for erasure in erasures(device.kit, device.me)] == [[]]
    assert waiting(hub) == waiting(deputy) == [[]]


def test_what_a_deputy_says_of_others_goes_with_it(network: Network, laptop: Laptop) -> None:
    """It stated that a laptop had sent more than it can have; the laptop's own report counts again when the deputy is revoked."""
    hub, deputy = network.hub, network.joins("D", trusted="deputy")
    deputy.merge(hub.invite())
    say_and_send(laptop, hub)
    writer = Writer(deputy, [hub.me.age_public])
    fields = {laptop.me.origin: {"number": 2**53 - 2, "own": {laptop.me.origin: 2**50}}}
    hub.take(writer.bundle([], [], header=writer.header([], passed_on={"reports": fields})))
    assert lacking(hub.kit, laptop.me.origin) == [(2, 2**50)]
    hub.merge(*laptop.export())
    assert lacking(hub.kit, laptop.me.origin) == []
    hub.take(writer.bundle([], [], header=writer.header([], passed_on={"reports": fields})))
    revoke(hub.kit, hub.me, deputy.me.key.public.ssh_line())
    assert lacking(hub.kit, laptop.me.origin) == []


def test_names_that_nobody_knows_are_not_remembered(network: Network, laptop: Laptop) -> None:
    hub, deputy = network.hub, network.joins("D", trusted="deputy")
    names = [f"{'a' * 22}{entry:04}.00000000".replace("0", "a").replace("1", "b") for entry in range(3)]
    many = {f"{laptop.me.device}.{entry:08x}": 1 for entry in range(50)}
    for entry, header in (
        (
            laptop,
            {"origin": f"{laptop.me.device}.0000beef", "seen": many | {f"{n}#erasing": 7 for n in many}},
        ),
        (deputy, {"passed_on": {"marks": [], "reports": {name: {"number": 1} for name in names}}}),
    ):
        writer = Writer(entry, [hub.me.age_public])
        assert hub.take(writer.bundle([], [], header=writer.header([], **header))).reason == ""
    known = KnownReplicas(hub.kit).by_device
    assert set(known) == {laptop.me.device, deputy.me.device}
    (spoken,) = known[laptop.me.device].values()
    assert (spoken.own, spoken.marks) == ({}, {})


def test_more_than_fits_is_passed_on_in_turn(network: Network) -> None:
    hub = network.hub
    for name in "ABCDEFGH":
        hub.merge(*network.joins(name, trusted="field").export())
    seen = set()
    for _ in range(20):
        part = to_pass_on(hub.kit, 400)
        assert 0 < len(part.reports) < 8
        seen |= part.reports.keys()
        hub.export()
    assert len(seen) == 8


def test_what_was_merged_here_counts_when_a_deputys_reports_end(network: Network, laptop: Laptop) -> None:
    hub, deputy = network.hub, network.joins("D", trusted="deputy")
    hub.merge(*deputy.export())
    deputy.merge(hub.invite())
    mine = say_and_send(laptop, hub)
    copy = copied(network, laptop)
    for device in (copy, laptop):
        say_and_send(device, hub)
    hub.kit.erase(mine)
    deputy.merge(hub.invite())
    deputy.merge(*laptop.export())
    hub.merge(*deputy.export())
    exchange(hub, copy)
    assert waiting(hub) == [["A (1 of 2 copies)"]]
    revoke(hub.kit, hub.me, deputy.me.key.public.ssh_line())
    assert waiting(hub) == [["A (1 of 2 copies)"]]
