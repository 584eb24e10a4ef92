"""Merging with a second process ends as without it, and nothing is lost if that process goes."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldkit.store.journal.bundle_reader import BATCH, Batch
from fieldkit.sync.bundle import prefetch as module
from fieldkit.sync.bundle.prefetch import Ahead, HelperLost
from fieldkit.sync.merge import merge as merging
from networks import Laptop, Network


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Network]:
    """A coordinator with four laptops, and two processors wherever this runs."""
    network = Network.create(tmp_path / "net")
    for name in ("Asha", "Ben", "Chen", "Dee"):
        network.joins(name, trusted="field")
    yield network
    network.close()


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every merge uses the second process and waits for it; the list holds the requests to it."""
    asked: list[int] = []
    start, ask = Ahead.start, Ahead.ask

    def start_and_wait(self: Ahead) -> None:
        start(self)
        assert self.wait(120)

    def counted(self: Ahead, *what: Any) -> int:
        asked.append(ask(self, *what))
        return asked[-1]

    monkeypatch.setattr(merging, "WORTHWHILE", 0)
    monkeypatch.setattr(merging, "processors", lambda: 2)
    monkeypatch.setattr(Ahead, "start", start_and_wait)
    monkeypatch.setattr(Ahead, "ask", counted)
    return asked


def recorded(net: Network, each: int = 30) -> list[Path]:
    """Each laptop's records, an edit of the last, and its bundle."""
    paths = []
    for laptop in net.others[:4]:
        for number in range(each):
            kept = laptop.kit.add(
                "feedback", {"experience": f"{laptop.me.name} {number}", "date": "2025-05-01"}
            )
        laptop.kit.edit(kept, {"rating": "2"})
        paths += laptop.export()
    return paths


def kill(ahead: Ahead) -> None:
    """End the second process, whatever it is doing."""
    assert ahead._process is not None
    ahead._process.kill()
    ahead._process.wait()


def twin(net: Network) -> Laptop:
    """Another coordinator, to whom all laptops send as well."""
    other = net.joins("Eva", trusted="coordinator")
    other.kit.add("event", {"title": "Hello"})
    # Its first bundle states the key to seal to.
    net.hub.merge(*other.export())
    invitation = net.hub.invite()
    for laptop in reversed(net.others):
        laptop.merge(invitation)
    return other


def test_a_merge_in_two_processes_ends_as_in_one(
    net: Network, eager: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = twin(net)
    paths = recorded(net)
    preview = net.hub.merge(*paths, dry_run=True)
    assert net.hub.kit.counts().get("feedback", 0) == 0
    report = net.hub.merge(*paths)
    assert [file.status for file in report.files] == ["merged"] * 4
    assert preview.total("new_records") == report.total("new_records") == 120
    # It starts with the first file, when the second is about to be read, so it gets the other two of each merge.
    assert len([number for number in eager if number]) == 4
    eager.clear()
    assert [file.status for file in net.hub.merge(*reversed(paths)).files] == ["nothing new"] * 4
    assert eager == []
    monkeypatch.setattr(merging, "processors", lambda: 1)
    assert [file.sentence for file in alone.merge(*paths).files] == [""] * 4
    assert eager == []
    assert alone.state()[1]["feedback"] == 120
    # The state covers neither the roster nor settings, so both coordinators have the same.
    assert net.hub.state()[0] == alone.state()[0]


def test_one_bad_file_among_good_ones(net: Network, eager: list[int]) -> None:
    paths = recorded(net)
    bad = bytearray(paths[2].read_bytes())
    bad[len(bad) // 2] ^= 1
    paths[2].write_bytes(bad)
    report = net.hub.merge(*paths)
    assert [file.status for file in report.files] == ["merged", "merged", "quarantined", "merged"]
    assert net.hub.state()[1]["feedback"] == 90


def test_nothing_is_lost_when_it_is_killed(
    net: Network, eager: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, killed = Ahead.ask, []

    def ask_and_kill(self: Ahead, *what: Any) -> int:
        number = ask(self, *what)
        if not killed:
            killed.append(number)
            kill(self)
        return number

    monkeypatch.setattr(Ahead, "ask", ask_and_kill)
    report = net.hub.merge(*recorded(net))
    assert len(killed) == 1
    assert [file.status for file in report.files] == ["merged"] * 4
    assert net.hub.state()[1]["feedback"] == 120


def test_nothing_is_lost_when_it_is_killed_in_the_middle_of_an_answer(
    net: Network, eager: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second batch is larger than a pipe's buffer, so it arrives cut."""
    opening, cut = Ahead.open_payload, []

    def open_and_kill(self: Ahead, number: int) -> tuple[bytes, Iterator[Batch]]:
        header, batches = opening(self, number)

        def first_then_the_rest() -> Iterator[Batch]:
            yield next(batches)
            kill(self)
            try:
                yield from batches
            except HelperLost:
                cut.append(number)
                raise

        return header, first_then_the_rest()

    monkeypatch.setattr(Ahead, "open_payload", open_and_kill)
    paths = []
    for laptop in net.others[:4]:
        laptop.kit.add_many("feedback", [{"experience": "x" * 4_000} for _ in range(2 * BATCH)])
        paths += laptop.export()
    report = net.hub.merge(*paths)
    assert len(cut) == 1
    assert [file.status for file in report.files] == ["merged"] * 4
    assert net.hub.state()[1]["feedback"] == 8 * BATCH


@pytest.mark.parametrize("room", [False, True])
def test_one_that_does_nothing_any_more_is_not_waited_for(
    net: Network, eager: list[int], monkeypatch: pytest.MonkeyPatch, room: bool
) -> None:
    """Stopped for any reason: while it is read from, or when writing to it finds no room."""
    ask = Ahead.ask
    stopped: list[int] = []
    woken: list[int] = []

    def wake() -> None:
        woken.extend(stopped)
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)

    def stop_and_ask(self: Ahead, payload: bytes, *what: Any) -> int:
        if not stopped:
            stopped.append(self.pid)
            os.kill(self.pid, signal.SIGSTOP)
            payload = payload if room else bytes(2 << 20)
        return ask(self, payload, *what)

    monkeypatch.setattr(Ahead, "ask", stop_and_ask)
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    rescue = threading.Timer(60, wake)
    rescue.start()
    try:
        report = net.hub.merge(*recorded(net))
    finally:
        rescue.cancel()
    assert (len(stopped), woken) == (1, [])
    assert [file.status for file in report.files] == ["merged"] * 4
    assert net.hub.state()[1]["feedback"] == 120


def test_without_a_second_process_the_first_does_it_all(
    net: Network, eager: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ahead, "start", lambda self: None)
    assert [file.status for file in net.hub.merge(*recorded(net)).files] == ["merged"] * 4
    assert net.hub.state()[1]["feedback"] == 120
