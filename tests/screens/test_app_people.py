"""Checking people in at an event, and being worried about somebody, by keys."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from app_desk import SIZE, form, home, on, picture, records, saved, shown, type_in, until
from fieldkit.app import FieldkitApp
from fieldkit.screens.base.receipt_code_box import ReceiptCodeBox
from fieldkit.screens.people.attendance_screen import AttendanceScreen
from fieldkit.widgets.dialogs import Dialog

pytestmark = pytest.mark.usefixtures("short_waits")


async def _at_the_door(pilot: Pilot[object]) -> None:
    """The screen for checking in, with the event that was chosen."""
    await home(pilot)
    await pilot.press("a")
    await on(pilot, AttendanceScreen)
    await until(pilot, lambda: "Health fair" in picture(pilot), "the event")


async def test_checking_in_and_counting(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await _at_the_door(pilot)
        await type_in(pilot, "ami")
        await pilot.press("enter")
        await until(pilot, lambda: "1  checked in by name" in shown(pilot, "#totals"), "the check-in")
        await type_in(pilot, "ami")
        await pilot.press("enter")
        await until(pilot, lambda: "already here" in picture(pilot), "the sentence")
        await type_in(pilot, "Zainab, Mosque")
        await pilot.press("enter")
        await on(pilot, Dialog)
        assert "may we keep your name?" in picture(pilot)
        assert "taken by St Mary's laptop 1" in " ".join(picture(pilot).replace("│", "").split()), (
            "what a yes stores is in view"
        )
        await pilot.press("1")
        await on(pilot, ReceiptCodeBox)
        await pilot.press("enter", "escape", "w")
        await on(pilot, AttendanceScreen)
        await until(pilot, lambda: "2  checked in by name" in shown(pilot, "#totals"), "the new person")
        await pilot.press("tab", "down", "1", "2", "plus", "escape")
        await home(pilot)
        await until(pilot, lambda: "13  counted" in shown(pilot, "#left"), "the head count")
        await app.leave()
    assert app.faults == []
    rows = records(folder, "attendance")
    assert sorted(str(row.get("attendee_group", "")) for row in rows) == ["", "", "patient"]
    assert next(row["head_count"] for row in rows if "head_count" in row) == 13
    zainab = next(person for person in records(folder, "person") if person["name"] == "Zainab")
    assert (zainab["consent_record"], zainab["consent_by"]) == ("Y", "St Mary's laptop 1")
    assert zainab["consent_date"] == date.today().isoformat()


async def test_who_says_no_at_the_door_is_counted_without_a_name(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await _at_the_door(pilot)
        for answers, counted in ((["escape"], 0), (["down", "enter"], 1), (["2"], 1)):
            app.screen.query_one(Input).value = ""
            await type_in(pilot, "Zainab")
            await pilot.press("enter")
            await on(pilot, Dialog)
            await pilot.press(*answers)
            await on(pilot, AttendanceScreen)
            assert bool(app.screen.query_one(Input).value) is not bool(counted)
        await until(pilot, lambda: "2  counted" in shown(pilot, "#totals"), "the count")
        await pilot.press("escape")
        await home(pilot)
        await app.leave()
    assert "Zainab" not in {person["name"] for person in records(folder, "person")}
    assert [row["head_count"] for row in records(folder, "attendance")] == [2]


async def test_worried_about_somebody(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=SIZE) as pilot:
        await home(pilot)
        await pilot.press("f")
        await form(pilot)
        await pilot.press("1", "f9")
        await until(pilot, lambda: "999" in picture(pilot), "the steps")
        await pilot.press("l")
        await on(pilot, Dialog)
        await type_in(pilot, "Mrs Shah 01274 000000")
        await pilot.press("enter")
        await until(pilot, lambda: "Mrs Shah" in picture(pilot), "the lead")
        await pilot.press("n")
        await form(pilot)
        await type_in(pilot, "He said he is afraid")
        await pilot.press("f2")
        await saved(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "999" in picture(pilot), "the steps")
        await pilot.press("escape")
        await form(pilot)
        await app.leave()
    assert records(folder, "concern")[0]["own_words"] == "He said he is afraid"
