"""Private mentoring notes: only for the mentor, never in a bundle."""

from __future__ import annotations

from fieldkit.records.schema.field import day, link, text
from fieldkit.records.schema.kind import Kind, Record, register

NOTE = Kind(
    "note",
    "Private note",
    "private notes",
    "What a mentor writes for themselves. It never leaves this laptop.",
    shared=False,
    says_where=True,
    label=("date", "notes"),
)


@register(NOTE)
class Note(Record, table=True):
    """A mentor's own note on a session, with the four GROW questions as prompts."""

    session: str | None = link(
        "session", "Mentoring session", "Which session it belongs to.", step="Note", listed=True
    )
    date: str | None = day("Date", "The day it is about.", step="Note", listed=True)
    notes: str | None = text("Notes", "For your eyes only.", step="Note", required=True, listed=True)
    goal: str | None = text("Goal", "What does the mentee want to reach?", step="Prompts")
    reality: str | None = text("Reality", "Where are they now?", step="Prompts")
    options: str | None = text("Options", "What could they do?", step="Prompts")
    way_forward: str | None = text("Way forward", "What will they do, and when?", step="Prompts")
