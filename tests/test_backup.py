"""Backups: taken while the kit is in use, proven by putting them back, refused whole when anything is wrong."""

from __future__ import annotations

import json
import stat
import tarfile
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from fieldkit.errors import FieldkitError, Misuse, StorageError, VaultError, WrongPassphrase
from fieldkit.store.backup import backup, prove, restore
from fieldkit.store.kit import Kit
from fieldkit.sync.identity import identity, renew
from fieldkit.sync.merge import MERGED
from networks import Laptop, Network


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    made = Network.create(tmp_path / "network")
    made.hub.kit.add_many("feedback", [{"rating": "1", "experience": f"{n}"} for n in range(20)])
    yield made
    made.close()


@pytest.fixture
def hub(network: Network) -> Laptop:
    return network.hub


def put_back(hub: Laptop, source: Path) -> None:
    hub.kit.close()
    hub.kit = restore(source, hub.kit.folder, None)
    renew(hub.kit)
    hub.again()


def test_a_backup_holds_what_the_kit_held(hub: Laptop, tmp_path: Path) -> None:
    state = hub.state()
    note = backup(hub.kit, tmp_path / "hub.fkbackup")
    assert (note.state_hash, note.counts) == state
    hub.kit.add("feedback", {"rating": "2", "experience": "afterwards"})
    assert prove(hub.kit, tmp_path / "hub.fkbackup") == []
    said = hub.kit.desk.setting("backup")
    assert (said["made"], said["name"]) == (note.made, "hub.fkbackup")
    assert said["proven"] >= note.made
    # Only this user can read it, and nothing else lies beside it.
    assert stat.S_IMODE((tmp_path / "hub.fkbackup").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hub.fkbackup", "network"]
    before = hub.me
    put_back(hub, tmp_path / "hub.fkbackup")
    assert hub.state() == state
    # The same laptop in a new incarnation.
    assert (hub.me.device, hub.me.network) == (before.device, before.network)
    assert hub.me.origin != before.origin
    (beside,) = [path for path in hub.kit.folder.parent.iterdir() if "before-restore" in path.name]
    with Kit.open(beside) as left:
        assert left.counts()["feedback"] == 21


def test_a_backup_taken_while_others_write(hub: Laptop, tmp_path: Path) -> None:
    """Each of the backups is one moment of the kit: whole, and not more than was saved when it was done."""
    stop, saved = threading.Event(), []

    def record() -> None:
        with Kit.open(hub.kit.folder) as kit:
            while not stop.is_set():
                saved.append(kit.add("feedback", {"rating": "1", "experience": "meanwhile"}).record_id)

    writer = threading.Thread(target=record)
    writer.start()
    try:
        sizes = []
        for number in range(3):
            path = tmp_path / f"{number}.fkbackup"
            before = len(saved)
            note = backup(hub.kit, path)
            assert 20 + before <= note.counts["feedback"] <= 20 + len(saved)
            assert prove(hub.kit, path) == []
            sizes.append(note.counts["feedback"])
        assert sizes == sorted(sizes)
    finally:
        stop.set()
        writer.join()
    assert saved
    assert hub.kit.check() == []


def test_nothing_in_it_can_be_read_without_the_key(hub: Laptop, tmp_path: Path) -> None:
    kit, code = Kit.create(tmp_path / "locked", "correct horse battery")
    with kit:
        kit.desk.set_setting("origin", hub.kit.origin)
        kit.add("feedback", {"rating": "1", "experience": "ZANZIBAR"})
        backup(kit, tmp_path / "locked.fkbackup")
        content = (tmp_path / "locked.fkbackup").read_bytes()
        assert b"ZANZIBAR" not in content
        assert kit.key not in content
        assert kit.key.hex().encode() not in content
        folder = sorted(
            path.read_bytes() for path in (tmp_path / "locked").iterdir() if path.suffix == ".age"
        )
    for secret in (None, ""):
        with pytest.raises(VaultError):
            restore(tmp_path / "locked.fkbackup", tmp_path / "locked", secret)
    with pytest.raises(WrongPassphrase):
        restore(tmp_path / "locked.fkbackup", tmp_path / "new", "wrong horse battery")
    # The kit was left as it was, and no half of one lies anywhere.
    assert (
        sorted(path.read_bytes() for path in (tmp_path / "locked").iterdir() if path.suffix == ".age")
        == folder
    )
    assert not (tmp_path / "new").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".fieldkit")]
    for number, secret in enumerate(("correct horse battery", code)):
        with restore(tmp_path / "locked.fkbackup", tmp_path / f"again-{number}", secret) as back:
            assert back.page("feedback")[0].values["experience"] == "ZANZIBAR"
    with Kit.open(tmp_path / "locked", "correct horse battery") as still:
        assert still.counts()["feedback"] == 1


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
            prove(hub.kit, cut)
        with pytest.raises(FieldkitError):
            restore(cut, hub.kit.folder, None)
    assert hub.state() == state
    assert sorted(one.name for one in hub.kit.folder.parent.iterdir()) == ["hub"]
    assert prove(hub.kit, path) == []


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
                noticed += bool(prove(hub.kit, bad))
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
        prove(hub.kit, path)
    with pytest.raises(FieldkitError):
        restore(path, hub.kit.folder, None)
    assert hub.state() == state
    assert not (tmp_path.parent / "outside").exists()
    assert sorted(one.name for one in hub.kit.folder.parent.iterdir()) == ["hub"]


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
        prove(hub.kit, tmp_path / "missing.fkbackup")
    with pytest.raises(FieldkitError):
        restore(tmp_path / "missing.fkbackup", tmp_path / "new", None)
    assert not (tmp_path / "new").exists()
    assert hub.kit.check() == []


