"""What `restore` says about the passphrase of the kit that it restores, and about what it still needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from commanding import Run

FIRST, SECOND = "correct horse battery", "quiet otter lantern"
DAY = "opens with the passphrase or recovery code of the day of the backup"


@pytest.fixture
def first(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A network of one kit that opens with FIRST, with a backup: first.fkbackup."""
    monkeypatch.setenv("FIELDKIT_PASSPHRASE", FIRST)
    assert run("network", "create", "Locked").code == 0
    assert run("backup", "-o", "first.fkbackup").code == 0
    return run


def changed(run: Run, monkeypatch: pytest.MonkeyPatch, to: str) -> str:
    """The output when the kit gets another passphrase."""
    monkeypatch.setenv("FIELDKIT_NEW_PASSPHRASE", to)
    ran = run("passphrase", "change")
    assert ran.code == 0
    return ran.out


def test_an_older_passphrase_that_comes_back_is_said(first: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run = first
    same = run("restore", "first.fkbackup", "--yes")
    assert same.code == 0
    assert "It opens with" not in same.out
    changed(run, monkeypatch, SECOND)
    older = run("restore", "first.fkbackup", "--yes", "--other-laptop")
    assert older.code == 0
    assert DAY in older.out
    assert "not with the one that the kit here had" in older.out
    assert run("status").code == 0
    changed(run, monkeypatch, SECOND)
    answer = run("restore", "first.fkbackup", "--yes", "--other-laptop", "--json").json
    assert (answer["passphrase"], answer["same_passphrase"]) == (True, False)
    answer = run("restore", "first.fkbackup", "--yes", "--json").json
    assert (answer["passphrase"], answer["same_passphrase"]) == (True, True)


def test_where_no_kit_lay_it_is_said_what_opens_it(first: Run) -> None:
    ran = first("--kit", "fresh", "restore", "first.fkbackup")
    assert DAY in ran.out
    assert "the kit here had" not in ran.out
    answer = first("--kit", "another", "restore", "first.fkbackup", "--json").json
    assert (answer["passphrase"], answer["same_passphrase"]) == (True, None)


def test_a_kit_that_comes_back_without_a_passphrase_says_so(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("network", "create", "Open", "--no-passphrase").code == 0
    run("backup", "-o", "open.fkbackup")
    changed(run, monkeypatch, SECOND)
    monkeypatch.setenv("FIELDKIT_PASSPHRASE", SECOND)
    ran = run("restore", "open.fkbackup", "--yes", "--without-passphrase")
    assert ran.code == 0
    assert "It has NO passphrase" in ran.out
    assert "fieldkit passphrase change" in ran.out
    answer = run("restore", "open.fkbackup", "--yes", "--json").json
    assert (answer["passphrase"], answer["same_passphrase"]) == (False, True)


def test_a_wrong_passphrase_is_the_backups(first: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run = first
    monkeypatch.setenv("FIELDKIT_PASSPHRASE", SECOND)
    refused = run("restore", "first.fkbackup", "--yes")
    assert refused.code == 1
    assert "That passphrase does not open this backup." in refused.err
    assert "Use the one that the kit had when the backup was made" in refused.err
    assert "this kit" not in refused.err
    monkeypatch.delenv("FIELDKIT_PASSPHRASE")
    refused = run("restore", "first.fkbackup", "--yes")
    assert refused.code == 1
    assert "This backup is locked." in refused.err
    assert "FIELDKIT_PASSPHRASE" in refused.err


def test_all_that_is_needed_is_named_at_once(run: Run, kits: tuple[Path, Path, Path]) -> None:
    _, a, _ = kits
    run("--kit", a, "backup", "-o", "a.fkbackup")
    run("backup", "-o", "hub.fkbackup")
    refused = run("restore", "a.fkbackup")
    assert refused.code == 2
    assert "add --yes and --other-laptop" in refused.err
    assert "can't be undone" not in refused.err
    refused = run("restore", "hub.fkbackup")
    assert refused.code == 2
    assert "add --yes" in refused.err
    assert "--other-laptop" not in refused.err
    assert "--yes" in run("restore", "a.fkbackup", "--other-laptop").err
    assert run("restore", "a.fkbackup", "--yes", "--other-laptop").code == 0


def test_a_new_passphrase_does_not_promise_to_keep_out_older_backups(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("network", "create", "Open", "--no-passphrase").code == 0
    output = changed(run, monkeypatch, FIRST)
    assert "Backups made before have no passphrase." in output
    monkeypatch.setenv("FIELDKIT_PASSPHRASE", FIRST)
    output = changed(run, monkeypatch, SECOND)
    assert "Backups made before open with the older passphrase." in output
    assert "can open this kit's file too" in output
