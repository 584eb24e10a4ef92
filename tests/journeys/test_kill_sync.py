"""Killed at random moments of importing, exporting and merging: nothing saved is lost, and repeating the step works."""

from __future__ import annotations

import os
import random
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from fieldkit.store.kit import Kit
from fieldkit.sync.merge.report import KNOWN, MERGED, QUARANTINED
from import_steps import import_understood
from lives import END
from networks import Laptop, Network
from project_files import SUPPORT

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="lives that are killed are made by fork"),
]

#: The number of killed processes in each test: 36 in all.
LIVES = 12
ROWS = 400


class Worker:
    """`sync_worker.py`, and killing what it does."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._in, self._out = process.stdin, process.stdout
        assert self._line() == ["ready"]

    def _line(self) -> list[str] | None:
        """The next complete line of its output; None for one that was cut short."""
        line = self._out.readline().decode()
        assert line, "the worker stopped by itself"
        return line.removesuffix(END + "\n").split() if line.endswith(END + "\n") else None

    def life(self, what: str, kit: Path, path: Path, chance: random.Random, longest: float) -> int:
        """Let a child work and kill it within `longest` seconds; returns how often it finished before."""
        self._in.write(f"{what}\t{kit}\t{path}\n".encode())
        self._in.flush()
        begun = self._line()
        assert begun and begun[0] == "begun", begun
        done = 0
        # Wait on the pipe, so that the kill comes that long after the work began, or right after it was done.
        if select.select([self._out], [], [], chance.random() * longest)[0] and (line := self._line()):
            done += line[0] == "done"
        os.kill(int(begun[1]), signal.SIGKILL)
        while (line := self._line()) is None or line[0] != "ended":
            done += line is not None and line[0] == "done"
        assert line == ["ended", str(-signal.SIGKILL)]
        return done


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with subprocess.Popen(
        [sys.executable, "-u", str(SUPPORT / "sync_worker.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    ) as process:
        yield Worker(process)
        assert process.stdin is not None
        process.stdin.close()


def rows(path: Path) -> Path:
    """A file with an invalid row in every nine."""
    path.write_text(
        "rating,experience\n" + "".join(f"{1 + n % 9},row {n} {'word ' * 20}\n" for n in range(ROWS))
    )
    return path


def reopened(laptop: Laptop) -> Kit:
    """The laptop's kit after a kill, checked to be sound."""
    laptop.kit = Kit.open(laptop.kit.folder)
    assert laptop.kit.check() == []
    runs = laptop.kit.ledger.held(laptop.me.origin)
    assert len(runs) <= 1
    return laptop.kit


def test_killed_while_importing(network: Network, worker: Worker, tmp_path: Path) -> None:
    hub, chance = network.hub, random.Random(11)
    path = rows(tmp_path / "rows.csv")
    planned = import_understood(hub.kit, "feedback", path, dry_run=True)
    kept = hub.kit.add("feedback", {"rating": "1", "experience": "saved before"}).record_id
    # The time of one import here and a little more: some kills come during it, some after it.
    start = monotonic()
    import_understood(hub.kit, "feedback", path)
    longest = 1.3 * (monotonic() - start)
    held, unfinished = 1 + planned.stored, 0
    for _ in range(LIVES):
        hub.kit.close()
        done = worker.life("import", hub.kit.folder, path, chance, longest)
        kit = reopened(hub)
        now = kit.counts()["feedback"]
        # Only complete imports; at most the interrupted one was not reported as done.
        assert (now - held) % planned.stored == 0
        assert done <= (now - held) // planned.stored <= done + 1
        unfinished += (now - held) // planned.stored == 0
        held = now
        assert kit.get(kept).values["experience"] == "saved before"
        # No half-written list of refused rows remains from an import that did not happen.
        lists = list(tmp_path.glob("*.refused*.csv"))
        assert all(file.read_bytes().endswith(b"\n") for file in lists)
    assert unfinished
    again = import_understood(hub.kit, "feedback", path)
    assert (again.rows, again.stored) == (ROWS, planned.stored)
    assert hub.kit.counts()["feedback"] == held + planned.stored
    assert hub.kit.check() == []


