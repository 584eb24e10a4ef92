"""Simulate networks for a time: `python -m tests.simulate --minutes 10 --seed 1`."""

# ruff: noqa: T201 - a program that is run by hand prints its results

from __future__ import annotations

import argparse
import os
import sys
import time

from .pages import readable
from .steps import story
from .story_run import as_text, run_story, shrink


def main() -> int:
    """Run one seed after another; on a failure, print its seed and a shrunk story, and return 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulate", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0, help="how long to go on")
    parser.add_argument("--seed", type=int, default=1, help="the first seed; the next ones follow")
    parser.add_argument("--steps", type=int, default=90, help="steps of each story")
    parser.add_argument("--calm", action="store_true", help="nobody copies, restores or revokes a laptop")
    parser.add_argument("--count", type=int, default=0, help="stop after so many seeds")
    parser.add_argument("--shrink", type=float, default=120, help="seconds to spend on shrinking")
    asked = parser.parse_args()
    if not readable():
        print(
            "OpenSSL's library is not installed: NOBODY LOOKS FOR ERASED WORDS in the pages.", file=sys.stderr
        )
        if os.environ.get("CI") == "true":
            return 2
    until = time.monotonic() + 60 * asked.minutes
    seed = asked.seed
    while time.monotonic() < until and not (asked.count and seed >= asked.seed + asked.count):
        steps = story(seed, asked.steps, calm=asked.calm)
        if failure := run_story(steps):
            print(f"seed {seed}: {failure}", flush=True)
            shrunk = shrink(steps, asked.shrink)
            print(f"shrunk to {len(shrunk)} of {len(steps)} steps:\n{as_text(shrunk)}\n  {run_story(shrunk)}")
            return 1
        seed += 1
    print(f"{seed - asked.seed} stories of {asked.steps} steps held (seeds {asked.seed} to {seed - 1})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
