"""Copies of a laptop's folder: distinguished by what they write, each under an origin of its own."""

from __future__ import annotations

from fieldkit.store.local.known_settings import WAS_COPIED
from fieldkit.sync.merge.report import MERGED
from fieldkit.sync.receipts.receipts import progress_of_change, unconfirmed
from laptop_steps import copied, say, say_and_send
from networks import Laptop, Network


def test_copies_of_a_laptop_stay_confirmed_whichever_was_merged_last(
    network: Network, laptop: Laptop
) -> None:
    hub = network.hub
    say(laptop, "shared by both")
    copy = copied(network, laptop)
    for turn in range(3):
        for device in (laptop, copy):
            say_and_send(device, hub, f"{turn}")
            receipt = hub.receipt()
            for other in (laptop, copy):
                other.take(receipt)
            assert unconfirmed(device.kit, device.me).ops == 0
        assert unconfirmed(laptop.kit, laptop.me).ops == 0


def test_a_copied_laptop_is_distinguished_and_goes_on_under_a_name_of_its_own(
    network: Network, laptop: Laptop
) -> None:
    hub = network.hub
    say(laptop, "shared by both")
    copy = copied(network, laptop, renewed=False)
    copy.again()
    assert copy.me.origin == laptop.me.origin
    mine, others = say(laptop, "on the first"), say(copy, "on the copy")
    assert hub.merge(*laptop.export()).files[0].parted == {}
    report = hub.merge(*copy.export()).files[0]
    assert (report.status, report.parted) == (MERGED, {laptop.me.origin: 2})
    assert "copied" in report.sentence
    assert hub.kit.counts()["feedback"] == 3
    receipt = hub.receipt()
    shared = laptop.me.origin
    for entry, own in ((laptop, mine), (copy, others)):
        entry.take(receipt)
        entry.again()
        # Each keeps what it wrote; neither takes the other's change for its own.
        assert progress_of_change(entry.kit, entry.me, own) == "confirmed"
    assert shared not in {laptop.kit.origin} & {copy.kit.origin}
    assert laptop.kit.origin != copy.kit.origin
    for entry in (laptop, copy):
        say(entry, f"later {entry.kit.origin}")
        assert [file.parted for file in hub.merge(*entry.export()).files] == [{}]
    assert hub.kit.counts()["feedback"] == 5
    for entry in (laptop, copy):
        entry.take(hub.receipt())
        assert unconfirmed(entry.kit, entry.me).ops == 0
    assert hub.kit.check() == laptop.kit.check() == copy.kit.check() == []


def test_a_copy_that_meets_what_the_other_wrote_goes_on_under_a_name_of_its_own(
    network: Network, laptop: Laptop
) -> None:
    """A restored disk image is in the same place on the same machine: only the other's changes reveal it."""
    hub = network.hub
    copy = copied(network, laptop, renewed=False)
    event = copy.kit.add("event", {"title": "Fair"})
    copy.kit.edit(event, {"title": "Health fair"})
    hub.merge(*copy.export())
    before = laptop.me.origin
    laptop.merge(hub.invite())
    laptop.again()
    assert laptop.me.origin != before
    assert laptop.kit.settings.get(WAS_COPIED)
    # What it writes now is beside the other's, and can't replace itself.
    for title in ("Fair in the park", "Fair in the hall"):
        laptop.kit.edit(laptop.kit.get(event.record_id), {"title": title})
    assert hub.merge(*laptop.export()).quarantined == []
    assert hub.kit.get(event.record_id).values["title"] == "Fair in the hall"
    assert hub.kit.check() == []
