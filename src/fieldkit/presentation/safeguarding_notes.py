"""Safeguarding notes not passed on yet, the lead to pass them to, and a note as a page to print."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from fieldkit.file_writing import write_private_file
from fieldkit.paths import unused_path
from fieldkit.presentation.value_labels import value_in_words
from fieldkit.records.kinds.concern import CONCERN
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.local.known_settings import SAFEGUARDING_LEAD
from fieldkit.text import UNBROKEN, clean_line

LONGEST_LEAD = 200
NO_LEAD = "Nobody is noted here: ask whoever runs this event, or call 101."
_WIDTH = 64
_HEAD = "Safeguarding note - confidential"
_FOOT = (
    "Hand this page to the safeguarding lead, and to nobody else. Then delete the file that it was printed from.",
)


def note_lead(kit: Kit, typed: str) -> str:
    """Store the safeguarding lead's name and number; returns them as stored."""
    lead = clean_line(typed)[:LONGEST_LEAD]
    kit.settings.put(SAFEGUARDING_LEAD, lead)
    return lead


def lead_of(kit: Kit) -> str:
    """The safeguarding lead's name and number, "" if nobody noted them."""
    return kit.settings.get(SAFEGUARDING_LEAD)


def due_here(kit: Kit) -> tuple[int, bool]:
    """How many notes are not passed on yet, and whether the lead's name and number are missing."""
    return len(not_passed_on(kit)), not lead_of(kit)


def advice_on_note(kit: Kit, values: Mapping[str, Any]) -> str:
    """What to do now about a note with these values, in sentences; "" once it was passed on."""
    if values.get("told"):
        return ""
    if lead := lead_of(kit):
        return f"Now tell the safeguarding lead: {lead}"
    return f"Now tell the safeguarding lead. {NO_LEAD}"


def not_passed_on(kit: Kit) -> list[Stored]:
    """The notes without an entry on who was informed, the oldest first."""
    notes = kit.page(CONCERN.name, 0, kit.count(CONCERN.name))
    return [note for note in reversed(notes) if not note.values.get("told")]


def write_note(kit: Kit, folder: Path, record_id: str) -> Path:
    """Write a note as a page to print, under a free name in `folder` that reveals nothing of it; returns its path.

    Raises:
        NotFound: the note is gone.
        StorageError: the disk refuses; no partial file is left.
    """
    note, lead, terms = kit.get(record_id, CONCERN.name), lead_of(kit), kit.terms()
    lines = [_HEAD, "", *_wrapped(f"For the safeguarding lead: {lead or '(no name noted)'}"), ""]
    for name, spec in CONCERN.fields.items():
        value = value_in_words(spec, note.values.get(name), terms, {}, "-")
        lines += [f"{spec.title}:", *(f"    {line}" for line in _wrapped(value)), ""]
    lines += [line for paragraph in _FOOT for line in _wrapped(paragraph)]
    now = datetime.fromtimestamp(kit.clock() / 1000)
    path = unused_path(folder, f"note-{now:%Y-%m-%d-%H%M}", ".txt")
    write_private_file(path, "\r\n".join(lines).encode("utf-8-sig"))
    return path


def _wrapped(text: str) -> list[str]:
    # textwrap breaks no line at a no-break space.
    whole = re.sub(UNBROKEN, lambda match: match[0].replace(" ", "\xa0"), text)
    lines = [line for part in whole.splitlines() or [""] for line in textwrap.wrap(part, _WIDTH) or [""]]
    return [line.replace("\xa0", " ") for line in lines]
