"""Taking in what other devices wrote: damaged and foreign lines, cloned streams, and what goes out again."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.errors import BundleRefused
from fieldkit.store import ops, reading
from fieldkit.store.intake import Taken
from fieldkit.store.kit import Kit
from fieldkit.store.ops import GENESIS, Gone, Op, chain, decode, encode
from fieldkit.store.reading import Span, read_batches
from streams import Parcel, Stream, allow_all, carry, origin_of, parcels, take

ORIGIN = origin_of("b")
GOOD: dict[str, Any] = {
    "origin": ORIGIN,
    "seq": 3,
    "stamp": 5,
    "kind": "event",
    "record_id": "event000",
    "fields": {"title": "Fair"},
    "preds": {"title": [f"{ORIGIN}:2"]},
    "salt": "c2FsdA",
}


def line(**changed: Any) -> bytes:
    return json.dumps({**GOOD, **changed}, ensure_ascii=False).encode()


def bare(fields: bytes) -> bytes:
    """A line whose `fields` is this text."""
    return line(preds={}, fields="HERE").replace(b'"HERE"', fields)


@contextmanager
def unchanged(kit: Kit) -> Iterator[None]:
    """Whatever happens inside leaves the kit as it was, and ready for the next bundle."""
    before = (kit.state_hash(), kit.counts(), kit.ledger.origins(), parcels(kit))
    yield
    assert (kit.state_hash(), kit.counts(), kit.ledger.origins(), parcels(kit)) == before
    assert kit.check() == []


def refused(kit: Kit, *bundle: Parcel) -> BundleRefused:
    with unchanged(kit), pytest.raises(BundleRefused) as caught:
        take(kit, *bundle)
    return caught.value


# Lines


def test_a_good_line_is_an_op() -> None:
    op = decode(line())
    assert isinstance(op, Op)
    assert (op.ref, op.rank, op.schema) == (f"{ORIGIN}:3", (5, ORIGIN, 3), 1)
    assert decode(encode(op)) == op


DAMAGED = {
    "empty": b"",
    "no JSON": b"{",
    "not UTF-8": line()[:-1] + b"\xff}",
    "a list": b"[]",
    "a word": b"null",
    "nothing in it": b"{}",
    "two lines": line() + b"\n" + line(),
    "a break inside": line().replace(b'"seq"', b'\n"seq"'),
    "the same key twice": line().replace(b'"seq": 3', b'"seq": 3, "seq": 4'),
    "the same field twice": bare(b'{"title":"a","title":"b"}'),
    "the same key twice, deep inside": bare(b'{"newer":{"a":{"b":1,"b":2}}}'),
    "nested deeply": bare(b'{"newer":' + b"[" * 50 + b"]" * 50 + b"}"),
    "nested deeply as the encoder writes": encode(
        Op(ORIGIN, 1, 1, "event", "event000", {"newer": [[[[[[[[]]]]]]]]})
    ),
    "nested beyond reason": bare(b'{"newer":' + b"[" * 100_000),
    "nested beyond reason beside the fields": line()[:-1] + b',"newer":' + b"[" * 900 + b"]" * 900 + b"}",
    "2^53": bare(b'{"newer":9007199254740992}'),
    "2^63": bare(b'{"newer":9223372036854775808}'),
    "2^64 in a list": bare(b'{"newer":[18446744073709551616]}'),
    "a number of 5,000 digits": bare(b'{"newer":' + b"9" * 5_000 + b"}"),
    "too great for a float": bare(b'{"newer":1e999}'),
    "NaN": bare(b'{"newer":NaN}'),
    "Infinity": bare(b'{"newer":-Infinity}'),
    "half a surrogate pair": bare(b'{"newer":"\\ud800"}'),
    "half a pair in a name": bare(b'{"\\udfff":1}'),
    "seq 0": line(seq=0, preds={}),
    "seq below 0": line(seq=-1, preds={}),
    "seq 2^53": line(seq=2**53),
    "seq of 2^63": line(seq=2**63),
    "seq a word": line(seq="3"),
    "seq true": line(seq=True),
    "stamp below 0": line(stamp=-1),
    "stamp 2^53": line(stamp=2**53),
    "stamp missing": json.dumps({key: GOOD[key] for key in GOOD if key != "stamp"}).encode(),
    "schema 0": line(schema=0),
    "origin too short": line(origin="a.00000001"),
    "origin in capitals": line(origin=ORIGIN.upper()),
    "origin with a line break": line(origin=ORIGIN + "\n"),
    "no incarnation": line(origin="a" * 26),
    "an id like a path": line(record_id="../../etc/passwd"),
    "an id too short": line(record_id="a"),
    "an id of 41 letters": line(record_id="a" * 41),
    "an id with a line break": line(record_id="event000\n"),
    "a kind with a quote": line(kind='event"'),
    "no kind": line(kind=""),
    "a kind of 41 letters": line(kind="a" * 41),
    "a field named by an escape": line(preds={}, fields={"\x1b[2J": 1}),
    "a field without a name": line(preds={}, fields={"": 1}),
    "a field with a long name": line(preds={}, fields={"a" * 41: 1}),
    "fields a list": line(preds={}, fields=[]),
    "deleted a word": line(preds={}, fields={"deleted": "true"}),
    "deleted emptied": line(preds={}, fields={"deleted": None}),
    "deleted 1": line(preds={}, fields={"deleted": 1}),
    "a long salt": line(salt="s" * 65),
    "itself": line(preds={"title": [f"{ORIGIN}:3"]}),
    "a malformed reference": line(preds={"title": [ORIGIN]}),
    "a reference to 0": line(preds={"title": [f"{ORIGIN}:0"]}),
    "a reference to the local journal": line(preds={"title": ["local:1"]}),
    "a reference that is a number": line(preds={"title": [2]}),
    "replacing what it does not set": line(preds={"place": [f"{ORIGIN}:2"]}),
    "replacing a thousand and one": line(preds={"title": [f"{ORIGIN}:{n}" for n in range(10, 1_011)]}),
    "a long line": line(junk="x" * 256 * 1024),
    "a long field": line(preds={}, fields={"newer": "x" * 64 * 1024}),
    "a long field in escapes": line(preds={}, fields={"newer": ["\x01" * 11_000]}),
    "a skeleton's hash in capitals": encode(Gone(ORIGIN, 1, "A" * 64, "event000")),
    "a skeleton's hash cut short": encode(Gone(ORIGIN, 1, "a" * 63, "event000")),
    "a skeleton without a record": encode(Gone(ORIGIN, 1, "a" * 64, "")),
    "a skeleton twice": encode(Gone(ORIGIN, 1, "a" * 64, "event000"))[:-1] + b',"seq":1}',
    "a skeleton nested": encode(Gone(ORIGIN, 1, "a" * 64, "event000"))[:-1]
    + b',"x":'
    + b"[" * 20
    + b"]" * 20
    + b"}",
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_line_is_refused_in_words(name: str) -> None:
    with pytest.raises(BundleRefused) as caught:
        decode(DAMAGED[name])
    assert caught.value.reason == "damaged"
    assert caught.value.hint
    assert len(str(caught.value)) < 600
    assert "\x1b" not in str(caught.value)


@given(st.binary(max_size=300))
def test_any_bytes_are_decoded_or_refused(some: bytes) -> None:
    with pytest.raises(BundleRefused):
        decode(some)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*GOOD, "schema", "gone", "newer"]), JSON), st.booleans())
def test_any_wrong_values_are_decoded_or_refused(changes: dict[str, Any], is_ascii: bool) -> None:
    some = json.dumps({**GOOD, **changes}, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    try:
        decode(some)
    except BundleRefused as error:
        assert error.reason == "damaged"


@given(st.integers(0, len(line()) - 1), st.integers(0, 255))
def test_any_changed_byte_is_decoded_or_refused(at: int, byte: int) -> None:
    some = bytearray(line())
    some[at] = byte
    try:
        decode(bytes(some))
    except BundleRefused as error:
        assert error.reason == "damaged"


def test_bounds_themselves_are_taken() -> None:
    within: list[dict[str, Any]] = [
        {"newer": [[[[[]]]]]},
        {"newer": 2**53 - 1, "other": -(2**53) + 1},
        {"newer": "x" * (64 * 1024 - 2)},
        {"a" * 40: 1},
    ]
    for fields in within:
        assert isinstance(decode(line(preds={}, fields=fields)), Op)


# Streams


@pytest.fixture
def stream() -> Stream:
    stream = Stream()
    first = stream.write("event000", {"title": "Fair"})
    stream.write("event000", {"title": "Health fair"}, {"title": [first.ref]})
    stream.write("event111", {"title": "Workshop", "date": "2011-05-01"})
    stream.write("feedback1", {"experience": "They moved my appointment twice."}, kind="feedback")
    return stream


def test_what_is_taken_is_counted_and_taken_once(kit: Kit, stream: Stream) -> None:
    taken = take(kit, stream.parcel(1, 3))
    assert (taken.ops, taken.known, taken.records.new, taken.records.changed) == (3, 0, 2, 0)
    assert taken.kinds == {"event": 3}
    taken = take(kit, stream.parcel(2, 4))
    assert (taken.ops, taken.known, taken.records.new, taken.kinds) == (1, 2, 1, {"feedback": 1})
    with unchanged(kit):
        taken = take(kit, stream.parcel())
    assert (taken.ops, taken.known) == (0, 4)


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
    # Two beginnings of one span leave the second without its lines.
    assert refused(kit, (span, lines), (stream.span(1, 2), lines[:2])).reason == "damaged"


def test_lines_that_do_not_add_up_to_the_manifest_are_refused(kit: Kit, stream: Stream) -> None:
    span, lines = stream.parcel()
    changed = [*lines[:3], lines[3].replace(b"twice", b"never")]
    assert refused(kit, (span, changed)).reason == "damaged"
    take(kit, (span, lines))


def copy_of(stream: Stream, after: int) -> Stream:
    """A laptop whose folder was copied when `after` ops were written, and that wrote three more."""
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
        taken = [take(kit, one) for one in order]
        assert any(one.parted for one in taken)
        assert kit.check() == []
        titles = {one.values.get("title") for one in kit.page("event", limit=50)}
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
    # One that meets the branches the other way round must neither hold them twice nor tell another state.
    take(third, copy_of(stream, 2).parcel(1, 5))
    with first.ledger.outgoing() as outgoing:
        for origin in first.ledger.origins():
            for span in outgoing.spans(origin):
                for kit in (second, third):
                    take(kit, (span, list(outgoing.lines(span))))
    assert first.state_hash() == second.state_hash() == third.state_hash()
    assert second.check() == third.check() == []


def test_the_first_op_follows_nothing(kit: Kit, stream: Stream) -> None:
    span = Span(stream.origin, 1, 4, b"\1" * 32, stream.hashes[-1])
    assert refused(kit, (span, stream.lines)).reason == "damaged"


def test_a_bad_bundle_does_not_stop_the_next(
    kit: Kit, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One by one, so that the broken bundle has stored something before it breaks.
    monkeypatch.setattr(reading, "BATCH", 1)
    other = Stream("c")
    other.write("event777", {"title": "Good"})
    broken = Stream("d")
    broken.write("event888", {"title": "Fine so far"})
    broken.line(b"{")
    with kit.ledger.merging() as merging:
        for bundle in (stream.parcel(), broken.parcel(), other.parcel()):
            try:
                with merging.bundle():
                    merging.intake([bundle[0]], allow_all).take_all(read_batches(bundle[1], [bundle[0]]))
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
        monkeypatch.setattr(reading, "BATCH", batch)
        monkeypatch.setattr(reading, "BATCH_BYTES", most)
        kit = new_kit()
        take(kit, long.parcel(5, 12))
        taken = take(kit, long.parcel())
        assert (taken.ops, taken.known) == (17, 8)
        assert kit.check() == []
        states.add(kit.state_hash())
    assert len(states) == 1


def test_a_dry_run_counts_and_changes_nothing(kit: Kit, stream: Stream) -> None:
    span, lines = stream.parcel()
    with unchanged(kit), kit.ledger.merging(keep=False) as merging, merging.bundle():
        assert merging.intake([span], allow_all).take_all(read_batches(lines, [span])).ops == 4
        merging.record("00", "a.fkb", "", 4, Taken(ops=4))
    assert not kit.ledger.merged_before("00")
    take(kit, (span, lines))


# What a kit of this version would not write itself

FOREIGN = [
    ("event", {"date": "31/12/2011"}),
    ("event", {"title": 5}),
    ("event", {"title": "x" * 201}),
    ("event", {"starts": "25:00"}),
    ("event", {"partner": "../.."}),
    ("feedback", {"rating": "splendid"}),
    ("feedback", {"themes": "staff"}),
    ("feedback", {"themes": [["staff"]]}),
    ("feedback", {"experience": {"a": 1}}),
    ("attendance", {"head_count": -1}),
    ("attendance", {"head_count": True}),
    ("attendance", {"head_count": 1.5}),
]


@pytest.mark.parametrize(("kind", "fields"), FOREIGN)
def test_a_value_that_no_kit_would_store_is_refused(kit: Kit, kind: str, fields: dict[str, Any]) -> None:
    stream = Stream()
    stream.write("record00", fields, kind=kind)
    error = refused(kit, stream.parcel())
    assert error.reason == "damaged"
    # A newer kit's rules may differ: there it is kept aside, as the text it is.
    newer = Stream()
    newer.write("record00", fields, kind=kind, schema=2)
    take(kit, newer.parcel())
    assert kit.get("record00").extra == fields
    assert kit.check() == []


def test_unknown_kinds_and_fields_are_kept_and_go_out_byte_for_byte(new_kit: Callable[..., Kit]) -> None:
    first, second, third = (new_kit(origin_of(letter)) for letter in "cde")
    stream = Stream()
    stream.write(
        "lantern00", {"colour": "\x1b[31mred", "bulbs": [1, {"watts": 1.50}]}, kind="lantern", schema=7
    )
    # Spaces, escapes and keys of its own: another program's way of writing JSON.
    odd = json.dumps(
        {**GOOD, "seq": 2, "preds": {}, "fields": {"title": "ਮੇਲਾ", "newer": "\u202eabc"}, "why": [1]}
    )
    stream.line(odd.encode())
    stream.write("lantern00", {"colour": "blue"}, kind="lantern", schema=7)
    take(first, stream.parcel())
    carry(first, second)
    carry(second, third)
    assert parcels(third) == [stream.parcel()]
    assert third.state_hash() == first.state_hash()
    assert third.counts()["lantern"] == 1
    event = third.get("event000")
    assert (event.values, event.extra) == ({"title": "ਮੇਲਾ"}, {"newer": "abc"})
    lantern = third.get("lantern00")
    assert lantern.kind == "lantern"
    assert lantern.extra == {"colour": "blue", "bulbs": [1, {"watts": 1.5}]}
    (clash,) = third.conflicts()
    assert [claim.value for claim in clash.claims] == ["blue", "[31mred"]
    assert [step.fields["colour"] for step in third.history("lantern00")] == ["[31mred", "blue"]
    # An edit of what is known leaves the rest.
    edited = third.edit(event, {"title": "Fair"})
    assert (edited.values, edited.extra) == ({"title": "Fair"}, {"newer": "abc"})
    assert third.check() == []


def test_hostile_text_is_stored_as_harmless_text(kit: Kit) -> None:
    stream = Stream()
    words = "[/] [@click=app.quit]x[/] \x1b]0;gone\x07\u202e=1+1"
    stream.write("event000", {"title": words, "notes": "\x1b[2J"})
    stream.write("event000", {"title": words + "\x9b2J again"})
    take(kit, stream.parcel())
    shown = "[/] [@click=app.quit]x[/] ]0;gone=1+1"
    assert kit.page("event")[0].values == {"title": shown + "2J again", "notes": "[2J"}
    (clash,) = kit.conflicts()
    assert [claim.value for claim in clash.claims] == [shown + "2J again", shown]
    assert [step.fields["title"] for step in kit.history("event000")] == [shown, shown + "2J again"]
    assert parcels(kit) == [stream.parcel()]


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
        merging.intake(spans, allowed).take_all(read_batches(stream.lines, spans))
    assert asked == ["device", "lantern", "event"]


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


def test_a_skeleton_keeps_its_place_in_the_chain(new_kit: Callable[..., Kit], stream: Stream) -> None:
    one, two = new_kit(), new_kit()
    skeleton = encode(Gone(stream.origin, 2, stream.hashes[2].hex(), "event000"))
    lines = [stream.lines[0], skeleton, *stream.lines[2:]]
    take(one, (stream.span(), lines))
    carry(one, two)
    for kit in (one, two):
        assert parcels(kit) == [(stream.span(), lines)]
        assert kit.get("event000").values["title"] == "Fair"
        assert kit.check() == []


# Local kinds


def test_local_records_are_in_no_journal_that_leaves(kit: Kit) -> None:
    kit.add("event", {"title": "Fair"})
    before = (kit.state_hash(), kit.ledger.origins(), parcels(kit), kit.counts())
    note = kit.add("note", {"notes": "SECRET-NOTE"})
    kit.edit(kit.get(note.record_id), {"notes": "SECRET-NOTE 2"})
    kit.add("concern", {"own_words": "SECRET-CONCERN"})
    kit.delete(note.record_id)
    assert (kit.state_hash(), kit.ledger.origins(), parcels(kit), kit.counts()) == before
    with kit.ledger.outgoing() as outgoing:
        out = [one for _, one in outgoing.network_lines(["note", "concern", "event"])]
    assert len(out) == 1
    with kit.reading() as connection:
        from fieldkit.store.sql import execute

        bodies = [row[0] for row in execute(connection, "SELECT body FROM op")]
    assert not any(b"SECRET" in body for body in bodies)
    assert (kit.count("note"), kit.count("note", deleted=True), kit.count("concern")) == (0, 1, 1)
    assert kit.check() == []
    kit.rebuild()
    assert kit.count("concern") == 1


@pytest.mark.parametrize("kind", ["note", "concern"])
def test_a_bundle_with_local_records_is_refused_whoever_sent_it(kit: Kit, kind: str) -> None:
    stream = Stream()
    stream.write("record00", {"notes": "planted"}, kind=kind)
    assert refused(kit, stream.parcel()).reason == "not-allowed"


def test_a_foreign_record_with_a_local_ones_id_does_not_mix_with_it(kit: Kit) -> None:
    note = kit.add("note", {"notes": "mine"})
    stream = Stream()
    stream.write(note.record_id, {"title": "planted", "notes": "planted"}, clock=0)
    stream.write(note.record_id, {"name": "planted"}, kind="partner")
    take(kit, stream.parcel())
    mine = kit.get(note.record_id)
    assert (mine.kind, mine.values) == ("note", {"notes": "mine"})
    kit.edit(mine, {"notes": "still mine"})
    assert kit.page("note")[0].values == {"notes": "still mine"}
    assert kit.page("event")[0].values == {"title": "planted", "notes": "planted"}
    assert parcels(kit) == [stream.parcel()]
    assert kit.check() == []


def test_a_foreign_record_whose_id_ends_in_anothers_is_not_taken_for_it(kit: Kit) -> None:
    stream = Stream()
    stream.write("xx" + "d" * 26, {"title": "planted"})
    stream.write("d" * 26, {"title": "planted"})
    take(kit, stream.parcel())
    kit.put("term", "d" * 26, {"list_name": "service_area", "label": "Parking", "code": "parking"})
    assert kit.page("term")[0].record_id == "d" * 26
    kit.put("term", "d" * 26, {"label": "Car park"})
    assert kit.page("term")[0].values["label"] == "Car park"
    assert [event.values for event in kit.page("event")] == [{"title": "planted"}] * 2


# Own ops


def test_own_ops_are_dense_chained_and_stamped_in_order(kit: Kit) -> None:
    clock = itertools.chain([1_000, 500, 2_000, -5], itertools.repeat(0))
    kit.clock = lambda: next(clock)
    record = kit.add("event", {"title": "Fair"})
    for number in range(4):
        kit.edit(kit.get(record.record_id), {"title": f"Fair {number}"})
    ((span, lines),) = parcels(kit)
    taken = [ops.decode_stored(one) for one in lines]
    assert [op.seq for op in taken] == [1, 2, 3, 4, 5]
    assert [op.stamp for op in taken] == [1_000, 1_001, 2_000, 2_001, 2_002]
    assert len({op.salt for op in taken}) == 5
    digest = GENESIS
    for one in lines:
        digest = chain(digest, one)
        assert decode(one) == ops.decode_stored(one)
    assert (span.prev, span.last_hash) == (GENESIS, digest)


def test_a_clock_before_1970_writes_ops_that_others_take(new_kit: Callable[..., Kit]) -> None:
    one, two = new_kit(), new_kit()
    one.clock = lambda: -86_400_000
    one.add("event", {"title": "Fair"})
    one.add("note", {"notes": "mine"})
    carry(one, two)
    assert two.state_hash() == one.state_hash()
    assert one.check() == two.check() == []


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
        assert sum(1 for _ in outgoing.network_lines(["event"])) == 1
    with kit.ledger.outgoing() as outgoing:
        assert outgoing.spans(origin) != before
