"""What a kit writes itself: dense, chained and stamped in order, and sent from one moment on."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from fieldkit.store.kit import Kit
from fieldkit.store.oplog import ops
from fieldkit.store.oplog.op_decoding import decode
from fieldkit.store.oplog.ops import GENESIS, chain
from streams import Stream, carry, origin_of, parcels, take


def test_own_ops_are_dense_chained_and_stamped_in_order(kit: Kit) -> None:
    clock = itertools.chain([1_000, 500, 2_000, -5], itertools.repeat(0))
    kit.clock = lambda: next(clock)
    record = kit.add("event", {"title": "Fair"})
    for number in range(4):
        kit.edit(kit.get(record.record_id), {"title": f"Fair {number}"})
    ((span, lines),) = parcels(kit)
    ingested = [ops.decode_stored(line) for line in lines]
    assert [op.seq for op in ingested] == [1, 2, 3, 4, 5]
    assert [op.stamp for op in ingested] == [1_000, 1_001, 2_000, 2_001, 2_002]
    assert len({op.salt for op in ingested}) == 5
    digest = GENESIS
    for line in lines:
        digest = chain(digest, line)
        assert decode(line) == ops.decode_stored(line)
    assert (span.prev, span.last_hash) == (GENESIS, digest)


def test_a_clock_before_1970_writes_ops_that_others_take(new_kit: Callable[..., Kit]) -> None:
    first, second = new_kit(), new_kit()
    first.clock = lambda: -86_400_000
    first.add("event", {"title": "Fair"})
    first.add("note", {"notes": "mine"})
    carry(first, second)
    assert second.state_hash() == first.state_hash()
    assert first.check() == second.check() == []


def test_a_foreign_clock_does_not_move_this_one(kit: Kit) -> None:
    stream = Stream()
    stream.write("event000", {"title": "Fair"}, clock=4_000_000_000_000)
    take(kit, stream.parcel())
    kit.clock = lambda: 77
    kit.edit(kit.get("event000"), {"title": "Seen and changed"})
    assert [step.stamp for step in kit.history("event000")] == [77, 4_000_000_000_000]
    assert kit.get("event000").values["title"] == "Seen and changed"


def test_spans_begin_after_what_was_sent(kit: Kit) -> None:
    kit.add_many("event", [{"title": f"Fair {number}"} for number in range(5)])
    whole = parcels(kit)[0]
    origin = whole[0].origin
    with kit.ledger.outgoing() as outgoing:
        (rest,) = outgoing.spans(origin, 3)
        assert (rest.first, rest.last, rest.last_hash) == (4, 5, whole[0].last_hash)
        assert list(outgoing.lines(rest)) == whole[1][3:]
        assert outgoing.spans(origin, 5) == []
        assert outgoing.spans(origin_of("z")) == []
    kit.ledger.note_sent("one.fkb", 1, {origin: 3}, 3, "00")
    assert kit.ledger.unsent(origin).ops == 2


def test_an_export_sees_one_moment(kit: Kit) -> None:
    kit.add("event", {"title": "Fair"})
    origin = kit.origin
    with kit.ledger.outgoing() as outgoing:
        before = outgoing.spans(origin)
        kit.add("event", {"title": "Meanwhile"})
        assert outgoing.spans(origin) == before
        assert sum(1 for _ in outgoing.network_ops(["event"], [])) == 1
    with kit.ledger.outgoing() as outgoing:
        assert outgoing.spans(origin) != before
