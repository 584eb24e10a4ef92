"""Lists of records and a record's own page, by keys: order, filter, editing, deleting and restoring."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from textual.pilot import Pilot

from app_desk import at_home, form, home, on, picture, records, save_and_close, shown, type_in
from fieldkit.app import FieldkitApp
from fieldkit.screens.records.record_screen import RecordViewScreen
from fieldkit.screens.records.records_screen import RecordsScreen
from fieldkit.store.kit import Kit
from fieldkit.sync.setup import create_network
from fieldkit.widgets.dialogs.dialog import Dialog
from fieldkit.widgets.listing import Listing
from waiting import until
from widget_app import type_ahead


async def listed(pilot: Pilot[object], count: int, *keys: str) -> None:
    """Press these keys, if any, and wait until a list of records has `count` rows."""
    if keys:
        await pilot.press(*keys)
    await on(pilot, RecordsScreen)
    await until(pilot, lambda: pilot.app.screen.query_one(Listing).count == count, f"{count} in the list")


async def test_events_come_by_their_day_the_nearest_first(folder: Path) -> None:
    days = {"last week": -7, "today": 0, "tomorrow": 1, "next week": 7, "years ago": -4000}
    with Kit.open(folder) as kit:
        for title, by in days.items():
            kit.add("event", {"title": title, "date": (date.today() + timedelta(by)).isoformat()})
        kit.add("event", {"title": "no day"})
    async with at_home(folder) as pilot:
        type_ahead(pilot.app, ["e"])
        await listed(pilot, 7)
        await until(pilot, lambda: "no day" in picture(pilot), "the rows")
        titles = [
            title for line in picture(pilot).splitlines() for title in (*days, "no day") if title in line
        ]
        assert titles == ["today", "tomorrow", "next week", "last week", "years ago", "no day"]
        assert "o open" in picture(pilot).splitlines()[-1]


async def test_the_keys_of_an_empty_list_are_those_that_work(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=(120, 24)) as pilot:
        await home(pilot)
        await pilot.press("o")
        await until(pilot, lambda: "0 in all" in picture(pilot), "the empty list of partners")
        assert "n new" in picture(pilot)
        assert not [hint for hint in ("enter open", "d delete", "/ filter") if hint in picture(pilot)]
        for key, name in {
            "d": "d (delete)",
            "slash": "/ (filter)",
            "enter": "enter (open)",
            "space": "space (tick)",
            "a": "a (tick all)",
            "x": "x (write as a table)",
            "z": "z (undo delete)",
            "right": "→ (whole row)",
        }.items():
            await pilot.press(key)
            sentence = f"The list is empty: there is nothing for {name} now."
            await until(pilot, lambda expected=sentence: expected in picture(pilot), sentence)
        await pilot.press("escape")
        await home(pilot)
        await pilot.press("p")
        await until(pilot, lambda: "Amina" in picture(pilot), "the people")
        await until(pilot, lambda: "d delete" in picture(pilot), "the keys of a list with people")
        assert not [hint for hint in ("enter open", "/ filter") if hint not in picture(pilot)]
        await app.leave()


async def test_the_filter_shows_what_holds_the_words(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await listed(pilot, 2, "p")
        await pilot.press("slash")
        await type_in(pilot, "amina")
        await listed(pilot, 1)
        await pilot.press("enter", "escape")
        await listed(pilot, 2)


async def test_delete_and_restore(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await listed(pilot, 2, "p")
        await pilot.press("d")
        await on(pilot, Dialog)
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, Dialog), "haste must not delete"
        await pilot.press("y")
        await listed(pilot, 1)
        await pilot.press("z")
        await listed(pilot, 2)
    assert len(records(folder, "person")) == 2


async def test_an_edit_replaces_what_was_seen_and_nothing_else(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await listed(pilot, 1, "e")
        await pilot.press("o")
        await on(pilot, RecordViewScreen)
        await until(pilot, lambda: "HISTORY" in shown(pilot, "#answers"), "the record")
        await form(pilot, "e")
        assert pilot.app.kit is not None
        event = pilot.app.kit.page("event")[0]
        pilot.app.kit.edit(
            pilot.app.kit.get(event.record_id), {"place": "Leeds"}
        )  # meanwhile, for example by a merge
        await pilot.press("end")
        await pilot.press("end")
        await type_in(pilot, " 2026")
        await pilot.press("f2")
        await on(pilot, RecordViewScreen)
        await until(pilot, lambda: "Health fair 2026" in shown(pilot, "#answers"), "the change")
        assert "Leeds" in shown(pilot, "#answers")
    (event_values,) = records(folder, "event")
    assert event_values["title"] == "Health fair 2026"
    assert event_values["place"] == "Leeds"


def test_the_page_of_a_record_names_what_it_belongs_to_in_full(tmp_path: Path) -> None:
    from fieldkit.presentation.record_page import read

    title = "Together for Better Health: Diabetes, Heart Disease and Mental Health Day of the Belgrave Neighbourhood"
    place = "Guru Nanak Gurdwara, Holy Bones, Leicester"
    with Kit.create(tmp_path / "kit", None)[0] as kit:
        create_network(kit, "Hull")
        event = kit.add("event", {"title": title, "place": place}).record_id
        attendance = kit.add(
            "attendance", {"event": event, "attendee_group": "carers", "head_count": 3}
        ).record_id
        assert f"{title} · {place}" in {answer[2] for answer in read(kit, attendance).answers}


def test_the_page_of_an_event_says_how_many_came(tmp_path: Path) -> None:
    from fieldkit.presentation.record_page import read

    with Kit.create(tmp_path / "kit", None)[0] as kit:
        create_network(kit, "Hull")
        event, other = (kit.add("event", {"title": title}).record_id for title in ("Fair", "Other"))
        person = kit.add("person", {"name": "Anna", "consent_record": "Y"}).record_id
        kit.add("attendance", {"event": event, "person": person})
        for heads in (3, 4):
            kit.add("attendance", {"event": event, "attendee_group": "carers", "head_count": heads})
        groups = [answer[1:3] for answer in read(kit, event).answers if answer[0] == "Who came"]
        assert groups == [("By name", "1"), ("carers", "7"), ("In all", "8")]
        assert "Who came" not in {answer[0] for answer in read(kit, other).answers}


async def test_deletions_are_undone_one_after_another_by_name(folder: Path) -> None:
    with Kit.open(folder) as kit:
        for name in ("Anna One", "Bilal Two"):
            kit.add("person", {"name": name, "organisation": "St Mary", "consent_record": "Y"})
    async with at_home(folder) as pilot:
        await pilot.press("p")
        await on(pilot, RecordsScreen)
        await until(pilot, lambda: "Bilal Two" in picture(pilot), "the people")
        for name in ("Bilal Two", "Anna One"):
            await pilot.press("home", "d")
            await on(pilot, Dialog)
            assert f"{name} · St Mary" in picture(pilot)
            await pilot.press("y")
            await on(pilot, RecordsScreen)
            await until(pilot, lambda name=name: f"Deleted: {name} · St Mary." in picture(pilot), name)
        for name in ("Anna One", "Bilal Two"):
            await pilot.press("z")
            await until(pilot, lambda name=name: f"Restored: {name} · St Mary." in picture(pilot), name)
    assert {record["name"] for record in records(folder, "person")} >= {"Anna One", "Bilal Two"}


async def test_the_cursor_is_on_what_was_just_recorded(folder: Path) -> None:
    with Kit.open(folder) as kit:
        kit.add_many("event", [{"title": f"Fair {n}", "date": date.today().isoformat()} for n in range(4)])
    async with at_home(folder) as pilot:
        await pilot.press("e")
        await until(pilot, lambda: "Fair 3" in picture(pilot), "the events")
        await form(pilot, "n")
        await type_in(pilot, "Our day")
        await save_and_close(pilot)
        await on(pilot, RecordsScreen)
        listing = pilot.app.screen.query_one(Listing)
        await until(
            pilot,
            lambda: listing.current is not None and "Our day" in " ".join(listing.current.cells),
            "the cursor on the event of no day, the last of the list",
        )
