"""Reads the table named on the command line, and prints what became of it and the memory that it took, as JSON.

A process of its own, since the memory of one that was just started counts that of the one it was started from.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from fieldkit.errors import FieldkitError
from fieldkit.importing.reading.sheet_reader import read_sheet

if __name__ == "__main__":
    report = {}
    try:
        rows = sum(1 for _ in read_sheet(Path(sys.argv[1])).rows())
    except FieldkitError as error:
        report = {"message": error.message, "kept": error.kept, "hint": error.hint}
    else:
        report = {"rows": rows}
    report["helper"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10
    # The same figure of this process counts that of the one which it was split off from.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    report["here"] = int(status["VmHWM"].split()[0]) << 10
    sys.stdout.write(json.dumps(report))
