"""The screen for people with similar names: both records beside each other, joined, parted and undone with one key each."""

from __future__ import annotations

from typing import Any

import pytest

from desk import notice, says, shown, text
from fieldkit.presentation.people.look_alike_list import JOINED, LookAlike, short_reason
from fieldkit.presentation.people.person_joins import NOT_SURE, SAME, answer, join
from fieldkit.records.people_names.likeness_reasons import Why
from networks import Network
from waiting import until

pytestmark = pytest.mark.usefixtures("stick")


def person(net: Network, name: str, **values: Any) -> str:
    return net.hub.kit.add("person", {"name": name, "consent_record": "Y", **values}).record_id


async def test_two_records_are_joined_with_one_key_and_parted_with_another(net: Network) -> None:
    hub = net.hub
    person_id = person(net, "Amina Khan", organisation="Mosque", telephone="0121 4960000")
    person(net, "Ameena [red]Khan", organisation="Clinic", email="a@example.org")
    async with shown(hub.kit, hub.me, "look_alikes") as (app, pilot):
        await until(pilot, lambda: says(app, "1 to answer", "Mosque", "Clinic", "Ameena [red]Khan"))
        assert says(app, "two spellings of one name")
        await pilot.press("2")
        await pilot.press("s")
        await until(pilot, lambda: "Joined" in notice(app))
        await until(pilot, lambda: says(app, "none to answer", "1 joined"))
        assert hub.kit.count("person") == 1 and hub.kit.shown(person_id).values["organisation"] == "Clinic"
        await pilot.press("p")
        await until(pilot, lambda: "Parted" in notice(app))
        assert hub.kit.count("person") == 2
        await pilot.press("u")
        await until(pilot, lambda: says(app, "1 joined"))
        await pilot.press("u")
        await until(pilot, lambda: says(app, "1 to answer"))
    assert hub.kit.count("person") == 2 and hub.kit.check() == []


async def test_the_other_record_is_kept_with_one_key_and_the_answers_that_count_stay(net: Network) -> None:
    hub = net.hub
    person(net, "Amina Khan", organisation="Mosque", job="Nurse")
    other = person(net, "Ameena Khan", organisation="Clinic")
    async with shown(hub.kit, hub.me, "look_alikes") as (app, pilot):
        await until(pilot, lambda: says(app, "1 to answer", "Mosque"))
        await pilot.press("o", "s")
        await until(pilot, lambda: "Joined" in notice(app))
    (shown_person,) = hub.kit.page("person")
    assert shown_person.record_id == other
    assert shown_person.values["name"] == "Amina Khan" and shown_person.values["organisation"] == "Mosque"


async def test_an_answer_takes_a_pair_off_the_list_and_not_sure_keeps_it_first(net: Network) -> None:
    hub = net.hub
    for name in ("John Smith", "Jon Smith", "Amina Khan", "Ameena Khan"):
        person(net, name)
    async with shown(hub.kit, hub.me, "look_alikes") as (app, pilot):
        await until(pilot, lambda: says(app, "2 to answer"))
        await pilot.press("end", "n")
        await until(pilot, lambda: "Answered: not sure whether" in notice(app))
        await pilot.press("home", "d")
        await until(pilot, lambda: says(app, "1 to answer"))
        assert hub.kit.count("person") == 4
        await pilot.press("u")
        await until(pilot, lambda: says(app, "2 to answer"))


async def test_answers_on_one_pair_are_undone_one_after_another(net: Network) -> None:
    hub = net.hub
    for name in ("John Smith", "Jon Smith"):
        person(net, name)

    def given() -> list[str]:
        return [str(pair.values.get("answer")) for pair in hub.kit.page("same_person")]

    async with shown(hub.kit, hub.me, "look_alikes") as (app, pilot):
        await until(pilot, lambda: says(app, "1 to answer"), "the names to be compared")
        for key, answers, left in (
            ("n", ["not_sure"], "1 to answer"),
            ("d", ["different"], "none to answer"),
            ("u", ["not_sure"], "1 to answer"),
            ("u", [], "1 to answer"),
        ):
            await until(pilot, lambda: app.screen.takes_keys)
            await pilot.press(key)
            await until(pilot, lambda answers=answers, left=left: given() == answers and says(app, left))
    assert not hub.kit.conflicts()


async def test_a_field_laptop_says_same_and_joins_nobody(net: Network) -> None:
    field = net.joins("anna", trusted="field")
    person_id, other = (
        field.kit.add("person", {"name": name, "consent_record": "Y"}).record_id
        for name in ("A Khan", "Amina Khan")
    )
    async with shown(field.kit, field.me, "look_alikes") as (app, pilot):
        await until(pilot, lambda: says(app, "1 to answer"))
        await pilot.press("s")
        await until(pilot, lambda: "coordinator" in notice(app))
    assert field.kit.count("person") == 2
    net.hub.merge(*field.export())
    async with shown(net.hub.kit, net.hub.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "1 pair of similar names"))
        await pilot.press("k")
        await until(pilot, lambda: says(app, "Marked as the same person by anna"))
    answer(net.hub.kit, net.hub.me, person_id, other, SAME)


