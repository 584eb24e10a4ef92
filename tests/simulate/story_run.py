"""Running a story to its end, and shrinking one that fails."""

from __future__ import annotations

import shutil
import tempfile
import time
import traceback
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from fieldkit.store.kit import Kit

from .invariants import check_at_end, check_laptop
from .laptop import Skip
from .steps import Step
from .world import World


@cache
def _template() -> Path:
    """An empty kit to copy for each laptop, which is faster than making one."""
    import atexit

    folder = Path(tempfile.mkdtemp(prefix="fieldkit-simulate-"))
    atexit.register(shutil.rmtree, folder, True)
    kit, _ = Kit.create(folder / "kit", None)
    kit.close()
    return folder / "kit"


def run_story(steps: Sequence[Step]) -> str:
    """Run a story; returns "" or a description of the failure."""
    with tempfile.TemporaryDirectory(prefix="fieldkit-simulate-") as folder:
        world = World(Path(folder), _template())
        step: Step | str = "at the end"
        try:
            with world.running():
                for step in steps:
                    try:
                        laptop = world.do(step)
                    except Skip:
                        if (skipped := world.laptops.get(step.who)) is None:
                            continue
                        laptop = skipped
                    check_laptop(world, laptop)
                step = "at the end"
                check_at_end(world)
        except AssertionError as failure:
            return f"{step}: {failure}"
        except Exception as failure:
            where = traceback.extract_tb(failure.__traceback__)[-1]
            return (
                f"{step}: {type(failure).__name__}: {failure} ({Path(where.filename).name}:{where.lineno})\n"
                + "".join(traceback.format_exception(failure)[-12:])
            )
    return ""


def shrink(steps: Sequence[Step], seconds: float = 120) -> list[Step]:
    """The shortest story found in the time that still fails: steps are left out, halves first."""
    until = time.monotonic() + seconds
    left = list(steps)
    size = max(1, len(left) // 2)
    while time.monotonic() < until:
        at, cut = 0, False
        while at < len(left) and time.monotonic() < until:
            shorter = left[:at] + left[at + size :]
            if run_story(shorter):
                left, cut = shorter, True
            else:
                at += size
        if size == 1 and not cut:
            break
        size = max(1, size // 2)
    return left


def as_text(steps: Sequence[Step]) -> str:
    """A story as lines of Python, to be run again."""
    return "\n".join(f"    {tuple(step)!r}," for step in steps)
