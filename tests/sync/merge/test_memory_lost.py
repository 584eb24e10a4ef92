"""Coordinators and laptops restored from backups, or with a wrong clock: what they had confirmed or sent is requested again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fieldkit.store.backup import backup
from fieldkit.sync.merge.report import KNOWN, MERGED, QUARANTINED
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.peers.erasure_status import erasures
from fieldkit.sync.peers.own_status import has_lost
from fieldkit.sync.receipts.receipts import progress_of_change, unconfirmed
from fieldkit.sync.setup import rotate_key
from laptop_steps import ops_in, say, say_and_send
from networks import Laptop, Network


def test_a_hub_restored_from_an_old_backup_voids_what_it_had_confirmed(
    network: Network, laptop: Laptop, tmp_path: Path
) -> None:
    hub = network.hub
    kept = say_and_send(laptop, hub, "before the backup")
    laptop.merge(hub.receipt())
    backup(hub.kit, tmp_path / "hub.fkbackup")
    lost = say_and_send(laptop, hub, "after the backup")
    hub.kit.add("event", {"title": "lost with the disk"})
    old = hub.receipt()
    laptop.merge(old)
    assert progress_of_change(laptop.kit, laptop.me, lost) == "confirmed"
    before = hub.me.origin
    hub.restore(tmp_path / "hub.fkbackup")
    assert hub.kit.origin != before
    assert hub.kit.counts()["feedback"] == 1
    assert laptop.take(hub.receipt()).status == MERGED
    assert progress_of_change(laptop.kit, laptop.me, kept) == "confirmed"
    assert progress_of_change(laptop.kit, laptop.me, lost) != "confirmed"
    assert unconfirmed(laptop.kit, laptop.me).ops == 1
    # The receipt from before the restore is void for good.
    assert laptop.take(old).status == KNOWN
    assert unconfirmed(laptop.kit, laptop.me).ops == 1
    hub.merge(*laptop.export())
    laptop.merge(hub.receipt())
    assert progress_of_change(laptop.kit, laptop.me, lost) == "confirmed"
    hub.kit.add("event", {"title": "under the new incarnation"})
    assert hub.kit.check() == []
    assert {span.partition(".")[0] for span in hub.kit.ledger.origins()} == {hub.me.device, laptop.me.device}


@pytest.mark.parametrize("ahead", [0, 10**12])
def test_a_hub_restored_twice_from_one_backup_voids_what_it_had_confirmed_between(
    network: Network, laptop: Laptop, tmp_path: Path, ahead: int
) -> None:
    """Both times its restore count is the same; its clock may have been years ahead in between."""
    hub = network.hub
    kept = say_and_send(laptop, hub, "before the backup")
    backup(hub.kit, tmp_path / "hub.fkbackup")

    hub.restore(tmp_path / "hub.fkbackup")
    clock = hub.kit.clock
    hub.kit.clock = lambda: clock() + ahead
    lost = say_and_send(laptop, hub, "lost with the second")
    old = hub.receipt()
    laptop.merge(old)
    assert progress_of_change(laptop.kit, laptop.me, lost) == "confirmed"
    hub.restore(tmp_path / "hub.fkbackup")
    for _ in range(2):
        assert laptop.take(hub.receipt()).status == MERGED
        assert progress_of_change(laptop.kit, laptop.me, kept) == "confirmed"
        assert progress_of_change(laptop.kit, laptop.me, lost) != "confirmed"
        # A stick that still holds the older receipt does not revive it.
        assert laptop.take(old).status == KNOWN
    assert unconfirmed(laptop.kit, laptop.me).ops == 1
    hub.merge(*laptop.export())
    assert hub.kit.counts()["feedback"] == 2
    laptop.merge(hub.receipt())
    assert progress_of_change(laptop.kit, laptop.me, lost) == "confirmed"


def test_a_hub_restored_from_an_older_backup_after_a_newer_one(
    network: Network, laptop: Laptop, tmp_path: Path
) -> None:
    hub = network.hub
    backup(hub.kit, tmp_path / "old")
    hub.restore(tmp_path / "old")
    backup(hub.kit, tmp_path / "new")
    hub.restore(tmp_path / "new")
    lost = say_and_send(laptop, hub, "lost with the newer kit")
    laptop.take(hub.receipt())
    assert progress_of_change(laptop.kit, laptop.me, lost) == "confirmed"
    hub.restore(tmp_path / "old")
    assert laptop.take(hub.receipt()).status == MERGED
    assert progress_of_change(laptop.kit, laptop.me, lost) == "in bundle 1"
    hub.merge(*laptop.export())
    laptop.take(hub.receipt())
    assert progress_of_change(laptop.kit, laptop.me, lost) == "confirmed"
    assert hub.kit.counts()["feedback"] == 1


def test_a_laptop_that_was_restored_is_noticed_though_it_writes_nothing(
    network: Network, laptop: Laptop, tmp_path: Path
) -> None:
    hub = network.hub
    say(laptop, "first")
    backup(laptop.kit, tmp_path / "a")
    say_and_send(laptop, hub, "second")
    laptop.restore(tmp_path / "a")
    hub.kit.erase(hub.kit.add("feedback", {"rating": "1"}).record_id)
    hub.merge(*laptop.export())
    assert erasures(hub.kit, hub.me)[0].waiting == ["A"]
    laptop.merge(hub.invite(), hub.receipt())
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    hub.merge(*laptop.export())
    assert erasures(hub.kit, hub.me)[0].waiting == []


def test_a_hub_restored_without_its_newer_key_quarantines_its_own_bundle(
    network: Network, tmp_path: Path
) -> None:
    hub = network.hub
    backup(hub.kit, tmp_path / "old")
    hub.me = rotate_key(hub.kit, hub.me)
    say(hub, "sealed to the newer key")
    bundles = hub.export(full=True)
    shutil.rmtree(hub.kit.folder)
    hub.restore(tmp_path / "old")
    assert [file.status for file in hub.merge(*bundles).files] == [QUARANTINED]


def test_a_hub_whose_clock_was_years_ahead_for_a_day(network: Network, laptop: Laptop) -> None:
    hub = network.hub
    first, clock = say(laptop, "first"), hub.kit.clock
    hub.kit.clock = lambda: clock() + 10**12
    hub.merge(*laptop.export())
    laptop.merge(hub.receipt())
    hub.kit.clock = clock
    second = say_and_send(laptop, hub, "second")
    assert laptop.take(hub.receipt()).status == MERGED
    assert [progress_of_change(laptop.kit, laptop.me, device) for device in (first, second)] == [
        "confirmed"
    ] * 2


def test_a_laptop_restored_from_an_old_backup_says_what_is_not_confirmed(
    network: Network, laptop: Laptop, tmp_path: Path
) -> None:
    hub = network.hub
    say(laptop, "one")
    backup(laptop.kit, tmp_path / "a.fkbackup")
    say_and_send(laptop, hub, "two")
    laptop.restore(tmp_path / "a.fkbackup")
    new = say(laptop, "three")
    report = hub.merge(*laptop.export())
    assert [file.parted for file in report.files] == [{}]
    assert hub.kit.counts()["feedback"] == 3
    laptop.merge(hub.receipt())
    assert progress_of_change(laptop.kit, laptop.me, new) == "confirmed"
    # What the backup still held is the same there, although the hub's stream of it is longer.
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    assert ops_in(laptop.export(), hub) == 0
    assert hub.kit.check() == laptop.kit.check() == []


def test_a_hub_that_lost_changes_of_its_own_is_shown_until_it_has_them(
    network: Network, laptop: Laptop, tmp_path: Path
) -> None:
    """Restored into an empty folder, it knows nothing of an erasure, and holds the text again."""
    hub = network.hub
    mine = say_and_send(laptop, hub)
    backup(hub.kit, tmp_path / "hub")
    hub.kit.erase(mine)
    network_file = hub.invite()
    laptop.merge(network_file)
    assert not has_lost(hub.kit, Roster(hub.kit, hub.me))
    hub.lose(tmp_path / "hub")
    assert hub.kit.get(mine)
    say_and_send(laptop, hub)
    assert has_lost(hub.kit, Roster(hub.kit, hub.me))
    assert not has_lost(laptop.kit, Roster(laptop.kit, laptop.me))
    hub.merge(network_file)
    assert not has_lost(hub.kit, Roster(hub.kit, hub.me))
    assert hub.kit.counts()["feedback"] == 1
