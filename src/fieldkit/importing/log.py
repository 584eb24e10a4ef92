"""Which files this laptop has taken in, so that one is not taken twice unseen, and can be taken back."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from fieldkit.records.schema.dates import spoken_date
from fieldkit.records.schema.kind import Kind
from fieldkit.store.kit import Kit
from fieldkit.store.undo_log import key_of_import, taken_back
from fieldkit.text import clean_line


def mark_of(kind: Kind, source: Path | bytes) -> str:
    """What a file is known by, for records of one kind."""
    digest = sha256(kind.name.encode())
    if isinstance(source, bytes):
        digest.update(source)
    else:
        with source.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    return digest.hexdigest()


def imported_before(kit: Kit, kind: Kind, source: Path | bytes) -> int:
    """When this very file was taken in last, in milliseconds since 1970; 0 if it never was."""
    return int(kit.desk.setting("imported_files", {}).get(mark_of(kind, source), 0))


def said_again(kit: Kit, at: int, stored: int, dry_run: bool) -> str:
    """What to say of a file that was imported before, `at` that time, and of which so many rows are stored once more."""
    try:
        day = f", on {spoken_date(datetime.fromtimestamp(at / 1000).date().isoformat())}"
    except (ValueError, OverflowError, OSError):  # the clock stood where no date is
        day = ""
    before = f"This very file was imported here before{day}."
    if not stored:
        return before
    number = len(kit.desk.setting("imports", [])) + 1
    undo = "" if dry_run else f" If that is not meant, undo it with: fieldkit undo --import {number}"
    return f"{before} Unless that was undone, rows without a reference {'would be' if dry_run else 'are'} here twice.{undo}"


def remember(
    kit: Kit,
    kind: Kind,
    source: Path | bytes,
    stored: int,
    before: int,
    refused: int = 0,
    refused_file: str = "",
    here: int = 0,
) -> int:
    """Write down which file was taken in, and which ops it made, so that the whole import can be undone.

    Returns the import's number. `before` is the last number that this laptop had given to a change until then; `refused`
    rows went into `refused_file`, `here` were here already.
    """
    after = kit.ledger.origins().get(kit.origin, 0)
    files: dict[str, int] = kit.desk.setting("imported_files", {})
    imports: list[dict[str, Any]] = kit.desk.setting("imports", [])
    number = len(imports) + 1
    entry = {
        "number": number,
        "name": clean_line(source.name) if isinstance(source, Path) else "standard input",
        "kind": kind.name,
        "at": kit.clock(),
        "stored": stored,
        "refused": refused,
        "here": here,
        "refused_file": clean_line(Path(refused_file).name),
        "spans": [(kit.origin, before + 1, after)] if after > before else [],
    }
    kit.desk.set_settings(
        {"imported_files": {**files, mark_of(kind, source): kit.clock()}, "imports": [*imports, entry]}
    )
    return number


def refused_rows(kit: Kit) -> list[tuple[str, str, int]]:
    """(file, kind, rows) of the rows that imports on this laptop refused and that no later import brought.

    Importing the file of refused rows, or at least as many rows under the file's own name, leaves what was refused then.
    An import that was undone counts for nothing.
    """
    undone = taken_back(kit)
    waiting: dict[tuple[str, str], tuple[int, int]] = {}
    sources: dict[tuple[str, str], tuple[str, str]] = {}
    for entry in kit.desk.setting("imports", []):
        refused, name = int(entry.get("refused", 0)), str(entry["name"])
        if key_of_import(entry["number"]) in undone:
            continue
        key = sources.get((entry["kind"], name), (entry["kind"], name))
        rows, before = waiting.get(key, (0, 0))
        now = refused + int(entry["stored"]) + int(entry.get("here", 0))
        corrected = key[1] != name or now >= rows
        waiting[key] = (max(rows, now), refused if corrected else before + refused)
        if file := entry.get("refused_file"):
            sources[entry["kind"], file] = key
    return [(name, kind, refused) for (kind, name), (_, refused) in waiting.items() if refused]
