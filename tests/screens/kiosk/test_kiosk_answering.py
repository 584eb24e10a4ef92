"""Respondents answer at a laptop that was handed over: further details, pasted texts, errors in their language."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, Static

from app_desk import at_home, on, picture, records, type_in
from fieldkit.errors import StorageError
from fieldkit.presentation.kiosk import hand_over as handing
from fieldkit.presentation.languages.catalogue import catalogue
from fieldkit.presentation.languages.respondent_text import RespondentText
from fieldkit.presentation.languages.terminal_text import terminal_line
from fieldkit.records.schema.field import LONGEST_TEXT
from fieldkit.records.schema.kind import kind
from fieldkit.screens.entry.drafts_screen import DraftsScreen
from fieldkit.screens.entry.entry import EntryScreen
from fieldkit.screens.home.home_screen import HomeScreen
from fieldkit.screens.kiosk.kiosk_pages import Stage
from fieldkit.widgets.frame import NoticeLine
from fieldkit.widgets.inputs import WordsArea
from kiosk_desk import fetch, hand_over, handed_over, kiosk, stage
from waiting import until

LANGUAGES = {"en": "1", "pa": "2", "ur": "3", "pl": "4"}


async def test_a_respondent_can_say_more(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "1", "enter", "1", "1", "2", "3") as (app, pilot):
        await type_in(pilot, "I waited")
        assert "f3 say more" in picture(pilot)
        await pilot.press("f3")
        for name in ("expectation", "need", "aspiration", "provider"):
            await until(pilot, lambda: kiosk(pilot).question, "a question")
            question = kiosk(pilot).question
            assert question is not None
            if name == "expectation" and question.name == "experience":
                await pilot.press("f3")
            assert kiosk(pilot).question is not None and kiosk(pilot).question.name == name
            await type_in(pilot, f"about {name}")
            await pilot.press("enter")
            await pilot.pause()
        while kiosk(pilot).stage is Stage.QUESTION:
            await pilot.press("enter")
            await pilot.pause()
        await stage(pilot, Stage.THANKS)
        await app.leave()
    record = next(e for e in records(planted_folder, "feedback") if e.get("need") == "about need")
    assert record["expectation"] == "about expectation" and record["aspiration"] == "about aspiration"
    assert record["provider"] == "about provider", "written as it was typed"


async def test_what_went_wrong_is_said_in_the_respondents_language(planted_folder: Path) -> None:
    polish = catalogue("pl").text
    async with handed_over(planted_folder, "4", "enter", "1", "1", "2", "3", size=(120, 40)) as (app, pilot):
        await type_in(pilot, "Dr Patel 07700 900123")
        await pilot.press("enter")
        begin = polish(RespondentText.PERSONAL_DETAIL).split("{")[0].strip()
        await until(pilot, lambda: begin in picture(pilot), "the hint")
        assert kiosk(pilot).question is not None and kiosk(pilot).question.name == "experience"
        await pilot.press("enter")
        for _ in range(20):
            question = kiosk(pilot).question
            assert question is not None
            if question.name == "postcode_area":
                break
            await pilot.press("enter")
            await pilot.pause()
        await type_in(pilot, "nowhere at all")
        await pilot.press("enter")
        wrong = polish(RespondentText.NOT_VALID)
        await until(pilot, lambda: wrong[:40] in picture(pilot), "the refusal")
        await pilot.press("enter")
        assert kiosk(pilot).question is not None and kiosk(pilot).question.name != "postcode_area"
        await app.leave()


async def test_what_was_said_of_an_answer_meanwhile_is_not_replaced_by_that_it_is_too_long(
    planted_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    polish = catalogue("pl").text
    not_valid = polish(RespondentText.NOT_VALID)
    async with handed_over(planted_folder, "4", "enter", "1", "1", "2", "3") as (app, pilot):
        screen = kiosk(pilot)
        screen._turn_to(Stage.QUESTION, "postcode_area")
        await pilot.pause()
        late: list[Callable[[], object]] = []
        with monkeypatch.context() as patched:
            patched.setattr(
                screen, "call_after_refresh", lambda run, *given: late.append(partial(run, *given))
            )
            screen.query_one("#answer-line", Input).value = "nowhere at all"
            screen._take_typed()
        [say_too_long] = late
        screen._say_problem(not_valid)
        say_too_long()
        assert screen._problem == not_valid
        screen._say_problem("")
        say_too_long()
        assert screen._problem == polish(RespondentText.TOO_LONG)
        await app.leave()


async def test_who_says_nothing_about_the_service_is_asked_once_more_and_then_nothing_is_kept(
    planted_folder: Path,
) -> None:
    async with at_home(planted_folder) as pilot:
        before = len(records(planted_folder, "feedback"))
        await hand_over(pilot)
        await pilot.press("1", "enter", "1")
        for time in (1, 2):
            for _ in range(30):
                question = kiosk(pilot).question
                if question is None or (time == 2 and question.name != "experience"):
                    break
                await pilot.press("1" if question.name == "carer" and time == 1 else "enter")
                await pilot.pause()
                if time == 1 and RespondentText.NOTHING_SAID[:30] in picture(pilot):
                    break
        while kiosk(pilot).stage is Stage.QUESTION:
            await pilot.press("enter")
            await pilot.pause()
        await stage(pilot, Stage.REFUSED)
    assert len(records(planted_folder, "feedback")) == before


async def test_a_disk_that_refuses_shows_its_sentence_to_the_volunteer_alone(
    planted_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise StorageError("The disk at /secret/place is full.")

    monkeypatch.setattr(handing, "finish", refuse)
    async with handed_over(planted_folder, "4", "enter", "1", "1", "2", "2") as (app, pilot):
        while kiosk(pilot).stage is Stage.QUESTION:
            await pilot.press("enter")
            await pilot.pause()
        await stage(pilot, Stage.FAILED)
        seen = picture(pilot)
        assert "/secret" not in seen and catalogue("pl").text(RespondentText.NOT_SAVED)[:30] in seen
        await fetch(pilot)
        assert "/secret/place is full" in picture(pilot)
        await app.leave()


async def test_an_entry_kept_for_later_says_who_began_it_and_keeps_the_events_set_up(
    planted_folder: Path,
) -> None:
    async with handed_over(planted_folder, "4", "enter", "1", "1", "2", "2") as (app, pilot):
        await type_in(pilot, "half of it")
        await fetch(pilot)
        await pilot.press("2")
        await on(pilot, HomeScreen)
        await pilot.press("u")
        await on(pilot, DraftsScreen)
        await until(pilot, lambda: "a respondent" in picture(pilot), "who began it")
        await pilot.press("enter")
        await on(pilot, EntryScreen)
        await until(pilot, lambda: "half of it" in picture(pilot), "the words")
        assert app.kit is not None
        values = next(d for d in app.kit.drafts.all() if d.values.get("experience") == "half of it").values
        assert values["event"] and "Polish" in values["consent_notice"] and values["date"]
        await app.leave()


async def test_enter_shows_the_rest_of_a_notice_before_it_goes_on(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "1", size=(50, 14)) as (app, pilot):
        await until(pilot, lambda: "↓" in picture(pilot), "the mark")
        assert "receipt code" not in picture(pilot)
        for _ in range(5):
            if "receipt code" in picture(pilot):
                break
            await pilot.press("enter")
            await pilot.pause()
            assert kiosk(pilot).stage is Stage.NOTICE
        await pilot.press("escape")
        await until(pilot, lambda: "We collect" in picture(pilot), "the notice")
        await app.leave()


async def test_a_pasted_text_is_kept_as_far_as_it_is_in_view(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "4", "enter", "1", "1", "2", "3") as (app, pilot):
        app.post_message(events.Paste("słowo " * 200_000))
        sentence = catalogue("pl").text(RespondentText.TOO_LONG)[:20]
        await until(pilot, lambda: sentence in picture(pilot), "what is kept")
        await pilot.press("x")
        await until(pilot, lambda: app.keys_are_done, "the key")
        kept = kiosk(pilot).query_one(WordsArea).text
        assert len(kept) == LONGEST_TEXT and kept.startswith("słowo słowo")
        assert kiosk(pilot)._form.values["experience"] == kept.strip()
        await app.leave()


async def _leave_no_room(pilot: Pilot[object], language: str) -> None:
    """Make the window too small for the sentence on how to answer."""
    how = terminal_line(catalogue(language).text(RespondentText.PRESS_NUMBER))
    await pilot.resize_terminal(60, 13)
    await until(
        pilot, lambda: how not in picture(pilot) and "yes" in picture(pilot).lower(), "no room for it"
    )


async def test_which_keys_answer_is_said_of_the_question_in_view_alone(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "1", "enter") as (app, pilot):
        await _leave_no_room(pilot, "en")
        question = kiosk(pilot).question
        await pilot.press("9")
        await until(pilot, lambda: app.screen.query_one(NoticeLine).has_class("-shown"), "which keys answer")
        await pilot.press("1")
        await until(pilot, lambda: kiosk(pilot).question is not question, "the next question")
        await until(pilot, lambda: not app.screen.query_one(NoticeLine).has_class("-shown"), "nothing of it")
        await app.leave()


async def test_what_went_wrong_ends_at_the_right_as_the_question_does(planted_folder: Path) -> None:
    async with handed_over(planted_folder, LANGUAGES["ur"], "enter") as (app, pilot):
        wrong = app.screen.query_one("#say", Static)
        kiosk(pilot)._say_problem(catalogue("ur").text(RespondentText.PRESS_NUMBER))
        await until(
            pilot, lambda: wrong.size.height > 0 and wrong.render_line(0).text.strip(), "the sentence"
        )
        line = wrong.render_line(0).text
        assert line.startswith(" ") and not line.endswith(" ")
        await app.leave()


async def test_a_wrong_key_at_letters_marks_the_sentence_in_view_and_adds_no_other(
    planted_folder: Path,
) -> None:
    keys = ("1", "enter", "1", "1", "2", "3", "enter")
    async with handed_over(planted_folder, *keys, size=(120, 50)) as (app, pilot):
        await until(pilot, lambda: "Press the letter of your answer." in picture(pilot), "how to answer")
        await pilot.press("9")
        await until(pilot, lambda: kiosk(pilot)._wrong_key, "that the key was wrong")
        assert kiosk(pilot).shown_notice == ""
        assert picture(pilot).count("Press the letter of your answer.") == 1
        await pilot.press("b")
        await until(pilot, lambda: "prostate cancer" in picture(pilot), "the kind")
        assert not kiosk(pilot)._wrong_key, "an answer was given since"
        await app.leave()


async def test_the_kinds_of_an_answer_are_asked_for_by_number(planted_folder: Path) -> None:
    async with handed_over(planted_folder, "1", "enter", "1", "1", "2", "3", "enter") as (app, pilot):
        await until(pilot, lambda: "diabetes" in picture(pilot), "the services")
        await pilot.press("9")
        await until(
            pilot, lambda: "▪ a – n: Press the letter of your answer." in picture(pilot), "which keys answer"
        )
        await pilot.press("b")
        await until(pilot, lambda: "prostate cancer" in picture(pilot), "the kind")
        assert "Press the number of your answer." in picture(pilot) and "letter" not in picture(pilot)
        await app.leave()


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_what_went_wrong_stands_apart_from_the_keys(
    planted_folder: Path, size: tuple[int, int]
) -> None:
    async with handed_over(planted_folder, "1", "enter", "1", "1", "2", "3", size=size) as (app, pilot):
        await type_in(pilot, "Ring me: 0116 496 0123")
        await pilot.press("enter")
        await until(pilot, lambda: "This may show who somebody is" in picture(pilot), "what it shows")
        rows = picture(pilot).splitlines()
        keys = next(n for n, row in enumerate(rows) if "enter go on" in row)
        assert not rows[keys - 1].strip() and rows[keys - 2].strip()
        await app.leave()


async def test_which_keys_answer_is_said_in_urdu_as_the_terminal_has_to_draw_it(planted_folder: Path) -> None:
    async with handed_over(planted_folder, LANGUAGES["ur"], "enter") as (app, pilot):
        await _leave_no_room(pilot, "ur")
        await pilot.press("9")
        sentence = terminal_line(catalogue("ur").text(RespondentText.PRESS_NUMBER))
        await until(pilot, lambda: f"{sentence} ▪" in picture(pilot), "which keys answer")
        line = next(row for row in picture(pilot).splitlines() if "▪" in row)
        assert line.startswith("    ") and len(line.rstrip()) == pilot.app.size.width - 1
        await app.leave()


async def test_the_english_of_a_long_question_is_whole_at_the_top_of_a_small_window(
    planted_folder: Path,
) -> None:
    asked = kind("feedback").fields["rating"].asked
    async with handed_over(planted_folder, "4", "enter", "1", "1", "2") as (_, pilot):
        await stage(pilot, Stage.QUESTION)
        await pilot.resize_terminal(60, 20)

        def whole() -> bool:
            top = " ".join(picture(pilot).splitlines()[:2]).replace("fieldkit", "")
            return asked in " ".join(top.replace("4 / 17", "").split())

        await until(pilot, whole, "the whole question")
