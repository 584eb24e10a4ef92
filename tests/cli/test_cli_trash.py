"""Deleting and restoring on the command line: both name the record, and both accept its name."""

from __future__ import annotations

import pytest

from cli_kits import with_answers
from commanding import Run


@pytest.fixture
def deleted(run: Run) -> str:
    """A kit with a deleted person, Ann Lee; her id."""
    assert run("network", "create", "Fair", "--no-passphrase").code == 0
    record = run("record", "person", *with_answers("name=Ann Lee", "consent_record=yes"), "--json").json
    ran = run("delete", "Ann Lee")
    assert ran.out.splitlines()[0] == "Deleted: Person · Ann Lee"
    return str(record["id"])


@pytest.mark.parametrize("name", ["Ann Lee", "ann lee", "Person · Ann Lee"])
def test_a_deleted_record_is_restored_by_its_name(run: Run, deleted: str, name: str) -> None:
    assert deleted in run("trash").out
    assert run("restore", name).out == "Restored: Person · Ann Lee\n"
    assert run("trash").out == "The trash is empty.\n"
    assert "Ann Lee" in run("list", "person").out


def test_two_of_a_name_are_told_apart_by_their_ids(run: Run, deleted: str) -> None:
    run("record", "person", *with_answers("name=Ann Lee", "consent_record=yes"))
    run("delete", "Ann Lee")
    ran = run("restore", "Ann Lee")
    assert ran.code == 1
    assert "2 deleted records are called “Ann Lee”." in ran.err
    assert run("restore", deleted).out == "Restored: Person · Ann Lee\n"


def test_what_is_neither_in_the_trash_nor_a_file_is_said(run: Run, deleted: str) -> None:
    ran = run("restore", "Joan Baker")
    assert ran.code == 1
    assert "There is no deleted record and no file “Joan Baker”." in ran.err
    missing = run("restore", "kit.fkbackup")
    assert "There is no file" in missing.err
    assert "deleted record" not in missing.err
    assert deleted in run("trash").out
