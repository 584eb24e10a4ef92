"""The command line's help, and its messages for misuse, failure and interruption; mostly in this process."""

from __future__ import annotations

import errno
import json
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from cli_kits import with_answers
from commanding import Run
from fieldkit import __version__
from fieldkit.cli.global_options import split_arguments
from fieldkit.cli.program import app
from fieldkit.store.kit import Kit

pytestmark = pytest.mark.usefixtures("surroundings")


def commands(command: Any, path: str = "fieldkit") -> Iterator[tuple[str, Any]]:
    """Every command of the tree with its full name."""
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


def test_help_has_plain_names_and_ranges_in_words(run: Run) -> None:
    """No notation of types: `KIND`, not `KIND <str>`; "from 1 to 5", not `1<=x<=5`."""
    for path, _ in commands(typer.main.get_command(app)):
        out = run(*path.split()[1:], "--help").out
        assert not re.search(r"<\w+[>\[]|x[<>]=|<=x|[{}]|\[\[", out), out
    assert "Usage: fieldkit merge [OPTIONS] FILE|DIR…\n" in run("merge", "--help").out
    assert "[from 1 to 5]" in " ".join(run("record", "--help").out.split())
    assert "[1 or more]" in " ".join(run("undo", "--help").out.split())


def test_version(run: Run) -> None:
    assert run("--version").out == f"fieldkit {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
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
        ["record", "feedback", *with_answers("rating=9", "date=never")],
        ["record", "feedback", "--set", "provider=X"],
        ["record", "feedback", "--set", "event=No such event"],
        ["record", "feedback", "--from", "."],
        ["record", "feedback", "--from", "rows.csv", "--set", "rating=9"],
        ["list", "feedback", "--where", "rating=9"],
        ["list", "feedback", "--limit", "0"],
        ["list", "feedback", "--limit"],
        ["list", "feedback", "twice"],
        ["undo", "--import", "x"],
        ["record", "feedback", *with_answers("rating=1", "rating=2")],
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
def test_misuse_ends_with_2_and_a_sentence(run: Run, hub: Path, tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "no-table.bin").write_bytes(b"\x7fELF\0\0\0\0")
    (tmp_path / "rows.csv").write_text("experience\nKind\n")
    ran = run(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.strip()
    assert "““" not in ran.err and "“”" not in ran.err
    ran_json = run(*arguments, "--json")
    if arguments and "--kit" not in arguments and "demo" not in arguments:
        assert set(json.loads(ran_json.err)) == {"error", "kept", "hint"}
        assert all(json.loads(ran_json.err).values()), ran_json.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["list", "feedback", "--limit", "abc"], "--limit takes a whole number, 1 or more."),
        (["merges", "--limit", "0"], "--limit takes a whole number from 1 to 1,000,000."),
        (["list", "feedback", "--limit"], "Nothing follows --limit, which needs a value."),
        (["list", "feedback", "--limt", "3"], "fieldkit list has no option --limt. Did you mean --limit?"),
        (["list", "feedback", "--json=3"], "--json takes no value"),
        (["list", "feedback", "St", "Mary"], "The command does not take the argument “St Mary”."),
        (["list"], "KIND is missing."),
        (["record"], "The kind of record: feedback, event, partner"),
        (["tables"], "--out is missing."),
        (["lst"], "There is no command “lst”. Did you mean “list”?"),
        (["import"], "There is no command “import”. Did you mean “imports” or “export”?"),
        (["network", "crate"], "There is no command “crate”. Did you mean “create”?"),
        (["record", "feedback", "--from", "."], "“.” is a folder, not a file."),
    ],
)
def test_misuse_of_options_is_said_in_plain_words(
    run: Run, hub: Path, arguments: list[str], sentence: str
) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert sentence in ran.err
    assert "--help" in ran.err or "Give one file" in ran.err


def test_a_group_of_commands_alone_shows_its_help(run: Run) -> None:
    ran = run("network")
    assert ran.code == 2
    assert ran.err.startswith("Usage: fieldkit network")
    assert "\n  invite " in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "zzzzzzzz"],
        ["edit", "zzzzzzzz", "--set", "title=x"],
        ["record", "feedback", "--from", "missing.csv"],
        ["merge", "missing.fkb"],
        ["inspect", "missing.fkb"],
        ["join", "missing.fkn", "--as", "x"],
        ["devices", "trust", "SHA256:" + "A" * 43],
        ["export", "-o", "missing/folder/x.fkb"],
        ["--passphrase-file", "missing", "network", "create", "x"],
    ],
)
def test_failure_ends_with_1_and_json_errors_are_objects(run: Run, hub: Path, arguments: list[str]) -> None:
    if "--passphrase-file" in arguments:
        arguments = ["--kit", "other", *arguments]
    assert run(*arguments).code == 1
    ran = run(*arguments, "--json")
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
    for arguments in (["--kit", "x", "status"], ["status", "--kit", "x"], ["status", "--kit=x"]):
        assert run(*arguments, "--json").json["network"]["name"] == "X"
    assert run("status", "--json").json["network"]["name"] == "West Midlands fair"
    assert split_arguments(["edit", "id", "--", "--kit", "x"]) == ({}, ["edit", "id", "--", "--kit", "x"])


def test_an_error_of_the_system_that_is_not_about_the_output_is_not_blamed_on_it(
    run: Run, hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Kit) -> str:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(Kit, "state_hash", fail)
    ran = run("status")
    assert ran.code == 1
    assert "did not expect" in ran.err and "written where" not in ran.err


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
