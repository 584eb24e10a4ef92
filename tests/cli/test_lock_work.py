"""The cost of guessing a passphrase: fieldkit chooses it, whatever the laptop's load, and checks it when unlocking."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import unicodedata
from pathlib import Path

import pyrage
import pytest

from commanding import Run
from fieldkit.errors import VaultError, WrongPassphrase
from fieldkit.store.backup import backup, restore
from fieldkit.store.db import age_passphrase, scrypt_process
from fieldkit.store.db.vault import Vault
from fieldkit.store.kit import Kit
from tools import tool

SECRET = "violet teapot ਚਾਹ"
KEYS = ("key.passphrase.age", "key.recovery.age")


def work(path: Path) -> int:
    return age_passphrase.work_factor(path.read_bytes())


def test_the_program_s_own_work_is_17_in_every_key_file(tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from fieldkit.store.kit import Kit
kit, _ = Kit.create(Path(sys.argv[1]), "violet teapot cycles")
kit.close()
"""
    subprocess.run([sys.executable, "-c", script, tmp_path / "kit"], check=True)
    assert [work(tmp_path / "kit" / name) for name in KEYS] == [17, 17]


_PEAK = """
import os, sys
process = os.posix_spawn(sys.executable, [sys.executable, "-m", "fieldkit", *sys.argv[1:]], os.environ)
_, status, usage = os.wait4(process, 0)
print()
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss // 1024)
"""
"""Runs the program from a small process: what a process takes at its peak begins with what held the one that started it."""


def test_no_command_that_takes_a_passphrase_takes_more_memory_than_others(tmp_path: Path) -> None:
    kit = tmp_path / "kit"
    environment = {
        **os.environ,
        "FIELDKIT_PASSPHRASE": "violet teapot cycles",
        "FIELDKIT_NEW_PASSPHRASE": "violet teapot cycling",
    }
    for arguments in (["network", "create", "Leeds"], ["status"], ["passphrase", "change"]):
        done = subprocess.run(
            [sys.executable, "-c", _PEAK, "--kit", str(kit), *arguments],
            env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True,
        )  # fmt: skip
        # The largest peak of all its processes, in MiB.
        code, peak = map(int, done.stdout.splitlines()[-1].split())
        assert code == 0, done.stdout
        assert 50 < peak < 200


