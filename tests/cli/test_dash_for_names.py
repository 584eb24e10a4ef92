"""Commands that accept a person's name or words accept - to ask for them, so that no shell history holds them."""

from __future__ import annotations

import pytest

from cli_kits import with_answers
from commanding import Run


@pytest.fixture
def ids(run: Run) -> tuple[str, str]:
    """The ids of two people in a network."""
    assert run("network", "create", "Fair", "--no-passphrase").code == 0
    first, second = (
        run("record", "person", *with_answers(f"name={name}", "consent_record=yes"), "--json").json["id"]
        for name in ("Amina Begum", "Amina Beghum")
    )
    return str(first), str(second)


def test_a_record_is_named_by_what_is_typed_then(run: Run, ids: tuple[str, str]) -> None:
    assert "Amina Begum" in run("show", "-", piped="Amina Begum\n").out
    typed = run("show", "-", typed="Amina Begum\n")
    assert (typed.code, "The record: " in typed.err) == (0, True)
    assert run("history", "-", piped="Amina Begum\n").code == 0
    assert run("edit", "-", "--set", "role=volunteer", piped="Amina Begum\n").code == 0
    assert run("delete", "-", piped="Amina Begum\n").code == 0
    assert [each["id"] for each in run("list", "person", "--json").json] == [ids[1]]


def test_people_are_joined_by_names_that_are_typed_then(run: Run, ids: tuple[str, str]) -> None:
    joined = run("people", "join", "-", "-", typed="Amina Begum\nAmina Beghum\n")
    assert joined.code == 0, joined.err
    assert run("people", "part", "-", piped="Amina Begum\n").code == 0


def test_words_are_searched_for_that_are_typed_then(run: Run, ids: tuple[str, str]) -> None:
    listed = run("list", "person", "--text", "-", "--json", piped="beghum\n").json
    assert [each["id"] for each in listed] == [ids[1]]


def test_a_conflict_is_resolved_by_words_that_are_typed_then(run: Run, ids: tuple[str, str]) -> None:
    refused = run("conflicts", "resolve", ids[0], "name=-", piped="Somebody Else\n")
    assert "not in conflict" in refused.err
    assert "name=…" in refused.err
