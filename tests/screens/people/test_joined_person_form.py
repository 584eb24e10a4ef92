"""The form that changes a person with two joined records: it shows both records' answers and changes each where it counts."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from desk import shown
from fieldkit.presentation.people.person_joins import join, part
from fieldkit.screens.entry.entry import EntryScreen
from networks import Network
from waiting import until


async def _form(app: Any, pilot: Pilot[Any]) -> EntryScreen:
    screen = app.screen
    assert isinstance(screen, EntryScreen)
    await until(pilot, lambda: screen.form is not None and screen.form.question is not None)
    return screen


async def _save(app: Any, pilot: Pilot[Any]) -> None:
    await pilot.press("f2")
    await until(pilot, lambda: not isinstance(app.screen, EntryScreen))  # a change closes the form


@pytest.fixture
def joined(net: Network) -> tuple[str, str]:
    """Two records of one person, the first kept: an answer in each alone, and one in both."""
    kit, agreed = net.hub.kit, {"consent_record": "Y", "consent_contact": "Y"}
    person_id = kit.add("person", {"name": "Mohammed Khan", "telephone": "07700 900123", **agreed}).record_id
    other = kit.add(
        "person",
        {
            "name": "Muhammad Khan",
            "email": "mk@example.org",
            "organisation": "Clinic",
            "telephone": "07700 900999",
            **agreed,
        },
    ).record_id
    join(kit, net.hub.me, person_id, other)
    return person_id, other


async def test_each_answer_is_changed_in_the_record_that_it_came_from(
    net: Network, joined: tuple[str, str]
) -> None:
    (person_id, other), kit = joined, net.hub.kit
    async with shown(kit, net.hub.me, "entry", "", f"person:{person_id}") as (app, pilot):
        screen = await _form(app, pilot)
        assert screen.form is not None
        assert screen.form.values["name"] == "Mohammed Khan"
        assert (
            screen.form.values["email"] == "mk@example.org" and screen.form.values["organisation"] == "Clinic"
        )
        screen.form.set_answer("email", "new@example.org")
        screen.form.set_answer("name", "Mohammed A Khan")
        await _save(app, pilot)
    assert kit.shown(person_id).values["email"] == "new@example.org"
    kept, given_up = kit.get(person_id).values, kit.get(other).values
    assert kept["name"] == "Mohammed A Khan" and "email" not in kept and "organisation" not in kept
    assert given_up["name"] == "Muhammad Khan" and given_up["email"] == "new@example.org"
    assert kit.conflict_count() == 0 and kit.check() == []
    part(kit, net.hub.me, person_id, other)
    assert (
        kit.shown(person_id).values.get("email") is None
        and kit.shown(other).values["email"] == "new@example.org"
    )


async def test_what_is_emptied_in_the_form_stays_empty(net: Network, joined: tuple[str, str]) -> None:
    (person_id, other), kit = joined, net.hub.kit
    assert kit.get(other).values["telephone"] == "07700 900999"
    async with shown(kit, net.hub.me, "entry", "", f"person:{person_id}") as (app, pilot):
        screen = await _form(app, pilot)
        assert screen.form is not None and screen.form.values["telephone"] == "07700 900123"
        screen.form.set_answer("telephone", None)
        await _save(app, pilot)
    assert kit.shown(person_id).values.get("telephone") is None, "the other record's answer does not appear"


async def test_a_form_left_as_it_was_writes_nothing(net: Network, joined: tuple[str, str]) -> None:
    (person_id, _), kit = joined, net.hub.kit
    before = kit.state_hash()
    async with shown(kit, net.hub.me, "entry", "", f"person:{person_id}") as (app, pilot):
        await _form(app, pilot)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, EntryScreen))
    assert kit.state_hash() == before and kit.drafts.all() == []


async def test_the_form_opened_by_the_record_given_up_changes_the_same_person(
    net: Network, joined: tuple[str, str]
) -> None:
    (person_id, other), kit = joined, net.hub.kit
    async with shown(kit, net.hub.me, "entry", "", f"person:{other}") as (app, pilot):
        screen = await _form(app, pilot)
        assert screen.form is not None and screen.form.values["name"] == "Mohammed Khan"
        screen.form.set_answer("name", "Mohammed B Khan")
        await _save(app, pilot)
    assert kit.shown(person_id).values["name"] == kit.shown(other).values["name"] == "Mohammed B Khan"
