"""`python -m benchmarks [--quick] [NAME …]`: prints every promise about speed as a ratio measured in this run."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any


def child(module: str, *arguments: object) -> dict[str, Any]:
    """Run one step in its own process; returns what it measured."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def line(name: str, figure: str, wanted: str, detail: str = "") -> None:
    """Print one result."""
    print(f"{name:<44} {figure:>10}   wanted {wanted:<12} {detail}", flush=True)


def merge(quick: bool) -> None:
    """Merging new records against the raw limit, merging them again, edits, bytes, memory."""
    bundles, each = (10, 5_000) if quick else (200, 5_000)
    step = "benchmarks.merging"
    turns = []
    with tempfile.TemporaryDirectory(prefix="fieldkit-bench-") as name:
        made = child(step, "make", name, bundles, each)
        hub, empty = Path(name) / "hub", Path(name) / "empty"
        shutil.copytree(hub, empty)
        # Alternate, because a machine's speed drifts; the median turn counts.
        for _ in range(3):
            shutil.rmtree(hub)
            shutil.rmtree(Path(name) / "raw", ignore_errors=True)
            shutil.copytree(empty, hub)
            both = child(step, "merge", name, "creates"), child(step, "raw", name)
            again = child(step, "merge", name, "creates")
            turns.append((*both, again, child(step, "merge", name, "edits")))
    creates, raw, again, _ = sorted(turns, key=lambda turn: turn[1]["seconds"] / turn[0]["seconds"])[1]
    first, *_, edits = sorted(turns, key=lambda turn: turn[0]["seconds"] / turn[3]["seconds"])[1]
    ops = bundles * each
    rate, limit, edited = ops / creates["seconds"], ops / raw["seconds"], made["edits"] / edits["seconds"]
    ratios = ", ".join(f"{turn[1]['seconds'] / turn[0]['seconds']:.2f}" for turn in turns)
    of_edits = [made["edits"] / turn[3]["seconds"] / (ops / turn[0]["seconds"]) for turn in turns]
    sizes = f"{rate:,.0f} / {limit:,.0f} records a second, {bundles} x {each:,}; in turn {ratios}"
    line("merge of new records / raw limit", f"{rate / limit:.2f}", ">= 0.50", sizes)
    line(
        "memory at the peak, MB",
        f"{creates['peak']:.0f}",
        "<= 200",
        f"{creates['before']:.0f} before the first file; {edits['peak']:.0f} with the edits; both processes together",
    )
    once_more = f"{again['seconds']:.2f} s for {bundles} bundles (wanted < 1 s)"
    line("the same bundles again / first time", f"{again['seconds'] / creates['seconds']:.4f}", "", once_more)
    line(
        "edits / new records, by rate",
        f"{edited / (ops / first['seconds']):.2f}",
        ">= 0.20",
        f"{edited:,.0f} a second, {made['edits']:,} edits; in turn {', '.join(f'{ratio:.2f}' for ratio in of_edits)}",
    )
    line("bytes a record in a bundle", f"{made['bytes']:.0f}", "")


def importing(quick: bool) -> None:
    """Importing rows of a spreadsheet against merging as many records."""
    bundles, each = (4, 5_000) if quick else (20, 5_000)
    turns = []
    with tempfile.TemporaryDirectory(prefix="fieldkit-bench-") as name:
        child("benchmarks.merging", "make", name, bundles, each)
        child("benchmarks.importing", "make", name, bundles * each)
        hub, empty = Path(name) / "hub", Path(name) / "empty"
        shutil.copytree(hub, empty)
        for _ in range(3):
            both = []
            for step in (
                ("benchmarks.merging", "merge", name, "creates"),
                ("benchmarks.importing", "bring", name),
            ):
                shutil.rmtree(hub)
                shutil.copytree(empty, hub)
                both.append(child(*step)["seconds"])
            turns.append(both)
    merged, imported = sorted(turns, key=lambda turn: turn[0] / turn[1])[1]
    rows = bundles * each
    line(
        f"import of {rows:,} rows / merge, by rate",
        f"{merged / imported:.2f}",
        ">= 0.30",
        f"{rows / imported:,.0f} / {rows / merged:,.0f} a second; in turn "
        + ", ".join(f"{merged_in / imported_in:.2f}" for merged_in, imported_in in turns),
    )


