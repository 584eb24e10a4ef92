"""The trash: deleted records are listed, and restored by one key or command; the list of unfinished entries shows progress."""

from __future__ import annotations

from pathlib import Path

import pytest

from app_desk import SIZE, home, on, picture
from commanding import Run
from fieldkit.app import FieldkitApp
from fieldkit.presentation.trash import trash
from fieldkit.screens.entry.drafts_screen import DraftsScreen
from fieldkit.screens.safety.trash_screen import TrashScreen
from fieldkit.store.kit import Kit
from fieldkit.store.local.drafts import Draft
from waiting import until


async def test_what_was_deleted_is_listed_and_restored_with_one_key(folder: Path) -> None:
    with Kit.open(folder) as kit:
        person = kit.add("person", {"name": "Zanzibar Quill", "consent_record": "Y"})
        partner = kit.add("partner", {"name": "Zanzibar Hall"})
        kit.delete(person.name)
        kit.delete(partner.name)
        assert [each.record.record_id for each in trash(kit)] == [partner.record_id, person.record_id]
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("b")
        await until(pilot, lambda: "trash: what was deleted" in picture(pilot), "the key")
        await pilot.press("d")
        await on(pilot, TrashScreen)
        await until(pilot, lambda: "Zanzibar Quill" in picture(pilot), "the list")
        await pilot.press("z")
        await until(pilot, lambda: "Restored: Partner · Zanzibar Hall" in picture(pilot), "the restored one")
        await until(pilot, lambda: app.kit and len(trash(app.kit)) == 1, "one fewer")
        await app.leave()
    assert not app.faults


def test_the_command_lists_what_restore_restores(folder: Path, run: Run) -> None:
    with Kit.open(folder) as kit:
        deleted = kit.delete(kit.add("partner", {"name": "Zanzibar Hall"}).name)
    listed = run("--kit", folder, "trash")
    assert f"{deleted.name}  Partner: Zanzibar Hall" in listed.out
    run("--kit", folder, "restore", deleted.name)
    assert "The trash is empty." in run("--kit", folder, "trash").out


def test_a_draft_without_an_answer_is_not_kept(kit: Kit) -> None:
    kit.drafts.keep(Draft("d1", "person", {"name": "Zoë"}))
    kit.drafts.keep(Draft("d1", "person", {"name": "", "note": None}))
    kit.drafts.keep(Draft("d2", "feedback", {}))
    assert kit.drafts.all() == []


async def test_a_wide_trash_shows_as_much_of_a_record_as_it_has_room_for(folder: Path) -> None:
    experience = "They moved my appointment twice, and " + "nobody rang to say so. " * 5
    with Kit.open(folder) as kit:
        kit.delete(kit.add("feedback", {"experience": experience}).name)
        (deleted,) = trash(kit)
    assert len(deleted.name) < 140 < len(experience)
    app = FieldkitApp(folder)
    async with app.run_test(size=(200, 50)) as pilot:
        await home(pilot)
        await pilot.press("b")
        await until(pilot, lambda: "trash: what was deleted" in picture(pilot), "the key")
        await pilot.press("d")
        await on(pilot, TrashScreen)
        await until(pilot, lambda: experience.strip() in picture(pilot), "all of it")
        await app.leave()


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_the_list_of_unfinished_entries_says_how_far_each_is(
    folder: Path, size: tuple[int, int]
) -> None:
    filled_in = {
        "event": "e1",
        "consent_date": "2026-01-05",
        "consent_by": "Dee",
        "consent_notice": "2, English",
    }
    with Kit.open(folder) as kit:
        answers = {"rating": "2", "role": "carer"}
        kit.drafts.keep(Draft("d1", "feedback", {**filled_in, **answers}, question="experience"))
    app = FieldkitApp(folder)
    async with app.run_test(size=size) as pilot:
        await home(pilot)
        await pilot.press("u")
        await on(pilot, DraftsScreen)
        await until(pilot, lambda: "It was left at: What happened" in picture(pilot), "the question")
        assert "2 answers" in picture(pilot)
        await app.leave()


async def test_a_record_without_words_is_named_once(folder: Path) -> None:
    with Kit.open(folder) as kit:
        kit.delete(kit.add("partner", {"name": "Partner"}).name)
        (deleted,) = trash(kit)
    assert deleted.name == "Partner"


async def test_an_unfinished_private_note_is_not_named_twice(folder: Path) -> None:
    with Kit.open(folder) as kit:
        kit.drafts.keep(Draft("d1", "note", {"text": "Ring the hall"}, question="text"))
    app = FieldkitApp(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await home(pilot)
        await pilot.press("u")
        await on(pilot, DraftsScreen)
        await until(pilot, lambda: "Private note" in picture(pilot), "the entry")
        assert picture(pilot).count("Private note") == 1
        await pilot.press("d")
        await until(pilot, lambda: "It can't be restored." in picture(pilot), "the question")
        assert "Private note:" not in picture(pilot)
        await pilot.press("n")
        await app.leave()
