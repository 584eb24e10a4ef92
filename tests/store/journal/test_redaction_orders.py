"""Orders to redact: who may give them, what they may contain, and how much."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from fieldkit.errors import Misuse, NotFound
from fieldkit.store.oplog import op_decoding
from fieldkit.store.oplog.ops import LONGEST_FIELD, encode
from fieldkit.store.oplog.redaction import redacting
from fieldkit.sync.merge.report import KNOWN, MERGED, QUARANTINED
from marked_text import MARKER, spoken
from marked_text import words_in as words_held
from networks import Laptop, Network, Writer, op
from redacted import deputy, edit, recorded


@pytest.mark.parametrize("which", ["redacts", "restates"])
def test_only_a_coordinator_takes_words_out(network: Network, which: str) -> None:
    hub, laptop, record_id = recorded(network)
    before = hub.state()
    writer = Writer(laptop, [hub.me.age_public])
    held = hub.kit.ledger.hash_of(laptop.kit.origin, 1)
    assert held is not None
    fields: dict[str, Any] = {"redacts": {held.hex(): ["experience"]}}
    if which == "restates":
        fields = {"restates": {"op": f"{laptop.kit.origin}:1", "hash": held.hex(), "stamp": 1}, "rating": "5"}
    for kind in ("feedback", "not_yet_a_kind"):
        path = writer.bundle(
            writer.lines(op(writer.origin, 1, kind=kind, record_id=record_id, fields=fields))
        )
        merged = hub.take(path)
        assert (merged.status, merged.reason) == (QUARANTINED, "not-allowed")
    assert hub.state() == before


_REF, _HASH = f"{'b' * 26}.00000001:1", "0" * 64


@pytest.mark.parametrize(
    "fields",
    [
        {"redacts": "x"},
        {"redacts": None},
        {"redacts": {"0" * 63: ["experience"]}},
        {"redacts": {_HASH: "experience"}},
        {"redacts": {_HASH: ["No Name"]}},
        {"redacts": {_HASH: [["experience"]]}},
        {"restates": True},
        {"restates": None},
        {"restates": {"op": _REF, "hash": _HASH}},
        {"restates": {"op": "b:1", "hash": _HASH, "stamp": 1}},
        {"restates": {"op": _REF, "hash": 7, "stamp": 1}},
        {"restates": {"op": _REF, "hash": _HASH, "stamp": -1}},
        {"restates": {"op": _REF, "hash": _HASH, "stamp": True}},
        {"restates": {"op": _REF, "hash": _HASH, "stamp": 1, "more": 1}},
        {"restates": {"op": _REF, "hash": _HASH, "stamp": 1}, "rating": "no such code"},
        # An order carries nothing else, and no order undoes another.
        {"redacts": {_HASH: ["experience"]}, "experience": "Words in the open"},
        {"redacts": {_HASH: ["experience"]}, "restates": {"op": _REF, "hash": _HASH, "stamp": 1}},
        {"redacts": {_HASH: ["experience", "erased"]}},
        {"redacts": {_HASH: ["deleted"]}},
        {"redacts": {_HASH: ["restates"]}},
        {"erased": True, "rating": "1"},
        {"erased": True, "deleted": True},
        {"erased": False},
        {"erased": 1},
    ],
)
def test_orders_that_are_not_what_they_should_be(network: Network, fields: dict[str, Any]) -> None:
    hub, other = network.hub, deputy(network)
    before = hub.state()
    writer = Writer(other, [hub.me.age_public])
    plain = op(writer.origin, 1, record_id="hostile00000001", fields={"rating": "1"})
    # One by one, and among ops that are checked together.
    for lines in (
        [op(writer.origin, 1, fields=fields)],
        [plain, op(writer.origin, 2, fields=fields), op(writer.origin, 3)],
    ):
        merged = hub.take(writer.bundle(writer.lines(*lines)))
        assert (merged.status, merged.reason) == (QUARANTINED, "damaged"), fields
    assert hub.state() == before


@pytest.mark.parametrize("kind", ["withdrawal", "device", "policy", "event", "partner", "term"])
def test_what_everybody_needs_keeps_its_text(network: Network, kind: str) -> None:
    hub, other = network.hub, deputy(network)
    before = hub.state()
    writer = Writer(other, [hub.me.age_public])
    for fields in ({"redacts": {}}, {"restates": {"op": _REF, "hash": _HASH, "stamp": 1}}):
        record_id = other.me.device if kind == "device" else "needed00001"
        line = op(writer.origin, 1, kind=kind, record_id=record_id, fields=fields)
        assert hub.take(writer.bundle(writer.lines(line))).reason == "damaged"
    assert hub.state() == before
    with pytest.raises(Misuse):
        hub.kit.redact(kind, [other.me.device])


def hashed(laptop: Laptop, seq: int) -> str:
    """The hash of one of a laptop's own ops."""
    return (laptop.kit.ledger.hash_of(laptop.kit.origin, seq) or b"").hex()