def pouchdb(quick: bool) -> None:
    """Merging new records against PouchDB replicating the same documents; needs node and its pouchdb package."""
    bundles, each = (5, 1_000) if quick else (20, 2_500)
    script = Path(__file__).with_name("replicate.js")
    if (
        shutil.which("node") is None
        or subprocess.run(["node", "-e", "require('pouchdb')"], capture_output=True).returncode
    ):
        line("merge / PouchDB replication, by rate", "left out", ">= 6", "needs node and its package pouchdb")
        return
    rates = []
    for _ in range(1 if quick else 3):
        with tempfile.TemporaryDirectory(prefix="fieldkit-bench-") as name:
            child("benchmarks.merging", "make", name, bundles, each)
            ours = child("benchmarks.merging", "merge", name, "creates")
            documents = Path(name) / "documents.jsonl"
            child("benchmarks.merging", "documents", name, bundles * each)
            theirs = json.loads(
                subprocess.run(
                    ["node", script, documents, name], check=True, capture_output=True, text=True
                ).stdout
            )
        rates.append((ours["ops"] / ours["seconds"], theirs["ops"] / theirs["seconds"]))
    mine, other = sorted(rates, key=lambda pair: pair[0] / pair[1])[len(rates) // 2]
    line(
        "merge / PouchDB replication, by rate",
        f"{mine / other:.1f}",
        ">= 6",
        f"{mine:,.0f} / {other:,.0f} a second",
    )


def start(quick: bool) -> None:
    """The first frame against a Textual hello world."""
    from benchmarks.starting import compare

    ratio, ours, hello = compare(runs=5 if quick else 15)
    line(
        "first frame / Textual hello world", f"{ratio:.2f}", "<= 1.25", f"medians {ours:.0f} / {hello:.0f} ms"
    )


def lists(quick: bool) -> None:
    """Opening a long list against a short one."""
    from benchmarks.listing import compare

    many = 10_000 if quick else 100_000
    ratio, long, short = compare(many, 100, runs=5 if quick else 9)
    line(f"list of {many:,} / list of 100", f"{ratio:.2f}", "<= 2.00", f"medians {long:.0f} / {short:.0f} ms")


def keys(quick: bool) -> None:
    """The time from a key press to the screen, in lists and forms."""
    from benchmarks.keying import compare

    many = 10_000 if quick else 100_000
    for what, median, slowest in compare(many):
        line(f"a key: {what}, {many:,} records", f"{median:.0f} ms", "<= 16 ms", f"slowest {slowest:.0f} ms")


def large(quick: bool) -> None:
    """A large kit against a small one: opening, home, saving."""
    from benchmarks.large import compare

    many = 20_000 if quick else 1_000_000
    for what, ratio, detail in compare(many, 1_000):
        line(f"{what}: {many:,} records / 1,000", f"{ratio:.2f}", "<= 1.50", detail)


def search(quick: bool) -> None:
    """The time from a key typed in the list of people or in find to its results, against counting through an index."""
    from benchmarks.searching import compare

    many = 10_000 if quick else 100_000
    for what, ratio, median, slowest in compare(many):
        line(
            f"a key in {what}, {many:,} people / a count",
            f"{ratio:.1f}",
            "<= 100 ms",
            f"median {median:.0f} ms, slowest {slowest:.0f} ms",
        )


def names(quick: bool) -> None:
    """The time from a key typed in a line for names to the people shown."""
    from benchmarks.names import keystrokes

    for many in (1_000, 10_000 if quick else 100_000):
        read, took = keystrokes(many)
        line(
            f"a key in a line for names, {many:,} people",
            f"{took[len(took) // 2]:.1f} ms",
            "<= 50 ms" if many == 1_000 else "shown",
            f"95 of 100: {took[len(took) * 95 // 100]:.1f} ms, slowest {took[-1]:.0f} ms, reading all {read:.1f} s",
        )


def stall(quick: bool) -> None:
    """The time from a key on the name line of the stall board to its matches: many known people against few."""
    from benchmarks.stall import measure

    many = 10_000 if quick else 100_000
    few, usual, lots = measure(100), measure(1_000), measure(many)
    for number, (median, slowest, enter) in ((1_000, usual), (many, lots)):
        line(
            f"a key at the stall, {number:,} people / 100",
            f"{median / few[0]:.1f}",
            "<= 50 ms" if number == 1_000 else "shown",
            f"median {median:.1f} ms, slowest {slowest:.0f} ms; Enter to the next name {enter:.0f} ms",
        )


def evidence(quick: bool) -> None:
    """A summary against reading the same columns from Parquet (needs pyarrow); use compared from two files."""
    from benchmarks.evidence import compare_use, rows_of_figures

    records, turns = (50_000 if quick else 1_000_000), []
    name = f"summary of {records:,} feedback / Parquet"
    if find_spec("pyarrow") is None:
        line(name, "left out", "shown", "needs the package pyarrow")
    else:
        with tempfile.TemporaryDirectory(prefix="fieldkit-bench-") as folder:
            child("benchmarks.evidence", "make", folder, records)
            for _ in range(3):
                turns.append(
                    tuple(child("benchmarks.evidence", step, folder) for step in ("summarise", "read"))
                )
        ours, theirs = sorted(turns, key=lambda turn: turn[0]["seconds"] / turn[1]["seconds"])[1]
        line(
            name,
            f"{ours['seconds'] / theirs['seconds']:.1f}",
            "shown",
            f"{ours['seconds']:.1f} / {theirs['seconds']:.2f} s of the processor; "
            f"{ours['peak']:.0f} / {theirs['peak']:.0f} MB at the peak",
        )
    ours, theirs = compare_use(5 if quick else 15)
    line(
        f"use compared, {rows_of_figures():,} rows / reading both files",
        f"{ours / theirs:.1f}",
        "< 1 s",
        f"{ours * 1000:.0f} / {theirs * 1000:.0f} ms of the processor, processes as a whole",
    )
    packs(quick)


def packs(quick: bool) -> None:
    """A pack of many respondents against one of few, with the search for what to hide measured separately."""
    sizes, made = (1_000, 10_000 if quick else 100_000), []
    for respondents in sizes:
        with tempfile.TemporaryDirectory(prefix="fieldkit-bench-") as folder:
            child("benchmarks.packs", "make", folder, respondents)
            made.append(child("benchmarks.packs", "write", folder))
    few, many = made
    line(
        f"a pack of {sizes[1]:,} respondents / of {sizes[0]:,}",
        f"{many['seconds'] / few['seconds']:.1f}",
        "<= 3",
        f"{many['seconds']:.1f} / {few['seconds']:.1f} s of the processor, and {many['search']:.1f} / {few['search']:.1f} s "
        f"of search; {many['peak']:.0f} / {few['peak']:.0f} MB at the peak",
    )


def protect(quick: bool) -> None:
    """Disclosure control: the search's work against the values to be shown possible; many people against few."""
    pack = child("benchmarks.protecting", 400, "search")
    line(
        "solver asked / values shown to be possible",
        f"{pack['solves'] / pack['values']:.2f}",
        "<= 1.00",
        f"{pack['shown']} of {pack['figures']} figures shown; {pack['seconds']:.1f} s of the processor",
    )
    many = 10_000 if quick else 100_000
    few, lots = (child("benchmarks.protecting", number, "count")["counted"] for number in (1_000, many))
    line(
        f"a pack of {many:,} people / 1,000, without search",
        f"{lots / few:.1f}",
        "shown",
        f"{lots * 1000:.0f} / {few * 1000:.0f} ms of the processor",
    )


def hostile(quick: bool) -> None:
    """Hostile files: peak memory, and time against an honest file of the same size."""
    from benchmarks.hostile import MOST, compare

    for what, peak, seconds, honest, size, code in compare(quick):
        line(
            what,
            f"{seconds / honest:.1f}",
            "<= 10",
            f"{peak:.0f} MB (wanted <= {MOST}), {seconds:.1f} s against {honest:.1f} s, {size / 1e3:,.0f} KB, exit {code}",
        )


BENCHMARKS: dict[str, Callable[[bool], None]] = {
    "merge": merge,
    "import": importing,
    "pouchdb": pouchdb,
    "start": start,
    "lists": lists,
    "search": search,
    "keys": keys,
    "names": names,
    "stall": stall,
    "large": large,
    "protect": protect,
    "evidence": evidence,
    "hostile": hostile,
}


def main() -> None:
    """Parse the command line and run the benchmarks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"which: {', '.join(BENCHMARKS)}; all without"
    )
    parser.add_argument("--quick", action="store_true", help="smaller sizes, in about a minute")
    asked = parser.parse_args()
    for name in asked.names or BENCHMARKS:
        if name not in BENCHMARKS:
            parser.error(f"there is no benchmark {name!r}")
        BENCHMARKS[name](asked.quick)


if __name__ == "__main__":
    main()
