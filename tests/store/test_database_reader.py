"""A second reader of the encrypted file, written from the public description of its format: it reads what fieldkit lists."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fieldkit.records.schema.kind import kinds
from fieldkit.store.backup import backup
from fieldkit.store.db.key_files import DATABASE
from fieldkit.store.db.vault import Vault
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import ORIGIN
from simulate.pages import IV, PAGE, RESERVE, SALT, Damaged, as_plain, readable
from tools import lacking

TEXT = "They said “wait” — ਸਤਿ ਸ੍ਰੀ ਅਕਾਲ 你好 \\ % ' \" ;--"


@pytest.fixture(autouse=True)
def openssl() -> None:
    if not readable():
        lacking(
            "OpenSSL's library (libssl3) is not installed, so the encrypted file was not read a second time"
        )


@pytest.fixture
def full(kit: Kit) -> Kit:
    """A kit with records of several kinds, edits, a deletion and an erasure, some still in the write-ahead log."""
    return filled(kit)


def filled(kit: Kit) -> Kit:
    kit.add("event", {"title": "Health fair, Luton", "date": "2026-06-01"})
    seen = [kit.add("feedback", {"rating": str(1 + n % 5), "experience": f"{n}: {TEXT}"}) for n in range(60)]
    kit.add("feedback", {"rating": "2", "experience": "long " * 3_000})
    kit.edit(seen[0], {"rating": "4"})
    kit.delete(seen[1].record_id)
    kit.erase(seen[2].record_id)
    kit.add("feedback", {"rating": "3", "experience": "the last one"})
    return kit


def plain(folder: Path, key: bytes, to: Path) -> sqlite3.Connection:
    """The kit's database from the second reader, opened by the standard library."""
    as_plain(folder / DATABASE, key, to)
    return sqlite3.connect(to)


def listed(connection: sqlite3.Connection, kind: str) -> dict[str, dict[str, Any]]:
    """Live records of a kind as the tables hold them, without empty columns."""
    connection.row_factory = sqlite3.Row
    names, table = list(kinds()[kind].fields), kinds()[kind].model.__tablename__
    rows = connection.execute(f'SELECT * FROM "{table}" WHERE NOT deleted')  # noqa: S608  # a name from the models
    return {
        row["record_id"]: {name: row[name] for name in names if row[name] not in (None, "")} for row in rows
    }


def of_kit(kit: Kit, kind: str) -> dict[str, dict[str, Any]]:
    return {
        record.record_id: {
            name: json.dumps(value) if isinstance(value, list) else value
            for name, value in record.values.items()
        }
        for record in kit.page(kind, limit=1_000)
    }


