"""Safeguarding: the lead is asked for; a note that was not passed on is shown on the home screen, and can be printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from app_desk import SIZE, form, home, on, picture, type_in
from fieldkit.app import FieldkitApp
from fieldkit.presentation.safeguarding_notes import (
    advice_on_note,
    lead_of,
    not_passed_on,
    note_lead,
    write_note,
)
from fieldkit.screens.entry.entry import EntryScreen
from fieldkit.screens.people.safeguarding import WorriedScreen
from fieldkit.store.kit import Kit
from waiting import until


def test_a_note_waits_until_somebody_wrote_whom_they_told(kit: Kit) -> None:
    first = kit.add("concern", {"own_words": "He locks the door.", "date": "2026-11-20"})
    kit.add("concern", {"own_words": "Passed on already.", "told": "Mrs Shah"})
    second = kit.add("concern", {"own_words": "She has no food."})
    assert [note.record_id for note in not_passed_on(kit)] == [first.record_id, second.record_id]
    kit.edit(kit.get(first.record_id, "concern"), {"told": "Mrs Shah"})
    kit.delete(second.record_id)
    assert not_passed_on(kit) == []


def test_the_page_to_print_holds_the_note_and_its_name_says_nothing(kit: Kit, tmp_path: Path) -> None:
    note_lead(kit, "Mrs Shah,\x1b[31m 01274 000000")
    note = kit.add("concern", {"own_words": "He locks the door.\nEvery night.", "place": "Carlisle Hall"})
    path, again = write_note(kit, tmp_path, note.record_id), write_note(kit, tmp_path, note.record_id)
    assert path != again and "locks" not in path.name and path.stat().st_mode & 0o077 == 0
    text = path.read_text("utf-8-sig")
    assert (
        "Mrs Shah" in text
        and "He locks the door." in text
        and "Every night." in text
        and "Carlisle Hall" in text
    )
    assert "\x1b" not in text and all(len(line) <= 80 for line in text.splitlines())


def test_no_line_of_the_page_breaks_the_number_of_the_lead(kit: Kit, tmp_path: Path) -> None:
    note_lead(kit, "Grace Obi of the safeguarding team, 0116 496 0000")
    note = kit.add("concern", {"own_words": "He locks the door."})
    lines = write_note(kit, tmp_path, note.record_id).read_text("utf-8-sig").splitlines()
    assert "0116 496 0000" in lines


async def test_home_names_what_waits_and_leads_to_it(folder: Path, stick: Path) -> None:
    with Kit.open(folder) as kit:
        kit.add("concern", {"own_words": "He locks the door."})
        assert lead_of(kit) == ""
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await until(pilot, lambda: "1 worry to pass on" in picture(pilot), "the note")
        assert "no safeguarding lead" in picture(pilot) and "locks" not in picture(pilot)
        await pilot.press("f9")
        await on(pilot, WorriedScreen)
        await until(pilot, lambda: "1 note has not been passed on" in picture(pilot), "the note")
        await pilot.press("p")
        await until(pilot, lambda: "Where should the page go?" in picture(pilot), "the question")
        await pilot.press("1")
        await until(pilot, lambda: list(stick.glob("note-*.txt")), "the page")
        await pilot.press("t")
        await form(pilot)
        await app.leave()
    assert not app.faults


async def test_passed_on_opens_the_note_at_the_question_whom_you_told(folder: Path) -> None:
    with Kit.open(folder) as kit:
        note = kit.add("concern", {"own_words": "He locks the door."})
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("f9")
        await on(pilot, WorriedScreen)
        await until(pilot, lambda: "1 note has not been passed on" in picture(pilot), "the note")
        await pilot.press("t")
        await form(pilot)
        assert isinstance(app.screen, EntryScreen) and app.screen.form is not None
        assert app.screen.form.question is not None and app.screen.form.question.name == "told"
        await type_in(pilot, "Mrs Shah")
        await pilot.press("f2")
        await on(pilot, WorriedScreen)
        await until(pilot, lambda: "not passed on" not in picture(pilot), "nothing that waits")
    with Kit.open(folder) as kit:
        assert kit.get(note.record_id, "concern").values["told"] == "Mrs Shah"


@pytest.mark.parametrize("lead", ["Mrs Shah, 01274 000000", ""])
@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_the_page_after_a_note_names_whom_to_tell_now(
    folder: Path, lead: str, size: tuple[int, int]
) -> None:
    with Kit.open(folder) as kit:
        note_lead(kit, lead)
    app = FieldkitApp(folder)
    async with app.run_test(size=size) as pilot:
        await home(pilot)
        await pilot.press("f9")
        await on(pilot, WorriedScreen)
        await pilot.press("n")
        await form(pilot)
        await type_in(pilot, "He locks it")
        await pilot.press("f2")
        await until(pilot, lambda: "✓ saved" in picture(pilot), "the page")
        page = " ".join(picture(pilot).split())
        assert (
            f"Now tell the safeguarding lead: {lead}"
            if lead
            else "Now tell the safeguarding lead. Nobody is noted here: ask whoever runs this event, or call 101."
        ) in page
        assert "Then press f9 and t, and write down whom you told." in page


async def test_in_a_small_window_the_keys_of_the_notes_are_in_view(folder: Path) -> None:
    with Kit.open(folder) as kit:
        kit.add("concern", {"own_words": "He locks the door."})
    app = FieldkitApp(folder)
    async with app.run_test(size=(60, 20)) as pilot:
        await home(pilot)
        await pilot.press("f9")
        await on(pilot, WorriedScreen)
        await until(pilot, lambda: "1 note has not been passed on" in picture(pilot), "the note")
        foot = picture(pilot).splitlines()[-1]
        assert all(hint in foot for hint in ("n write", "t passed on", "p print", "l lead", "esc back"))


async def test_in_a_small_window_all_steps_are_in_view(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=(60, 20)) as pilot:
        await home(pilot)
        await pilot.press("f9")
        await on(pilot, WorriedScreen)
        await until(
            pilot, lambda: "Note the lead with l." in " ".join(picture(pilot).split()), "the last sentence"
        )


async def test_all_steps_are_in_view_beside_notes_that_wait_and_over_a_form(folder: Path) -> None:
    with Kit.open(folder) as kit:
        note_lead(kit, "Grace Obi of the University Hospitals of Leicester safeguarding team, 0116 496 0000")
        for sentence in ("He locks the door.", "She said it again."):
            kit.add("concern", {"own_words": sentence, "date": "2026-11-27"})
    app = FieldkitApp(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await home(pilot)
        await pilot.press("f")
        await form(pilot)
        await pilot.press("f9")
        await on(pilot, WorriedScreen)
        await until(pilot, lambda: "2 notes have not been passed on" in picture(pilot), "the notes")
        await until(
            pilot, lambda: "What you typed in the form stays there" in picture(pilot), "the last sentence"
        )
        await pilot.press("t")
        await until(pilot, lambda: "27 Nov 2026" in picture(pilot), "the days of the notes")
        await pilot.press("escape")
        await app.leave()


def test_a_note_that_was_passed_on_asks_for_nothing_more(kit: Kit) -> None:
    assert advice_on_note(kit, {"told": "Mrs Shah"}) == ""
    assert "call 101" in advice_on_note(kit, {})
