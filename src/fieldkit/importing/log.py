"""The log of the files that this laptop has imported: a repeated import is noticed, and each import can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fieldkit.importing.reading.sheet_source import checksum
from fieldkit.records.schema.dates import short_date
from fieldkit.records.schema.kind import Kind, Values
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import IMPORTS
from fieldkit.store.undo_log import key_of_import, undo_times
from fieldkit.store.write.adding import Adding
from fieldkit.text import displayed_line, plural


def mark_of(kind: Kind, source: Path | bytes) -> str:
    """The hash that identifies a file, for records of one kind."""
    return checksum(source, kind.name)


@dataclass(frozen=True)
class EarlierImport:
    """The imports of one file that were not undone: when the last was (milliseconds since 1970), and the rows stored by all."""

    at: int
    stored: int


def imported_before(kit: Kit, mark: str) -> EarlierImport | None:
    """The earlier imports of the file with this `mark`; None if there are none, or all were undone."""
    undone = undo_times(kit)
    earlier = [
        entry
        for entry in kit.settings.get(IMPORTS)
        if entry.get("mark") == mark and key_of_import(entry["number"]) not in undone
    ]
    if not earlier:
        return None
    return EarlierImport(int(earlier[-1]["at"]), sum(int(entry["stored"]) for entry in earlier))


def imported_on(earlier: EarlierImport) -> str:
    """A sentence: this same file was imported before, and when."""
    try:
        day = f", on {short_date(datetime.fromtimestamp(earlier.at / 1000).date().isoformat())}"
    except (ValueError, OverflowError, OSError):  # the clock was set to a time outside the calendar
        day = ""
    return f"This very file was imported here before{day}."


def stored_again(kit: Kit, earlier: EarlierImport, stored: int, here: int, dry_run: bool) -> str:
    """A sentence for `stored` more rows of a file of which `here` were recognised; "" if none can be here twice."""
    if not stored or here >= earlier.stored:
        return ""
    sentence = f"{imported_on(earlier)} {plural(earlier.stored, '1 row was', '{n} rows were')} stored then; "
    if dry_run:
        return f"{sentence}{plural(stored, '1 row', '{n} rows')} would be stored now, and may then be here twice."
    number = len(kit.settings.get(IMPORTS)) + 1
    stored_now = plural(stored, "1 row is", "{n} rows are")
    return f"{sentence}{stored_now} stored now, and may be here twice. If so: fieldkit undo --import {number}"


def remember(
    kit: Kit,
    add: Adding,
    mark: str,
    kind: Kind,
    source: Path | bytes,
    stored: int,
    refused: int = 0,
    refused_file: str = "",
    here: int = 0,
) -> int:
    """Store in the same transaction which file was imported and which changes it made: whenever the program is killed, an
    import that is kept can be undone as a whole.

    Returns the import's number. `mark` is `mark_of` the file; `refused` rows went into `refused_file`, `here` were here already.
    """
    with add.changing(IMPORTS) as imports:
        number = len(imports.value) + 1
        entry = {
            "number": number,
            "mark": mark,
            "name": displayed_line(source.name) if isinstance(source, Path) else "standard input",
            "kind": kind.name,
            "at": kit.clock(),
            "stored": stored,
            "refused": refused,
            "here": here,
            "refused_file": displayed_line(Path(refused_file).name),
            "spans": add.spans,
        }
        imports.value = [*imports.value, entry]
    return number


def undoable_imports(kit: Kit) -> list[Values]:
    """The imports that stored something: the others left nothing to undo, and are only kept for their refused rows."""
    return [entry for entry in kit.settings.get(IMPORTS) if entry["spans"]]


def changes_of(entry: Values) -> int:
    """How many changes an import made: its rows, and what they needed, such as a data set for figures or new terms."""
    return sum(last - first + 1 for _, first, last in entry["spans"])


def refused_rows(kit: Kit) -> list[tuple[str, str, int]]:
    """(file, kind, rows) of the rows that imports on this laptop refused and no later import has stored.

    Importing the file of refused rows, or at least as many rows under the file's own name, leaves only the rows refused then.
    An import that was undone does not count.
    """
    undone = undo_times(kit)
    waiting: dict[tuple[str, str], tuple[int, int]] = {}
    sources: dict[tuple[str, str], tuple[str, str]] = {}
    for entry in kit.settings.get(IMPORTS):
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
