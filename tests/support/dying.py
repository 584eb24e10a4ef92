"""Dying like a killed program, at a chosen step of what a process does to files."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

_STEPS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}


def dies_at(step: int, below: str) -> None:
    """End this process, without a message, at its `step`-th step below that folder.

    Python announces every file that it opens, makes, renames or removes beforehand; each announcement is a step.
    """
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
