"""A laptop that was handed over, in a real terminal: no key ends it, and after the window is closed it opens locked."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from fieldkit.store.kit import Kit
from fieldkit.sync.setup import create_network
from kiosk_desk import CANARIES, PIN, planted
from terminal import Terminal

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed"),
]


def test_nothing_leads_out_and_a_closed_window_opens_locked(tmp_path: Path) -> None:
    kit, _ = Kit.create(tmp_path / "kit", None)
    with kit:
        create_network(kit, "Bradford champions", "St Mary's laptop")
    planted(tmp_path / "kit")
    with Terminal(["--kit", "kit"], tmp_path) as terminal:
        terminal.sees("hand over")
        terminal.press("h")
        terminal.sees("Choose your language")
        terminal.press("1")
        terminal.sees("enter go on")
        for key in (
            "ctrl+c",
            "\x1a",
            "ctrl+q",
            "\x1c",
            "\x10",
            "f1",
            "\x1b[20~",
            "\x1b[23~",
            "\x1b[24~",
            "esc",
            "q",
        ):
            terminal.press(key)
        terminal.sees("Choose your language")  # which Esc leads back to
        terminal.send_signal(signal.SIGTSTP)  # suspending a program would show the shell below it
        terminal.press("1")
        terminal.sees("enter go on")
        terminal.press("enter")
        terminal.sees("May we keep what you said?")
        terminal.press("esc")
        terminal.sees("Before we begin")
        terminal.resize(30, 8)
        terminal.resize(80, 24)
        terminal.sees("volunteer")
        assert not any(canary in terminal.text for canary in CANARIES)
        assert "AT THIS EVENT" not in terminal.text
        terminal.hang_up()
    with Terminal(["--kit", "kit"], tmp_path) as terminal:
        terminal.sees("Please give the laptop back")
        assert "AT THIS EVENT" not in terminal.text
        terminal.press("\x1b[21~")
        terminal.sees("PIN, or the passphrase")
        terminal.type(PIN)
        terminal.press("enter")
        terminal.sees("take the laptop back")
        terminal.press("2")
        terminal.sees("AT THIS EVENT")
        terminal.press("q")
        assert terminal.wait() == 0
