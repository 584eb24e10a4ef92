"""Importing a spreadsheet against merging as many new records, in one run."""

from __future__ import annotations

import csv
import json
import random
import sys
import time
from pathlib import Path

from benchmarks.making import comments, feedback
from fieldkit.importing.choices import Choices
from fieldkit.importing.importer import import_rows
from fieldkit.records.schema.kind import kind
from fieldkit.records.schema.parse import labelled
from fieldkit.store.kit import Kit

LEFT_TO_GROUND = "consent_record"


def make(folder: Path, rows: int) -> dict[str, float]:
    """Write `rows.csv`: the same kind of records as the merge has, with answers and dates as people write them."""
    rng, texts = random.Random(5), comments()
    fields = kind("feedback").fields
    with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        names = [name for name in feedback(rng, texts) if name != LEFT_TO_GROUND]
        out.writerow(["reference", *names])
        for number in range(rows):
            record = feedback(rng, texts)
            cells = [
                labelled(fields[name], record[name]) if fields[name].codes else record[name] for name in names
            ]
            day = names.index("date")
            cells[day] = "/".join(reversed(str(cells[day]).split("-")))
            out.writerow([f"R-{number:07}", *cells])
    return {"bytes": (folder / "rows.csv").stat().st_size / rows}


def bring(folder: Path) -> dict[str, float]:
    """Import `rows.csv` into the hub's kit."""
    hub = Kit.open(folder / "hub")
    start = time.perf_counter()
    done = import_rows(
        hub, "feedback", folder / "rows.csv", choices=Choices(understood=True, consent="signed forms")
    )
    seconds = time.perf_counter() - start
    hub.close()
    if done.refused or done.here:
        raise SystemExit(f"{done.refused} rows were refused: {done.problems[:3]}")
    return {"seconds": seconds, "rows": done.stored}


def main() -> None:
    """Run one step in its own process: `make FOLDER ROWS`, `bring FOLDER`."""
    step, folder, *rest = sys.argv[1:]
    result = make(Path(folder), int(rest[0])) if step == "make" else bring(Path(folder))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
