"""No remains of a line stay on the screen of another terminal: tmux measures letters by the C library's tables."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from fieldkit.store.kit import Kit
from terminal import PATIENCE, environment, program

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(
        shutil.which("tmux") is None and os.environ.get("CI") != "true", reason="tmux is not installed"
    ),
]

NAMES = (
    "Zoë 👩‍👩‍👧‍👦 family", "Ann 🇬🇧🇫🇷 flags", "Keys 1️⃣ #️⃣ caps", "Wave 👋🏽 hand", "Heart ❤️ ❤️‍🔥", "गुरप्रीत सिंह कौर हिन्दी",
    "ਗੁਰਪ੍ਰੀਤ ਕੌਰ ਸਿੰਘ ਢਿੱਲੋਂ", "தமிழ் கொடி", "മലയാളം കോഴി", "မောင်အောင်", "Nguyễn Văn An", "e\u0301e\u0301 accents", "診療所 太郎",
)  # fmt: skip


class Tmux:
    """The installed program in a window of tmux."""

    def __init__(self, folder: Path, kit: Path) -> None:
        self._socket, self._env = str(folder / "tmux"), environment(folder)
        command = " ".join([*program(), "--kit", str(kit)])
        self._run("new-session", "-d", "-x", "80", "-y", "24", command)

    def _run(self, *arguments: str) -> str:
        tmux = ["tmux", "-S", self._socket, "-f", "/dev/null", "-u"]
        return subprocess.run(
            [*tmux, *arguments], env=self._env, check=True, capture_output=True, text=True
        ).stdout

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names."""
        self._run("send-keys", *keys)

    @property
    def lines(self) -> list[str]:
        """Its rows, except the last, which shows a clock."""
        return [row.rstrip() for row in self._run("capture-pane", "-p").split("\n")][:23]

    def until(self, holds: Callable[[list[str]], bool], what: str) -> None:
        """Wait until `holds` is true of the screen."""
        end = time.monotonic() + PATIENCE
        while not holds(self.lines):
            assert time.monotonic() < end, f"waited in vain for {what}:\n" + "\n".join(self.lines)
            time.sleep(0.05)

    def nothing_remains(self) -> None:
        """Check that the screen looks the same after the program has redrawn it on a cleared screen, forced by a resize."""
        seen = self.lines
        self._run("resize-window", "-x", "81", "-y", "24")
        # Wait for all of it: what is drawn late in the wider window would end up in the narrow one.
        wide = (len(seen[0]) + 1, 81, 81)
        self.until(lambda lines: (len(lines[0]), len(lines[1]), len(lines[22])) == wide, "the wider window")
        self._run("resize-window", "-x", "80", "-y", "24")
        self.until(lambda lines: lines == seen, "\n".join(["the same screen as before:", *seen, "not"]))

    def close(self) -> None:
        """End the window and tmux."""
        subprocess.run(["tmux", "-S", self._socket, "kill-server"], check=False, capture_output=True)


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    kit = tmp_path / "kit"
    subprocess.run(
        [sys.executable, "-m", "fieldkit", "--kit", str(kit), "network", "create", "X", "--no-passphrase"],
        env=environment(tmp_path), check=True, capture_output=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    with Kit.open(kit) as opened:
        opened.add_many("person", [{"name": name, "consent_record": "Y"} for name in NAMES])
        opened.add("event", {"title": "Fair", "date": date.today().isoformat()})
    window = Tmux(tmp_path, kit)
    yield window
    window.close()


def test_a_list_of_names_in_many_scripts_leaves_no_remains(tmux: Tmux) -> None:
    tmux.until(lambda lines: any("RECORD" in line for line in lines), "home")
    tmux.press("p")
    tmux.until(lambda lines: any("Zoë" in line for line in lines), "the people")
    tmux.press("Down", "Down", "End", "Home", "/", "a", "n")
    tmux.until(
        lambda lines: "3 with these words" in lines[0] and "/ an" in lines[2], "those that fit both letters"
    )
    tmux.nothing_remains()
    tmux.press("Escape")
    tmux.until(lambda lines: f"{len(NAMES)} in all" in lines[0], "all of them")
    tmux.nothing_remains()


def test_names_at_the_stall_wipe_out_nothing_beside_them(tmux: Tmux) -> None:
    tmux.until(lambda lines: any("RECORD" in line for line in lines), "home")
    tmux.press("a")
    tmux.until(lambda lines: any("today's event" in line for line in lines), "the question")
    tmux.press("Enter")
    tmux.until(lambda lines: any(line.startswith(" NAME") for line in lines), "the board")
    for typed in ("g", "gur", "zo", "tami", "mal", "k"):
        tmux.press("C-u")
        tmux.press(typed)
        tmux.until(lambda lines, typed=typed: f"new: {typed}" in "\n".join(lines), typed)
        tmux.nothing_remains()
