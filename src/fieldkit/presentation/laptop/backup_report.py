"""A backup that was just written: its name, and the sentences about it and its test."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from fieldkit.errors import Misuse
from fieldkit.paths import BACKUP_ENDING
from fieldkit.presentation.wording import counted, size_of

_TESTED = "The backup is tested: every record is there."
FAILED = "Restoring it did not give the same kit. Make another one, on another stick."


def backup_path(chosen: Path) -> Path:
    """The file that a backup is written to: in a folder, a name with the time; a name without an ending gets that of backups.

    Raises:
        Misuse: it is the name of another sort of file.
    """
    if chosen.is_dir():
        return chosen / f"fieldkit-{time.strftime('%Y-%m-%d-%H%M%S')}{BACKUP_ENDING}"
    path = chosen if chosen.suffix else chosen.with_suffix(BACKUP_ENDING)
    if path.suffix.lower() != BACKUP_ENDING:
        raise Misuse(
            f"A backup's name ends in {BACKUP_ENDING}",
            kept="Nothing was written.",
            hint=f"For example: {chosen.name}{BACKUP_ENDING}",
        )
    return path


def written_line(path: Path, records: int) -> str:
    """What was written, how much and where."""
    return f"Wrote {path}: {counted(records, 'record')}, {size_of(path.stat().st_size)}."


def tested_lines(findings: Sequence[str]) -> list[str]:
    """The outcome of its test, a sentence each; `findings` are the differences between the restored kit and this one."""
    return [FAILED, *findings] if findings else [_TESTED]


def tested_notice(path: Path) -> str:
    """The notice of a backup that passed its test."""
    return f"{_TESTED} {path}"
