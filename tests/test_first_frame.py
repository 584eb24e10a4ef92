"""The garbage collector is off until the first frame, and no longer."""

from __future__ import annotations

import gc
from pathlib import Path

from fieldkit.app import FieldkitApp


async def test_the_collector_works_from_the_first_frame_on(tmp_path: Path) -> None:
    gc.disable()
    try:
        app = FieldkitApp(tmp_path / "kit")
        async with app.run_test() as pilot:
            for _ in range(100):
                if gc.isenabled():
                    break
                await pilot.pause()
            assert gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()
