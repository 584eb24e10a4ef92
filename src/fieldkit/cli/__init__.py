"""The command line: every command does one thing, in words for people or, with --json, for programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

OpenApp = Callable[[Path, str | None, bool], int]
"""Opens the screens on a kit: (folder, secret, whether it is a demonstration) to an exit code."""


def main(args: Sequence[str], open_app: OpenApp | None = None) -> int:
    """Run one command, given as the words after `fieldkit`; returns its exit code and never raises."""
    from fieldkit.cli.program import run

    return run(args, open_app)
