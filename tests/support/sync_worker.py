"""A program that imports, exports or merges without end and reports it, for tests that kill it.

Each line that it reads is `WHAT KIT FILE`, separated by tabs.
"""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

from fieldkit.store.kit import Kit
from fieldkit.sync.export.export import export
from fieldkit.sync.merge.files import files_in
from fieldkit.sync.merge.merge import merge
from fieldkit.sync.network.identity import identity
from import_steps import import_understood
from lives import live, say


def _work(line: str) -> None:
    """Report each act, but only after its call has returned."""
    what, folder, file = line.split("\t")
    path = Path(file)
    with Kit.open(Path(folder)) as kit:
        me = identity(kit)
        # A process that ended before it was killed would prove nothing, so the act is repeated.
        for number in count():
            say("begun", os.getpid())
            if what == "import":
                say("done", import_understood(kit, "feedback", path).stored)
            elif what == "export":
                say("done", export(kit, me, path / f"{os.getpid()}-{number}.fkb", full=True)[0].ops)
            else:
                say("done", merge(kit, me, files_in([path])).total("new_ops"))


if __name__ == "__main__":
    live(_work)
