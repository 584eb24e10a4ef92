"""The stall board: a few keys a person, head counts by digits, undo and redo in words, nothing dropped without a word."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from textual import events

from app_desk import SIZE, home, on, picture, records, shown, until
from fieldkit.app import FieldkitApp
from fieldkit.screens.base.receipt_code_box import ReceiptCodeBox
from fieldkit.screens.home.home_screen import HomeScreen
from fieldkit.screens.paper.piles_screen import PilesScreen
from fieldkit.screens.records.records_screen import RecordsScreen
from fieldkit.screens.stall.closing_screen import ClosingScreen
from fieldkit.screens.stall.name_line import NameLine
from fieldkit.screens.stall.stall_board import StallBoard
from fieldkit.store.kit import Kit
from fieldkit.store.local.drafts import Draft
from fieldkit.store.local.setting import EVENT
from fieldkit.widgets.frame import NoticeLine
from stall_desk import add_people, board, counted, hold_today, line, names, type_name, undo_words, undone_to

pytestmark = pytest.mark.usefixtures("short_waits")


@pytest.fixture
def fair(folder: Path) -> Path:
    """A kit with an event of today."""
    hold_today(folder)
    return folder


async def test_a_known_person_takes_one_key_beyond_the_letters(fair: Path) -> None:
    app = FieldkitApp(fair)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)  # nothing is pressed: the board is there once an event is chosen
        await type_name(pilot, "ami", "▸ 1 Amina Khan")
        await pilot.press("enter")
        await until(pilot, lambda: "1 here" in shown(pilot, "#figures"), "the check-in")
        assert line(pilot) == "", "the line is ready for the next"
        await type_name(pilot, "be", "1 Ben Ojo")
        await pilot.press("1")
        await until(pilot, lambda: "2 here" in shown(pilot, "#figures"), "the second")
        await type_name(pilot, "ami", "here ")
        await pilot.press("enter")
        await until(
            pilot, lambda: "Amina Khan · St Mary's is here already since" in picture(pilot), "the word"
        )
        await app.leave()
    assert app.faults == []
    assert len(records(fair, "attendance")) == 2
    assert all(row["arrived"] for row in records(fair, "attendance"))


async def test_a_digit_typed_ahead_picks_from_the_people_of_all_letters(fair: Path) -> None:
    add_people(fair, ["Amir Ali", "Amin Shah"])
    app = FieldkitApp(fair)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        await pilot.press(*"amin", "space", *"sh", "1", *"ben", "enter", "1", "1")
        await until(pilot, lambda: "2 here" in shown(pilot, "#figures"), "both")
        await until(pilot, lambda: "patients 1 → 2" in undo_words(pilot), "both heads")
        await app.leave()
    with Kit.open(fair) as kit:
        came = {str(row["person"]) for row in records(fair, "attendance") if row.get("person")}
        assert {str(person.values["name"]) for person in kit.many("person", came).values()} == {
            "Amin Shah",
            "Ben Ojo",
        }
    assert counted(fair) == {"patient": 2}


async def test_a_new_name_is_kept_with_a_mark_and_enter(fair: Path) -> None:
    app = FieldkitApp(fair)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        await type_name(pilot, "Zainab, Mosque", "▸ new: Zainab, Mosque")
        assert "Enter counts this person without a name." in " ".join(shown(pilot, "#rows").split())
        await pilot.press("tab")
        await until(pilot, lambda: "✓" in shown(pilot, "#rows"), "the mark")
        assert "taken by St Mary's laptop 1" in " ".join(shown(pilot, "#rows").split()), "what a yes stores"
        await pilot.press("enter")
        await until(pilot, lambda: "for Zainab · Mosque" in shown(pilot, "#rows"), "the code")
        assert isinstance(app.screen, StallBoard), "no box stands between two people"
        await pilot.press("f8")
        await on(pilot, ReceiptCodeBox)
        await pilot.press("w")
        await board(pilot)
        await app.leave()
    assert app.faults == []
    zainab = next(person for person in records(fair, "person") if person["name"] == "Zainab")
    assert (zainab["consent_record"], zainab["organisation"]) == ("Y", "Mosque")
    assert len(records(fair, "attendance")) == 1


async def test_without_the_mark_a_person_is_counted_and_undo_gives_the_name_back(fair: Path) -> None:
    app = FieldkitApp(fair)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        await type_name(pilot, "Zainab", "▸ new")
        await pilot.press("tab", "tab", "enter")
        await until(pilot, lambda: "The name was not kept" in picture(pilot), "the word")
        assert pilot.app.screen.query_one(NoticeLine).size.height == 1, "the figures stay where they are"
        await until(pilot, lambda: "1 counted" in shown(pilot, "#figures"), "the count")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: line(pilot) == "Zainab", "the name")
        await until(pilot, lambda: "0 counted" in shown(pilot, "#figures"), "no count")
        await pilot.press("tab", "enter")
        await until(pilot, lambda: "1 here" in shown(pilot, "#figures"), "the person")
        await app.leave()
    assert "Zainab" in names(fair) and counted(fair) == {}


async def test_a_look_alike_is_answered_with_one_key(fair: Path) -> None:
    add_people(fair, ["Zainab Noor"])
    app = FieldkitApp(fair)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        await type_name(pilot, "zainab noor", "1 Zainab Noor")
        await pilot.press("tab")
        await until(pilot, lambda: "Is it this person?" in shown(pilot, "#rows"), "the question")
        assert "1 same  2 different  3 not sure" in shown(pilot, "#rows")
        await pilot.press("enter")
        await until(pilot, lambda: "Is it the same person?" in picture(pilot), "Enter answers nothing")
        assert names(fair).count("Zainab Noor") == 1
        await pilot.press("1")
        await until(pilot, lambda: "Zainab Noor is checked in" in picture(pilot), "the known one")
        await type_name(pilot, "ZAINAB NOOR", "1 Zainab Noor")
        await pilot.press("tab", "2")
        await until(pilot, lambda: "2 here" in shown(pilot, "#figures"), "the other one")
        await app.leave()
    assert sorted(names(fair)) == ["Amina Khan", "Ben Ojo", "ZAINAB NOOR", "Zainab Noor"]
    (answer,) = records(fair, "same_person")
    assert answer["answer"] == "different"


async def test_what_is_not_sure_is_kept_for_the_coordinator_and_undone_with_its_person(fair: Path) -> None:
    (known,) = add_people(fair, ["Mohammed Khan"])
    app = FieldkitApp(fair)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        await type_name(pilot, "Muhammad Khan, Ward 7", "1 Mohammed Khan")
        await pilot.press("tab", "3")
        await until(pilot, lambda: "1 here" in shown(pilot, "#figures"), "the new one")
        (answer,) = records(fair, "same_person")
        assert answer["answer"] == "not_sure" and known in {answer["one"], answer["other"]}
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "0 here" in shown(pilot, "#figures"), "nobody")
        assert records(fair, "same_person") == [] and "Muhammad Khan" not in names(fair)
        await pilot.press("ctrl+y")
        await until(pilot, lambda: "1 here" in shown(pilot, "#figures"), "everything again")
        assert [answer["answer"] for answer in records(fair, "same_person")] == ["not_sure"]
        await type_name(pilot, "Muhamm", "Muhammad Khan")
        await app.leave()
    assert app.faults == []


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Nguyễn Văn An", "van an ng"),
        ("ਗੁਰਪ੍ਰੀਤ ਕੌਰ", "gurpreet k"),
        ("Harpreet Kaur", "harp kour"),
        ("Zoë O’Neill", "oneill zoe"),
    ],
)
async def test_a_few_letters_find_a_name_in_any_order_spelling_and_script(
    fair: Path, name: str, letters: str
) -> None:
    add_people(fair, [name])
    app = FieldkitApp(fair)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        await type_name(pilot, letters, "▸ 1 ")
        await pilot.press("enter")
        await until(pilot, lambda: f"{name} is checked in" in app.screen.query_one(NoticeLine).message, name)
        await app.leave()


async def test_heads_are_counted_by_digits_signs_and_numbers(fair: Path) -> None:
    app = FieldkitApp(fair)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        await pilot.press("1", "2", "2", "plus", "minus", "minus", "2")
        await until(pilot, lambda: "carers 1 → 2" in undo_words(pilot), "the last")
        await until(pilot, lambda: "3 counted" in shown(pilot, "#figures"), "three heads")
        await pilot.press("tab", "up", "1", "2")
        await until(pilot, lambda: "patients 1 → 12" in undo_words(pilot), "a number is one change")
        await pilot.press("enter", "8")
        await until(pilot, lambda: "No group has this digit" in picture(pilot), "the word")
        await pilot.press("1")
        await until(pilot, lambda: "15 counted" in shown(pilot, "#figures"), "all of them")
        await app.leave()
    assert app.faults == []
    assert counted(fair) == {"patient": 13, "carer": 2}


async def test_everybody_is_the_total_and_no_group(fair: Path) -> None:
    app = FieldkitApp(fair)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        await pilot.press("tab", *["down"] * 8, "1", "9", "enter")
        await until(pilot, lambda: "19 counted" in shown(pilot, "#figures"), "the total")
        await pilot.press("1", "1")
        await until(pilot, lambda: "patients 1 → 2" in undo_words(pilot), "two patients")
        assert "19 counted" in shown(pilot, "#figures"), "the groups are parts of the total"
        await pilot.press("tab", *["up"] * 8, "2", "0", "enter")
        await until(pilot, lambda: "The groups make 20, but everybody 19" in picture(pilot), "the sentence")
        await until(pilot, lambda: "! groups make 20" in picture(pilot), "the note")
        await pilot.press("escape")
        await home(pilot)
        await until(pilot, lambda: "20  counted" in shown(pilot, "#left"), "the same at home")
        await app.leave()
    assert counted(fair) == {"all": 19, "patient": 20}


async def test_undo_and_redo_go_through_names_counts_and_feedback_in_words(fair: Path) -> None:
    app = FieldkitApp(fair)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        assert undo_words(pilot) == ""
        await type_name(pilot, "ami", "▸ 1 Amina")
        await pilot.press("enter")
        await undone_to(pilot, "undo: Amina Khan · St Mary's checked in ")
        await pilot.press("1")
        await undone_to(pilot, "undo: patients 0 → 1")
        assert app.kit is not None
        event = app.kit.settings.get(EVENT)
        await pilot.press("f2")
        await until(pilot, lambda: not isinstance(app.screen, StallBoard), "the form")
        app.kit.add("feedback", {"event": event, "rating": "2", "consent_record": "Y"})
        await pilot.press("escape")
        await board(pilot)
        await undone_to(pilot, "undo: feedback taken ")
        steps = ["feedback taken", "patients 0 → 1", "Amina Khan · St Mary's checked in"]
        for step in steps:
            await pilot.press("ctrl+z")
            await until(pilot, lambda step=step: f"Undone: {step}" in picture(pilot), step)
        await until(pilot, lambda: "0 here   0 counted   0 feedback" in shown(pilot, "#figures"), "nothing")
        # As deep as the session: the board may be left meanwhile.
        await pilot.press("escape")
        await home(pilot)
        await pilot.press("a")
        await board(pilot)
        for step in reversed(steps):
            await pilot.press("ctrl+y")
            await until(pilot, lambda step=step: f"Done again: {step}" in picture(pilot), step)
        await until(
            pilot, lambda: "1 here   1 counted   1 feedback" in shown(pilot, "#figures"), "everything"
        )
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "Undone: feedback taken" in picture(pilot), "undone once more")
        await pilot.press("2")
        await until(pilot, lambda: "carers 0 → 1" in undo_words(pilot), "something new")
        assert "redo" not in undo_words(pilot), "what is new leaves nothing to redo"
        await app.leave()
    assert app.faults == []
    assert counted(fair) == {"patient": 1, "carer": 1}
    assert records(fair, "feedback") == []


async def test_redo_checks_nobody_in_twice(fair: Path) -> None:
    app = FieldkitApp(fair)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        await type_name(pilot, "ami", "▸ 1 Amina")
        await pilot.press("enter")
        await undone_to(pilot, "Amina Khan")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "redo: Amina Khan" in undo_words(pilot), "the redo")
        with Kit.open(fair) as other:
            amina = other.alike("person", "Amina Khan")[0].record_id
            other.add("attendance", {"event": other.settings.get(EVENT), "person": amina, "arrived": "09:00"})
        await pilot.press("ctrl+y")
        await until(pilot, lambda: "Not done again" in picture(pilot), "the sentence")
        await app.leave()
    assert [row["arrived"] for row in records(fair, "attendance")] == ["09:00"]


async def test_undo_pressed_at_once_is_for_what_is_still_being_saved(fair: Path) -> None:
    app = FieldkitApp(fair)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        await type_name(pilot, "ami", "▸ 1 Amina")
        await pilot.press("enter", "tab", "7", "ctrl+z")
        await until(pilot, lambda: "Undone: patients 0 → 7" in picture(pilot), "the count undone")
        await undone_to(pilot, "undo: Amina Khan")
        await app.leave()
    assert counted(fair) == {}
    assert len(records(fair, "attendance")) == 1


async def test_undo_leaves_what_was_changed_since(fair: Path) -> None:
    app = FieldkitApp(fair)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        await pilot.press("1", "1")
        await undone_to(pilot, "patients 1 → 2")
        with Kit.open(fair) as other:
            (count,) = other.page("attendance")
            other.edit(other.get(count.record_id), {"head_count": 9})
        await pilot.press("ctrl+z")
        await until(
            pilot, lambda: "Not undone, because it was changed since" in picture(pilot), "the sentence"
        )
        await app.leave()
    assert counted(fair) == {"patient": 9}


async def test_an_event_of_another_day_asks_for_times_and_invents_none(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        assert "This event was on 27 Oct 2026" in picture(pilot)
        await type_name(pilot, "ami", "▸ 1 Amina")
        await pilot.press("enter")
        await until(pilot, lambda: "CAME AT" in shown(pilot, "#label"), "the question")
        await pilot.press(*"25", "enter")
        await until(pilot, lambda: "is not a time" in picture(pilot), "the reason")
        app.screen.query_one(NameLine).value = ""
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
        await app.leave()
    assert app.faults == []
    assert sorted(str(row.get("arrived")) for row in records(folder, "attendance")) == [
        "10:15",
        "None",
        "None",
    ]


async def test_a_paste_is_a_name_whatever_it_holds(fair: Path) -> None:
    app = FieldkitApp(fair)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        app.screen.post_message(events.Paste("Zain 2"))
        await until(pilot, lambda: line(pilot) == "Zain 2", "the paste")
        await pilot.press("7")
        await until(pilot, lambda: "Nobody here has the number 7" in picture(pilot), "the word")
        await pilot.press("comma", "space", *"Ward", "space", "7")
        await until(pilot, lambda: line(pilot) == "Zain 2, Ward 7", "digits after the comma")
        await pilot.press("escape")
        await until(pilot, lambda: line(pilot) == "", "a cleared line")
        assert isinstance(app.screen, StallBoard)
        await pilot.press("escape")
        await on(pilot, HomeScreen)
        await app.leave()
    assert app.faults == []
    assert counted(fair) == {}


async def test_a_pasted_list_is_one_person_and_the_board_says_so(fair: Path) -> None:
    app = FieldkitApp(fair)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        app.screen.post_message(events.Paste("\r\nZain One\r\nZoya Two\r\nZack Three\r\n"))
        await until(pilot, lambda: line(pilot) == "Zain One", "the first of the list")
        await until(pilot, lambda: "3 lines were pasted, and the first was kept." in picture(pilot), "why")
        await pilot.press("escape")
        await until(pilot, lambda: "lines were pasted" not in picture(pilot), "the word to go with its name")
        await app.leave()
    assert app.faults == []
    assert counted(fair) == {}


async def test_the_board_is_offered_todays_event(folder: Path) -> None:
    with Kit.open(folder) as kit:
        kit.settings.put(EVENT, "")
        today = kit.add("event", {"title": "Fair of today", "date": date.today().isoformat()}).record_id
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        assert "TODAY" in shown(pilot, "#left") and "Fair of today" in shown(pilot, "#left")
        await pilot.press("a")
        await until(pilot, lambda: "another event" in picture(pilot), "the offer")
        await pilot.press("enter")
        await board(pilot)
        assert "Fair of today" in picture(pilot)
        await app.leave()
    with Kit.open(folder) as kit:
        assert kit.settings.get(EVENT) == today


async def test_without_an_event_of_today_a_lets_one_be_chosen(folder: Path) -> None:
    with Kit.open(folder) as kit:
        kit.settings.put(EVENT, "")
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("a")
        await on(pilot, RecordsScreen)
        await until(pilot, lambda: "Choose the event first" in picture(pilot), "the hint")
        await pilot.press("enter")
        await board(pilot)
        assert "Health fair" in picture(pilot) and "Choose the event" not in picture(pilot)
        await pilot.press("escape")
        await on(pilot, HomeScreen)
        await until(pilot, lambda: "checked in" in shown(pilot, "#left"), "the figures of the event")
        assert isinstance(app.screen, HomeScreen), "whoever leaves the board stays at home"
        assert "Choose the event" not in picture(pilot)
        await app.leave()
    assert app.faults == []


async def test_a_board_of_another_day_goes_to_todays_event_with_one_key(folder: Path) -> None:
    with Kit.open(folder) as kit:
        kit.add("event", {"title": "Fair of today", "date": date.today().isoformat()})
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        assert "Today is Fair of today" in " ".join(picture(pilot).split())
        await pilot.press("f5")
        await until(pilot, lambda: "Today is" not in picture(pilot), "today's board")
        await type_name(pilot, "ami", "▸ 1 Amina")
        await pilot.press("enter")
        await until(pilot, lambda: "1 here" in shown(pilot, "#figures"), "no question about the time")
        await app.leave()
    assert app.faults == []


async def test_the_pile_of_paper_is_one_key_from_the_board(fair: Path) -> None:
    app = FieldkitApp(fair)
    async with app.run_test(size=(60, 20)) as pilot:
        await board(pilot)
        assert "F7 paper" in picture(pilot)
        await pilot.press("1", "f7")
        await on(pilot, PilesScreen)
        await pilot.press("escape")
        await board(pilot)
        await until(pilot, lambda: "1 counted" in shown(pilot, "#figures"), "the head counted before")
        await app.leave()
    assert app.faults == []


async def test_home_breaks_no_line_at_60_columns(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=(60, 40)) as pilot:
        await home(pilot)
        assert "h  hand over" in picture(pilot) and "stall board: names, heads" in picture(pilot)
        assert "f9  worried about somebody" in picture(pilot)
        await app.leave()
    assert app.faults == []


async def test_all_of_home_can_be_reached_at_60x20(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=(60, 20)) as pilot:
        await home(pilot)
        assert "worried about somebody" not in picture(pilot)
        for _ in range(4):
            await pilot.press("pagedown")
        await until(pilot, lambda: "worried about somebody" in picture(pilot), "the last line")
        await pilot.press(*["pageup"] * 4)
        await until(pilot, lambda: "AT THIS EVENT" in picture(pilot), "the first line")
        await app.leave()
    assert app.faults == []


async def test_an_event_is_ended_with_its_totals(fair: Path) -> None:
    with Kit.open(fair) as kit:
        kit.drafts.keep(Draft("", "feedback", {"rating": "2"}))
    app = FieldkitApp(fair)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        await type_name(pilot, "ami", "▸ 1 Amina")
        await pilot.press("enter", "1", "1", "2", "f6")
        await on(pilot, ClosingScreen)
        await until(
            pilot,
            lambda: "1  checked in by name" in picture(pilot) and "4  in all" in picture(pilot),
            "the totals",
        )
        assert "1  unfinished entry" in picture(pilot) and "in no bundle yet" in picture(pilot)
        assert "2    patients" in picture(pilot) and "good" not in picture(pilot)
        await pilot.press("escape")
        await board(pilot)
        await pilot.press("f6")
        await on(pilot, ClosingScreen)
        await pilot.press("enter")
        await home(pilot)
        assert "Health fair" in shown(pilot, "#left"), "today's event is offered again"
        await until(pilot, lambda: "The event has ended" in picture(pilot), "the sentence")
        await app.leave()
    assert app.faults == []
    with Kit.open(fair) as kit:
        assert kit.settings.get(EVENT) == ""


async def test_a_bundle_written_at_the_end_leads_back_to_the_totals(
    fair: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr("fieldkit.screens.base.places.sticks", lambda: [stick])
    app = FieldkitApp(fair)
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        await pilot.press("1", "f6")
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
        await until(pilot, lambda: "bundle 1 written" in picture(pilot), "the sentence")
        assert "in no bundle yet" not in picture(pilot)
        await pilot.press("enter")
        await home(pilot)
        await app.leave()
    assert app.faults == [] and list(stick.glob("*.fkb"))
    with Kit.open(fair) as kit:
        assert kit.settings.get(EVENT) == ""
