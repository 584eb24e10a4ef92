"""Writes docs/home.svg: the home screen of the demonstration, as the app itself exports it."""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path

from fieldkit import demo
from fieldkit.app import FieldkitApp
from fieldkit.screens.home.home_screen import HomeScreen

TARGET = Path(__file__).parent.parent / "docs" / "home.svg"


async def picture(folder: Path) -> str:
    """The home screen at 80x24, once its figures are there."""
    app = FieldkitApp(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        while not (isinstance(app.screen, HomeScreen) and app.screen._figures):
            await pilot.pause(0.05)
        await pilot.pause()
        return app.export_screenshot(title="fieldkit")


def main() -> None:
    """Build the demonstration, choose an event of it, and export."""
    with tempfile.TemporaryDirectory() as name:
        kit = demo.build(Path(name) / "kit")
        fair = next(one for one in kit.page("event") if "Fair" in one.values["title"])
        kit.desk.set_setting("event", fair.record_id)
        kit.close()
        drawn = asyncio.run(picture(Path(name) / "kit"))
    # The picture must show without a network: whatever fixed-width font the reader has will do.
    TARGET.write_text(re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL), "utf-8")


if __name__ == "__main__":
    main()
