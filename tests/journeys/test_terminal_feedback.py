"""A whole feedback form in a real terminal: at most ten keys besides typed text, and what remains after a no."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fieldkit.store.kit import Kit
from terminal import Terminal, environment, program

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed"),
]
MOST_KEYS = 10


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a kit of its own network."""
    done = subprocess.run(
        [*program(), "--kit", "kit", "network", "create", "Hull", "--no-passphrase"],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return tmp_path


class _Counted:
    """A terminal that counts the keys besides typed text."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal, self.keys = terminal, 0

    def press(self, *keys: str) -> None:
        self.keys += len(keys)
        self.terminal.press(*keys)


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40)], ids=str)
def test_a_whole_feedback_takes_at_most_ten_keys_beside_the_words(home: Path, size: tuple[int, int]) -> None:
    with Terminal(["--kit", "kit"], home, *size) as terminal:
        terminal.sees("q lock and leave")
        counted = _Counted(terminal)
        counted.press("f")
        terminal.sees("▸ May we keep what you said?")
        counted.press("1", "1", "2")  # keep, quote, no contact
        terminal.sees("▸ Overall, how was your experience")
        counted.press("2")
        terminal.sees("▸ What happened, in their own words")
        terminal.type("They moved it twice and nobody rang.")
        counted.press("enter", "1")  # their own words
        terminal.sees("▸ Service")
        counted.press("h", "2")  # the practice, a carer
        terminal.sees("▸ Age")
        counted.press("0")
        terminal.sees("Receipt code for the person", "next person")
        assert counted.keys <= MOST_KEYS
        terminal.press("n")
        terminal.sees("▸ May we keep what you said?")
    with Kit.open(home / "kit") as kit:
        (record,) = kit.page("feedback")
        assert kit.drafts.all() == []
    assert record.values["experience"] == "They moved it twice and nobody rang."
    assert (record.values["service_area"], record.values["role"]) == ("gp", "carer")
    assert record.values["ethnic_group"] == "Z" and record.values["postcode_area"] == "declined"
    assert record.values["consent_contact"] == "N" and record.values["consent_notice"] == "3, English"
    assert "interpreter" not in record.values and "guardian_present" not in record.values


def test_the_terminals_cursor_stands_on_the_question_the_answer_and_the_row(home: Path) -> None:
    with Terminal(["--kit", "kit"], home) as terminal:
        terminal.sees("q lock and leave")
        terminal.press("f")
        terminal.at("▸ May we keep what you said?")
        terminal.press("1")
        terminal.at("▸ May we quote you")
        terminal.press("1", "1")
        terminal.at("▸ Overall, how was your experience")
        terminal.press("right", "right", "right", "right", "right", "right")
        terminal.at("6 don't know")
        terminal.press("1")
        terminal.sees("▸ What happened, in their own words")
        terminal.press("x")
        terminal.at("│ x")
        terminal.press("esc")
        terminal.sees("unfinished entry")
        terminal.press("u")
        terminal.at("Feedback  ")


def test_ctrl_c_stops_the_questions_of_plain_lines_wherever_the_tests_run(home: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as in the background of a shell
    try:
        with Terminal(["--kit", "kit", "record", "feedback"], home) as terminal:
            terminal.sees("prefer not to say")
            terminal.press("ctrl+c")
            terminal.sees("Nothing was kept.", "Stopped.")
    finally:
        signal.signal(signal.SIGINT, before)