async def test_without_look_alikes_the_screen_says_so(net: Network) -> None:
    async with shown(net.hub.kit, net.hub.me, "look_alikes") as (app, pilot):
        await until(pilot, lambda: says(app, "Nobody here looks like somebody else."))
        await pilot.press("s", "d", "n", "k", "p", "u", "1")
        assert says(app, "none to answer")


async def test_after_two_were_parted_all_pairs_are_answered(net: Network) -> None:
    person(net, "Amina Khan")
    person(net, "Ameena Khan")
    async with shown(net.hub.kit, net.hub.me, "look_alikes") as (app, pilot):
        await until(pilot, lambda: says(app, "1 to answer"))
        await pilot.press("d")
        await until(pilot, lambda: says(app, "All pairs of similar names are answered."))
        assert not says(app, "Nobody here looks like somebody else.")


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_the_keys_that_answer_stay_in_view_below_long_records(
    net: Network, size: tuple[int, int]
) -> None:
    every = {"organisation": "Mosque", "telephone": "0121 4960000", "email": "a@example.org", "job": "Nurse"}
    person(net, "Amina Khan", **every)
    person(
        net,
        "Ameena Khan",
        organisation="Clinic",
        telephone="0121 4960001",
        email="b@example.org",
        job="Carer",
    )
    async with shown(net.hub.kit, net.hub.me, "look_alikes") as (app, pilot):
        await until(pilot, lambda: says(app, "1 to answer", "Nurse"))
        await pilot.resize_terminal(*size)
        await until(pilot, lambda: says(app, "1 to answer", "s same", "d different", "n not sure"))
        await until(pilot, lambda: says(app, "o swap", "a number chooses the other"))
        assert text(app).count("d different") == 1
        assert says(app, "Amina Khan", "kept", "other record")


async def test_long_records_are_shown_whole_and_scrolled_by_the_page_keys(net: Network) -> None:
    hub = net.hub
    long = "St Mary and All Saints of the Long Parish beside the River and the Mill, room "
    person(net, "Amina Khan", organisation=f"{long}1", job="Nurse")
    person(net, "Ameena Khan", organisation=f"{long}2", job="Cook")
    async with shown(hub.kit, hub.me, "look_alikes") as (app, pilot):
        await until(pilot, lambda: says(app, "1 to answer", "Amina Khan", "room 1"))
        await pilot.resize_terminal(60, 20)
        await until(
            pilot, lambda: says(app, "s same", "room 1") or app.screen.query_one("#pane").max_scroll_y > 0
        )
        await until(pilot, lambda: not says(app, "Recorded"))
        for _ in range(6):
            await pilot.press("pagedown")
        await until(pilot, lambda: says(app, "Recorded", "s same"))
        assert says(app, "kept", "other record"), "which record is which stays in view"
        for _ in range(6):
            await pilot.press("pageup")
        await until(pilot, lambda: says(app, "two spellings of one name", "Amina Khan"))
        await pilot.resize_terminal(80, 40)
        await until(pilot, lambda: says(app, "room 1", "room 2", "Nurse", "Cook", "Recorded"))


async def test_the_cursor_is_on_the_first_pair_to_answer_though_joined_ones_were_known_first(
    net: Network,
) -> None:
    hub = net.hub
    joined = [person(net, name) for name in ("Zara Old", "Somebody Else")]
    join(hub.kit, hub.me, *joined)
    for name in ("Amina Khan", "Ameena Khan"):
        person(net, name)
    async with shown(hub.kit, hub.me, "look_alikes") as (app, pilot):
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: says(app, "Similar names  ", "1 to answer · 1 joined"))
        await until(pilot, lambda: says(app, "May we keep", "your name?"))
        assert app.screen.current.answer != JOINED
        await pilot.press("s")
        await until(pilot, lambda: "Joined" in notice(app))
        await pilot.press("u")
        await until(pilot, lambda: "are two people again" in notice(app))


