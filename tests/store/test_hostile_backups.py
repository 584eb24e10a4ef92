"""A backup made by a stranger: it fills no disk, runs no code of its author's, and never replaces a kit unless it is
sound.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tarfile
import time
import tracemalloc
from collections import namedtuple
from pathlib import Path

import pytest

from backup_network import FIXTURES
from fieldkit.errors import DiskFull, FieldkitError
from fieldkit.store import backup_file
from fieldkit.store.backup import backup, restore, try_restore
from fieldkit.store.kit import Kit
from fieldkit.store.local import pin
from fieldkit.store.local.known_settings import BACKUP, HANDED_OVER, MERGE_FOLDER
from foreign_backups import NOTE, ForeignBackup, header, tar_of
from networks import Laptop
from project_files import DATA

network, hub = FIXTURES


@pytest.fixture
def foreign(hub: Laptop, tmp_path: Path) -> ForeignBackup:
    """A backup of the coordinator's kit, to be changed."""
    path = tmp_path / "hub.fkbackup"
    hub.kit.add("feedback", {"rating": "3", "experience": "from before"})
    hub.kit.settings.put(BACKUP, {"made": 1, "name": "a", "proven": 0})
    backup(hub.kit, path)
    return ForeignBackup(path, tmp_path / "foreign")


def refused(hub: Laptop, path: Path) -> FieldkitError:
    """The error for a backup that must change nothing and be refused quickly."""
    state, folder = hub.state(), hub.kit.folder
    origin, began = hub.kit.origin, time.monotonic()
    with pytest.raises(FieldkitError) as caught:
        restore(path, folder, None)
    with contextlib.suppress(FieldkitError):
        assert try_restore(hub.kit, path)
    assert time.monotonic() - began < 20
    assert (hub.state(), hub.kit.origin) == (state, origin)
    assert sorted(entry.name for entry in folder.parent.iterdir()) == ["hub"]
    return caught.value


def test_what_was_changed_and_is_still_plain_is_restored(hub: Laptop, foreign: ForeignBackup) -> None:
    foreign.setting("merge_folder", "/media/stick")
    hub.restore(foreign.written())
    assert hub.kit.settings.get(MERGE_FOLDER) == "/media/stick"


@pytest.mark.parametrize("name", sorted(path.stem for path in (DATA / "kits").glob("*.json")))
def test_a_backup_of_an_earlier_version_is_restored(tmp_path: Path, name: str) -> None:
    with tarfile.open(DATA / "kits" / f"{name}.tar.xz") as archive:
        archive.extractall(tmp_path / name, filter="data")
    parts = {
        path.name: path.read_bytes()
        for path in (tmp_path / name).iterdir()
        if path.suffix in {".db", ".not-encrypted"}
    }
    path = tar_of(tmp_path / "earlier.fkbackup", {"backup.json": json.dumps(NOTE).encode(), **parts})
    with restore(path, tmp_path / "restored", None) as kit, Kit.open(tmp_path / name) as before:
        assert (kit.counts(), kit.check()) == (before.counts(), [])


_ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 'projection' AS `key`, i AS value FROM n"


