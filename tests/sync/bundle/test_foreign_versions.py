"""What a kit of this version would not write itself: refused, or kept as text and sent on byte for byte."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from fieldkit.errors import Misuse
from fieldkit.store.kit import Kit
from streams import GOOD, Stream, carry, origin_of, parcels, refused, take

#: Values that no version stores.
FOREIGN: list[tuple[str, dict[str, Any]]] = [
    ("event", {"date": "31/12/2011"}),
    ("event", {"title": 5}),
    ("event", {"starts": "25:00"}),
    ("event", {"partner": "../.."}),
    ("feedback", {"rating": 7}),
    ("feedback", {"rating": "not a code at all"}),
    ("feedback", {"themes": "staff"}),
    ("feedback", {"themes": [["staff"]]}),
    ("feedback", {"experience": {"a": 1}}),
    ("attendance", {"head_count": True}),
    ("attendance", {"head_count": 1.5}),
]
#: Values that a version with other answers and bounds stores.
OTHER_RULES: list[tuple[str, dict[str, Any]]] = [
    ("event", {"title": "x" * 201}),
    ("feedback", {"rating": "7"}),
    ("feedback", {"consent_quote": "in-part"}),
    ("feedback", {"themes": ["staff", "brand-new"]}),
    ("feedback", {"disability": ["ZZ", "01"]}),
    ("attendance", {"head_count": -1}),
    ("attendance", {"head_count": 10_000_000}),
]


@pytest.mark.parametrize(("kind", "fields"), FOREIGN)
def test_a_value_that_no_kit_would_store_is_refused(kit: Kit, kind: str, fields: dict[str, Any]) -> None:
    stream = Stream()
    stream.write("record00", fields, kind=kind)
    error = refused(kit, stream.parcel())
    assert error.reason == "damaged"
    # A newer kit's rules may differ, so its value is kept as text.
    newer = Stream()
    newer.write("record00", fields, kind=kind, schema=2)
    take(kit, newer.parcel())
    assert kit.get("record00").extra == fields
    assert kit.check() == []


@pytest.mark.parametrize(("kind", "fields"), OTHER_RULES)
def test_a_value_that_other_rules_allow_stops_no_bundle(kit: Kit, kind: str, fields: dict[str, Any]) -> None:
    stream = Stream()
    stream.write("record00", fields, kind=kind)
    stream.write("record11", {"rating": "2"}, kind="feedback")
    ingested = take(kit, stream.parcel())
    assert ingested.not_understood == kit.not_understood([kind]) == 1
    stored = kit.get("record00")
    assert (stored.values, stored.extra) == ({}, fields)
    assert kit.get("record11").values == {"rating": "2"}
    assert parcels(kit) == [stream.parcel()]
    assert kit.check() == []


def test_a_conflict_is_not_resolved_by_a_value_that_other_rules_allow(kit: Kit) -> None:
    for stream, rating in ((Stream(), "7"), (Stream("c"), "2")):
        stream.write("record00", {"rating": rating}, kind="feedback")
        take(kit, stream.parcel())
    [conflict] = kit.conflicts()
    values = [claim.value for claim in conflict.values]
    assert sorted(values) == ["2", "7"]
    with pytest.raises(Misuse):
        kit.choose(conflict, values.index("7"))
    kit.choose(conflict, values.index("2"))
    assert kit.get("record00").values == {"rating": "2"}
    assert kit.conflicts() == kit.check() == []


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
    (conflict,) = third.conflicts()
    assert [claim.value for claim in conflict.values] == ["blue", "[31mred"]
    assert [step.fields["colour"] for step in third.history("lantern00")] == ["[31mred", "blue"]
    # An edit of known fields leaves the rest unchanged.
    edited = third.edit(event, {"title": "Fair"})
    assert (edited.values, edited.extra) == ({"title": "Fair"}, {"newer": "abc"})
    assert third.check() == []


def test_hostile_text_is_stored_as_harmless_text(kit: Kit) -> None:
    stream = Stream()
    text = "[/] [@click=app.quit]x[/] \x1b]0;gone\x07\u202e=1+1"
    stream.write("event000", {"title": text, "notes": "\x1b[2J"})
    stream.write("event000", {"title": text + "\x9b2J again"})
    take(kit, stream.parcel())
    shown = "[/] [@click=app.quit]x[/] ]0;gone=1+1"
    assert kit.page("event")[0].values == {"title": shown + "2J again", "notes": "[2J"}
    (conflict,) = kit.conflicts()
    assert [claim.value for claim in conflict.values] == [shown + "2J again", shown]
    assert [step.fields["title"] for step in kit.history("event000")] == [shown, shown + "2J again"]
    assert parcels(kit) == [stream.parcel()]


def test_a_conflict_in_what_this_version_does_not_know_is_resolved_by_choosing(
    new_kit: Callable[..., Kit],
) -> None:
    kit, other = new_kit(), new_kit()
    streams = Stream(), Stream("c")
    for stream, colour in zip(streams, ("red", "blue"), strict=True):
        stream.write("lantern0", {"colour": colour}, kind="lantern")
        stream.write(
            "record00", {"experience": "same", "later": {"shade": colour}}, kind="feedback", schema=2
        )
        stream.write("record11", {"rating": {"shade": colour}}, kind="feedback", schema=2)
        for device in (kit, other):
            take(device, stream.parcel(len(stream.lines) - 2))
    assert [(conflict.kind, conflict.record_id, conflict.field) for conflict in kit.conflicts()] == [
        ("lantern", "lantern0", "colour"),
        ("feedback", "record00", "later"),
        ("feedback", "record11", "rating"),
    ]
    for conflict in kit.conflicts()[:2]:
        kit.choose(conflict, 1)
    with pytest.raises(Misuse):
        kit.choose(kit.conflicts()[0], 0)
    with pytest.raises(Misuse):
        kit.choose(kit.conflicts()[0], 2)
    assert [conflict.field for conflict in kit.conflicts()] == ["rating"]
    carry(kit, other)
    assert other.state_hash() == kit.state_hash()
    assert kit.get("record00").extra == {"later": {"shade": "red"}}
    assert kit.check() == other.check() == []
