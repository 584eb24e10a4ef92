"""A pack of evidence about many respondents: the cost of reading, counting, drawing and writing, and that of the search."""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.evidence import FIGURES
from benchmarks.making import comments
from fieldkit.insight.disclosure.thresholds import TEN
from fieldkit.presentation.pack import evidence_pack
from fieldkit.presentation.pack.audiences import audience_named
from fieldkit.records.schema.codes import code_list
from fieldkit.store.kit import Kit
from fieldkit.sync.setup import create_network

_BATCH = 10_000


def make(folder: Path, respondents: int) -> dict[str, Any]:
    """Make a kit with one cycle, a provider's figures and the feedback of `respondents` people."""
    rng, texts = random.Random(1), comments()
    themes, groups = ([entry.code for entry in code_list(name).entries] for name in ("theme", "ethnic_group"))
    with Kit.create(folder / "kit", None)[0] as kit:
        create_network(kit, "Benchmark")
        kit.add(
            "cycle",
            {
                "title": "Cycle",
                "service_area": "mental-health",
                "area": ["E08000025", "E08000029"],
                "date_from": "2025-04-01",
                "date_to": "2026-03-31",
            },
        )
        for first in range(0, respondents, _BATCH):
            kit.add_many(
                "feedback",
                [
                    {
                        "service_area": "mental-health",
                        "date": f"2025-{rng.randint(4, 12):02}-{rng.randint(1, 28):02}",
                        "rating": rng.choices("123456", (40, 25, 15, 10, 6, 4))[0],
                        "themes": rng.sample(themes[:6], 1),
                        "ethnic_group": rng.choice(groups[:6]),
                        "experience": rng.choice(texts),
                        "consent_record": "Y",
                    }
                    for _ in range(min(_BATCH, respondents - first))
                ],
            )
    command = [sys.executable, "-m", "fieldkit", "--kit", str(folder / "kit"), "figures", "import"]
    options = [
        "--cycle",
        "Cycle",
        "--measure",
        "referrals_received",
        "--who",
        "18+",
        "--days",
        "2024-25",
        "--yes",
    ]
    subprocess.run([*command, str(FIGURES), *options], check=True, stdout=subprocess.DEVNULL)
    return {}


def write(folder: Path) -> dict[str, Any]:
    """Processor seconds of a pack, those of the search within it, and this process's peak memory in MB."""
    search = _Timed(evidence_pack.protect)
    evidence_pack.protect = search  # type: ignore[assignment]  # measured separately
    with Kit.open(folder / "kit") as kit:
        cycle = kit.page("cycle")[0].record_id
        start = time.process_time()
        pack = evidence_pack.prepare(kit, cycle, audience_named("jsna"), TEN)
        evidence_pack.write(kit, pack, folder / "pack")
        whole = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    return {"seconds": whole - search.seconds, "search": search.seconds, "peak": peak}


class _Timed:
    """A function with the processor time that it took."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.seconds = function, 0.0

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        start = time.process_time()
        try:
            return self.function(*arguments, **options)
        finally:
            self.seconds += time.process_time() - start


def main(step: str, folder: str, respondents: str = "0") -> None:
    """Run one step in its own process; prints what it measured as JSON."""
    path = Path(folder)
    print(json.dumps(make(path, int(respondents)) if step == "make" else write(path)))


if __name__ == "__main__":
    main(*sys.argv[1:])