@pytest.mark.parametrize(
    "statements",
    [
        ["DROP TABLE setting", f"CREATE VIEW setting AS {_ENDLESS}"],
        ["DROP TABLE draft", "CREATE VIEW draft AS SELECT 1 AS id"],
        [f"CREATE VIEW another AS {_ENDLESS}"],
        ["CREATE TRIGGER t AFTER INSERT ON setting BEGIN DELETE FROM op; END"],
        ["CREATE TRIGGER t INSTEAD OF INSERT ON v BEGIN SELECT 1; END"],
        ["CREATE VIRTUAL TABLE f USING fts5(words)"],
        ["DROP TABLE draft", "CREATE VIRTUAL TABLE draft USING fts5(id, kind, record_id, content, seen, step, updated)"],
        ["CREATE TABLE more (a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2))"],
        ["CREATE TABLE more (a INTEGER CHECK (a > 0))"],
        ["CREATE TABLE more (a VARCHAR)"],
        ["CREATE INDEX ix_more ON op (length(body))"],
        ["CREATE UNIQUE INDEX ix_more ON op (record)"],
        ["DROP INDEX ix_op_record", "CREATE UNIQUE INDEX ix_op_record ON op (record)"],
        ["DROP TABLE tally"],
        ["DROP TABLE bundle_in", "CREATE TABLE bundle_in (manifest VARCHAR NOT NULL, PRIMARY KEY (manifest))"],
        ["ALTER TABLE setting RENAME TO s2", "CREATE TABLE setting (`key` VARCHAR NOT NULL, value VARCHAR NOT NULL)",
         "INSERT INTO setting SELECT * FROM s2", "DROP TABLE s2"],
        ["UPDATE sqlite_master SET sql = replace(sql, 'value VARCHAR', 'value VARCHAR COLLATE NOCASE') WHERE name = 'setting'"],
    ],
)  # fmt: skip
def test_only_the_tables_of_a_kit_are_taken(
    hub: Laptop, foreign: ForeignBackup, statements: list[str]
) -> None:
    if "INSTEAD OF" in statements[0]:
        statements = ["CREATE VIEW v AS SELECT 1 AS a", *statements]
    foreign.change(*statements)
    assert "not one that fieldkit made" in str(refused(hub, foreign.written()))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE op SET body = 7",
        "UPDATE op SET body = x'00ff'",
        "UPDATE op SET body = NULL, seq = 'n' || seq",
        "UPDATE op SET record = x'00'",
        "UPDATE op SET seq = seq + 1000",
        "UPDATE op SET body = zeroblob(2000000) WHERE seq = 3",
        "UPDATE origin SET last_stamp = 'late'",
        "UPDATE origin SET name = 'a'",
        "UPDATE setting SET value = x'00'",
        "UPDATE setting SET value = '{' WHERE `key` = 'backup'",
        "INSERT INTO setting VALUES ('more', zeroblob(30000000))",
        "INSERT INTO draft (id, kind, record_id, content, letters, seen, step, question, begun_by, updated) "
        "VALUES ('a', 'event', '', '[]', '{}', '{}', 0, '', '', 0)",
        "INSERT INTO draft (id, kind, record_id, content, letters, seen, step, question, begun_by, updated) "
        "VALUES ('a', 'event', '', '{}', '{}', '{\"a\": 1}', 0, '', '', 0)",
        "INSERT INTO draft (id, kind, record_id, content, letters, seen, step, question, begun_by, updated) "
        "VALUES ('a', 'event', '', '{}', '{\"a\": 1}', '{}', 0, '', '', 0)",
        "INSERT INTO draft (id, kind, record_id, content, letters, seen, step, question, begun_by, updated) "
        "VALUES ('a', 'event', '', '{}', '[]', '{}', 0, '', '', 0)",
        "INSERT INTO bundle_out VALUES (1, 'a', 1, '[1]', 1, 'b')",
        "INSERT INTO bundle_in (manifest, name, merged, device, ops, new, spans, erasing) SELECT 'a', 'b', 1, 'c', 1, 1, '{}', 0",
        "INSERT INTO local_op VALUES (1, 1, 'recordid', x'7b7d')",
        "UPDATE feedback SET rating = x'00'",
        "UPDATE tally SET live = live + 1",
        "UPDATE feedback SET search_text = printf('%.1100000c', 'a')",
        "INSERT INTO origin (name, last_seq, last_hash, last_stamp) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
        "FROM n WHERE i < 200001) SELECT 'a' || i, 0, zeroblob(32), 0 FROM n",
        "INSERT INTO bundle_out SELECT 1, 'a', 1, '{' || group_concat('\"of a replica ' || i || '\": 1') || '}', 1, 'b' FROM "
        "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT i FROM n)",
    ],
)
def test_values_of_another_type_or_size_are_refused_with_a_sentence(
    hub: Laptop, foreign: ForeignBackup, statement: str
) -> None:
    foreign.change(statement)
    refused(hub, foreign.written())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE setting SET value = CAST(x'2261ff22' AS TEXT) WHERE `key` = 'origin'",
        "INSERT INTO withdrawn VALUES (CAST(x'61ff' AS TEXT))",
        "UPDATE feedback SET experience = CAST(x'61ff' AS TEXT)",
    ],
)
def test_bytes_that_are_no_text_are_refused_and_not_quoted(foreign: ForeignBackup, statement: str) -> None:
    foreign.change(statement)
    with pytest.raises(FieldkitError) as caught:
        restore(foreign.written(), foreign.folder / "new", None)
    assert caught.value.message == "This backup is not one that fieldkit made: a text in it is not valid."
    assert not (foreign.folder / "new").exists()


