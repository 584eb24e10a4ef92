"""The terminal of tests and pictures shows all that a program wrote, however late it looks."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from terminal import Terminal


def test_what_a_program_writes_as_it_ends_is_read(tmp_path: Path) -> None:
    with Terminal(["--version"], tmp_path) as terminal:
        lives, questions = terminal.process.isalive, iter((False, True))

        def lives_after_a_while() -> bool:
            # A busy machine: it writes and ends after the look for its output, before the look for itself.
            if next(questions, False):
                with suppress(ChildProcessError):
                    os.waitid(os.P_PID, terminal.process.pid, os.WEXITED | os.WNOWAIT)
            return bool(lives())

        terminal.process.isalive = lives_after_a_while
        assert terminal.wait() == 0
        assert "fieldkit" in terminal.text
