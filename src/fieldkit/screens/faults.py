"""Notes on errors that nobody foresaw, for whoever helps; nothing that was recorded is in them."""

from __future__ import annotations

import traceback
from datetime import datetime
from pathlib import Path


def log_fault(folder: Path, what: str, error: BaseException) -> str:
    """Write where an error arose into errors.log beside the kit; returns the file's path, "" if that failed
    too.

    Only its type and its places in the program: a message may hold words that belong into the encrypted file
    alone.
    """
    places = "".join(
        f"  {frame.filename}:{frame.lineno} in {frame.name}\n"
        for frame in traceback.extract_tb(error.__traceback__)
    )
    entry = f"{datetime.now().isoformat(' ', 'seconds')} while {what}: {type(error).__name__}\n{places}"
    path = folder / "errors.log"
    if not folder.is_dir():
        return ""
    try:
        with path.open("a", encoding="utf-8") as log:
            log.write(entry)
        path.chmod(0o600)
    except OSError:
        return ""
    return str(path)
