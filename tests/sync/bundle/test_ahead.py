"""Opening bundles in a second process: the same batches and the same refusals as here."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldkit import helper_process
from fieldkit.errors import BundleRefused
from fieldkit.store.journal.bundle_reader import Batch, Span
from fieldkit.store.oplog.ops import Skeleton, encode
from fieldkit.sync.bundle.payload import pack
from fieldkit.sync.bundle.prefetch import Ahead, open_payload
from networks import Network
from streams import Stream


@pytest.fixture
def ahead() -> Iterator[Ahead]:
    """The second process, once it has started."""
    prepared = Ahead()
    prepared.start()
    assert prepared.wait(120)
    yield prepared
    prepared.close()


def varied() -> tuple[list[bytes], list[Span]]:
    """Lines of every sort: known and unknown kinds and fields, lists, edits, deletions, erasures, a skeleton."""
    stream = Stream()
    first = stream.write(
        "record01",
        {"experience": "Grüß Gott\u00a0", "themes": ["general-positive"], "rating": "3"},
        kind="feedback",
    )
    stream.write("record02", {"experience": "x" * 5_000, "later": {"a": [1, None]}}, kind="feedback")
    stream.write("lantern1", {"colour": "red"}, kind="lantern")
    stream.write("record01", {"rating": None}, {"rating": [first.ref]}, kind="feedback")
    stream.write("record02", {"deleted": True}, kind="feedback")
    stream.write("record03", {"erased": True}, kind="feedback")
    stream.write("withdraw1", {"code": "K7Q2-M9XD-4TBW"}, kind="withdrawal")
    erased = Skeleton(stream.origin, 2, stream.hashes[2].hex(), "record02")
    lines = [*stream.lines]
    lines[1] = encode(erased)
    return lines, [stream.span()]


def listed(batches: Iterator[Batch]) -> list[Any]:
    """Batches as plain values, with unordered things sorted."""
    collected = []
    for batch in batches:
        batch.gathered.again.sort()
        collected.append(batch)
    return collected


def test_it_gives_what_is_given_here(ahead: Ahead) -> None:
    lines, spans = varied()
    payload = pack([b"{}", *lines], [])
    for _ in range(3):
        header, batches = ahead.open_payload(ahead.ask(payload, spans))
        expected_header, expected = open_payload([payload], spans)
        assert header == expected_header == b"{}"
        assert listed(batches) == listed(expected)


def test_it_refuses_what_is_refused_here(ahead: Ahead) -> None:
    lines, spans = varied()
    bad = {
        "cut": pack([b"{}", *lines], [])[:-5],
        "missing": pack([b"{}", *lines[:-1]], []),
        "altered": pack([b"{}", *lines[:-1], lines[-1].replace(b"K7Q2", b"K7Q3")], []),
        "not a line": pack([b"{}", b"{"], []),
        "empty": pack([], []),
        "rubbish": b"rubbish",
    }
    for name, payload in bad.items():
        refusals = []
        for opened in (
            lambda p=payload: ahead.open_payload(ahead.ask(p, spans)),
            lambda p=payload: open_payload([p], spans),
        ):
            with pytest.raises(BundleRefused) as refusal:
                list(opened()[1])
            error = refusal.value
            refusals.append((error.reason, error.message, error.kept, error.hint))
        assert refusals[0] == refusals[1], name
    # What was not read to its end does not block what comes after.
    good = pack([b"{}", *lines], [])
    ahead.open_payload(ahead.ask(good, spans))
    left = ahead.ask(good, spans)
    assert left
    assert len(listed(ahead.open_payload(ahead.ask(good, spans))[1])) == 1


def test_it_ends_when_nobody_asks_any_more() -> None:
    process = subprocess.run(
        helper_process.command("prefetch"),
        input=b"",
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert process.returncode == 0
    assert process.stderr == b""


def test_it_is_given_no_keys(net: Network, ahead: Ahead) -> None:
    lines, spans = varied()
    sealed = pack([b"{}", *lines], [net.hub.me.age_public])
    with pytest.raises(BundleRefused, match="does not unpack"):
        list(ahead.open_payload(ahead.ask(sealed, spans))[1])
    assert ahead._process is not None
    command = b" ".join(map(str.encode, ahead._process.args))  # type: ignore[arg-type]  # a list of words here
    assert b"AGE-SECRET" not in command


def test_a_process_that_does_not_start_is_never_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere"))
    prepared = Ahead()
    prepared.start()
    assert prepared.ask(b"", []) == 0
    prepared.close()
