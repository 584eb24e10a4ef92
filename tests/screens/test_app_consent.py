"""What the screens keep about consent: only what was seen and answered, and nothing after a no."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from app_desk import (
    agree_at_once,
    asked,
    at_home,
    form,
    form_values,
    home,
    on,
    picture,
    records,
    running,
    saved,
    type_in,
)
from fieldkit.presentation.languages.catalogue import catalogue
from fieldkit.presentation.languages.terminal_text import terminal_line
from fieldkit.records.schema.kind import kind
from fieldkit.screens.base.name_consent_box import KeepName
from fieldkit.screens.base.receipt_code_box import ReceiptCodeBox
from fieldkit.screens.entry.entry import EntryScreen
from fieldkit.store.kit import Kit
from fieldkit.store.local.drafts import Draft
from fieldkit.store.local.known_settings import CARRIED_ANSWERS
from fieldkit.widgets.dialogs.dialog import Dialog
from marked_text import MARKER
from simulate.pages import readable, whole_folder
from tools import lacking
from waiting import until

CONSENT_DETAILS = ("consent_date", "consent_by", "consent_notice")


# Only what was seen and answered


async def test_without_a_yes_nothing_further_is_asked_and_nothing_is_stored(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await pilot.press("f")
        await form(pilot)
        for keys in (["ctrl+pagedown"], ["f2"], ["enter", "enter", "enter"]):
            await pilot.press(*keys)
            await until(
                pilot, lambda: "Without a yes here, nothing further is asked" in picture(pilot), "why"
            )
            assert asked(pilot) == "consent_record"
            assert "Overall, how was your experience" not in picture(pilot)
        await pilot.press("escape")
        await home(pilot)
        assert pilot.app.kit is not None and pilot.app.kit.count("feedback") == 0
        assert pilot.app.kit.drafts.all() == []


async def test_what_the_set_up_answers_is_stored_with_the_answers_alone(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await pilot.press("f")
        await form(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, EntryScreen) and screen.form is not None
        questions = screen.form
        await until(pilot, lambda: questions.values["consent_by"] == "St Mary's laptop 1", "the set-up")
        assert pilot.app.kit is not None and pilot.app.kit.drafts.all() == []
        await pilot.press("1", "2", "2", "6", "escape")
        await home(pilot)
        (draft,) = pilot.app.kit.drafts.all()
        assert draft.values["date"] and draft.values["event"]
        assert set(CONSENT_DETAILS) <= set(draft.values), "they agreed"
        assert draft.values["consent_notice"] == "3, English"


async def test_a_draft_of_the_notice_is_whole_on_a_small_screen(folder: Path) -> None:
    async with running(folder) as pilot:
        await home(pilot)
        await pilot.press("f")
        await form(pilot)
        await pilot.resize_terminal(60, 20)
        await pilot.press("f5", "2")
        await until(pilot, lambda: "another language" in picture(pilot), "the notice from its beginning")
        await until(pilot, lambda: "Draft: no native speaker" in picture(pilot), "that it is a draft")
        assert "May we keep what you said?" in picture(pilot) and "2 no" in picture(pilot)


async def test_the_notice_comes_in_the_language_chosen_and_its_version_is_stored(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await pilot.press("f")
        await form(pilot)
        await until(
            pilot, lambda: "We do not write down your name." in picture(pilot), "the notice in English"
        )
        await pilot.press("f5")
        await until(pilot, lambda: "2 ਪੰਜਾਬੀ (Punjabi)" in picture(pilot), "the languages")
        await pilot.press("2")
        await form(pilot)
        await until(pilot, lambda: "ਪੰਜਾਬੀ (Punjabi)   f5" in picture(pilot), "the notice in Punjabi")
        assert "We do not write down your name." not in picture(pilot)
        punjabi = catalogue("pa")
        for name in ("consent_record", "consent_quote", "consent_contact"):
            spec = kind("feedback").fields[name]
            assert terminal_line(punjabi.text(spec.asked)) in picture(pilot) and spec.title in picture(pilot)
        await pilot.press("1", "1", "1", "1", "f2")
        await saved(pilot)
        await pilot.press("n")
        await form(pilot)
        await until(pilot, lambda: "Punjabi" in picture(pilot), "Punjabi for the next person, too")
        await pilot.press("escape")
    (values,) = records(folder, "feedback")
    assert str(values["consent_notice"]).startswith("3, Punjabi ")


@pytest.mark.parametrize(("key", "code"), [("2", "pa"), ("3", "ur"), ("4", "pl")])
@pytest.mark.parametrize("size", [(60, 20), (80, 24)], ids=str)
async def test_consent_is_asked_in_the_language_of_the_notice_however_small_the_screen(
    folder: Path, key: str, code: str, size: tuple[int, int]
) -> None:
    asked_in, feedback = catalogue(code), kind("feedback")
    async with running(folder) as pilot:
        await home(pilot)
        await pilot.resize_terminal(60, 20)
        await pilot.press("f")
        await form(pilot, "f5", key)
        await pilot.resize_terminal(*size)
        for name in ("consent_record", "consent_quote", "consent_contact"):
            spec = feedback.fields[name]
            parts = {terminal_line(word) for word in asked_in.text(spec.asked).split()}
            await until(pilot, lambda title=spec.title: f"▸ {title}" in picture(pilot), "the question")  # type: ignore[misc]
            assert all(part in picture(pilot) for part in parts) and "2 no" in picture(pilot)
            await form(pilot, "1")
        await pilot.press("escape")


@pytest.mark.parametrize(("key", "code"), [("2", "pa"), ("3", "ur"), ("4", "pl")])
@pytest.mark.parametrize("size", [(60, 20), (80, 24)], ids=str)
async def test_answers_are_in_the_language_of_the_questions_with_the_english_beside_them(
    folder: Path, key: str, code: str, size: tuple[int, int]
) -> None:
    asked_in, feedback = catalogue(code), kind("feedback")
    rating, ethnic = feedback.fields["rating"], feedback.fields["ethnic_group"]

    def drawn(name: str, answer: str) -> str:
        return terminal_line(asked_in.answer(feedback.fields[name].codes, answer))

    async with running(folder) as pilot:
        await home(pilot)
        await pilot.resize_terminal(*size)
        await pilot.press("f")
        await form(pilot, "f5", key)
        await form(pilot, "1", "2", "2")
        for answer in ("1", "2", "4", "5", "6"):
            english = rating.code_list.label(answer)
            assert f"{answer} {drawn('rating', answer)}  {english}" in picture(pilot)
        await pilot.press("1", "enter", "enter", "a")
        await form(pilot, "enter", "d")
        await until(pilot, lambda: "▸ Ethnic group" in picture(pilot), "the ethnic groups")
        for entry in ethnic.code_list.entries:
            if entry.role != "not-asked":
                assert drawn("ethnic_group", entry.code)[:30] in picture(pilot), "all are in view"
        await pilot.press("backspace", "escape")


async def test_an_entry_taken_up_again_is_agreed_to_today_and_by_whom_it_says(folder: Path) -> None:
    with Kit.open(folder) as kit:
        kit.settings.put(CARRIED_ANSWERS, {"consent_by": "Sister Ruth", "consent_notice": "v3"})
        kit.drafts.keep(Draft("d1", "feedback", {"rating": "1", "date": "2026-01-05", "event": None}, step=1))
    async with at_home(folder) as pilot:
        await pilot.press("u")
        await until(pilot, lambda: "very good" in picture(pilot), "the draft")
        await pilot.press("enter")
        await form(pilot)
        kept = form_values(pilot)
        assert (kept["date"], kept["event"]) == ("2026-01-05", None), (
            "what was seen stays, also what was cleared"
        )
        await agree_at_once(pilot)
    (values,) = records(folder, "feedback")
    assert (values["consent_by"], values["consent_notice"]) == ("Sister Ruth", "v3")
    assert values["consent_date"] != "2026-01-05"
    assert "event" not in values


async def test_a_person_made_for_a_pair_is_asked_first(folder: Path) -> None:
    async with at_home(folder) as pilot:
        pilot.app.open_screen("entry", "mentorship")
        await form(pilot)
        for answer, known in (("2", False), ("escape", False), ("1", True)):
            screen = pilot.app.screen
            assert isinstance(screen, EntryScreen)
            screen.query_one("Form").create("mentor", "Zainab")  # type: ignore[attr-defined]
            await on(pilot, KeepName)
            box = " ".join(str(static.content) for static in pilot.app.screen.query(Static))
            assert "taken by St Mary's laptop 1" in box, "what a yes stores is in view"
            await pilot.press(answer)
            if known:
                await on(pilot, ReceiptCodeBox)
                await pilot.press("enter", "escape", "space")
                assert isinstance(pilot.app.screen, ReceiptCodeBox)
                await pilot.press("w")
            await form(pilot)
            assert ("Zainab" in {static["name"] for static in records(folder, "person")}) is known


async def test_letters_typed_at_the_box_go_on_with_the_name_in_its_question(folder: Path) -> None:
    async with at_home(folder) as pilot:
        pilot.app.open_screen("entry", "mentorship")
        await form(pilot)
        await type_in(pilot, "Cara Cole")
        await pilot.press("enter")
        await on(pilot, KeepName)
        await type_in(pilot, " Jones")
        await until(pilot, lambda: "Cara Cole Jones" in picture(pilot), "the whole name in its question")
        await pilot.press("enter")
        await on(pilot, KeepName)
        await pilot.press("escape")
        await until(pilot, lambda: "Cara Cole Jones" in picture(pilot), "the name after going back")
        assert asked(pilot) == "mentor"
        await pilot.press("enter")
        await on(pilot, KeepName)
        await pilot.press("2")
        await until(pilot, lambda: "The name was not kept" in picture(pilot), "the sentence")
        assert asked(pilot) == "mentor" and "Cara" not in picture(pilot)
        assert len(records(folder, "person")) == 2, "those who were here before"


# After a no


async def test_a_draft_thrown_away_leaves_no_trace(folder: Path) -> None:
    if not readable():
        lacking("there is no OpenSSL here, so the pages of the encrypted file could not be searched")
    with Kit.open(folder) as kit:
        kit.drafts.keep(Draft("d1", "feedback", {"experience": MARKER}))
    async with at_home(folder) as pilot:
        await pilot.press("u")
        await until(pilot, lambda: MARKER in picture(pilot), "the draft")
        await pilot.press("d", "y")
        assert pilot.app.kit is not None
        kit = pilot.app.kit
        await until(pilot, lambda: not kit.drafts.all(), "the draft to go")
        await until(pilot, lambda: MARKER.encode() not in whole_folder(folder, kit.key), "its words to go")


async def test_a_change_of_an_older_record_takes_no_preset_and_needs_no_yes(
    folder: Path,
) -> None:
    with Kit.open(folder) as kit:
        kit.settings.put(CARRIED_ANSWERS, {"consent_by": "Sister Ruth", "consent_notice": "v3"})
        (old,) = kit.add_many("feedback", [{"rating": "1", "consent_by": "Bob", "age_band": "25-34"}])
    async with at_home(folder) as pilot:
        pilot.app.open_screen("entry", record=old.record_id)
        await form(pilot)
        await pilot.press("ctrl+pagedown", "2", "f2")
        await home(pilot)
        assert pilot.app.kit is not None
        assert pilot.app.kit.get(old.record_id).values == {
            "rating": "2",
            "consent_by": "Bob",
            "age_band": "25-34",
        }


async def test_the_bottom_line_says_what_esc_does_with_what_was_typed(folder: Path) -> None:
    def bottom(pilot: Pilot[None]) -> str:
        return picture(pilot).splitlines()[-1]

    async with running(folder) as pilot:
        await home(pilot)
        await pilot.press("f")
        await form(pilot)
        await until(pilot, lambda: "esc leave" in bottom(pilot), "that nothing is there to keep")
        await pilot.press("1", "1", "1")
        await form(pilot)
        await until(pilot, lambda: "esc finish later" in bottom(pilot), "that Esc keeps it")
        await pilot.press("pagedown")
        await form(pilot)
        await pilot.press("a", "2")
        await on(pilot, Dialog)
        await pilot.press("n")
        await form(pilot)
        assert "esc ask what to do" in bottom(pilot)
        await pilot.press("escape")
        await on(pilot, Dialog)
        await pilot.press("g")
        await form(pilot)
        await until(pilot, lambda: "esc finish later" in bottom(pilot), "that Esc keeps it again")
