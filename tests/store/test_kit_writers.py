"""Several threads and programs that read and write one kit at once lose nothing."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from fieldkit.errors import StorageError
from fieldkit.store.kit import Kit
from fieldkit.store.query import record_counts
from streams import parcels


def test_threads_that_write_at_once_lose_nothing(kit: Kit) -> None:
    def write(number: int) -> list[str]:
        return [kit.add("event", {"title": f"Fair {number} {n}"}).record_id for n in range(8)]

    with ThreadPoolExecutor(16) as pool:
        ids = [record_id for chunk in pool.map(write, range(16)) for record_id in chunk]
    assert len(set(ids)) == 128
    assert kit.count("event") == 128
    ((span, _),) = parcels(kit)
    assert (span.first, span.last) == (1, 128)
    assert kit.check() == []


_OTHER = """
import sys
from pathlib import Path
from fieldkit.store.kit import Kit
with Kit.open(Path(sys.argv[1])) as kit:
    print("open", flush=True)
    sys.stdin.readline()
    for number in range(40):
        print(kit.add("event", {"title": f"{sys.argv[2]} {number}"}).record_id, flush=True)
"""


def test_processes_that_write_at_once_lose_nothing(kit: Kit) -> None:
    others = [
        subprocess.Popen(
            [sys.executable, "-c", _OTHER, str(kit.folder), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    for other in others:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
    # Both are ready: now both write, and so does this process.
    messages = []
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(other.communicate, "go\n", 60) for other in others]
        messages += [kit.add("event", {"title": f"here {number}"}).record_id for number in range(40)]
        for answer in answers:
            messages += answer.result()[0].split()
    assert [other.returncode for other in others] == [0, 0]
    assert len(set(messages)) == 120
    assert set(kit.many("event", messages)) == set(messages)
    ((span, _),) = parcels(kit)
    assert (span.first, span.last) == (1, 120)
    assert kit.check() == []


def test_a_reader_sees_one_moment_while_others_write(kit: Kit) -> None:
    kit.add("event", {"title": "Fair"})
    with kit.reading() as connection:
        before = record_counts.state_hash(connection)
        kit.add("event", {"title": "Meanwhile"})
        assert record_counts.state_hash(connection) == before
    assert kit.state_hash() != before
    rows = kit.columns("event", ["title"])
    assert next(rows) == ("Fair",)
    kit.add("event", {"title": "And again"})
    assert list(rows) == [("Meanwhile",)]


def test_a_kit_that_stays_locked_says_so(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldkit.store.db.engine.BUSY_MS", 50)
    with Kit.open(kit.folder) as other, kit.writing():
        with pytest.raises(StorageError) as caught:
            other.add("event", {"title": "Fair"})
        assert "Another fieldkit" in str(caught.value)
        assert other.counts()["event"] == 0
    assert kit.add("event", {"title": "Fair"}).values
