"""The merge does what its dry run said: files merged before, and receipts."""

from __future__ import annotations

from pathlib import Path

from desk import says, shown
from fieldkit.presentation.exchange.merge_report import totals
from fieldkit.sync.bundle.manifest import RECEIPT
from fieldkit.sync.merge.report import KNOWN, MERGED, QUARANTINED, MergeReport
from networks import Laptop, Network, Writer
from waiting import until


def predicted(laptop: Laptop, *paths: Path) -> MergeReport:
    """The report of a merge, after checking that its dry run predicted it."""
    report = laptop.merge(*paths, dry_run=True)
    done = laptop.merge(*paths)
    assert report.as_dict() | {"dry_run": False} == done.as_dict()
    return done


async def test_what_was_merged_before_is_counted_as_the_same(network: Network) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    laptop.kit.add_many("feedback", [{"rating": "1"}] * 7)
    (bundle,) = laptop.export()
    (file,) = predicted(hub, bundle).files
    assert (file.status, file.known_ops) == (MERGED, 0)
    report = predicted(hub, bundle)
    assert [(file.status, file.ops, file.known_ops) for file in report.files] == [(KNOWN, 7, 7)]
    assert report.by_device()["A"]["identical"] == 7
    assert "7 changes are here already" in totals(report)
    async with shown(hub.kit, hub.me, "merge", [bundle]) as (app, pilot):
        await until(pilot, lambda: says(app, "7 changes are here already", "There is nothing to merge"))


def test_a_copy_on_the_same_stick_is_counted_once_as_new(network: Network) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    laptop.kit.add("feedback", {"rating": "1"})
    (bundle,) = laptop.export()
    copy = bundle.with_name("copy of it.fkb")
    copy.write_bytes(bundle.read_bytes())
    collected = [(file.status, file.new_ops, file.known_ops) for file in predicted(hub, bundle, copy).files]
    assert collected == [(MERGED, 1, 0), (KNOWN, 0, 1)]


def test_its_own_receipt_is_nothing_new(network: Network) -> None:
    hub = network.hub
    assert [file.status for file in predicted(hub, hub.receipt()).files] == [KNOWN]


def test_a_receipt_that_is_held_already_is_nothing_new(network: Network) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    laptop.merge(hub.invite())
    first = hub.receipt()
    assert [[file.status for file in predicted(laptop, first).files] for _ in range(2)] == [[MERGED], [KNOWN]]
    assert [file.status for file in predicted(laptop, hub.receipt()).files] == [MERGED]


def test_a_receipt_of_a_laptop_that_may_write_none_is_quarantined(network: Network) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    other = network.joins("B", trusted="field")
    other.merge(hub.invite())
    writer = Writer(laptop, [])
    receipt = writer.bundle([b"{}"], [], purpose=RECEIPT)
    for device in (hub, other):
        (refused,) = predicted(device, receipt).files
        assert (refused.status, refused.reason) == (QUARANTINED, "not-allowed")
