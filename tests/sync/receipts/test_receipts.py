"""What has arrived: only a receipt takes a record from its laptop, through a bundle, to confirmed."""

from __future__ import annotations

from fieldkit.sync.merge.report import KNOWN, MERGED
from fieldkit.sync.peers.erasure_status import erasures
from fieldkit.sync.peers.streams import lacking
from fieldkit.sync.receipts.receipt_file import write_receipt
from fieldkit.sync.receipts.receipts import progress_of_change, receipts, unconfirmed
from laptop_steps import ops_in, say, say_and_send
from networks import Laptop, Network, Writer


def test_a_record_goes_from_laptop_to_bundle_to_confirmed(network: Network, laptop: Laptop) -> None:
    hub = network.hub
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    first = say(laptop, "first")
    assert progress_of_change(laptop.kit, laptop.me, first) == "on this laptop"
    bundles = laptop.export()
    assert progress_of_change(laptop.kit, laptop.me, first) == "in bundle 1"
    state = unconfirmed(laptop.kit, laptop.me)
    assert (state.ops, state.oldest) == (1, laptop.kit.get(first).created)
    # Exporting it does not show that it arrived, so it is exported again and again.
    assert ops_in(laptop.export(), hub) == 1
    early = hub.receipt()
    assert laptop.take(early).status == MERGED
    assert progress_of_change(laptop.kit, laptop.me, first) == "in bundle 1"
    hub.merge(*bundles)
    late = hub.receipt()
    assert laptop.take(late).status == MERGED
    assert progress_of_change(laptop.kit, laptop.me, first) == "confirmed"
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    assert ops_in(laptop.export(), hub) == 0
    # An older receipt cancels nothing, and the same one adds nothing.
    assert [file.status for file in laptop.merge(early, late).files] == [KNOWN, KNOWN]
    assert progress_of_change(laptop.kit, laptop.me, first) == "confirmed"
    laptop.kit.edit(laptop.kit.get(first), {"rating": "2"})
    assert progress_of_change(laptop.kit, laptop.me, first) == "on this laptop"
    assert unconfirmed(laptop.kit, laptop.me).ops == 1
    assert ops_in(laptop.export(full=True), hub) == 2
    hubs = hub.kit.add("event", {"title": "Not of this laptop"})
    laptop.merge(hub.invite())
    assert progress_of_change(laptop.kit, laptop.me, hubs.record_id) == ""


def test_a_receipt_for_one_laptop_says_nothing_to_others(network: Network, laptop: Laptop) -> None:
    hub, other, third = network.hub, network.joins("B", trusted="field"), network.joins("C", trusted="deputy")
    hub.merge(*third.export())
    records = {name: say(record, name) for name, record in (("A", laptop), ("B", other))}
    hub.merge(*laptop.export(), *other.export())
    for device in (laptop, other):
        assert device.take(hub.receipt()).status == MERGED
    path = write_receipt(hub.kit, hub.me, network.folder / "a.fkr", [laptop.me.device])
    assert [device.take(path).status for device in (laptop, other, third)] == [MERGED, KNOWN, KNOWN]
    for name, device in (("A", laptop), ("B", other)):
        assert progress_of_change(device.kit, device.me, records[name]) == "confirmed"


def test_the_age_of_what_waits_is_shown_though_the_oldest_was_erased(
    network: Network, laptop: Laptop
) -> None:
    _, code = laptop.kit.add_with_code("feedback", {"rating": "1", "consent_record": "Y"})
    laptop.kit.withdraw(code)
    waits = unconfirmed(laptop.kit, laptop.me)
    (withdrawal,) = laptop.kit.page("withdrawal")
    assert (waits.ops, waits.oldest) == (2, withdrawal.created)


def test_what_one_coordinator_misses_and_another_has_is_confirmed_and_goes_out_again(
    network: Network, laptop: Laptop
) -> None:
    hub, other = network.hub, network.joins("D", trusted="deputy")
    hub.merge(*other.export())
    other.merge(hub.invite())
    laptop.merge(hub.invite())
    say_and_send(laptop, hub, "first")
    laptop.take(hub.receipt())
    second = say(laptop, "second")
    other.merge(*laptop.export())
    laptop.take(other.receipt())
    assert progress_of_change(laptop.kit, laptop.me, second) == "confirmed"
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    # The deputy asks for the first, so it is exported once more.
    assert ops_in(laptop.export(), hub) == 1
    other.merge(*laptop.export())
    laptop.take(other.receipt())
    assert ops_in(laptop.export(), hub) == 0


def test_an_older_bundle_that_comes_later_takes_nothing_back(network: Network, laptop: Laptop) -> None:
    hub = network.hub
    say(laptop, "first")
    (old,) = laptop.export()
    record_id = hub.kit.add("feedback", {"rating": "1"}).record_id
    hub.kit.erase(record_id)
    laptop.merge(hub.invite())
    (same,) = laptop.export()
    say(laptop, "second")
    for newer in (same, *laptop.export()):
        hub.merge(newer)
        assert erasures(hub.kit, hub.me)[0].waiting == []
        hub.merge(old)
        assert erasures(hub.kit, hub.me)[0].waiting == []
    # A laptop that was restored from a copy without the erasure is asked again.
    hub.merge(*laptop.export())
    assert lacking(hub.kit, laptop.me.origin) == []


def test_a_dry_run_of_a_receipt_confirms_nothing(network: Network, laptop: Laptop) -> None:
    say(laptop, "words")
    network.hub.merge(*laptop.export())
    laptop.merge(network.hub.receipt(), dry_run=True)
    assert unconfirmed(laptop.kit, laptop.me).ops == 1


def test_a_receipt_names_what_was_quarantined_and_which_fields_conflict(
    network: Network, laptop: Laptop
) -> None:
    hub = network.hub
    fair = hub.kit.add("event", {"title": "Fair"})
    laptop.merge(hub.invite())
    for device in (hub, laptop):
        device.kit.edit(device.kit.get(fair.record_id), {"title": f"Fair of {device.me.name}"})
    hub.merge(*laptop.export())
    line = Writer(laptop, [hub.me.age_public])
    hub.merge(line.bundle([b"rubbish"]))
    laptop.merge(hub.receipt())
    (receipt,) = receipts(laptop.kit)
    assert [(conflict["record_id"], conflict["field"]) for conflict in receipt.conflicts] == [
        (fair.record_id, "title")
    ]
    assert [file["reason"] for file in receipt.quarantined] == ["damaged"]
    # A receipt for one laptop says nothing about the others.
    other = network.joins("B", trusted="field")
    say_and_send(other, hub, "of B")
    path = write_receipt(hub.kit, hub.me, network.folder / "for-b.fkr", [other.me.device])
    other.merge(path)
    (receipt,) = receipts(other.kit)
    assert {origin.partition(".")[0] for origin in receipt.held} == {other.me.device}
    assert receipt.quarantined == []
