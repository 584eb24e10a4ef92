"""Child processes for tests to kill: for each line that it reads, the program runs an endless task in a child process.

Only the child is killed; the program itself stays alive, so that it imports modules only once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from fieldkit.records.schema.kind import kinds

END = " ."
"""Ends each complete line."""


def say(*parts: object) -> None:
    """Write a line that its reader can tell from one that was cut off."""
    sys.stdout.write(" ".join(map(str, parts)) + END + "\n")
    sys.stdout.flush()


def live(act: Callable[[str], None]) -> None:
    """Report when ready; then run `act` in a child for each line read, and report how the child ended."""
    kinds()
    say("ready")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                act(line.rstrip("\n"))
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        # End the line in which the child may have been killed.
        sys.stdout.write("\n")
        say("ended", os.waitstatus_to_exitcode(status))
