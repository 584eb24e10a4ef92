"""The key of the kit: passphrase, recovery code, damage; nothing recorded can be read without it."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import fieldkit
from conftest import DEVICE_ORIGIN
from fieldkit.errors import Misuse, StorageError, VaultError, WrongPassphrase
from fieldkit.store.db import recovery_codes, scrypt_process, vault
from fieldkit.store.db.key_files import DATABASE
from fieldkit.store.db.vault import Vault
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import ORIGIN, SAFEGUARDING_LEAD
from quick_locks import unwrap, wrap
from streams import parcels

PASSPHRASE = "four words ਚਾਰ ਸ਼ਬਦ"
MARKER = "ZEBRA-CROSSING-7741"


@dataclass
class Locked:
    """A closed kit with a passphrase, its recovery code, and what was recorded in it."""

    folder: Path
    code: str
    record_id: str
    seen: bytes
    """Every byte of every file, while the kit was open and after it was closed."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Locked:
    folder = tmp_path_factory.mktemp("locked") / "kit"
    kit, code = Kit.create(folder, PASSPHRASE)
    with kit:
        kit.settings.put(ORIGIN, DEVICE_ORIGIN)
        record_id = kit.add("feedback", {"experience": f"{MARKER} in the corridor"}).record_id
        kit.add("note", {"notes": f"{MARKER} of my own"})
        kit.settings.put(SAFEGUARDING_LEAD, MARKER)
        kit.add_many(
            "feedback", [{"experience": f"{MARKER} {number} " + "word " * 100} for number in range(200)]
        )
        assert parcels(kit)
        seen = b"".join(file.read_bytes() for file in sorted(folder.iterdir()))
        assert DATABASE + "-wal" in {file.name for file in folder.iterdir()}
    seen += b"".join(file.read_bytes() for file in sorted(folder.iterdir()))
    return Locked(folder, code, record_id, seen)


@pytest.fixture
def locked(made: Locked, tmp_path: Path) -> Iterator[Locked]:
    """A copy of the kit that a test may damage."""
    folder = tmp_path / "kit"
    shutil.copytree(made.folder, folder)
    yield Locked(folder, made.code, made.record_id, made.seen)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replaces age's slow passphrase step: these tests concern what is done with its result."""
    monkeypatch.setattr(scrypt_process, "wrap", wrap)
    monkeypatch.setattr(scrypt_process, "unwrap", unwrap)


# With age itself


def test_the_passphrase_and_the_recovery_code_open_it(made: Locked) -> None:
    with Kit.open(made.folder, PASSPHRASE) as kit:
        assert MARKER in kit.get(made.record_id).values["experience"]
        assert kit.check() == []
    assert len(made.code.split()) == 12
    with Kit.open(made.folder, f"  {made.code.upper()}\n") as kit:
        assert MARKER in kit.get(made.record_id).values["experience"]


def test_a_wrong_passphrase_opens_nothing(made: Locked) -> None:
    with pytest.raises(WrongPassphrase) as caught:
        Kit.open(made.folder, PASSPHRASE + "!")
    assert PASSPHRASE not in str(caught.value)


def test_a_damaged_key_file_is_not_called_a_wrong_passphrase(locked: Locked) -> None:
    key = locked.folder / "key.passphrase.age"
    content = key.read_bytes()
    for harmed in (content[:-1], b"", b"junk", content[:60]):
        key.write_bytes(harmed)
        with pytest.raises(VaultError) as caught:
            Kit.open(locked.folder, PASSPHRASE)
        assert not isinstance(caught.value, WrongPassphrase)
        assert "damaged" in str(caught.value)


def test_nothing_recorded_can_be_read_in_any_file(made: Locked) -> None:
    assert len(made.seen) > 100_000
    # Neither the words, nor the beginning of every plain database, nor the names of tables.
    for readable in (
        MARKER,
        "ZEBRA",
        "SQLite format 3",
        "CREATE TABLE",
        "feedback",
        "corridor",
        DEVICE_ORIGIN,
    ):
        assert readable.encode() not in made.seen
        assert readable.encode("utf-16-le") not in made.seen


def test_everything_is_for_this_user_alone(made: Locked) -> None:
    assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in made.folder.iterdir()}
    assert set(modes) == {DATABASE, "key.passphrase.age", "key.recovery.age"}
    assert set(modes.values()) == {0o600}


# What is done with age's results


@pytest.mark.usefixtures("quick")
def test_a_new_passphrase_replaces_the_old_and_its_code(tmp_path: Path) -> None:
    kept = Vault(tmp_path / "kit")
    key, code = kept.create("the first passphrase")
    kept.database.write_bytes(b"records")
    new_code = recovery_codes.new_code()
    kept.change_passphrase(key, "the second passphrase", new_code)
    assert new_code != code
    assert kept.unlock("the second passphrase") == kept.unlock(new_code) == key
    for old in ("the first passphrase", code):
        with pytest.raises(WrongPassphrase):
            kept.unlock(old)
    with pytest.raises(Misuse):
        kept.change_passphrase(key, "short", new_code)
    assert kept.unlock("the second passphrase") == key


