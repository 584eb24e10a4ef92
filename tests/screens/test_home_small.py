"""Home on a small terminal: no line broken, and all of it within reach."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot
from textual.widgets import Static

from app_desk import home, picture
from fieldkit.app import FieldkitApp
from fieldkit.store.kit import Kit
from fieldkit.store.local.drafts import Draft
from fieldkit.store.local.known_settings import EVENT
from waiting import until


async def test_home_breaks_no_line_at_60_columns(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=(60, 40)) as pilot:
        await home(pilot)
        assert "h  hand over" in picture(pilot) and "stall board: names, heads" in picture(pilot)
        assert "f9  worried about somebody" in picture(pilot)
        await app.leave()
    assert app.faults == []


async def test_two_warnings_leave_the_lists_in_view_at_60x20(folder: Path) -> None:
    with Kit.open(folder) as kit:
        kit.add_with_code("person", {"name": "Zoë", "consent_record": "Y"})
    app = FieldkitApp(folder)
    async with app.run_test(size=(60, 20)) as pilot:
        await home(pilot)
        await until(
            pilot, lambda: "! Has the last person got their receipt code? F8" in picture(pilot), "both"
        )
        for line in ("! No passphrase", "RECORD", "paper", "LISTS", "l  everything"):
            assert line in picture(pilot), line
        pilot.app.screen.show_notice("Done.")  # type: ignore[attr-defined]
        await pilot.pause()
        lines = picture(pilot).splitlines()
        signs = [next(line.index(sign) for line in lines if line.strip().startswith(sign)) for sign in "!▪"]
        assert signs[0] == signs[1], "sentences begin in one column"
        await app.leave()
    assert app.faults == []


async def test_all_of_home_can_be_reached_at_60x20(folder: Path) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=(60, 20)) as pilot:
        await home(pilot)
        assert "worried about somebody" not in picture(pilot)
        for _ in range(4):
            await pilot.press("pagedown")
        await until(pilot, lambda: "worried about somebody" in picture(pilot), "the last line")
        await pilot.press(*["pageup"] * 4)
        await until(pilot, lambda: "AT THIS EVENT" in picture(pilot), "the first line")
        await app.leave()
    assert app.faults == []


@asynccontextmanager
async def event_of_today(
    folder: Path, size: tuple[int, int], title: str, place: str
) -> AsyncIterator[tuple[Pilot[None], Static]]:
    """Home with an event of today that is not chosen, and its first column, which names the event."""
    with Kit.open(folder) as kit:
        kit.add("event", {"title": title, "date": date.today().isoformat(), "place": place})
        kit.settings.put(EVENT, "")
    app = FieldkitApp(folder)
    async with app.run_test(size=size) as pilot:
        await home(pilot)
        left = pilot.app.screen.query_one("#left", Static)
        await until(pilot, lambda: "TODAY" in str(left.render()), "today's event")
        yield pilot, left
        await app.leave()
    assert app.faults == []


@pytest.mark.parametrize("size", [(60, 20), (60, 40), (80, 24), (100, 30), (140, 40)])
async def test_the_name_of_todays_event_is_whole(folder: Path, size: tuple[int, int]) -> None:
    title = "Health and wellbeing fair of the Pakistani community"
    async with event_of_today(folder, size, title, "Town hall") as (_, left):
        lines = str(left.render()).splitlines()
        at = next(place for place, line in enumerate(lines) if line.startswith("TODAY"))
        assert title in " ".join(" ".join(lines[at + 1 : at + 3]).split())
        assert left.size.height == len(lines), "no line is broken by the column"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_the_name_of_todays_event_does_not_touch_the_second_column(
    folder: Path, size: tuple[int, int]
) -> None:
    place = "Community centre, first floor, beside the lift to the kitchen and the two halls"
    async with event_of_today(folder, size, "Vaisakhi health fair", place) as (_, left):
        assert max(map(cell_len, str(left.render()).splitlines())) < left.size.width


async def test_where_todays_event_is_stands_whole_in_a_high_window(folder: Path) -> None:
    place = "University Hospitals of Leicester NHS Trust, Department of Ophthalmology and Orthoptics, Hall"
    async with event_of_today(folder, (120, 40), "Fair", place) as (pilot, left):
        await until(pilot, lambda: place in " ".join(str(left.render()).split()), "the whole place")


async def test_what_waits_is_in_the_first_row_at_60x20(folder: Path) -> None:
    with Kit.open(folder) as kit:
        kit.add("concern", {"own_words": "He locks the door."})
        kit.drafts.keep(Draft("", "feedback", {"rating": "1"}))
    app = FieldkitApp(folder)
    async with app.run_test(size=(60, 20)) as pilot:
        await home(pilot)
        await until(pilot, lambda: "NEEDS YOU" in picture(pilot), "what waits")
        first = picture(pilot).splitlines()[2]
        assert "NEEDS YOU   1 worry to pass on f9   2 more below" in first
        assert "LISTS" in picture(pilot)
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "below" not in picture(pilot), "the list alone")
        assert picture(pilot).count("NEEDS YOU") == 1
        await app.leave()
    assert app.faults == []
