"""Lines of a journal: each is a valid operation, or is refused with a message."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.errors import BundleRefused
from fieldkit.store.oplog.op_decoding import decode
from fieldkit.store.oplog.ops import Op, Skeleton, encode
from streams import GOOD, origin_of

ORIGIN = origin_of("b")


def line(**changed: Any) -> bytes:
    return json.dumps({**GOOD, **changed}, ensure_ascii=False).encode()


def bare(fields: bytes) -> bytes:
    """A line whose `fields` is this text."""
    return line(preds={}, fields="HERE").replace(b'"HERE"', fields)


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
    "a skeleton's hash in capitals": encode(Skeleton(ORIGIN, 1, "A" * 64, "event000")),
    "a skeleton's hash cut short": encode(Skeleton(ORIGIN, 1, "a" * 63, "event000")),
    "a skeleton without a record": encode(Skeleton(ORIGIN, 1, "a" * 64, "")),
    "a skeleton twice": encode(Skeleton(ORIGIN, 1, "a" * 64, "event000"))[:-1] + b',"seq":1}',
    "a skeleton nested": encode(Skeleton(ORIGIN, 1, "a" * 64, "event000"))[:-1]
    + b',"x":'
    + b"[" * 20
    + b"]" * 20
    + b"}",
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_line_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(BundleRefused) as caught:
        decode(DAMAGED[name])
    assert caught.value.reason == "damaged"
    assert caught.value.hint
    assert len(str(caught.value)) < 600
    assert "\x1b" not in str(caught.value)


@given(st.binary(max_size=300))
def test_any_bytes_are_decoded_or_refused(chunk: bytes) -> None:
    with pytest.raises(BundleRefused):
        decode(chunk)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*GOOD, "schema", "gone", "newer"]), JSON), st.booleans())
def test_any_wrong_values_are_decoded_or_refused(changes: dict[str, Any], is_ascii: bool) -> None:
    chunk = json.dumps({**GOOD, **changes}, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    try:
        decode(chunk)
    except BundleRefused as error:
        assert error.reason == "damaged"


@given(st.integers(0, len(line()) - 1), st.integers(0, 255))
def test_any_changed_byte_is_decoded_or_refused(at: int, byte: int) -> None:
    chunk = bytearray(line())
    chunk[at] = byte
    try:
        decode(bytes(chunk))
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
