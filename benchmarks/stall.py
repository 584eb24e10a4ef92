"""The stall board: the time from a key on the name line to its matches, and from Enter to the next name."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

from benchmarks.making import make_hub
from benchmarks.searching import people
from fieldkit.store.local.known_settings import EVENT

#: Typed letter by letter: the start of a name, another spelling, two words in another order, a name that nobody has.
TYPED = ("gurp", "muhamad", "kour gur", "oneill zoe", "xqzw")


async def typing(folder: Path) -> tuple[list[float], list[float]]:
    """Milliseconds of processor time from each key to its people, and from each Enter until the person is stored."""
    from fieldkit.app import FieldkitApp
    from fieldkit.screens.stall.name_line import NameLine
    from fieldkit.screens.stall.stall_board import StallBoard

    keys, enters = [], []
    app = FieldkitApp(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        while not (isinstance(app.screen, StallBoard) and app.screen.takes_keys):
            await pilot.pause(0.01)
        board = app.screen
        line = board.query_one(NameLine)
        for text in ("warm", *TYPED):
            for at in range(1, len(text) + 1):
                start = time.process_time()
                line.value = text[:at]
                while board.typed != text[:at].strip() or board.is_searching:
                    await asyncio.sleep(0)
                keys.append((time.process_time() - start) * 1000)
            if board.people_found:
                start = time.process_time()
                board.action_take()
                while board.saving or line.value:
                    await asyncio.sleep(0)
                enters.append((time.process_time() - start) * 1000)
            line.value = ""
            while board.typed or board.saving:
                await asyncio.sleep(0)
        await app.leave()
    return keys, enters


def measure(many: int) -> tuple[float, float, float]:
    """(median and slowest key, median Enter) in milliseconds, with `many` known people."""
    with tempfile.TemporaryDirectory(prefix="fieldkit-bench-") as name:
        kit, _ = make_hub(Path(name) / "kit")
        with kit:
            people(kit, many)
            event = kit.add("event", {"title": "Fair", "date": date.today().isoformat()})
            kit.settings.put(EVENT, event.record_id)
        keys, enters = asyncio.run(typing(Path(name) / "kit"))
        keys = keys[len("warm") :]  # the first keys also load the code that draws them
        return statistics.median(keys), max(keys), statistics.median(enters)
