"""The command line: what each command says, stores and ends with; mostly in this process."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from commanding import Run
from fieldkit import __version__
from fieldkit.cli.output import print_json_array
from fieldkit.cli.tree import app
from fieldkit.cli.words import split_words
from fieldkit.store.kit import Kit

COMMENTS = Path(__file__).parent / "data" / "fft-comments.csv"
HOSTILE = "[/] [@click=app.quit]x[/] \x1b[31mred\x1b[0m =1+1"


pytestmark = pytest.mark.usefixtures("surroundings")


# Help and misuse


def commands(command: Any, path: str = "fieldkit") -> Iterator[tuple[str, Any]]:
    """Every command of the tree with its words."""
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, f"{path} {name}")


def test_every_command_and_option_has_help() -> None:
    seen = dict(commands(typer.main.get_command(app)))
    missing = [path for path, command in seen.items() if not (command.help or "").strip()]
    for path, command in seen.items():
        for parameter in command.params:
            if not getattr(parameter, "help", None):
                missing.append(f"{path} {parameter.name}")
    assert not missing
    specified = (
        "network create, network invite, join, record, list, show, edit, delete, restore, status, export, "
        "inspect, merge, devices list, devices trust, devices revoke, conflicts, quarantine, summary, "
        "tables, check, keys export, demo"
    )
    assert {f"fieldkit {name}" for name in specified.split(", ")} <= set(seen)


def test_help_of_every_command_can_be_printed(run: Run) -> None:
    for path, _ in commands(typer.main.get_command(app)):
        ran = run(*path.split()[1:], "--help")
        assert ran.code == 0
        assert ran.out.startswith("Usage: ")


def test_version(run: Run) -> None:
    assert run("--version").out == f"fieldkit {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["list"],
        ["list", "nonsense"],
        ["list", "feedback", "--limit", "x"],
        ["list", "feedback", "--where", "rating"],
        ["list", "feedback", "--where", "nonsense=1"],
        ["list", "feedback", "--where", "themes=parking"],
        ["list", "feedback", "--unknown"],
        ["record", "device"],
        ["record", "feedback", "--set", "rating"],
        ["record", "feedback", "--set", "nonsense=1"],
        ["record", "feedback", "--set", "rating=9"],
        ["record", "feedback", "--set", "rating=9", "--set", "date=never"],
        ["record", "feedback", "--set", "provider=X"],
        ["record", "feedback", "--set", "event=No such event"],
        ["record", "feedback", "--from", "."],
        ["record", "feedback", "--from", "rows.csv", "--set", "rating=9"],
        ["list", "feedback", "--where", "rating=9"],
        ["list", "feedback", "--limit", "0"],
        ["list", "feedback", "--limit"],
        ["list", "feedback", "twice"],
        ["undo", "--import", "x"],
        ["record", "feedback", "--set", "rating=1", "--set", "rating=2"],
        ["record", "feedback", "--map", "a=rating"],
        ["record", "feedback", "--dry-run"],
        ["record", "feedback", "--from", "no-table.bin"],
        ["network", "create", " "],
        ["network", "create", "Again", "--no-passphrase"],
        ["export", "-o", "no-table.bin"],
        ["--kit", "", "status"],
        ["--kit"],
        ["demo", "--json"],
        ["demo"],
        [],
    ],
)
def test_misuse_ends_with_2_and_a_sentence(run: Run, hub: Path, tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "no-table.bin").write_bytes(b"\x7fELF\0\0\0\0")
    (tmp_path / "rows.csv").write_text("experience\nKind\n")
    ran = run(*words)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.strip()
    assert "““" not in ran.err and "“”" not in ran.err
    told = run(*words, "--json")
    if words and "--kit" not in words and "demo" not in words:
        assert set(json.loads(told.err)) == {"error", "kept", "hint"}
        assert all(json.loads(told.err).values()), told.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["list", "feedback", "--limit", "abc"], "--limit takes a whole number, 1 or more."),
        (["merges", "--limit", "0"], "--limit takes a whole number from 1 to 1,000,000."),
        (["list", "feedback", "--limit"], "Nothing follows --limit, which needs a value."),
        (["list", "feedback", "--limt", "3"], "fieldkit list has no option --limt. Did you mean --limit?"),
        (["list", "feedback", "--json=3"], "--json stands alone"),
        (["list", "feedback", "St", "Mary"], "“St Mary” is more than this command takes."),
        (["list"], "KIND is missing."),
        (["tables"], "--out is missing."),
        (["lst"], "There is no command “lst”. Did you mean “list”?"),
        (["network", "crate"], "There is no command “crate”. Did you mean “create”?"),
        (["record", "feedback", "--from", "."], "“.” is a folder, not a file."),
    ],
)
def test_misuse_of_options_is_said_in_plain_words(run: Run, hub: Path, words: list[str], said: str) -> None:
    ran = run(*words)
    assert ran.code == 2
    assert said in ran.err
    assert "--help" in ran.err or "Give one file" in ran.err


def test_a_group_of_commands_alone_shows_its_help(run: Run) -> None:
    ran = run("network")
    assert ran.code == 2
    assert ran.err.startswith("Usage: fieldkit network")
    assert "\n  invite " in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ["show", "zzzzzzzz"],
        ["edit", "zzzzzzzz", "title=x"],
        ["record", "feedback", "--from", "missing.csv"],
        ["merge", "missing.fkb"],
        ["inspect", "missing.fkb"],
        ["join", "missing.fkn", "--as", "x"],
        ["devices", "trust", "SHA256:" + "A" * 43],
        ["export", "-o", "missing/folder/x.fkb"],
        ["--passphrase-file", "missing", "network", "create", "x"],
    ],
)
def test_failure_ends_with_1_and_json_errors_are_objects(run: Run, hub: Path, words: list[str]) -> None:
    if "--passphrase-file" in words:
        words = ["--kit", "other", *words]
    assert run(*words).code == 1
    ran = run(*words, "--json")
    assert (ran.code, ran.out) == (1, "")
    assert set(json.loads(ran.err)) == {"error", "kept", "hint"}
    assert json.loads(ran.err)["error"]


def test_without_a_kit_there_is_a_sentence_and_no_folder(run: Run, tmp_path: Path) -> None:
    ran = run("status")
    assert ran.code == 1
    assert "no kit" in ran.err
    assert not (tmp_path / "hub").exists()


def test_the_kit_option_serves_before_and_after_the_command(run: Run, hub: Path, tmp_path: Path) -> None:
    assert run("--kit", tmp_path / "x", "network", "create", "X", "--no-passphrase").code == 0
    for words in (["--kit", "x", "status"], ["status", "--kit", "x"], ["status", "--kit=x"]):
        assert run(*words, "--json").json["network"]["name"] == "X"
    assert run("status", "--json").json["network"]["name"] == "West Midlands fair"
    assert split_words(["edit", "id", "--", "--kit", "x"]) == ({}, ["edit", "id", "--", "--kit", "x"])


def test_anything_unexpected_is_a_sentence_and_its_words_are_written_nowhere(
    run: Run, hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(_: Kit) -> str:
        raise RuntimeError("secret words of a patient")

    monkeypatch.setattr(Kit, "state_hash", break_down)
    ran = run("status")
    assert ran.code == 1
    assert "did not expect" in ran.err
    log = hub / "errors.log"
    assert "RuntimeError" in log.read_text()
    assert "break_down" in log.read_text()
    assert "secret words" not in log.read_text() + ran.err
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_an_interrupt_and_a_closed_pipe_are_calm(
    run: Run, hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: Kit) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(Kit, "state_hash", interrupt)
    ran = run("status")
    assert (ran.code, ran.err) == (1, "Stopped.\nWhat was saved is safe.\n")


# Setting up


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


# Records


def test_a_record_from_set_is_listed_shown_edited_deleted_restored(
    run: Run, pair: tuple[Path, Path, str]
) -> None:
    made = run(
        "record",
        "feedback",
        "--set",
        "rating=2",
        "--set",
        "experience=Kind nurse",
        "--set",
        "event=Fair",
        "--json",
    )
    assert made.code == 0
    one = made.json
    assert (one["rating"], one["experience"], one["event"]) == ("2", "Kind nurse", pair[2])
    assert "2 good" in run("list", "feedback").out
    assert run("list", "feedback", "--json").json == [one]
    shown = run("show", one["id"][-6:]).out
    assert "2 good" in shown
    assert "Fair · 27 Oct 2026" in shown
    edited = run("edit", one["id"], "rating=very poor", "experience=", "need=An interpreter", "--json").json
    assert (edited["rating"], edited["need"]) == ("5", "An interpreter")
    assert "experience" not in edited
    assert [step["fields"] for step in run("history", one["id"], "--json").json][1]["rating"] == "5"
    assert "differs" in run("edit", one["id"], "rating=5").out
    assert run("delete", one["id"]).code == 0
    assert run("list", "feedback", "--json").json == []
    assert len(run("list", "feedback", "--deleted", "--json").json) == 1
    assert run("restore", one["id"], "--json").json["deleted"] is False
    assert len(run("show", one["id"], "--history", "--json").json["history"]) == 4


def test_lists_are_filtered_and_limited(run: Run, hub: Path) -> None:
    with Kit.open(hub) as kit:
        kit.add_many("feedback", [{"rating": str(n % 2 + 1), "experience": f"word{n}"} for n in range(120)])
    assert len(run("list", "feedback", "--json").json) == 120
    assert len(run("list", "feedback", "--limit", "7", "--json").json) == 7
    assert len(run("list", "feedback", "--where", "rating=good", "--json").json) == 60
    assert [one["experience"] for one in run("list", "feedback", "--text", "word77", "--json").json] == [
        "word77"
    ]
    assert "50 of 120" in run("list", "feedback").out


def test_json_arrays_are_arrays_also_when_empty(capsys: pytest.CaptureFixture[str]) -> None:
    for values in ([], [1], [1, {"a": "ਸਤ"}]):
        print_json_array(values)
        assert json.loads(capsys.readouterr().out) == values


def test_hostile_text_is_text(run: Run, hub: Path) -> None:
    one = run("record", "feedback", "--set", f"experience={HOSTILE}", "--json").json
    assert one["experience"] == HOSTILE.replace("\x1b", "")
    for ran in (run("list", "feedback"), run("show", one["id"]), run("show", one["id"], "--history")):
        assert ran.code == 0
        assert "[/] [@click=app.quit]x[/] [31mred" in ran.out
        assert "\x1b" not in ran.out
    ran = run("list", "\x1b[31m[/]")
    assert "\x1b" not in ran.err


def test_open_lists_take_new_terms_when_asked(run: Run, hub: Path) -> None:
    words = ("record", "partner", "--set", "name=Hall", "--set", "partner_kind=choir")
    assert run(*words).code == 2
    assert run(*words, "--dry-run", "--add-terms").code == 0
    assert run("list", "partner", "--json").json == []
    assert run(*words, "--add-terms", "--json").json["partner_kind"] == "choir"
    assert [one["label"] for one in run("list", "term", "--json").json] == ["choir"]


def test_the_roster_is_not_edited_by_a_field_laptop(run: Run, pair: tuple[Path, Path, str]) -> None:
    device = run("list", "device", "--json").json[0]["id"]
    ran = run("--kit", pair[0], "edit", device, "name=Mine")
    assert ran.code == 2
    assert "coordinator" in ran.err
    assert run("delete", device).code == 2


# Importing


def test_an_import_stores_or_refuses_every_row(run: Run, hub: Path, tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("How was it?,Words = all,Day\n1,fine,1/2/2024\n7,odd,1/2/2024\n,,\n2,good,30/2/2024\n")
    words = (
        "record",
        "feedback",
        "--from",
        table,
        "--map",
        "How was it?=rating",
        "--map",
        "Words = all=experience",
    )
    dry = run(*words, "--map", "Day=date", "--dry-run", "--json")
    assert dry.code == 3
    assert run("list", "feedback", "--json").json == []
    ran = run(*words, "--map", "Day=date", "--set", "provider=Trust", "--json")
    assert ran.code == 3
    assert (ran.json["rows"], ran.json["stored"], ran.json["refused"]) == (3, 1, 2)
    assert [problem["line"] for problem in ran.json["problems"]] == [3, 5]
    assert Path(ran.json["refused_file"]).name == "rows.refused.csv"
    assert run("list", "feedback", "--json").json[0]["provider"] == "Trust"
    said = run(*words, "--map", "Day=date").out
    assert "Line 3, How was it? “7”" in said
    table.write_text("rating,experience\n1,fine\n")
    assert run("record", "feedback", "--from", table).code == 0


def test_rows_come_by_standard_input(run: Run, hub: Path) -> None:
    ran = run("record", "feedback", "--from", "-", "--json", piped="rating,experience\n1,fine\n")
    assert (ran.code, ran.json["stored"]) == (0, 1)


def test_the_real_file_is_stored_or_refused_row_by_row(run: Run, hub: Path, tmp_path: Path) -> None:
    copy = tmp_path / "fft.csv"
    copy.write_bytes(COMMENTS.read_bytes())
    columns = ("FFT categorical answer=rating", "FFT answer=experience", "Comment ID=reference", "Date=date")
    maps = [word for column in columns for word in ("--map", column)]
    ran = run("record", "feedback", "--from", copy, *maps, "--json")
    assert ran.code == 3
    assert ran.json["rows"] == ran.json["stored"] + ran.json["refused"] == 420
    assert run("status", "--json").json["counts"]["feedback"] == ran.json["stored"]


# Asking


# What may point to one person is told before it is saved

NUMBER = "Ring me on 07700 900123"


def held(run: Run) -> list[str]:
    return [one["experience"] for one in run("list", "feedback", "--json").json]


def test_set_asks_before_saving_what_may_point_to_somebody(run: Run, hub: Path) -> None:
    words = ["record", "feedback", "--set", f"experience={NUMBER}"]
    no = run(*words, typed="n\n")
    assert no.code == 1
    assert "“07700 900123”: This looks like a telephone number." in no.err
    assert no.err.index("telephone") < no.err.index("Save it all the same?")
    assert "Nothing was saved" in no.err
    assert held(run) == []
    assert run(*words, typed="").code == 1
    assert held(run) == []
    assert run(*words, typed="y\n").code == 0
    assert held(run) == [NUMBER]


def test_without_anybody_to_ask_it_is_told_and_nothing_is_lost(run: Run, hub: Path) -> None:
    ran = run("record", "feedback", "--set", f"experience={NUMBER}", "--json")
    assert ran.code == 0
    [said] = ran.json["warnings"]
    assert "“07700 900123”: This looks like a telephone number." in said
    assert said in ran.err
    record_id = ran.json["id"]
    assert "warnings" not in run("record", "feedback", "--set", "experience=Fine", "--json").json
    changed = run("edit", record_id, "experience=Write to x@example.org", "--json")
    assert "e-mail" in changed.json["warnings"][0]
    assert run("edit", record_id, "experience=Now y@example.org", typed="n\n").code == 1
    assert "Write to x@example.org" in held(run)


def test_fields_that_are_meant_for_it_and_notes_that_stay_here_are_not_asked_about(
    run: Run, hub: Path
) -> None:
    words = ["--set", "name=Hall", "--set", "partner_kind=church", "--set", "telephone=07700 900123"]
    for kind, said in (("partner", words), ("note", ["--set", f"notes={NUMBER}"])):
        ran = run("record", kind, *said, "--json")
        assert (ran.code, ran.err) == (0, "")
        assert "warnings" not in ran.json


def test_an_import_asks_before_it_stores_where_somebody_is_there(run: Run, hub: Path, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text(f"experience\nFine\n{NUMBER}\n")
    words = ["record", "feedback", "--from", rows]
    no = run(*words, typed="n\n")
    assert no.code == 1
    assert "Line 3, What happened" in no.err
    assert "Nothing was stored" in no.err
    assert held(run) == []
    assert run("imports", "--json").json == []
    done = run(*words, "--json")
    assert done.code == 0
    assert done.json["stored"] == 2
    assert done.json["warnings"][0].startswith("Line 3")
    assert "Line 3" in done.err
    assert len(held(run)) == 2


def test_nothing_moves_on_the_screen_while_an_import_asks(
    run: Run, hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing: list[bool] = []
    asked: list[bool] = []

    @contextlib.contextmanager
    def progress() -> Iterator[Callable[[int, int, str], None]]:
        drawing.append(True)
        yield lambda done, total, what: None
        drawing.pop()

    def ask(question: str) -> bool:
        asked.append(bool(drawing))
        return True

    monkeypatch.setattr("fieldkit.cli.recording.progress", progress)
    monkeypatch.setattr("fieldkit.cli.session.ask_yes", ask)
    (tmp_path / "rows.csv").write_text(f"experience\n{NUMBER}\n")
    assert run("record", "feedback", "--from", "rows.csv", typed="").code == 0
    assert asked == [False]


def test_a_file_imported_before_is_told_or_asked_about_first(run: Run, hub: Path, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("experience\nFine\n")
    words = ["record", "feedback", "--from", rows]
    assert run(*words, typed="").code == 0  # nothing to ask about
    assert "imported here before" in run(*words, "--dry-run").out
    no = run(*words, typed="n\n")
    assert no.code == 1
    assert "imported here before" in no.err
    assert held(run) == ["Fine"]
    again = run(*words)
    assert again.code == 0
    assert "imported here before" in again.err
    assert "fieldkit undo --import 2" in again.err
    assert len(held(run)) == 2
    assert run("undo", "--import", "2").code == 0
    assert run(*words, typed="y\n").code == 0
    assert len(held(run)) == 2


# Asked in plain lines


def test_questions_are_asked_in_plain_lines(run: Run, hub: Path) -> None:
    typed = (
        "\n".join(["Workshop", "?", "1", "today", "", "", "", "<", "9:30", "", "", "", "", "", "", ""]) + "\n"
    )
    ran = run("record", "event", piped=typed)
    assert ran.code == 0, ran.err
    assert "1 reverse commissioning workshop" in ran.out
    assert "Saved: Event, Workshop" in ran.out
    one = run("list", "event", "--text", "Workshop", "--json").json[0]
    assert one["event_kind"] == "reverse-commissioning-workshop"
    assert "\x1b" not in ran.out


def test_wrong_answers_are_asked_again_and_json_stays_clean(run: Run, hub: Path) -> None:
    typed = (
        "\n".join(["", "", "", "", "", "9", "2", "ring 07700 900123", "n", "ring them", *[""] * 30]) + "\n"
    )
    ran = run("record", "feedback", "--json", piped=typed)
    assert ran.code == 0, ran.err
    assert (ran.json["rating"], ran.json["experience"]) == ("2", "ring them")
    assert "“9” is not one of the answers" in ran.err
    assert "telephone number" in ran.err


def test_what_is_needed_is_asked_for_until_it_is_there(run: Run, hub: Path) -> None:
    ran = run("record", "partner", piped="\n\nHall\n" + "\n" * 20)
    assert ran.code == 0, ran.err
    assert ran.out.count("is needed.") == 2


def test_answers_that_end_early_are_kept_as_a_draft(run: Run, hub: Path) -> None:
    ran = run("record", "feedback", piped="1\nTrust\n")
    assert ran.code == 1
    assert "unfinished" in ran.out
    assert run("status", "--json").json["drafts"] == 1
    with Kit.open(hub) as kit:
        assert kit.desk.drafts()[0].values["provider"] == "Trust"


def test_nothing_is_kept_of_somebody_who_does_not_agree(run: Run, hub: Path) -> None:
    with Kit.open(hub) as kit:
        from fieldkit.records.kinds import kind

        places = list(kind("feedback").fields)
        assert kit.desk.drafts() == []
    before = [""] * places.index("consent_record")
    before[places.index("experience")] = "Their words"
    ran = run("record", "feedback", piped="\n".join([*before, "N", *[""] * 40]) + "\n")
    assert ran.code == 0
    assert "Nothing was kept." in ran.out
    status = run("status", "--json").json
    assert (status["drafts"], status["counts"]["feedback"]) == (0, 0)
    ran = run("record", "feedback", piped="\n".join([*before, "N"]) + "\n")
    assert ran.code == 1
    assert run("status", "--json").json["drafts"] == 0


# Bundles


def test_the_week_from_recording_to_conflicts(
    run: Run, hub: Path, pair: tuple[Path, Path, str], tmp_path: Path
) -> None:
    a, b, event = pair
    for folder, title in ((a, "Fair at St Mary"), (b, "Fair at the gurdwara")):
        assert run("--kit", folder, "edit", event, f"title={title}").code == 0
        assert run("--kit", folder, "record", "feedback", "--set", "rating=1").code == 0
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
    assert [one["reason"] for one in merged.json["files"]] == ["unknown-sender"] * 2
    assert [one["reason"] for one in run("quarantine", "--json").json] == ["unknown-sender"] * 2
    assert "set aside" in run("merge", out).out
    waiting = [one for one in run("devices", "list", "--json").json if one["status"] == "waiting"]
    assert len(waiting) == 2
    for one in waiting:
        trusted = run("devices", "trust", one["words"], "--json")
        assert trusted.code == 0
        assert trusted.json["merge"]["merged"] == 1
    assert run("quarantine", "--json").json == []
    assert run("quarantine").code == 0

    state = run("status", "--json").json
    assert (state["counts"]["feedback"], state["conflicts"]) == (2, 1)
    again = run("merge", out, out / "b.fkb", "--json")
    assert (again.code, again.json["new_ops"]) == (0, 0)
    assert run("status", "--json").json["state_hash"] == state["state_hash"]

    [clash] = run("conflicts", "--json").json
    assert {one["value"] for one in clash["values"]} == {"Fair at St Mary", "Fair at the gurdwara"}
    assert {one["who"] for one in clash["values"]} == {"St Mary", "Gurdwara"}
    assert "Settle it with" in run("conflicts").out
    assert run("conflicts", "resolve", event, "title=Fair at St Mary").code == 0
    assert run("conflicts", "--json").json == []
    assert run("conflicts", "resolve", event, "title=Other").code == 2
    assert run("check", "--json").json == {"ok": True, "findings": []}


def test_a_dry_run_stores_nothing(run: Run, hub: Path, pair: tuple[Path, Path, str]) -> None:
    run("--kit", pair[0], "record", "feedback", "--set", "rating=1")
    run("--kit", pair[0], "export", "-o", "a.fkb")
    ran = run("merge", "a.fkb", "--dry-run", "--json")
    assert (ran.code, ran.json["dry_run"]) == (3, True)
    assert run("quarantine", "--json").json == []


def test_merging_a_folder_that_holds_the_kit_leaves_what_is_aside_alone(
    run: Run, hub: Path, pair: tuple[Path, Path, str], tmp_path: Path
) -> None:
    run("--kit", pair[0], "record", "feedback", "--set", "rating=1")
    run("--kit", pair[0], "export", "-o", "a.fkb")
    for _ in range(2):
        names = [one["name"] for one in run("merge", tmp_path, "--json").json["files"]]
        assert sorted(names) == ["a.fkb", "net.fkn"]


def test_inspect_with_and_without_a_kit(
    run: Run, hub: Path, pair: tuple[Path, Path, str], tmp_path: Path
) -> None:
    run("--kit", pair[0], "record", "feedback", "--set", "rating=1")
    run("--kit", pair[0], "export", "-o", "a.fkb")
    sender = run("--kit", pair[0], "status", "--json").json["device"]
    alone = run("--kit", "nowhere", "inspect", "a.fkb", "--json")
    assert alone.code == 0
    assert (alone.json["signature"], alone.json["purpose"], alone.json["ops"]) == (True, "records", 1)
    assert alone.json["signer"]["fingerprint"] == sender["fingerprint"]
    assert alone.json["kit"] is None
    assert len(alone.json["recipients"]) == 1
    assert "it holds" in run("--kit", "nowhere", "inspect", "a.fkb").out
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


def test_revoked_laptops_are_listed_as_such(run: Run, hub: Path, pair: tuple[Path, Path, str]) -> None:
    run("--kit", pair[0], "record", "feedback", "--set", "rating=1")
    run("--kit", pair[0], "export", "-o", "a.fkb")
    run("merge", "a.fkb")
    print_of = run("--kit", pair[0], "status", "--json").json["device"]["fingerprint"]
    trusted = run("devices", "trust", print_of, "--role", "deputy", "--name", "Desk two", "--json").json[
        "device"
    ]
    assert (trusted["role"], trusted["name"]) == ("deputy", "Desk two")
    assert run("devices", "revoke", print_of, "--json").json["device"]["status"] == "revoked"
    assert "Desk two" in run("devices", "list").out
    assert run("--kit", pair[1], "devices", "revoke", print_of).code != 0


# Reports and keys


def test_summary_and_tables(run: Run, hub: Path, tmp_path: Path) -> None:
    assert run("summary").code == 0
    run("record", "feedback", "--set", "rating=1", "--set", "service_area=diabetes")
    assert "diabetes" in run("summary").out
    assert run("summary", "--json").json["all_services"]["total"] == 1
    assert run("tables", "-o", "out.xlsx").code == 0
    assert run("tables", "-o", "out.xlsx").code == 2
    assert run("tables", "-o", "out.xlsx", "--force").code == 0
    files = run("tables", "-o", f"{tmp_path / 'csv'}/", "--json").json["files"]
    assert tmp_path / "csv" / "feedback.csv" in [Path(one) for one in files]


@pytest.mark.parametrize("name", ["out.doc", "out.numbers", "out.xlsx.old", ""])
def test_tables_go_into_a_workbook_or_a_folder_and_nothing_else(
    run: Run, hub: Path, tmp_path: Path, name: str
) -> None:
    before = set(tmp_path.iterdir())
    ran = run("tables", "-o", name)
    assert ran.code == 2
    assert "Nothing was written." in ran.err
    assert set(tmp_path.iterdir()) == before
    if name:
        assert ".xlsx" in ran.err and f"{name}/" in ran.err
        assert run("tables", "-o", f"{name}/").code == 0
        assert (tmp_path / name / "feedback.csv").exists()
        assert run("tables", "-o", name, "--force").code == 0  # it is there, and a folder


def test_check_lists_what_it_finds(run: Run, hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("check").out == "All is well.\n"
    monkeypatch.setattr(Kit, "check", lambda *_: ["The file is damaged."])
    ran = run("check", "--json")
    assert (ran.code, ran.json) == (1, {"ok": False, "findings": ["The file is damaged."]})


def test_the_coordinators_key_opens_bundles(
    run: Run, hub: Path, pair: tuple[Path, Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyrage

    from fieldkit.store import agework

    wrapped: list[tuple[bytes, str]] = []

    def wrap(secret: bytes, passphrase: str) -> bytes:
        wrapped.append((secret, passphrase))
        return b"wrapped"

    monkeypatch.setattr(agework, "wrap", wrap)
    monkeypatch.setenv("FIELDKIT_KEYS_PASSPHRASE", "short")
    assert run("keys", "export", "-o", "key.age").code == 2
    monkeypatch.setenv("FIELDKIT_KEYS_PASSPHRASE", "four words are good")
    assert run("--kit", pair[0], "keys", "export", "-o", "key.age").code == 2
    assert run("keys", "export", "-o", "key.age").code == 0
    assert run("keys", "export", "-o", "key.age").code == 2
    assert stat.S_IMODE((tmp_path / "key.age").stat().st_mode) == 0o600
    assert (tmp_path / "key.age").read_bytes() == b"wrapped"
    [(text, passphrase)] = wrapped
    assert passphrase == "four words are good"
    created, public, secret = text.decode().splitlines()
    assert created.startswith("# created: ")
    assert str(pyrage.x25519.Identity.from_str(secret).to_public()) == public.removeprefix("# public key: ")
    run("--kit", pair[0], "export", "-o", "a.fkb")
    assert public.removeprefix("# public key: ") in run("inspect", "a.fkb", "--json").json["recipients"]


# As programs


def program(*words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """The installed program, with warnings as errors."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "fieldkit", *words],
        capture_output=True,
        text=True,
        check=False,
        **more,
    )