def test_a_newer_backup_is_not_put_back(hub: Laptop, tmp_path: Path) -> None:
    path = tmp_path / "newer.fkbackup"
    note = {"format": "fieldkit-backup@v2", "made": 1, "counts": {}, "state_hash": ""}
    with tarfile.open(path, "w") as tar:
        info = tarfile.TarInfo("backup.json")
        content = json.dumps(note).encode()
        info.size = len(content)
        tar.addfile(info, BytesIO(content))
    with pytest.raises(Misuse, match="newer"):
        restore(path, tmp_path / "new", None)


def test_an_older_backup_of_that_name_stays_when_the_disk_refuses(
    hub: Laptop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "hub.fkbackup"
    backup(hub.kit, path)
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(StorageError, match="full"):
            backup(hub.kit, path)
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["hub.fkbackup", "network"]
    assert prove(hub.kit, path) == []


def test_put_back_twice_within_a_second(hub: Laptop, tmp_path: Path) -> None:
    backup(hub.kit, tmp_path / "hub.fkbackup")
    origins = {hub.me.origin}
    for _ in range(3):
        put_back(hub, tmp_path / "hub.fkbackup")
        hub.kit.add("event", {"title": "After"})
        origins.add(hub.me.origin)
    assert len(origins) == 4
    assert len([one for one in hub.kit.folder.parent.iterdir() if "before-restore" in one.name]) == 3


def test_what_was_lost_with_a_laptop_comes_back_from_its_bundles(network: Network, tmp_path: Path) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    laptop.kit.add("feedback", {"rating": "1", "experience": "in the backup"})
    backup(laptop.kit, tmp_path / "a.fkbackup")
    laptop.kit.add("feedback", {"rating": "1", "experience": "on the stick alone"})
    (bundle,) = laptop.export()
    put_back(laptop, tmp_path / "a.fkbackup")
    laptop.kit.add("feedback", {"rating": "1", "experience": "afterwards"})
    hub.merge(*laptop.export(), bundle)
    assert {
        one.values["experience"] for one in hub.kit.page("feedback") if not one.values["experience"].isdigit()
    } == {
        "in the backup",
        "on the stick alone",
        "afterwards",
    }
    assert identity(laptop.kit).origin == laptop.me.origin
    assert [one.parted for one in hub.merge(*laptop.export(), bundle).files] == [{}, {}]
    assert hub.kit.check() == []
    assert hub.merge(hub.invite()).files[0].status != MERGED
