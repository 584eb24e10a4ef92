"""Kits restored from before a new key, or after losing data: they are sent to again, and recover what bundles hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from backup_network import FIXTURES
from fieldkit.errors import StorageError
from fieldkit.store.backup import backup
from fieldkit.sync.merge.report import MERGED
from fieldkit.sync.network.identity import identity
from fieldkit.sync.network.location import check_place
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.setup import rotate_key
from networks import Network

network, hub = FIXTURES


def test_a_hub_restored_from_before_a_new_key_is_sent_to_again(network: Network, tmp_path: Path) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    deputy = network.joins("Deputy", trusted="deputy")
    path = tmp_path / "hub.fkbackup"
    backup(hub.kit, path)
    first = hub.me.age_public
    rotate_key(hub.kit, hub.me)
    hub.again()
    lost = hub.me.age_public
    for device in (laptop, deputy):
        device.merge(hub.invite())
    laptop.kit.add("feedback", {"rating": "1", "experience": "to the lost key"})
    hub.restore(path)
    assert check_place(hub.kit) is False
    assert hub.me.age_public == first
    assert [file.reason for file in hub.merge(*laptop.export()).quarantined] == ["not-for-us"]
    for device in (laptop, deputy):
        device.merge(hub.invite())
        assert {first, lost} <= set(Roster(device.kit, device.me).recipients())
    assert hub.merge(*laptop.export()).quarantined == []
    assert hub.kit.counts()["feedback"] == 21
    # The hub now sees which key was lost, and states again which one counts.
    assert hub.merge(*deputy.export()).quarantined == []
    check_place(hub.kit)
    laptop.merge(hub.invite())
    assert Roster(laptop.kit, laptop.me).recipients() == sorted([first, deputy.me.age_public])
    assert laptop.kit.conflicts() == hub.kit.conflicts() == []
    ops = len(hub.kit.history(hub.me.device))
    check_place(hub.kit)
    assert len(hub.kit.history(hub.me.device)) == ops


def test_a_change_of_keys_that_was_cut_off_is_carried_on_at_the_next_start(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The older key opens only for some days: by then the network must know the new one."""
    hub, laptop = network.hub, network.joins("A", trusted="field")
    check_place(hub.kit)
    first = hub.me.age_public

    def full(*_: object, **__: object) -> None:
        raise StorageError("The disk is full.")

    with monkeypatch.context() as patched, pytest.raises(StorageError):
        patched.setattr(Roster, "put", full)
        rotate_key(hub.kit, hub.me)
    hub.again()
    assert hub.me.age_public != first
    assert Roster(hub.kit, hub.me).recipients() == [first]
    check_place(hub.kit)
    assert Roster(hub.kit, hub.me).recipients() == [hub.me.age_public]
    laptop.merge(hub.invite())
    assert Roster(laptop.kit, laptop.me).recipients() == [hub.me.age_public]


def test_what_was_lost_with_a_laptop_comes_back_from_its_bundles(network: Network, tmp_path: Path) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    laptop.kit.add("feedback", {"rating": "1", "experience": "in the backup"})
    backup(laptop.kit, tmp_path / "a.fkbackup")
    laptop.kit.add("feedback", {"rating": "1", "experience": "on the stick alone"})
    (bundle,) = laptop.export()
    laptop.restore(tmp_path / "a.fkbackup")
    laptop.kit.add("feedback", {"rating": "1", "experience": "afterwards"})
    hub.merge(*laptop.export(), bundle)
    assert {
        record.values["experience"]
        for record in hub.kit.page("feedback")
        if not record.values["experience"].isdigit()
    } == {
        "in the backup",
        "on the stick alone",
        "afterwards",
    }
    assert identity(laptop.kit).origin == laptop.me.origin
    assert [file.parted for file in hub.merge(*laptop.export(), bundle).files] == [{}, {}]
    assert hub.kit.check() == []
    assert hub.merge(hub.invite()).files[0].status != MERGED