def test_a_setting_of_another_type_is_refused_before_the_kit_makes_way(
    hub: Laptop, foreign: ForeignBackup
) -> None:
    held = foreign.settings()
    wrong: list[object] = [7, "words", [], {}, [1], {"a": 1}, {"a": "b"}, {"a": ["b"]}, True, 1.5, -1]
    keys = ["identity", "origin", "former", "epoch", "heard", "receipts", "imports", "erase_again", "device_names",
            "key_due", "place", "backup", "last_receipt_code", "network_file", "device_ages", "clones", "passed_on",
            "was_copied", "event", "carried", "taken_back", "heard_ends", "alone", "import_mappings"]  # fmt: skip
    for key in keys:
        for value in wrong:
            foreign.setting(key, value)
            path = foreign.written()
            try:
                with restore(path, foreign.folder / "new", None) as kit:
                    first_start(kit)
            except FieldkitError:
                assert not (foreign.folder / "new").exists()
            else:
                _remove(foreign.folder / "new")
        foreign.setting(key, held.get(key))


@pytest.mark.parametrize("work", [15, 24, 60, -1])
def test_a_backup_brings_no_pin_and_no_hand_over(hub: Laptop, foreign: ForeignBackup, work: int) -> None:
    """A PIN that nobody here knows, whose hash takes all memory, and a laptop that is with a respondent."""
    foreign.setting("pin", {"salt": "00", "digest": "00", "work": work, "wrong": -(10**9), "tried": 1 << 62})
    foreign.setting("handed_over", {"draft": "a"})
    with restore(foreign.written(), foreign.folder / "new", None) as kit:
        assert not pin.is_chosen(kit.settings)
        assert kit.settings.get(HANDED_OVER) is None


def first_start(kit: Kit) -> None:
    """The settings that a start reads."""
    from fieldkit.sync.network.identity import identity
    from fieldkit.sync.network.roster import Roster
    from fieldkit.sync.peers.known_replicas import KnownReplicas
    from fieldkit.sync.receipts.receipts import receipts, unconfirmed

    me = identity(kit)
    assert KnownReplicas(kit).in_use(me.device) == set()
    assert Roster(kit, me).my_role == "coordinator"
    assert unconfirmed(kit, me).ops >= 0 and receipts(kit) == []
    kit.add("event", {"title": "After"})


def _remove(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder)


@pytest.mark.parametrize("kind", [b"S", b"x", b"g", b"L", b"K", b"1", b"2", b"5", b"7", b"D", b"V"])
def test_members_that_are_not_plain_files_reach_neither_memory_nor_disk(
    hub: Laptop, foreign: ForeignBackup, kind: bytes
) -> None:
    path = foreign.folder / "odd.fkbackup"
    with path.open("wb") as file:
        file.write(header("fieldkit.db", 3 << 30, kind))
        # A hole of 3 GiB on the stick: no byte of it is ever written.
        file.truncate((3 << 30) + 4096)
    refused(hub, path)


