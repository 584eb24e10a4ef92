"""Bundles on the command line: exporting, inspecting, merging with and without --dry-run, resolving conflicts."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli_kits import Kits, recorded, with_answers
from commanding import Run

pytestmark = pytest.mark.usefixtures("surroundings")


def test_the_week_from_recording_to_conflicts(
    run: Run, hub: Path, pair: tuple[Path, Path, str], tmp_path: Path
) -> None:
    a, b, event = pair
    for folder, title in ((a, "Fair at St Mary"), (b, "Fair at the gurdwara")):
        assert run("--kit", folder, "edit", event, "--set", f"title={title}").code == 0
        assert (
            run("--kit", folder, "record", "feedback", *with_answers("consent_record=Y", "rating=1")).code
            == 0
        )
        assert run("--kit", folder, "status", "--json").json["unsent"] == 2
    out = tmp_path / "stick"
    out.mkdir()
    first = run("--kit", a, "export", "-o", out, "--json").json["bundles"][0]
    assert (first["ops"], Path(first["path"]).parent) == (2, out)
    assert run("--kit", b, "export", "-o", out / "b.fkb").code == 0
    sent = run("--kit", a, "status", "--json").json
    assert (sent["unsent"], sent["last_export"]["ops"]) == (0, 2)

    merged = run("merge", out, "--json")
    assert merged.code == 3
    assert [file["reason"] for file in merged.json["files"]] == ["unknown-sender"] * 2
    assert [file["reason"] for file in run("quarantine", "--json").json] == ["unknown-sender"] * 2
    assert "quarantined" in run("merge", out).out
    waiting = [file for file in run("devices", "list", "--json").json if file["status"] == "waiting"]
    assert len(waiting) == 2
    for file in waiting:
        trusted = run("devices", "trust", file["words"], "--json")
        assert trusted.code == 0
        assert trusted.json["merge"]["merged"] == 1
    assert run("quarantine", "--json").json == []
    assert run("quarantine").code == 0

    state = run("status", "--json").json
    assert (state["counts"]["feedback"], state["conflicts"]) == (2, 1)
    again = run("merge", out, out / "b.fkb", "--json")
    assert (again.code, again.json["new_ops"]) == (0, 0)
    assert run("status", "--json").json["state_hash"] == state["state_hash"]

    [conflict] = run("conflicts", "--json").json
    assert {file["value"] for file in conflict["values"]} == {"Fair at St Mary", "Fair at the gurdwara"}
    assert {file["who"] for file in conflict["values"]} == {"St Mary", "Gurdwara"}
    assert "Resolve it with" in run("conflicts").out
    heads, row = (line.split("\t") for line in run("list", "event").out.splitlines())
    assert (heads[-1], row[-1]) == ("conflict", "Title")
    assert run("conflicts", "resolve", event, "title=Fair at St Mary").code == 0
    assert run("conflicts", "--json").json == []
    assert run("conflicts", "resolve", event, "title=Other").code == 2
    assert run("check", "--json").json == {"ok": True, "findings": [], "unfinished": []}


def test_a_dry_run_stores_nothing(run: Run, hub: Path, pair: tuple[Path, Path, str]) -> None:
    run("--kit", pair[0], "record", "feedback", *with_answers("consent_record=Y", "rating=1"))
    run("--kit", pair[0], "export", "-o", "a.fkb")
    ran = run("merge", "a.fkb", "--dry-run", "--json")
    assert (ran.code, ran.json["dry_run"]) == (3, True)
    assert run("quarantine", "--json").json == []


def test_merging_a_folder_that_holds_the_kit_leaves_the_quarantine_alone(
    run: Run, hub: Path, pair: tuple[Path, Path, str], tmp_path: Path
) -> None:
    run("--kit", pair[0], "record", "feedback", *with_answers("consent_record=Y", "rating=1"))
    run("--kit", pair[0], "export", "-o", "a.fkb")
    for _ in range(2):
        names = [file["name"] for file in run("merge", tmp_path, "--json").json["files"]]
        assert sorted(names) == ["a.fkb", "net.fkn"]


def test_inspect_with_and_without_a_kit(
    run: Run, hub: Path, pair: tuple[Path, Path, str], tmp_path: Path
) -> None:
    run("--kit", pair[0], "record", "feedback", *with_answers("consent_record=Y", "rating=1"))
    run("--kit", pair[0], "export", "-o", "a.fkb")
    sender = run("--kit", pair[0], "status", "--json").json["device"]
    alone = run("--kit", "nowhere", "inspect", "a.fkb", "--json")
    assert alone.code == 0
    assert (alone.json["signature"], alone.json["purpose"], alone.json["ops"]) == (True, "records", 1)
    assert alone.json["signer"]["fingerprint"] == sender["fingerprint"]
    assert alone.json["kit"] is None
    assert len(alone.json["recipients"]) == 1
    assert "Signature: valid" in run("--kit", "nowhere", "inspect", "a.fkb").out
    ours = run("inspect", "a.fkb", "--json").json["kit"]
    assert (ours["our_network"], ours["sender"], ours["would"]["reason"]) == (True, None, "unknown-sender")
    run(
        "devices",
        "trust",
        sender["fingerprint"].removesuffix("\n") if run("merge", "a.fkb").code == 3 else "",
    )
    assert run("inspect", "a.fkb", "--json").json["kit"]["merged_before"] is True
    assert run("inspect", "net.fkn").code == 0
    data = bytearray((tmp_path / "a.fkb").read_bytes())
    data[700] ^= 1
    (tmp_path / "bad.fkb").write_bytes(data)
    bad = run("inspect", "bad.fkb", "--json")
    assert (bad.code, bad.json["signature"], bad.json["reason"]) == (1, False, "damaged")


def test_a_dry_run_counts_by_kind_and_by_laptop(run: Run, kits: Kits) -> None:
    _, a, b = kits
    recorded(run, a)
    run("--kit", b, "record", "event", *with_answers("title=Seminar", "date=1/2/2026"))
    for kit in (a, b):
        run("--kit", kit, "export", "-o", "stick/")
    answer = run("merge", "stick", "--dry-run", "--json").json
    assert answer["by_kind"]["feedback"]["new"] == 1
    assert answer["by_kind"]["event"]["new"] == 1
    assert answer["by_device"]["St Mary"] == {
        "new": 1,
        "changed": 0,
        "conflicts": 0,
        "identical": 1,
        "quarantined": 0,
        "left": 0,
        "refused": 0,
    }
    output = run("merge", "stick", "--dry-run").out
    assert "kind\tnew\tchanged\tconflicts" in output
    assert "St Mary\t1\t0\t0\t1\t0\t0" in output
    assert run("status", "--json").json["counts"]["event"] == 1