def test_what_restates_an_op_whole_is_that_op_with_its_own_answers(network: Network) -> None:
    other = deputy(network)
    hub, laptop, record_id = recorded(network)
    other.merge(hub.invite())
    writer = Writer(other, [hub.me.age_public, other.me.age_public])
    content = {"op": f"{laptop.kit.origin}:1", "hash": hashed(laptop, 1), "stamp": 5}
    rating = hub.kit.get(record_id).values["rating"]
    fields = {**hub.kit.get(record_id).values, "rating": "5", "restates": content}
    assert rating != "5"
    path = writer.bundle(writer.lines(op(writer.origin, 1, record_id=record_id, fields=fields)))
    bundles = laptop.export(full=True)
    for first, second in ((path, bundles), (*bundles, [path])):
        device = hub if first == path else other
        assert {file.status for file in device.merge(first, *second).files} <= {MERGED, KNOWN}
        assert device.kit.get(record_id).values["rating"] == rating
        assert device.kit.conflicts() == []
    assert hub.state()[0] == other.state()[0]


def test_an_order_reaches_its_own_record_alone(network: Network) -> None:
    hub, laptop, record_id = recorded(network)
    other = deputy(network)
    second = laptop.kit.add("feedback", spoken()).record_id
    hub.merge(*laptop.export())
    writer = Writer(other, [hub.me.age_public])
    lines = [
        op(writer.origin, 1, record_id=record_id, fields={"redacts": {hashed(laptop, 2): ["experience"]}}),
        op(writer.origin, 2, record_id=second, fields={"redacts": {}}),
    ]
    assert hub.take(writer.bundle(writer.lines(*lines))).redacted == 0
    assert MARKER in hub.kit.get(second).values["experience"]


def test_an_order_about_what_never_came_shows_nothing(network: Network) -> None:
    hub, other = network.hub, deputy(network)
    writer = Writer(other, [hub.me.age_public])
    order = op(writer.origin, 1, fields={"redacts": {_HASH: ["experience"]}})
    merged = hub.take(writer.bundle(writer.lines(order)))
    assert (merged.status, merged.new_records) == (MERGED, 0)
    with pytest.raises(NotFound):
        hub.kit.get(order.record_id)
    hub.state()


def test_who_was_a_deputy_sends_its_earlier_orders_again(network: Network) -> None:
    hub, _, record_id = recorded(network)
    other = deputy(network)
    other.merge(*hub.export(full=True))
    other.kit.redact("feedback", [record_id])
    hub.merge(*other.export())
    hub.trust(other, "field")
    other.merge(hub.invite())
    hub.kit.erase(record_id)
    new = other.kit.add("feedback", {"rating": "4"}).record_id
    assert {file.status for file in hub.merge(*other.export(full=True)).files} == {MERGED}
    assert hub.kit.get(new).values == {"rating": "4"}


# Very many


def test_as_many_changes_as_a_laptop_may_make_can_lose_their_words(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldkit.store.journal.record_shares.MOST_CHANGES", 40)
    hub, laptop, record_id = recorded(network)
    other = deputy(network)
    for number in range(39):
        edit(laptop, record_id, need=f"{number}", rating=str(1 + number % 5))
    hub.merge(*laptop.export())
    hub.kit.redact("feedback", [record_id])
    for _ in range(2):
        assert {file.status for file in other.merge(*hub.export(full=True)).files} <= {MERGED, KNOWN}
        assert hub.state() == other.state()
        if hub.kit.counts()["feedback"]:
            hub.kit.erase(record_id)


def test_numbers_that_grow_when_they_are_written_again_stop_no_bundle(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(op_decoding, "MOST_VALUES", 10_000)
    hub, laptop = network.hub, network.joins("A", trusted="field")
    other = deputy(network)
    writer = Writer(laptop, [hub.me.age_public])
    fields = {"rating": "2", "experience": MARKER, "date": "2020-01-01", "nums": [1]}
    line = encode(op(writer.origin, 1, record_id="hostile00000001", fields=fields, schema=2))
    line = line.replace(b"[1]", b"[" + b",".join([b"1e15"] * 8_000) + b"]")
    assert hub.take(writer.bundle([line])).status == MERGED
    assert hub.kit.redact("feedback", ["hostile00000001"]) == 1
    assert words_held(hub, tmp_path) == []
    assert {file.status for file in other.merge(*hub.export(full=True)).files} == {MERGED}
    assert hub.state() == other.state()


def test_very_many_changes_of_one_record(network: Network, tmp_path: Path) -> None:
    other = deputy(network)
    hub, laptop, record_id = recorded(network)
    for number in range(700):
        edit(laptop, record_id, need=f"{MARKER} {number}", rating=str(1 + number % 5))
    hub.merge(*laptop.export())
    hub.kit.redact("feedback", [record_id])
    assert words_held(hub, tmp_path) == []
    other.merge(*hub.export(full=True))
    assert hub.state() == other.state()
    assert hub.kit.get(record_id).values["rating"] == "5"


def test_orders_keep_to_the_bounds_of_the_format() -> None:
    names = {f"{number:064x}": [f"field{other:03}{'x' * 30}" for other in range(60)] for number in range(50)}
    orders = redacting(names)
    together: dict[str, set[str]] = {}
    for fields in orders:
        assert len(msgspec.json.encode(fields["redacts"])) < LONGEST_FIELD
        for digest, chunk in fields["redacts"].items():
            together.setdefault(digest, set()).update(chunk)
    assert together == {digest: set(chunk) for digest, chunk in names.items()}
    assert len(orders) > 1
