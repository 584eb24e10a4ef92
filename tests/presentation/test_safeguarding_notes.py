"""Safeguarding: the lead is asked for, a note that was not passed on waits on the home screen, and can be printed."""

from __future__ import annotations

from pathlib import Path

from app_desk import SIZE, form, home, on, picture, until
from fieldkit.app import FieldkitApp
from fieldkit.presentation.safeguarding_notes import lead_of, not_passed_on, note_lead, write_note
from fieldkit.screens.people.safeguarding import WorriedScreen
from fieldkit.store.kit import Kit


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
        await until(pilot, lambda: "1 note was not passed on" in picture(pilot), "the note")
        await pilot.press("p")
        await until(pilot, lambda: "Where should the page go?" in picture(pilot), "the question")
        await pilot.press("1")
        await until(pilot, lambda: list(stick.glob("note-*.txt")), "the page")
        await pilot.press("t")
        await form(pilot)
        await app.leave()
    assert not app.faults
