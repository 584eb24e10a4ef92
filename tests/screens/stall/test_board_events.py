"""The event of the board: of today or another day, chosen, ended, and what one key opens from there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app_desk import SIZE, at_home, home, on, picture, records, running, shown
from fieldkit.app import FieldkitApp
from fieldkit.screens.home.home_screen import HomeScreen
from fieldkit.screens.paper.piles_screen import PilesScreen
from fieldkit.screens.records.records_screen import RecordsScreen
from fieldkit.screens.stall.closing_screen import ClosingScreen
from fieldkit.screens.stall.name_line import NameLine
from fieldkit.store.kit import Kit
from fieldkit.store.local.drafts import Draft
from fieldkit.store.local.known_settings import EVENT
from held_work import FIXTURES as HELD
from held_work import HeldWork
from stall_desk import (
    FIELD_FIXTURES,
    FIXTURES,
    board,
    line,
    type_name,
    undone_to,
)
from waiting import until

(fair,) = FIXTURES
(field_fair,) = FIELD_FIXTURES
(held,) = HELD


async def test_an_event_of_another_day_asks_for_times_and_invents_none(folder: Path) -> None:
    async with running(folder) as pilot:
        await board(pilot)
        assert "This event was on 27 Oct 2026" in picture(pilot)
        await type_name(pilot, "ami", "▸ 1 Amina")
        await pilot.press("enter")
        await until(pilot, lambda: "CAME AT" in shown(pilot, "#label"), "the question")
        await pilot.press(*"25", "enter")
        await until(pilot, lambda: "is not a time" in picture(pilot), "the reason")
        pilot.app.screen.query_one(NameLine).value = ""
        await pilot.press(*"1015", "enter")
        await undone_to(pilot, "Amina Khan · St Mary's checked in 10:15")
        await type_name(pilot, "be", "▸ 1 Ben")
        await pilot.press("enter", "escape")
        await until(pilot, lambda: line(pilot) == "be", "the name again")
        await until(pilot, lambda: "▸ 1 Ben" in shown(pilot, "#rows"), "the match again")
        await pilot.press("enter", "enter")
        await undone_to(pilot, "undo: Ben Ojo checked in")
        await pilot.press("1")
        await undone_to(pilot, "undo: patients 0 → 1")
    assert sorted(str(row.get("arrived")) for row in records(folder, "attendance")) == [
        "10:15",
        "None",
        "None",
    ]


async def test_a_long_event_is_whole_in_a_wide_window(folder: Path) -> None:
    title = "Health and wellbeing fair at the University Hospitals of Leicester, Ophthalmology and Orthoptics"
    with Kit.open(folder) as kit:
        hall = {"title": title, "date": "2026-10-27", "place": "The Great Hall, Belgrave Road"}
        event = kit.add("event", hall)
        kit.settings.put(EVENT, event.record_id)
    app = FieldkitApp(folder)
    async with app.run_test(size=(200, 30)) as pilot:
        await board(pilot)
        assert f"{title} · 27 Oct 2026 · The Great Hall, Belgrave Road" in picture(pilot)
        await pilot.press("escape")
        await home(pilot)
        assert f"{title} · 27 Oct 2026 · The Great Hall, Belgrave Road" in picture(pilot)
        await app.leave()


async def test_the_board_is_offered_todays_event(folder: Path) -> None:
    with Kit.open(folder) as kit:
        kit.settings.put(EVENT, "")
        today = kit.add("event", {"title": "Fair of today", "date": date.today().isoformat()}).record_id
    async with at_home(folder) as pilot:
        assert "TODAY" in shown(pilot, "#left") and "Fair of today" in shown(pilot, "#left")
        await pilot.press("a")
        await until(pilot, lambda: "another event" in picture(pilot), "the offer")
        await pilot.press("enter")
        await board(pilot)
        assert "Fair of today" in picture(pilot)
    with Kit.open(folder) as kit:
        assert kit.settings.get(EVENT) == today


async def test_without_an_event_of_today_a_lets_one_be_chosen(folder: Path) -> None:
    with Kit.open(folder) as kit:
        kit.settings.put(EVENT, "")
    async with at_home(folder) as pilot:
        await pilot.press("a")
        await on(pilot, RecordsScreen)
        await until(pilot, lambda: "Choose the event first" in picture(pilot), "the hint")
        await pilot.press("enter")
        await board(pilot)
        assert "Health fair" in picture(pilot) and "Choose the event" not in picture(pilot)
        await pilot.press("escape")
        await on(pilot, HomeScreen)
        await until(pilot, lambda: "checked in" in shown(pilot, "#left"), "the figures of the event")
        assert isinstance(pilot.app.screen, HomeScreen), "whoever leaves the board stays at home"
        assert "Choose the event" not in picture(pilot)


async def test_a_board_of_another_day_goes_to_todays_event_with_one_key(folder: Path) -> None:
    with Kit.open(folder) as kit:
        kit.add("event", {"title": "Fair of today", "date": date.today().isoformat()})
    async with running(folder) as pilot:
        await board(pilot)
        assert "Today is Fair of today" in " ".join(picture(pilot).split())
        await pilot.press("f5")
        await until(pilot, lambda: "Today is" not in picture(pilot), "today's board")
        await type_name(pilot, "ami", "▸ 1 Amina")
        await pilot.press("enter")
        await until(pilot, lambda: "1 here" in shown(pilot, "#figures"), "no question about the time")


async def test_the_question_of_the_time_ends_with_its_event(folder: Path) -> None:
    with Kit.open(folder) as kit:
        today = kit.add("event", {"title": "Fair of today", "date": date.today().isoformat()}).record_id
    async with running(folder) as pilot:
        await board(pilot)
        await type_name(pilot, "ami", "▸ 1 Amina")
        await pilot.press("enter")
        await until(pilot, lambda: "CAME AT" in shown(pilot, "#label"), "the question")
        await pilot.press("f5")
        await until(pilot, lambda: "Today is" not in picture(pilot), "today's board")
        assert shown(pilot, "#label").strip() == "NAME" and line(pilot) == "ami"
        await until(pilot, lambda: "▸ 1 Amina" in shown(pilot, "#rows"), "the match again")
        await pilot.press("enter")
        await until(pilot, lambda: "1 here" in shown(pilot, "#figures"), "the person at today's event")
    assert [row["event"] for row in records(folder, "attendance")] == [today]


async def test_the_pile_of_paper_is_one_key_from_the_board(fair: Path) -> None:
    app = FieldkitApp(fair)
    async with app.run_test(size=(60, 20)) as pilot:
        await board(pilot)
        assert "f7 paper" in picture(pilot)
        await pilot.press("1", "f7")
        await on(pilot, PilesScreen)
        await pilot.press("escape")
        await board(pilot)
        await until(pilot, lambda: "1 counted" in shown(pilot, "#figures"), "the head counted before")
        await app.leave()
    assert app.faults == []


async def test_an_event_is_ended_with_its_totals(fair: Path) -> None:
    with Kit.open(fair) as kit:
        kit.drafts.keep(Draft("", "feedback", {"rating": "2"}))
    async with running(fair) as pilot:
        await board(pilot)
        await type_name(pilot, "ami", "▸ 1 Amina")
        await pilot.press("enter", "1", "1", "2", "f6")
        await on(pilot, ClosingScreen)
        await until(
            pilot,
            lambda: "1  checked in by name" in picture(pilot) and "4  in all" in picture(pilot),
            "the totals",
        )
        assert "1  unfinished entry" in picture(pilot)
        assert "2    patients" in picture(pilot) and "good" not in picture(pilot)
        await pilot.press("escape")
        await board(pilot)
        await pilot.press("f6")
        await on(pilot, ClosingScreen)
        await pilot.press("enter")
        await until(pilot, lambda: "End the event all the same?" in picture(pilot), "what is left to do")
        assert "exported" not in picture(pilot), "a coordinator sends nothing"
        await pilot.press("enter")
        await home(pilot)
        assert "Health fair" in shown(pilot, "#left"), "today's event is offered again"
        await until(pilot, lambda: "The event has ended" in picture(pilot), "the sentence")
    with Kit.open(fair) as kit:
        assert kit.settings.get(EVENT) == ""


async def test_a_coordinators_laptop_has_nothing_to_send(fair: Path) -> None:
    async with running(fair) as pilot:
        await board(pilot)
        await pilot.press("1")
        await until(pilot, lambda: "1 counted" in shown(pilot, "#figures"), "the head")
        assert "unsent" not in picture(pilot) and "bundle" not in picture(pilot)
        await pilot.resize_terminal(120, 40)
        await until(
            pilot,
            lambda: "feedback records     saved just now" in shown(pilot, "#figures"),
            "the time beside the figures, in the row of their labels",
        )
        await pilot.resize_terminal(80, 24)
        await pilot.press("f6")
        await on(pilot, ClosingScreen)
        await until(pilot, lambda: "nothing: all is finished" in picture(pilot), "the totals")
        assert "bundle" not in picture(pilot) and "export" not in picture(pilot)
        await pilot.press("x")
        await until(pilot, lambda: "x does nothing here" in picture(pilot), "the answer to its key")
        await pilot.press("enter")
        await home(pilot)
        await until(
            pilot, lambda: "The event has ended" in picture(pilot), "the sentence, without a question"
        )


async def test_a_bundle_written_at_the_end_leads_back_to_the_totals(
    field_fair: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr("fieldkit.screens.base.places.sticks", lambda: [stick])
    app = FieldkitApp(field_fair)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        await pilot.press("1")
        await until(pilot, lambda: "unsent" in shown(pilot, "#figures"), "the changes")
        await pilot.press("f6")
        await on(pilot, ClosingScreen)
        await until(pilot, lambda: "in no bundle yet" in picture(pilot), "the changes")
        await pilot.press("x")
        await until(pilot, lambda: "Where should the bundle go?" in picture(pilot), "the question")
        await pilot.press("escape")
        await on(pilot, ClosingScreen)
        await pilot.press("x")
        await until(pilot, lambda: "Where should the bundle go?" in picture(pilot), "the question")
        await pilot.press("1")
        await on(pilot, ClosingScreen)
        await until(pilot, lambda: "Bundle 1 written" in picture(pilot), "the sentence")
        assert "in no bundle yet" not in picture(pilot)
        await pilot.press("enter")
        await home(pilot)
        await app.leave()
    assert app.faults == [] and list(stick.glob("*.fkb"))
    with Kit.open(field_fair) as kit:
        assert kit.settings.get(EVENT) == ""


async def test_all_groups_stay_in_view_below_the_note_on_an_earlier_event(folder: Path) -> None:
    title = "Together for Better Health: Diabetes, Heart Disease and Mental Health Day of the Belgrave Neighbourhood"
    with Kit.open(folder) as kit:
        kit.edit(kit.get(kit.settings.get(EVENT)), {"date": "2026-10-27"})
        kit.add("event", {"title": title, "date": date.today().isoformat()})
    async with running(folder) as pilot:
        await pilot.resize_terminal(60, 20)
        await board(pilot)
        await until(pilot, lambda: "f5 goes there" in " ".join(picture(pilot).split()), "the note")
        await until(pilot, lambda: "everybody" in picture(pilot), "the last of the groups")
        assert "Together for Better Health" in " ".join(picture(pilot).split())


async def test_home_counts_what_was_recorded_last_before_the_board_was_left(
    fair: Path, held: HeldWork
) -> None:
    async with running(fair) as pilot:
        screen = await board(pilot)
        held.hold("storing the head count")
        await pilot.press("1", "1")
        await until(pilot, lambda: screen.saving == 2, "both saves")
        await pilot.press("escape")
        assert pilot.app.screen is screen, "home would count without what is being saved"
        held.release()
        await on(pilot, HomeScreen)
        await until(pilot, lambda: "2  counted, not named" in shown(pilot, "#left"), "the count")
        await pilot.press("a")
        await board(pilot)
        await pilot.press("1", "escape")
        await on(pilot, HomeScreen)
        await until(pilot, lambda: "3  counted, not named" in shown(pilot, "#left"), "the new count")
