"""Writes docs/home.svg and docs/use.svg: home and the figures of a cycle in the demonstration, as the app exports them."""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path

from textual.pilot import Pilot

from fieldkit import demo
from fieldkit.app import FieldkitApp
from fieldkit.screens.cycle.use_screen import UseScreen
from fieldkit.screens.home.home_screen import HomeScreen
from fieldkit.screens.stall.stall_board import StallBoard
from fieldkit.store.local.known_settings import EVENT

DOCS = Path(__file__).parent.parent / "docs"


async def at_home(pilot: Pilot[object]) -> None:
    """Wait for the board of the event, which opens first, and leave it for the home screen."""
    app = pilot.app
    while not (isinstance(app.screen, StallBoard) and app.screen.takes_keys):
        await pilot.pause(0.05)
    await pilot.press("escape")
    while not (isinstance(app.screen, HomeScreen) and app.screen._figures):
        await pilot.pause(0.05)
    await pilot.pause()


async def pictures(folder: Path, cycle: str) -> tuple[str, str]:
    """The home screen at 80x24, and the figures of a cycle at 100x28, once they are there."""
    app = FieldkitApp(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_home(pilot)
        home = app.export_screenshot(title="fieldkit")
    app = FieldkitApp(folder)
    async with app.run_test(size=(100, 28)) as pilot:
        await at_home(pilot)
        app.open_screen("use", cycle)
        while not (isinstance(app.screen, UseScreen) and app.screen.report):
            await pilot.pause(0.05)
        await pilot.pause()
        return home, app.export_screenshot(title="fieldkit")


def main() -> None:
    """Build the demonstration, choose an event of it, and export."""
    with tempfile.TemporaryDirectory() as name:
        kit = demo.build(Path(name) / "kit")
        fair = next(event for event in kit.page("event") if "Fair" in event.values["title"])
        kit.settings.put(EVENT, fair.record_id)
        finished = next(cycle for cycle in kit.page("cycle") if "Talking" in cycle.values["title"])
        kit.close()
        drawn = asyncio.run(pictures(Path(name) / "kit", finished.record_id))
    for target, picture in zip(("home.svg", "use.svg"), drawn, strict=True):
        # The picture must show without a network: whatever fixed-width font the reader has will do.
        plain = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
        (DOCS / target).write_text(plain, "utf-8")


if __name__ == "__main__":
    main()
