"""Recording only by keys: feedback from the first key to the slip, what is pointed out, a person who says no."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from app_desk import at_home, form, home, on, picture, records, running, saved, shown, type_in
from fieldkit.errors import StorageError
from fieldkit.screens.entry.entry import EntryScreen
from fieldkit.store.kit import Kit
from fieldkit.widgets.dialogs.dialog import Dialog
from waiting import until


async def test_feedback_by_keys_alone(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldkit.screens.base.places.sticks", lambda: [tmp_path])
    async with at_home(folder) as pilot:
        await pilot.press("f")
        await form(pilot)
        await pilot.press("1", "1", "1", "4")  # three times yes, poor
        await type_in(pilot, "They moved it twice")
        await pilot.press(
            "enter", "1", "a", "2", "0"
        )  # their own words, diabetes, a carer, no more about them
        await saved(pilot)
        assert "diabetes" in shown(pilot, "#done")
        assert "Receipt code" in shown(pilot, "#done")
        await pilot.press("p")
        await until(
            pilot, lambda: "Where should the slip go?" in picture(pilot), "the question about the slip"
        )
        await pilot.press("1")
        await until(pilot, lambda: list(tmp_path.glob("slip-*.txt")), "the slip")
        (slip,) = tmp_path.glob("slip-*.txt")
        code = next(
            line.strip() for line in slip.read_text("utf-8-sig").splitlines() if line.startswith("    ")
        )
        assert code in shown(pilot, "#done").replace(" ", "")
        await saved(pilot)
        await pilot.press("n")
        await form(pilot)
        await pilot.press("escape")
        await home(pilot)
        await until(pilot, lambda: "1  feedback record" in shown(pilot, "#left"), "the count")
        assert pilot.app.saved_note.startswith("saved ")
    (values,) = records(folder, "feedback")
    assert values["service_area"] == "diabetes"
    assert values["role"] == "carer"
    assert values["rating"] == "4"
    assert values["experience"] == "They moved it twice"
    assert values["whose_words"] == "own"
    assert values["event"]
    # The event has passed: feedback has its day, but consent was given today.
    assert values["date"] == "2026-10-27" != values["consent_date"]
    with Kit.open(folder) as kit:
        assert kit.drafts.all() == []


async def test_what_may_point_to_a_person_is_shown_before_saving(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await pilot.press("f")
        await form(pilot)
        await pilot.press("1", "1", "1", "4")
        await type_in(pilot, "my number is 9434765919")
        await pilot.press("f2")
        await on(pilot, Dialog)
        assert "NHS number" in picture(pilot)
        await pilot.press("1")
        await form(pilot)
        assert "NHS number" in picture(pilot)
        with Kit.open(folder) as kit:
            assert kit.count("feedback") == 0
        await pilot.press("f2")
        await on(pilot, Dialog)
        await pilot.press("2")
        await on(pilot, EntryScreen)
        await saved(pilot)
    assert records(folder, "feedback")[0]["experience"] == "my number is 9434765919"


async def test_a_rule_that_is_broken_stands_at_its_question(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await pilot.press("f")
        await form(pilot)
        await pilot.press("1", "f2")
        await until(pilot, lambda: "Nothing was said yet" in picture(pilot), "the sentence")
        await pilot.press("shift+tab", "1", "f2")
        await saved(pilot)
    assert records(folder, "feedback")[0]["rating"] == "1"


async def test_what_was_said_of_an_answer_goes_when_it_is_mended(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fieldkit.errors import InvalidRecord
    from fieldkit.presentation import saving

    def refuse(*_: object, **__: object) -> None:
        raise InvalidRecord({"name": "Not this name."})

    monkeypatch.setattr(saving, "save", refuse)
    async with at_home(folder) as pilot:
        await pilot.press("p", "n")
        await form(pilot)
        await type_in(pilot, "Bil")
        await pilot.press("f2", "1", "f2")
        await until(pilot, lambda: "Not saved yet" in picture(pilot), "the refusal")
        await type_in(pilot, "al")
        await until(pilot, lambda: "Not saved yet" not in picture(pilot), "the sentence to go")


async def test_every_record_of_a_link_can_be_reached(folder: Path) -> None:
    with Kit.open(folder) as kit:
        for number in range(60):
            kit.add("person", {"name": f"Person {number:02}"})
    async with at_home(folder) as pilot:
        pilot.app.open_screen("entry", "mentorship")
        await form(pilot)
        await until(pilot, lambda: "↓ 55 more" in picture(pilot), "how many there are")
        await pilot.press("down", *["pagedown"] * 9)
        await until(pilot, lambda: "type to find 12 more" in picture(pilot), "the way to the rest")
        assert "Person 10" in picture(pilot)


async def test_a_form_keeps_its_words_when_the_disk_refuses(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_home(folder) as pilot:
        await pilot.press("f")
        await form(pilot)
        await pilot.press("1", "1", "1", "2")
        await type_in(pilot, "kept")

        def refuse(*_: object, **__: object) -> None:
            raise StorageError("The disk is full.")

        with monkeypatch.context() as patch:
            patch.setattr(Kit, "add_with_code", refuse)
            await pilot.press("f2")
            await on(pilot, Dialog)
            assert "The disk is full." in picture(pilot)
            await pilot.press("enter")
        await form(pilot)
        await pilot.press("f2")
        await saved(pilot)
    assert records(folder, "feedback")[0]["experience"] == "kept"


# A person who says no


async def _said_no(pilot: Pilot[object]) -> None:
    """A form with typed words, stored as unfinished, in which the person now says no."""
    await home(pilot)
    await pilot.press("f")
    await form(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, EntryScreen) and screen.form is not None
    await until(pilot, lambda: screen.takes_keys, "the whole form")
    screen.form.set_answer("consent_record", "Y")
    screen.form.set_answer("experience", "Ring me on 07700 900123")
    await until(pilot, lambda: screen._saver is not None and screen._saver.stored, "the draft")
    screen.form.show_step(0)
    await until(pilot, lambda: "May we keep what you said?" in picture(pilot), "the consent page")
    await pilot.press("2")
    await on(pilot, Dialog)


async def test_a_no_throws_away_what_was_typed(folder: Path) -> None:
    async with running(folder) as pilot:
        await _said_no(pilot)
        assert "throw away what was typed" in picture(pilot)
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, Dialog), "haste must not throw anything away"
        await pilot.press("y")
        await home(pilot)
        assert pilot.app.kit is not None and pilot.app.kit.drafts.all() == []


async def test_leaving_after_a_no_keeps_no_draft(folder: Path) -> None:
    async with running(folder) as pilot:
        await _said_no(pilot)
        for key in ("escape", "f2"):
            await pilot.press("n")
            await on(pilot, EntryScreen)
            await pilot.press(key)
            await on(pilot, Dialog)
            assert "The person said no" in picture(pilot), (
                "consent is judged before what may point to somebody"
            )
    with Kit.open(folder) as kit:
        assert kit.drafts.all() == []
