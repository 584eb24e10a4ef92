"""Backups that are cut, changed, invented, newer or missing are refused completely, and the kit is unharmed."""

from __future__ import annotations

import contextlib
import json
import random
import tarfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from backup_network import FIXTURES
from fieldkit.errors import FieldkitError, Misuse, StorageError
from fieldkit.store.backup import backup, restore, try_restore
from networks import Laptop

network, hub = FIXTURES


def test_cut_anywhere_it_is_refused_and_the_kit_unharmed(hub: Laptop, tmp_path: Path) -> None:
    path = tmp_path / "hub.fkbackup"
    backup(hub.kit, path)
    whole = path.read_bytes()
    with tarfile.open(path) as tar:
        end = max(member.offset_data + member.size for member in tar)
    state, cut = hub.state(), tmp_path / "cut.fkbackup"
    edges = [0, 1, 511, 512, 513, 1024, end - 1, end - 512, end - 4096]
    for length in [*edges, *range(1, end, end // 37)]:
        cut.write_bytes(whole[:length])
        with pytest.raises(FieldkitError):
            try_restore(hub.kit, cut)
        with pytest.raises(FieldkitError):
            restore(cut, hub.kit.folder, None)
    assert hub.state() == state
    assert sorted(entry.name for entry in hub.kit.folder.parent.iterdir()) == ["hub"]
    assert try_restore(hub.kit, path) == []


def test_a_changed_byte_is_noticed(hub: Laptop, tmp_path: Path) -> None:
    path, bad = tmp_path / "hub.fkbackup", tmp_path / "bad.fkbackup"
    backup(hub.kit, path)
    whole, state = path.read_bytes(), hub.state()
    with tarfile.open(path) as tar:
        places = [(member.offset_data, member.size) for member in tar]
    noticed = 0
    for start, size in places:
        for at in {start, start + size // 2, start + size - 1}:
            bad.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
            try:
                noticed += bool(try_restore(hub.kit, bad))
            except FieldkitError:
                noticed += 1
            try:
                restore(bad, tmp_path / "elsewhere" / f"{at}", None).close()
            except FieldkitError:
                assert not (tmp_path / "elsewhere" / f"{at}").exists()
    assert noticed >= 3 * len(places) - 3
    assert hub.state() == state


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"backup.json": b"{}"},
        {"backup.json": b"[" * 100_000},
        {"backup.json": b'{"format": 7, "made": 1, "counts": {}, "state_hash": ""}'},
        {"backup.json": b"\xff"},
        {"../outside": b"x"},
        {"fieldkit.db": b"x" * 5000},
        {"key.not-encrypted": b"nothing like a key", "fieldkit.db": b"x" * 5000},
        {"key.not-encrypted": b"00" * 32, "fieldkit.db": b"x" * 8192},
    ],
)
def test_what_is_no_backup(hub: Laptop, tmp_path: Path, parts: dict[str, bytes]) -> None:
    note = {"format": "fieldkit-backup@v1", "made": 1, "counts": {}, "state_hash": ""}
    path = tmp_path / "made-up.fkbackup"
    with tarfile.open(path, "w") as tar:
        for name, content in {"backup.json": json.dumps(note).encode(), **parts}.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, BytesIO(content))
    state = hub.state()
    with pytest.raises(FieldkitError):
        try_restore(hub.kit, path)
    with pytest.raises(FieldkitError):
        restore(path, hub.kit.folder, None)
    assert hub.state() == state
    assert not (tmp_path.parent / "outside").exists()
    assert sorted(entry.name for entry in hub.kit.folder.parent.iterdir()) == ["hub"]


def test_links_in_a_backup_are_not_followed(hub: Laptop, tmp_path: Path) -> None:
    path, victim = tmp_path / "links.fkbackup", tmp_path / "victim"
    victim.write_bytes(b"mine")
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE):
        with tarfile.open(path, "w") as tar:
            info = tarfile.TarInfo("fieldkit.db")
            info.type, info.linkname = kind, str(victim)
            tar.addfile(info)
        with pytest.raises(FieldkitError):
            restore(path, tmp_path / "new", None)
    assert victim.read_bytes() == b"mine"
    assert not (tmp_path / "new").exists()


