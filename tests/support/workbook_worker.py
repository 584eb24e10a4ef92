"""Reads the table named on the command line; prints the result and the memory used, as JSON.

It is a separate process, since the memory of a new process includes that of its parent.
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
    # For this process, that figure would include the memory of the parent that it was forked from.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    report["here"] = int(status["VmHWM"].split()[0]) << 10
    sys.stdout.write(json.dumps(report))
