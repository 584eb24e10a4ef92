"""The check-in: undo names what it takes back and takes back that, the total is no sum with its own parts, names stay typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from app_desk import SIZE, home, on, picture, records, shown, type_in, until
from fieldkit.app import FieldkitApp
from fieldkit.presentation import check_in as arrivals
from fieldkit.presentation.check_in_undo import undo
from fieldkit.screens.base.keep_name import KeepName
from fieldkit.screens.base.receipt_code_box import ReceiptCodeBox
from fieldkit.screens.people.attendance_screen import AttendanceScreen
from fieldkit.screens.records.list import RecordsScreen
from fieldkit.store.kit import Kit
from fieldkit.store.local.setting import EVENT

pytestmark = pytest.mark.usefixtures("short_waits")


async def _at_the_door(pilot: Pilot[object]) -> None:
    await home(pilot)
    await pilot.press("a")
    await on(pilot, AttendanceScreen)
    await until(pilot, lambda: "Health fair" in picture(pilot), "the event")


def _counted(folder: Path) -> dict[str, int]:
    return {
        str(row["attendee_group"]): int(str(row["head_count"]))
        for row in records(folder, "attendance")
        if row.get("head_count")
    }


def _next(pilot: Pilot[object]) -> str:
    return shown(pilot, "#undo")


async def test_undo_names_the_last_thing_and_takes_back_that_back_to_the_first(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await _at_the_door(pilot)
        assert _next(pilot) == ""
        await type_in(pilot, "ami")
        await pilot.press("enter")
        await until(pilot, lambda: "undo: Amina Khan checked in " in _next(pilot), "the first step")
        await type_in(pilot, "Zainab")
        await pilot.press("enter")
        await on(pilot, KeepName)
        await pilot.press("2")
        await until(pilot, lambda: "1 person counted without a name, " in _next(pilot), "the count")
        await pilot.press("tab", "down", "1", "2", "tab")
        await until(pilot, lambda: "12 patients counted " in _next(pilot), "the patients")
        await pilot.press("tab", "plus", "tab")
        await until(pilot, lambda: "patients 12 → 13, " in _next(pilot), "one patient more")
        await type_in(pilot, "Yusuf, Mosque")
        await pilot.press("enter")
        await on(pilot, KeepName)
        await pilot.press("1")
        await on(pilot, ReceiptCodeBox)
        await pilot.press("w")
        await until(pilot, lambda: "Yusuf, a new person, checked in " in _next(pilot), "the new person")
        assert {one["name"] for one in records(folder, "person")} >= {"Yusuf"}

        for undone, then in (
            ("Yusuf, a new person, checked in", "patients 12 → 13"),
            ("patients 12 → 13", "12 patients counted"),
            ("12 patients counted", "1 person counted without a name"),
            ("1 person counted without a name", "Amina Khan checked in"),
        ):
            await pilot.press("ctrl+z")
            await until(pilot, lambda undone=undone: f"Undone: {undone}" in picture(pilot), undone)
            assert then in _next(pilot)
        assert "Yusuf" not in {one["name"] for one in records(folder, "person")}
        assert _counted(folder) == {}
        # As deep as the session: the screen may be left meanwhile.
        await pilot.press("escape")
        await home(pilot)
        await pilot.press("a")
        await on(pilot, AttendanceScreen)
        await until(pilot, lambda: "Amina Khan checked in" in _next(pilot), "the first step, again")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "0  checked in by name" in shown(pilot, "#totals"), "nobody")
        await until(pilot, lambda: _next(pilot) == "", "no more steps")
        await pilot.press("escape")
        await home(pilot)
        await app.leave()
    assert app.faults == []
    assert records(folder, "attendance") == []


async def test_undo_pressed_at_once_is_for_what_is_still_being_saved(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await _at_the_door(pilot)
        await type_in(pilot, "ami")
        await pilot.press("enter", "tab", "down", "7", "ctrl+z")
        await until(pilot, lambda: "Undone: 7 patients counted" in picture(pilot), "the count undone")
        await until(pilot, lambda: "Amina Khan checked in" in _next(pilot), "the check-in before it")
        assert "1  checked in by name" in shown(pilot, "#totals")
        await pilot.press("tab")
        await app.leave()
    assert _counted(folder) == {}


async def test_undo_leaves_what_somebody_changed_since(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await _at_the_door(pilot)
        await pilot.press("tab", "5", "tab")
        await until(pilot, lambda: "5 in all counted" in _next(pilot), "the count")
        await pilot.press("tab", "6", "tab")
        await until(pilot, lambda: "everybody 5 → 6" in _next(pilot), "the correction")
        with Kit.open(folder) as other:
            (count,) = other.page("attendance")
            other.edit(other.get(count.record_id), {"head_count": 9})
        await pilot.press("ctrl+z")
        await until(
            pilot, lambda: "Not undone, because it was changed since" in picture(pilot), "the sentence"
        )
        await app.leave()
    assert _counted(folder) == {"all": 9}


def test_what_undo_would_take_from_others_is_not_undone(folder: Path) -> None:
    with Kit.open(folder) as kit:
        event = kit.page("event")[0].record_id
        elsewhere = kit.add("event", {"title": "Elsewhere"}).record_id
        consent = {"consent_record": "Y"}

        # A count that was corrected after it was made: the step that made it is not the whole of it any more.
        counted = arrivals.count_heads(kit, kit.origin, event, "patient", 3)
        (count,) = kit.page("attendance")
        kit.edit(kit.get(count.record_id), {"head_count": 50})
        assert counted is not None and not undo(kit, counted)
        assert kit.get(count.record_id).values["head_count"] == 50

        # A new person whose details were filled in since.
        filled_in = arrivals.check_in_new(kit, event, "Yusuf", consent).step
        (yusuf,) = kit.alike("person", "Yusuf")
        kit.edit(kit.get(yusuf.record_id), {"organisation": "Mosque"})
        assert filled_in is not None and not undo(kit, filled_in)
        assert not kit.get(yusuf.record_id).deleted

        # A new person who came to another event since.
        came_again = arrivals.check_in_new(kit, event, "Zainab", consent).step
        (zainab,) = kit.alike("person", "Zainab")
        there = arrivals.check_in(kit, elsewhere, zainab.record_id).step
        assert came_again is not None and not undo(kit, came_again)
        assert not kit.get(zainab.record_id).deleted
        assert not kit.conflicts()

        # Once that is undone, too, nothing stands in the way.
        assert there is not None and undo(kit, there) and undo(kit, came_again)
        assert kit.get(zainab.record_id).deleted


async def test_everybody_is_the_whole_and_its_groups_are_parts(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await _at_the_door(pilot)
        await pilot.press("tab", "1", "9", "down", "1", "2", "down", "7", "tab")
        await until(pilot, lambda: "19  counted" in shown(pilot, "#totals"), "the count")
        assert "19  of them in the groups" in shown(pilot, "#totals")
        assert "19  in all" in shown(pilot, "#totals")
        await pilot.press("tab", "8", "tab")
        await until(
            pilot, lambda: "!    20  in groups: above everybody" in shown(pilot, "#totals"), "the note"
        )
        assert "20  counted" in shown(pilot, "#totals")
        await until(pilot, lambda: "The groups make 20, but everybody 19" in picture(pilot), "the sentence")
        await pilot.press("escape")
        await home(pilot)
        await until(pilot, lambda: "20  counted" in shown(pilot, "#left"), "the same at home")
        await app.leave()
    assert _counted(folder) == {"all": 19, "patient": 12, "carer": 8}


def test_who_gives_no_name_is_never_lost_among_the_groups(folder: Path) -> None:
    with Kit.open(folder) as kit:
        origin = kit.origin
        event = kit.page("event")[0].record_id

        def total() -> int:
            groups = arrivals.counted_groups(kit, event, origin)
            return arrivals.counted_in_all((one.code, one.mine, one.others) for one in groups)

        assert arrivals.count_unnamed(kit, origin, event) is not None and total() == 1
        arrivals.count_heads(kit, origin, event, "patient", 4)
        arrivals.count_unnamed(kit, origin, event)
        assert total() == 5, "everybody is one more than all that was counted"
        arrivals.count_heads(kit, origin, event, "all", 0)
        arrivals.count_unnamed(kit, origin, event)
        assert total() == 5, "where groups alone are counted, among the others"
        assert arrivals.count_heads(kit, origin, event, "other", 1) is None, "nothing changed, so no step"


async def test_letters_typed_at_the_question_belong_to_the_name(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await _at_the_door(pilot)
        await type_in(pilot, "Zain")
        await pilot.press("enter")
        await on(pilot, KeepName)
        await pilot.press("a", "k", "j", "comma", "space", *"Mosque")
        await on(pilot, AttendanceScreen)
        await until(pilot, lambda: app.screen.query_one(Input).value == "Zainakj, Mosque", "the whole name")
        await pilot.press("enter")
        await on(pilot, KeepName)
        app.screen.post_message(events.Paste("n 2"))
        await until(pilot, lambda: isinstance(app.screen, AttendanceScreen), "the names again")
        await until(pilot, lambda: app.screen.query_one(Input).value == "Zainakj, Mosquen 2", "the paste")
        await pilot.press("enter")
        await on(pilot, KeepName)
        await pilot.press("escape")
        await on(pilot, AttendanceScreen)
        assert app.screen.query_one(Input).value == "Zainakj, Mosquen 2"
        await app.leave()
    assert app.faults == []


async def test_enter_keeps_the_name_but_not_from_before_the_question_was_seen(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await _at_the_door(pilot)
        await type_in(pilot, "Zainab")
        await until(pilot, lambda: "new person" in picture(pilot), "the line")
        early = events.Key("enter", "\r")
        await pilot.press("enter")
        await on(pilot, KeepName)
        app.post_message(early)
        await pilot.pause()
        await pilot.press("up")
        assert isinstance(app.screen, KeepName), "an Enter from before is nobody's yes"
        assert "may we keep your name?" in picture(pilot)
        await pilot.press("enter")
        await on(pilot, ReceiptCodeBox)
        await pilot.press("w")
        await until(pilot, lambda: "1  checked in by name" in shown(pilot, "#totals"), "the check-in")
        await app.leave()
    assert "Zainab" in {one["name"] for one in records(folder, "person")}


async def test_the_hint_to_choose_an_event_goes_when_it_was_obeyed(folder: Path) -> None:
    with Kit.open(folder) as kit:
        kit.settings.put(EVENT, "")
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("a")
        await on(pilot, RecordsScreen)
        await until(pilot, lambda: "Choose the event first" in picture(pilot), "the hint")
        await pilot.press("enter")
        await on(pilot, AttendanceScreen)
        await until(pilot, lambda: "Health fair" in picture(pilot), "the event")
        assert "Choose the event" not in picture(pilot)
        await pilot.press("escape")
        await home(pilot)
        assert "Choose the event" not in picture(pilot)
        await app.leave()
    assert app.faults == []