@pytest.mark.parametrize("size", [0, 1, 32, 65_535, 65_536, 65_537, 200_000])
def test_another_implementation_opens_what_is_locked_and_locks_what_is_opened(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = os.urandom(size)
    locked = age_passphrase.lock(content, SECRET, 10)
    assert pyrage.passphrase.decrypt(locked, SECRET) == content
    assert age_passphrase.unlock(locked, SECRET) == content
    if size == 32:
        # pyrage measures this computer, and may choose more than any file of fieldkit asks for.
        monkeypatch.setattr(age_passphrase, "HIGHEST_WORK", 24)
        theirs = pyrage.passphrase.encrypt(content, SECRET)
        assert age_passphrase.unlock(theirs, SECRET) == content


def typed_into(arguments: list[str], answer: str) -> None:
    """Run a program that asks at a terminal, and give every question the same answer."""
    pid, handle = pty.fork()
    if pid == 0:  # pragma: no cover  # another process
        os.execvp(arguments[0], arguments)
    output = b""
    while b"passphrase" not in output:
        output += os.read(handle, 1_000)
    os.write(handle, f"{answer}\n".encode())
    try:
        while os.read(handle, 1_000):
            pass
    except OSError:
        pass
    os.close(handle)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, output


def test_the_age_program_opens_the_key_files(tmp_path: Path) -> None:
    kit, _ = Kit.create(tmp_path / "kit", "violet teapot cycles")
    kit.close()
    out = tmp_path / "key"
    typed_into([tool("age"), "-d", "-o", str(out), str(tmp_path / "kit" / KEYS[0])], "violet teapot cycles")
    assert out.read_bytes() == kit.key


def test_what_is_changed_or_cut_is_refused_and_never_taken_for_whole() -> None:
    content = bytes(100)
    locked = age_passphrase.lock(content, SECRET, 1)
    for at in range(len(locked)):
        changed = bytearray(locked)
        changed[at] ^= 1
        with pytest.raises((ValueError, age_passphrase.Wrong, age_passphrase.TooMuchWork)):
            age_passphrase.unlock(bytes(changed), SECRET)
        with pytest.raises(ValueError):
            age_passphrase.unlock(locked[:at], SECRET)
    with pytest.raises(ValueError):
        age_passphrase.unlock(locked + b"x", SECRET)
    with pytest.raises(age_passphrase.Wrong):
        age_passphrase.unlock(locked, SECRET + "x")


@pytest.mark.parametrize("factor", [19, 23, 30, 64, 999])
def test_a_key_file_that_asks_for_absurd_work_is_refused_at_once(tmp_path: Path, factor: int) -> None:
    kit, _ = Kit.create(tmp_path / "kit", SECRET)
    kit.close()
    path = kit.folder / KEYS[0]
    path.write_bytes(path.read_bytes().replace(b" 10\n", f" {factor}\n".encode(), 1))
    with pytest.raises(VaultError, match="more memory or time") as caught:
        Kit.open(kit.folder, SECRET)
    assert caught.value.hint
    assert not isinstance(caught.value, WrongPassphrase)


def test_a_weak_lock_is_renewed_when_it_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kit, code = Kit.create(tmp_path / "kit", SECRET)
    kit.close()
    monkeypatch.setattr(scrypt_process, "WORK", 12)
    for secret, name in ((SECRET, KEYS[0]), (code, KEYS[1])):
        assert work(kit.folder / name) == 10
        with Kit.open(kit.folder, secret) as opened:
            assert opened.lock_renewed
        assert work(kit.folder / name) == 12
        with Kit.open(kit.folder, secret) as opened:
            assert not opened.lock_renewed
    assert Vault(kit.folder).unlock(SECRET) == Vault(kit.folder).unlock(code) == kit.key
    with pytest.raises(WrongPassphrase):
        Vault(kit.folder).unlock("another phrase")


def test_a_stronger_lock_stays(tmp_path: Path) -> None:
    kit, _ = Kit.create(tmp_path / "kit", SECRET)
    kit.close()
    path = kit.folder / KEYS[0]
    path.write_bytes(age_passphrase.lock(kit.key, SECRET, 13))
    with Kit.open(kit.folder, SECRET) as opened:
        assert not opened.lock_renewed
    assert work(path) == 13


def test_a_disk_that_refuses_the_new_lock_leaves_the_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit, _ = Kit.create(tmp_path / "kit", SECRET)
    kit.close()
    before = (kit.folder / KEYS[0]).read_bytes()
    monkeypatch.setattr(scrypt_process, "WORK", 12)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        with Kit.open(kit.folder, SECRET) as opened:
            assert not opened.lock_renewed
    assert (kit.folder / KEYS[0]).read_bytes() == before


def test_the_command_says_so_once(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDKIT_PASSPHRASE", "violet teapot cycles")
    assert run("network", "create", "Leeds").code == 0
    monkeypatch.setattr(scrypt_process, "WORK", 12)
    assert "weaker than it should be" in run("status").err
    assert "weaker than it should be" not in run("status").err


def test_a_backup_keeps_its_lock_and_the_restored_kit_gets_a_better_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit, _ = Kit.create(tmp_path / "kit", SECRET)
    with kit:
        backup(kit, tmp_path / "kit.fkbackup")
    monkeypatch.setattr(scrypt_process, "WORK", 12)
    restore(tmp_path / "kit.fkbackup", tmp_path / "new", SECRET).close()
    assert work(tmp_path / "new" / KEYS[0]) == 10
    with Kit.open(tmp_path / "new", SECRET) as opened:
        assert opened.lock_renewed


def test_the_exported_key_has_the_same_work(
    run: Run, hub: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(scrypt_process, "WORK", 11)
    monkeypatch.setenv("FIELDKIT_KEYS_PASSPHRASE", "violet teapot cycles")
    assert run("keys", "export", "-o", "key.age").code == 0
    assert work(tmp_path / "key.age") == 11


def test_the_exported_key_does_not_lie_in_the_kit(
    run: Run, hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDKIT_KEYS_PASSPHRASE", "violet teapot cycles")
    before = sorted(path.name for path in hub.iterdir())
    for name in ("key.age", "key.passphrase.age", "fieldkit.db-wal"):
        ran = run("keys", "export", "-o", hub / name)
        assert ran.code == 2
        assert "keep it outside the kit's own folder" in ran.err
    assert [name for name in sorted(path.name for path in hub.iterdir()) if name not in before] == []


@pytest.mark.parametrize("forms", [("NFC", "NFD"), ("NFD", "NFC")])
def test_a_passphrase_opens_however_its_accents_are_composed(tmp_path: Path, forms: tuple[str, str]) -> None:
    passphrase = "café zürich ṩ teapot"
    first, second = (unicodedata.normalize(form, passphrase) for form in forms)
    assert first != second
    kit, _ = Kit.create(tmp_path / "kit", first)
    backup(kit, tmp_path / "kit.fkbackup")
    kit.close()
    Kit.open(tmp_path / "kit", second).close()
    restore(tmp_path / "kit.fkbackup", tmp_path / "again", second).close()
    # Locks are made with the composed form, and locks that other programs made open too.
    lock = tmp_path / "kit" / KEYS[0]
    assert age_passphrase.unlock(lock.read_bytes(), unicodedata.normalize("NFC", passphrase)) == kit.key
    lock.write_bytes(age_passphrase.lock(kit.key, unicodedata.normalize("NFD", passphrase), 10))
    for spelling in (first, second):
        Kit.open(tmp_path / "kit", spelling).close()
    with pytest.raises(WrongPassphrase):
        Kit.open(tmp_path / "kit", "cafe zurich s teapot")


def test_the_most_work_that_is_taken_is_work_that_can_be_done() -> None:
    # Python refuses more memory than this as an invalid value.
    assert 128 * 8 << age_passphrase.HIGHEST_WORK <= 256 << 20
    locked = age_passphrase.lock(b"x", SECRET, 4)
    for work in range(age_passphrase.HIGHEST_WORK + 1, 100):
        with pytest.raises(age_passphrase.TooMuchWork):
            age_passphrase.unlock(locked.replace(b" 4\n", b" %d\n" % work, 1), SECRET)
