"""A program that saves without end and says so, for tests that kill it.

Each line that it reads, `HOW TAG FOLDER`, is one life: a child process that does nothing but save. Only the
child is killed; the program itself lives on, so that its imports are paid for once.
"""

from __future__ import annotations

import os
import sys
from itertools import count
from pathlib import Path

from fieldkit.records.kinds import kinds
from fieldkit.store.kit import Kit

END = " ."
"""Ends each whole line."""


def _say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + END + "\n")
    sys.stdout.flush()


def _save(how: str, tag: str, folder: Path) -> None:
    """Say what was saved, each time only after the call that saved it has returned."""
    with Kit.open(folder) as kit:
        record = kit.get(kit.add("event", {"title": f"{tag} edited"}).record_id) if how == "edit" else None
        _say("open", os.getpid())
        for number in count():
            if how == "one":
                _say(kit.add("feedback", {"experience": f"{tag} {number} " + "word " * 40}).record_id)
            elif how == "many":
                batch = [{"experience": f"{tag} {number} {n} " + "word " * 40} for n in range(120)]
                _say(*(one.record_id for one in kit.add_many("feedback", batch)))
            elif record is not None:
                record = kit.edit(record, {"title": f"{tag} {number}"})
                _say(record.record_id, number)


def main() -> None:
    kinds()
    _say("ready")
    for line in sys.stdin:
        how, tag, folder = line.rstrip("\n").split(" ", 2)
        child = os.fork()
        if child == 0:
            try:
                _save(how, tag, Path(folder))
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        # Whatever line the child was cut off in ends here.
        sys.stdout.write("\n")
        _say("ended", os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
