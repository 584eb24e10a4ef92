"""The command line for trust: receipts, gaps, erasure and withdrawal, undo, rules, backups, copied folders, clocks."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from commanding import Run
from fieldkit.cli.output import moment, runs_shown, spoken
from fieldkit.cli.targets import path_of, target_of
from fieldkit.errors import Misuse
from fieldkit.records.kinds import kind
from fieldkit.store.kit import Kit
from fieldkit.store.ledger import Ledger
from fieldkit.sync import place

DAY = 86_400_000


pytestmark = pytest.mark.usefixtures("surroundings")

Kits = tuple[Path, Path, Path]


def only(run: Run, kit: Path, name: str = "feedback") -> str:
    """The id of the newest record of a kind."""
    return str(run("--kit", kit, "list", name, "--json").json[0]["id"])


def recorded(run: Run, kit: Path, *more: str) -> str:
    """The id of a new feedback."""
    return str(run("--kit", kit, "record", "feedback", "--set", "rating=2", *more, "--json").json["id"])


# Receipts


def test_a_record_is_on_the_laptop_then_in_a_bundle_then_confirmed(run: Run, kits: Kits) -> None:
    _, a, _ = kits
    one = recorded(run, a)
    status = run("--kit", a, "status", "--json").json
    assert (status["unconfirmed"]["ops"], status["confirmable"], status["receipts"]) == (2, True, [])
    assert status["unconfirmed"]["oldest"] is not None
    assert "2 changes not yet confirmed, the oldest less than a minute old" in run("--kit", a, "status").out
    assert run("--kit", a, "show", one, "--json").json["where"] == "on this laptop"
    exported = run("--kit", a, "export", "-o", "new/folder/", "--json").json
    assert Path(exported["bundles"][0]["path"]).parent == Path("new/folder")
    assert exported["unconfirmed"]["ops"] == 2
    assert run("--kit", a, "show", one, "--json").json["where"] == "in bundle 2"

    merged = run("merge", "new", "--receipt", "back/", "--json").json
    assert Path(merged["receipt"]).suffix == ".fkr"
    took = run("--kit", a, "merge", "back", "--json").json
    [receipt] = took["receipts"]
    assert (receipt["coordinator"], receipt["own_changes"], receipt["wanted"]) == ("Coordinator", 2, [])
    assert [(span["from"], span["to"]) for span in receipt["confirmed"]] == [(1, 2)]
    assert took["unconfirmed"] == {"ops": 0, "oldest": None, "stamp": None}
    assert run("--kit", a, "show", one, "--json").json["where"] == "confirmed"
    assert [one["where"] for one in run("--kit", a, "list", "feedback", "--where-is", "--json").json] == [
        "confirmed",
        "confirmed",
    ]
    assert "confirmed" in run("--kit", a, "list", "feedback", "--where-is").out
    assert "where" not in run("--kit", a, "list", "feedback", "--json").json[0]
    said = run("--kit", a, "status").out
    assert "Every change is confirmed." in said
    assert "Last receipt from Coordinator" in said
    assert run("--kit", a, "merge", "back", "--json").json["receipts"] == []
    assert "not yet confirmed" not in run("status").out  # nobody stands above the only coordinator


def test_a_receipt_tells_what_it_wants_again_and_what_was_set_aside(
    run: Run, kits: Kits, tmp_path: Path
) -> None:
    _, a, _ = kits
    for number in (1, 2, 3):
        recorded(run, a)
        (tmp_path / f"{number}").mkdir()
        run("--kit", a, "export", "-o", f"{number}")
    with Kit.open(a) as kit:
        origin = kit.origin
        last = kit.ledger.origins()[origin]
    told = {
        "device": "",
        "origin": "x",
        "epoch": 0,
        "made": 1_700_000_000_000,
        "held": {origin: [(1, 1), (last, last)]},
        "missing": {origin: [(2, last - 1)]},
        "aside": [
            {
                "device": origin.partition(".")[0],
                "name": "a.fkb",
                "reason": "damaged",
                "sentence": "It broke.",
            }
        ],
        "clashes": [{"kind": "event", "record_id": "x", "field": "title"}],
        "hashes": {},
    }
    from fieldkit.cli import receiving

    with Kit.open(a) as kit:
        founder = next(iter(kit.page("device"))).record_id
        kit.desk.set_setting("receipts", {founder: {**told, "device": founder}})
        [said] = receiving.taken(kit, [])
    assert said["wanted"] == [{"origin": origin, "from": 2, "to": last - 1}]
    assert [file["name"] for file in said["aside"]] == ["a.fkb"]
    assert run("--kit", a, "status", "--json").json["unconfirmed"]["ops"] == last - 2
    assert run("--kit", a, "export", "-o", "again.fkb", "--json").json["ops"] == last - 2


def test_receipts_are_a_coordinators_and_can_be_for_one(run: Run, kits: Kits, tmp_path: Path) -> None:
    _, a, _ = kits
    assert run("--kit", a, "receipt", "-o", "r.fkr").code == 2
    assert run("--kit", a, "merge", "net.fkn", "--receipt", "r.fkr").code == 2
    assert run("merge", "net.fkn", "--receipt", "r.fkr", "--dry-run").code == 2
    made = run("receipt", "-o", "r.fkr", "--for", "St Mary", "--json")
    assert (made.code, len(made.json["for"])) == (0, 1)
    assert run("receipt", "-o", "r2.fkr", "--for", "Nobody at all").code == 2
    assert not (tmp_path / "r2.fkr").exists()
    (tmp_path / "letter.doc").write_text("mine")
    assert run("receipt", "-o", "letter.doc").code == 2
    assert run("network", "invite", "-o", "letter.doc").code == 2
    assert (tmp_path / "letter.doc").read_text() == "mine"
    assert run("inspect", "r.fkr", "--json").json["purpose"] == "receipt"


def test_gaps_and_silence_are_told_to_the_coordinator(
    run: Run, kits: Kits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, a, _ = kits
    by_name = {one["name"]: one for one in run("devices", "list", "--json").json}
    assert by_name["St Mary"]["missing"] == []
    assert by_name["St Mary"]["last_heard"] is not None
    held = Ledger.held

    def with_gap(self: Ledger, origin: str) -> list[tuple[int, int]]:
        found = held(self, origin)
        return [(1, 1_200), (1_351, 1_400)] if origin.startswith(by_name["St Mary"]["id"]) else found

    monkeypatch.setattr(Ledger, "held", with_gap)
    heard = {by_name["St Mary"]["id"]: Kit.open(tmp_path / "hub").clock() - 12 * DAY}
    monkeypatch.setattr(Ledger, "last_heard", lambda _: heard)
    said = run("devices", "list").out
    assert "St Mary: missing 1201-1350, last heard 12 days ago" in said
    assert "Gurdwara: nothing heard yet" in said
    [gap] = next(one for one in run("devices", "list", "--json").json if one["name"] == "St Mary")["missing"]
    assert (gap["from"], gap["to"]) == (1_201, 1_350)
    assert "missing" not in run("--kit", a, "devices", "list", "--json").json[0]
    assert "missing" not in run("--kit", a, "devices", "list").out


def test_a_dry_run_counts_by_kind_and_by_laptop(run: Run, kits: Kits) -> None:
    _, a, b = kits
    recorded(run, a)
    run("--kit", b, "record", "event", "--set", "title=Seminar", "--set", "date=1/2/2026")
    for kit in (a, b):
        run("--kit", kit, "export", "-o", "stick/")
    told = run("merge", "stick", "--dry-run", "--json").json
    assert told["by_kind"]["feedback"]["new"] == 1
    assert told["by_kind"]["event"]["new"] == 1
    assert told["by_device"]["St Mary"] == {
        "new": 1,
        "changed": 0,
        "conflicts": 0,
        "identical": 1,
        "refused": 0,
    }
    said = run("merge", "stick", "--dry-run").out
    assert "kind\tnew\tchanged\tclashes" in said
    assert "St Mary\t1\t0\t0\t1\t0" in said
    assert run("status", "--json").json["counts"]["event"] == 1


# People's rights


def test_a_receipt_code_is_given_where_somebody_agreed(run: Run, kits: Kits) -> None:
    _, a, _ = kits
    words = ("--kit", a, "record", "feedback", "--set", "rating=1", "--set", "consent_record=Y")
    told = run(*words).out
    assert "Receipt code: " in told
    assert "it can't be shown again" in told
    made = run(*words, "--json").json
    assert len(made["receipt_code"]) == 14
    assert "receipt_code" not in run(*words, "--no-code", "--json").json
    assert "receipt_code" not in run(*words[:-2], "--json").json
    fields = list(kind("feedback").fields)
    typed = [""] * (len(fields) + 20)
    typed[fields.index("rating")], typed[fields.index("consent_record")] = "1", "Y"
    asked = run("--kit", a, "record", "feedback", "--json", typed="\n".join(typed) + "\n")
    assert asked.code == 0, asked.err
    assert len(asked.json.get("receipt_code", "")) == 14


def test_a_code_takes_the_words_back_and_it_is_seen_who_has_confirmed(run: Run, kits: Kits) -> None:
    _, a, b = kits
    made = run(
        "--kit",
        a,
        "record",
        "feedback",
        "--set",
        "experience=MARKER words",
        "--set",
        "consent_record=Y",
        "--json",
    ).json
    code = made["receipt_code"]
    run("--kit", a, "export", "-o", "stick/")
    assert run("merge", "stick").code == 0
    assert run("list", "feedback", "--text", "MARKER", "--json").json
    wrong = run("--kit", b, "withdraw", "0000-0000-0009")
    assert "Compare it with the slip" in wrong.out
    assert "the next bundle takes the withdrawal there" in wrong.out
    at_hub = run("withdraw", "0000-0000-0009")
    assert "next network file (fieldkit network invite" in at_hub.out
    assert run("--kit", b, "withdraw", "nonsense").code == 2
    handed = run("--kit", b, "withdraw", code.lower().replace("-", " "), "--json").json
    assert handed == {"code": code, "erased": 0, "withdrawn_before": False}
    assert run("--kit", b, "withdraw", code, "--json").json["withdrawn_before"] is True
    run("--kit", b, "export", "-o", "stick/")
    merged = run("merge", "stick")
    assert "1 record erased" in merged.out
    assert run("list", "feedback", "--text", "MARKER", "--json").json == []
    assert run("show", made["id"]).code == 1
    entry = run("erasures", "--json").json[-1]
    assert (entry["what"], entry["by"], entry["waiting"]) == ("withdrawal", "Gurdwara", ["St Mary"])
    assert "not confirmed yet by 1 laptop: St Mary" in run("erasures").out
    run("network", "invite", "-o", "net.fkn")
    assert "1 record erased" in run("--kit", a, "merge", "net.fkn").out
    run("--kit", a, "export", "-o", "last.fkb")
    run("merge", "last.fkb")
    assert "confirmed by every laptop" in run("erasures").out
    assert run("--kit", a, "erasures", "--json").json[0]["waiting"] is None


def test_erasing_is_a_coordinators_and_is_asked_about(run: Run, kits: Kits) -> None:
    _, a, _ = kits
    one = only(run, kits[0])
    assert run("--kit", a, "erase", only(run, a), "--yes").code == 2
    assert run("erase", one).code == 2
    assert run("erase", one, typed="n\n").code == 1
    assert run("show", one).code == 0
    asked = run("erase", one, typed="y\n")
    assert asked.code == 0
    assert "Erase for good" in asked.err
    assert run("show", one).code == 1
    assert run("erase", one, "--yes").code == 1
    assert run("erase", only(run, kits[0]), "--yes", "--json").json["erased"] is True
    assert [one["what"] for one in run("erasures", "--json").json] == ["erasure", "erasure"]


@pytest.mark.parametrize("name", ["withdrawal", "policy", "device"])
def test_what_has_commands_of_its_own_is_not_recorded_by_hand(run: Run, kits: Kits, name: str) -> None:
    ran = run("record", name, "--set", "code=0000-0000-0009")
    assert ran.code == 2
    assert "by hand" in ran.err
    run("withdraw", "0000-0000-0009")
    run("network", "rules", "--confirm-days", "4")
    one = only(run, kits[0], name)
    for words in (["edit", one, "code=1111-1111-1111"], ["delete", one], ["erase", one, "--yes"]):
        assert run(*words).code == 2


def test_the_networks_rules_are_set_by_its_coordinator(run: Run, kits: Kits) -> None:
    _, a, _ = kits
    usual = {"retention_months": 0, "confirm_days": 3, "backup_days": 30}
    assert run("network", "rules", "--json").json == usual
    assert run("--kit", a, "network", "rules", "--confirm-days", "3").code == 2
    assert run("--kit", a, "network", "rules", "--confirm-days", "5").code == 2
    told = run("network", "rules", "--retention-months", "24", "--confirm-days", "5", "--json").json
    assert told == {"retention_months": 24, "confirm_days": 5, "backup_days": 30}
    assert "kept 24 months" in run("network", "rules").out
    run("network", "invite", "-o", "net.fkn")
    run("--kit", a, "merge", "net.fkn")
    assert run("--kit", a, "status", "--json").json["rules"]["confirm_days"] == 5
    assert run("network", "rules", "--retention-months", "0", "--json").json["retention_months"] == 0
    assert run("network", "rules", "--confirm-days", "0").code == 2


def test_old_words_are_listed_before_they_go(run: Run, kits: Kits) -> None:
    assert run("retain").code == 2
    run("network", "rules", "--retention-months", "12")
    old = recorded(run, kits[0], "--set", "date=1/2/2020", "--set", "experience=OLD words")
    recorded(run, kits[0], "--set", "experience=NEW words")
    dry = run("retain", "--dry-run")
    assert "OLD words" in dry.out
    assert "NEW words" not in dry.out
    assert run("retain", "--dry-run", "--json").json == {
        "months": 12,
        "dry_run": True,
        "due": [old],
        "taken": 0,
    }
    assert run("retain").code == 2
    assert run("show", old).code == 0
    assert run("retain", "--yes", "--json").json["taken"] == 1
    words = {one.get("experience") for one in run("list", "feedback", "--json").json}
    assert "OLD words" not in words
    assert "NEW words" in words
    assert "0 records" in run("retain", "--yes").out
    assert run("--kit", kits[1], "retain").code == 2


# Undoing


def test_history_names_changes_and_one_can_be_undone(run: Run, kits: Kits) -> None:
    _, a, _ = kits
    one = recorded(run, a, "--set", "experience=First words")
    run("--kit", a, "edit", one, "rating=5", "event=Fair")
    steps = run("--kit", a, "history", one, "--json").json
    labels = {change["field"]: change["label"] for change in steps[1]["changes"]}
    assert labels == {"rating": "5 very poor", "event": "Fair · 27 Oct 2026"}
    said = run("--kit", a, "history", one).out
    assert "2 good (replaced later)" in said
    assert "5 very poor (stands now)" in said
    assert "Event: Fair · 27 Oct 2026" in said
    assert steps[1]["ref"] in said
    number = steps[1]["ref"].rpartition(":")[2]
    assert run("--kit", a, "undo", one, number, "--json").json == {"changed_records": 1}
    now = run("--kit", a, "show", one, "--json").json
    assert (now["rating"], now.get("event")) == ("2", None)
    assert "nothing to take back" in run("--kit", a, "undo", one, steps[1]["ref"]).out
    assert run("--kit", a, "undo", one, "9999").code == 1
    run("--kit", a, "delete", one)
    last = run("--kit", a, "history", one, "--json").json[-1]["ref"]
    run("--kit", a, "undo", one, last)
    assert run("--kit", a, "show", one, "--json").json["deleted"] is False
    for words in (["undo"], ["undo", one], ["undo", one, "1", "--import", "1"], ["undo", "--import", "0"]):
        assert run("--kit", a, *words).code == 2


def test_private_notes_have_no_undo(run: Run, kits: Kits) -> None:
    note = run("record", "note", "--set", "notes=Private", "--json")
    assert note.code == 0, note.err
    ref = run("history", note.json["id"], "--json").json[0]["ref"]
    assert run("undo", note.json["id"], ref).code == 2
    assert run("show", note.json["id"], "--json").json["where"] == "on this laptop"


def test_an_import_can_be_undone_whole(run: Run, kits: Kits, tmp_path: Path) -> None:
    assert run("imports").out == "Nothing was imported here.\n"
    (tmp_path / "rows.csv").write_text("rating,experience\n1,one\n2,two\n3,three\n")
    before = run("status", "--json").json["counts"]["feedback"]
    assert "undo --import 1" in run("record", "feedback", "--from", "rows.csv").out
    [entry] = run("imports", "--json").json
    assert (entry["number"], entry["name"], entry["stored"]) == (1, "rows.csv", 3)
    assert "rows.csv" in run("imports").out
    assert run("undo", "--import", "1", "--json").json == {"changed_records": 3}
    assert run("status", "--json").json["counts"]["feedback"] == before
    assert run("undo", "--import", "2").code == 1


def test_a_bundle_can_be_undone_but_not_the_roster_with_it(run: Run, kits: Kits) -> None:
    _, a, b = kits
    fingerprint = run("--kit", b, "status", "--json").json["device"]["fingerprint"]
    mine = run("--kit", a, "status", "--json").json["device"]["fingerprint"]
    assert run("devices", "role", mine, "deputy").code == 0
    run("network", "invite", "-o", "net.fkn")
    run("--kit", a, "merge", "net.fkn")
    assert (
        run("--kit", a, "devices", "role", fingerprint, "deputy", "--json").json["device"]["role"] == "deputy"
    )
    one = recorded(run, a)
    path = run("--kit", a, "export", "-o", "deputy.fkb", "--json").json["bundles"][0]["path"]
    assert run("merge", path).code == 0
    [entry] = [one for one in run("merges", "--json").json if one["name"] == "deputy.fkb"]
    assert entry["who"] == "St Mary"
    assert "deputy.fkb" in run("merges").out
    assert run("undo", "--bundle", entry["id"][:8], "--json").json["changed_records"] >= 1
    assert run("show", one, "--json").json["deleted"] is True
    roles = {one["fingerprint"]: one["role"] for one in run("devices", "list", "--json").json}
    assert roles[fingerprint] == "deputy"
    assert run("undo", "--bundle", "deputy.fkb").code == 0
    assert run("undo", "--bundle", "zzzz").code == 1
    assert run("--kit", b, "undo", "--bundle", "net.fkn").code == 2


def test_a_deletion_against_an_edit_is_resolved(run: Run, kits: Kits) -> None:
    _, a, b = kits
    event = only(run, a, "event")
    run("--kit", a, "delete", event)
    run("--kit", b, "edit", event, "title=New")
    for kit in (a, b):
        run("--kit", kit, "export", "-o", "stick/")
    run("merge", "stick")
    [clash] = run("conflicts", "--json").json
    assert (clash["field"], {one["value"] for one in clash["values"]}) == ("deleted", {True, False})
    assert "deleted=yes|no" in run("conflicts").out
    assert run("conflicts", "resolve", event, "deleted=maybe").code == 2
    assert run("conflicts", "resolve", event, "deleted=no").code == 0
    assert run("conflicts", "--json").json == []
    assert run("show", event, "--json").json["title"] == "New"


# Roles and keys


def test_roles_change_but_never_ones_own(run: Run, kits: Kits) -> None:
    _, a, _ = kits
    theirs = run("--kit", a, "status", "--json").json["device"]["fingerprint"]
    mine = run("status", "--json").json["device"]["fingerprint"]
    assert run("devices", "role", theirs, "coordinator", "--json").json["device"]["role"] == "coordinator"
    assert run("devices", "role", theirs, "boss").code == 2
    assert run("devices", "trust", theirs, "--role", "boss").code == 2
    assert run("devices", "role", mine, "field").code == 2
    assert run("devices", "revoke", mine).code == 2
    run("network", "invite", "-o", "net.fkn")
    run("--kit", a, "merge", "net.fkn")
    assert run("--kit", a, "devices", "role", mine, "field").code == 2
    run("devices", "revoke", theirs)
    assert run("devices", "role", theirs, "field").code == 2


def test_bundles_open_after_the_key_is_rotated(run: Run, kits: Kits) -> None:
    _, a, _ = kits
    assert run("--kit", a, "keys", "rotate").code == 2
    run("--kit", a, "export", "-o", "old.fkb")
    before = run("inspect", "old.fkb", "--json").json["recipients"]
    new = run("keys", "rotate", "--days", "30", "--json").json["public_key"]
    assert new not in before
    assert run("merge", "old.fkb").code == 0
    run("network", "invite", "-o", "net.fkn")
    run("--kit", a, "merge", "net.fkn")
    run("--kit", a, "export", "-o", "new.fkb", "--full")
    assert run("inspect", "new.fkb", "--json").json["recipients"] == [new]
    assert run("keys", "rotate", "--days", "-1").code == 2


def test_it_is_told_who_can_not_open_a_bundle(run: Run, kits: Kits) -> None:
    _, a, b = kits
    run("network", "invite", "-o", "net.fkn")
    run("--kit", a, "merge", "net.fkn")
    with Kit.open(b) as kit:
        device = kit.origin.partition(".")[0]
    with Kit.open(a) as kit:
        # As a damaged coordinator's kit could have written it.
        kit.put("device", device, {"role": "deputy", "age_key": "age1" + "q" * 58})
        name = kit.get(device).values["name"]
    assert f"“{name}” can't open it" in run("--kit", a, "export", "-o", "one.fkb", "--full").out
    (bundle,) = run("--kit", a, "export", "-o", "two.fkb", "--full", "--json").json["bundles"]
    assert bundle["cannot_open"] == [name]


# Backups, places and clocks


def test_a_backup_is_proven_and_put_back_under_a_new_name(run: Run, kits: Kits, tmp_path: Path) -> None:
    hub, _, _ = kits
    assert "none yet" in run("status").out
    made = run("backup", "-o", "kit.fkbackup", "--prove", "--json").json
    assert (made["proven"], made["findings"]) == (True, [])
    status = run("status", "--json").json
    assert status["backup"]["proven"] is not None
    assert status["state_hash"] == made["state_hash"]
    with Kit.open(hub) as kit:
        before = kit.origin
    later = recorded(run, hub)
    assert run("restore", "kit.fkbackup").code == 2
    assert run("restore", "kit.fkbackup", typed="n\n").code == 1
    assert run("show", later).code == 0
    put = run("restore", "kit.fkbackup", "--yes", "--json")
    assert put.code == 0, put.err
    assert put.json["state_hash"] == made["state_hash"]
    assert Path(put.json["moved_to"], "fieldkit.db").exists()
    with Kit.open(hub) as kit:
        assert kit.origin != before
    assert run("show", later).code == 1
    assert "copied or moved" not in run("record", "feedback", "--set", "rating=1").err
    assert run("--kit", "other", "restore", "kit.fkbackup", "--json").json["moved_to"] is None
    assert run("check", "--json").json["ok"] is True


def test_a_backup_goes_where_it_may(run: Run, kits: Kits, tmp_path: Path) -> None:
    hub, _, _ = kits
    database = (hub / "fieldkit.db").read_bytes()
    for words in (["-o", hub / "fieldkit.db"], ["-o", "backup.zip"], ["-o", ""]):
        assert run("backup", *words).code == 2
    assert (hub / "fieldkit.db").read_bytes() == database
    assert run("backup", "-o", "no/such/kit.fkbackup").code == 1
    path = Path(run("backup", "-o", "backups/", "--json").json["path"])
    assert path.parent == Path("backups")
    assert "not proven yet" in run("backup", "-o", "backups").out
    assert run("restore", "nothing.fkbackup").code == 1
    (tmp_path / "bad.fkbackup").write_bytes(path.read_bytes()[:5_000])
    assert run("restore", "bad.fkbackup", "--yes").code == 1
    assert run("restore", "net.fkn", "--yes").code == 1
    assert run("status").code == 0


def test_a_copied_kit_goes_on_under_a_new_name(run: Run, kits: Kits, tmp_path: Path) -> None:
    _, a, _ = kits
    shutil.copytree(a, tmp_path / "copy")
    assert run("--kit", "copy", "status").err == ""
    first = run("--kit", "copy", "record", "feedback", "--set", "rating=3", "--json")
    assert "copied or moved" in first.err
    again = run("--kit", "copy", "record", "feedback", "--set", "rating=3")
    assert again.err == ""
    assert first.json["origin"] != json.loads(run("--kit", a, "list", "feedback", "--json").out)[0]["origin"]
    with Kit.open(a) as kit:
        kit.desk.set_setting("was_copied", kit.clock())
    assert run("--kit", a, "status", "--json").json["was_copied"] is not None
    assert "was copied at some time" in run("--kit", a, "status").out


def test_a_copy_that_renewed_itself_is_told_to_the_coordinator(run: Run, kits: Kits, tmp_path: Path) -> None:
    _, a, _ = kits
    shutil.copytree(a, tmp_path / "copy")
    recorded(run, a)
    run("--kit", a, "export", "-o", "one.fkb")
    assert "copies" not in run("merge", "one.fkb").out
    assert "copies" not in run("devices", "list").out
    recorded(run, tmp_path / "copy")
    run("--kit", "copy", "export", "-o", "two.fkb")
    merged = run("merge", "two.fkb")
    assert "folder was copied, moved or put back" in merged.out
    assert "it goes on as 2 copies" in merged.out
    assert "it goes on as 2 copies" in run("devices", "list").out
    assert [
        one["copies"]
        for one in run("devices", "list", "--json").json
        if "laptop-a" in one["name"].lower() or one["copies"] > 1
    ] == [2]


def test_a_copy_is_told_to_the_coordinator(run: Run, kits: Kits, tmp_path: Path) -> None:
    _, a, _ = kits
    shutil.copytree(a, tmp_path / "copy")
    for folder in (a, tmp_path / "copy"):
        with Kit.open(folder) as kit:
            kit.desk.set_setting("place", place._place(kit.folder))
        recorded(run, folder)
        run("--kit", folder, "export", "-o", f"from-{folder.name}/")
    merged = run("merge", "from-a", "from-copy")
    assert "was copied" in merged.out
    assert "Both laptops' entries were kept." in merged.out
    assert "two laptops wrote change" in run("devices", "list").out
    run("receipt", "-o", "r.fkr")
    told = run("--kit", a, "merge", "r.fkr"), run("--kit", "copy", "merge", "r.fkr")
    assert any("what it records is kept apart" in one.out for one in told)


def test_a_doubtful_clock_is_asked_about_and_stops_nothing_by_itself(
    run: Run, kits: Kits, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, a, _ = kits
    monkeypatch.setattr("fieldkit.sync.place.doubt_clock", lambda _: "This laptop's clock says 1970.")
    confirmed: list[int] = []
    monkeypatch.setattr("fieldkit.sync.place.confirm_clock", lambda _: confirmed.append(1))
    words = ("--kit", a, "record", "feedback", "--set", "rating=1")
    before = run("--kit", a, "status", "--json").json
    assert before["clock_doubt"] == "This laptop's clock says 1970."
    alone = run(*words)
    assert (alone.code, confirmed) == (0, [])
    assert "says 1970" in alone.err
    assert run(*words, typed="n\n").code == 1
    assert run(*words, typed="y\n").code == 0
    assert confirmed == [1]
    for sync in (["export", "-o", "x.fkb"], ["merge", "net.fkn"]):
        ran = run("--kit", a, *sync, typed="")
        assert ran.code == 0
        assert "says 1970" in ran.err
    count = run("--kit", a, "status", "--json").json["counts"]["feedback"]
    assert count == before["counts"]["feedback"] + 2


def test_late_confirmation_and_old_backups_are_told(
    run: Run, kits: Kits, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, a, _ = kits
    run("--kit", a, "backup", "-o", "a.fkbackup", "--prove")
    assert "longer than" not in run("--kit", a, "status").out
    from fieldkit.store import kit as kit_module

    now = kit_module.now_ms()
    with_time = Kit.with_key.__func__  # type: ignore[attr-defined]

    def later(cls: type[Kit], folder: Path, key: bytes) -> Kit:
        opened: Kit = with_time(cls, folder, key)
        opened.clock = lambda: now + 40 * DAY
        return opened

    monkeypatch.setattr(Kit, "with_key", classmethod(later))
    said = run("--kit", a, "status").out
    assert "the oldest 40 days old" in said
    assert "longer than 3 days" in said
    assert "longer than 30 days" in said


def test_where_things_are_needs_no_kit(run: Run, tmp_path: Path) -> None:
    ran = run("locate", "--json")
    assert ran.json["exists"] is False
    assert Path(ran.json["kit"]) == tmp_path / "hub"
    assert "(there is none yet)" in run("locate").out
    assert not (tmp_path / "hub").exists()


# Small things


def test_tables_name_the_option_that_writes_over(run: Run, kits: Kits) -> None:
    run("tables", "-o", "out.xlsx")
    assert "--force" in run("tables", "-o", "out.xlsx").err


def test_times_that_cannot_be_are_words() -> None:
    assert moment(0) is None
    assert moment(2**53 - 1) is None
    assert "can't be" in spoken(2**53 - 1)
    assert moment(1_700_000_000_000) == "2023-11-14T22:13:20Z"


def test_runs_are_written_as_people_write_them() -> None:
    assert runs_shown([(12, 12), (1_201, 1_350)]) == "12, 1201-1350"
    assert runs_shown([(n, n) for n in range(1, 24, 2)], most=2) == "1, 3 and 10 more"


def test_targets(tmp_path: Path) -> None:
    assert target_of(f"{tmp_path}/new/deep/", ".fkb", "a bundle").is_dir()
    assert not target_of(str(tmp_path / "x.fkb"), ".fkb", "a bundle").exists()
    (tmp_path / "y.doc").touch()
    with pytest.raises(Misuse):
        target_of(str(tmp_path / "y.doc"), ".fkb", "a bundle")
    for words in (" ", "\udcff\udcfe", "/dev/null"):
        with pytest.raises(Misuse):
            target_of(words, ".fkb", "a bundle")
    assert path_of("~nobody-of-that-name/x") == Path("~nobody-of-that-name/x")


def test_a_home_that_is_not_there_is_no_riddle(run: Run) -> None:
    ran = run("--kit", "~nobody-of-that-name/kit", "status")
    assert ran.code == 1
    assert "no kit" in ran.err


@pytest.mark.parametrize("closed", ["<&-", ">&-", "<&- >&- 2>&-"])
def test_closed_streams_end_nothing(kits: Kits, closed: str) -> None:
    shell = f'exec "{sys.executable}" -m fieldkit record feedback --set rating=1 {closed}'
    ran = subprocess.run(["/bin/sh", "-c", shell], capture_output=True, text=True, check=False)  # fixed words
    assert "Traceback" not in ran.stderr
    assert ran.returncode == 0
    with Kit.open(kits[0]) as kit:
        assert kit.count("feedback") == 3
        assert kit.check() == []


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="there is no full device here")
def test_output_that_has_no_room_is_a_sentence(kits: Kits) -> None:
    shell = f'exec "{sys.executable}" -m fieldkit status >/dev/full'
    ran = subprocess.run(["/bin/sh", "-c", shell], capture_output=True, text=True, check=False)  # fixed words
    assert ran.returncode == 1
    assert "could not be written" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("words", [["restore"], ["tables", "-o"], ["keys", "export", "-o"], ["export", "-o"]])
def test_names_too_long_for_a_disk_are_misuse(run: Run, kits: Kits, words: list[str]) -> None:
    ran = run(*words, "x" * 5_000)
    assert ran.code == 2
    assert "too long" in ran.err
    assert run("--kit", "x" * 300, "status").code == 2


def test_today_may_be_said_as_in_the_form(run: Run, kits: Kits) -> None:
    made = run("record", "feedback", "--set", "rating=1", "--set", "date=today", "--json")
    assert made.code == 0
    shown = run("show", made.json["id"], "--json").json
    assert date.fromisoformat(shown["date"]) in {date.today(), date.today() - timedelta(days=1)}
