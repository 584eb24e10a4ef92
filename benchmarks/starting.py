"""The first frame in a real pseudo-terminal, against the smallest Textual program."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import pexpect

from benchmarks.making import make_hub

HELLO = """
from textual.app import App
from textual.widgets import Static
class Hello(App):
    def compose(self):
        yield Static("hello world")
Hello().run()
"""


def first_frame(arguments: list[str], marker: str, folder: Path) -> float:
    """Milliseconds from the start of a program until its first text is on the screen."""
    environment = {
        "TERM": "xterm-256color",
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "FIELDKIT_HOME": str(folder / "kit"),
    }
    environment["PYTHONPATH"] = ":".join(path for path in sys.path if path)
    start = time.perf_counter()
    child = pexpect.spawn(sys.executable, arguments, env=environment, dimensions=(24, 80), timeout=60)
    child.expect(marker)
    took = time.perf_counter() - start
    child.close(force=True)
    return took * 1000


def compare(runs: int) -> tuple[float, float, float]:
    """(ratio of medians, ours, hello) in milliseconds, measured alternately; without a passphrase, so that home comes first."""
    ours, hello = [], []
    with tempfile.TemporaryDirectory(prefix="fieldkit-bench-") as name:
        folder = Path(name)
        make_hub(folder / "kit")[0].close()
        (folder / "hello.py").write_text(HELLO)
        for turn in range(runs + 1):
            plain = first_frame([str(folder / "hello.py")], "hello", folder)
            other = first_frame(["-m", "fieldkit"], "fieldkit", folder)
            # The first run of each only warms the disk cache.
            if turn:
                hello.append(plain)
                ours.append(other)
    middle, least = statistics.median(ours), statistics.median(hello)
    return middle / least, middle, least
