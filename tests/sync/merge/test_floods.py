"""Floods of changes to one record: limited for the sender, and harmless for everybody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from fieldkit.errors import BundleRefused
from fieldkit.store.journal import append, ingest, record_shares
from fieldkit.store.kit import Kit
from fieldkit.store.oplog.ops import MOST_PREDS, encode
from fieldkit.store.projection import projection
from fieldkit.sync.merge.report import MERGED
from networks import Network, Writer, op
from streams import Stream, parcels, take


def titles(kit: Kit, number: int) -> str:
    """An event with `number` titles in conflict."""
    event = kit.add("event", {"title": "Fair"}).record_id
    stream = Stream()
    for each in range(number):
        stream.write(event, {"title": f"Fair {each}"})
    take(kit, stream.parcel())
    assert [(conflict.record_id, conflict.field) for conflict in kit.conflicts()] == [(event, "title")]
    return event


def test_what_replaces_very_many_values_is_still_taken_by_everybody(network: Network) -> None:
    hub, deputy = network.hub, network.joins("Deputy", trusted="deputy")
    hub.merge(*deputy.export())
    deputy.merge(hub.invite())
    flooder = network.joins("Flood", trusted="field")
    event = hub.kit.add("event", {"title": "Fair"}).record_id
    writer = Writer(flooder, [hub.me.age_public])
    lines = writer.lines(
        *(
            op(writer.origin, number, kind="event", record_id=event, fields={"title": f"Fair {number}"})
            for number in range(1, MOST_PREDS + 102)
        )
    )
    assert hub.take(writer.bundle(lines)).status == MERGED
    hub.kit.resolve(event, "title", "Fair in the park")
    assert hub.kit.conflicts() == []
    hub.kit.delete(event)
    hub.kit.restore(event)
    assert hub.kit.conflicts() == []
    for path in (*hub.export(full=True), hub.invite()):
        assert deputy.take(path).sentence == ""
    assert deputy.kit.get(event).values["title"] == "Fair in the park"
    assert deputy.state() == hub.state()
    network.joins("New")


@pytest.mark.parametrize("number", [1, 4, 5, 9, 13])
def test_a_change_is_split_where_it_replaces_too_much(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(append, "MOST_PREDS", 4)
    event = titles(kit, number)
    kit.edit(kit.get(event), {"title": "One", "notes": "Both at once"})
    assert kit.conflicts() == []
    assert kit.get(event).values == {"title": "One", "notes": "Both at once"}
    kit.delete(event)
    assert kit.conflicts() == []
    assert kit.get(event).deleted
    assert kit.check() == []
    ops = [step.preds for step in (operation[0] for operation in _ops(kit))]
    assert max(sum(map(len, preds.values())) for preds in ops) <= 4


def _ops(kit: Kit) -> Iterator[tuple[Any]]:
    from fieldkit.store.oplog.ops import decode_stored

    for _, lines in parcels(kit, [kit.origin]):
        for line in lines:
            yield (decode_stored(line),)


def test_a_record_is_folded_once_for_each_bundle(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    folded: list[str] = []
    fold = projection.fold

    def noted(ops: Any) -> Any:
        folded.append(ops[0].record_id)
        return fold(ops)

    monkeypatch.setattr(projection, "fold", noted)
    stream = Stream()
    for number in range(2_000):
        stream.write(f"event{number % 2:03}", {"title": f"Fair {number}"})
    ingested = take(kit, stream.parcel())
    assert sorted(folded) == ["event000", "event001"]
    assert (ingested.records.new, ingested.records.changed, ingested.records.conflicts) == (2, 0, 2)
    assert kit.check() == []


def test_more_changes_of_one_record_than_people_make_are_refused(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:

    monkeypatch.setattr(record_shares, "MOST_CHANGES", 10)
    first, second = Stream(), Stream("c")
    for stream in (first, second):
        for number in range(12):
            stream.write("event000", {"title": f"Fair {number}"})
    take(kit, first.parcel(1, 10))
    # Nobody else is blocked by it, whatever they send about the same record.
    take(kit, second.parcel(1, 8))
    state = kit.state_hash()
    for parcel in (first.parcel(11, 12), second.parcel(9, 12)):
        with pytest.raises(BundleRefused) as refused:
            take(kit, parcel)
        assert refused.value.reason == "damaged"
    assert kit.state_hash() == state
    take(kit, second.parcel(9, 10))
    other = Stream("d")
    other.write("event000", {"title": "An honest one"})
    take(kit, other.parcel())
    assert kit.check() == []


def test_many_records_that_wait_are_folded_on_the_way(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "MOST_WAITING", 3)
    stream = Stream()
    for turn in range(2):
        for number in range(500):
            stream.write(f"event{number:03}", {"title": f"Fair {turn}"})
    ingested = take(kit, stream.parcel())
    assert ingested.records.new + ingested.records.changed >= 500
    assert kit.counts()["event"] == 500
    assert kit.check() == []


def test_an_op_that_replaces_too_much_in_all_fields_together_is_refused(kit: Kit) -> None:
    stream = Stream()
    refs = [f"{'d' * 26}.00000001:{number}" for number in range(1, 402)]
    names = ("title", "notes", "place")
    stream.write("event000", dict.fromkeys(names, "Fair"), preds=dict.fromkeys(names, refs))
    with pytest.raises(BundleRefused) as refused:
        take(kit, stream.parcel())
    assert "replaces too many others" in refused.value.message
    assert kit.counts()["event"] == 0


def test_changes_that_replace_very_many_values_together_are_refused(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_shares, "MOST_REFERENCES", 40)
    stream, honest = Stream(), Stream("c")
    refs = [f"{'d' * 26}.00000001:{number}" for number in range(1, 21)]
    for number in range(3):
        stream.write("event000", {"title": f"Fair {number}"}, preds={"title": refs})
    take(kit, stream.parcel(1, 2))
    with pytest.raises(BundleRefused) as refused:
        take(kit, stream.parcel(3, 3))
    assert "replace more than 40 values" in refused.value.message
    # Nobody else's changes of that record are refused because of it.
    honest.write("event000", {"title": "An honest title"})
    take(kit, honest.parcel())
    assert kit.check() == []


def test_very_long_changes_of_one_record_are_refused(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_shares, "MOST_BYTES", 50_000)
    stream, honest = Stream(), Stream("c")
    for number in range(6):
        stream.write("event000", {"unknown": f"{number}" * 10_000})
    take(kit, stream.parcel(1, 3))
    with pytest.raises(BundleRefused):
        take(kit, stream.parcel(4, 6))
    honest.write("event000", {"title": "An honest title"})
    take(kit, honest.parcel())
    assert kit.get("event000").values["title"] == "An honest title"
    assert kit.check() == []


def test_many_large_records_are_folded_a_few_at_a_time(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    most = 0
    ops_of = projection.Projection._ops_of

    def measured(self: Any, record_ids: Any) -> Any:
        nonlocal most
        grouped = ops_of(self, record_ids)
        most = max(most, sum(len(encode(op)) for ops in grouped.values() for op in ops))
        return grouped

    monkeypatch.setattr(projection, "_PORTION", 50_000)
    monkeypatch.setattr(projection.Projection, "_ops_of", measured)
    stream = Stream()
    for turn in range(2):
        for number in range(30):
            stream.write(f"event{number:03}", {"unknown": f"{turn}" * 10_000})
    take(kit, stream.parcel())
    assert 0 < most <= 80_000
    assert kit.counts()["event"] == 30
    assert kit.check() == []
