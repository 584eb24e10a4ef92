"""Safeguarding concerns: a worry about harm, kept on this laptop and apart from everything else."""

from __future__ import annotations

from fieldkit.records.schema.field import clock, day, line, text
from fieldkit.records.schema.kind import Kind, Record, register

CONCERN = Kind(
    "concern",
    "Safeguarding note",
    "safeguarding notes",
    "A worry about harm. It never leaves this laptop and is in no report: tell the safeguarding lead.",
    shared=False,
    label=("date", "place", "told"),
)


@register(CONCERN)
class Concern(Record, table=True):
    """What was said or seen, where and when, and who was told. It points to no feedback and no person."""

    own_words: str | None = text(
        "What was said, in their own words",
        "Write it as you heard it. Do not ask for more, do not promise to keep it secret.",
        step="What was said",
        required=True,
    )
    about: str | None = line(
        "Who may be at risk",
        "Only what you were told: a name, or how you would know them.",
        step="What was said",
    )
    date: str | None = day("Date", "The day on which it was said.", step="What was said", listed=True)
    time: str | None = clock(
        "Time", "When it was said, for example 14:30.", step="What was said", listed=True
    )
    place: str | None = line("Place", "Where it was said.", step="What was said", listed=True)
    told: str | None = line(
        "Whom you told", "The safeguarding lead, within one working day.", step="Who was told", listed=True
    )
    told_date: str | None = day(
        "Told on", "The day on which you told them.", step="Who was told", listed=True
    )
    told_time: str | None = clock("Told at", "When you told them, as 15:00.", step="Who was told")
    written_by: str | None = line("Written by", "Your name.", step="Who was told")
