"""The command line: every command does one thing, and answers in words for people or, with --json, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldkit.cli.run_session import OpenApp


def main(args: Sequence[str], open_app: OpenApp | None = None) -> int:
    """Run one command, given as the words after `fieldkit`; returns its exit code and never raises."""
    from fieldkit.cli.program import run  # the parser loads too slowly for the first frame

    return run(args, open_app)
