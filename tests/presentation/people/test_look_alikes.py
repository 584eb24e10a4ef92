"""Look-alikes are offered, the likeliest first, and an answer removes them from the list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fieldkit.errors import Misuse, NotFound
from fieldkit.presentation.people.details_apart import details_apart
from fieldkit.presentation.people.look_alike_list import (
    look_alike_count,
    look_alikes,
    names_apart,
    reason_of,
    suggested_kept,
)
from fieldkit.presentation.people.look_alike_search import find_look_alikes
from fieldkit.presentation.people.named_people import person_named, records_named
from fieldkit.presentation.people.person_joins import DIFFERENT, NOT_SURE, SAME, answer, join, part
from fieldkit.presentation.people.side_by_side import differing, side_by_side
from fieldkit.records.schema.kind import kind
from fieldkit.screens.base.record_rows import KitSource
from fieldkit.store.kit import Kit
from networks import Network

Y = {"consent_record": "Y"}


def person(kit: Kit, name: str, **values: Any) -> str:
    return kit.add("person", {"name": name, **Y, **values}).record_id


def test_the_likeliest_come_first_and_different_people_not_at_all(network: Network) -> None:
    kit, me = network.hub.kit, network.hub.me
    amina, amira = person(kit, "Amina Khan"), person(kit, "Amira Khan")
    john, initial = person(kit, "John Smith", telephone="0121 496 0000"), person(kit, "J. Smith")
    gurpreet, script = person(kit, "Gurpreet Kaur"), person(kit, "ਗੁਰਪ੍ਰੀਤ ਕੌਰ")
    phone = person(kit, "Jon Smith", telephone="0121 4960000")
    pairs = [{each.one, each.other} for each in find_look_alikes(kit)]
    assert pairs[0] == {john, phone} and {gurpreet, script} in pairs and {john, initial} in pairs
    assert not any({amina, amira} == pair for pair in pairs)
    answer(kit, me, gurpreet, script, NOT_SURE)
    assert {look_alikes(kit)[0].one, look_alikes(kit)[0].other} == {gurpreet, script}
    assert "not sure" in reason_of(look_alikes(kit)[0]).lower()
    answer(kit, me, john, phone, DIFFERENT)
    join(kit, me, gurpreet, script)
    left = [{each.one, each.other} for each in find_look_alikes(kit)]
    assert {john, phone} not in left and {gurpreet, script} not in left
    assert look_alike_count(kit) == len(left)
    answer(kit, me, amina, amira, SAME)
    assert {look_alikes(kit)[0].one, look_alikes(kit)[0].other} == {amina, amira}


def test_nothing_is_joined_by_comparing(network: Network) -> None:
    kit = network.hub.kit
    for _ in range(3):
        person(kit, "Amina Khan")
    before = kit.state_hash()
    assert len(find_look_alikes(kit)) == 3
    assert kit.state_hash() == before and kit.count("person") == 3


def test_joined_records_are_compared_with_another_once(network: Network) -> None:
    kit, me = network.hub.kit, network.hub.me
    first, second = person(kit, "Nguyen Van An"), person(kit, "Nguyễn Văn An")
    longer = person(kit, "Nguyễn Văn An Trần")
    assert len(find_look_alikes(kit)) == 3
    join(kit, me, first, second)
    (left,) = look_alikes(kit)
    assert longer in {left.one, left.other} and look_alike_count(kit) == 1


def test_both_records_stand_beside_each_other(network: Network) -> None:
    kit = network.hub.kit
    person_id = person(kit, "Amina Khan", organisation="Mosque", telephone="1")
    other = person(kit, "Ameena Khan", organisation="Clinic", email="a@example.org")
    fair = kit.add("event", {"title": "Fair"}).record_id
    for event in (fair, kit.add("event", {"title": "Market"}).record_id):
        kit.add("attendance", {"event": event, "person": other})
    lines = side_by_side(kit, person_id, other)
    assert [line.field for line in differing(lines)] == ["name", "organisation"]
    assert next(line for line in lines if line.field == "email").person == ""
    assert [line.other for line in lines if line.title == "Linked records"] == ["2 attendances"]
    assert suggested_kept(kit, person_id, other) == person_id


def test_people_are_named_by_any_of_their_names(network: Network) -> None:
    kit, me = network.hub.kit, network.hub.me
    person_id, other, third = person(kit, "Amina Khan"), person(kit, "Ameena Khan"), person(kit, "A. Khan")
    with pytest.raises(NotFound):
        person_named(kit, "Nobody")
    with pytest.raises(Misuse, match="one record"):
        records_named(kit, person_id)
    join(kit, me, person_id, other)
    assert records_named(kit, "ameena khan") == (person_id, other)
    join(kit, me, person_id, third)
    with pytest.raises(Misuse, match="3 records"):
        records_named(kit, person_id)
    assert (
        records_named(kit, person_id, "A. Khan")
        == records_named(kit, person_id, third[-8:])
        == (person_id, third)
    )
    part(kit, me, person_id, third)
    assert kit.count("person") == 2


def test_the_list_of_answers_says_of_whom(network: Network) -> None:
    kit, me = network.hub.kit, network.hub.me
    answer(kit, me, person(kit, "Amina Khan"), person(kit, "Amira Khan"), NOT_SURE)
    (row,) = KitSource(kit, kind("same_person")).rows(0, 10)
    assert {"Amina Khan", "Amira Khan"} <= set(row.cells)


def test_people_of_one_name_are_told_apart_by_what_each_has(network: Network) -> None:
    kit = network.hub.kit
    fair = kit.add("event", {"title": "Parade", "event_kind": "health-fair", "date": "2026-03-05"}).record_id
    later = kit.add(
        "event", {"title": "Seminar", "event_kind": "health-fair", "date": "2026-04-05"}
    ).record_id
    first, second = person(kit, "Joan Baker"), person(kit, "Joan Baker")
    for event in (later, fair):
        kit.add("attendance", {"event": event, "person": first})
    kit.add("attendance", {"event": later, "person": second})
    (pair,) = find_look_alikes(kit)
    (named,) = names_apart(kit, [pair])
    assert set(named) == {"Joan Baker · Parade, 5 Mar 2026", "Joan Baker · Seminar, 5 Apr 2026"}


def test_people_who_differ_in_nothing_are_told_apart_by_their_ids(network: Network) -> None:
    kit = network.hub.kit
    ids = [person(kit, "Joan Baker") for _ in range(3)]
    (apart,) = details_apart(kit, [ids])
    assert apart == {each: f"id {each[-6:]}" for each in ids}
    assert details_apart(kit, []) == []


def test_names_that_differ_stay_as_they_are(network: Network) -> None:
    kit = network.hub.kit
    person(kit, "Joan Baker"), person(kit, "Joan Bakker", organisation="Mosque")
    pairs = find_look_alikes(kit)
    assert names_apart(kit, pairs) == [pair.names for pair in pairs] != []


def test_people_who_were_recorded_in_different_minutes_are_told_apart_by_them(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit = network.hub.kit
    ids = [person(kit, "Joan Baker") for _ in range(2)]
    held = {
        each: replace(kit.many("person", ids)[each], created=at)
        for each, at in zip(ids, (1_772_700_000_000, 1_772_700_060_000), strict=True)
    }
    monkeypatch.setattr(kit, "many", lambda *_, **__: held)
    (apart,) = details_apart(kit, [ids])
    assert len(set(apart.values())) == 2 and all(
        each.startswith("recorded 5 Mar 2026 ") for each in apart.values()
    )
    assert details_apart(kit, [["gone"]]) == [{}]
