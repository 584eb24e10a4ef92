"""Opening a list of records in the program: the time from the key to the first rows."""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.making import fill, make_hub


async def opening(folder: Path, times: int) -> list[float]:
    """Milliseconds until the first row of the feedback list is shown, measured `times` times."""
    from fieldkit.app import FieldkitApp
    from fieldkit.screens.records.records_screen import RecordsScreen
    from fieldkit.widgets.listing import Listing

    took = []
    app = FieldkitApp(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        while getattr(app, "kit", None) is None:
            await pilot.pause(0.01)
        for _ in range(times):
            start = time.perf_counter()
            screen = RecordsScreen("feedback")
            await app.push_screen(screen)
            listing = screen.query_one(Listing)
            while listing.row(0) is None:
                await asyncio.sleep(0)
            took.append((time.perf_counter() - start) * 1000)
            app.pop_screen()
            await pilot.pause()
    return took


def compare(many: int, few: int, runs: int) -> tuple[float, float, float]:
    """(ratio, long, short): median milliseconds of opening a list of `many` and a list of `few` records."""
    medians = []
    for count in (many, few):
        with tempfile.TemporaryDirectory(prefix="fieldkit-bench-") as name:
            kit, _ = make_hub(Path(name) / "kit")
            fill(kit, count)
            kit.close()
            # The first opening also loads the models, which does not depend on the length of the list.
            medians.append(statistics.median(asyncio.run(opening(Path(name) / "kit", runs + 1))[1:]))
    return medians[0] / medians[1], medians[0], medians[1]


if __name__ == "__main__":
    print(json.dumps(compare(int(sys.argv[1]), 100, 5)))
