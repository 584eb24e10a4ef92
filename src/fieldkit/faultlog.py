"""A log of unforeseen errors, for whoever helps; it contains nothing that was recorded."""

from __future__ import annotations

import os
from pathlib import Path

ERRORS_FILE = "errors.log"
#: A larger log is begun anew, in bytes: a stick full of bad files can't fill the disk with notes.
LONGEST = 1 << 20


def log_fault(folder: Path, what: str, error: BaseException) -> str:
    """Log where an error arose in errors.log beside the kit; returns the file's path, "" if that failed too.

    `what` was being done: “saving”. Only types and code locations of the error and its causes are logged: a message may hold
    text that belongs in the encrypted file only. A missing folder is not created.
    """
    import traceback
    from datetime import UTC, datetime

    lines = [f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC while {what}"]
    met: list[BaseException] = []
    seen: BaseException | None = error
    while seen is not None and seen not in met:
        met.append(seen)
        frames = traceback.extract_tb(seen.__traceback__)
        lines += [type(seen).__name__, *(f"  {call.filename}:{call.lineno} {call.name}" for call in frames)]
        seen = seen.__cause__ or seen.__context__
    path = folder / ERRORS_FILE
    try:
        if not folder.is_dir():
            return ""
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        if path.is_file() and path.stat().st_size > LONGEST:
            flags |= os.O_TRUNC
        handle = os.open(path, flags, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8", errors="backslashreplace") as file:
            file.write("\n".join(lines) + "\n\n")
    except (OSError, ValueError):
        return ""
    return str(path)
