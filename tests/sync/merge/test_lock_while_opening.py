"""Nothing is unsealed while the kit is locked for writing: saving meanwhile does not wait for a slow seal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest
import sqlcipher3.dbapi2 as sqlcipher

from fieldkit.store.kit import Kit
from fieldkit.sync.bundle import unsealed
from fieldkit.sync.merge import merge_run
from fieldkit.sync.merge.report import KNOWN, MERGED, QUARANTINED
from networks import Network


def write_now(kit: Kit) -> None:
    """Take the write lock of a kit at once, or fail."""
    connection = sqlcipher.connect(kit.folder / "fieldkit.db", timeout=0, isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{kit.key.hex()}'\"")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("ROLLBACK")
    connection.close()


@pytest.fixture
def opened(network: Network, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of what was unsealed, checking each time that the kit is free to be written to."""
    collected: list[int] = []

    def looking(name: str, module: Any) -> None:
        honest: Callable[..., Any] = getattr(module, name)

        def look(*arguments: Any) -> Any:
            write_now(network.hub.kit)
            collected.append(1)
            return honest(*arguments)

        monkeypatch.setattr(module, name, look)

    looking("decrypt_io", pyrage)
    return collected


def bundles(network: Network, names: str) -> list[Path]:
    collected = []
    for name in names:
        laptop = network.joins(name, trusted="field")
        laptop.kit.add("feedback", {"rating": "2", "experience": name})
        collected += laptop.export()
    return collected


@pytest.mark.parametrize("dry_run", [False, True])
def test_seals_are_opened_with_the_kit_free(network: Network, opened: list[int], dry_run: bool) -> None:
    paths = bundles(network, "abc")
    report = network.hub.merge(*paths, dry_run=dry_run)
    assert [file.status for file in report.files] == [MERGED] * 3
    assert len(opened) == 3
    assert [file.status for file in network.hub.merge(*paths, dry_run=dry_run).files] == [
        MERGED if dry_run else KNOWN
    ] * 3


@pytest.mark.parametrize("dry_run", [False, True])
def test_so_are_those_of_laptops_that_a_file_of_the_same_run_lets_in(
    network: Network, opened: list[int], dry_run: bool
) -> None:
    deputy = network.joins("Deputy", trusted="deputy")
    network.hub.merge(*deputy.export())
    deputy.merge(network.hub.invite())
    new = network.joins("New")
    new.merge(network.hub.invite())
    new.kit.add("feedback", {"rating": "1", "experience": "new"})
    [first] = new.export()
    deputy.trust(new, "field")
    paths = [first, *deputy.export()]
    opened.clear()
    for order in (paths, paths[::-1]) if dry_run else (paths,):
        report = network.hub.merge(*order, dry_run=dry_run)
        assert {file.status for file in report.files} == {MERGED}
        assert report.total("new_records") >= 1
    assert opened


def test_what_waits_beyond_memory_lies_sealed_in_a_file_without_a_name(
    network: Network, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(unsealed, "MOST_IN_MEMORY", 1)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    kept: list[bytes] = []
    honest = unsealed.Waiting._store

    def store(self: unsealed.Waiting, pieces: list[bytes]) -> Any:
        done = honest(self, pieces)
        assert self._file is not None
        self._file.seek(0)
        kept.append(self._file.read())
        assert all(piece not in kept[-1] for piece in pieces)
        return done

    monkeypatch.setattr(unsealed.Waiting, "_store", store)
    paths = bundles(network, "abc")
    assert [file.status for file in network.hub.merge(*paths, dry_run=True).files] == [MERGED] * 3
    assert [file.status for file in network.hub.merge(*paths).files] == [MERGED] * 3
    assert len(kept) == 4
    assert not list(tmp_path.glob(".fieldkit-*"))


def test_a_file_that_is_refused_was_read_whole_before(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merge_run, "_LARGE", 1)
    [path] = bundles(network, "a")
    stranger = Network.create(path.parent / "elsewhere")
    try:
        [theirs] = bundles(stranger, "a")
        report = network.hub.merge(theirs, path)
    finally:
        stranger.close()
    assert [file.status for file in report.files] == [QUARANTINED, MERGED]
    [kept] = network.hub.kit.ledger.quarantine()
    assert kept.reason == "wrong-network"
    assert len(list((network.hub.kit.folder / "quarantine").iterdir())) == 1
