"""Undo and redo on the board: described in words, for names, counts and feedback, but for nothing changed since."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from app_desk import home, picture, records, running, shown
from fieldkit.presentation.stall.board_state import new_feedback
from fieldkit.presentation.stall.undo_stack import Step
from fieldkit.screens.stall import event_board
from fieldkit.screens.stall.stall_board import StallBoard
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import EVENT
from stall_desk import (
    FIXTURES,
    board,
    counted,
    line,
    type_name,
    undo_words,
    undone_to,
)
from waiting import until
from widget_app import type_ahead

(fair,) = FIXTURES


async def test_undo_and_redo_go_through_names_counts_and_feedback_in_words(fair: Path) -> None:
    async with running(fair) as pilot:
        await board(pilot)
        assert undo_words(pilot) == ""
        await type_name(pilot, "ami", "▸ 1 Amina")
        await pilot.press("enter")
        await undone_to(pilot, "undo: Amina Khan · St Mary's checked in ")
        await pilot.press("1")
        await undone_to(pilot, "undo: patients 0 → 1")
        assert pilot.app.kit is not None
        event = pilot.app.kit.settings.get(EVENT)
        await pilot.press("f2")
        await until(pilot, lambda: not isinstance(pilot.app.screen, StallBoard), "the form")
        pilot.app.kit.add("feedback", {"event": event, "rating": "2", "consent_record": "Y"})
        await pilot.press("escape")
        await board(pilot)
        await undone_to(pilot, "undo: feedback taken ")
        steps = ["feedback taken", "patients 0 → 1", "Amina Khan · St Mary's checked in"]
        for step in steps:
            await pilot.press("ctrl+z")
            await until(pilot, lambda step=step: f"Undone: {step}" in picture(pilot), step)
        await until(
            pilot,
            lambda: "0 here by name   0 counted   0 feedback records" in shown(pilot, "#figures"),
            "nothing",
        )
        # Undo goes back to the start of the session, even if the board was left meanwhile.
        await pilot.press("escape")
        await home(pilot)
        await pilot.press("a")
        await board(pilot)
        for step in reversed(steps):
            await pilot.press("ctrl+y")
            await until(pilot, lambda step=step: f"Done again: {step}" in picture(pilot), step)
        await until(
            pilot,
            lambda: "1 here by name   1 counted   1 feedback record" in shown(pilot, "#figures"),
            "everything",
        )
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "Undone: feedback taken" in picture(pilot), "undone once more")
        await pilot.press("2")
        await until(pilot, lambda: "carers 0 → 1" in undo_words(pilot), "something new")
        assert "redo" not in undo_words(pilot), "what is new leaves nothing to redo"
    assert counted(fair) == {"patient": 1, "carer": 1}
    assert records(fair, "feedback") == []


async def test_redo_checks_nobody_in_twice(fair: Path) -> None:
    async with running(fair) as pilot:
        await board(pilot)
        await type_name(pilot, "ami", "▸ 1 Amina")
        await pilot.press("enter")
        await undone_to(pilot, "Amina Khan")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "redo: Amina Khan" in undo_words(pilot), "the redo")
        with Kit.open(fair) as other:
            amina = other.alike("person", "Amina Khan")[0].record_id
            other.add("attendance", {"event": other.settings.get(EVENT), "person": amina, "arrived": "09:00"})
        await pilot.press("ctrl+y")
        await until(pilot, lambda: "Not done again" in picture(pilot), "the sentence")
    assert [row["arrived"] for row in records(fair, "attendance")] == ["09:00"]


async def test_undo_pressed_at_once_is_for_what_is_still_being_saved(fair: Path) -> None:
    async with running(fair) as pilot:
        await board(pilot)
        await type_name(pilot, "ami", "▸ 1 Amina")
        await pilot.press("enter", "tab", "7", "ctrl+z")
        await until(pilot, lambda: "Undone: patients 0 → 7" in picture(pilot), "the count undone")
        await undone_to(pilot, "undo: Amina Khan")
    assert counted(fair) == {}
    assert len(records(fair, "attendance")) == 1


async def test_undo_leaves_what_was_changed_since(fair: Path) -> None:
    async with running(fair) as pilot:
        await board(pilot)
        await pilot.press("1", "1")
        await undone_to(pilot, "patients 1 → 2")
        with Kit.open(fair) as other:
            (count,) = other.page("attendance")
            other.edit(other.get(count.record_id), {"head_count": 9})
        await pilot.press("ctrl+z")
        await until(
            pilot, lambda: "Not undone, because it was changed since" in picture(pilot), "the sentence"
        )
    assert counted(fair) == {"patient": 9}


async def test_each_head_of_a_group_is_undone_and_redone_in_turn(fair: Path) -> None:
    async with running(fair) as pilot:
        await board(pilot)
        await pilot.press("1", "2", "2", "2", "minus", "tab", "down", "7", "tab")
        steps = ["carers 0 → 1", "carers 1 → 2", "carers 2 → 3", "carers 3 → 2", "family members 0 → 7"]
        await undone_to(pilot, f"undo: {steps[-1]}")
        for _ in range(2):
            for step in reversed(steps):
                await pilot.press("ctrl+z")
                await until(pilot, lambda step=step: f"Undone: {step}." in picture(pilot), step)
            await undone_to(pilot, "undo: patients 0 → 1")
            assert counted(fair) == {"patient": 1}
            for step in steps:
                await pilot.press("ctrl+y")
                await until(pilot, lambda step=step: f"Done again: {step}." in picture(pilot), step)
        assert counted(fair) == {"patient": 1, "carer": 2, "family-member": 7}
        await pilot.press(*["ctrl+z"] * 6)
        await until(pilot, lambda: "Undone: patients 0 → 1." in picture(pilot), "everything undone at once")
    assert counted(fair) == {}
    with Kit.open(fair) as kit:
        assert not kit.conflicts()


async def test_a_digit_that_comes_before_the_counts_are_in_view_waits_for_them(
    fair: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, go_on = threading.Event(), threading.Event()

    def slow(*arguments: Any) -> list[Step]:
        reading.set()
        assert go_on.wait(30)
        return new_feedback(*arguments)

    monkeypatch.setattr(event_board, "new_feedback", slow)
    async with running(fair) as pilot:
        await until(pilot, reading.is_set, "the board reads")
        type_ahead(pilot.app, "1")
        for _ in range(20):
            await pilot.pause()
        go_on.set()
        await undone_to(pilot, "undo: patients 0 → 1")
    assert counted(fair) == {"patient": 1}


async def test_an_undo_that_is_refused_stops_those_that_follow_it(fair: Path) -> None:
    async with running(fair) as pilot:
        await board(pilot)
        await pilot.press("1", "2", "2")
        await undone_to(pilot, "undo: carers 1 → 2")
        with Kit.open(fair) as other:
            count = next(row for row in other.page("attendance") if row.values["attendee_group"] == "carer")
            other.edit(other.get(count.record_id), {"head_count": 9})
        screen = pilot.app.screen
        assert isinstance(screen, StallBoard)
        for _ in range(3):
            screen.command_undo()  # as fast as keys can be pressed
        await until(pilot, lambda: "Not undone" in picture(pilot), "the sentence")
        await undone_to(pilot, "undo: carers 0 → 1")
        assert counted(fair) == {"patient": 1, "carer": 9}


async def test_what_is_redone_does_not_stay_on_the_line(fair: Path) -> None:
    async with running(fair) as pilot:
        await board(pilot)
        await type_name(pilot, "Zainab", "new: Zainab")
        await pilot.press("enter")
        await undone_to(pilot, "undo: 1 person counted without a name")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: line(pilot) == "Zainab", "the name again")
        await pilot.press("ctrl+y")
        await until(pilot, lambda: "Done again" in picture(pilot), "done again")
        assert line(pilot) == "", "enter would count the person twice"
        await pilot.press("ctrl+z")
        await until(pilot, lambda: line(pilot) == "Zainab", "the name once more")
    assert counted(fair) == {}
