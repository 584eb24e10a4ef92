"""A forged backup is not accepted as this laptop's, and can't remove a passphrase unnoticed."""

from __future__ import annotations

from pathlib import Path

import pyrage
import pytest
from nacl.signing import SigningKey

from commanding import Run
from fieldkit.store.db.recovery_codes import new_code
from fieldkit.store.db.vault import Vault
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import IDENTITY, ORIGIN
from foreign_backups import ForeignBackup, tar_of
from other_program import device_id, ssh_line


@pytest.fixture
def locked(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a locked kit that the commands use."""
    monkeypatch.setenv("FIELDKIT_PASSPHRASE", "correct horse battery")
    assert run("network", "create", "West Midlands fair").code == 0
    return tmp_path / "hub"


def forged(run: Run, folder: Path) -> ForeignBackup:
    """An unlocked backup of a forger's own kit."""
    kit = folder / "forger"
    assert run("--kit", kit, "network", "create", "West Midlands fair", "--no-passphrase").code == 0
    assert run("--kit", kit, "backup", "-o", folder / "own.fkbackup").code == 0
    return ForeignBackup(folder / "own.fkbackup", folder / "forged")


def test_what_bears_this_laptops_id_and_another_key_is_refused(
    run: Run, locked: Path, tmp_path: Path
) -> None:
    foreign = forged(run, tmp_path)
    with Kit.open(locked, "correct horse battery") as kit:
        origin, identity = kit.settings.get(ORIGIN), kit.settings.get(IDENTITY)
    theirs = foreign.settings()["identity"]
    assert isinstance(theirs, dict)
    foreign.setting("origin", origin)
    foreign.setting(
        "identity",
        {
            **theirs,
            "name": identity["name"],
            "founder": identity["founder"],
            "incarnation": origin.split(".")[1],
        },
    )
    refused = run("restore", foreign.written(), "--yes")
    assert refused.code != 0
    assert "whose key it does not have" in refused.err
    assert run("status", "--json").json["device"]["fingerprint"]
    with Kit.open(locked, "correct horse battery") as kit:
        assert kit.origin == origin


def test_a_laptop_is_known_by_its_secret_key_whatever_it_calls_itself(
    run: Run, locked: Path, tmp_path: Path
) -> None:
    foreign = forged(run, tmp_path)
    with Kit.open(locked, "correct horse battery") as kit:
        identity = kit.settings.get(IDENTITY)
    theirs = foreign.settings()["identity"]
    assert isinstance(theirs, dict)
    public = bytes(SigningKey(bytes.fromhex(theirs["seed"])).verify_key)
    assert str(foreign.settings()["origin"]).startswith(device_id(public))
    assert theirs["founder"] == ssh_line(public)
    foreign.setting("identity", {**theirs, "name": identity["name"], "founder": identity["founder"]})
    refused = run("restore", foreign.written(), "--yes")
    assert refused.code == 2
    assert "NOT the same laptop's" in refused.err
    assert "--other-laptop" in refused.err


@pytest.fixture
def opened(run: Run, tmp_path: Path) -> ForeignBackup:
    """This laptop's own backup, made without a passphrase, in somebody else's hands."""
    assert run("network", "create", "West Midlands fair", "--no-passphrase").code == 0
    assert run("backup", "-o", tmp_path / "own.fkbackup").code == 0
    return ForeignBackup(tmp_path / "own.fkbackup", tmp_path / "taken")


def test_this_laptops_own_backup_with_another_network_in_it_is_told(run: Run, opened: ForeignBackup) -> None:
    own = opened.settings()["identity"]
    assert isinstance(own, dict)
    opened.setting("identity", {**own, "founder": ssh_line(bytes(SigningKey.generate().verify_key))})
    refused = run("restore", opened.written(), "--yes")
    assert refused.code == 2
    assert "NOT of the same network" in refused.err
    assert "--other-laptop" in refused.err
    asked = run("restore", opened.written(), typed="n\n")
    assert asked.err.index("NOT of the same network") < asked.err.index("Move it to a folder beside")


def test_this_laptops_own_backup_with_another_sealing_key_is_told(run: Run, opened: ForeignBackup) -> None:
    own = opened.settings()["identity"]
    assert isinstance(own, dict)
    thief = pyrage.x25519.Identity.generate()
    opened.setting("identity", {**own, "age_secret": str(thief), "age_public": str(thief.to_public())})
    refused = run("restore", opened.written(), "--yes")
    assert refused.code == 2
    assert "sealing key that the kit here does not know" in refused.err


def test_a_backup_from_before_the_keys_were_rotated_is_this_laptops(run: Run, opened: ForeignBackup) -> None:
    assert run("keys", "rotate").code == 0
    restored = run("restore", opened.written(), "--yes", "--no-longer-in-use", "--json")
    assert restored.code == 0, restored.err
    assert restored.json["other_laptop"] is False


def test_a_missing_passphrase_is_told_first_and_needs_more_than_yes(
    run: Run, locked: Path, tmp_path: Path
) -> None:
    # A thief of an open kit has its seed too: only the lock differs.
    run("backup", "-o", "own.fkbackup")
    with Kit.open(locked, "correct horse battery") as kit:
        key = kit.key
    with_lock = ForeignBackup(Path("own.fkbackup"), tmp_path / "taken")
    parts = {name: content for name, content in with_lock.parts.items() if not name.startswith("key.")}
    path = tar_of(tmp_path / "open.fkbackup", {**parts, "key.not-encrypted": key.hex().encode()})
    asked = run("restore", path, typed="n\n")
    assert asked.code == 1
    assert asked.err.index("has NO passphrase") < asked.err.index("Move it to a folder beside")
    refused = run("restore", path, "--yes")
    assert refused.code == 2
    assert "--without-passphrase" in refused.err
    assert "--without-passphrase" in run("restore", path).err
    assert (locked / "key.passphrase.age").exists()
    done = run("restore", path, "--yes", "--without-passphrase", "--json")
    assert done.json["passphrase"] is False


def test_another_passphrase_is_told_before_the_question(
    run: Run, locked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("backup", "-o", "own.fkbackup")
    same = run("restore", "own.fkbackup", typed="n\n")
    assert "another passphrase" not in same.err
    with Kit.open(locked, "correct horse battery") as kit:
        Vault(locked).change_passphrase(kit.key, "quite another horse battery", new_code())
    asked = run("restore", "own.fkbackup", typed="n\n")
    assert asked.err.index("another passphrase or recovery code") < asked.err.index(
        "Move it to a folder beside"
    )
