"""Somebody under 16 is alone: nothing is kept before a parent or guardian is there."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from textual.pilot import Pilot

from app_desk import asked, at_home, form, form_values, home, on, picture, records, running, saved
from fieldkit.screens.entry.entry import EntryScreen
from fieldkit.store.kit import Kit
from fieldkit.widgets.dialogs.dialog import Dialog
from marked_text import MARKER
from simulate.pages import readable, whole_folder
from terminal import Terminal
from tools import lacking
from waiting import until

# Only what was seen and answered


async def _words_then(pilot: Pilot[object], *, step: int, answers: list[str]) -> None:
    """Type words in a form, stored as unfinished; then give the answers of a page."""
    await home(pilot)
    await pilot.press("f")
    await form(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, EntryScreen) and screen.form is not None
    await until(pilot, lambda: screen.takes_keys, "the whole form")
    screen.form.set_answer("consent_record", "Y")
    screen.form.set_answer("experience", f"They said {MARKER} to me")
    await until(pilot, lambda: screen._saver is not None and screen._saver.stored, "the draft")
    screen.form.show_step(step)
    await pilot.press(*answers)


async def test_with_the_box_open_nothing_of_it_lies_in_the_kit(folder: Path) -> None:
    if not readable():
        lacking("there is no OpenSSL here, so the pages of the encrypted file could not be searched")
    async with running(folder) as pilot:
        await _words_then(pilot, step=0, answers=[])
        await pilot.press("2")
        await on(pilot, Dialog)
        assert pilot.app.kit is not None and pilot.app.kit.drafts.all() == []
        assert MARKER.encode() not in whole_folder(folder, pilot.app.kit.key)
        await pilot.press("n")
        await form(pilot)
        await pilot.press("1")
        kit = pilot.app.kit
        await until(pilot, lambda: kit.drafts.all(), "the draft again: it was a slip of the hand")


async def test_a_child_alone_leaves_nothing_and_is_told_why(folder: Path) -> None:
    if not readable():
        lacking("there is no OpenSSL here, so the pages of the encrypted file could not be searched")
    async with running(folder) as pilot:
        await _words_then(pilot, step=2, answers=["a", "enter"])
        kit = pilot.app.kit
        assert kit is not None
        await until(pilot, lambda: not kit.drafts.all(), "the draft to go")
        assert MARKER.encode() not in whole_folder(folder, kit.key)
        await pilot.press("escape")
        await on(pilot, Dialog)
        assert "Under 16" in picture(pilot)
        assert "leave" not in picture(pilot).lower()
        await pilot.press("y")
        await home(pilot)
        assert kit.drafts.all() == []


async def test_saving_is_answered_at_a_problem_that_is_in_view_already(folder: Path) -> None:
    async with running(folder) as pilot:
        await _words_then(pilot, step=2, answers=["a"])
        await pilot.press("f2")
        await until(pilot, lambda: asked(pilot) == "guardian_present", "the question about it")
        await pilot.press("f2")
        await until(pilot, lambda: "Not saved yet." in picture(pilot), "an answer")


async def test_under_16_is_on_the_first_page(folder: Path) -> None:
    async with at_home(folder) as pilot:
        await pilot.press("f")
        await form(pilot)
        await until(
            pilot, lambda: "Under 16? Only while a parent or guardian is here." in picture(pilot), "it"
        )


async def test_a_child_alone_goes_on_once_a_guardian_is_there(folder: Path) -> None:
    async with running(folder) as pilot:
        await _words_then(pilot, step=2, answers=["a", "2"])
        await on(pilot, Dialog)
        for sentence in ("Under 16", "Nothing is thrown away yet", "f9", "worried", "here now", "wait"):
            assert sentence in picture(pilot), sentence
        await pilot.press("enter", "1", "2")
        assert isinstance(pilot.app.screen, Dialog), "keys typed ahead decide nothing"
        await pilot.press("n")
        await form(pilot)
        assert asked(pilot) == "guardian_present"
        assert MARKER in str(form_values(pilot)["experience"]), "nothing is lost by waiting"
        await pilot.press("2")
        await on(pilot, Dialog)
        await pilot.press("f9")
        await until(pilot, lambda: "Call 999 first" in picture(pilot), "the steps")
        await pilot.press("escape")
        await form(pilot)
        assert MARKER in str(form_values(pilot)["experience"]), "and by asking what to do"
        await pilot.press("escape")
        await on(pilot, Dialog)
        await pilot.press("g")
        await form(pilot)
        assert asked(pilot) == "ethnic_group"
        assert form_values(pilot)["guardian_present"] == "Y"
        kit = pilot.app.kit
        assert kit is not None
        await until(pilot, lambda: kit.drafts.all(), "the draft again")
        await pilot.press("0")
        await saved(pilot)
    (values,) = records(folder, "feedback")
    assert MARKER in str(values["experience"]) and values["guardian_present"] == "Y"


async def test_nothing_further_is_asked_under_16_before_somebody_says_whether_a_guardian_is_there(
    folder: Path,
) -> None:
    async with running(folder) as pilot:
        await _words_then(pilot, step=2, answers=["a"])
        await until(pilot, lambda: asked(pilot) == "guardian_present", "the guardian")
        await pilot.press("enter", "enter")
        await until(
            pilot, lambda: "1 if a parent or guardian is here, 2 if not." in picture(pilot), "what to do"
        )
        assert asked(pilot) == "guardian_present"
        await pilot.press("shift+tab")
        await until(pilot, lambda: asked(pilot) == "age_band", "the question before")
        await pilot.press("enter", "1")
        await until(pilot, lambda: asked(pilot) == "ethnic_group", "the question after")
        await pilot.press("0")
        await saved(pilot)
    (values,) = records(folder, "feedback")
    assert values["guardian_present"] == "Y"


async def test_what_a_child_alone_typed_is_said_to_be_thrown_away(folder: Path) -> None:
    async with running(folder) as pilot:
        await _words_then(pilot, step=2, answers=["a", "2"])
        await on(pilot, Dialog)
        await pilot.press("y")
        await home(pilot)
        await until(
            pilot, lambda: "Thrown away. Nothing of it is kept." in picture(pilot), "what became of it"
        )
    assert records(folder, "feedback") == []


def test_killed_with_the_box_open_nothing_is_left(folder: Path) -> None:
    if not readable():
        lacking("there is no OpenSSL here, so the pages of the encrypted file could not be searched")
    with Terminal(["--kit", str(folder)], folder.parent) as terminal:
        terminal.sees("NAME", "Health fair")
        terminal.press("esc")
        terminal.sees("AT THIS EVENT")
        terminal.press("f")
        terminal.sees("step 1 of 3", "▸ May we keep what you said?")
        terminal.press("1", "1", "1", "1")
        terminal.sees("step 2 of 3", "▸ What happened, in their own words")
        terminal.type(MARKER)
        terminal.sees(MARKER, "saved ")
        terminal.press(*["shift+tab"] * 4)
        terminal.sees("step 1 of 3", "▸ May we keep what you said?")
        terminal.press("2")
        terminal.sees("The person said no", "throw away what was typed")
        os.kill(terminal.process.pid, signal.SIGKILL)
        assert terminal.wait() == -signal.SIGKILL
    with Kit.open(folder) as kit:
        assert kit.drafts.all() == []
        assert MARKER.encode() not in whole_folder(folder, kit.key)
    with Terminal(["--kit", str(folder)], folder.parent) as terminal:
        terminal.sees("NAME", "Health fair")
        terminal.press("esc")
        terminal.sees("AT THIS EVENT", "recorded today, in all")
        assert "unfinished" not in terminal.text
