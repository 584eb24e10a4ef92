"""A deputy relays skeletons in place of what a laptop recorded: no text is lost, and nothing is confirmed."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.store.oplog.ops import GENESIS, Skeleton, chain, decode_stored, encode
from fieldkit.sync.merge.report import KNOWN, MERGED
from fieldkit.sync.receipts.receipts import ON_LAPTOP, progress_of_change, unconfirmed
from networks import Laptop, Network, Writer
from streams import parcels


@pytest.fixture
def deputy(network: Network) -> Laptop:
    """A deputy that the coordinator trusts, and that knows its network."""
    made = network.joins("Deputy", trusted="deputy")
    network.hub.merge(*made.export())
    made.merge(network.hub.invite())
    return made


def hollowed(laptop: Laptop, deputy: Laptop, hub: Laptop) -> Path:
    """A deputy's bundle with only skeletons of all that the laptop recorded; their hashes are right."""
    (parcel,) = parcels(laptop.kit, [laptop.kit.origin])
    span, lines = parcel
    assert span.prev == GENESIS
    skeletons = []
    digest = GENESIS
    for line in lines:
        op, digest = decode_stored(line), chain(digest, line)
        skeletons.append(encode(Skeleton(op.origin, op.seq, digest.hex(), op.record_id)))
    return Writer(deputy, [hub.me.age_public]).bundle(skeletons, [span])


def test_the_laptops_own_words_are_taken_after_a_skeleton(
    network: Network, laptop: Laptop, deputy: Laptop
) -> None:
    hub = network.hub
    record = laptop.kit.add("feedback", {"experience": "The nurse was kind", "rating": "1"}).record_id
    laptop.kit.edit(laptop.kit.get(record), {"rating": "2"})
    assert hub.take(hollowed(laptop, deputy, hub)).status == MERGED
    assert hub.kit.count("feedback") == 0
    (bundle,) = laptop.export()
    ingested = hub.take(bundle)
    assert (ingested.status, ingested.new_ops, ingested.new_records) == (MERGED, 2, 1)
    assert hub.kit.get(record).values["experience"] == "The nurse was kind"
    assert hub.kit.get(record).values["rating"] == "2"
    assert hub.kit.state_hash() == laptop.kit.state_hash()
    assert hub.take(bundle).status == KNOWN
    assert hub.kit.check() == []


def test_a_receipt_confirms_no_hollow_place(network: Network, laptop: Laptop, deputy: Laptop) -> None:
    hub = network.hub
    record = laptop.kit.add("feedback", {"experience": "The nurse was kind"})
    hub.merge(hollowed(laptop, deputy, hub))
    laptop.merge(hub.receipt())
    assert unconfirmed(laptop.kit, laptop.me).ops == 1
    assert progress_of_change(laptop.kit, laptop.me, record.record_id) == ON_LAPTOP
    # So the next bundle contains it, and then it is confirmed.
    hub.merge(*laptop.export())
    laptop.merge(hub.receipt())
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    assert hub.kit.get(record.record_id).values["experience"] == "The nurse was kind"


def test_what_was_erased_stays_erased_and_counts_as_held(
    network: Network, laptop: Laptop, deputy: Laptop
) -> None:
    hub = network.hub
    record = laptop.kit.add("feedback", {"experience": "SECRET words"}).record_id
    (bundle,) = laptop.export()
    hub.merge(bundle)
    hub.kit.erase(record)
    again = hub.merge(*laptop.export(full=True))
    assert again.files[0].new_records == 0
    assert hub.kit.counts()["feedback"] == 0
    laptop.merge(hub.receipt())
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    with hub.kit.ledger.outgoing() as outgoing:
        lines = [line for span in outgoing.spans(laptop.kit.origin) for line in outgoing.lines(span)]
    assert not any(b"SECRET" in line for line in lines)


def test_an_erasure_that_comes_after_a_skeleton_was_filled_still_erases(
    network: Network, laptop: Laptop, deputy: Laptop
) -> None:
    hub = network.hub
    record = laptop.kit.add("feedback", {"experience": "SECRET words"}).record_id
    hub.merge(hollowed(laptop, deputy, hub))
    hub.merge(*laptop.export())
    assert hub.kit.counts()["feedback"] == 1
    hub.kit.erase(record)
    hub.merge(*laptop.export(full=True))
    assert hub.kit.counts()["feedback"] == 0
    assert hub.kit.check() == []
