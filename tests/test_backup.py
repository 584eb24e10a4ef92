"""Backups: taken while the kit is in use, proven by putting them back, refused whole when anything is wrong."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import tarfile
import threading
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from fieldkit.errors import FieldkitError, Misuse, StorageError, VaultError, WrongPassphrase
from fieldkit.store.backup import backup, prove, restore
from fieldkit.store.exchange import preparing, told
from fieldkit.store.kit import Kit
from fieldkit.store.vault import Vault
from fieldkit.sync.identity import identity
from fieldkit.sync.merge_report import MERGED
from fieldkit.sync.network import rotate_key
from fieldkit.sync.place import check_place
from fieldkit.sync.roster import Roster
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
    hub.put_back(source)


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


@pytest.mark.skipif(
    not hasattr(os, "fork"), reason="this system can't make a process that is a copy of another"
)
@pytest.mark.parametrize("there", ["a kit", "nothing"])
def test_killed_at_any_step_one_of_the_two_kits_is_there(hub: Laptop, tmp_path: Path, there: str) -> None:
    path, work = tmp_path / "hub.fkbackup", tmp_path / "work"
    backup(hub.kit, path)
    hub.kit.add("feedback", {"rating": "2", "experience": "afterwards"})
    older, origin = hub.state(), hub.me.origin
    hub.kit.close()
    worker = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("restore_worker.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    ends = Counter[str]()
    with worker:
        for step in range(1, 1_000):
            work.mkdir()
            folder = work / "kit"
            if there == "a kit":
                shutil.copytree(hub.kit.folder, folder)
            worker.stdin.write(f"{folder}\t{path}\t{step}\n")
            worker.stdin.flush()
            status = int(worker.stdout.readline())
            assert status in {0, 9}
            if there == "nothing" and not Vault(folder).exists:
                ends["nothing"] += 1
            else:
                ends[_look_at_what_is_there(folder, older, origin)] += 1
            # Putting it back once more works, whatever was left lying about, and leaves nothing of it.
            restore(path, folder, None).close()
            left = [one.name for one in work.iterdir() if "before-restore" not in one.name]
            assert left == ["kit"]
            shutil.rmtree(work)
            if status == 0:
                break
    assert status == 0
    assert ends["restored"] > 0
    assert ends["older" if there == "a kit" else "nothing"] > 10


def _look_at_what_is_there(folder: Path, older: tuple[str, dict[str, int]], origin: str) -> str:
    """Which of the two kits this is: whole, and said to be what it is."""
    begun = folder.with_name(".kit.restoring").joinpath("kit").exists()
    with Kit.open(folder) as kit:
        assert kit.check() == []
        said = told(kit.folder)
        assert told(kit.folder) == ""
        assert kit.add("feedback", {"rating": "3"})
        if kit.counts()["feedback"] == older[1]["feedback"] + 1:
            assert kit.origin == origin
            assert ("as it was" in said) == begun
            return "older"
        assert kit.counts()["feedback"] == older[1]["feedback"]
        assert kit.origin != origin
        assert "as it was" not in said
        return "restored"


def test_what_the_disk_refuses_at_the_last_step_leaves_the_kit_in_its_place(
    hub: Laptop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, folder = tmp_path / "hub.fkbackup", hub.kit.folder
    backup(hub.kit, path)
    state = hub.state()
    hub.kit.close()
    rename = Path.rename

    def refusing(one: Path, target: Path) -> Path:
        if one.name == "kit":
            raise OSError(5, "Input/output error")
        return rename(one, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refusing)
        with pytest.raises(StorageError, match="could not be read or written"):
            restore(path, folder, None)
        with pytest.raises(StorageError):
            restore(path, tmp_path / "elsewhere", None)
    assert sorted(one.name for one in folder.parent.iterdir()) == ["hub"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["hub.fkbackup", "network"]
    with Kit.open(folder) as kit:
        assert (kit.state_hash(), kit.counts()) == state
        assert told(kit.folder) == ""


def test_a_restore_that_is_under_way_is_left_alone(hub: Laptop, tmp_path: Path) -> None:
    with preparing(hub.kit.folder) as scratch:
        assert told(hub.kit.folder) == ""
        assert scratch.is_dir()
    assert sorted(one.name for one in hub.kit.folder.parent.iterdir()) == ["hub"]


def test_a_hub_put_back_from_before_a_new_key_is_sent_to_again(network: Network, tmp_path: Path) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    deputy = network.joins("Deputy", trusted="deputy")
    path = tmp_path / "hub.fkbackup"
    backup(hub.kit, path)
    first = hub.me.age_public
    rotate_key(hub.kit, hub.me)
    hub.again()
    lost = hub.me.age_public
    for one in (laptop, deputy):
        one.merge(hub.invite())
    laptop.kit.add("feedback", {"rating": "1", "experience": "to the lost key"})
    put_back(hub, path)
    assert check_place(hub.kit) is False
    assert hub.me.age_public == first
    assert [one.reason for one in hub.merge(*laptop.export()).aside] == ["not-for-us"]
    for one in (laptop, deputy):
        one.merge(hub.invite())
        assert {first, lost} <= set(Roster(one.kit, one.me).recipients())
    assert hub.merge(*laptop.export()).aside == []
    assert hub.kit.counts()["feedback"] == 21
    # The hub sees now which key was lost, and says once more which one counts.
    assert hub.merge(*deputy.export()).aside == []
    check_place(hub.kit)
    laptop.merge(hub.invite())
    assert Roster(laptop.kit, laptop.me).recipients() == sorted([first, deputy.me.age_public])
    assert laptop.kit.conflicts() == hub.kit.conflicts() == []
    ops = len(hub.kit.history(hub.me.device))
    check_place(hub.kit)
    assert len(hub.kit.history(hub.me.device)) == ops


def test_a_change_of_keys_that_was_cut_off_is_carried_on_at_the_next_start(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The older key opens for some days only: by then the network must have been told of the new one."""
    hub, laptop = network.hub, network.joins("A", trusted="field")
    check_place(hub.kit)
    first = hub.me.age_public

    def full(*_: object, **__: object) -> None:
        raise StorageError("The disk is full.")

    with monkeypatch.context() as patched, pytest.raises(StorageError):
        patched.setattr(Roster, "put", full)
        rotate_key(hub.kit, hub.me)
    hub.again()
    assert hub.me.age_public != first
    assert Roster(hub.kit, hub.me).recipients() == [first]
    check_place(hub.kit)
    assert Roster(hub.kit, hub.me).recipients() == [hub.me.age_public]
    laptop.merge(hub.invite())
    assert Roster(laptop.kit, laptop.me).recipients() == [hub.me.age_public]


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
