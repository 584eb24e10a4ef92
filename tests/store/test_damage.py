"""Files cut or changed anywhere, as by a stick pulled out or worn out: refused, and nothing else happens."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.errors import BundleRefused, FieldkitError
from fieldkit.store.backup import backup, restore, try_restore
from fieldkit.store.local.known_settings import IDENTITY, RECEIPTS
from fieldkit.sync.bundle.container import read_container
from fieldkit.sync.bundle.manifest import Opened, open_container
from fieldkit.sync.merge.report import KNOWN, MERGED, QUARANTINED
from fieldkit.sync.setup import join, read_invitation
from networks import Laptop, Network

PAGE = 4096


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """A coordinator and a laptop; every damaged file must leave both unchanged."""
    made = Network.create(tmp_path_factory.mktemp("damage") / "network")
    laptop = made.joins("A", trusted="field")
    made.hub.kit.add("event", {"title": "Health fair, Luton"})
    for number in range(3):
        laptop.kit.add("feedback", {"rating": "2", "experience": f"{number}: ਸਤਿ ਸ੍ਰੀ ਅਕਾਲ"})
    yield made
    made.close()


@pytest.fixture(scope="module")
def files(network: Network) -> dict[str, Path]:
    """A bundle, an invitation and a receipt."""
    (bundle,) = network.others[0].export()
    return {"fkb": bundle, "fkn": network.hub.invite(), "fkr": network.hub.receipt()}


def opened(content: bytes) -> Opened:
    return open_container(read_container(content))


def meaning(entry: Opened) -> tuple[bytes, bytes]:
    return entry.container.manifest, bytes(entry.container.payload)


@pytest.mark.parametrize("ending", ["fkb", "fkn", "fkr"])
def test_cut_at_every_length(files: dict[str, Path], ending: str) -> None:
    whole = files[ending].read_bytes()
    assert opened(whole).manifest
    for length in range(len(whole)):
        with pytest.raises(BundleRefused) as caught:
            opened(whole[:length])
        assert caught.value.reason == "damaged"


@pytest.mark.parametrize("ending", ["fkb", "fkn", "fkr"])
def test_a_bit_changed_in_every_byte(files: dict[str, Path], ending: str) -> None:
    whole = files[ending].read_bytes()
    expected, odd = meaning(opened(whole)), []
    for at in range(len(whole)):
        changed = whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :]
        try:
            # A blank for a zero byte in a number of the tar: its meaning is unchanged.
            assert meaning(opened(changed)) == expected
            odd.append(at)
        except BundleRefused as refused:
            assert refused.reason in {"damaged", "too-large"}
    assert len(odd) < 100


def test_a_damaged_invitation_joins_nobody(files: dict[str, Path], network: Network, tmp_path: Path) -> None:
    from fieldkit.store.kit import Kit

    whole, damaged = files["fkn"].read_bytes(), tmp_path / "damaged.fkn"
    kit, _ = Kit.create(tmp_path / "new", None)
    with kit:
        for at in [*range(0, len(whole), 97), len(whole)]:
            for content in (whole[:at], whole[:at] + b"\x55" + whole[at + 1 :]):
                if content == whole or content.startswith(whole):
                    continue
                damaged.write_bytes(content)
                for act in (lambda: read_invitation(damaged), lambda: join(kit, damaged, "B")):
                    with pytest.raises(FieldkitError) as caught:
                        act()
                    assert caught.value.message and caught.value.hint
        assert kit.settings.get(IDENTITY) is None
        join(kit, files["fkn"], "B")
        assert kit.counts()["event"] == 1


@pytest.mark.parametrize("ending", ["fkn", "fkr"])
def test_a_damaged_file_is_quarantined_and_changes_nothing(
    files: dict[str, Path], network: Network, tmp_path: Path, ending: str
) -> None:
    laptop: Laptop = network.others[0]
    whole = files[ending].read_bytes()
    before = laptop.state(), laptop.kit.settings.get(RECEIPTS)
    paths = []
    for at in range(0, len(whole), 29):
        changed = whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]
        for name, content in (("cut", whole[:at]), ("changed", changed)):
            paths.append(tmp_path / f"{name}-{at}.{ending}")
            paths[-1].write_bytes(content)
    report = laptop.merge(*paths)
    assert {(file.status, file.reason) for file in report.files} <= {
        (QUARANTINED, "damaged"),
        (QUARANTINED, "too-large"),
    }
    assert (laptop.state(), laptop.kit.settings.get(RECEIPTS)) == before
    for file in laptop.kit.ledger.quarantine():
        laptop.kit.ledger.release(file.sha256)
    assert laptop.take(files[ending]).status in {MERGED, KNOWN}


def test_a_backup_with_a_bit_changed_in_any_page(network: Network, tmp_path: Path) -> None:
    path, bad = tmp_path / "kit.fkbackup", tmp_path / "bad.fkbackup"
    backup(network.hub.kit, path)
    whole = path.read_bytes()
    with tarfile.open(path) as tar:
        database = tar.getmember("fieldkit.db")
        start, pages = database.offset_data, database.size // PAGE
    assert pages > 20
    for number in range(pages):
        at = start + number * PAGE + 37 * number % PAGE
        bad.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << number % 8)]) + whole[at + 1 :])
        assert noticed(network.hub, bad), f"page {number + 1}"
        if number % 10 == 0:
            with pytest.raises(FieldkitError):
                restore(bad, tmp_path / "new", None)
            assert not (tmp_path / "new").exists()
    assert try_restore(network.hub.kit, path) == []


def test_a_backup_cut_in_any_page(network: Network, tmp_path: Path) -> None:
    path, cut = tmp_path / "kit.fkbackup", tmp_path / "cut.fkbackup"
    backup(network.hub.kit, path)
    whole = path.read_bytes()
    with tarfile.open(path) as tar:
        end = max(member.offset_data + member.size for member in tar)
    for length in [*range(0, end, PAGE), *range(1, end, 3 * PAGE), end - 1]:
        cut.write_bytes(whole[:length])
        assert noticed(network.hub, cut), f"cut after {length} bytes"


def noticed(hub: Laptop, path: Path) -> bool:
    """Whether testing a backup finds a problem, with a message."""
    try:
        return bool(try_restore(hub.kit, path))
    except FieldkitError as error:
        assert error.message and error.hint
        return True
