"""Every step that can fail is made to fail: what was saved stays, the message is clear, and the step works afterwards."""

from __future__ import annotations

import errno
import shutil
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from faulty import Failing, Worker, working
from fieldkit.store.backup import backup, restore
from fieldkit.store.db import scrypt_process
from fieldkit.store.db.key_files import DATABASE
from fieldkit.store.db.recovery_codes import new_code
from fieldkit.store.db.vault import Vault
from fieldkit.store.kit import Kit
from full_disk import no_file_larger_than
from quick_locks import unwrap, wrap
from simulate.pages import readable, whole_folder
from stage import EVERY, FIXTURES, STORING, WRITING, Stage, all_texts, attempt, litter, whole
from tools import lacking

pytestmark = pytest.mark.journey

_stage_template, stage = FIXTURES

#: Steps whose failure may be handled: a folder exists already, another folder takes the file, a file system does not flush
#: folders. A failure of any other step must never pass without a message.
MAY_BE_MADE_GOOD = {"open", "mkdir", "fsync of a folder"}


# Every step of writing a file to disk: opening, a write that stops half way, flushing, renaming


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC], ids=["EIO", "ENOSPC"])
@pytest.mark.parametrize("name", [*WRITING, "import", "merge", "erase"])
def test_each_step_of_writing_a_file_may_fail(stage: Stage, name: str, error: int) -> None:
    action, kit = EVERY[name], stage.kit
    if name in WRITING:
        action(stage, kit)
    older = {path.name: path.read_bytes() for path in stage.target.iterdir()}
    texts = all_texts(kit) if name != "erase" else []
    met: set[str] = set()
    for at in range(200):
        before = kit.state_hash()
        with Failing(at, error) as steps:
            refused = attempt(lambda: action(stage, kit))
        if not steps.failed:
            break
        met.add(steps.failed)
        assert refused or steps.failed in MAY_BE_MADE_GOOD, f"step {at}: {steps.failed}"
        whole(kit, texts)
        assert litter(stage.target, kit.folder, stage.incoming) == [], f"step {at}: {steps.failed}"
        if refused and name in WRITING and steps.failed != "fsync of a folder":
            assert {path.name: path.read_bytes() for path in stage.target.iterdir()} == older
        if refused and name != "erase":
            assert kit.state_hash() == before
        older = {path.name: path.read_bytes() for path in stage.target.iterdir()}
    else:
        pytest.fail("there was no end of steps")
    assert met >= {"open", "write", "fsync", "replace"}
    # Earlier, with a sound disk, this succeeded: the fault came after it.
    assert refused is None
    whole(kit, texts)


def _restore_copy(source: Path, folder: Path, opened: list[Kit]) -> None:
    opened.append(restore(source, folder, None))


def test_each_step_of_a_restore_may_fail(stage: Stage) -> None:
    kit, folder = stage.kit, stage.kit.folder
    backup(kit, stage.target / "kit.fkbackup")
    STORING["save"](stage, kit)
    now = kit.state_hash()
    for at in range(120):
        stage.kit.close()
        restored: list[Kit] = []
        with Failing(at) as steps:
            refused = attempt(partial(_restore_copy, stage.target / "kit.fkbackup", folder, restored))
        for kit_again in restored:
            kit_again.close()
        stage.hub.kit = Kit.open(folder)
        if not steps.failed:
            break
        assert refused or steps.failed in MAY_BE_MADE_GOOD, f"step {at}: {steps.failed}"
        assert stage.kit.check() == []
        assert litter(folder.parent) == []
        if refused:
            assert stage.kit.state_hash() == now, f"step {at}: {steps.failed}"
        now = stage.kit.state_hash()
    else:
        pytest.fail("there was no end of steps")
    assert at > 8 and restored
    assert stage.kit.counts()["feedback"] == 40


@pytest.mark.parametrize("passphrase", ["correct horse battery", None], ids=["locked", "open"])
def test_each_step_of_a_new_passphrase_may_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, passphrase: str | None
) -> None:
    """The old passphrase and code open the kit until the new ones are written: both old secrets work, or both new ones."""
    # Only the slow step of age is left out; the vault itself writes everything.
    monkeypatch.setattr(scrypt_process, "wrap", wrap)
    monkeypatch.setattr(scrypt_process, "unwrap", unwrap)
    kit, code = Kit.create(tmp_path / "kit", passphrase)
    kit.close()
    vault, new = Vault(tmp_path / "kit"), new_code()
    for at in range(60):
        with Failing(at) as steps:
            refused = attempt(lambda: vault.change_passphrase(kit.key, "another passphrase", new))
        if not steps.failed:
            break
        assert litter(vault.folder) == []
        if not refused:
            assert steps.failed == "fsync of a folder"
            passphrase, code = "another passphrase", new
        for secret in (passphrase, code) if passphrase else (None,):
            assert vault.unlock(secret) == kit.key, f"step {at}: {steps.failed}"
    assert vault.locked
    for secret in ("another passphrase", new):
        assert vault.unlock(secret) == kit.key


