"""Text can be read in every theme: on each screen, in the palette, and under the cursor."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from app_desk import home, picture
from app_desk import until as until_at
from contrast import hard_to_read
from cycle_desk import FIXTURES
from desk import says, shown
from fieldkit.app import FieldkitApp
from fieldkit.widgets.themes import THEMES
from pack_kit import add_cycle, add_people
from waiting import until

(desk,) = FIXTURES


@pytest.mark.parametrize("theme", THEMES)
async def test_the_palette_can_be_read_in_every_theme(folder: Path, theme: str) -> None:
    app = FieldkitApp(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await home(pilot)
        app.theme = theme
        await pilot.press("ctrl+p", *"export")
        await until_at(pilot, lambda: "Write a bundle at once" in picture(pilot), "the help of a command")
        assert hard_to_read(app, "CommandList") == []
        await pilot.press("down", "down")
        await pilot.pause()
        assert hard_to_read(app, "CommandList") == []
        await app.leave()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    "name", ["summary", "records", "cycle", "quotes", "merge", "safety", "sync", "provider_names"]
)
async def test_a_screen_can_be_read_in_every_theme(desk: SimpleNamespace, theme: str, name: str) -> None:
    cycle = add_cycle(desk.hub)
    add_people(desk.hub, 3)
    arguments = {"records": ("feedback",), "cycle": (cycle,), "quotes": (cycle,)}.get(name, ())
    async with shown(desk.hub, desk.chief, name, *arguments) as (app, pilot):
        app.theme = theme
        app.screen.show_notice("A sentence.", "warning")
        await until(
            pilot, lambda: not getattr(app.screen, "busy", False) and says(app, "esc back", "A sentence.")
        )
        assert hard_to_read(app) == []
