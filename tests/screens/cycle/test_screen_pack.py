"""The pack and the bulletin on their screens: choose, check what is hidden, write, and see where it was written."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cycle_desk import FIXTURES, empty_cycle, whole_cycle
from desk import Desk, notice, says, shown, text
from faulty import fill
from fieldkit.presentation.pack.pack_verifying import verify_folder
from fieldkit.screens.base.places import Place
from fieldkit.screens.cycle import bulletin_screen, pack_screen
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.dialogs.message_box import Message
from fieldkit.widgets.edit_area import EditArea
from fieldkit.widgets.inputs import PlainInput
from waiting import until

(desk,) = FIXTURES


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place offered for writing."""
    there = tmp_path / "given [b] place"
    there.mkdir()
    for module in ("fieldkit.screens.base.places.places", "fieldkit.screens.cycle.pack_screen.places"):
        monkeypatch.setattr(module, lambda last="": [Place(there, "downloads")])
    return there


async def _choose(app: Any, pilot: Any, key: str, *texts: str) -> None:
    await until(pilot, lambda: isinstance(app.screen, Choose) and says(app, *texts))
    await pilot.press(key)


async def test_a_pack_is_looked_at_written_and_verified(desk: SimpleNamespace, folder: Path) -> None:
    cycle = whole_cycle(desk.hub, people=12)
    async with shown(desk.hub, desk.chief, "pack", cycle) as (app, pilot):
        await until(pilot, lambda: says(app, "Whom is it for?", "community partners"))
        await pilot.press("p")
        await _choose(app, pilot, "1", "How are small numbers hidden?")
        await until(pilot, lambda: says(app, "1 to 4 are starred"))
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, AskLine))
        app.screen.query_one(PlainInput).value = "The new board [/]"
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "The new board [/]"))
        await pilot.press("end", "enter")
        await until(pilot, lambda: says(app, "Only you see this page", "missing", "hidden", "enter write"))
        assert not any(folder.iterdir())
        await pilot.press("enter")
        await _choose(app, pilot, "1", "Where should the pack go?")
        await until(pilot, lambda: says(app, "Written to", "pack.html", "in a browser", "enter done"))
    [pack] = folder.iterdir()
    assert pack.name.startswith("evidence-partners-therapies-")
    assert verify_folder(pack) == []
    assert desk.hub.count("release") == 1


async def test_a_full_disk_takes_no_pack_until_there_is_room(
    desk: SimpleNamespace, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "fieldkit.screens.base.places.places", lambda last="": [Place(small_disk, "downloads")]
    )
    cycle, filler = whole_cycle(desk.hub, people=12), fill(small_disk)
    async with shown(desk.hub, desk.chief, "pack", cycle) as (app, pilot):
        await until(pilot, lambda: says(app, "Whom is it for?", "community partners"))
        await pilot.press("end", "enter")
        await until(pilot, lambda: says(app, "Only you see this page", "enter write"))
        await pilot.press("enter")
        await _choose(app, pilot, "1", "Where should the pack go?")
        await until(
            pilot, lambda: isinstance(app.screen, Message) and says(app, "The disk is full", "evidence-")
        )
        assert list(small_disk.iterdir()) == [filler]
        filler.unlink()
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "Only you see this page", "enter write"))
        await pilot.press("enter")
        await _choose(app, pilot, "1", "Where should the pack go?")
        await until(pilot, lambda: says(app, "Written to", "pack.html"))
    [pack] = small_disk.iterdir()
    assert verify_folder(pack) == []
    assert desk.hub.count("release") == 1


async def test_a_small_window_shows_the_typed_addressee_and_names_its_key(
    desk: SimpleNamespace, folder: Path
) -> None:
    cycle = whole_cycle(desk.hub, people=12)
    async with shown(desk.hub, desk.chief, "pack", cycle, size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: says(app, "Whom is it for?", "community partners", "a addressee"))
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, AskLine))
        app.screen.query_one(PlainInput).value = "The people of Sparkbrook"
        await pilot.press("enter")
        await until(
            pilot, lambda: says(app, "Addressed to: The people of Sparkbrook", "Small numbers", "a addressee")
        )


async def test_a_second_pack_of_the_day_gets_a_folder_of_its_own(desk: SimpleNamespace, folder: Path) -> None:
    cycle = whole_cycle(desk.hub, people=12)
    async with shown(desk.hub, desk.chief, "cycle", cycle) as (app, pilot):
        for _ in range(2):
            await until(pilot, lambda: says(app, "PARTNER", "evidence pack"))
            await pilot.press("e")
            await until(pilot, lambda: says(app, "Whom is it for?", "community partners"))
            await pilot.press("end", "enter")
            await until(pilot, lambda: says(app, "Only you see this page"))
            await pilot.press("enter")
            await _choose(app, pilot, "1", "Where should the pack go?")
            await until(pilot, lambda: says(app, "Written to"))
            await pilot.press("escape")
    assert len(list(folder.iterdir())) == 2


