"""Ingesting what other devices wrote: in any order, completely or not at all, with copies of a laptop beside each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fieldkit.errors import BundleRefused
from fieldkit.store.journal import bundle_reader
from fieldkit.store.journal.bundle_reader import Span, read_batches
from fieldkit.store.journal.ingest import Ingested
from fieldkit.store.kit import Kit
from fieldkit.store.oplog.ops import Op, Skeleton, encode
from streams import Stream, allow_all, carry, parcels, refused, take, unchanged


@pytest.fixture
def stream() -> Stream:
    stream = Stream()
    first = stream.write("event000", {"title": "Fair"})
    stream.write("event000", {"title": "Health fair"}, {"title": [first.ref]})
    stream.write("event111", {"title": "Workshop", "date": "2011-05-01"})
    stream.write("feedback1", {"experience": "They moved my appointment twice."}, kind="feedback")
    return stream


def test_what_is_taken_is_counted_and_taken_once(kit: Kit, stream: Stream) -> None:
    ingested = take(kit, stream.parcel(1, 3))
    assert (ingested.ops, ingested.known, ingested.records.new, ingested.records.changed) == (3, 0, 2, 0)
    assert ingested.kinds == {"event": 3}
    ingested = take(kit, stream.parcel(2, 4))
    assert (ingested.ops, ingested.known, ingested.records.new, ingested.kinds) == (1, 2, 1, {"feedback": 1})
    with unchanged(kit):
        ingested = take(kit, stream.parcel())
    assert (ingested.ops, ingested.known) == (0, 4)


def test_a_later_part_may_come_first(kit: Kit, stream: Stream) -> None:
    take(kit, stream.parcel(4, 4))
    take(kit, stream.parcel(2, 2))
    assert kit.check() == []
    assert [(span.first, span.last) for span, _ in parcels(kit)] == [(2, 2), (4, 4)]
    take(kit, stream.parcel(1, 1), stream.parcel(3, 3))
    assert parcels(kit) == [stream.parcel()]
    assert kit.check() == []
    assert kit.get("event000").values["title"] == "Health fair"


def test_the_order_within_a_bundle_is_the_manifests(kit: Kit, stream: Stream) -> None:
    span, lines = stream.parcel()
    for wrong in (lines[1:], lines[:-1], [*lines, lines[-1]], list(reversed(lines)), [], [lines[0], *lines]):
        assert refused(kit, (span, wrong)).reason == "damaged"
    other = Stream("c")
    other.write("event222", {"title": "Uninvited"})
    assert refused(kit, (span, [*lines, *other.lines])).reason == "damaged"
    assert refused(kit, (span, [*lines[:2], *other.lines, *lines[2:]])).reason == "damaged"
    # Two spans with the same beginning leave the second without its lines.
    assert refused(kit, (span, lines), (stream.span(1, 2), lines[:2])).reason == "damaged"


def test_lines_that_do_not_add_up_to_the_manifest_are_refused(kit: Kit, stream: Stream) -> None:
    span, lines = stream.parcel()
    changed = [*lines[:3], lines[3].replace(b"twice", b"never")]
    assert refused(kit, (span, changed)).reason == "damaged"
    take(kit, (span, lines))


def test_the_first_op_follows_nothing(kit: Kit, stream: Stream) -> None:
    span = Span(stream.origin, 1, 4, b"\1" * 32, stream.hashes[-1])
    assert refused(kit, (span, stream.lines)).reason == "damaged"


def test_a_bad_bundle_does_not_stop_the_next(
    kit: Kit, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Op by op, so that the broken bundle has stored something before it fails.
    monkeypatch.setattr(bundle_reader, "BATCH", 1)
    other = Stream("c")
    other.write("event777", {"title": "Good"})
    broken = Stream("d")
    broken.write("event888", {"title": "Fine so far"})
    broken.line(b"{")
    with kit.ledger.merging() as merging:
        for bundle in (stream.parcel(), broken.parcel(), other.parcel()):
            try:
                with merging.bundle():
                    merging.intake([bundle[0]], allow_all).ingest_all(read_batches(bundle[1], [bundle[0]]))
            except BundleRefused as error:
                assert bundle[1] is not stream.lines
                assert error.reason == "damaged"
    assert set(kit.ledger.origins()) == {stream.origin, other.origin}
    assert kit.counts()["event"] == 3
    assert kit.check() == []


def test_a_batch_boundary_loses_nothing(new_kit: Callable[..., Kit], monkeypatch: pytest.MonkeyPatch) -> None:
    long = Stream()
    for number in range(25):
        long.write(f"event{number % 7:03}", {"title": f"Fair {number}"})
    states = set()
    for batch, most in ((1_000, 4_000_000), (10, 4_000_000), (1, 4_000_000), (1_000, 300)):
        monkeypatch.setattr(bundle_reader, "BATCH", batch)
        monkeypatch.setattr(bundle_reader, "BATCH_BYTES", most)
        kit = new_kit()
        take(kit, long.parcel(5, 12))
        ingested = take(kit, long.parcel())
        assert (ingested.ops, ingested.known) == (17, 8)
        assert kit.check() == []
        states.add(kit.state_hash())
    assert len(states) == 1


def test_a_dry_run_counts_and_changes_nothing(kit: Kit, stream: Stream) -> None:
    span, lines = stream.parcel()
    with unchanged(kit), kit.ledger.merging(keep=False) as merging, merging.bundle():
        assert merging.intake([span], allow_all).ingest_all(read_batches(lines, [span])).ops == 4
        merging.record("00", "a.fkb", "", 4, Ingested(ops=4))
    assert not kit.ledger.merged_before("00")
    take(kit, (span, lines))


def test_a_skeleton_keeps_its_place_in_the_chain(new_kit: Callable[..., Kit], stream: Stream) -> None:
    first, second = new_kit(), new_kit()
    skeleton = encode(Skeleton(stream.origin, 2, stream.hashes[2].hex(), "event000"))
    lines = [stream.lines[0], skeleton, *stream.lines[2:]]
    take(first, (stream.span(), lines))
    carry(first, second)
    for kit in (first, second):
        assert parcels(kit) == [(stream.span(), lines)]
        assert kit.get("event000").values["title"] == "Fair"
        assert kit.check() == []


def test_erasing_takes_the_record_out_whatever_comes_later(kit: Kit) -> None:
    stream = Stream()
    stream.write("event000", {"title": "Fair"})
    stream.write("event000", {"erased": True})
    stream.write("event000", {"title": "Back again"})
    for first, last in ((1, 1), (2, 3)):
        take(kit, stream.parcel(first, last))
    assert kit.counts()["event"] == 0
    assert kit.page("event") == []
    assert kit.check() == []


def test_whoever_asks_is_asked_about_kinds_that_not_everybody_may_write(kit: Kit) -> None:
    asked = []

    def allowed(op: Op) -> None:
        asked.append(op.kind)

    stream = Stream()
    stream.write("event000", {"title": "Fair"})
    stream.write("device00", {"name": "Laptop"}, kind="device")
    stream.write("lantern0", {"colour": "red"}, kind="lantern")
    stream.write("event000", {"erased": True})
    with kit.ledger.merging(keep=False) as merging, merging.bundle():
        spans = [stream.span()]
        merging.intake(spans, allowed).ingest_all(read_batches(stream.lines, spans))
    assert asked == ["device", "lantern", "event"]


# Copies of a laptop


def copy_of(stream: Stream, after: int) -> Stream:
    """A laptop whose folder was copied after `after` ops, and that then wrote three more."""
    clone = Stream()
    for op in stream.ops[:after]:
        clone.write(op.record_id, op.fields, op.preds)
    assert clone.hashes == stream.hashes[: after + 1]
    for number in range(3):
        clone.write(f"event33{number}", {"title": f"Written on the copy {number}"})
    return clone


def test_both_branches_of_a_copied_laptop_are_kept_whatever_comes_first(
    new_kit: Callable[[], Kit], stream: Stream
) -> None:
    clone = copy_of(stream, 2)
    whole, part = clone.parcel(1, 5), clone.parcel(4, 5)
    hashes = set()
    for order in (
        [stream.parcel(), whole],
        [whole, stream.parcel()],
        [part, stream.parcel(), whole],
        [stream.parcel(), part, clone.parcel(3, 3), whole, stream.parcel()],
    ):
        kit = new_kit()
        ingested = [take(kit, entry) for entry in order]
        assert any(entry.parted for entry in ingested)
        assert kit.check() == []
        titles = {record.values.get("title") for record in kit.page("event", limit=50)}
        assert {f"Written on the copy {number}" for number in range(3)} <= titles
        assert {op.fields["title"] for op in stream.ops if "title" in op.fields} & titles
        hashes.add(kit.state_hash())
        assert take(kit, whole).ops == 0
        assert take(kit, stream.parcel()).ops == 0
        assert kit.state_hash() in hashes
    assert len(hashes) == 1


def test_both_branches_travel_on(new_kit: Callable[[], Kit], stream: Stream) -> None:
    first = new_kit()
    take(first, stream.parcel())
    take(first, copy_of(stream, 2).parcel(1, 5))
    second, third = new_kit(), new_kit()
    # Whoever meets the branches in the other order must neither hold them twice nor reach another state.
    take(third, copy_of(stream, 2).parcel(1, 5))
    with first.ledger.outgoing() as outgoing:
        for origin in first.ledger.origins():
            for span in outgoing.spans(origin):
                for kit in (second, third):
                    take(kit, (span, list(outgoing.lines(span))))
    assert first.state_hash() == second.state_hash() == third.state_hash()
    assert second.check() == third.check() == []
