"""Notes on errors that nobody foresaw, for whoever helps; nothing that was recorded is in them."""

from __future__ import annotations

import os
from pathlib import Path

ERRORS_FILE = "errors.log"
#: A log of more bytes is begun anew: no stick full of bad files fills the disk with notes.
LONGEST = 1 << 20


def log_fault(folder: Path, what: str, error: BaseException) -> str:
    """Write where an error arose into errors.log beside the kit; returns the file's path, "" if that failed too.

    `what` was being done: “saving”. Of the error and those that led to it only their types and their places in the
    program: a message may hold text that belongs into the encrypted file alone. A folder that is not there is not made.
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