async def test_esc_stops_the_search_and_nothing_is_written(
    desk: SimpleNamespace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cycle = whole_cycle(desk.hub, people=12)
    begun = threading.Event()

    def endless(
        kit: Any, cycle_id: str, audience: Any, preset: Any, *, addressee: str, on_progress: Any
    ) -> Any:
        while True:
            begun.set()
            on_progress(3, 10, "small numbers")

    monkeypatch.setattr(pack_screen, "prepare", endless)
    async with shown(desk.hub, desk.chief, "pack", cycle) as (app, pilot):
        await until(pilot, lambda: says(app, "Whom is it for?"))
        await pilot.press("enter")
        await until(pilot, begun.is_set)
        await until(pilot, lambda: says(app, "small numbers 30%"))
        assert not says(app, "enter go on")
        await pilot.press("enter")
        await until(pilot, lambda: "Still preparing the pack; Esc stops it." in notice(app))
        await pilot.press("escape")
        await until(pilot, lambda: "Stopped. Nothing was lost" in notice(app))
        assert says(app, "Whom is it for?", "enter go on")
        await pilot.press("enter")
        await until(pilot, lambda: not says(app, "Stopped.") and says(app, "small numbers 30%"))
        await pilot.press("escape")
        await until(pilot, lambda: "Stopped. Nothing was lost" in notice(app))
    assert not any(folder.iterdir())
    assert desk.hub.count("release") == 0


async def test_a_laptop_that_is_no_coordinators_is_told_before_any_work(
    desk: SimpleNamespace, folder: Path
) -> None:
    cycle = empty_cycle(desk.hub)
    from fieldkit.errors import Misuse

    def refuse(kit: Any, me: Any) -> None:
        raise Misuse("Only a coordinator's laptop can release evidence.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pack_screen, "demand_coordinator", refuse)
        async with shown(desk.hub, desk.chief, "pack", cycle) as (app, pilot):
            await until(
                pilot, lambda: isinstance(app.screen, Message) and says(app, "Only a coordinator's laptop")
            )


async def test_the_demonstration_writes_at_once_and_names_the_folder(
    desk: SimpleNamespace, folder: Path
) -> None:
    cycle = whole_cycle(desk.hub, people=12)
    app = Desk(desk.hub, desk.chief, "pack", cycle)
    app.demo = True
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: says(app, "Written to", "Open"))
        assert app.faults == []
    assert len(list(folder.iterdir())) == 1


async def test_a_bulletin_is_edited_checked_and_written(desk: SimpleNamespace, folder: Path) -> None:
    whole_cycle(desk.hub, people=30)
    async with shown(desk.hub, desk.chief, "bulletin", "2025-04-01", "2025-09-30") as (app, pilot):
        await until(pilot, lambda: says(app, "Ready to go", "What happened"))
        area = app.screen.query_one(EditArea)
        drafted = area.text
        area.load_text(drafted.replace("«30 people»", "«31 people»"))
        await until(pilot, lambda: says(app, "figures can't be edited"))
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, Message))
        await pilot.press("escape")
        area.load_text(drafted.replace("What is next", "Soon [/]"))
        await until(pilot, lambda: says(app, "Ready to go"))
        await pilot.press("f4")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("n")
        await pilot.press("f2")
        await _choose(app, pilot, "3", "In which format?")
        await _choose(app, pilot, "1", "Where should the bulletin go?")
        await until(pilot, lambda: "Written to" in notice(app))
        await pilot.press("escape")
    [written] = folder.iterdir()
    assert written.name == "bulletin-2025-04-01-2025-09-30.md"
    assert "Soon \\[/\\]" in written.read_text() or "Soon [/]" in written.read_text()


async def test_dates_of_a_bulletin_are_asked_for_and_leaving_an_edited_one_is_asked(
    desk: SimpleNamespace, folder: Path
) -> None:
    whole_cycle(desk.hub, people=12)
    async with shown(desk.hub, desk.chief, "bulletin") as (app, pilot):
        await until(pilot, lambda: says(app, "Nobody told us what they think"))
        await pilot.press("f3")
        for day in ("1/4/2025", "30/9/2025"):
            await until(pilot, lambda: isinstance(app.screen, AskLine))
            app.screen.query_one(PlainInput).value = day
            await pilot.press("enter")
            await until(pilot, lambda: not isinstance(app.screen, AskLine) or "To which" in text(app))
        await until(pilot, lambda: says(app, "1 Apr 2025 to 30 Sep 2025", "Health & wellbeing fair"))
        app.screen.query_one(EditArea).load_text("Mine")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, bulletin_screen.BulletinScreen))
        assert app.screen.query_one(EditArea).text == "Mine"
