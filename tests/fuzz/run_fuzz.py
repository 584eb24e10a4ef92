"""Coverage-guided fuzzing of every reader of a stranger's bytes, by hand, with atheris installed.

    python tests/fuzz/run_fuzz.py --minutes 60              all targets in turn, for an hour of wall-clock time
    python tests/fuzz/run_fuzz.py --minutes 60 csv ods      two of them
    python tests/fuzz/run_fuzz.py --one csv FILE...         what one target makes of some inputs

What is found lies in the folder `found` under --scratch, with the inputs that reached something new; `corpus` beside this
file is only read.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
#: Megabytes that a target may use, and seconds for one input.
MEMORY, SECONDS = 700, 25
#: Readers that run in a process with limits of its own.
BOUNDED = ("workbook", "xlsx", "ods")


def fuzz(name: str, options: list[str]) -> None:
    """Fuzz one target in this process, with libFuzzer's options."""
    import atheris  # type: ignore[import-not-found, unused-ignore]

    sys.path.insert(0, str(HERE))
    with atheris.instrument_imports(include=["fieldkit", "xlrd"]):
        from fuzz_targets import give

    if name in BOUNDED:
        # As in the helper process for workbooks: more memory is refused.
        import resource

        from fieldkit.importing.reading.workbook_process import MEMORY as READERS_MEMORY

        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + READERS_MEMORY, resource.RLIM_INFINITY))
    atheris.Setup([sys.argv[0], *options], lambda data: give(name, data))
    atheris.Fuzz()


def one_slice(name: str, scratch: Path, seconds: int) -> tuple[int, bool]:
    """Fuzz one target for some seconds in a separate process; returns the number of inputs, and whether one failed."""
    inputs, failures = scratch / "inputs" / name, scratch / "failures"
    for folder in (inputs, failures):
        folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, __file__, "--target", name, "--", str(inputs), str(CORPUS / name),
         f"-max_total_time={seconds}", f"-rss_limit_mb={MEMORY}", "-malloc_limit_mb=0", f"-timeout={SECONDS}", "-max_len=20000",
         "-print_final_stats=1", "-verbosity=0", f"-artifact_prefix={failures}/{name}-"],
        capture_output=True, text=True, check=False, errors="replace",
    )  # fmt: skip
    printed = done.stdout + done.stderr
    (scratch / f"{name}.log").write_text(printed)
    counted = re.findall(r"number_of_executed_units:\s*(\d+)", printed)
    return int(counted[-1]) if counted else 0, done.returncode != 0


def main() -> None:
    sys.path.insert(0, str(HERE))
    parser = argparse.ArgumentParser()
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--slice", type=int, default=120, help="seconds that a target is fuzzed at a time")
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()) / "fieldkit-fuzz")
    parser.add_argument("--target")
    parser.add_argument("--one")
    given, rest = parser.parse_known_args()
    if given.target:
        fuzz(given.target, [word for word in [*given.targets, *rest] if word != "--"])
        return
    from fuzz_targets import TARGETS, give

    if given.one:
        for path in given.targets:
            give(given.one, Path(path).read_bytes())
        return
    names = given.targets or list(TARGETS)
    until = time.monotonic() + given.minutes * 60
    totals = {name: {"inputs": 0, "seconds": 0.0, "failures": 0} for name in names}
    while time.monotonic() < until:
        for name in names:
            left = until - time.monotonic()
            if left < 5:
                break
            began = time.monotonic()
            inputs, failed = one_slice(name, given.scratch, max(5, int(min(given.slice, left))))
            total = totals[name]
            total["inputs"] += inputs
            total["seconds"] += time.monotonic() - began
            total["failures"] += failed
            (given.scratch / f"totals-{names[0]}.json").write_text(json.dumps(totals, indent=1))
            print(f"{name}: {total['inputs']:,} inputs, {total['failures']} failures", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
