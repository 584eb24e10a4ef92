"""Commands that make a kit: creating a network, joining one, passphrases, the demonstration, and where things are."""

from __future__ import annotations

from pathlib import Path

import pytest

from commanding import Run
from fieldkit.store.kit import Kit

pytestmark = pytest.mark.usefixtures("surroundings")


def test_network_create_reports_and_goes_on_after_an_interruption(run: Run, tmp_path: Path) -> None:
    Kit.create(tmp_path / "hub", None)[0].close()
    ran = run("network", "create", "Fair", "--as", "Desk", "--no-passphrase", "--json")
    assert ran.code == 0
    assert ran.json["network"]["name"] == "Fair"
    assert ran.json["device"]["name"] == "Desk"
    assert ran.json["recovery_code"] is None
    status = run("status", "--json").json
    assert status["device"]["role"] == "coordinator"
    assert status["device"]["fingerprint"] == ran.json["device"]["fingerprint"]
    assert status["passphrase"] is False


def test_a_passphrase_is_needed_where_none_is_declined(run: Run, tmp_path: Path) -> None:
    ran = run("network", "create", "Fair")
    assert ran.code == 2
    assert "--no-passphrase" in ran.err
    assert not (tmp_path / "hub").exists()


def test_passphrases_by_file_and_environment(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pass").write_text("four words are good\nsecond line\n")
    made = run("--passphrase-file", "pass", "network", "create", "Fair", "--json")
    assert made.code == 0
    assert len(made.json["recovery_code"].split()) == 12
    locked = run("status")
    assert locked.code == 1
    assert "locked" in locked.err
    monkeypatch.setenv("FIELDKIT_PASSPHRASE", "four words are good")
    assert run("status", "--json").json["passphrase"] is True
    monkeypatch.setenv("FIELDKIT_PASSPHRASE", "wrong words are bad")
    assert run("status").code == 1


def test_join_looks_at_the_invitation_before_it_makes_a_kit(run: Run, hub: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.fkn").write_bytes(b"x" * 2_000)
    ran = run("--kit", "new", "join", "bad.fkn", "--as", "St Mary", "--no-passphrase")
    assert ran.code == 1
    assert not (tmp_path / "new").exists()


def test_join_shows_whose_invitation_it_is(run: Run, hub: Path, pair: tuple[Path, Path, str]) -> None:
    mine = run("status", "--json").json
    joined = run("--kit", "c", "join", "net.fkn", "--as", "Mosque", "--no-passphrase", "--json").json
    assert joined["coordinator"]["fingerprint"] == mine["device"]["fingerprint"]
    theirs = run("--kit", pair[0], "status", "--json").json
    assert theirs["device"]["role"] == "field"
    assert theirs["network"] == mine["network"]
    assert theirs["counts"]["event"] == 1


def test_the_demonstration_can_be_kept(run: Run) -> None:
    ran = run("demo", "--keep", "shown", "--json")
    assert ran.code == 0, ran.err
    status = run("--kit", "shown", "status", "--json").json
    assert status["counts"]["event"] == 14
    assert status["conflicts"] == 1


def test_where_things_are_needs_no_kit(run: Run, tmp_path: Path) -> None:
    ran = run("locate", "--json")
    assert ran.json["exists"] is False
    assert Path(ran.json["kit"]) == tmp_path / "hub"
    assert "(there is none yet)" in run("locate").out
    assert not (tmp_path / "hub").exists()
