"""The laptop in a respondent's hands: only their questions, from the notice to the receipt code, and back by the PIN."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from app_desk import SIZE, at_home, on, picture, records, running, shown, type_in
from fieldkit.app import FieldkitApp
from fieldkit.presentation.languages.catalogue import catalogue
from fieldkit.presentation.languages.respondent_text import RespondentText
from fieldkit.screens.home.home_screen import HomeScreen
from fieldkit.screens.kiosk.kiosk_pages import Stage
from fieldkit.screens.kiosk.kiosk_screen import KioskScreen
from fieldkit.screens.stall.stall_board import StallBoard
from fieldkit.store.kit import Kit
from fieldkit.store.local import pin
from fieldkit.store.local.drafts import Draft
from fieldkit.store.local.known_settings import HANDED_OVER
from fieldkit.store.window_lock import WindowLock
from fieldkit.widgets.dialogs.ask_line import AskLine
from kiosk_desk import CANARIES, PIN, fetch, hand_over, handed_over, kiosk, stage
from stall_desk import board, hold_today
from waiting import until


async def test_a_respondent_answers_in_their_language_and_gets_a_code(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "4") as (app, pilot):
        await stage(pilot, Stage.NOTICE)
        await pilot.press("enter", "1", "1", "2")
        assert kiosk(pilot).question is not None and kiosk(pilot).question.name == "rating"
        await pilot.press("2")
        await type_in(pilot, "Dobra opieka")
        await pilot.press("enter")
        while kiosk(pilot).stage is Stage.QUESTION:
            await pilot.press("enter")
            await pilot.pause()
        await stage(pilot, Stage.THANKS)
        assert app.kit is not None and app.kit.drafts.all() == [
            Draft(**vars(d)) for d in app.kit.drafts.all()
        ]
        await fetch(pilot)
        await pilot.press("2")
        await on(pilot, HomeScreen)
        assert app.kit.settings.get(HANDED_OVER) is None
        await app.leave()
    assert not app.faults
    record = next(
        each for each in records(planted_folder, "feedback") if each.get("experience") == "Dobra opieka"
    )
    assert record["rating"] == "2" and record["whose_words"] == "own" and record["consent_quote"] == "Y"
    assert "Polish" in str(record["consent_notice"]) and record["event"]


async def test_a_no_ends_it_and_keeps_nothing(planted_folder: Path) -> None:
    async with at_home(planted_folder) as pilot:
        assert pilot.app.kit is not None
        before = len(pilot.app.kit.drafts.all())
        await hand_over(pilot)
        await pilot.press("1", "enter", "2")
        await stage(pilot, Stage.REFUSED)
        assert len(pilot.app.kit.drafts.all()) == before
        await fetch(pilot)
        await pilot.press("2")
        await on(pilot, HomeScreen)


async def test_a_window_that_was_closed_opens_locked_and_goes_on_at_the_very_question(
    planted_folder: Path,
) -> None:
    async with handed_over(planted_folder, "1", "enter", "1", "1", "2", "3") as (app, pilot):
        await type_in(pilot, "half a sentence")
        await until(
            pilot,
            lambda: (
                app.kit
                and any(draft.values.get("experience") == "half a sentence" for draft in app.kit.drafts.all())
            ),
            "the answers",
        )
        # Dropped, as if the window was closed, without leaving.
    again = FieldkitApp(planted_folder)
    async with again.run_test(size=SIZE) as pilot:
        await on(pilot, KioskScreen)
        await stage(pilot, Stage.LEFT)
        assert "half a sentence" not in picture(pilot)
        await pilot.press("escape", "1", "2", "3", "ctrl+q", "ctrl+p", "f1", "q", "u")
        await stage(pilot, Stage.LEFT)
        await fetch(pilot)
        await until(pilot, lambda: "has not finished" in picture(pilot), "the choice")
        assert "half a sentence" not in picture(pilot)
        await pilot.press("1")
        await stage(pilot, Stage.QUESTION)
        assert "half a sentence" in picture(pilot)
        await type_in(pilot, " more")
        await pilot.press("enter")
        while kiosk(pilot).stage is Stage.QUESTION:
            await pilot.press("enter")
            await pilot.pause()
        await stage(pilot, Stage.THANKS)
        await fetch(pilot)
        await pilot.press("2")
        await on(pilot, StallBoard)  # the screen for work at an event
        await again.leave()
    assert not again.faults
    assert "half a sentence more" in {each.get("experience") for each in records(planted_folder, "feedback")}


async def test_it_locks_when_it_is_left_and_the_pin_returns_to_the_answers(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "1", "enter", "1", "1", "2", "3") as (app, pilot):
        await type_in(pilot, "my private answer")
        assert kiosk(pilot).left_alone()
        await stage(pilot, Stage.LEFT)
        assert "private" not in picture(pilot)
        await fetch(pilot)
        await pilot.press("1")
        await stage(pilot, Stage.QUESTION)
        assert "my private answer" in picture(pilot)
        await fetch(pilot)
        await pilot.press("3")
        await on(pilot, HomeScreen)
        assert app.kit is not None
        assert not any(
            draft.values.get("experience") == "my private answer" for draft in app.kit.drafts.all()
        )
        await app.leave()


async def test_the_pin_is_chosen_when_it_is_first_needed(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await pilot.press("h")
        await on(pilot, AskLine)
        for refused, why in (
            ("12", "A PIN is a number of 4 to 7 digits"),
            ("1234", "is easy to guess"),
            ("9090", "at least three"),
            ("2580", "easy"),
            ("1994", "year."),
        ):
            await until(pilot, lambda: "Choose a PIN" in picture(pilot), "the question")
            await type_in(pilot, refused)
            await until(pilot, lambda: "×" not in picture(pilot), "no more word about the one before")
            await pilot.press("enter")
            await until(pilot, lambda why=why: why in picture(pilot), "what is wrong, below the line")
        for first in ("8351", PIN):
            await type_in(pilot, first)
            await pilot.press("enter")
            await until(pilot, lambda: "The same PIN again" in picture(pilot), "the question again")
            await type_in(pilot, "8352")
            await pilot.press("enter")
            await until(pilot, lambda: "The two PINs are not the same." in picture(pilot), "the reason")
            if first != PIN:
                await pilot.press("escape")
                await until(pilot, lambda: "Choose a PIN" in picture(pilot), "another one")
        await type_in(pilot, PIN)
        await pilot.press("enter")
        await on(pilot, KioskScreen)
        assert pilot.app.kit is not None and pin.is_chosen(pilot.app.kit.settings)


async def test_digits_typed_at_once_are_the_new_pin_and_count_nobody(folder: Path) -> None:
    hold_today(folder)
    async with running(folder) as pilot:
        await board(pilot)
        await pilot.press("f4", *PIN, "enter", *PIN, "enter")
        await on(pilot, KioskScreen)
    assert records(folder, "attendance") == []


async def test_a_hand_over_that_breaks_leaves_the_laptop_to_the_volunteer(
    planted_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a page that can't be drawn")

    hold_today(planted_folder)
    async with running(planted_folder) as pilot:
        await board(pilot)
        monkeypatch.setattr(KioskScreen, "__init__", broken)
        await pilot.press("f4", "7")
        await until(pilot, lambda: "Something went wrong" in picture(pilot), "the sentence")
        await pilot.press("7", "enter")
        await board(pilot)
        monkeypatch.undo()
        pilot.app.faults.clear()
    assert records(planted_folder, "attendance") == [], "digits of a PIN count nobody"
    async with running(planted_folder) as pilot:
        await board(pilot)  # and no page that asks for the PIN
        await pilot.press("f4")
        await stage(pilot, Stage.LANGUAGE)
        await pilot.app.leave()


async def test_a_respondent_reads_no_english_about_a_key_that_does_nothing(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "2") as (app, pilot):
        await stage(pilot, Stage.NOTICE)
        await pilot.press("1", "f7", "x")
        await pilot.pause()
        assert "does nothing" not in picture(pilot)
        await app.leave()


async def test_prefer_not_to_say_goes_on_where_several_may_apply(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "1", "enter", "1", "1", "2", "3") as (app, pilot):
        await type_in(pilot, "it was kind")
        while (question := kiosk(pilot).question) is not None and question.name != "disability":
            await pilot.press("enter")
        await pilot.press("0")
        await until(pilot, lambda: kiosk(pilot).question is not question, "the next question")
        await pilot.press("escape")
        await until(pilot, lambda: "☑ prefer not to say" in picture(pilot), "the answer")
        await pilot.press("0")
        await until(pilot, lambda: kiosk(pilot).question is not question, "the next question again")
        await pilot.press("escape", "a")
        await until(pilot, lambda: "☑ behaviour" in picture(pilot), "another answer takes its place")
        assert kiosk(pilot).question is question, "more may be ticked"
        await app.leave()


async def test_a_second_window_beside_a_hand_over_shows_nothing(planted_folder: Path) -> None:
    with Kit.open(planted_folder) as kit:
        from fieldkit.presentation.kiosk.hand_over import hand_over as begin

        begin(kit)
    other = WindowLock(planted_folder)
    assert other.acquire() is None
    async with running(planted_folder) as pilot:
        await until(pilot, lambda: "The screen is locked" in picture(pilot), "the lock")
        assert not any(canary in picture(pilot) for canary in CANARIES)
    other.release()


async def test_the_next_person_begins_with_nothing_of_the_one_before(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "1", "enter", "1", "1", "2", "3") as (app, pilot):
        await type_in(pilot, "first person")
        await pilot.press("enter")
        while kiosk(pilot).stage is Stage.QUESTION:
            await pilot.press("enter")
            await pilot.pause()
        await stage(pilot, Stage.THANKS)
        await fetch(pilot)
        await pilot.press("1")
        await stage(pilot, Stage.LANGUAGE)
        await pilot.press("1", "enter", "1", "1", "2", "3", "ctrl+z", "ctrl+v")
        await pilot.pause()
        assert "first person" not in picture(pilot)
        await app.leave()


@pytest.mark.parametrize(
    "way", [("f10", "escape"), ("enter", "escape"), ("enter", "f10", "escape", "escape")]
)
async def test_only_the_pin_brings_the_answers_of_a_laptop_that_was_left_into_view(
    planted_folder: Path, way: tuple[str, ...]
) -> None:
    async with handed_over(planted_folder, "1", "enter", "1", "1", "2", "3") as (app, pilot):
        await type_in(pilot, "my private answer")
        assert kiosk(pilot).left_alone()
        await pilot.press(*way)
        await stage(pilot, Stage.LEFT)
        assert "private" not in picture(pilot)
        await fetch(pilot)
        await pilot.press("1")
        await stage(pilot, Stage.QUESTION)
        await pilot.press("f10", "escape")  # the respondent's own keys: they return to their answers
        await stage(pilot, Stage.QUESTION)
        assert "my private answer" in picture(pilot)
        await app.leave()


async def test_the_kind_of_cancer_has_a_key(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "1", "enter", "1", "1", "2", "3", "enter", "b") as (app, pilot):
        assert "1 ○ prostate cancer" in " ".join(picture(pilot).split())
        assert "diabetes" not in picture(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: "● cancer" in picture(pilot), "the answer that was given")
        assert "diabetes" in picture(pilot), "nothing is lost"
        await pilot.press("b", "1")
        form = kiosk(pilot)._form
        assert form.values["service_area"] == "prostate-cancer" and form.asked == "role"
        await pilot.press("escape")
        await until(pilot, lambda: "● prostate cancer" in picture(pilot), "the kind that was given")
        await pilot.press("b", "enter")
        assert form.values["service_area"] == "cancer" and form.asked == "role"
        await app.leave()


async def test_letters_lead_through_a_list_without_keys(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "4", "enter", "1", "1", "2", "3") as (app, pilot):
        kiosk(pilot)._turn_to(Stage.QUESTION, "language")
        await type_in(pilot, "pend")
        assert "▸    ○ pendżabski" in picture(pilot)
        await pilot.press("home")
        await type_in(pilot, "punj")  # or in English
        assert "▸    ○ pendżabski" in picture(pilot)
        await pilot.press("home", "a")
        first = kiosk(pilot)._at
        await pilot.press("a")
        assert kiosk(pilot)._at > first > 0, "the same letter goes on to the next"
        await pilot.press("home")
        await type_in(pilot, "punj")
        await pilot.press("space")
        assert kiosk(pilot)._form.values["language"] == "pa"
        await app.leave()


async def test_the_first_answer_of_a_list_without_keys_is_given_by_the_keys_that_are_named(
    planted_folder: Path,
) -> None:
    async with handed_over(planted_folder, "1", "enter", "1", "1", "2", "3") as (app, pilot):
        for keys, given in ((("down",), "en"), (("e", "n"), "en"), ((), None)):
            kiosk(pilot)._turn_to(Stage.QUESTION, "language")
            kiosk(pilot)._form.answer("language", None)
            kiosk(pilot)._turn_to(Stage.QUESTION, "language")
            await pilot.pause()
            assert "▸" not in picture(pilot), "Enter gives what the arrow is at, and would leave this out"
            await pilot.press("space")
            assert kiosk(pilot)._form.asked == "language", "nothing is given that nobody pointed at"
            await pilot.press(*keys)
            assert ("▸    ○ English" in picture(pilot)) is bool(keys)
            await pilot.press("enter")
            assert kiosk(pilot)._form.values.get("language") == given
        await app.leave()


async def test_0_is_prefer_not_to_say_where_a_postcode_is_typed(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "4", "enter", "1", "1", "2", "3") as (app, pilot):
        kiosk(pilot)._turn_to(Stage.QUESTION, "postcode_area")
        await pilot.pause()
        assert "declined" not in picture(pilot) and "0  wolę nie odpowiadać" in picture(pilot)
        await pilot.press("0", "enter")
        form = kiosk(pilot)._form
        assert form.values["postcode_area"] == "declined" and form.asked != "postcode_area"
        await pilot.press("escape")
        assert "declined" not in picture(pilot)
        await pilot.press("backspace")
        await type_in(pilot, "b19 2ab")
        sentence = catalogue("pl").text(RespondentText.TOO_LONG)[:20]
        await until(pilot, lambda: sentence in picture(pilot) and "2ab" not in picture(pilot), "what is kept")
        await pilot.press("enter")
        assert form.values["postcode_area"] == "B19", "the rest of a whole postcode is not kept"
        await app.leave()


async def test_the_terminals_cursor_is_at_the_answer_pointed_at(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "1", "enter", "1", "1", "2") as (app, pilot):
        await pilot.press("down")
        await until(pilot, lambda: "▸" in picture(pilot), "the first answer")
        for _ in range(3):
            before = app.cursor_position
            await pilot.press("down")
            await until(pilot, lambda before=before: app.cursor_position != before, "the next answer")
            row = picture(pilot).splitlines()[app.cursor_position.y]
            assert "▸" in row and row.index("▸") == app.cursor_position.x
        await app.leave()


async def test_the_terminals_cursor_is_at_a_language_on_the_first_page(planted_folder: Path) -> None:
    async with handed_over(planted_folder) as (app, pilot):
        await until(
            pilot,
            lambda: picture(pilot).splitlines()[app.cursor_position.y].lstrip().startswith("▸ 1"),
            "the cursor at the first language",
        )
        await app.leave()


async def test_the_bottom_line_holds_the_volunteers_key_alone(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "4", "enter", "1", "1", "2", "3") as (app, pilot):
        await type_in(pilot, "a")
        await until(pilot, lambda: app.saved_note.startswith("saved "), "a save")
        assert picture(pilot).splitlines()[-1].split() == ["f10", "volunteer"]
        await app.leave()


async def test_another_key_takes_the_laptop_back_where_the_terminal_has_f10_itself(
    planted_folder: Path,
) -> None:
    async with handed_over(planted_folder, "1", "enter", "1", "1", "2") as (app, pilot):
        await pilot.press("ctrl+o")
        await stage(pilot, Stage.PIN)
        await pilot.press("escape")
        await app.leave()


def is_bold(pilot: Pilot[object], sentence: str) -> bool:
    """Whether a sentence is drawn in bold."""
    strips = pilot.app.screen._compositor.render_strips(pilot.app.size)
    return any(
        sentence in segment.text and segment.style is not None and bool(segment.style.bold)
        for strip in strips
        for segment in strip
    )


async def test_a_key_that_does_nothing_is_answered_once_in_the_respondents_language(
    planted_folder: Path,
) -> None:
    async with handed_over(planted_folder, "2", "enter") as (app, pilot):
        press_number = kiosk(pilot)._text(RespondentText.PRESS_NUMBER)
        await until(pilot, lambda: press_number in picture(pilot), "how to answer")
        assert not is_bold(pilot, press_number)
        await pilot.press("x")
        await until(pilot, lambda: is_bold(pilot, press_number), "that it is bold")
        assert picture(pilot).count(press_number) == 1 and not kiosk(pilot).shown_notice
        assert "does nothing" not in picture(pilot)
        await pilot.resize_terminal(60, 13)
        await until(pilot, lambda: press_number not in picture(pilot), "no room for it")
        await pilot.press("x")
        await until(pilot, lambda: press_number in kiosk(pilot).shown_notice, "the sentence")
        await app.leave()


async def test_enter_after_a_number_passes_over_no_consent(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "1", "enter", "1", "enter") as (app, pilot):
        press_number = kiosk(pilot)._text(RespondentText.PRESS_NUMBER)
        assert kiosk(pilot).question is not None and kiosk(pilot).question.name == "consent_quote"
        assert press_number in shown(pilot, "#say") and picture(pilot).count(press_number) == 1
        await pilot.press("9")
        await pilot.pause()
        assert picture(pilot).count(press_number) == 1, "said once, in the place where it is in view already"
        await pilot.press("enter")  # whoever wants to can skip it
        assert kiosk(pilot).question is not None and kiosk(pilot).question.name == "consent_contact"
        assert press_number not in shown(pilot, "#say")
        await pilot.press("2", "enter")
        assert kiosk(pilot).question is not None and kiosk(pilot).question.name == "experience"
        assert "consent_quote" not in kiosk(pilot)._form.values
        await app.leave()


async def test_a_wrong_key_at_letters_is_answered_in_the_respondents_language(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "4", "enter", "1", "1", "2", "3") as (app, pilot):
        kiosk(pilot)._turn_to(Stage.QUESTION, "service_area")
        await pilot.press("%")
        await until(
            pilot, lambda: "Proszę nacisnąć literę odpowiedzi." in kiosk(pilot).shown_notice, "the sentence"
        )
        await app.leave()


async def test_a_digit_that_chooses_nothing_is_answered_on_the_volunteers_page(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "1") as (_, pilot):
        await stage(pilot, Stage.NOTICE)
        await pilot.press("enter", "1", "1", "2")
        await fetch(pilot)
        await pilot.press("4")
        await until(pilot, lambda: "The key 4 does nothing here." in picture(pilot), "the answer to it")