def test_a_hole_that_is_larger_than_the_disk_is_refused_before_it_is_written(
    hub: Laptop, foreign: ForeignBackup, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(backup_file.shutil, "disk_usage", lambda _: usage(1 << 40, 0, 2 << 30))
    path = foreign.folder / "hole.fkbackup"
    members = {name: content for name, content in foreign.parts.items() if name != "fieldkit.db"}
    tar_of(path, members, end=b"")
    with path.open("r+b") as file:
        file.seek(0, 2)
        file.write(header("fieldkit.db", 2 << 30))
        file.truncate(file.tell() + (2 << 30) + 1024)
    with pytest.raises(DiskFull):
        restore(path, hub.kit.folder, None)
    assert hub.kit.check() == []


@pytest.mark.parametrize("more", [b"\0" * (1 << 20), b"\0" * 600 + b"a" * 424])
def test_what_follows_the_end_is_refused(hub: Laptop, foreign: ForeignBackup, more: bytes) -> None:
    path = foreign.written()
    with path.open("ab") as file:
        file.write(more)
    refused(hub, path)


@pytest.mark.parametrize("name", ["fieldkit.db", "key.not-encrypted", "backup.json"])
def test_an_empty_member_is_no_backup(hub: Laptop, foreign: ForeignBackup, name: str) -> None:
    path = tar_of(foreign.folder / "empty.fkbackup", {**foreign.parts, name: b""})
    assert "not a whole backup" in str(refused(hub, path))


def test_long_values_of_records_that_another_version_folded_are_refused(
    hub: Laptop, foreign: ForeignBackup
) -> None:
    """They would be folded anew, and never be compared with the original."""
    foreign.setting("projection", "earlier")
    foreign.change("UPDATE feedback SET search_text = printf('%.1100000c', 'a')")
    assert "too long" in str(refused(hub, foreign.written()))


_RESTORING = """
import sys
from pathlib import Path
from fieldkit.store.backup import restore

restore(Path(sys.argv[1]), Path(sys.argv[2]), None).close()
# Not ru_maxrss, which begins at what the parent held when it started this process.
status = Path("/proc/self/status").read_text()
print(next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="only Linux says how much memory a process took"
)
def test_tables_that_another_version_folded_are_dropped_in_little_memory(
    hub: Laptop, foreign: ForeignBackup
) -> None:
    hub.kit.add_many("feedback", [{"rating": "3", "experience": f"held {number}"} for number in range(120)])
    path = foreign.folder / "more.fkbackup"
    backup(hub.kit, path)
    large = ForeignBackup(path, foreign.folder / "large")
    large.setting("projection", "earlier")
    large.change("UPDATE feedback SET search_text = printf('%.1000000c', 'a')")
    done = subprocess.run(
        [sys.executable, "-c", _RESTORING, str(large.written()), str(foreign.folder / "new")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < 160 << 10


def test_settings_of_another_version_make_no_values(foreign: ForeignBackup) -> None:
    """Millions of empty lists in few bytes, under a name that only another version knows, are kept as text."""
    foreign.setting("later", [[]] * 1_000_000)
    path = foreign.written()
    tracemalloc.start()
    with restore(path, foreign.folder / "new", None) as kit:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert kit.check() == []
    assert peak < 40 << 20


@pytest.mark.parametrize("content", [b"a" * 5_000, b"age-encryption.org/v1\n" + b"-> X25519 a\n" * 300])
def test_a_key_file_is_bounded_and_has_one_stanza(
    hub: Laptop, foreign: ForeignBackup, content: bytes
) -> None:
    del foreign.parts["key.not-encrypted"]
    path = tar_of(
        foreign.folder / "locked.fkbackup",
        {
            **foreign.parts,
            "fieldkit.db": b"x" * 8192,
            "key.passphrase.age": content,
            "key.recovery.age": content,
        },
    )
    with pytest.raises(FieldkitError):
        restore(path, hub.kit.folder, "any words at all")
    assert hub.kit.check() == []


def test_a_kit_that_writes_under_a_name_whose_key_it_lacks_is_refused(
    hub: Laptop, foreign: ForeignBackup
) -> None:
    identity = foreign.settings()["identity"]
    assert isinstance(identity, dict)
    foreign.setting("identity", {**identity, "seed": "07" * 32})
    assert "whose key it does not have" in str(refused(hub, foreign.written()))


_RESTORING = """
import sys
from pathlib import Path
from fieldkit.errors import FieldkitError
from fieldkit.store.backup import restore

try:
    restore(Path(sys.argv[1]), Path(sys.argv[2]), None)
except FieldkitError as error:
    print(error.message)
# Not ru_maxrss, which begins at what the parent held when it started this process.
status = Path("/proc/self/status").read_text()
print(next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the peak of memory is read from /proc")
def test_very_many_long_operations_are_refused_in_little_memory(
    foreign: ForeignBackup, tmp_path: Path
) -> None:
    foreign.change(
        "INSERT INTO op (origin, seq, record, hash, body) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
        "WHERE i < 300) SELECT 1, 100000 + i, 'hostile' || i, zeroblob(32), zeroblob(1000000) FROM n"
    )
    done = subprocess.run(
        [sys.executable, "-c", _RESTORING, foreign.written(), tmp_path / "restored"],
        capture_output=True,
        text=True,
        check=True,
    )
    message, kib = done.stdout.splitlines()
    assert "backup" in message
    assert int(kib) < 250_000