@pytest.mark.usefixtures("quick")
def test_a_passphrase_that_looks_like_a_recovery_code_still_opens(tmp_path: Path) -> None:
    kept = Vault(tmp_path / "kit")
    text = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    key, code = kept.create(text)
    kept.database.write_bytes(b"records")
    assert kept.unlock(text) == kept.unlock(code) == key


@pytest.mark.usefixtures("quick")
def test_a_passphrase_can_be_given_to_a_kit_without_one(tmp_path: Path) -> None:
    kit, code = Kit.create(tmp_path / "kit", None)
    kit.close()
    kept = Vault(tmp_path / "kit")
    assert (code, kept.locked) == ("", False)
    new_code = recovery_codes.new_code()
    kept.change_passphrase(kept.unlock(), "now with a passphrase", new_code)
    assert kept.locked
    assert {file.name for file in kept.folder.iterdir()} == {
        DATABASE,
        "key.passphrase.age",
        "key.recovery.age",
    }
    for secret in ("now with a passphrase", new_code):
        Kit.open(kept.folder, secret).close()
    with pytest.raises(VaultError) as caught:
        Kit.open(kept.folder)
    assert "locked" in str(caught.value)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("passphrase", ["", "       ", "short", " 1234567 "])
def test_a_short_passphrase_is_not_taken(tmp_path: Path, passphrase: str) -> None:
    with pytest.raises(Misuse):
        Kit.create(tmp_path / "kit", passphrase)
    assert not (tmp_path / "kit").exists()


@pytest.mark.usefixtures("quick")
def test_a_kit_is_not_made_over_another(tmp_path: Path) -> None:
    kit, _ = Kit.create(tmp_path / "kit", "a plain phrase")
    kit.close()
    before = {file.name: file.read_bytes() for file in kit.folder.iterdir()}
    for passphrase in ("another one", None):
        with pytest.raises(Misuse):
            Kit.create(kit.folder, passphrase)
    assert {file.name: file.read_bytes() for file in kit.folder.iterdir()} == before


def test_records_whose_key_is_gone_are_left_alone(kit: Kit) -> None:
    kit.add("event", {"title": "Fair"})
    kit.close()
    (kit.folder / "key.not-encrypted").unlink()
    before = (kit.folder / DATABASE).read_bytes()
    for passphrase in (None, "a plain phrase"):
        with pytest.raises(VaultError) as caught:
            Kit.create(kit.folder, passphrase)
        assert "key that opens them is missing" in str(caught.value)
        with pytest.raises(VaultError) as caught:
            Kit.open(kit.folder, passphrase)
        assert "key that opens them is missing" in str(caught.value)
    assert (kit.folder / DATABASE).read_bytes() == before
    assert [file.name for file in kit.folder.iterdir()] == [DATABASE]


@pytest.mark.usefixtures("quick")
def test_the_recovery_code_alone_opens_it_when_the_other_key_file_is_gone(tmp_path: Path) -> None:
    kit, code = Kit.create(tmp_path / "kit", "a plain phrase")
    kit.close()
    (kit.folder / "key.passphrase.age").unlink()
    Kit.open(kit.folder, code).close()
    with pytest.raises(VaultError) as caught:
        Kit.open(kit.folder, "a plain phrase")
    assert "recovery code" in str(caught.value)
    with pytest.raises(Misuse):
        Kit.create(kit.folder, "a plain phrase")


@pytest.mark.parametrize("harmed", [b"", b"zz", b"00" * 31, b"00" * 33, b"\xff\xfe" * 20, b"\0"])
def test_a_damaged_open_key_gets_a_sentence(kit: Kit, harmed: bytes) -> None:
    kit.close()
    (kit.folder / "key.not-encrypted").write_bytes(harmed)
    with pytest.raises(VaultError) as caught:
        Kit.open(kit.folder)
    assert "damaged" in str(caught.value)


def test_another_kits_key_does_not_open_it(kit: Kit, capfd: pytest.CaptureFixture[str]) -> None:
    kit.close()
    (kit.folder / "key.not-encrypted").write_bytes(b"00" * 32)
    with pytest.raises(VaultError):
        Kit.open(kit.folder)
    # The library itself must not write on the screen.
    assert capfd.readouterr() == ("", "")


def test_there_is_nothing_where_nothing_was_made(tmp_path: Path) -> None:
    with pytest.raises(VaultError) as caught:
        Kit.open(tmp_path / "nowhere")
    assert "no kit" in str(caught.value)
    assert not (tmp_path / "nowhere").exists()


def test_a_key_that_cannot_be_written_leaves_no_kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, content: bytes) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(vault, "write_private_file", refuse)
    with pytest.raises(StorageError):
        Kit.create(tmp_path / "kit", None)
    assert not Vault(tmp_path / "kit").exists


def test_the_passphrase_step_runs_nothing_from_the_folder_one_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('not this one')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(fieldkit.__file__).parents[1]))
    with pytest.raises(ValueError, match="passphrase opens"):
        scrypt_process.unwrap(b"", "a plain phrase")


def test_a_helper_that_stops_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(VaultError) as caught:
        scrypt_process.wrap(b"k" * 32, "a plain phrase")
    assert "Nothing was changed" in str(caught.value)
