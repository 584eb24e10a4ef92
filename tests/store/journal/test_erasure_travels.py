"""An erasure reaches every copy, whichever kit learned of it, and nothing that arrives later restores the text."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.errors import NotFound
from fieldkit.sync.export.export import parts_of
from fieldkit.sync.merge.report import KNOWN, MERGED
from fieldkit.sync.peers.erasure_status import erasures
from marked_text import MARKER, spoken, words_in
from networks import Network


def test_a_withdrawal_travels_to_every_copy(network: Network, tmp_path: Path) -> None:
    """Device -> coordinator -> network file -> the others, whichever kit was given the code."""
    hub = network.hub
    first, second = (network.joins(name, trusted="field") for name in "AB")
    deputy = network.joins("Deputy", trusted="deputy")
    hub.merge(*deputy.export())
    for device in (first, second, deputy):
        device.merge(hub.invite())
    seen, code = first.kit.add_with_code("feedback", spoken())
    older = first.export()
    hub.merge(*older)
    deputy.merge(*older)
    # Given to a laptop that has never held the record.
    assert second.kit.withdraw(code) == 0
    report = hub.merge(*second.export())
    assert report.files[0].erased == 1
    assert words_in(hub, tmp_path) == []
    update = hub.invite()
    for device in (first, deputy):
        assert words_in(device, tmp_path)
        assert device.take(update).erased == 1
        assert words_in(device, tmp_path) == []
        assert device.kit.check() == []
    # An older bundle restores nothing anywhere; nor does one exported since.
    for device in (hub, deputy):
        assert [file.status for file in device.merge(*older).files] == [KNOWN]
    (late,) = first.export(full=True)
    assert hub.take(late).status in {MERGED, KNOWN}
    newcomer = network.joins("New", trusted="deputy")
    hub.merge(*newcomer.export())
    newcomer.merge(hub.invite())
    first.merge(hub.invite())
    assert newcomer.merge(*first.export(full=True)).quarantined == []
    for device in (hub, first, second, deputy, newcomer):
        assert words_in(device, tmp_path) == []
        assert device.kit.counts()["feedback"] == 0
        assert device.kit.check() == []
        with pytest.raises(NotFound):
            device.kit.get(seen.record_id)


def test_an_erasure_is_confirmed_only_by_who_has_that_very_one(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has a later change of the coordinator need not have the erasure before it."""
    hub, laptop = network.hub, network.joins("A", trusted="field")
    for _ in range(2):
        hub.kit.erase(hub.kit.add("feedback", spoken()).record_id)
    monkeypatch.setattr("fieldkit.sync.export.export.MOST_SPANS", 1)
    *_, first, second = parts_of(hub.invite())

    def waiting() -> list[list[str]]:
        hub.merge(*laptop.export())
        return [erasure.waiting for erasure in erasures(hub.kit, hub.me)]

    assert waiting() == [["A"], ["A"]]
    laptop.merge(second)
    assert laptop.kit.ledger.origins()[hub.kit.origin] == hub.kit.ledger.erasing()[1][1].seq
    assert waiting() == [["A"], ["A"]]
    laptop.merge(first)
    assert waiting() == [[], []]
    # A third erasure that it has yet to receive cancels no confirmation.
    hub.kit.erase(hub.kit.add("feedback", spoken()).record_id)
    assert waiting() == [[], [], ["A"]]


def test_an_older_bundle_that_comes_later_restores_nothing(network: Network, tmp_path: Path) -> None:
    hub = network.hub
    laptop = network.joins("A", trusted="field")
    withdrawn, code = laptop.kit.add_with_code("feedback", spoken())
    erased = laptop.kit.add("feedback", spoken())
    laptop.kit.add("feedback", {"rating": "3"})
    (older,) = laptop.export()
    (again,) = laptop.export(full=True)
    # The record arrives only after the withdrawal.
    hub.kit.withdraw(code)
    report = hub.take(older)
    assert report.status == MERGED
    assert hub.kit.counts()["feedback"] == 2
    hub.kit.erase(erased.record_id)
    assert words_in(hub, tmp_path) == []
    assert hub.take(again).status == KNOWN
    assert hub.kit.counts()["feedback"] == 1
    assert words_in(hub, tmp_path) == []
    # The chain of the laptop's changes is complete and continues.
    assert hub.kit.ledger.held(laptop.me.origin) == [(1, 3)]
    laptop.merge(hub.invite())
    assert words_in(laptop, tmp_path) == []
    laptop.kit.add("feedback", {"rating": "4"})
    assert hub.merge(*laptop.export()).quarantined == []
    assert hub.kit.ledger.held(laptop.me.origin) == [(1, 4)]
    assert hub.kit.counts()["feedback"] == laptop.kit.counts()["feedback"] == 2
    for device in (hub, laptop):
        assert device.kit.check() == []
        assert withdrawn.record_id not in {
            record.record_id for record in device.kit.page("feedback", deleted=True)
        }


def test_an_edit_made_elsewhere_is_erased_as_well(network: Network, tmp_path: Path) -> None:
    hub = network.hub
    first, second = (network.joins(name, trusted="deputy") for name in "AB")
    hub.merge(*first.export(), *second.export())
    for laptop in (first, second):
        laptop.merge(hub.invite())
    seen, code = first.kit.add_with_code("feedback", spoken())
    second.merge(*first.export())
    second.kit.edit(second.kit.get(seen.record_id), {"need": f"{MARKER} of the other"})
    (edited,) = second.export()
    hub.merge(*first.export())
    hub.kit.withdraw(code)
    hub.take(edited)
    assert words_in(hub, tmp_path) == []
    assert hub.kit.check() == []
    (relayed,) = hub.export(full=True)
    second.take(relayed)
    assert words_in(second, tmp_path) == []
    assert second.kit.check() == []
