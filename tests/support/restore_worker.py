"""Restores backups and dies on the way: each line of input is `FOLDER BACKUP STEP`, each line of output an exit status.

The child dies at the STEP-th step below FOLDER's parent.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from dying import dies_at
from fieldkit.store.backup import restore

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
