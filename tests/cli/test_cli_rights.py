"""People's rights on the command line: receipt codes, withdrawing, erasing, and rules for old text."""

from __future__ import annotations

import pytest

from cli_kits import Kits, only, recorded, with_answers
from commanding import Run
from fieldkit.records.consent import MISSING

pytestmark = pytest.mark.usefixtures("surroundings")


def test_a_receipt_code_is_given_where_somebody_agreed(run: Run, kits: Kits) -> None:
    _, a, _ = kits
    arguments = ("--kit", a, "record", "feedback", *with_answers("consent_record=Y", "rating=1"))
    output = run(*arguments).out
    assert "Receipt code: " in output
    assert "can show it again" in output
    made = run(*arguments, "--json").json
    assert len(made["receipt_code"]) == 14
    assert "receipt_code" not in run(*arguments, "--no-code", "--json").json
    nobody = run(*arguments[:4], "--set", "rating=1", "--json")
    assert nobody.code != 0
    assert MISSING in nobody.err
    consent, rating = ["1", "2", "2"], "1"
    asked = run("--kit", a, "record", "feedback", "--json", typed="\n".join([*consent, rating, *[""] * 60]))
    assert asked.code == 0, asked.err
    assert len(asked.json.get("receipt_code", "")) == 14


def test_a_code_takes_the_words_back_and_it_is_seen_who_has_confirmed(run: Run, kits: Kits) -> None:
    _, a, b = kits
    made = run(
        "--kit",
        a,
        "record",
        "feedback",
        *with_answers("consent_record=Y", "experience=MARKER words"),
        "--json",
    ).json
    code = made["receipt_code"]
    run("--kit", a, "export", "-o", "stick/")
    assert run("merge", "stick").code == 0
    assert run("list", "feedback", "--text", "MARKER", "--json").json
    wrong = run("--kit", b, "withdraw", "0000-0000-0009")
    assert "compare it with the slip" in wrong.out
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
    assert "not confirmed yet by St Mary" in run("erasures").out
    run("network", "invite", "-o", "net.fkn")
    assert "1 record erased" in run("--kit", a, "merge", "net.fkn").out
    run("--kit", a, "export", "-o", "last.fkb")
    run("merge", "last.fkb")
    assert "confirmed by every laptop" in run("erasures").out
    assert run("--kit", a, "erasures", "--json").json[0]["waiting"] is None


def test_erasing_is_a_coordinators_and_is_asked_about(run: Run, kits: Kits) -> None:
    _, a, _ = kits
    record_id = only(run, kits[0])
    assert run("--kit", a, "erase", only(run, a), "--yes").code == 2
    assert run("erase", record_id).code == 2
    assert run("erase", record_id, typed="n\n").code == 1
    assert run("show", record_id).code == 0
    asked = run("erase", record_id, typed="y\n")
    assert asked.code == 0
    assert "Erase for good" in asked.err
    assert run("show", record_id).code == 1
    assert run("erase", record_id, "--yes").code == 1
    assert run("erase", only(run, kits[0]), "--yes", "--json").json["erased"] is True
    assert [record_id["what"] for record_id in run("erasures", "--json").json] == ["erasure", "erasure"]


@pytest.mark.parametrize("name", ["withdrawal", "policy", "device"])
def test_what_has_commands_of_its_own_is_not_recorded_by_hand(run: Run, kits: Kits, name: str) -> None:
    ran = run("record", name, "--set", "code=0000-0000-0009")
    assert ran.code == 2
    assert "by hand" in ran.err
    run("withdraw", "0000-0000-0009")
    run("network", "rules", "--confirm-days", "4")
    record_id = only(run, kits[0], name)
    for arguments in (
        ["edit", record_id, "--set", "code=1111-1111-1111"],
        ["delete", record_id],
        ["erase", record_id, "--yes"],
    ):
        assert run(*arguments).code == 2


def test_the_networks_rules_are_set_by_its_coordinator(run: Run, kits: Kits) -> None:
    _, a, _ = kits
    usual = {
        "retention_months": 0,
        "confirm_days": 3,
        "backup_days": 30,
        "lock_minutes": 5,
        "head_count_groups": [],
    }
    assert run("network", "rules", "--json").json == usual
    assert run("--kit", a, "network", "rules", "--confirm-days", "3").code == 2
    assert run("--kit", a, "network", "rules", "--confirm-days", "5").code == 2
    answer = run("network", "rules", "--retention-months", "24", "--confirm-days", "5", "--json").json
    assert answer == {
        "retention_months": 24,
        "confirm_days": 5,
        "backup_days": 30,
        "lock_minutes": 5,
        "head_count_groups": [],
    }
    assert "kept 24 months" in run("network", "rules").out
    run("network", "invite", "-o", "net.fkn")
    run("--kit", a, "merge", "net.fkn")
    assert run("--kit", a, "status", "--json").json["rules"]["confirm_days"] == 5
    assert run("network", "rules", "--retention-months", "0", "--json").json["retention_months"] == 0
    assert run("network", "rules", "--confirm-days", "0").code == 2


def test_old_text_is_listed_before_it_goes(run: Run, kits: Kits) -> None:
    assert run("retain").code == 2
    run("network", "rules", "--retention-months", "12")
    old = recorded(run, kits[0], *with_answers("date=1/2/2020", "experience=OLD text"))
    recorded(run, kits[0], "--set", "experience=NEW words")
    dry = run("retain", "--dry-run")
    assert "OLD text" in dry.out
    assert "NEW words" not in dry.out
    assert run("retain", "--dry-run", "--json").json == {
        "months": 12,
        "dry_run": True,
        "due": {"feedback": [old]},
        "taken": 0,
    }
    assert run("retain").code == 2
    assert run("show", old).code == 0
    assert run("retain", "--yes", "--json").json["taken"] == 1
    experiences = {record.get("experience") for record in run("list", "feedback", "--json").json}
    assert "OLD text" not in experiences
    assert "NEW words" in experiences
    assert "No record has free text older than" in run("retain", "--yes").out
    assert run("--kit", kits[1], "retain").code == 2
