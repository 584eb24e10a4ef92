"""Merging: new records against the raw limit of the encrypted database, edits, and the same bundles again."""

from __future__ import annotations

import contextlib
import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher

from benchmarks.making import comments, feedback, make_creates, make_edits, make_hub
from fieldkit.store.db.engine import CACHE_KIB
from fieldkit.store.kit import Kit
from fieldkit.sync.bundle.prefetch import Ahead
from fieldkit.sync.merge.files import files_in
from fieldkit.sync.merge.merge import merge
from fieldkit.sync.network.identity import identity


def make(folder: Path, bundles: int, each: int) -> dict[str, float]:
    """Make a hub, `bundles` files of `each` new records in `creates/`, and files that edit one record in ten in `edits/`."""
    hub, me = make_hub(folder / "hub")
    seen = make_creates(folder / "creates", hub, me, bundles, each)
    edits = make_edits(folder / "edits", hub, me, seen, each)
    hub.close()
    size = sum(path.stat().st_size for path in (folder / "creates").iterdir())
    return {"edits": edits, "bytes": size / (bundles * each)}


@contextlib.contextmanager
def watched() -> Iterator[list[int]]:
    """Collects the peak memory (KiB) of each process that opens bundles ahead, just before it is ended.

    Pages of mapped files are left out: they are the interpreter and libraries, which the merging process maps too, so the
    machine holds them once.
    """
    peaks: list[int] = []
    close = Ahead.close

    def look_and_close(ahead: Ahead) -> None:
        if ahead.pid:
            status = Path(f"/proc/{ahead.pid}/status").read_text()
            peak, mapped = (int(status.partition(name)[2].split()[0]) for name in ("VmHWM:", "RssFile:"))
            peaks.append(peak - mapped)
        close(ahead)

    Ahead.close = look_and_close  # type: ignore[assignment,method-assign]  # only the benchmark measures here
    try:
        yield peaks
    finally:
        Ahead.close = close  # type: ignore[method-assign]  # only the benchmark measures here


def merging(folder: Path, which: str) -> dict[str, float]:
    """Merge the files of a subfolder into the hub."""
    hub = Kit.open(folder / "hub")
    me = identity(hub)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with watched() as beside:
        start = time.perf_counter()
        report = merge(hub, me, files_in([folder / which]))
        seconds = time.perf_counter() - start
    # The two peaks may be at different moments, so their sum is an upper bound.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + sum(beside)
    hub.close()
    if report.quarantined:
        raise SystemExit(report.quarantined[0].sentence)
    return {
        "seconds": seconds,
        "ops": report.total("new_ops"),
        "conflicts": report.total("new_conflicts"),
        "peak": peak / 1024,
        "before": before / 1024,
    }


def raw(folder: Path) -> dict[str, float]:
    """Copy exactly the rows that the merge wrote, journal and records, from file to file: the limit for any program."""
    target, _ = Kit.create(folder / "raw", None)
    target.close()
    key, source_key = ((folder / name / "key.not-encrypted").read_text() for name in ("raw", "hub"))
    connection = sqlcipher.connect(str(folder / "raw" / "fieldkit.db"), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{key}'\"")
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        f"cache_size = -{CACHE_KIB}",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute(f"ATTACH ? AS source KEY \"x'{source_key}'\"", (str(folder / "hub" / "fieldkit.db"),))
    start = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for table in ("op", "feedback"):
        copying = f"INSERT INTO {table} SELECT * FROM source.{table} WHERE true ON CONFLICT DO NOTHING"  # fixed names
        connection.execute(copying)
    connection.execute("COMMIT")
    seconds = time.perf_counter() - start
    rows = connection.execute("SELECT count(*) FROM feedback").fetchone()[0]
    connection.close()
    return {"seconds": seconds, "ops": rows}


def documents(folder: Path, count: int) -> dict[str, float]:
    """Write the same kind of records to a JSON Lines file, for another program."""
    rng, texts = random.Random(1), comments()
    with (folder / "documents.jsonl").open("w") as file:
        for number in range(count):
            file.write(
                json.dumps({"_id": f"{number:024}", "kind": "feedback", **feedback(rng, texts)}) + "\n"
            )
    return {"ops": count}


def main() -> None:
    """Run one step in its own process, to measure its memory alone: `make|merge|documents|raw FOLDER …`."""
    step, folder, *rest = sys.argv[1:]
    if step == "make":
        result = make(Path(folder), int(rest[0]), int(rest[1]))
    elif step == "merge":
        result = merging(Path(folder), rest[0])
    elif step == "documents":
        result = documents(Path(folder), int(rest[0]))
    else:
        result = raw(Path(folder))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
