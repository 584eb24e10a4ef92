"""Records from sets of ops: any order, partition and duplication give one state, and a naive model agrees."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.store.kit import Kit
from fieldkit.store.oplog.fold import fold
from fieldkit.store.oplog.ops import Op
from naive import Meaning, meaning
from streams import YEAR_2106, Parcel, Stream, kit_from, take

RECORDS = [("event", "event000"), ("event", "event111"), ("partner", "partner0"), ("lantern", "lantern0")]
FIELDS = {
    "event": ("title", "date", "newer"),
    "partner": ("name", "town", "newer"),
    "lantern": ("colour", "newer"),
}
VALUES: dict[str, tuple[Any, ...]] = {
    "date": ("2011-01-01", "2026-11-21", None),
    "newer": (1, True, 1.0, [1], [True], {"a": [None]}, "[/]", None),
}
TEXTS = ("fair", "Fair", "ਮੇਲਾ", "میلہ 🎪", "[@click=app.quit]x[/]", None)


@dataclass(frozen=True)
class Act:
    """An act of a person: on which device, on which record, after reading it or not, and when."""

    device: int
    what: str
    record: int
    field: int
    value: int
    clock: int


def _acts() -> st.SearchStrategy[list[Act]]:
    number = st.integers(0, 7)
    what = st.sampled_from(("edit", "edit", "edit", "blind", "blind", "meet", "delete", "restore", "resolve"))
    clock = st.one_of(st.integers(0, 50), st.integers(0, YEAR_2106))
    return st.lists(
        st.builds(Act, st.integers(0, 2), what, number, number, number, clock), min_size=25, max_size=70
    )


def _play(erases_others: list[Act]) -> list[Stream]:
    """The streams of three devices whose people act; each sees its own ops and those of devices it met."""
    streams = [Stream(letter) for letter in "bcd"]
    seen: list[dict[str, Op]] = [{}, {}, {}]
    for act in erases_others:
        mine = seen[act.device]
        if act.what == "meet":
            mine |= seen[act.value % 3]
            continue
        kind, record_id = RECORDS[act.record % len(RECORDS)]
        now = meaning(mine.values()).get((kind, record_id), Meaning())
        heads = {name: [op.ref for op in ops] for name, ops in now.heads.items()}
        name = FIELDS[kind][act.field % len(FIELDS[kind])]
        preds: dict[str, list[str]] = {}
        if act.what in {"delete", "restore"}:
            name, value = "deleted", act.what == "delete"
            preds["*"] = sorted({ref for refs in heads.values() for ref in refs}) if value else []
        else:
            if act.what == "resolve" and now.conflicting - {"deleted"}:
                name = sorted(now.conflicting - {"deleted"})[0]
            values = VALUES.get(name, TEXTS)
            value = values[act.value % len(values)]
        if act.what != "blind":
            preds[name] = heads.get(name, [])
        fields = {name: value}
        preds = {key: refs for key, refs in preds.items() if refs}
        op = streams[act.device].write(record_id, fields, preds, kind=kind, clock=act.clock)
        mine[op.ref] = op
    return [stream for stream in streams if stream.ops]


def _bundles(streams: list[Stream], chance: random.Random) -> list[list[Parcel]]:
    """Cut the streams into spans, some twice and overlapping, and put them into bundles in random order."""
    parcels = []
    for stream in streams:
        ends = sorted(
            {*chance.sample(range(1, len(stream.ops) + 1), min(3, len(stream.ops))), len(stream.ops)}
        )
        first = 1
        for last in ends:
            parcels.append(stream.parcel(first, last))
            if chance.random() < 0.5:
                parcels.append(stream.parcel(chance.randint(1, first), last))
            first = last + 1
    chance.shuffle(parcels)
    bundles: list[list[Parcel]] = [[] for _ in range(chance.randint(1, 5))]
    for parcel in parcels:
        bundle = chance.choice(bundles)
        # A manifest names each beginning once.
        if any((span.origin, span.first) == (parcel[0].origin, parcel[0].first) for span, _ in bundle):
            bundles.append([parcel])
        else:
            bundle.append(parcel)
    return [bundle for bundle in bundles if bundle]


def _state(kit: Kit) -> tuple[Any, ...]:
    conflicts = [
        (
            conflict.kind,
            conflict.record_id,
            conflict.field,
            [(repr(claim.value), claim.ref) for claim in conflict.values],
        )
        for conflict in kit.conflicts()
    ]
    pages = {
        kind: sorted(repr(record) for deleted in (False, True) for record in kit.page(kind, deleted=deleted))
        for kind in ("event", "partner")
    }
    return kit.state_hash(), kit.counts(), conflicts, pages


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(erases_others=_acts(), seed=st.integers(0, 2**32))
def test_any_order_partition_and_duplication_give_the_state_of_the_naive_model(
    kit_template: Path, erases_others: list[Act], seed: int
) -> None:
    streams = _play(erases_others)
    chance = random.Random(seed)
    states = []
    for _ in range(2):
        with kit_from(kit_template) as kit:
            for bundle in _bundles(streams, chance):
                take(kit, *bundle)
            states.append(_state(kit))
            _agree(kit, meaning(op for stream in streams for op in stream.ops))
            assert kit.check() == []
            kit.rebuild()
            assert _state(kit) == states[-1]
            assert kit.check() == []
    assert states[0] == states[1]


def _agree(kit: Kit, records: dict[tuple[str, str], Meaning]) -> None:
    live: dict[str, int] = {}
    for (kind, record_id), expected in records.items():
        stored = kit.get(record_id)
        assert stored.values | stored.extra == expected.shown
        assert repr(stored.extra.get("newer")) == repr(expected.shown.get("newer"))
        assert stored.deleted == expected.deleted
        assert set(stored.conflicts) == expected.conflicting
        assert stored.heads == {name: [op.ref for op in ops] for name, ops in expected.heads.items()}
        live[kind] = live.get(kind, 0) + (not expected.deleted)
    assert {kind: count for kind, count in kit.counts().items() if count} == {
        k: n for k, n in live.items() if n
    }
    listed = {(conflict.kind, conflict.record_id, conflict.field) for conflict in kit.conflicts()}
    assert listed == {(*key, name) for key, record in records.items() for name in record.conflicting}
    assert kit.conflict_count() == len(listed)


# One record


@given(clocks=st.lists(st.integers(0, YEAR_2106), min_size=2, max_size=12), seed=st.integers(0, 2**32))
def test_an_edit_that_saw_the_value_wins_whatever_the_clocks_say(clocks: list[int], seed: int) -> None:
    chance = random.Random(seed)
    streams = [Stream(letter) for letter in "bcd"]
    last: Op | None = None
    for number, clock in enumerate(clocks):
        preds = {"title": [last.ref]} if last else {}
        last = chance.choice(streams).write("event000", {"title": f"title {number}"}, preds, clock=clock)
    ops = [op for stream in streams for op in stream.ops]
    chance.shuffle(ops)
    record = fold(ops)
    assert record.fields == {"title": f"title {len(clocks) - 1}"}
    assert record.conflicts == []
    assert [op.ref for op in record.heads["title"]] == [last.ref if last else ""]


@given(
    seed=st.integers(0, 2**32),
    values=st.lists(st.sampled_from([1, True, 1.0, "1", [1], [True], None]), min_size=2),
)
def test_concurrent_values_conflict_exactly_when_they_are_written_differently(
    seed: int, values: list[Any]
) -> None:
    chance = random.Random(seed)
    letters = chance.sample("bcdefghijklm", min(len(values), 12))
    ops = [
        Stream(letter).write("event000", {"newer": value}, clock=chance.randint(0, 9))
        for letter, value in zip(letters, values, strict=False)
    ]
    record = fold(ops)
    conflicting = len({repr(op.fields["newer"]) for op in ops}) > 1
    assert record.conflicts == (["newer"] if conflicting else [])
    ruling = Stream("z").write("event000", {"newer": "so be it"}, {"newer": [op.ref for op in ops]})
    resolved = fold([ruling, *ops])
    assert (resolved.conflicts, resolved.fields) == ([], {"newer": "so be it"})


def test_equal_clocks_are_distinguished_by_the_device_and_its_sequence() -> None:
    first, second = Stream("b"), Stream("c")
    ops = [
        first.write("event000", {"title": "b"}, clock=9),
        second.write("event000", {"title": "c"}, clock=9),
    ]
    for chunk in (ops, ops[::-1]):
        record = fold(chunk)
        assert (record.fields["title"], record.origin) == ("c", first.origin)
        assert [op.origin for op in record.heads["title"]] == [second.origin, first.origin]
    assert fold(ops).digest == fold(ops[::-1]).digest


def test_ops_that_replace_each_other_in_a_ring_all_stand() -> None:
    left_one, later = Stream("b"), Stream("c")
    first = left_one.write("event000", {"title": "one"}, {"title": [f"{later.origin}:1"]})
    second = later.write("event000", {"title": "two"}, {"title": [first.ref]})
    record = fold([first, second])
    assert record.conflicts == ["title"]
    assert record.fields == {"title": "two"}


def test_nothing_folds_to_nothing() -> None:
    with pytest.raises(ValueError, match="at least one"):
        fold([])
