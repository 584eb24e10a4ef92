"""The inside of a bundle, sealed and signed by a hostile enrolled laptop: lines, ranges, names of other laptops."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import zstandard

from fieldkit.errors import NotFound
from fieldkit.store.local.known_settings import RECEIPTS
from fieldkit.store.oplog.ops import encode
from fieldkit.sync.bundle.manifest import RECEIPT
from fieldkit.sync.merge.report import MERGED, QUARANTINED
from hostile import FIXTURES, hurt
from networks import Laptop, Network, Writer, op, renamed

network, hub, writer, goes_on = FIXTURES


def test_ranges_that_it_does_not_hold(hub: Laptop, writer: Writer) -> None:
    lines = writer.lines(*(op(writer.origin, seq) for seq in range(1, 6)))
    span = writer.span(lines)
    later = renamed(span, first=11, last=15)
    for sent, spans in (
        (lines[:4], [span]),
        ([*lines, lines[-1]], [span]),
        (lines[::-1], [span]),
        ([], [span]),
        (lines, []),
        (lines, [span, later]),
        (lines, [later]),
        (lines, [renamed(span, last=2**53 - 1)]),
        (lines, [renamed(span, last_hash=b"\1" * 32)]),
        (lines, [renamed(span, prev=b"\1" * 32)]),
        (lines, [span, renamed(span, last=3)]),
        (lines[2:], [renamed(span, first=1, last=3)]),
    ):
        assert hurt(hub, writer.bundle(sent, spans)) == "damaged"


def test_swapped_payloads_of_one_sender(hub: Laptop, writer: Writer) -> None:
    lines, others = (
        writer.lines(op(writer.origin, fields={"experience": arguments})) for arguments in ("one", "two")
    )
    # Signed, sealed and stated correctly in the header, but not what was chained.
    assert hurt(hub, writer.bundle(others, [writer.span(lines)])) == "damaged"
    payload = writer.payload(others, [writer.span(others)])
    assert hurt(hub, writer.bundle(lines, payload=payload)) == "damaged"


def test_lines_that_are_no_operations(hub: Laptop, writer: Writer) -> None:
    good = encode(op(writer.origin))

    def put(old: bytes, new: bytes) -> bytes:
        assert old in good
        return good.replace(old, new)

    text = b'"experience":"plain"'
    refs = json.dumps([f"{writer.origin}:{n}" for n in range(2, 3_000)]).encode()
    for line in (
        b"",
        b"{}",
        b"null",
        b"\x00" * 50,
        b"[" * 100_000,
        b'{"a":' * 50_000,
        put(text, b'"experience":' + b"[" * 20 + b"]" * 20),
        put(text, b'"unknown":' + b"[" * 60_000 + b"]" * 60_000),
        put(text, text + b"," + text),
        put(b'"seq":1', b'"seq":1,"seq":1'),
        put(text, b'"experience":"\\ud800"'),
        put(text, b'"experience":"\xed\xa0\x80"'),
        put(text, b'"experience":"\xff"'),
        put(text, b'"experience":7'),
        put(text, b'"experience":{"a":1}'),
        put(text, b'"rating":"7 7"'),
        put(text, b'"rating":["1"]'),
        put(text, b'"deleted":1'),
        put(text, b'"new_field":9223372036854775808'),
        put(text, b'"new_field":-9223372036854775809'),
        put(text, b'"new_field":NaN'),
        put(text, b'"new_field":1e999'),
        put(text, b'"' + b"x" * 60 + b'":"1"'),
        put(text, b'"experience":"' + b"x" * 70_000 + b'"'),
        put(text, b'"new_field":"' + b"x" * (1 << 20) + b'"'),
        put(b'"seq":1', b'"seq":9223372036854775808'),
        put(b'"stamp":1800000000001', b'"stamp":9223372036854775807'),
        put(b'"stamp":1800000000001', b'"stamp":-1'),
        put(b'"stamp":1800000000001', b'"stamp":1.5'),
        put(b'"kind":"feedback"', b'"kind":"../feedback"'),
        put(b'"kind":"feedback"', b'"kind":"draft; DROP TABLE op"'),
        put(b'"record_id":"hostile00000001"', b'"record_id":"../../x"'),
        put(b'"record_id":"hostile00000001"', b'"record_id":"' + b"x" * 41 + b'"'),
        put(text + b"}", text + b'},"preds":{"experience":' + refs + b"}"),
        put(text + b"}", text + b'},"preds":{"experience":["' + writer.origin.encode() + b':1"]}'),
        put(text + b"}", text + b'},"preds":{"other":[]}'),
        put(text + b"}", text + b'},"preds":{"experience":["x"]}'),
        put(text + b"}", text + b'},"salt":"' + b"x" * 100 + b'"'),
        put(text + b"}", text + b'},"schema":0'),
    ):
        assert hurt(hub, writer.bundle([line])) in {"damaged", "too-large"}, line[:200]


def test_forged_origins(hub: Laptop, writer: Writer, network: Network) -> None:
    hubs = f"{network.hub.me.device}.{network.hub.me.incarnation}"
    for origin in (hubs, "a" * 26 + ".00000001"):
        lines = writer.lines(op(origin))
        assert hurt(hub, writer.bundle(lines)) == "damaged"
        assert hurt(hub, writer.bundle(lines, [writer.span(lines, origin=origin)])) == "not-allowed"
        skeleton = [encode({"origin": origin, "seq": 1, "gone": "00" * 32, "record_id": "hostile00000001"})]
        assert hurt(hub, writer.bundle(skeleton)) == "damaged"


def test_skeletons_in_place_of_what_another_said(hub: Laptop, writer: Writer) -> None:
    """A skeleton accounts only for its own op: it removes no text of others."""
    (kept,) = [record for record in hub.kit.page("feedback") if record.values["experience"] == "there before"]
    digest = b"\7" * 32
    skeleton = encode({"origin": writer.origin, "seq": 1, "gone": digest.hex(), "record_id": kept.record_id})
    span = renamed(writer.span([skeleton]), last_hash=digest)
    before = hub.state()
    assert hub.take(writer.bundle([skeleton], [span])).status == MERGED
    assert hub.state() == before
    assert hub.kit.get(kept.record_id).values["experience"] == "there before"


def test_payloads_that_are_none(hub: Laptop, writer: Writer) -> None:
    import pyrage

    key = pyrage.x25519.Recipient.from_str(writer.to[0])
    spans = [writer.span(writer.lines(op(writer.origin)))]
    whole = zstandard.compress(writer.header(spans) + b"\n" + encode(op(writer.origin)) + b"\n")
    for inside in (
        b"",
        b"rubbish",
        whole[:-3],
        whole + b"rubbish",
        zstandard.compress(b"no line end"),
        zstandard.compress(b"\n"),
    ):
        assert hurt(hub, writer.bundle([], spans, payload=pyrage.encrypt(inside, [key]))) == "damaged"
    assert hurt(hub, writer.bundle([], spans, payload=b"age-encryption.org/v1\n-> X25519 x\n")) == "damaged"
    other = pyrage.x25519.Identity.generate().to_public()
    assert hurt(hub, writer.bundle([], spans, payload=pyrage.encrypt(whole, [other]))) == "not-for-us"


def test_a_receipt_that_is_none(hub: Laptop, writer: Writer, network: Network) -> None:
    coordinator = Writer(network.hub, [])
    laptop = network.others[0]
    held = laptop.kit.settings.get(RECEIPTS)
    origin = network.hub.me.origin

    def receipt(*lines: bytes) -> Path:
        return coordinator.bundle(list(lines), [], purpose=RECEIPT)

    message = json.dumps({"line": "hub", "origin": origin, "made": 1}).encode()
    deep = b'{"line":' + b"[" * 60_000
    run = {"line": "held", "origin": laptop.me.origin, "missing": [], "hash": ""}
    for path in (
        receipt(),
        receipt(b"{}"),
        receipt(b"rubbish"),
        receipt(deep),
        receipt(message.replace(origin.encode(), laptop.me.origin.encode())),
        receipt(message, json.dumps({**run, "runs": [[5, 1]]}).encode()),
        receipt(message, json.dumps({**run, "runs": [[1, 2**60]]}).encode()),
        receipt(message, json.dumps({**run, "runs": [[1, 2], [2, 3]]}).encode()),
        receipt(message, json.dumps({**run, "runs": []}).encode()),
        receipt(message, json.dumps({"line": "quarantined", "device": "x"}).encode()),
    ):
        refused = laptop.take(path)
        assert (refused.status, refused.reason) == (QUARANTINED, "damaged")
    assert laptop.kit.settings.get(RECEIPTS) == held


@pytest.mark.parametrize("first", ["theirs", "ours"])
def test_another_kind_under_an_id_does_not_hide_the_record(tmp_path: Path, first: str) -> None:
    network = Network.create(tmp_path / "network")
    hub, laptop, other = network.hub, *(network.joins(name, trusted="field") for name in ("A", "B"))
    # An id as another program makes it: it contains no kind.
    record_id = "0123456789abcdefghjkmnpq"
    laptop.kit.put("feedback", record_id, {"rating": "2", "experience": "Ours"})
    writer = Writer(other, [hub.me.age_public])
    lines = [
        op(writer.origin, 1, kind="event", record_id=record_id, fields={"title": "Theirs"}),
        op(writer.origin, 2, kind="aaa_newer", record_id=record_id, fields={"title": "Theirs"}),
    ]
    files = [writer.bundle(writer.lines(*lines)), *laptop.export()]
    for path in files if first == "theirs" else files[::-1]:
        assert hub.take(path).status == MERGED
    with pytest.raises(NotFound, match="3 records have the id"):
        hub.kit.get(record_id)
    ours = hub.kit.get(record_id, "feedback")
    assert ours.values["experience"] == "Ours"
    assert hub.kit.edit(ours, {"rating": "3"}).kind == "feedback"
    assert {step.fields.get("title") for step in hub.kit.history(f"feedback:{record_id}")} == {None}
    hub.kit.erase(record_id, "feedback")
    assert [record.values["title"] for record in hub.kit.page("event")] == ["Theirs"]
    hub.state()
    network.close()
