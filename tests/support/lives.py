"""Lives for tests to kill: a program that does in a child process, without end, what each line that it reads says.

Only the child is killed; the program itself lives on, so that its imports are paid for once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from fieldkit.records.schema.kind import kinds

END = " ."
"""Ends each whole line."""


def say(*parts: object) -> None:
    """Write a line that whoever reads it can tell from one that was cut off."""
    sys.stdout.write(" ".join(map(str, parts)) + END + "\n")
    sys.stdout.flush()


def live(act: Callable[[str], None]) -> None:
    """Say when it is ready, then do `act` with each line that is read, in a child, and say how that ended."""
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
        # Whatever line the child was cut off in ends here.
        sys.stdout.write("\n")
        say("ended", os.waitstatus_to_exitcode(status))
