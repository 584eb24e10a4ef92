"""Bundles as files: which are found in a folder, many at once, and names that are never reused."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.errors import NotFound
from fieldkit.sync.export.export import export
from fieldkit.sync.merge.files import files_in
from fieldkit.sync.merge.report import MERGED, QUARANTINED
from networks import Network


def test_files_in_names_every_bundle_once(tmp_path: Path) -> None:
    inner = tmp_path / "stick" / "inner"
    inner.mkdir(parents=True)
    names = ["b.fkb", "inner/A.FKB", "inner/c.fkn", "d.fkr"]
    for name in (*names, "notes.txt", "e.fkb.part"):
        (tmp_path / "stick" / name).write_bytes(b"")
    (tmp_path / "stick" / "folder.fkb").mkdir()
    stick = tmp_path / "stick"
    result = files_in([stick, stick / "b.fkb", stick / "notes.txt"])
    assert {path.relative_to(stick).as_posix() for path in result} == {*names, "notes.txt"}
    assert len(result) == 5
    for missing in (tmp_path / "nowhere", stick / "folder.fkb"):
        with pytest.raises(NotFound):
            files_in([missing])


def test_files_in_keeps_to_the_folder_that_was_named(tmp_path: Path) -> None:
    stick, elsewhere = tmp_path / "stick", tmp_path / "elsewhere"
    for folder in (stick / "week", elsewhere):
        folder.mkdir(parents=True)
    inside, outside = stick / "week" / "a.fkb", elsewhere / "b.fkb"
    for path in (inside, outside):
        path.touch()
    (stick / "again.fkb").symlink_to(inside)
    (stick / "out.fkb").symlink_to(outside)
    (stick / "folder").symlink_to(elsewhere, target_is_directory=True)
    (stick / "loop").symlink_to(stick, target_is_directory=True)
    assert files_in([stick]) == [stick / "again.fkb", inside]
    # Named explicitly, it is merged.
    assert files_in([stick / "out.fkb"]) == [stick / "out.fkb"]


def test_more_files_than_one_commit_holds(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldkit.sync.merge.merge_run.FILES_A_COMMIT", 3)
    laptop = network.joins("A", trusted="field")
    bundles = []
    for number in range(8):
        laptop.kit.add("feedback", {"rating": "1", "experience": f"{number}"})
        bundles += laptop.export()
    broken = bundles[0].with_name("broken.fkb")
    broken.write_bytes(bundles[0].read_bytes()[:-700])
    report = network.hub.merge(*bundles[:4], broken, *bundles[4:])
    assert [file.status for file in report.files] == [*[MERGED] * 4, QUARANTINED, *[MERGED] * 4]
    assert network.hub.kit.counts()["feedback"] == 8
    assert network.hub.kit.check() == []


def test_much_is_spread_over_several_bundles(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldkit.sync.export.export.MOST_OPS", 10)
    laptop = network.joins("A", trusted="field")
    laptop.kit.add_many("feedback", [{"rating": "1", "experience": f"{n}"} for n in range(25)])
    bundles = laptop.export()
    assert len(bundles) == 3
    report = network.hub.merge(*reversed(bundles))
    assert [file.new_ops for file in report.files] == [5, 10, 10]
    assert network.hub.kit.counts()["feedback"] == 25
    assert network.hub.kit.check() == []


def test_a_bundle_never_takes_the_name_of_another(network: Network) -> None:
    """A kit restored from a backup numbers its bundles anew; the older bundle may hold what was lost."""
    laptop = network.joins("A", trusted="field")
    (bundle,) = laptop.export()
    held = bundle.read_bytes()
    with laptop.kit.writing() as connection:
        connection.exec_driver_sql("DELETE FROM bundle_out")
    laptop.kit.add("feedback", {"rating": "1"})
    (second,) = export(laptop.kit, laptop.me, bundle.parent)
    assert second.path != bundle
    assert bundle.read_bytes() == held
    assert network.hub.merge(bundle, second.path).quarantined == []
