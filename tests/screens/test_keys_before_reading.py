"""Keys for something that is still being read: they wait, and then act on what is in view; the last thing read gets none."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from desk import notice, says, shown
from fieldkit.screens.base.record_rows import KitSource
from fieldkit.screens.exchange import merge_screen
from fieldkit.screens.people.look_alikes_screen import LookAlikesScreen
from fieldkit.screens.records.record_screen import RecordViewScreen
from fieldkit.screens.stall.stall_board import StallBoard
from fieldkit.store.local.known_settings import EVENT, MERGE_FOLDER
from fieldkit.widgets.dialogs.message_box import Help, Message
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.sources import Row
from held_work import FIXTURES, HeldWork
from networks import Network
from waiting import until

(held,) = FIXTURES
pytestmark = pytest.mark.usefixtures("stick")

BOTH = "reading both records"


def add_people(net: Network, *names: str) -> list[str]:
    return [net.hub.kit.add("person", {"name": name, "consent_record": "Y"}).record_id for name in names]


def answered_pairs(net: Network) -> list[frozenset[str]]:
    return [
        frozenset(str(pair.values[name]) for name in ("one", "other"))
        for pair in net.hub.kit.page("same_person")
    ]


async def test_a_key_for_two_records_that_are_still_being_read_is_not_lost(
    net: Network, held: HeldWork
) -> None:
    field = net.joins("anna", trusted="field")
    for name in ("A Khan", "Amina Khan"):
        field.kit.add("person", {"name": name, "consent_record": "Y"})
    held.hold(BOTH)
    async with shown(field.kit, field.me, "look_alikes") as (app, pilot):
        await until(pilot, lambda: says(app, "1 to answer") and held.waiting)
        await pilot.press("s")
        assert "coordinator" not in notice(app)
        held.release()
        await until(pilot, lambda: "coordinator" in notice(app))
    assert field.kit.count("same_person") == 1 and field.kit.count("person") == 2


@pytest.mark.parametrize("keys", [["s"], ["o", "s"], ["1", "s"], ["d"]])
async def test_after_the_cursor_moved_a_key_is_for_the_pair_under_it(
    net: Network, held: HeldWork, keys: Sequence[str]
) -> None:
    hub = net.hub
    for name, job in (
        ("John Smith", "Nurse"),
        ("Jon Smith", "Cook"),
        ("Amina Khan", "Cook"),
        ("Ameena Khan", ""),
    ):
        hub.kit.add("person", {"name": name, "consent_record": "Y", "job": job})
    async with shown(hub.kit, hub.me, "look_alikes") as (app, pilot):
        screen, listing = app.screen, app.screen.query_one(Listing)
        assert isinstance(screen, LookAlikesScreen)
        await until(
            pilot, lambda: says(app, "2 to answer", "The answers in bold count") and screen.takes_keys
        )
        earlier = screen.current
        held.hold(BOTH)
        await pilot.press("down")
        await until(pilot, lambda: listing.cursor == 1 and held.waiting)
        moved_to = screen.current
        assert earlier is not None and moved_to is not None and moved_to != earlier
        await pilot.press(*keys, "up", "down")  # the arrows wait behind the other keys
        held.release()
        await until(pilot, lambda: hub.kit.count("same_person") == 1)
    assert answered_pairs(net) == [frozenset({moved_to.one, moved_to.other})]


async def test_the_arrows_do_not_wait_for_details(net: Network, held: HeldWork) -> None:
    add_people(net, "John Smith", "Jon Smith", "Amina Khan", "Ameena Khan", "Fatima Bibi", "Fatema Bibi")
    async with shown(net.hub.kit, net.hub.me, "look_alikes") as (app, pilot):
        await until(pilot, lambda: says(app, "3 to answer") and app.screen.takes_keys)
        held.hold(BOTH)
        await pilot.press("down", "down", "up", "down")
        await until(pilot, lambda: app.screen.query_one(Listing).cursor == 2)
        held.release()


async def test_a_key_pressed_while_an_answer_is_saved_is_for_the_next_pair(
    net: Network, held: HeldWork
) -> None:
    add_people(net, "John Smith", "Jon Smith", "Amina Khan", "Ameena Khan")
    async with shown(net.hub.kit, net.hub.me, "look_alikes") as (app, pilot):
        await until(pilot, lambda: says(app, "2 to answer") and app.screen.takes_keys)
        held.hold("saving the answer")
        await pilot.press("d", "d")
        await until(pilot, lambda: held.waiting)
        held.release()
        await until(pilot, lambda: says(app, "none to answer"))
    assert len(set(answered_pairs(net))) == 2


async def test_if_both_records_cannot_be_read_keys_come_again_and_join_nobody(
    net: Network, held: HeldWork
) -> None:
    add_people(net, "John Smith", "Jon Smith")
    held.hold(BOTH)
    async with shown(net.hub.kit, net.hub.me, "look_alikes") as (app, pilot):
        await until(pilot, lambda: says(app, "1 to answer") and held.waiting)
        held.release(failing=True)
        await until(pilot, lambda: says(app, "The disk can't be read."))
        await pilot.press("escape", "s")
        await until(pilot, lambda: "still being read" in notice(app))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, LookAlikesScreen))
    assert net.hub.kit.count("person") == 2


async def test_a_second_key_acts_on_the_list_as_the_first_one_left_it(net: Network, held: HeldWork) -> None:
    kit = net.hub.kit
    for name in ("Zanzibar Hall", "Quill Hall"):
        kit.delete(kit.add("partner", {"name": name}).name)
    async with shown(kit, net.hub.me, "trash") as (app, pilot):
        await until(pilot, lambda: says(app, "Zanzibar Hall", "Quill Hall"))
        held.hold("looking for deleted records")
        await pilot.press("z", "z")
        await until(pilot, lambda: kit.count("partner") == 1)
        held.release()
        await until(pilot, lambda: kit.count("partner") == 2)


async def test_enter_after_a_deletion_opens_no_deleted_record(
    net: Network, held: HeldWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit, goes_on, holding = net.hub.kit, threading.Event(), threading.Event()
    first, second = (kit.add("partner", {"name": name}) for name in ("Quill Hall", "Zanzibar Hall"))
    rows = KitSource.rows

    def held_rows(source: KitSource, start: int, number: int) -> Sequence[Row]:
        page = rows(source, start, number)
        if holding.is_set():
            goes_on.wait(30)
        return page

    monkeypatch.setattr(KitSource, "rows", held_rows)
    async with shown(kit, net.hub.me, "records", "partner") as (app, pilot):
        listing = app.screen.query_one(Listing)
        await until(pilot, lambda: says(app, "Quill Hall", "Zanzibar Hall"))
        deleted = listing.current.id
        left = {first.record_id, second.record_id} - {deleted}
        await pilot.press("d")
        await until(pilot, lambda: says(app, "Delete this partner?"))
        holding.set()
        await pilot.press("y" if says(app, "y  delete") else "left", "enter")
        try:
            await until(pilot, lambda: kit.count("partner") == 1)
            await pilot.press("enter")
        finally:
            holding.clear()
            goes_on.set()
        await until(pilot, lambda: isinstance(app.screen, RecordViewScreen))
        assert {app.screen._record.partition(":")[2]} == left


async def test_enter_opens_a_record_with_the_words_typed_last(net: Network, held: HeldWork) -> None:
    kit = net.hub.kit
    kit.add("partner", {"name": "Quill Hall"})
    wanted = kit.add("partner", {"name": "Zanzibar Hall"})
    async with shown(kit, net.hub.me, "find") as (app, pilot):
        await pilot.press(*"hall")
        await until(pilot, lambda: says(app, "2 records"))
        held.hold("finding records")
        await pilot.press("space", *"zanzi", "enter")
        await until(pilot, lambda: held.waiting and says(app, "hall zanzi"))
        held.release()
        await until(pilot, lambda: isinstance(app.screen, RecordViewScreen))
        await until(pilot, lambda: says(app, "Zanzibar Hall"))
        assert app.screen._record == wanted.name


async def test_a_name_typed_after_another_event_was_chosen_is_checked_in_there(
    net: Network, held: HeldWork
) -> None:
    kit = net.hub.kit
    first, second = (
        kit.add("event", {"title": title, "date": date.today().isoformat()}).record_id
        for title in ("Quill fair", "Zanzibar fair")
    )
    kit.add("person", {"name": "Amina Khan", "consent_record": "Y"})
    kit.settings.put(EVENT, first)
    async with shown(kit, net.hub.me, "stall") as (app, pilot):
        await until(pilot, lambda: says(app, "Quill fair") and app.screen.takes_keys)
        await pilot.press("f5")
        await until(pilot, lambda: says(app, "Quill fair", "Zanzibar fair") and app.screen.takes_keys)
        assert app.screen.query_one(Listing).current.id == second
        held.hold("counting")
        await pilot.press("enter")
        await until(pilot, lambda: held.waiting)
        await pilot.press(*"Amina Khan", "enter")
        held.release()
        await until(pilot, lambda: kit.count("attendance") == 1)
    (attendance,) = kit.page("attendance")
    assert attendance.values["event"] == second


async def test_the_stall_opens_after_an_event_was_chosen_even_if_home_is_still_counting(
    net: Network, held: HeldWork
) -> None:
    kit = net.hub.kit
    kit.add("event", {"title": "Quill fair", "date": "2020-01-01"})
    async with shown(kit, net.hub.me, "home") as (app, pilot):
        await until(pilot, lambda: app.screen.takes_keys)
        await pilot.press("e")
        await until(pilot, lambda: says(app, "Quill fair") and app.screen.takes_keys)
        held.hold("counting")
        await pilot.press("enter", "t")
        await until(pilot, lambda: held.waiting)
        held.release()
        await until(pilot, lambda: isinstance(app.screen, StallBoard))


#: Screens that need no record -> what they read whenever they come into view.
READING = {
    "conflicts": "reading the conflicts",
    "cycles": "reading the cycles",
    "drafts": "looking for unfinished entries",
    "everything": "counting",
    "home": "counting",
    "people_trust": "reading the laptops",
    "piles": "looking for piles of paper",
    "quarantine": "reading the quarantine",
    "safety": "reading the settings",
    "sync": "reading what was sent",
    "trash": "looking for deleted records",
    "undo": "looking for imports",
    "worried": "looking up the safeguarding lead",
}


@pytest.mark.parametrize("name", READING)
async def test_keys_wait_for_what_a_screen_reads_whenever_it_comes_into_view(
    net: Network, held: HeldWork, name: str
) -> None:
    held.hold(READING[name])
    async with shown(net.hub.kit, net.hub.me, name) as (app, pilot):
        await until(pilot, lambda: held.waiting)
        await pilot.press("f1")
        screen = app.screen
        assert not screen.takes_keys
        held.release()
        await until(pilot, lambda: isinstance(app.screen, Help))
        held.hold(READING[name])
        await pilot.press("escape")
        await until(pilot, lambda: held.waiting)
        assert app.screen is screen and not screen.takes_keys
        held.release()
        await until(pilot, lambda: screen.takes_keys)


@pytest.mark.parametrize("name", READING)
async def test_keys_come_again_after_a_failed_reading(net: Network, held: HeldWork, name: str) -> None:
    held.hold(READING[name])
    async with shown(net.hub.kit, net.hub.me, name) as (app, pilot):
        await until(pilot, lambda: held.waiting)
        screen = app.screen
        held.release(failing=True)
        await until(pilot, lambda: isinstance(app.screen, Message))
        held.release()
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen and screen.takes_keys)


async def test_steps_that_were_replaced_before_they_began_hold_no_key(net: Network) -> None:
    async with shown(net.hub.kit, net.hub.me, "trash") as (app, pilot):
        for _ in range(3):
            app.screen.read_again()
        assert not app.screen.takes_keys
        await until(pilot, lambda: app.screen.takes_keys)


async def test_enter_waits_for_the_files_on_a_slow_stick_and_other_keys_do_not(
    net: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, goes_on = merge_screen.choices, threading.Event()

    def slowly(*args: Any) -> Any:
        assert goes_on.wait(30)
        return look(*args)

    monkeypatch.setattr(merge_screen, "choices", slowly)
    net.others[0].kit.add("partner", {"name": "Quill Hall"})
    net.hub.kit.settings.put(MERGE_FOLDER, str(net.others[0].export()[0].parent))
    async with shown(net.hub.kit, net.hub.me, "merge") as (app, pilot):
        screen = app.screen
        try:
            await until(pilot, lambda: screen.takes_keys)
            await pilot.press("f1")
            await until(pilot, lambda: isinstance(app.screen, Help))
            await pilot.press("escape", "enter")
            await until(pilot, lambda: app.screen is screen)
        finally:
            goes_on.set()
        await until(pilot, lambda: says(app, "What would change"))
