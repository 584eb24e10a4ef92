"""Restores backups and dies on the way: each line of input is `FOLDER BACKUP STEP`, each line of output an exit status.

Python announces every file that it opens, makes, renames or removes beforehand. At the STEP-th announcement below FOLDER's
parent, the child ends like a killed program, without a message.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from fieldkit.store.backup import restore

_STEPS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}


def dies_at(step: int, below: str) -> None:
    left = step

    def look(event: str, about: tuple[Any, ...]) -> None:
        nonlocal left
        if event in _STEPS and any(
            below in os.fsdecode(argument) for argument in about if isinstance(argument, str | bytes | Path)
        ):
            left -= 1
            if left == 0:
                os._exit(9)

    sys.addaudithook(look)


warm = False
for line in sys.stdin:
    folder, backup, step = line.rstrip("\n").split("\t")
    if not warm:
        # Load and compute once what a restore needs, so that each child already has it.
        with tempfile.TemporaryDirectory() as scratch:
            restore(Path(backup), Path(scratch) / "kit", None).close()
        warm = True
    child = os.fork()
    if child == 0:
        dies_at(int(step), str(Path(folder).parent))
        restore(Path(backup), Path(folder), None).close()
        os._exit(0)
    sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
    sys.stdout.flush()
