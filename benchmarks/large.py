"""A kit of very many records against one of a thousand: opening it, the figures of home, saving one record."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.making import comments, feedback, fill, make_hub
from fieldkit.presentation.home import figures
from fieldkit.store.kit import Kit
from fieldkit.sync.network.identity import identity

TURNS = 15


def measure(folder: Path) -> dict[str, float]:
    """Medians in milliseconds."""
    rng, texts = random.Random(3), comments()
    took: dict[str, list[float]] = {"opening": [], "home": [], "saving": []}
    for _ in range(TURNS):
        start = time.perf_counter()
        kit = Kit.open(folder)
        took["opening"].append(time.perf_counter() - start)
        me = identity(kit)
        start = time.perf_counter()
        figures(kit, me)
        took["home"].append(time.perf_counter() - start)
        start = time.perf_counter()
        kit.add("feedback", feedback(rng, texts))
        took["saving"].append(time.perf_counter() - start)
        kit.close()
    return {what: statistics.median(times) * 1000 for what, times in took.items()}


def compare(many: int, few: int) -> Iterator[tuple[str, float, str]]:
    """(what, ratio, detail) for each."""
    with tempfile.TemporaryDirectory(prefix="fieldkit-bench-") as name:
        measured = []
        for count in (many, few):
            kit, _ = make_hub(Path(name) / str(count))
            fill(kit, count)
            kit.close()
            measured.append(measure(Path(name) / str(count)))
    large, small = measured
    for what in large:
        yield what, large[what] / small[what], f"medians {large[what]:.1f} / {small[what]:.1f} ms"
