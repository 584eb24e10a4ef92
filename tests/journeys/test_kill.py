"""Killed at random moments of saving and importing: what was reported as saved is there, and the file is sound."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.store.kit import Kit
from lives import END
from project_files import SUPPORT
from streams import parcels

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="lives that are killed are made by fork"),
]

#: The number of killed processes in each test: 37 in all.
SAVING, IMPORTING, EDITING = 20, 12, 5


class Worker:
    """`kill_worker.py`, and killing what it does."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert self._line() == "ready"

    def _line(self) -> str | None:
        """The next line of its output; None for one that was cut short."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the worker stopped by itself"
        return line.removesuffix(END + "\n") if line.endswith(END + "\n") else None

    def life(self, kit: Kit, how: str, chance: random.Random, most: int, tag: str = "life") -> list[str]:
        """Let a child save for a while and kill it at some moment; returns its output."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{how} {tag} {kit.folder}\n")
        self._process.stdin.flush()
        word, pid = (self._line() or "").split()
        assert word == "open"
        lines = [self._line() for _ in range(chance.randint(0, most))]
        # Kill a little later, so that it happens anywhere in the next save and not only after one.
        blow = threading.Timer(chance.random() * 0.02, os.kill, (int(pid), signal.SIGKILL))
        blow.start()
        while not (lines and lines[-1] and lines[-1].startswith("ended ")):
            lines.append(self._line())
        blow.join()
        assert lines.pop() == f"ended {-signal.SIGKILL}"
        return [line for line in lines if line is not None]


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with subprocess.Popen(
        [sys.executable, str(SUPPORT / "kill_worker.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Worker(process)
        assert process.stdin is not None
        process.stdin.close()


def _is_whole(folder: Path) -> None:
    """Check that the file is sound, this device's ops are dense, and the kit is writable."""
    with Kit.open(folder) as kit:
        assert kit.check() == []
        for span, lines in parcels(kit):
            assert (span.first, span.last) == (1, len(lines))
        kit.add("event", {"title": "Still recording"})


def test_killed_while_saving(kit: Kit, worker: Worker) -> None:
    kit.close()
    chance = random.Random(1)
    saved: list[str] = []
    for number in range(SAVING):
        saved += worker.life(kit, "one", chance, 12)
        with Kit.open(kit.folder) as after:
            assert set(after.many("feedback", saved)) == set(saved)
            # At most the record being saved was not reported in time.
            assert 0 <= after.count("feedback") - len(saved) <= number + 1
        _is_whole(kit.folder)
    assert saved


def test_killed_while_importing(kit: Kit, worker: Worker) -> None:
    kit.close()
    chance = random.Random(2)
    saved: list[str] = []
    for _ in range(IMPORTING):
        saved += " ".join(worker.life(kit, "many", chance, 3)).split()
        with Kit.open(kit.folder) as after:
            assert set(after.many("feedback", saved)) == set(saved)
            # A batch is stored completely or not at all.
            assert after.count("feedback") % 120 == 0
        _is_whole(kit.folder)
    assert saved


def test_killed_while_editing(kit: Kit, worker: Worker) -> None:
    kit.close()
    chance = random.Random(3)
    for number in range(EDITING):
        lines = worker.life(kit, "edit", chance, 12, f"life-{number}")
        with Kit.open(kit.folder) as after:
            if lines:
                record_id, last = lines[-1].split()
                title = after.get(record_id).values["title"]
                assert title in {f"life-{number} {last}", f"life-{number} {int(last) + 1}"}
            assert after.conflict_count() == 0
        _is_whole(kit.folder)
