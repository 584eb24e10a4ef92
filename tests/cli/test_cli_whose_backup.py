"""The owner of a backup: stated before a kit is restored, or if a backup is given in place of a bundle."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from commanding import Run
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import IDENTITY


def test_a_backup_that_is_merged_or_looked_at_says_what_it_is(
    run: Run, kits: tuple[Path, Path, Path]
) -> None:
    run("backup", "-o", "kit.fkbackup")
    shutil.copy("kit.fkbackup", "bundle.fkb")
    Path("cut.fkbackup").write_bytes(Path("kit.fkbackup").read_bytes()[:700])
    for name in ("kit.fkbackup", "bundle.fkb", "cut.fkbackup"):
        merged = run("merge", name)
        assert merged.code == 3
        assert "This is a backup of a whole kit, not a bundle." in merged.out
        assert "fieldkit restore" in merged.out
        assert f"{name}: not merged." in merged.out
        assert "damaged" not in merged.out
        assert run("merge", name, "--json").json["files"][0]["reason"] == "backup"
        inspected = run("inspect", name)
        assert inspected.code == 1
        assert "fieldkit restore" in inspected.out
    assert run("quarantine", "--json").json == []


def test_restore_says_whose_kit_and_whose_backup_before_asking(
    run: Run, kits: tuple[Path, Path, Path]
) -> None:
    _, a, _ = kits
    run("--kit", a, "backup", "-o", "a.fkbackup")
    for streams, code in (({"typed": "n\n"}, 1), ({}, 2)):
        refused = run("--kit", a, "restore", "a.fkbackup", **streams)
        assert refused.code == code
        network = "in the network “West Midlands fair”"
        assert f"The backup: the laptop “St Mary” {network}, 3 records, made " in refused.err
        assert f"The kit here: the laptop “St Mary” {network}, 3 records." in refused.err
        assert "NOT the same" not in refused.err
    done = run("--kit", a, "restore", "a.fkbackup", "--yes", "--json")
    assert "The backup: the laptop “St Mary”" in done.err
    assert (done.json["laptop"], done.json["network"], done.json["other_laptop"]) == (
        "St Mary",
        "West Midlands fair",
        False,
    )
    assert done.json["made"]
    fresh = run("--kit", "fresh", "restore", "a.fkbackup", "--json")
    assert (fresh.code, fresh.json["other_laptop"]) == (0, None)
    assert "The backup: the laptop “St Mary”" in fresh.err


def test_another_laptops_backup_needs_more_than_yes(run: Run, kits: tuple[Path, Path, Path]) -> None:
    hub, a, _ = kits
    run("--kit", a, "backup", "-o", "a.fkbackup")
    before = run("status", "--json").json
    refused = run("restore", "a.fkbackup", "--yes")
    assert refused.code == 2
    assert "NOT the same laptop's: this computer would go on as “St Mary”" in refused.err
    assert "--other-laptop" in refused.err
    assert run("restore", "a.fkbackup", typed="n\n").code == 1
    assert run("restore", "a.fkbackup", "--other-laptop").code == 2
    assert run("status", "--json").json == before
    assert not list(hub.parent.glob(".hub.restoring*"))
    assert not list(hub.parent.glob("hub.before-restore*"))
    assert run("restore", "a.fkbackup", "--yes", "--other-laptop", "--json").json["other_laptop"] is True
    assert run("status", "--json").json["device"]["name"] == "St Mary"
    run("--kit", "elsewhere", "network", "create", "Another", "--no-passphrase")
    refused = run("--kit", "elsewhere", "restore", "a.fkbackup", "--yes")
    assert refused.code == 2
    assert "not of the same network" in refused.err


def test_a_kit_that_can_not_be_opened_is_no_hindrance(run: Run, kits: tuple[Path, Path, Path]) -> None:
    hub, _, _ = kits
    run("backup", "-o", "hub.fkbackup")
    (hub / "fieldkit.db").write_bytes(b"rubbish" * 1_000)
    assert run("status").code == 1
    # Nobody can tell whose kit is in the folder, so the user must confirm twice.
    assert "--other-laptop" in run("restore", "hub.fkbackup", "--yes").err
    assert run("status").code == 1
    done = run("restore", "hub.fkbackup", "--yes", "--other-laptop")
    assert done.code == 0
    assert "We don't know whose kit this is: it does not open" in done.err
    assert run("status").code == 0


def test_a_locked_backup_is_opened_before_it_says_whose_it_is(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDKIT_PASSPHRASE", "correct horse battery")
    assert run("network", "create", "Locked").code == 0
    run("backup", "-o", "kit.fkbackup")
    assert b"Locked" not in Path("kit.fkbackup").read_bytes()
    monkeypatch.delenv("FIELDKIT_PASSPHRASE")
    asked: list[str] = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return "correct horse battery"

    monkeypatch.setattr("fieldkit.cli.backup_restore.ask_secret", ask)
    refused = run("restore", "kit.fkbackup", typed="n\n")
    assert (refused.code, len(asked)) == (1, 1)
    assert "in the network “Locked”" in refused.err
    with Kit.open(tmp_path / "hub", "correct horse battery") as kit:
        assert kit.settings.get(IDENTITY)["network_name"] == "Locked"
