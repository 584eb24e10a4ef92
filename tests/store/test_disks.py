"""Full and read-only disks: clear messages, nothing lost, and the same step works once there is room."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from faulty import disk, fill, remount
from fieldkit.disk_errors import disk_error
from fieldkit.errors import FieldkitError
from fieldkit.store.backup import backup, restore, try_restore
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import SCRUB_DUE
from fieldkit.sync.setup import trust
from stage import (
    EVERY,
    FIXTURES,
    ROWS,
    WRITING,
    Stage,
    all_texts,
    attempt,
    do_import,
    do_merge,
    do_save,
    litter,
    whole,
)

_stage_template, stage = FIXTURES

# Full disks


@pytest.fixture
def small(tmp_path: Path, stage: Stage) -> Iterator[Path]:
    """A disk of 8 MB with the coordinator's kit on it."""
    with disk(tmp_path / "small", "size=8m") as place:
        stage.kit.close()
        shutil.copytree(stage.kit.folder, place / "kit")
        stage.hub.kit = Kit.open(place / "kit")
        yield place
        stage.kit.close()


@pytest.mark.parametrize("leave", [0, 12_000, 60_000])
@pytest.mark.parametrize("name", EVERY)
def test_a_full_disk(stage: Stage, small: Path, name: str, leave: int) -> None:
    action, kit = EVERY[name], stage.kit
    if name in WRITING:
        stage.target = small / "target"
        stage.target.mkdir()
    before, texts = kit.state_hash(), all_texts(kit)
    filler = fill(small, leave)
    refused = attempt(lambda: action(stage, kit))
    if leave == 0:
        assert refused
    if refused:
        assert "full" in refused.message or "no room" in refused.message, refused.message
        assert litter(small) == []
        if name != "erase":
            assert kit.state_hash() == before
    assert kit.check() == []
    if name != "erase":
        assert set(texts) <= set(all_texts(kit))
    filler.unlink()
    assert attempt(lambda: action(stage, kit)) is None
    whole(kit, [] if name == "erase" else texts)


def test_a_kit_is_restored_onto_a_full_disk(stage: Stage, small: Path, tmp_path: Path) -> None:
    backup(stage.kit, tmp_path / "kit.fkbackup")
    do_save(stage, stage.kit)
    before = stage.kit.state_hash()
    stage.kit.close()
    filler = fill(small, 100_000)
    assert attempt(lambda: restore(tmp_path / "kit.fkbackup", small / "kit", None).close())
    assert sorted(path.name for path in small.iterdir()) == ["filler", "kit"]
    filler.unlink()
    stage.hub.kit = Kit.open(small / "kit")
    assert stage.kit.state_hash() == before
    stage.kit.close()
    stage.hub.kit = restore(tmp_path / "kit.fkbackup", small / "kit", None)
    assert stage.kit.check() == []
    assert stage.kit.counts()["feedback"] == 40


def test_letting_a_laptop_in_on_a_full_disk(stage: Stage, small: Path) -> None:
    """What is in quarantine stays there until it can be merged."""
    do_merge(stage, stage.kit)
    stranger = stage.network.others[1].me.key.public.ssh_line()
    filler = fill(small)
    assert attempt(lambda: void(trust(stage.kit, stage.hub.me, stranger, role="field")))
    assert stage.kit.check() == []
    assert [file.reason for file in stage.kit.ledger.quarantine()] == ["unknown-sender"]
    filler.unlink()
    trust(stage.kit, stage.hub.me, stranger, role="field")
    assert stage.kit.ledger.quarantine() == []
    assert stage.kit.counts()["feedback"] == 40 + 2 * ROWS
    whole(stage.kit, [])


def void(_: object) -> None:
    """For calls whose result does not matter here."""


def test_a_clearing_that_is_owed_locks_nobody_out(
    stage: Stage, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupted between erasing and clearing, then no room: the kit opens, and clears once there is room."""
    with monkeypatch.context() as patched:
        patched.setattr(Kit, "scrub", lambda kit: None)
        EVERY["erase"](stage, stage.kit)
    with Kit.open(small / "kit"):
        pass
    assert not stage.kit.settings.get(SCRUB_DUE)
    with monkeypatch.context() as patched:
        patched.setattr(Kit, "scrub", lambda kit: None)
        EVERY["erase"](stage, stage.kit)
    with monkeypatch.context() as patched:
        patched.setattr("fieldkit.store.kit.write_private_file", _no_room)
        with Kit.open(small / "kit") as kit:
            assert kit.settings.get(SCRUB_DUE)
            assert kit.counts()["feedback"] == 38
    with Kit.open(small / "kit") as kit:
        assert not kit.settings.get(SCRUB_DUE)
        assert len(json.loads((small / "kit" / "erased.json").read_text())) == 2


def _no_room(path: Path, content: bytes) -> None:
    raise disk_error(OSError(errno.ENOSPC, "No space left on device"), path)


# Read-only disks


def test_a_stick_that_can_only_be_read(stage: Stage, tmp_path: Path) -> None:
    """What is on it can be merged; writing to it is refused with a reason."""
    with disk(tmp_path / "locked") as stick:
        for path in stage.incoming.iterdir():
            shutil.copy(path, stick)
        backup(stage.kit, stick / "kit.fkbackup")
        remount(stick, "ro")
        there = sorted(path.name for path in stick.iterdir())
        stage.target = stick
        for action in WRITING.values():
            refused = attempt(lambda action=action: action(stage, stage.kit))  # type: ignore[misc]
            assert refused and ("read" in refused.message or "protected" in refused.message)
        assert sorted(path.name for path in stick.iterdir()) == there
        stage.incoming = stick
        do_merge(stage, stage.kit)
        assert stage.kit.counts()["feedback"] == 40 + ROWS
        do_import(stage, stage.kit)
        with restore(stick / "kit.fkbackup", tmp_path / "again", None) as again:
            assert again.counts()["feedback"] == 40
        # Restoring needs room beside the backup: a backup on a locked stick is tested from a copy.
        refused = attempt(lambda: void(try_restore(stage.kit, stick / "kit.fkbackup")))
        assert refused and "read" in refused.message
        shutil.copy(stick / "kit.fkbackup", tmp_path)
        assert try_restore(stage.kit, tmp_path / "kit.fkbackup") == []
        whole(stage.kit, [])


def test_a_kit_on_a_disk_that_can_only_be_read(stage: Stage, small: Path) -> None:
    """Nothing is saved and nothing harmed; afterwards it continues."""
    before, texts = stage.kit.state_hash(), all_texts(stage.kit)
    stage.kit.close()
    remount(small, "ro")
    try:
        opened = Kit.open(small / "kit")
    except FieldkitError as error:
        assert error.message and error.hint
    else:
        with opened as kit:
            assert attempt(lambda: do_save(stage, kit))
            assert kit.state_hash() == before
            assert all_texts(kit) == texts
    remount(small, "rw")
    stage.hub.kit = Kit.open(small / "kit")
    do_save(stage, stage.kit)
    whole(stage.kit, texts)
