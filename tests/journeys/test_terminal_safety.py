"""The installed program in a real terminal: typed text is safe, whatever ends the program and in any terminal."""

from __future__ import annotations

import re
import signal
import sys
import time
from pathlib import Path

import pytest

from fieldkit.store.kit import Kit
from fieldkit.sync.setup import create_network
from terminal import Terminal, grey

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed"),
]
PASSPHRASE = "four plain brown hens"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a coordinator's kit in `kit` in which no event is chosen."""
    kit, _ = Kit.create(tmp_path / "kit", None)
    with kit:
        create_network(kit, "Bradford champions", "St Mary's laptop")
    return tmp_path


def _open(home: Path, columns: int = 80, rows: int = 24, **env: str) -> Terminal:
    terminal = Terminal(["--kit", "kit"], home, columns, rows, env)
    terminal.sees("AT THIS EVENT", "q lock and leave")
    return terminal


def _begin(terminal: Terminal) -> None:
    """Begin new feedback, up to the person's words."""
    terminal.press("f")
    terminal.sees("step 1 of 3", "▸ May we keep what you said?")
    terminal.press("1", "1", "1", "enter")
    terminal.sees("step 2 of 3", "▸ What happened, in their own words")


def _drafted(home: Path) -> str:
    """The words of the only unfinished entry; "" if there is none."""
    with Kit.open(home / "kit") as kit:
        assert kit.check() == []
        drafts = kit.drafts.all()
        assert len(drafts) <= 1
        return str(drafts[0].values.get("experience") or "") if drafts else ""


def test_a_draft_survives_a_kill_in_the_middle_of_typing(home: Path) -> None:
    typed: list[tuple[float, str]] = []
    with _open(home) as terminal:
        _begin(terminal)
        began = time.monotonic()
        while (now := time.monotonic()) < began + 2.5:
            word = f"w{len(typed)}."
            terminal.type(word + " ")
            terminal.sees(word)
            typed.append((now, word))
        struck = time.monotonic()
        terminal.send_signal(signal.SIGKILL)
        assert terminal.wait() == -signal.SIGKILL
    kept = _drafted(home).split()
    # It may have been kept in the middle of a word.
    *whole, last = kept
    typed_words = [word for _, word in typed]
    assert whole == typed_words[: len(whole)]
    assert typed_words[len(whole)].startswith(last)
    assert {word for at, word in typed if at < struck - 1.0} <= set(kept)

    with _open(home) as terminal:
        terminal.sees("1  unfinished entry")
        terminal.press("u")
        terminal.sees("Unfinished entries", "w0. w1.")
        terminal.press("enter")
        # It continues at the same question, and is still one entry.
        terminal.sees(
            "unfinished", "step 2 of 3", "▸ What happened, in their own words", "Whose words", kept[-1]
        )
        terminal.type(" And on.")
        terminal.sees("on.  ")
        terminal.press("f2")
        terminal.sees("✓ saved")
        terminal.press("ctrl+q")
        assert terminal.wait() == 0
    with Kit.open(home / "kit") as kit:
        [saved] = kit.page("feedback", 0, 10)
        assert saved.values["experience"] == " ".join(kept) + " And on."
        assert kit.drafts.all() == []


def test_a_window_that_changes_its_size_and_ctrl_c_lose_nothing(home: Path) -> None:
    with _open(home) as terminal:
        _begin(terminal)
        terminal.type("At eighty, ")
        terminal.sees("At eighty,")
        terminal.resize(120, 40)
        terminal.type("at a hundred and twenty, ")
        terminal.sees("at a hundred and twenty,", "f2 save")
        terminal.resize(60, 15)
        terminal.type("in a small one.")
        terminal.sees("in a small", "one.")
        terminal.press("ctrl+c")
        terminal.sees("To leave, press Ctrl+Q")
        terminal.resize(80, 24)
        terminal.type(" Yes.")
        terminal.sees("At eighty, at a hundred and twenty, in a small one. Yes.", "enter next")
        terminal.press("ctrl+q")
        assert terminal.wait() == 0
    assert _drafted(home) == "At eighty, at a hundred and twenty, in a small one. Yes."


@pytest.mark.parametrize("how", ["SIGTERM", "a closed window"])
def test_being_ended_from_outside_loses_nothing(home: Path, how: str) -> None:
    with _open(home) as terminal:
        _begin(terminal)
        terminal.type("The last word")
        terminal.sees("The last word")
        if how == "SIGTERM":
            terminal.send_signal(signal.SIGTERM)
            terminal.wait()
        else:
            terminal.hang_up()
    assert _drafted(home) == "The last word"


# Other terminals


@pytest.mark.parametrize(
    "env",
    [{"NO_COLOR": "1"}, {"TERM": "linux"}, {"TERM": "xterm"}, {"TERM": "vt100"}],
    ids=lambda env: "-".join(env.values()),
)
def test_other_terminals(home: Path, env: dict[str, str]) -> None:
    with _open(home, 120, 40, **env) as terminal:
        assert terminal.line("AT THIS EVENT").count("NEEDS YOU") == 1
        if "NO_COLOR" in env:
            assert all(grey(colour) for colour in terminal.colours())
        terminal.press("f")
        terminal.sees("▸ May we keep what you said?")
        terminal.press("f1")
        terminal.sees("Without a yes, nothing is kept.")
        terminal.press("esc")
        terminal.sees_no("Without a yes, nothing is kept.")
        terminal.press("ctrl+q")
        assert terminal.wait() == 0


def test_a_passphrase_and_its_recovery_code(tmp_path: Path) -> None:
    with Terminal(["--kit", "kit"], tmp_path) as terminal:
        terminal.sees("Create a network")
        terminal.press("1")
        terminal.sees("Name of the network")
        terminal.type("Hull")
        terminal.press("enter")
        terminal.at("Name of this laptop")
        terminal.press("enter")
        for line in ("Passphrase", "The same again"):
            terminal.at(line)
            terminal.type(PASSPHRASE)
            terminal.press("enter")
        terminal.at("Safeguarding lead")
        terminal.press("enter")
        numbered = dict(re.findall(r"(\d+)  ([a-z]+)\b", terminal.sees("Recovery code", "written")))
        code = " ".join(numbered[str(number)] for number in range(1, 13))
        assert PASSPHRASE not in terminal.text
        terminal.type("written")
        terminal.press("enter")
        terminal.sees("AT THIS EVENT")
        assert "No passphrase" not in terminal.text
        terminal.press("q")
        assert terminal.wait() == 0

    with Terminal(["--kit", "kit"], tmp_path) as terminal:
        terminal.sees("This kit is locked.")
        terminal.type("four plain wrong words")
        terminal.press("enter")
        terminal.sees("does not open this kit")
        terminal.type(code)
        terminal.press("enter")
        terminal.sees("AT THIS EVENT")
        terminal.press("q")
        assert terminal.wait() == 0
