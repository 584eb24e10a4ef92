"""A program that imports, exports or merges without end and says so, for tests that kill it.

Each line that it reads, `WHAT KIT FILE`, is one life: a child process. Only the child is killed; the program itself
lives on, so that its imports are paid for once.
"""

from __future__ import annotations

import os
import sys
from itertools import count
from pathlib import Path

from fieldkit.records.kinds import kinds
from fieldkit.store.kit import Kit
from fieldkit.sync.export import export
from fieldkit.sync.identity import identity
from fieldkit.sync.intake import import_rows
from fieldkit.sync.merge import files_in, merge

END = " ."
"""Ends each whole line."""


def _say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + END + "\n")
    sys.stdout.flush()


def _work(what: str, folder: Path, path: Path) -> None:
    """Say what was done, each time only after the call that did it has returned."""
    with Kit.open(folder) as kit:
        me = identity(kit)
        # A life that is over before it was killed would show nothing: what ends is begun again.
        for number in count():
            _say("begun", os.getpid())
            if what == "import":
                _say("done", import_rows(kit, "feedback", path).stored)
            elif what == "export":
                _say("done", export(kit, me, path / f"{os.getpid()}-{number}.fkb", full=True)[0].ops)
            else:
                _say("done", merge(kit, me, files_in([path])).total("new_ops"))


def main() -> None:
    kinds()
    _say("ready")
    for line in sys.stdin:
        what, folder, path = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            try:
                _work(what, Path(folder), Path(path))
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        # Whatever line the child was cut off in ends here.
        sys.stdout.write("\n")
        _say("ended", os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
