"""Backups from before an erasure restore nothing that was erased, and those from after it do not forget it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.errors import NotFound
from fieldkit.store.backup import backup
from fieldkit.sync.merge.report import QUARANTINED
from marked_text import MARKER, spoken, words_in
from networks import Network


def test_a_backup_that_is_older_than_the_erasure_does_not_restore_it(
    network: Network, tmp_path: Path
) -> None:
    hub = network.hub
    laptop = network.joins("A", trusted="field")
    _, code = laptop.kit.add_with_code("feedback", spoken())
    erased = hub.kit.add("feedback", spoken())
    older = laptop.export()
    hub.merge(*older)
    backup(hub.kit, tmp_path / "hub.fkbackup")
    hub.kit.withdraw(code)
    hub.kit.erase(erased.record_id)
    assert words_in(hub, tmp_path) == []
    hub.restore(tmp_path / "hub.fkbackup")
    assert words_in(hub, tmp_path) == []
    assert hub.kit.counts()["feedback"] == 0
    assert hub.kit.check() == []
    for path in [*older, *laptop.export(full=True)]:
        assert hub.take(path).status != QUARANTINED
    assert words_in(hub, tmp_path) == []
    assert hub.kit.counts()["feedback"] == 0
    before = [path for path in hub.kit.folder.parent.iterdir() if "before-restore" in path.name]
    assert len(before) == 1
    assert not any(MARKER.encode() in path.read_bytes() for path in before[0].rglob("*") if path.is_file())
    # Again: the second restore still knows it.
    hub.restore(tmp_path / "hub.fkbackup")
    assert words_in(hub, tmp_path) == []
    assert hub.kit.check() == []


def test_a_backup_without_the_text_does_not_make_the_kit_forget_it(network: Network, tmp_path: Path) -> None:
    hub = network.hub
    erased = hub.kit.add("feedback", spoken())
    backup(hub.kit, tmp_path / "with.fkbackup")
    hub.kit.erase(erased.record_id)
    backup(hub.kit, tmp_path / "without.fkbackup")
    for name in ("without", "with"):
        hub.restore(tmp_path / f"{name}.fkbackup")
        assert words_in(hub, tmp_path) == []
        assert hub.kit.counts()["feedback"] == 0


def test_an_erasure_that_had_not_travelled_yet_outlives_a_restore(network: Network, tmp_path: Path) -> None:
    hub, laptop = network.hub, network.joins("A")
    stored, code = laptop.kit.add_with_code("feedback", spoken())
    hub.kit.add("feedback", spoken())
    hub.merge(*laptop.export())
    hub.trust(laptop)
    assert hub.kit.counts()["feedback"] == 2
    backup(laptop.kit, tmp_path / "laptop.fkbackup")
    laptop.kit.withdraw(code)
    laptop.restore(tmp_path / "laptop.fkbackup")
    hub.merge(*laptop.export())
    assert hub.kit.counts()["feedback"] == 1
    with pytest.raises(NotFound):
        hub.kit.get(stored.record_id)
