"""The day of the board: midnight passes while it is open, an event of tomorrow is chosen, no time is invented."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from app_desk import picture, records, running, shown
from fieldkit.presentation.stall import board_state
from fieldkit.screens.stall import check_in_board, event_board, head_count_board, stall_board
from fieldkit.screens.stall.event_board import EventBoard
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import EVENT
from stall_desk import FIXTURES, board, line, type_name
from waiting import until

(fair,) = FIXTURES


class Clock:
    """The time that `datetime.now()` gives to the board."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = datetime.combine(date.today(), time(23, 59))
        clock = self

        class Read(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # local time alone
                return clock.now

        for module in (board_state, check_in_board, event_board, head_count_board, stall_board):
            monkeypatch.setattr(module, "datetime", Read)


async def test_after_midnight_the_board_asks_when_people_came_and_keeps_what_was_typed(
    fair: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    with Kit.open(fair) as kit:
        kit.edit(kit.get(kit.settings.get(EVENT)), {"date": clock.now.date().isoformat()})
    async with running(fair) as pilot:
        screen = await board(pilot)
        await type_name(pilot, "ami", "▸ 1 Amina")
        assert "This event was" not in picture(pilot)
        clock.now += timedelta(minutes=5)
        await pilot.press("enter")
        await until(
            pilot, lambda: "CAME AT" in shown(pilot, "#label"), "the question, though nothing was read anew"
        )
        await pilot.press("escape")
        await until(pilot, lambda: line(pilot) == "ami", "what was typed")
        assert isinstance(screen, EventBoard)
        screen.minute_passed()
        await until(pilot, lambda: "This event was on" in picture(pilot), "the sentence, without a key")
        assert line(pilot) == "ami"
        await pilot.press("enter", *"23:50", "enter")
        await until(pilot, lambda: "1 here" in shown(pilot, "#figures"), "the check-in")
        await pilot.press("1")
        await until(pilot, lambda: "1 counted" in shown(pilot, "#figures"), "the head")
    assert {row.get("arrived") for row in records(fair, "attendance")} == {"23:50", None}


async def test_an_evening_event_goes_on_after_midnight(fair: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    with Kit.open(fair) as kit:
        event = kit.get(kit.settings.get(EVENT))
        kit.edit(event, {"date": clock.now.date().isoformat(), "starts": "20:00", "ends": "02:00"})
    async with running(fair) as pilot:
        await board(pilot)
        clock.now += timedelta(minutes=5)
        await type_name(pilot, "ami", "▸ 1 Amina")
        await pilot.press("enter")
        await until(pilot, lambda: "1 here" in shown(pilot, "#figures"), "the check-in")
    assert [row["arrived"] for row in records(fair, "attendance")] == ["00:04"]


async def test_an_event_of_tomorrow_is_to_come_and_its_title_is_text(folder: Path) -> None:
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    with Kit.open(folder) as kit:
        kit.edit(kit.get(kit.settings.get(EVENT)), {"date": tomorrow})
        kit.add("event", {"title": "Fair [@click=app.quit]x[/]", "date": date.today().isoformat()})
    async with running(folder) as pilot:
        await board(pilot)
        flat = " ".join(picture(pilot).split())
        assert "This event is on " in flat and "was on" not in flat
        assert "Today is Fair [@click=app.quit]x[/]" in flat
