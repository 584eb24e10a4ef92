"""`fieldkit people`: look-alikes, joining, parting, answering and undoing, in plain lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cli_kits import with_answers


def test_two_records_are_joined_parted_and_undone_by_name(run: Any, hub: Path) -> None:
    for name in ("Amina Khan", "Ameena Khan"):
        run("record", "person", "--kit", hub, *with_answers(f"name={name}", "consent_record=yes"))
    assert "two spellings of one name" in run("people", "alike", "--kit", hub).out
    assert "Joined" in run("people", "join", "Amina Khan", "Ameena Khan", "--kit", hub).out
    listed = json.loads(run("list", "person", "--kit", hub, "--json").out)
    assert [person["name"] for person in listed] == ["Amina Khan"]
    shown = run("history", "Amina Khan", "--kit", hub).out
    assert "Joined with: Ameena Khan" in shown
    assert "Parted" in run("people", "part", "ameena khan", "--kit", hub).out
    assert "are one person again." in run("people", "undo", "--kit", hub).out
    assert len(json.loads(run("list", "person", "--kit", hub, "--json").out)) == 1
    run("people", "part", "Amina Khan", "--kit", hub)
    assert (
        "two different people"
        in run("people", "answer", "Amina Khan", "Ameena Khan", "different", "--kit", hub).out
    )
    refused = run("people", "answer", "Amina Khan", "Ameena Khan", "perhaps", "--kit", hub)
    assert refused.code == 2 and "Answer same, different or not_sure." in refused.err
    assert "All pairs of similar names are answered." in run("people", "alike", "--kit", hub).out