async def test_after_a_join_the_cursor_stands_at_the_next_undecided_pair(net: Network) -> None:
    hub = net.hub
    for name in ("Amina Khan", "Ameena Khan", "John Smith", "Jon Smith", "Gurpreet Kaur", "Gurpreet Kour"):
        person(net, name)

    def pointed(app: Any) -> str:
        listing = app.screen.query_one("#pairs")
        row = listing.current
        return " ".join(row.cells[:2]) if row is not None else ""

    async with shown(hub.kit, hub.me, "look_alikes") as (app, pilot):
        await until(pilot, lambda: says(app, "3 to answer"))
        second = app.screen._pairs[1].names
        third = app.screen._pairs[2].names
        await pilot.press("s")
        await until(pilot, lambda: says(app, "2 to answer · 1 joined"))
        await until(pilot, lambda: pointed(app) == " ".join(second))
        await pilot.press("n")
        await until(pilot, lambda: "Answered: not sure whether" in notice(app))
        await until(pilot, lambda: pointed(app) == " ".join(third))
        await pilot.press("d")
        await until(pilot, lambda: says(app, "1 to answer · 1 joined"))
        await until(pilot, lambda: pointed(app) == " ".join(second))
        await pilot.press("u")
        await until(pilot, lambda: says(app, "2 to answer · 1 joined"))
        await until(pilot, lambda: pointed(app) == " ".join(third))


async def test_two_records_of_one_name_are_told_apart_in_the_list(net: Network) -> None:
    fair = net.hub.kit.add(
        "event", {"title": "Health fair", "event_kind": "health-fair", "date": "2026-03-05"}
    ).record_id
    came, _ = person(net, "Joan Baker"), person(net, "JOAN BAKER", organisation="Mosque")
    net.hub.kit.add("attendance", {"event": fair, "person": came})
    async with shown(net.hub.kit, net.hub.me, "look_alikes") as (app, pilot):
        await until(pilot, lambda: says(app, "1 to answer", "JOAN BAKER · Mosque"))
        row = app.screen.query_one("#pairs").current
        assert row is not None
        assert sorted(row.cells[:2]) == ["JOAN BAKER · Mosque", "Joan Baker · Health fair, 5 Mar 2026"]


@pytest.mark.parametrize(("size", "least"), [((60, 20), 5), ((80, 24), 8), ((120, 40), 11)])
async def test_the_list_takes_the_room_that_two_short_records_leave(
    net: Network, size: tuple[int, int], least: int
) -> None:
    for number in range(12):
        for name in ("Amina Khan", "Ameena Khan"):
            person(net, f"{name} {chr(ord('A') + number)}eed")
    async with shown(net.hub.kit, net.hub.me, "look_alikes") as (app, pilot):
        await until(pilot, lambda: says(app, "to answer"))
        await pilot.resize_terminal(*size)
        await until(pilot, lambda: app.screen.query_one("#pairs").size.height > least)
        await until(pilot, lambda: says(app, "s same", "d different", "n not sure"))


async def test_why_two_names_are_alike_is_not_cut_on_a_small_screen(net: Network) -> None:
    for name in ("Mohammed Khan", "Muhammad Khan", "ਗੁਰਪ੍ਰੀਤ ਕੌਰ", "Gurpreet Kaur"):
        person(net, name)
    for size in ((60, 20), (80, 24)):
        async with shown(net.hub.kit, net.hub.me, "look_alikes", size=size) as (app, pilot):
            await until(pilot, lambda app=app: says(app, "2 to answer", "two spellings of one name"))
            head, *rows = text(app).partition("Why")[2].splitlines()[:3]
            assert [row.split()[-1] for row in rows] == ["spelling", "script"]
            assert "…" not in "".join([head, *rows])


def test_every_reason_fits_its_column() -> None:
    reasons = [short_reason(LookAlike("a", "b", ("", ""), 1.0, why)) for why in Why]
    given = [short_reason(LookAlike("a", "b", ("", ""), 1.0, "", each)) for each in (SAME, NOT_SURE, JOINED)]
    assert len({*reasons, *given}) == len([*reasons, *given]) and max(map(len, [*reasons, *given])) <= 12


async def test_two_pairs_leave_all_other_rows_of_a_small_window_to_the_records(net: Network) -> None:
    long = "St Mary and All Saints of the Long Parish beside the River and the Mill, room 1"
    for name in ("Amina Khan", "Ameena Khan", "Mohammed Iqbal", "Muhammad Iqbal"):
        person(net, name, organisation=long)
    async with shown(net.hub.kit, net.hub.me, "look_alikes") as (app, pilot):
        await until(pilot, lambda: says(app, "2 to answer", "room 1"))
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: app.screen.query_one("#pane").max_scroll_y > 0)
        await until(pilot, lambda: app.screen.query_one("#pairs").size.height == 3)


async def test_a_title_is_on_one_line_where_the_window_has_room(net: Network) -> None:
    for name in ("Amina Khan", "Ameena Khan"):
        person(net, name, postcode_area="LE5")
    async with shown(net.hub.kit, net.hub.me, "look_alikes", size=(120, 40)) as (app, pilot):
        await until(pilot, lambda: says(app, "1 to answer", "First half of the postcode LE5 LE5"))
