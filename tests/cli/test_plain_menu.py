"""`fieldkit --plain`: everyday work as a menu in plain lines, on any terminal."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pexpect
import pytest

from commanding import Run
from fieldkit.preferences import draws_screens, plain_lines_asked
from fieldkit.presentation.languages.notices import notices
from fieldkit.records.schema.kind import kind
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import CARRIED_ANSWERS, IDENTITY

pytestmark = pytest.mark.usefixtures("surroundings")

FEEDBACK = "1\n1\n\n\n2\nKind\n\n\n\n\n0\n"


def test_feedback_is_recorded_from_the_menu_and_the_menu_comes_back(run: Run, hub: Path) -> None:
    ran = run("--plain", typed=f"?\n{FEEDBACK}list feedback\n0\n")
    assert ran.code == 0, ran.err
    assert "1 record feedback" in ran.out and "0 leave" in ran.out
    assert "Receipt code: " in ran.out
    assert ran.out.rstrip().endswith("All is saved.")
    (stored,) = run("list", "feedback", "--json").json
    assert (stored["rating"], stored["experience"]) == ("2", "Kind")


def test_what_is_stopped_or_wrong_leads_back_to_the_menu(run: Run, hub: Path) -> None:
    ran = run("--plain", typed="banana\nshow nobody\nrecord banana\n\n0\n")
    assert ran.code == 0
    assert "“banana” is not in the menu." in ran.out
    assert "There is no kind of record called “banana”." in ran.err
    # An empty line repeats the last choice; the end of the input leaves the program.
    assert ran.err.count("There is no kind of record called “banana”.") == 2
    assert run("--plain", typed="").out.rstrip().endswith("All is saved.")


def test_an_export_asks_where_to(
    run: Run, hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "STICK"
    stick.mkdir()
    monkeypatch.setattr("fieldkit.cli.plain.plain_menu.sticks", lambda: [stick])
    number = next(
        line.split()[0] for line in run("--plain", typed="0\n").out.splitlines() if "export" in line
    )
    ran = run("--plain", typed=f"{number}\n1\n0\n")
    assert "Wrote" in ran.out, ran.err
    assert list(stick.glob("*.fkb"))


def test_the_environment_and_the_preferences_ask_for_it(
    run: Run, hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for value, term, asked in (
        ("1", "xterm", True),
        ("0", "dumb", False),
        ("", "dumb", True),
        ("", "xterm", False),
    ):
        monkeypatch.setenv("FIELDKIT_PLAIN", value)
        monkeypatch.setenv("TERM", term)
        assert plain_lines_asked() is asked
    assert "The kit's screens need a terminal" in run().err
    (tmp_path / "config.toml").write_text("plain = true\n")
    assert "record feedback" in run(typed="0\n").out


def test_a_kit_that_is_not_there_is_a_sentence(run: Run) -> None:
    ran = run("--plain", typed="0\n")
    assert ran.code == 1
    assert "There is no kit" in ran.err


@pytest.mark.parametrize(
    ("name", "encoding", "draws"),
    [
        ("xterm", "utf-8", True),
        ("", "UTF-8", True),
        ("xterm", "gb18030", True),
        ("dumb", "utf-8", False),
        ("unknown", "utf-8", False),
        ("xterm", "ANSI_X3.4-1968", False),
        ("xterm", "iso8859-1", False),
        ("xterm", "no such encoding", False),
    ],
)
def test_screens_are_drawn_only_where_their_signs_can_be(name: str, encoding: str, draws: bool) -> None:
    assert draws_screens(name, encoding) is draws


@pytest.mark.parametrize(
    "terminal",
    [{"TERM": "dumb"}, {"TERM": "xterm", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
)
def test_a_terminal_without_screens_gets_text_alone(hub: Path, terminal: dict[str, str]) -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "fieldkit"],
        env={"FIELDKIT_HOME": str(hub), **terminal, "PATH": "/usr/bin:/bin", "COLUMNS": "60"},
        dimensions=(20, 60),
        timeout=60,
        encoding="utf-8",
    )
    child.logfile_read = log = io.StringIO()
    child.expect("Number, or")
    for line in FEEDBACK.splitlines():
        child.sendline(line)
    child.expect("Receipt code: ")
    child.expect("Number, or")
    child.sendline("status")
    child.expect("Number, or")
    child.sendline("0")
    child.expect(pexpect.EOF)
    child.close()
    output = log.getvalue()
    assert "\x1b" not in output
    # A longer word, such as a path, stays whole; so does a sign that is spelt out.
    long = [
        line for line in output.splitlines() if len(line) >= 60 and " " in line.strip() and "\\" not in line
    ]
    assert long == []


@pytest.mark.parametrize("asked", ["option", "environment"])
def test_the_demonstration_opens_in_plain_lines(
    run: Run, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    if asked == "environment":
        monkeypatch.setenv("FIELDKIT_PLAIN", "1")
    ran = run(*(["--plain"] if asked == "option" else []), "demo", typed="list event\n0\n")
    assert ran.code == 0, ran.err
    assert "1 record feedback" in ran.out
    assert ran.out.rstrip().endswith("All is saved.")


def test_the_notice_names_the_network_and_is_that_of_the_screen(run: Run, hub: Path) -> None:
    with Kit.open(hub) as kit:
        network = str(kit.settings.get(IDENTITY)["network_name"])
        shown = next(each for each in notices(kit) if "Polish" in each.language)
        kit.settings.put(CARRIED_ANSWERS, {"consent_notice": shown.version})
    ran = run("record", "feedback", typed="1\n1\n1\n2\n\n\n\n\n\n0\n")
    assert all(" ".join(line.split()) in " ".join(ran.out.split()) for line in shown.lines)
    assert network in ran.out and shown.draft in ran.out
    (stored,) = run("list", "feedback", "--json").json
    assert stored["consent_notice"] == shown.version


def test_an_interpreter_is_asked_about_only_after_another_language(run: Run, hub: Path) -> None:
    title = kind("feedback").fields["interpreter"].title
    ran = run("record", "feedback", typed="1\n1\n1\n2\n\n\n\n\n" + "\n" * 40)
    assert ran.code == 0, ran.err
    assert title not in ran.out
