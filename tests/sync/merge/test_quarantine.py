"""Quarantine: copies of refused files that can't be read without the kit, limited, and usable once a laptop is trusted."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from commanding import Run
from fieldkit.sync.merge import quarantine
from fieldkit.sync.merge.merge import merge
from fieldkit.sync.merge.quarantine_copies import Copies, quarantine_folder
from fieldkit.sync.merge.report import MERGED, QUARANTINED
from fieldkit.sync.setup import trust
from networks import Laptop, Network, Writer


def strangers(network: Network, number: int) -> list[Path]:
    """Bundles of `number` laptops that nobody has trusted."""
    files = []
    for at in range(number):
        laptop = network.joins(f"Stranger {at}")
        laptop.kit.add("feedback", {"rating": "1", "experience": f"words {at}"})
        files += laptop.export()
    return files


def copies(laptop: Laptop) -> list[Path]:
    folder = quarantine_folder(laptop.kit)
    return sorted(folder.iterdir()) if folder.exists() else []


def test_a_copy_is_sealed_private_and_merged_once_its_laptop_is_trusted(network: Network) -> None:
    hub = network.hub
    [path] = strangers(network, 1)
    assert hub.take(path).status == QUARANTINED
    [copy] = copies(hub)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
    kept = copy.read_bytes()
    # Nothing of the file can be found in the copy, not even its sender.
    original = path.read_bytes()
    assert not any(
        original[at : at + 16] in kept for at in range(0, 4_096, 16) if original[at : at + 16].strip(b"\0")
    )
    assert Copies(hub.kit).read(copy) == original
    stranger = network.others[0]
    path.unlink()
    _, report = trust(hub.kit, hub.me, stranger.me.key.public.six_words, role="field")
    assert [file.status for file in report.files] == [MERGED]
    assert report.files[0].name == path.name
    assert hub.kit.count("feedback") == 1
    assert copies(hub) == [] and hub.kit.ledger.quarantine() == []


def test_a_file_that_lies_open_inside_is_sealed_as_well(network: Network, tmp_path: Path) -> None:
    hub = network.hub
    stranger = network.joins("Stranger")
    writer = Writer(stranger, [])
    path = writer.bundle([b'{"said":"what a patient told them, in the open"}'])
    assert hub.take(path).status == QUARANTINED
    [copy] = copies(hub)
    assert b"manifest" not in copy.read_bytes()
    assert stranger.me.device.encode() not in copy.read_bytes()


def test_a_copy_that_was_changed_is_refused(network: Network) -> None:
    hub = network.hub
    [path] = strangers(network, 1)
    hub.take(path)
    [copy] = copies(hub)
    for content in (copy.read_bytes()[:-1], b"", b"x" * 2_000, path.read_bytes()):
        copy.write_bytes(content)
        [file] = hub.merge(copy).files
        assert (file.status, file.reason) == (QUARANTINED, "damaged")
        hub.kit.ledger.release(next(a.sha256 for a in hub.kit.ledger.quarantine() if a.reason == "damaged"))


def test_what_an_older_fieldkit_kept_in_the_open_is_merged_too(network: Network) -> None:
    hub = network.hub
    [path] = strangers(network, 1)
    hub.take(path)
    [copy] = copies(hub)
    copy.unlink()
    copy.with_suffix(".fkb").write_bytes(path.read_bytes())
    _, report = trust(hub.kit, hub.me, network.others[0].me.key.public.six_words, role="field")
    assert [file.status for file in report.files] == [MERGED]
    assert copies(hub) == []


def test_the_oldest_files_of_strangers_make_room_and_are_named(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = network.hub
    known = network.joins("Known", trusted="field")
    known.kit.add("feedback", {"rating": "2"})
    [bad] = known.export()
    hub.trust(known, "field")
    hub.merge(*known.export())
    # A known laptop's file is refused too: it was cut.
    writer = Writer(known, [hub.me.age_public])
    refused = writer.bundle([b"{}"])
    files = strangers(network, 6)
    monkeypatch.setattr(quarantine, "MOST_FILES", 4)
    assert hub.take(refused).status == QUARANTINED
    removed: list[str] = []
    for path in files:
        report = hub.merge(path)
        removed += report.removed
    assert removed == [path.name for path in files[:3]]
    left = {file.name for file in hub.kit.ledger.quarantine()}
    assert left == {refused.name, *(path.name for path in files[3:])}
    assert len(copies(hub)) == 4
    assert bad


def test_bytes_are_bounded_and_a_known_laptop_is_asked_again(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = network.hub
    known = network.joins("Known", trusted="field")
    writer = Writer(known, [hub.me.age_public])
    mine = [writer.bundle([b"{%d}" % number]) for number in range(3)]
    assert {file.status for file in hub.merge(*mine).files} == {QUARANTINED}
    size = max(path.stat().st_size for path in copies(hub))
    monkeypatch.setattr(quarantine, "MOST_BYTES", 2 * size + 100)
    [stranger] = strangers(network, 1)
    report = hub.merge(stranger)
    # The stranger's copy is removed first; then the known laptop's oldest copy, whose entry stays.
    assert report.removed == [stranger.name, mine[0].name]
    files = {file.name: file for file in hub.kit.ledger.quarantine()}
    assert set(files) == {path.name for path in mine}
    assert "made" not in files[mine[1].name].hint and files[mine[0].name].hint == quarantine.NO_COPY
    assert len(copies(hub)) == 2
    assert sum(path.stat().st_size for path in copies(hub)) <= quarantine.MOST_BYTES


def test_the_command_says_what_made_room(
    run: Run, kits: tuple[Path, Path, Path], joined: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub, _, _ = kits
    monkeypatch.setattr(quarantine, "MOST_FILES", 1)
    for name in ("c", "d"):
        assert (
            run("--kit", tmp_path / name, "join", tmp_path / "net.fkn", "--as", name, "--no-passphrase").code
            == 0
        )
        assert run("--kit", tmp_path / name, "record", "event", "--set", "title=Fair").code == 0
        assert run("--kit", tmp_path / name, "export", "-o", f"{name}.fkb").code == 0
    assert "Quarantine was full" not in run("--kit", hub, "merge", "c.fkb").out
    ran = run("--kit", hub, "merge", "d.fkb")
    assert "Quarantine was full: 1 file made room (c.fkb)" in ran.out
    assert [file["name"] for file in run("--kit", hub, "quarantine", "--json").json] == ["d.fkb"]
    assert run("--kit", hub, "merge", "c.fkb", "--json").json["removed_from_quarantine"] == ["d.fkb"]


def test_a_dry_run_keeps_and_removes_nothing(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = network.hub
    first, second = strangers(network, 2)
    hub.take(first)
    monkeypatch.setattr(quarantine, "MOST_FILES", 1)
    before = copies(hub)
    assert hub.merge(second, dry_run=True).removed == []
    assert copies(hub) == before


def test_copies_that_an_earlier_version_kept_in_the_open_are_sealed(network: Network) -> None:
    hub = network.hub
    first, second = strangers(network, 2)
    hub.take(first)
    [copy] = copies(hub)
    copy.unlink()
    (copy.parent / f"{copy.stem}.fkb").write_bytes(first.read_bytes())
    (copy.parent / f"{'0' * 64}.fkb").symlink_to(hub.kit.folder / "fieldkit.db")
    hub.take(second)
    assert {path.suffix for path in copies(hub)} == {".sealed"}
    assert Copies(hub.kit).read(copy) == first.read_bytes()
    assert hub.kit.check() == []
    first.unlink()
    _, report = trust(hub.kit, hub.me, network.others[0].me.key.public.six_words, role="field")
    assert [file.status for file in report.files] == [MERGED]


def test_a_command_deletes_files_from_quarantine_by_name(
    run: Run, kits: tuple[Path, Path, Path], joined: Path, tmp_path: Path
) -> None:
    hub, _, _ = kits
    assert (
        run("--kit", tmp_path / "c", "join", tmp_path / "net.fkn", "--as", "c", "--no-passphrase").code == 0
    )
    for name in ("one.fkb", "two.fkb"):
        assert run("--kit", tmp_path / "c", "record", "event", "--set", "title=Fair").code == 0
        assert run("--kit", tmp_path / "c", "export", "-o", name).code == 0
    assert run("--kit", hub, "merge", "one.fkb", "two.fkb").code == 3
    refused = run("--kit", hub, "quarantine", "--remove", "one.fkb", "--remove", "three.fkb", "--yes")
    assert refused.code == 1 and "three.fkb" in refused.err and "Nothing was deleted." in refused.err
    assert run("--kit", hub, "quarantine", "--remove", "one.fkb").code == 2
    files = run("--kit", hub, "quarantine", "--json").json
    assert len(files) == 2
    left = run("--kit", hub, "quarantine", "--remove", "one.fkb", "--yes", "--json")
    assert [entry["name"] for entry in left.json] == ["two.fkb"]
    assert len(list((hub / "quarantine").iterdir())) == 1
    assert run("--kit", hub, "quarantine", "--remove", left.json[0]["sha256"], "--yes").code == 0
    assert not list((hub / "quarantine").iterdir())
    assert Path("one.fkb").is_file()


def test_many_files_of_one_sender_or_of_nobody_do_not_push_out_the_one_of_another(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = network.hub
    [waiting] = strangers(network, 1)
    hub.take(waiting)
    monkeypatch.setattr(quarantine, "MOST_FILES", 4)
    for at in range(6):
        (tmp_path / f"rubbish{at}.fkb").write_text(f"rubbish {at}")
    report = merge(hub.kit, hub.me, sorted(tmp_path.glob("rubbish*")))
    assert len(report.removed) == 3 and all(name.startswith("rubbish") for name in report.removed)
    noisy = network.joins("Noisy")
    writer = Writer(noisy, [])
    report = merge(hub.kit, hub.me, [writer.bundle([b'{"at":%d}' % at]) for at in range(6)])
    assert {file.name for file in hub.kit.ledger.quarantine()} > {waiting.name}
    assert not any("rubbish" in file.name for file in hub.kit.ledger.quarantine())
    assert len(hub.kit.ledger.quarantine()) == 4
    _, report = trust(hub.kit, hub.me, network.others[0].me.key.public.six_words, role="field")
    assert [file.status for file in report.files] == [MERGED]


def test_a_link_that_leads_round_in_a_ring_is_stated_to_be_unreadable(
    network: Network, tmp_path: Path
) -> None:
    ring = tmp_path / "ring.fkb"
    ring.symlink_to("ring.fkb")
    [file] = merge(network.hub.kit, network.hub.me, [ring]).files
    assert file.status == QUARANTINED and file.sentence == f"The file “{ring}” can't be read."
