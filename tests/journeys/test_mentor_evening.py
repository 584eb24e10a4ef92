"""A mentor's evening in a real terminal: three mentees, a kill during a log, and nothing is lost."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from fieldkit.presentation.mentoring.agreed_actions import actions_of
from fieldkit.store.kit import Kit
from terminal import Terminal, environment, program

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed"),
]
MENTEES = ("Ben Ojo", "Zoë [/] Khan", "Nguyễn Văn An")


@pytest.fixture
def evening(tmp_path: Path) -> Path:
    """A kit with one mentor and three mentees: one overdue with two actions in an earlier kit's text, one due, one new."""
    made = subprocess.run(
        [*program(), "--kit", "laptop", "network", "create", "Bradford", "--no-passphrase"],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    soon = (date.today() + timedelta(days=7)).isoformat()
    with Kit.open(tmp_path / "laptop") as kit:
        mentor, *others = [
            kit.add("person", {"name": name, "consent_record": "Y"}).record_id
            for name in ("Amina Khan", *MENTEES)
        ]
        pairs = [kit.add("mentorship", {"mentor": mentor, "mentee": other}).record_id for other in others]
        met = {"date": "2026-01-05", "confidence": 4, "knowledge": 5, "skills": 6}
        kit.add(
            "session",
            {
                "mentorship": pairs[0],
                **met,
                "next_date": "2026-02-02",
                "next_actions": "Ring the union\nRead the code",
            },
        )
        kit.add("session", {"mentorship": pairs[1], **met, "next_date": soon})
    return tmp_path


def _mentees(laptop: Terminal) -> None:
    """Go from home to my mentees."""
    laptop.sees("AT THIS EVENT")
    laptop.press("m")


def test_an_evening_with_a_kill_in_the_middle(evening: Path) -> None:
    with Terminal(["--kit", "laptop"], evening) as laptop:
        _mentees(laptop)
        laptop.sees("Who are you?", "1 Amina Khan")
        laptop.press("1")
        text = laptop.sees("My mentees · Amina Khan", "3 pairs", "days overdue", "Ring the union")
        assert text.index("Ben Ojo") < text.index("not met yet"), "overdue first"

        # The first mentee, completely: two digits for the last actions, then one digit for each question.
        laptop.press("n")
        laptop.sees("Whose session?", "▸ 1 Ben Ojo")
        laptop.press("1")
        laptop.sees("Log a session · Ben Ojo", "Read the code  travels", "▸ Read the code")
        laptop.press("1", "2")
        laptop.sees("▸ Date *")
        laptop.press("enter", "4", "5", "enter", "1")
        laptop.sees("Confidence  last time 4 · travels")
        laptop.press("6", "1", "0", "7")
        laptop.sees("▸ Topics")
        laptop.type("The interview [/]")
        laptop.press("enter")
        laptop.type("Write the form")
        laptop.press("enter", "enter", "3")
        laptop.sees("▸ Write a private note?", "stays here")
        laptop.press("1")
        laptop.sees("Session saved for Ben Ojo: 2 actions are open")

        # The second log is killed half way.
        laptop.until(lambda text: text.index("Nguyễn") < text.index("Ben Ojo"), "the list in its new order")
        laptop.press("up", "up", "n")
        laptop.sees("Log a session · Nguyễn Văn An", "▸ Date *")
        laptop.press("enter", "3", "0", "enter", "2")
        laptop.sees("▸ Confidence")
        laptop.press("5", "5", "5")
        laptop.sees("▸ Topics")
        laptop.type("Half a thought")
        with Kit.open(evening / "laptop") as kit:
            laptop.until(lambda _: _is_kept(kit, "Half a thought"), "what was typed, kept within a second")
        laptop.send_signal(signal.SIGKILL)
        laptop.wait()

    with Terminal(["--kit", "laptop"], evening) as laptop:
        laptop.sees("AT THIS EVENT", "1  unfinished")
        laptop.press("u")
        laptop.sees("Unfinished entries", "Mentoring session")
        laptop.press("enter")
        laptop.sees("Log a session ·", "Half a thought", "next · step")
        laptop.press("f2")
        laptop.sees("No unfinished entries.")
        laptop.press("esc")
        _mentees(laptop)
        laptop.sees("My mentees · Amina Khan", "3 pairs")
        laptop.press("q", "esc")
        laptop.sees("AT THIS EVENT")
        laptop.press("q")
        assert laptop.wait() == 0

    with Kit.open(evening / "laptop") as kit:
        assert kit.drafts.all() == []
        sessions = [session.values for session in kit.page("session") if session.values["date"] > "2026-02"]
        assert [session["topics"] for session in sessions] == ["Half a thought", "The interview [/]"]
        half, whole = sessions
        assert [half[name] for name in ("minutes", "mode", "confidence", "knowledge", "skills")] == [
            30,
            "telephone",
            5,
            5,
            5,
        ]
        assert [whole[name] for name in ("minutes", "mode", "confidence", "knowledge", "skills")] == [
            45,
            "in-person",
            6,
            10,
            7,
        ]
        assert whole["next_date"] == (date.today() + timedelta(weeks=4)).isoformat()
        states = {action.what: action.state for actions in actions_of(kit).values() for action in actions}
        assert states == {"Read the code": "done", "Ring the union": "open", "Write the form": "open"}
        assert kit.check() == []


def _is_kept(kit: Kit, topics: str) -> bool:
    return any(draft.values.get("topics") == topics for draft in kit.drafts.all())
