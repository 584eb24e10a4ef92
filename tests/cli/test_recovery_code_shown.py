"""Commands print a recovery code before its lock is made: whoever could not see it has no kit that needs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from commanding import Run
from fieldkit.errors import StorageError
from fieldkit.store.db import scrypt_process
from fieldkit.store.db.vault import AS_BEFORE, Vault
from quick_locks import unwrap, wrap

OLD, NEW = "correct horse battery", "quiet otter lantern"


@pytest.fixture
def locked(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vault:
    """The key files of a kit that opens with OLD; a change would be to NEW."""
    monkeypatch.setattr(scrypt_process, "wrap", wrap)
    monkeypatch.setattr(scrypt_process, "unwrap", unwrap)
    monkeypatch.setenv("FIELDKIT_PASSPHRASE", OLD)
    monkeypatch.setenv("FIELDKIT_NEW_PASSPHRASE", NEW)
    assert run("network", "create", "Fair").code == 0
    return Vault(tmp_path / "hub")


def code_in(lines: str) -> str:
    """The recovery code among the lines that were printed."""
    _, _, after = lines.partition("Recovery code, shown only now")
    return " ".join(" ".join(after.splitlines()[1:3]).split())


@pytest.mark.parametrize("as_json", [False, True], ids=["lines", "JSON"])
@pytest.mark.parametrize("what", ["create", "join", "change"])
def test_the_code_is_printed_before_its_lock_is_made(
    run: Run,
    locked: Vault,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    what: str,
    as_json: bool,
) -> None:
    assert run("network", "invite", "-o", "net.fkn").code == 0
    command, folder = {
        "create": (["--kit", "new", "network", "create", "Other"], tmp_path / "new"),
        "join": (["--kit", "new", "join", "net.fkn", "--as", "St Mary"], tmp_path / "new"),
        "change": (["passphrase", "change"], locked.folder),
    }[what]
    before, shown = Vault(folder).locks(), list[str]()

    def see(honest: Callable[..., bytes]) -> Callable[..., bytes]:
        def wrapping(key: bytes, secret: str) -> bytes:
            assert Vault(folder).locks() == before
            printed = capsys.readouterr()
            shown.append(code_in(printed.err if as_json else printed.out))
            return honest(key, secret)

        return wrapping

    monkeypatch.setattr(scrypt_process, "wrap", see(wrap))
    ran = run(*command, *(["--json"] if as_json else []))
    assert ran.code == 0
    assert len(shown[0].split()) == 12
    assert Vault(folder).unlock(shown[0]) == Vault(folder).unlock(NEW if what == "change" else OLD)
    if as_json:
        assert ran.json["recovery_code"] == shown[0]


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="there is no full device here")
def test_a_code_that_could_not_be_printed_opens_nothing_and_the_kit_opens_as_before(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDKIT_PASSPHRASE", OLD)
    monkeypatch.setenv("FIELDKIT_NEW_PASSPHRASE", NEW)

    def without_output(arguments: Iterable[str]) -> None:
        shell = f'exec "{sys.executable}" -m fieldkit {" ".join(arguments)} >/dev/full'
        ran = subprocess.run(
            ["/bin/sh", "-c", shell], capture_output=True, text=True, check=False
        )  # fixed words
        assert ran.returncode == 1
        assert "could not be written" in ran.stderr

    without_output(["network", "create", "Fair"])
    assert not (tmp_path / "hub").exists()
    assert run("network", "create", "Fair").code == 0
    before = Vault(tmp_path / "hub").locks()
    without_output(["passphrase", "change"])
    assert Vault(tmp_path / "hub").locks() == before


def test_a_change_that_the_disk_refuses_says_what_opens_the_kit(
    run: Run, locked: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = locked.locks()

    def refuse(path: os.PathLike[str], content: bytes) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr("fieldkit.store.db.vault.write_private_file", refuse)
    ran = run("passphrase", "change")
    assert ran.code == 1
    assert "new passphrase" not in ran.out
    assert AS_BEFORE in ran.err
    assert locked.locks() == before


@pytest.mark.usefixtures("surroundings")
def test_no_code_is_shown_for_a_passphrase_that_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDKIT_PASSPHRASE", "short")
    ran = run("network", "create", "Fair")
    assert ran.code == 2
    assert "Recovery code" not in ran.out + ran.err
    assert not (tmp_path / "hub").exists()
