"""The board of a cycle: what is missing, the key for it, and reading the board again; only by keys."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from cycle_desk import FIXTURES, HOSTILE, empty_cycle, whole_cycle
from desk import Desk, keys_offered, says, shown, text
from fieldkit.screens.cycle.board_drawing import NOTHING_MISSING
from fieldkit.screens.cycle.cycle_board import CycleBoardScreen
from fieldkit.screens.cycle.cycle_list import CycleListScreen
from fieldkit.screens.cycle.figures_import import FiguresImportScreen
from fieldkit.screens.entry.entry import EntryScreen
from fieldkit.screens.records.record_screen import RecordViewScreen
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.dialogs.message_box import Message
from waiting import until

(desk,) = FIXTURES


async def _board(app: Any, pilot: Any) -> None:
    await until(pilot, lambda: isinstance(app.screen, CycleBoardScreen) and says(app, "PARTNER", "quotes"))


async def test_without_a_cycle_the_list_begins_one(desk: SimpleNamespace) -> None:
    async with shown(desk.hub, desk.chief, "cycles") as (app, pilot):
        await until(pilot, lambda: says(app, "There is no cycle yet. Press n to begin one."))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, EntryScreen) and app.screen.kind_name == "cycle")


async def test_one_cycle_opens_at_once_and_esc_shows_the_list(desk: SimpleNamespace) -> None:
    empty_cycle(desk.hub)
    async with shown(desk.hub, desk.chief, "cycles") as (app, pilot):
        await _board(app, pilot)
        await pilot.press("escape")
        await until(
            pilot, lambda: isinstance(app.screen, CycleListScreen) and says(app, "analyse, not begun")
        )


async def test_several_cycles_are_a_list_and_late_answers_are_marked(desk: SimpleNamespace) -> None:
    first = empty_cycle(desk.hub, title="First")
    empty_cycle(desk.hub, title="Second")
    change = desk.hub.add(
        "change", {"cycle": first, "title": "One", "what": "x", "status": "proposed"}
    ).record_id
    desk.hub.add("response", {"change": change, "asked_on": "2020-01-01", "working_days": 20})
    async with shown(desk.hub, desk.chief, "cycles") as (app, pilot):
        await until(pilot, lambda: says(app, "! First"))
        await pilot.press("down", "enter")
        await _board(app, pilot)
        assert says(app, "Change 1: no answer for")


async def test_an_empty_cycle_says_what_is_missing_in_each_stage(desk: SimpleNamespace) -> None:
    cycle = empty_cycle(desk.hub)
    async with shown(desk.hub, desk.chief, "cycle", cycle) as (app, pilot):
        await _board(app, pilot)
        assert says(
            app, "ANALYSE ○ not begun", "No figures of the provider are here yet.", "1 import figures"
        )
        assert says(app, "Nobody has been shown the findings.", "Nobody gave feedback; 10 are needed")
        assert says(app, "No change is proposed yet.", "No engagement with professionals was held yet.")
        assert HOSTILE.replace("\u202e", "").split(" ")[1] in text(app)
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, FiguresImportScreen))
        assert app.screen._cycle == cycle


@pytest.mark.parametrize(
    ("sentence", "kind", "presets"),
    [
        ("Nobody has been shown the findings.", "engagement", {"purpose": "share"}),
        ("Nobody gave feedback", "feedback", {"service_area": "mental-health", "provider": "Birmingham Talking Therapies"}),
        ("No change is proposed yet.", "change", {}),
        ("No engagement with professionals", "engagement", {"purpose": "work"}),
    ],
)  # fmt: skip
async def test_a_number_opens_the_right_form_with_the_cycle_in_it(
    desk: SimpleNamespace, sentence: str, kind: str, presets: dict[str, str]
) -> None:
    cycle = empty_cycle(desk.hub)
    async with shown(desk.hub, desk.chief, "cycle", cycle) as (app, pilot):
        await _board(app, pilot)
        line = next(
            board_line for board_line in app.screen._lines if board_line.missing.sentence.startswith(sentence)
        )
        await pilot.press(str(line.number))
        await until(pilot, lambda: isinstance(app.screen, EntryScreen) and app.screen.form is not None)
        values = app.screen.form.values
        assert app.screen.kind_name == kind
        assert {name: values.get(name) for name in presets} == presets
        if kind != "feedback":
            assert values["cycle"] == cycle


async def test_enter_does_what_the_cursor_points_at_and_v_lists_everything(desk: SimpleNamespace) -> None:
    cycle = empty_cycle(desk.hub, area=[])
    async with shown(desk.hub, desk.chief, "cycle", cycle) as (app, pilot):
        await _board(app, pilot)
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, Choose) and says(app, "No districts are chosen"))
        await pilot.press("escape")
        await _board(app, pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, EntryScreen) and app.screen.form is not None)
        assert app.screen.form.values["title"].startswith("Therapies [/]")


async def test_the_board_is_read_anew_when_it_comes_back(desk: SimpleNamespace) -> None:
    cycle = empty_cycle(desk.hub)
    async with shown(desk.hub, desk.chief, "cycle", cycle) as (app, pilot):
        await _board(app, pilot)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, RecordViewScreen))
        desk.hub.add("change", {"cycle": cycle, "title": "Ring back", "what": "x", "status": "proposed"})
        await pilot.press("escape")
        await until(pilot, lambda: says(app, "1 Ring back: proposed"))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_a_whole_cycle_fits_without_anything_cut(desk: SimpleNamespace, size: tuple[int, int]) -> None:
    cycle = whole_cycle(desk.hub)
    app = Desk(desk.hub, desk.chief, "cycle", cycle)
    async with app.run_test(size=size) as pilot:
        await _board(app, pilot)
        for sign in ("ANALYSE", "ENGAGE", "DETERMINE", "PARTNER", "figures", "evidence pack", "bulletin"):
            assert sign in text(app)
        board, stages = app.screen.query_one("#board"), app.screen.query_one("#stages")
        assert board.size.height <= stages.size.height
        lines = [line.rstrip() for line in text(app).splitlines()[3:-4]]
        assert max(map(len, lines)) <= 120, "what a key does is near its sentence"
        assert app.faults == []


async def test_that_nothing_is_missing_is_said_whole_in_a_small_window(desk: SimpleNamespace) -> None:
    app = Desk(desk.hub, desk.chief, "cycle", whole_cycle(desk.hub))
    async with app.run_test(size=(60, 20)) as pilot:
        await _board(app, pilot)
        stages = [replace(stage, missing=()) for stage in app.screen._view.stages]
        app.screen._show(replace(app.screen._view, stages=tuple(stages)))
        await until(pilot, lambda: says(app, NOTHING_MISSING))
        seen, area = text(app).splitlines(), app.screen.query_one("#stages")
        assert area.max_scroll_y > 0
        for _ in range(2 * area.max_scroll_y):
            await pilot.press("down")
        await until(pilot, lambda: area.scroll_y == area.max_scroll_y)
        await pilot.pause()
        whole = " ".join(" ".join([*seen, *text(app).splitlines()]).split())
        for stage in stages:
            for line in (*stage.notes, *stage.has):
                assert all(word in whole for word in line.split()), line
        assert "not shown" not in whole
        await pilot.press("up")
        await until(pilot, lambda: area.scroll_y == area.max_scroll_y - 1)


async def test_one_thing_that_is_missing_is_called_it(desk: SimpleNamespace) -> None:
    app = Desk(desk.hub, desk.chief, "cycle", empty_cycle(desk.hub))
    async with app.run_test(size=(60, 18)) as pilot:
        await _board(app, pilot)
        assert says(app, "1 missing, v shows it") and not says(app, "1 missing, v shows them")


async def test_what_a_cycle_is_about_takes_a_second_line_in_a_low_window_too(desk: SimpleNamespace) -> None:
    name = "North East Ambulance Service NHS Foundation Trust of the Coast"
    provider = desk.hub.add("provider", {"name": name}).record_id
    app = Desk(desk.hub, desk.chief, "cycle", empty_cycle(desk.hub, provider=provider))
    async with app.run_test(size=(80, 24)) as pilot:
        await _board(app, pilot)
        assert "of the Coast" in text(app)
        await pilot.resize_terminal(80, 20)
        await until(pilot, lambda: len(text(app).splitlines()) == 20)
        assert "of the Coast" in text(app)


async def test_a_window_that_only_reads_shows_the_board_and_opens_no_form(desk: SimpleNamespace) -> None:
    from fieldkit.store.window_lock import WindowLock

    cycle = empty_cycle(desk.hub)
    other = WindowLock(desk.hub.folder)
    assert other.acquire() is None
    try:
        async with shown(desk.hub, desk.chief, "cycle", cycle) as (app, pilot):
            app.take_window()
            assert app.reads_only
            await _board(app, pilot)
            for key in ("1", "e", "b"):
                await pilot.press(key)
                await until(pilot, lambda: isinstance(app.screen, Message))
                await pilot.press("escape")
                await _board(app, pilot)
            assert "enter do this" in keys_offered(app)
    finally:
        other.release()


async def test_labels_without_a_group_are_matched_from_the_board(desk: SimpleNamespace) -> None:
    cycle = empty_cycle(desk.hub)
    dataset = desk.hub.add(
        "dataset",
        {"title": "F", "role": "counts", "cycle": cycle, "measure": "referrals", "unit": "people", "who": "all",
         "publisher": "NHS", "retrieved": "2025-01-01", "period_from": "2024-04-01", "period_to": "2025-03-31",
         "sha256": "0" * 64},
    ).record_id  # fmt: skip
    for label in (f"Pakstani {HOSTILE}", "Bangla"):
        desk.hub.add(
            "cell",
            {"dataset": dataset, "dimension": "ethnic", "label": label, "shown": "12", "low": 12, "high": 12},
        )
    async with shown(desk.hub, desk.chief, "cycle", cycle) as (app, pilot):
        await _board(app, pilot)
        assert says(app, "2 labels of the provider's file are not matched yet.", "match labels")
        await pilot.press("1")
        await until(
            pilot,
            lambda: isinstance(app.screen, Choose) and says(app, "Which group is", "[@click=app.quit]x[/]"),
        )
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, Choose) and says(app, "1 label to match"))
        await pilot.press("escape")
        await until(pilot, lambda: says(app, "1 label of the provider's file is not matched yet."))
    assert desk.hub.count("mapping") == 1