def reads_the_same(kit: Kit, key: bytes, to: Path) -> None:
    with closing(plain(kit.folder, key, to)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        for kind in ("event", "feedback"):
            assert listed(connection, kind) == of_kit(kit, kind) != {}
        connection.row_factory = None
        (ops,) = connection.execute("SELECT count(*) FROM op").fetchone()
        assert ops == sum(last for last in kit.ledger.origins().values())


def test_a_kit_without_a_passphrase(full: Kit, tmp_path: Path) -> None:
    reads_the_same(full, Vault(full.folder).unlock(), tmp_path / "plain.db")


def test_a_kit_with_a_passphrase_and_its_recovery_code(tmp_path: Path) -> None:
    kit, code = Kit.create(tmp_path / "locked", "correct horse battery")
    with kit:
        kit.settings.put(ORIGIN, "a" * 26 + ".00000001")
        filled(kit)
        for secret in ("correct horse battery", code):
            reads_the_same(kit, Vault(kit.folder).unlock(secret), tmp_path / "plain.db")


def test_with_the_log_and_without_it(full: Kit, tmp_path: Path) -> None:
    """The latest saves are in the log until they are moved to the file: both are read."""
    log = full.folder / (DATABASE + "-wal")
    assert log.stat().st_size > PAGE
    reads_the_same(full, full.key, tmp_path / "plain.db")
    full.scrub()
    before = of_kit(full, "feedback")
    full.close()
    assert not log.exists() or not log.stat().st_size
    with closing(plain(full.folder, full.key, tmp_path / "plain.db")) as connection:
        assert listed(connection, "feedback") == before


def test_a_log_that_was_cut_gives_an_earlier_moment(full: Kit, tmp_path: Path) -> None:
    """Cut within a save, the log counts up to the save before: for the reader and the kit alike."""
    copy = tmp_path / "copy"
    shutil.copytree(full.folder, copy)
    log = copy / (DATABASE + "-wal")
    log.write_bytes(log.read_bytes()[: -PAGE - 100])
    (copy / (DATABASE + "-shm")).unlink(missing_ok=True)
    with closing(plain(copy, full.key, tmp_path / "plain.db")) as connection:
        early = listed(connection, "feedback")
    with Kit.with_key(copy, full.key) as again:
        assert of_kit(again, "feedback") == early
    assert len(early) == len(of_kit(full, "feedback")) - 1


def test_the_members_of_a_backup_are_read_as_well(full: Kit, tmp_path: Path) -> None:
    import tarfile

    backup(full, tmp_path / "kit.fkbackup")
    with tarfile.open(tmp_path / "kit.fkbackup") as tar:
        tar.extract(DATABASE, tmp_path, filter="data")
    with closing(plain(tmp_path, full.key, tmp_path / "plain.db")) as connection:
        assert listed(connection, "feedback") == of_kit(full, "feedback")


@pytest.fixture
def closed(full: Kit) -> Iterator[tuple[Path, bytes]]:
    """The database of a closed kit, all in one file, and its key."""
    full.scrub()
    full.close()
    yield full.folder / DATABASE, full.key


def test_a_changed_byte_in_any_page_fails_its_hmac(closed: tuple[Path, bytes], tmp_path: Path) -> None:
    database, key = closed
    whole, changed = database.read_bytes(), tmp_path / "changed.db"
    count = as_plain(database, key, tmp_path / "plain.db")
    assert count == len(whole) // PAGE > 20
    for number in range(1, count + 1):
        start = (number - 1) * PAGE
        # In the salt or the first bytes, in the middle, in the vector, in the HMAC, at the very end.
        for place in (0, SALT, 7 * number % (PAGE - RESERVE), PAGE - RESERVE, PAGE - RESERVE + IV, PAGE - 1):
            at = start + place
            changed.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            with pytest.raises(Damaged):
                as_plain(changed, key, tmp_path / "no.db")


def test_pages_that_change_places_fail(closed: tuple[Path, bytes], tmp_path: Path) -> None:
    """The HMAC covers the page number: pages can't be swapped, nor replaced by those of an older file."""
    database, key = closed
    whole, changed = database.read_bytes(), tmp_path / "changed.db"
    first, second = whole[PAGE : 2 * PAGE], whole[2 * PAGE : 3 * PAGE]
    changed.write_bytes(whole[:PAGE] + second + first + whole[3 * PAGE :])
    with pytest.raises(Damaged, match="page 2"):
        as_plain(changed, key, tmp_path / "no.db")


def test_another_key_opens_nothing(closed: tuple[Path, bytes], tmp_path: Path) -> None:
    database, key = closed
    for wrong in (bytes(32), key[::-1], key[:-1] + bytes([key[-1] ^ 1])):
        with pytest.raises(Damaged, match="page 1 "):
            as_plain(database, wrong, tmp_path / "no.db")


def test_a_file_that_was_cut_is_noticed(closed: tuple[Path, bytes], tmp_path: Path) -> None:
    database, key = closed
    whole, cut = database.read_bytes(), tmp_path / "cut.db"
    for length in (0, 1, PAGE - 1, PAGE + 1, len(whole) - 1):
        cut.write_bytes(whole[:length])
        with pytest.raises(Damaged):
            as_plain(cut, key, tmp_path / "no.db")
