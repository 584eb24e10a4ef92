"""A few keys per person: known names are found by letters, new ones are kept with a mark."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from app_desk import SIZE, on, picture, records, running, shown
from fieldkit.app import FieldkitApp
from fieldkit.errors import StorageError
from fieldkit.screens.base.receipt_code_box import ReceiptCodeBox
from fieldkit.screens.home.home_screen import HomeScreen
from fieldkit.screens.stall.name_line import NameLine
from fieldkit.screens.stall.stall_board import StallBoard
from fieldkit.store.kit import Kit
from fieldkit.widgets.frame import NoticeLine
from stall_desk import (
    FIXTURES,
    add_people,
    board,
    counted,
    foot,
    line,
    names,
    type_name,
    undo_words,
)
from waiting import until

(fair,) = FIXTURES


async def test_a_known_person_takes_one_key_beyond_the_letters(fair: Path) -> None:
    async with running(fair) as pilot:
        await board(pilot)  # nothing is pressed: the board opens once an event is chosen
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
        await type_name(pilot, "b", "1 Ben Ojo")
        assert "is here already" not in picture(pilot), "it was about the person before"
    assert len(records(fair, "attendance")) == 2
    assert all(row["arrived"] for row in records(fair, "attendance"))


@pytest.mark.parametrize("letter", "aumqz")
async def test_a_key_of_the_menu_and_enter_check_nobody_in_and_count_nobody(fair: Path, letter: str) -> None:
    add_people(fair, ["Una Mills"])
    app = FieldkitApp(fair)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(letter, "enter")  # the very first keys, while the kit is opened
        await until(pilot, lambda: "Type more than one letter" in picture(pilot), "the sentence")
        assert line(pilot) == letter and "esc twice: the menu" in picture(pilot)
        await pilot.press("escape", "escape")
        await on(pilot, HomeScreen)
    assert records(fair, "attendance") == []


async def test_one_letter_is_enough_where_somebody_points(fair: Path) -> None:
    add_people(fair, ["李 明"])
    async with running(fair) as pilot:
        await board(pilot)
        for keys, here in ((["b", "down", "up", "enter"], 1), (["a", "1"], 2)):
            await type_name(pilot, keys[0], "▸ 1 ")
            await pilot.press(*keys[1:])
            await until(pilot, lambda here=here: f"{here} here" in shown(pilot, "#figures"), keys[0])
        pilot.app.screen.query_one(NameLine).value = "李"  # a whole name of one character
        await until(pilot, lambda: "1 李 明" in shown(pilot, "#rows"), "the name")
        await pilot.press("enter")
        await until(pilot, lambda: "3 here" in shown(pilot, "#figures"), "the third")


async def test_a_digit_typed_ahead_picks_from_the_people_of_all_letters(fair: Path) -> None:
    add_people(fair, ["Amir Ali", "Amin Shah"])
    async with running(fair) as pilot:
        await board(pilot)
        await pilot.press(*"amin", "space", *"sh", "1", *"ben", "enter", "1", "1")
        await until(pilot, lambda: "2 here" in shown(pilot, "#figures"), "both")
        await until(pilot, lambda: "patients 1 → 2" in undo_words(pilot), "both heads")
    with Kit.open(fair) as kit:
        came = {str(row["person"]) for row in records(fair, "attendance") if row.get("person")}
        assert {str(person.values["name"]) for person in kit.many("person", came).values()} == {
            "Amin Shah",
            "Ben Ojo",
        }
    assert counted(fair) == {"patient": 2}


async def test_a_new_name_is_kept_with_a_mark_and_enter(fair: Path) -> None:
    async with running(fair) as pilot:
        await board(pilot)
        await type_name(pilot, "Zainab, Mosque", "▸ new: Zainab, Mosque")
        assert "Enter counts this person without a name." in " ".join(shown(pilot, "#rows").split())
        await pilot.press("tab")
        await until(pilot, lambda: "✓" in shown(pilot, "#rows"), "the mark")
        assert "taken by St Mary's laptop 1" in " ".join(shown(pilot, "#rows").split()), "what a yes stores"
        await pilot.press("enter")
        await until(pilot, lambda: "for Zainab · Mosque" in shown(pilot, "#rows"), "the code")
        assert isinstance(pilot.app.screen, StallBoard), "no box is between two people"
        await type_name(pilot, "am", "1 Amina Khan")
        assert "RECEIPT CODE" in shown(pilot, "#rows"), "it stays while the next name is typed"
        await pilot.press("escape")
        await until(pilot, lambda: line(pilot) == "", "the empty line")
        await pilot.press("f8")
        await on(pilot, ReceiptCodeBox)
        await pilot.press("w")
        await board(pilot)
    zainab = next(person for person in records(fair, "person") if person["name"] == "Zainab")
    assert (zainab["consent_record"], zainab["organisation"]) == ("Y", "Mosque")
    assert len(records(fair, "attendance")) == 1


async def test_without_the_mark_a_person_is_counted_and_undo_gives_the_name_back(fair: Path) -> None:
    async with running(fair) as pilot:
        await board(pilot)
        await type_name(pilot, "Zainab", "▸ new")
        await pilot.press("tab", "tab", "enter")
        await until(pilot, lambda: "The name was not kept" in picture(pilot), "the word")
        assert pilot.app.screen.query_one(NoticeLine).size.height == 1, "the figures stay where they are"
        await until(pilot, lambda: "1 counted" in shown(pilot, "#figures"), "the count")
        await type_name(pilot, "Yusuf", "▸ new")
        assert "The name was not kept" not in picture(pilot), "it says what Tab does for the name before"
        await pilot.press(*["backspace"] * 5, "ctrl+z")
        await until(pilot, lambda: line(pilot) == "Zainab", "the name")
        await until(pilot, lambda: "0 counted" in shown(pilot, "#figures"), "no count")
        await pilot.press("tab", "enter")
        await until(pilot, lambda: "1 here" in shown(pilot, "#figures"), "the person")
    assert "Zainab" in names(fair) and counted(fair) == {}


async def test_the_bottom_line_says_what_esc_takes_back(fair: Path) -> None:
    async with running(fair) as pilot:
        await board(pilot)
        assert foot(pilot)["esc"] == "menu"
        await type_name(pilot, "Zainab", "▸ new")
        assert foot(pilot)["esc"] == "clear"
        await pilot.press("tab")
        await until(pilot, lambda: foot(pilot)["esc"] == "untick", "the tick")
        await pilot.press("escape")
        await until(pilot, lambda: foot(pilot)["esc"] == "clear", "the name")
        assert line(pilot) == "Zainab"
        await pilot.press("escape")
        await until(pilot, lambda: foot(pilot)["esc"] == "menu", "the empty line")
        assert line(pilot) == ""


async def test_the_bottom_line_says_what_enter_does(fair: Path) -> None:
    add_people(fair, ["Zainab Noor"])

    async with running(fair) as pilot:
        await board(pilot)
        assert foot(pilot).get("enter", "") == ""
        await type_name(pilot, "Zainab Nor", "1 Zainab Noor")
        await until(pilot, lambda: foot(pilot).get("enter", "") == "check in", "the known one")
        await pilot.press("down")
        await until(
            pilot, lambda: foot(pilot).get("enter", "") == "count, no name", "a new one without a yes"
        )
        await pilot.press("tab")
        await until(pilot, lambda: "Is it this person?" in shown(pilot, "#rows"), "the question")
        await until(pilot, lambda: foot(pilot).get("enter", "") == "", "a digit alone answers")
        await pilot.press("2")
        await until(pilot, lambda: "1 here" in shown(pilot, "#figures"), "the new one")


async def test_a_second_tab_at_the_question_keeps_the_tick(fair: Path) -> None:
    add_people(fair, ["Zainab Noor"])
    async with running(fair) as pilot:
        await board(pilot)
        await type_name(pilot, "zainab noor", "1 Zainab Noor")
        await pilot.press("tab")
        await until(pilot, lambda: "Is it this person?" in shown(pilot, "#rows"), "the question")
        await pilot.press("tab")
        await until(
            pilot, lambda: "Answer 1 same, 2 different or 3 not sure." in picture(pilot), "what to press"
        )
        assert "Is it this person?" in shown(pilot, "#rows")
        await pilot.press("escape")
        await until(
            pilot, lambda: "Is it this person?" not in shown(pilot, "#rows"), "Esc takes the tick off"
        )
        assert line(pilot) == "zainab noor"
        await pilot.press("tab", "2")
        await until(pilot, lambda: "1 here" in shown(pilot, "#figures"), "the new one")


async def test_what_was_said_about_a_name_goes_when_a_head_is_counted(fair: Path) -> None:
    add_people(fair, ["Zainab Noor"])
    async with running(fair) as pilot:
        await board(pilot)
        for word in ("Zainab Noor is checked in", "Zainab Noor is here already"):
            await type_name(pilot, "zainab", "1 Zainab Noor")
            await pilot.press("enter")
            await until(pilot, lambda word=word: word in picture(pilot), word)  # type: ignore[misc]
        await pilot.press("1")
        await until(pilot, lambda: "1 counted" in shown(pilot, "#figures"), "the head")
        assert "is here already" not in picture(pilot)


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
    async with running(fair) as pilot:
        await board(pilot)
        await type_name(pilot, letters, "▸ 1 ")
        await pilot.press("enter")
        await until(
            pilot, lambda: f"{name} is checked in" in pilot.app.screen.query_one(NoticeLine).message, name
        )


async def test_a_paste_is_a_name_whatever_it_holds(fair: Path) -> None:
    async with running(fair) as pilot:
        await board(pilot)
        pilot.app.screen.post_message(events.Paste("Zain 2"))
        await until(pilot, lambda: line(pilot) == "Zain 2", "the paste")
        await pilot.press("7")
        await until(pilot, lambda: "Nobody here has the number 7" in picture(pilot), "the word")
        await pilot.press("comma", "space", *"Ward", "space", "7")
        await until(pilot, lambda: line(pilot) == "Zain 2, Ward 7", "digits after the comma")
        await pilot.press("escape")
        await until(pilot, lambda: line(pilot) == "", "a cleared line")
        assert isinstance(pilot.app.screen, StallBoard)
        await pilot.press("escape")
        await on(pilot, HomeScreen)
    assert counted(fair) == {}


async def test_a_pasted_list_is_one_person_and_the_board_says_so(fair: Path) -> None:
    async with running(fair) as pilot:
        await board(pilot)
        pilot.app.screen.post_message(events.Paste("\r\nZain One\r\nZoya Two\r\nZack Three\r\n"))
        await until(pilot, lambda: line(pilot) == "Zain One", "the first of the list")
        await until(pilot, lambda: "3 lines were pasted, and the first was kept." in picture(pilot), "why")
        await pilot.press("escape")
        await until(pilot, lambda: "lines were pasted" not in picture(pilot), "the word to go with its name")
    assert counted(fair) == {}


async def test_a_name_that_is_too_long_stays_on_the_line_with_a_sentence(fair: Path) -> None:
    app = FieldkitApp(fair)
    name = "Anna " * 60
    async with app.run_test(size=SIZE) as pilot:
        await board(pilot)
        app.screen.query_one(NameLine).insert_text_at_cursor(name)
        await until(pilot, lambda: "new: Anna" in shown(pilot, "#rows"), "the new person")
        await pilot.press("tab", "enter")
        await until(pilot, lambda: "200" in picture(pilot), "the sentence")
        assert isinstance(app.screen, StallBoard), "no box"
        await until(pilot, lambda: line(pilot) == name, "what was typed")
        await app.leave()
    assert app.faults == [] and len(names(fair)) == 2


async def test_a_disk_that_refuses_gives_the_name_back(fair: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise StorageError("The disk is full.", kept="What was saved before is safe.")

    monkeypatch.setattr("fieldkit.presentation.stall.check_in.check_in", refuse)
    async with running(fair) as pilot:
        await board(pilot)
        await type_name(pilot, "ami", "▸ 1 Amina")
        await pilot.press("enter")
        await until(pilot, lambda: "The disk is full." in picture(pilot), "the box")
        await pilot.press("escape")
        await board(pilot)
        assert line(pilot) == "ami"


async def test_a_name_that_changes_after_its_yes_says_that_it_needs_another(fair: Path) -> None:
    async with running(fair) as pilot:
        await board(pilot)
        await type_name(pilot, "Joan Bakr", "new: Joan Bakr")
        await pilot.press("tab")
        await until(pilot, lambda: "✓ the name may be kept" in picture(pilot), "the mark")
        await pilot.press("backspace")
        await until(pilot, lambda: "Press tab again if it may be kept." in picture(pilot), "what to do")
        assert "✓ the name may be kept" not in picture(pilot)
        await pilot.app.leave()


async def test_the_bottom_line_says_what_tab_does(fair: Path) -> None:
    add_people(fair, ["Zainab Noor"])

    async with running(fair) as pilot:
        await board(pilot)
        assert foot(pilot).get("tab", "") == "numbers"
        await type_name(pilot, "Zainab Nor", "1 Zainab Noor")
        await until(pilot, lambda: foot(pilot).get("tab", "") == "keep name", "a name")
        await pilot.press("tab")
        await until(pilot, lambda: "Is it this person?" in shown(pilot, "#rows"), "the question")
        await until(pilot, lambda: foot(pilot).get("tab", "") == "", "the tick stays")
        await pilot.press("escape", "escape")
        await until(pilot, lambda: foot(pilot).get("tab", "") == "numbers", "the empty line")
        await pilot.press("tab")
        await until(pilot, lambda: foot(pilot).get("tab", "") == "", "the numbers")
        assert foot(pilot)["enter/esc"] == "names" and "esc" not in foot(pilot), (
            "Esc goes to the names, not to the menu"
        )
        await pilot.press("escape")
        await until(pilot, lambda: foot(pilot).get("tab", "") == "numbers", "the line again")
