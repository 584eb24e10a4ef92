"""A new passphrase and its recovery code: at every moment the code on paper opens the kit, and so does a passphrase."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from faulty import Failing
from fieldkit.errors import StorageError, WrongPassphrase
from fieldkit.store.backup import backup, restore
from fieldkit.store.db import recovery_codes, scrypt_process, vault
from fieldkit.store.db.key_files import BY_PASSPHRASE, BY_RECOVERY, OPEN_KEY
from fieldkit.store.db.vault import Vault
from fieldkit.store.kit import Kit
from passphrase_worker import OLD
from project_files import SUPPORT
from quick_locks import unwrap, wrap

NEW = "another passphrase for it"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scrypt_process, "wrap", wrap)
    monkeypatch.setattr(scrypt_process, "unwrap", unwrap)


def opening(folder: Path, *secrets: str | None) -> list[bool]:
    """Which of these open the kit."""

    def opens(secret: str | None) -> bool:
        try:
            return bool(Vault(folder).unlock(secret))
        except WrongPassphrase:
            return False

    return [opens(secret) for secret in secrets]


def test_nothing_is_written_before_the_code_was_handed_over(tmp_path: Path) -> None:
    kit, shown = Kit.create(tmp_path / "kit", OLD, code=(code := recovery_codes.new_code()))
    kit.close()
    assert shown == code
    assert opening(kit.folder, OLD, code) == [True, True]
    assert Vault(kit.folder).change_passphrase(kit.key, NEW, (new := recovery_codes.new_code())) is None
    assert opening(kit.folder, OLD, code, NEW, new) == [False, False, True, True]


@pytest.mark.skipif(
    not hasattr(os, "fork"), reason="this system can't make a process that is a copy of another"
)
@pytest.mark.parametrize("locked", [True, False], ids=["locked", "open"])
def test_killed_at_any_step_the_kit_opens_with_what_is_on_paper(tmp_path: Path, locked: bool) -> None:
    kit, code = Kit.create(tmp_path / "made", OLD if locked else None)
    kit.close()
    folder, new = tmp_path / "kit", recovery_codes.new_code()
    worker = subprocess.Popen(
        [sys.executable, str(SUPPORT / "passphrase_worker.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    ends = Counter[tuple[bool, ...]]()
    with worker:
        for step in range(1, 200):
            shutil.copytree(kit.folder, folder)
            worker.stdin.write(f"{folder}\t{NEW}\t{new}\t{step}\n")
            worker.stdin.flush()
            status = int(worker.stdout.readline())
            assert status in {0, 9}
            ends[tuple(opening(folder, OLD, code, NEW, new)) if locked or status == 0 else (True,)] += 1
            with Kit.open(folder, NEW if status == 0 else OLD if opening(folder, OLD)[0] else NEW) as again:
                assert again.check() == []
            shutil.rmtree(folder)
            if status == 0:
                break
    assert status == 0
    if locked:
        # The new code is on paper when the first lock is written; the passphrase until now opens the kit until the last is.
        assert set(ends) == {
            (True, True, False, False),
            (True, False, False, True),
            (False, False, True, True),
        }
    assert sum(ends.values()) > 4


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC], ids=["EIO", "ENOSPC"])
def test_a_refused_change_says_what_opens_the_kit_now(tmp_path: Path, error: int) -> None:
    kit, code = Kit.create(tmp_path / "kit", OLD)
    kit.close()
    new = recovery_codes.new_code()
    refusals = 0
    for at in range(60):
        with Failing(at, error) as steps:
            try:
                Vault(kit.folder).change_passphrase(kit.key, NEW, new)
            except StorageError as refusal:
                assert refusal.kept == vault.AS_BEFORE
                assert opening(kit.folder, OLD, code, NEW, new) == [True, True, False, False]
                refusals += 1
            else:
                if not steps.failed:
                    break
                Vault(kit.folder).change_passphrase(kit.key, OLD, code)
    assert refusals > 4
    assert opening(kit.folder, OLD, code, NEW, new) == [False, False, True, True]


def test_a_disk_that_goes_on_refusing_leaves_both_codes_to_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit, code = Kit.create(tmp_path / "kit", OLD)
    kit.close()
    new, honest = recovery_codes.new_code(), vault.write_private_file
    written: list[str] = []

    def refuses(path: Path, content: bytes) -> None:
        if written:
            raise StorageError("The disk refused.")
        written.append(path.name)
        honest(path, content)

    monkeypatch.setattr(vault, "write_private_file", refuses)
    with pytest.raises(StorageError) as caught:
        Vault(kit.folder).change_passphrase(kit.key, NEW, new)
    assert written == [BY_RECOVERY]
    assert caught.value.kept == vault.OLD_PASSPHRASE_NEW_CODE
    assert opening(kit.folder, OLD, code, NEW, new) == [True, False, False, True]


def test_a_kit_whose_old_lock_cannot_be_removed_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit, _ = Kit.create(tmp_path / "kit", None)
    kit.close()

    def refuses(path: Path, missing_ok: bool = False) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    with monkeypatch.context() as patched, pytest.raises(StorageError):
        patched.setattr(Path, "unlink", refuses)
        Vault(kit.folder).change_passphrase(kit.key, NEW, recovery_codes.new_code())
    assert (kit.folder / OPEN_KEY).exists()
    assert Vault(kit.folder).unlock() == kit.key


def test_a_backup_made_before_opens_with_the_code_of_its_day(tmp_path: Path) -> None:
    kit, code = Kit.create(tmp_path / "kit", OLD)
    with kit:
        backup(kit, tmp_path / "before.fkbackup")
        Vault(kit.folder).change_passphrase(kit.key, NEW, (new := recovery_codes.new_code()))
        backup(kit, tmp_path / "after.fkbackup")
    for name, on_paper in (("before", code), ("after", new)):
        restore(tmp_path / f"{name}.fkbackup", tmp_path / name, on_paper).close()
        assert {BY_PASSPHRASE, BY_RECOVERY} < {file.name for file in (tmp_path / name).iterdir()}