def test_places_that_are_none(hub: Laptop, tmp_path: Path) -> None:
    for target in (tmp_path / "nowhere" / "a.fkbackup", tmp_path / "network"):
        with pytest.raises(StorageError):
            backup(hub.kit, target)
    with pytest.raises(FieldkitError):
        try_restore(hub.kit, tmp_path / "missing.fkbackup")
    with pytest.raises(FieldkitError):
        restore(tmp_path / "missing.fkbackup", tmp_path / "new", None)
    assert not (tmp_path / "new").exists()
    assert hub.kit.check() == []


def test_a_newer_backup_is_not_restored(hub: Laptop, tmp_path: Path) -> None:
    path = tmp_path / "newer.fkbackup"
    note = {"format": "fieldkit-backup@v2", "made": 1, "counts": {}, "state_hash": ""}
    with tarfile.open(path, "w") as tar:
        info = tarfile.TarInfo("backup.json")
        content = json.dumps(note).encode()
        info.size = len(content)
        tar.addfile(info, BytesIO(content))
    with pytest.raises(Misuse, match="newer"):
        restore(path, tmp_path / "new", None)


_NOTES: list[Any] = [
    None, [], "x", 7, {}, {"format": 1}, {"format": "\ud800"}, {"made": "today"}, {"made": -1}, {"made": 2**70}, {"made": 1.5},
    {"counts": []}, {"counts": {"\ud800": 1}}, {"counts": {"event": "many"}}, {"state_hash": 7}, {"state_hash": "\ud800"},
]  # fmt: skip


def remade(path: Path, target: Path, note: bytes) -> Path:
    """The backup with another note."""
    with tarfile.open(path) as old, tarfile.open(target, "w", format=tarfile.USTAR_FORMAT) as new:
        for member in old:
            content = old.extractfile(member)
            assert content is not None
            data = note if member.name == "backup.json" else content.read()
            member.size = len(data)
            new.addfile(member, BytesIO(data))
    return target


def test_a_note_with_anything_in_it_is_refused_with_a_sentence(hub: Laptop, tmp_path: Path) -> None:
    path = tmp_path / "hub.fkbackup"
    backup(hub.kit, path)
    with tarfile.open(path) as tar:
        content = tar.extractfile("backup.json")
        assert content is not None
        good = json.loads(content.read())
    texts = [
        json.dumps({**good, **entry} if isinstance(entry, dict) and entry else entry).encode()
        for entry in _NOTES
    ]
    for text in (*texts, b"", b"[" * 100_000, b"\xff", b'{"format":NaN}'):
        bad = remade(path, tmp_path / "bad.fkbackup", text)
        with pytest.raises(FieldkitError):
            try_restore(hub.kit, bad)
        with pytest.raises(FieldkitError):
            restore(bad, tmp_path / "elsewhere", None)
        assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("seed", range(3))
def test_a_tar_with_anything_in_its_headers_is_refused_with_a_sentence(
    hub: Laptop, tmp_path: Path, seed: int
) -> None:
    path, bad = tmp_path / "hub.fkbackup", tmp_path / "bad.fkbackup"
    backup(hub.kit, path)
    whole, chance = path.read_bytes(), random.Random(seed)
    with tarfile.open(path) as tar:
        headers = [member.offset for member in tar]
    for _ in range(60):
        changed = bytearray(whole)
        start = chance.choice(headers)
        for _ in range(chance.randrange(1, 6)):
            changed[start + chance.randrange(512)] = chance.choice(
                [0, 0x2D, 0x30, 0x39, 0x67, 0x78, 0x80, 0xFF, 0x53, 0x4C]
            )
        changed[start + 156] = chance.choice(b"0\x00xgLKS127")
        # With a valid checksum, as an attacker would write it.
        changed[start + 148 : start + 156] = b" " * 8
        changed[start + 148 : start + 156] = b"%06o\0 " % sum(changed[start : start + 512])
        bad.write_bytes(changed)
        with contextlib.suppress(FieldkitError):
            try_restore(hub.kit, bad)
    assert hub.kit.check() == []
    assert {entry.name for entry in tmp_path.iterdir()} == {"hub.fkbackup", "bad.fkbackup", "network"}