def test_killed_while_exporting(network: Network, worker: Worker, tmp_path: Path) -> None:
    hub, chance = network.hub, random.Random(12)
    laptop = network.joins("A", trusted="field")
    laptop.kit.add_many("feedback", [{"rating": "1", "experience": f"{n} " * 40} for n in range(1_500)])
    state = laptop.kit.state_hash()
    stick = tmp_path / "stick"
    stick.mkdir()
    start = monotonic()
    hub.merge(*laptop.export(full=True))
    longest, whole = monotonic() - start, 0
    earlier = {sent.name for sent in laptop.kit.ledger.sent()}
    for _ in range(LIVES):
        laptop.kit.close()
        done = worker.life("export", laptop.kit.folder, stick, chance, longest)
        kit = reopened(laptop)
        assert kit.state_hash() == state
        # A file with the name of a bundle is a complete bundle; what was reported as exported is there.
        bundles = sorted(stick.glob("*.fkb"))
        for path in bundles[whole:]:
            report = hub.merge(path)
            assert [(file.status in {MERGED, KNOWN}, file.ops) for file in report.files] == [(True, 1_500)]
        assert len(bundles) - whole >= done
        whole = len(bundles)
        names = {sent.name for sent in kit.ledger.sent()}
        assert names - earlier <= {path.name for path in bundles}
    (bundle,) = laptop.export(full=True)
    assert hub.take(bundle).ops == 1_500
    assert hub.kit.counts()["feedback"] == 1_500
    assert hub.kit.check() == []


def test_killed_while_merging(network: Network, worker: Worker, tmp_path: Path) -> None:
    hub, chance = network.hub, random.Random(13)
    stick = tmp_path / "stick"
    stick.mkdir()
    laptops = [network.joins(name, trusted="field") for name in "AB"]
    stranger = network.joins("Stranger")
    fair = hub.kit.add("event", {"title": "Fair"})
    for laptop in (*laptops, stranger):
        laptop.merge(hub.invite())
        with laptop.kit.adding() as add:
            for n in range(3):
                add(
                    "feedback",
                    [{"rating": "1", "experience": f"{laptop.me.name} {n} {i}"} for i in range(200)],
                )
        laptop.kit.edit(laptop.kit.get(fair.record_id), {"title": f"Fair of {laptop.me.name}"})
        for path in laptop.export():
            shutil.copy(path, stick / f"{laptop.me.name}-{path.name}")
    (stick / "broken.fkb").write_bytes(next(stick.glob("A-*")).read_bytes()[:-4_000])
    kept = hub.kit.add("feedback", {"rating": "1", "experience": "saved before"}).record_id
    hub.kit.close()
    template = tmp_path / "template"
    shutil.copytree(hub.kit.folder, template)
    hub.kit = Kit.open(hub.kit.folder)
    start = monotonic()
    expected = hub.merge(*sorted(stick.iterdir()))
    longest = 1.3 * (monotonic() - start)
    assert [file.status for file in expected.files].count(QUARANTINED) == 2
    state = hub.state()
    unfinished = 0
    for _ in range(LIVES):
        # Start each time with the kit as it was before.
        hub.kit.close()
        shutil.rmtree(hub.kit.folder)
        shutil.copytree(template, hub.kit.folder)
        done = worker.life("merge", hub.kit.folder, stick, chance, longest)
        kit = reopened(hub)
        if done:
            assert hub.state() == state
        unfinished += kit.state_hash() != state[0]
        assert kit.get(kept).values["experience"] == "saved before"
        again = hub.merge(*sorted(stick.iterdir()))
        assert [file.status == QUARANTINED for file in again.files] == [
            file.status == QUARANTINED for file in expected.files
        ]
        assert hub.state() == state
        assert {file.reason for file in kit.ledger.quarantine()} == {"damaged", "unknown-sender"}
    assert unfinished
    # The stranger who waited can be trusted as if nothing had happened.
    assert hub.trust(stranger).total("new_records") == 600
    assert hub.kit.check() == []
