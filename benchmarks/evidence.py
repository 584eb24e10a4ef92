"""The summary against the same columns read from Parquet; use compared from two files, by processor time."""

from __future__ import annotations

import csv
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.making import fill, make_hub
from fieldkit.insight.frames import frame
from fieldkit.insight.summary import wanted
from fieldkit.presentation.summary_texts import read_summary
from fieldkit.store.kit import Kit

DATA = Path(__file__).parent.parent / "tests" / "data"
FIGURES = DATA / "talking-therapies-2024-25-birmingham-solihull.csv"
PEOPLE = DATA / "census-2021-ethnic-group-by-district.csv"
_COMMAND = [
    *(
        "utilisation",
        "--data",
        str(FIGURES),
        "--population",
        str(PEOPLE),
        "--districts",
        "Birmingham,Solihull",
    ),
    *("--org", "QHL", "--measure", "referrals_received", "--json"),
]


def make(folder: Path, records: int) -> None:
    """Make a kit with `records` records of feedback, and a Parquet file of the columns that a summary reads."""
    kit, _ = make_hub(folder / "kit")
    fill(kit, records)
    columns = frame(kit, "feedback", wanted()["feedback"])
    for name in columns:
        if columns[name].dtype == object:
            columns[name] = columns[name].astype("string")
    columns.to_parquet(folder / "feedback.parquet", engine="pyarrow")
    kit.close()


def summarise(folder: Path) -> dict[str, float]:
    """The processor seconds of the summary, and this process's peak memory in MB."""
    import pandas  # noqa: F401 - both steps have it loaded before they start

    kit = Kit.open(folder / "kit")
    start = time.process_time()
    people = read_summary(kit).people
    took = time.process_time() - start
    kit.close()
    return {"seconds": took, "peak": _peak(), "people": people}


def read(folder: Path) -> dict[str, float]:
    """The processor seconds that pandas takes to read the Parquet file."""
    import pandas as pd

    start = time.process_time()
    rows = len(pd.read_parquet(folder / "feedback.parquet", engine="pyarrow"))
    return {"seconds": time.process_time() - start, "peak": _peak(), "rows": rows}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000


def compare_use(runs: int) -> tuple[float, float]:
    """Median processor seconds: of the command in its own process, and of a process that reads both files with csv."""
    both: list[tuple[float, float]] = []
    for _ in range(runs):
        ours = _processor_time([sys.executable, "-m", "fieldkit", *_COMMAND])
        script = "import csv,sys\nfor name in sys.argv[1:]: print(sum(1 for _ in csv.DictReader(open(name, encoding='utf-8'))))"
        both.append((ours, _processor_time([sys.executable, "-c", script, str(FIGURES), str(PEOPLE)])))
    ours, theirs = (sorted(times)[runs // 2] for times in zip(*both, strict=True))
    return ours, theirs


def _processor_time(arguments: list[str]) -> float:
    before = os.times()
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def rows_of_figures() -> int:
    """The number of rows in the provider's file."""
    with FIGURES.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


def main(step: str, folder: str, records: str = "0") -> None:
    """Run one step in its own process; prints what it measured as JSON."""
    path = Path(folder)
    done = {
        "make": lambda: make(path, int(records)),
        "summarise": lambda: summarise(path),
        "read": lambda: read(path),
    }
    print(json.dumps(done[step]() or {}))


if __name__ == "__main__":
    main(*sys.argv[1:])
