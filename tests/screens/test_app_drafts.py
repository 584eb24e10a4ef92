"""Unfinished entries: kept whatever happens, gone once saved; and the time of the last save."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from app_desk import SIZE, agree_and_save, at_home, form, home, on, picture, records, saved, shown, type_in
from fieldkit.app import FieldkitApp
from fieldkit.presentation.opening import last_saved, open_kit
from fieldkit.screens.entry.drafts_screen import DraftsScreen
from fieldkit.screens.entry.entry import EntryScreen
from fieldkit.store.kit import Kit
from fieldkit.store.local.drafts import Draft
from fieldkit.widgets.listing import Listing
from streams import Stream, take
from waiting import until


async def test_a_draft_survives_a_program_that_is_dropped(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("f")
        await form(pilot)
        await pilot.press("1", "1", "1", "2")
        await type_in(pilot, "half a sent")
        assert app.kit is not None
        kit = app.kit
        await until(pilot, lambda: kit.drafts.all(), "the draft")
        await until(pilot, lambda: kit.drafts.all()[0].values["experience"] == "half a sent", "every letter")
        # Dropped: nothing is flushed, and the program is not left.
    again = FieldkitApp(folder)
    async with again.run_test(size=SIZE) as pilot:
        await home(pilot)
        await until(pilot, lambda: "unfinished entry" in shown(pilot, "#right"), "the unfinished entry")
        await pilot.press("u")
        await on(pilot, DraftsScreen)
        await until(pilot, lambda: "half a sent" in picture(pilot), "the entry's line")
        await pilot.press("enter")
        await form(pilot)
        screen = again.screen
        assert isinstance(screen, EntryScreen) and screen.form is not None
        assert screen.form.values["experience"] == "half a sent"
        assert screen.form.step == 1
        assert screen.form.question is not None and screen.form.question.name == "experience"
        await type_in(pilot, "ence")
        await pilot.press("f2")
        await saved(pilot)
        await again.leave()
    assert records(folder, "feedback")[0]["experience"] == "half a sentence"
    with Kit.open(folder) as kit:
        assert kit.drafts.all() == []


async def test_leaving_at_once_loses_no_letter(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("f")
        await form(pilot)
        await pilot.press("1", "1", "1", "enter")
        await type_in(pilot, "last words")
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app.kit is None, "the end")
    with Kit.open(folder) as kit:
        assert kit.drafts.all()[0].values["experience"] == "last words"


async def test_a_saved_entry_is_not_called_unfinished(folder: Path) -> None:
    with Kit.open(folder) as kit:
        kit.drafts.keep(Draft("d1", "person", {"name": "Zoë"}))
    async with at_home(folder) as pilot:
        await pilot.press("u")
        await on(pilot, DraftsScreen)
        await until(pilot, lambda: "Zoë" in picture(pilot), "the draft")
        await pilot.press("enter")
        await form(pilot)
        assert "unfinished" in picture(pilot)
        await agree_and_save(pilot)
        await until(pilot, lambda: "Person · saved" in picture(pilot), "the title")
        assert "unfinished" not in picture(pilot)


async def test_a_form_only_looked_at_leaves_no_draft(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await pilot.press("f")
        await form(pilot)
        await pilot.press("ctrl+pagedown", "ctrl+pagedown", "escape")
        await home(pilot)
    with Kit.open(folder) as kit:
        assert kit.drafts.all() == []


async def test_a_draft_of_an_edit_keeps_what_it_had_seen(folder: Path) -> None:
    with Kit.open(folder) as kit:
        event = kit.get(kit.page("event")[0].record_id)
    async with at_home(folder) as pilot:
        pilot.app.open_screen("entry", record=event.record_id)
        await form(pilot)
        await type_in(pilot, "!")
        await pilot.press("escape")
        await home(pilot)
        assert pilot.app.kit is not None
        pilot.app.kit.edit(pilot.app.kit.get(event.record_id), {"title": "Another name"})
        await pilot.press("u")
        await on(pilot, DraftsScreen)
        await until(pilot, lambda: pilot.app.screen.query_one(Listing).count == 1, "the draft")
        await pilot.press("enter")
        await form(pilot)
        await pilot.press("f2")
        await on(pilot, DraftsScreen)
        assert pilot.app.kit.conflict_count() == 1, "the name given meanwhile must not be overwritten unseen"


# When it was saved


async def test_when_it_was_saved_stands_there_from_the_first_screen_on(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await until(
            pilot, lambda: re.search(r" saved \d\d:\d\d", picture(pilot)), "the time of the last save"
        )


async def test_a_new_kit_says_that_nothing_is_to_save(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldkit.store.journal.sync_log.Ledger.last_stamp", lambda self, origin: 0)
    async with at_home(folder) as pilot:
        await until(pilot, lambda: "nothing to save yet" in picture(pilot), "the words of a new kit")
        pilot.app.note_saved()
        await until(pilot, lambda: "nothing to save" not in picture(pilot), "the time")


def test_what_others_saved_before_a_laptop_joined_is_not_its_own_time(tmp_path: Path) -> None:
    stream = Stream()
    stream.write("event00001", {"title": "Fair"}, clock=1_700_000_000_000)
    made, _ = Kit.create(tmp_path / "joined", None)
    with made as kit:
        take(kit, stream.parcel())
        assert last_saved(kit) == ""


def test_a_kit_that_was_moved_says_when_it_was_saved_last(folder: Path, tmp_path: Path) -> None:
    kit, _ = open_kit(folder, None)
    before = kit.origin
    kit.close()
    shutil.move(folder, tmp_path / "elsewhere")
    kit, _ = open_kit(tmp_path / "elsewhere", None)
    with kit:
        assert kit.origin != before
        assert last_saved(kit)


async def test_letters_that_chose_no_answer_yet_are_there_again(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await pilot.press("f")
        await form(pilot)
        await pilot.press("1", "1", "1", "2", "enter", "1", "slash")
        await type_in(pilot, "podiatr")
        await until(pilot, lambda: pilot.app.kit and pilot.app.kit.drafts.all(), "the draft")
        await pilot.press("escape")
        await home(pilot)
        assert pilot.app.kit is not None
        (draft,) = pilot.app.kit.drafts.all()
        assert draft.letters == {"service_area": "podiatr"} and draft.question == "service_area"
        await pilot.press("u")
        await on(pilot, DraftsScreen)
        await until(pilot, lambda: pilot.app.screen.query_one(Listing).count == 1, "the draft")
        await pilot.press("enter")
        await form(pilot)
        await until(pilot, lambda: "“podiatr”  in your own words" in picture(pilot), "the letters")
        await type_in(pilot, "y")
        await until(pilot, lambda: "“podiatry”  in your own words" in picture(pilot), "one letter more")
        await pilot.press("enter")
        await until(pilot, lambda: "✓ podiatry" in picture(pilot), "the answer")
        await pilot.press("escape")
        await on(pilot, DraftsScreen)
        (draft,) = pilot.app.kit.drafts.all()
        assert (draft.letters, draft.values["service_area"]) == ({}, "podiatry")


async def test_letters_alone_are_an_unfinished_entry(folder: Path) -> None:
    async with at_home(folder) as pilot:
        pilot.app.open_screen("entry", "mentorship")
        await form(pilot)
        await type_in(pilot, "Zoë")
        await pilot.press("ctrl+q")
        await until(pilot, lambda: pilot.app.kit is None, "the end")
    with Kit.open(folder) as kit:
        (draft,) = kit.drafts.all()
        assert draft.letters == {"mentor": "Zoë"}


async def test_when_an_entry_was_left_is_in_view_in_a_small_window(folder: Path) -> None:
    with Kit.open(folder) as kit:
        for number in range(3):
            begun = Draft("", "feedback", {"experience": f"{number} " * 60}, begun_by="respondent")
            kit.drafts.keep(begun)
    async with FieldkitApp(folder).run_test(size=(60, 20)) as pilot:
        await home(pilot)
        await pilot.press("u")
        await on(pilot, DraftsScreen)
        await until(pilot, lambda: pilot.app.screen.query_one(Listing).count == 3, "the entries")
        await until(pilot, lambda: re.search(r"a respondent .*…  \d\d:\d\d\n", picture(pilot)), "when")


@pytest.mark.parametrize(
    ("kind", "values", "question", "sentence"),
    [
        ("event", {"title": "Fair", "date": "31/02/2026"}, "date", "31/02/2026"),
        ("event", {"title": "Fair", "date": "2026-03-01", "starts": "25:99"}, "date", "25:99"),
        (
            "feedback",
            {"consent_record": "Y", "rating": "1", "postcode_area": "B19 2"},
            "postcode_area",
            "B19",
        ),
    ],
)
async def test_what_is_not_valid_is_shown_at_once_when_an_entry_is_taken_up_again(
    folder: Path, kind: str, values: dict[str, object], question: str, sentence: str
) -> None:
    with Kit.open(folder) as kit:
        kit.drafts.keep(Draft("d1", kind, values, question=question))
    async with at_home(folder) as pilot:
        await pilot.press("u")
        await on(pilot, DraftsScreen)
        await pilot.press("enter")
        await form(pilot)
        await until(pilot, lambda: "×" in picture(pilot), "the sign beside it")
        (line,) = [line for line in picture(pilot).splitlines() if "×" in line]
        assert sentence in line
