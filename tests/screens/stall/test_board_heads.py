"""Heads are counted by digits, signs and numbers on the board; everybody is the total."""

from __future__ import annotations

from pathlib import Path

from app_desk import home, picture, running, shown
from stall_desk import (
    FIXTURES,
    board,
    counted,
    undo_words,
)
from waiting import until

(fair,) = FIXTURES


async def test_heads_are_counted_by_digits_signs_and_numbers(fair: Path) -> None:
    async with running(fair) as pilot:
        await board(pilot)
        await pilot.press("1", "2", "2", "plus", "minus", "minus", "2")
        await until(pilot, lambda: "carers 1 → 2" in undo_words(pilot), "the last")
        await until(pilot, lambda: "3 counted" in shown(pilot, "#figures"), "three heads")
        await pilot.press("tab", "up", "1", "2")
        await until(pilot, lambda: "patients 1 → 12" in undo_words(pilot), "a number is one change")
        await pilot.press("enter", "8")
        await until(pilot, lambda: "No group has this digit" in picture(pilot), "the word")
        await pilot.press("1")
        await until(pilot, lambda: "15 counted" in shown(pilot, "#figures"), "all of them")
    assert counted(fair) == {"patient": 13, "carer": 2}


async def test_everybody_is_the_total_and_no_group(fair: Path) -> None:
    async with running(fair) as pilot:
        await board(pilot)
        await pilot.press("tab", *["down"] * 8, "1", "9", "enter")
        await until(pilot, lambda: "19 counted" in shown(pilot, "#figures"), "the total")
        await pilot.press("1", "1")
        await until(pilot, lambda: "patients 1 → 2" in undo_words(pilot), "two patients")
        assert "19 counted" in shown(pilot, "#figures"), "the groups are parts of the total"
        await pilot.press("tab", *["up"] * 8, "2", "0", "enter")
        await until(pilot, lambda: "The groups make 20, but everybody 19" in picture(pilot), "the sentence")
        await until(pilot, lambda: "! 19 is too few" in picture(pilot), "the note")
        await pilot.press("escape")
        await home(pilot)
        await until(pilot, lambda: "20  counted" in shown(pilot, "#left"), "the same at home")
    assert counted(fair) == {"all": 19, "patient": 20}
