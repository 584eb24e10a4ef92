"""Two records of a person become one, and two again: what is shown, what links to them, who may join, in which order."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from commanding import Run
from fieldkit.errors import Misuse, NotFound
from fieldkit.presentation.event_figures import people_at
from fieldkit.presentation.people.person_joins import (
    DIFFERENT,
    NOT_SURE,
    SAME,
    answer,
    erasures_waiting,
    join,
    pair_id,
    part,
    undo_last,
)
from fieldkit.presentation.record_page import read
from fieldkit.records.same_people import Join, SamePeople
from fieldkit.store.kit import Kit
from fieldkit.store.record_finder import RecordFinder
from networks import Laptop, Network

Y = {"consent_record": "Y"}


def person(kit: Kit, name: str, **values: Any) -> str:
    return kit.add("person", {"name": name, **Y, **values}).record_id


def event(kit: Kit) -> str:
    return kit.add("event", {"title": "Fair", "date": "2026-11-26"}).record_id


def deputy_of(network: Network) -> Laptop:
    """A second coordinator, which knows its rights."""
    deputy = network.joins("deputy", trusted="deputy")
    network.hub.merge(*deputy.export())
    deputy.merge(network.hub.invite())
    return deputy


@pytest.fixture
def hub(network: Network) -> Laptop:
    return network.hub


def test_what_leads_to_either_record_leads_to_the_person(hub: Laptop) -> None:
    kit, me = hub.kit, hub.me
    fair = event(kit)
    person_id, other = (
        person(kit, "Mohammed Khan", telephone="07700 900123"),
        person(kit, "Muhammad Khan", email="mk@example.org"),
    )
    mentee = person(kit, "Amina Khan")
    for each in (person_id, other):
        kit.add("attendance", {"event": fair, "person": each})
    kit.add("mentorship", {"mentor": other, "mentee": mentee})
    before = kit.state_hash()
    join(kit, me, person_id, other)
    assert (
        kit.count("person")
        == 2
        == len(kit.page("person"))
        == len(list(kit.columns("person", ["name"])))
        == kit.counts()["person"]
    )
    shown = kit.shown(person_id)
    assert shown.values["name"] == "Mohammed Khan" and shown.values["email"] == "mk@example.org"
    assert people_at(kit, fair) == 1
    assert kit.value_counts("attendance", "person")[2] == 1
    assert (
        kit.count("attendance", where={"person": person_id})
        == kit.count("attendance", where={"person": other})
        == 2
    )
    assert {mentor for (mentor,) in kit.columns("mentorship", ["mentor"])} == {person_id}
    assert kit.page("mentorship")[0].values["mentor"] == person_id
    assert kit.many("person", [other])[other].values["name"] == "Mohammed Khan"
    assert [record.record_id for record in kit.alike("person", "muhammad khan")] == [person_id]
    assert [record.record_id for record in kit.page("person", text="muhammad")] == [person_id] and kit.count(
        "person", text="muhammad"
    ) == 1
    assert kit.count("attendance", text="mohammed") == kit.count("attendance", text="muhammad") == 2
    for name in ("Muhammad Khan", "Mohammed Khan", person_id, other, other[-8:]):
        assert RecordFinder(kit).find("person", name) == person_id
    part(kit, me, person_id, other)
    assert kit.count("person") == 3 and people_at(kit, fair) == 2
    assert "email" not in kit.shown(person_id).values
    kit.delete(pair_id(person_id, other))
    assert kit.check() == [] and kit.state_hash() != before


def test_a_chosen_answer_counts_and_an_edit_goes_where_it_counts(hub: Laptop) -> None:
    kit, me = hub.kit, hub.me
    person_id = person(kit, "Mohammed Khan", organisation="Mosque", telephone="1")
    other = person(kit, "Muhammad Khan", organisation="Clinic", telephone="2", job="Porter")
    join(kit, me, person_id, other, ["organisation"])
    shown = kit.shown(person_id)
    assert {name: shown.values[name] for name in ("name", "organisation", "telephone", "job")} == {
        "name": "Mohammed Khan",
        "organisation": "Clinic",
        "telephone": "1",
        "job": "Porter",
    }
    kit.edit(shown, {"organisation": "Hospital", "telephone": "3", "job": None})
    again = kit.shown(person_id).values
    assert (again["organisation"], again["telephone"]) == ("Hospital", "3") and "job" not in again
    assert kit.get(other).values["organisation"] == "Hospital"
    part(kit, me, person_id, other)
    assert (
        kit.shown(person_id).values["organisation"] == "Mosque"
        and kit.shown(person_id).values["telephone"] == "3"
    )
    assert kit.conflict_count() == 0


def test_a_no_to_being_contacted_counts_on_whichever_record_it_stands(hub: Laptop) -> None:
    kit, me = hub.kit, hub.me
    person_id, other = person(kit, "A B", consent_contact="Y"), person(kit, "A B", consent_contact="N")
    join(kit, me, person_id, other, [])
    assert kit.shown(person_id).values["consent_contact"] == "N"
    kit.edit(kit.shown(person_id), {"consent_contact": "Y"})
    assert kit.shown(person_id).values["consent_contact"] == "Y"


def test_deleting_restoring_and_erasing_a_person_reaches_all_their_records(hub: Laptop) -> None:
    kit, me = hub.kit, hub.me
    person_id, other = person(kit, "A B"), person(kit, "A Bee")
    join(kit, me, person_id, other)
    kit.delete(person_id)
    assert kit.count("person") == 0 and kit.count("person", deleted=True) == 2
    kit.restore(other)
    assert kit.count("person") == 1 and kit.count("person", apart=True) == 2
    kit.erase(person_id)
    assert kit.count("person", apart=True) == kit.count("person", deleted=True) == 0
    for each in (person_id, other):
        with pytest.raises(NotFound):
            kit.get(each)


def test_chains_and_rings_make_one_person_whatever_the_order() -> None:
    people = {each: (at, {"name": each}) for at, each in enumerate("abcd")}
    joins = [Join("b", "c", id="1"), Join("c", "d", id="2"), Join("d", "b", id="3"), Join("a", "b", id="4")]
    for chosen in (joins, joins[:3]):
        seen = set()
        for order in itertools.permutations(chosen):
            same = SamePeople(order, people)
            seen.add((same.kept_of("d"), same.records_of("c"), tuple(sorted(same.values_of("b").items()))))
        assert len(seen) == 1
    assert SamePeople(joins, people).kept_of("d") == "a"
    assert SamePeople(joins[:3], people).kept_of("d") == "b"
    without = {each: people[each] for each in "bcd"}
    assert SamePeople(joins, without).kept_of("d") == "b" and SamePeople(joins, without).hidden == {"c", "d"}


def test_only_a_coordinator_joins_and_parts(network: Network) -> None:
    field = network.joins("anna", trusted="field")
    person_id, other = person(field.kit, "A B"), person(field.kit, "A Bee")
    with pytest.raises(Misuse, match="coordinator"):
        join(field.kit, field.me, person_id, other)
    unsure = answer(field.kit, field.me, person_id, other, NOT_SURE)
    assert unsure.refs and unsure.sentence.endswith("are one person. The coordinator sees it.")
    assert answer(field.kit, field.me, person_id, other, SAME).refs
    network.hub.merge(*field.export())
    assert network.hub.kit.count("person") == 2
    unsure = answer(network.hub.kit, network.hub.me, person_id, other, NOT_SURE)
    assert unsure.sentence.endswith("are one person. They stay in the list."), "nobody else is asked"
    join(network.hub.kit, network.hub.me, person_id, other)
    with pytest.raises(Misuse, match="joined"):
        answer(network.hub.kit, network.hub.me, person_id, other, DIFFERENT)
    assert network.hub.kit.count("person") == 1


def test_a_field_laptop_that_joins_all_the_same_is_refused(network: Network) -> None:
    field = network.joins("anna", trusted="field")
    person_id, other = person(field.kit, "A B"), person(field.kit, "A Bee")
    field.kit.put(
        "same_person",
        pair_id(person_id, other),
        {"one": min(person_id, other), "other": max(person_id, other), "decision": "same", "kept": person_id},
    )
    report = network.hub.merge(*field.export())
    assert [file.reason for file in report.quarantined] == ["not-allowed"]
    assert network.hub.kit.count("person") == 0 and not network.hub.kit.same_people()


def test_two_coordinators_who_disagree_are_shown_a_conflict_and_nobody_is_joined(network: Network) -> None:
    hub, deputy = network.hub, deputy_of(network)
    person_id, other = person(hub.kit, "A B"), person(hub.kit, "A Bee")
    deputy.merge(*hub.export(full=True))
    join(hub.kit, hub.me, person_id, other)
    answer(deputy.kit, deputy.me, person_id, other, DIFFERENT)
    deputy.merge(*hub.export(full=True))
    hub.merge(*deputy.export(full=True))
    assert hub.kit.state_hash() == deputy.kit.state_hash()
    for each in (hub, deputy):
        assert [conflict.field for conflict in each.kit.conflicts()] == ["decision"]
        assert each.kit.count("person") == 2
    join(hub.kit, hub.me, other, person_id)
    deputy.merge(*hub.export(full=True))
    assert deputy.kit.conflict_count() == 0 and deputy.kit.count("person") == 1
    assert deputy.kit.shown(person_id).values["name"] == "A Bee"


def test_undo_parts_everywhere(network: Network) -> None:
    hub, deputy = network.hub, deputy_of(network)
    person_id, other = person(hub.kit, "A B"), person(hub.kit, "A Bee")
    join(hub.kit, hub.me, person_id, other)
    deputy.merge(*hub.export(full=True))
    assert deputy.kit.count("person") == 1
    assert "are two people again" in undo_last(hub.kit)
    deputy.merge(*hub.export(full=True))
    assert hub.kit.count("person") == deputy.kit.count("person") == 2
    with pytest.raises(Misuse):
        undo_last(hub.kit)
    join(hub.kit, hub.me, person_id, other)
    assert hub.kit.count("person") == 1


def test_a_withdrawal_reaches_all_records_of_the_person(network: Network) -> None:
    field, hub = network.joins("anna", trusted="field"), network.hub
    stored, code = field.kit.add_with_code("person", {"name": "A B", **Y})
    other = person(field.kit, "A Bee")
    network.hub.merge(*field.export())
    join(hub.kit, hub.me, other, stored.record_id)
    field.kit.withdraw(code)
    network.hub.merge(*field.export())
    assert hub.kit.count("person", apart=True) == 0


def test_joins_by_a_stolen_laptop_make_no_erasure_reach_everybody(network: Network, run: Run) -> None:
    """It joined everybody with somebody who then withdrew: the coordinator is asked."""
    field, hub = network.joins("anna", trusted="field"), network.hub
    thief = deputy_of(network)
    stored, code = field.kit.add_with_code("person", {"name": "A B", **Y})
    hub.merge(*field.export())
    people = [person(hub.kit, f"Person {number}") for number in range(12)]
    thief.merge(hub.invite(), *hub.export(full=True))
    for other in people:
        join(thief.kit, thief.me, stored.record_id, other)
    hub.merge(*thief.export())
    assert erasures_waiting(hub.kit, hub.me) == ""
    field.kit.withdraw(code)
    (bundle,) = field.export()
    merged = run("--kit", hub.kit.folder, "merge", bundle)
    assert "12 records are joined with people who were erased" in merged.out
    assert hub.kit.count("person", apart=True) == 12
    assert run("--kit", hub.kit.folder, "people", "erase").code != 0
    assert hub.kit.count("person", apart=True) == 12
    assert run("--kit", hub.kit.folder, "people", "erase", "--yes", "--json").json == {"erased": 12}
    assert hub.kit.count("person", apart=True) == 0
    assert "Nothing waits" in run("--kit", hub.kit.folder, "people", "erase").out


def test_those_who_mentor_one_another_are_not_joined(hub: Laptop) -> None:
    person_id, other = person(hub.kit, "A B"), person(hub.kit, "A Bee")
    hub.kit.add("mentorship", {"mentor": person_id, "mentee": other})
    with pytest.raises(Misuse, match="mentee"):
        join(hub.kit, hub.me, person_id, other)
    for each in (person_id, "0" * 28):
        with pytest.raises((Misuse, NotFound)):
            join(hub.kit, hub.me, person_id, each)


def test_records_joined_through_a_third_are_parted_from_that(hub: Laptop) -> None:
    kit, me = hub.kit, hub.me
    a, b, c = (person(kit, name) for name in ("A A", "B B", "C C"))
    join(kit, me, a, b)
    join(kit, me, b, c)
    assert kit.count("person") == 1 and kit.same_people().records_of(c)[0] == a
    with pytest.raises(Misuse, match="through"):
        part(kit, me, b, c)
    part(kit, me, a, c)
    assert kit.count("person") == 2


def test_joining_and_parting_show_on_the_page_of_the_person(hub: Laptop) -> None:
    kit, me = hub.kit, hub.me
    person_id, other = person(kit, "A B"), person(kit, "A Bee", job="Porter")
    join(kit, me, person_id, other)
    page = read(kit, person_id)
    assert ("Records", "Joined record", f"A Bee ({other[-8:]})", False) in page.answers
    assert any(shown == "Porter" for _, _, shown, _ in page.answers)
    assert read(kit, other).answers[0][2] == "A B"
    part(kit, me, person_id, other)
    assert [shown for _, _, shown in read(kit, person_id).steps][-2:] == [
        "joined with A Bee",
        "parted from A Bee",
    ]
