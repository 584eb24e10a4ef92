"""The time from a key press to the screen, in lists and forms of a kit with very many records.

Measured in processor time, since a shared machine makes every program wait. It includes the test's own work to press a key.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.making import fill, make_hub
from benchmarks.searching import links, people, typing
from fieldkit.store.kit import Kit

MOVES = ("down", "down", "pagedown", "up", "end", "up", "pageup", "home") * 4
TYPED = tuple("Gurpreet waited")
LISTS = ("person", "feedback", "attendance")
FORMS = ("partner", "feedback", "event")


async def pressing(folder: Path) -> dict[str, list[float]]:
    """What was pressed -> milliseconds of processor time for each key, including drawing."""
    from fieldkit.app import FieldkitApp
    from fieldkit.screens.entry.entry import EntryScreen
    from fieldkit.screens.records.records_screen import RecordsScreen
    from fieldkit.widgets.listing import Listing

    took: dict[str, list[float]] = {}
    app = FieldkitApp(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        while getattr(app, "kit", None) is None:
            await pilot.pause(0.01)

        async def press(what: str, keys: tuple[str, ...]) -> None:
            for key in keys:
                start = time.process_time()
                await pilot.press("space" if key == " " else key)
                took.setdefault(what, []).append((time.process_time() - start) * 1000)

        for kind in LISTS:
            screen = RecordsScreen(kind)
            await app.push_screen(screen)
            while not screen.query_one(Listing).loaded or not screen.takes_keys:
                await asyncio.sleep(0.01)
            await press(f"list of {kind}", MOVES)
            app.pop_screen()
            await pilot.pause()
        for kind in FORMS:
            entry: Any = EntryScreen(kind)
            await app.push_screen(entry)
            while not entry.takes_keys:
                await asyncio.sleep(0.01)
            await press(f"form of {kind}", TYPED)
            app.pop_screen()
            await pilot.pause()
    return took


def compare(many: int) -> list[tuple[str, float, float]]:
    """(what, median, slowest) in milliseconds, with `many` people and as many records of feedback."""
    with tempfile.TemporaryDirectory(prefix="fieldkit-bench-") as name:
        folder = Path(name) / "kit"
        kit, _ = make_hub(folder)
        people(kit, many)
        links(kit, many)
        kit.close()
        with Kit.open(folder) as opened:
            fill(opened, many)
        took = asyncio.run(pressing(folder))
        took["words typed in the list of people"] = asyncio.run(typing(folder, "people"))[1:]
        took["a letter drawn in find"] = asyncio.run(typing(folder, "find", "letter"))[1:]
        took["first records listed in find"] = asyncio.run(typing(folder, "find", "first"))[1:]
    return [(what, statistics.median(times), max(times)) for what, times in took.items()]