def test_the_program_speaks_any_script_to_any_terminal(run: Run, hub: Path) -> None:
    run("record", "feedback", "--set", "experience=ਸਤ ਸ੍ਰੀ ਅਕਾਲ 🙂")
    poor = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ran = program("list", "feedback", "--json", env=poor)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)[0]["experience"] == "ਸਤ ਸ੍ਰੀ ਅਕਾਲ 🙂"
    assert program("list", "feedback", env=poor).returncode == 0


def test_a_reader_that_goes_away_is_no_error(run: Run, hub: Path) -> None:
    with Kit.open(hub) as kit:
        kit.add_many("feedback", [{"experience": "x" * 500} for _ in range(1_000)])
    going = subprocess.Popen(
        [sys.executable, "-m", "fieldkit", "list", "feedback", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert going.stdout is not None
    assert going.stderr is not None
    going.stdout.read(10)
    going.stdout.close()
    assert going.stderr.read() == b""
    going.stderr.close()
    assert going.wait() == 1


def test_the_demonstration_can_be_kept(run: Run) -> None:
    ran = run("demo", "--keep", "shown", "--json")
    assert ran.code == 0, ran.err
    status = run("--kit", "shown", "status", "--json").json
    assert status["counts"]["event"] == 12
    assert status["conflicts"] == 1