def test_an_erasure_that_was_cut_off_is_finished_at_the_next_opening(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut after an erasure: the text must not stay in the log, nor return with an older backup."""
    if not readable():
        lacking("OpenSSL's library (libssl3) is not installed, so the log was not searched for words")
    kit, copy = stage.kit, tmp_path / "copy"
    record = kit.add("feedback", {"rating": "1", "experience": "ZANZIBARWORDS"})
    backup(kit, stage.target / "old.fkbackup")
    with monkeypatch.context() as patched:
        patched.setattr(Kit, "scrub", lambda kit: None)
        kit.erase(record.record_id)
        shutil.copytree(kit.folder, copy)
    with Kit.open(copy) as opened:
        assert opened.check() == []
        assert b"ZANZIBARWORDS" not in whole_folder(copy, kit.key)
    with restore(stage.target / "old.fkbackup", copy, None) as again:
        assert record.record_id not in {
            record_again.record_id for record_again in again.page("feedback", limit=1_000)
        }


# Writes that the system refuses within the database library


@pytest.mark.parametrize("name", STORING)
def test_a_log_that_can_not_grow(stage: Stage, name: str) -> None:
    """The system refuses writes beyond a file length: each length fails in another place."""
    action, kit = STORING[name], stage.kit
    texts = all_texts(kit) if name != "erase" else []
    log = kit.folder / (DATABASE + "-wal")
    start, refusals = log.stat().st_size, 0
    for more in (0, 1, 24, 25, 4_096, 4_120, 5_000, 8_240, 8_300, 20_000, 60_000, 150_000):
        before = kit.state_hash()
        with no_file_larger_than(start + more):
            refused = attempt(lambda: action(stage, kit))
        whole(kit, texts)
        if refused is None:
            break
        refusals += 1
        if name != "erase":
            assert kit.state_hash() == before
    assert refusals >= 3
    assert attempt(lambda: action(stage, kit)) is None
    whole(kit, texts)


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    if sys.platform != "linux":
        pytest.skip("the filter that makes system calls fail is Linux's")
    with working() as process:
        yield process


@pytest.mark.parametrize(
    ("calls", "error"),
    [
        (["fsync", "fdatasync"], errno.EIO),
        (["write", "pwrite64"], errno.EIO),
        (["write", "pwrite64"], errno.ENOSPC),
        (["ftruncate"], errno.EIO),
    ],
    ids=["flushing fails", "writing fails", "the disk is full", "resizing fails"],
)
@pytest.mark.parametrize("what", ["save", "import", "merge", "export", "receipt", "backup"])
def test_calls_that_the_system_refuses(
    stage: Stage, worker: Worker, what: str, calls: list[str], error: int
) -> None:
    kit, texts, before = stage.kit, all_texts(stage.kit), stage.kit.state_hash()
    paths = {"import": stage.incoming / "rows.csv", "merge": stage.incoming / "A.fkb"}
    path = paths.get(what, stage.target / "out")
    answer = worker.life(what, kit.folder, path, calls, error)
    if answer["said"] == "done":
        # None of it needed these calls.
        assert calls == ["ftruncate"]
    else:
        kind = "DiskFull" if error == errno.ENOSPC else "StorageError"
        assert (answer["said"], answer.get("kind")) == ("refused", kind), answer
        if error == errno.ENOSPC:
            assert "full" in answer["words"] or "no room" in answer["words"]
        assert litter(stage.target, stage.incoming) == []
        assert not path.exists() or path.parent == stage.incoming
    with Kit.open(kit.folder) as again:
        assert again.check() == []
        assert set(texts) <= set(all_texts(again))
        # What was written to the log but not flushed may still be complete when the kit is next opened.
        assert again.state_hash() == before or what in {"save", "import", "merge"}
    EVERY[what](stage, kit)
    whole(kit, texts)
