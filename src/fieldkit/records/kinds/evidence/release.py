"""Releases: what was printed for whom, kept unchanged, so that a later pack can't reveal what this one hid."""

from __future__ import annotations

from fieldkit.records.schema.dates import in_order
from fieldkit.records.schema.field import choice, day, line, link, links, text
from fieldkit.records.schema.kind import Kind, Record, register

#: The most characters of a release's statements; a bundle allows 64 KB per field.
LONGEST_STATEMENTS = 60_000

RELEASE = Kind(
    "release",
    "Release",
    "releases",
    "A pack or bulletin that was written for others: which statements and quotes it printed. It is never changed.",
    coordinator_only=True,
    by_command="fieldkit evidence --help",
    label=("audience", "date", "cycle"),
    rules=(in_order("period_from", "period_to"),),
    desk=True,
    lasting=True,
)


@register(RELEASE)
class Release(Record, table=True):
    """One release. Only coordinators make releases, and no invitation contains them."""

    cycle: str | None = link("cycle", "Cycle", "The cycle that was released.", step="Release", listed=True)
    period_from: str | None = day("Period from", "The first day of the period.", step="Release")
    period_to: str | None = day("Period to", "The last day of the period.", step="Release")
    audience: str | None = choice("audience", "Audience", "Whom it was for.", step="Release", listed=True)
    preset: str | None = choice(
        "disclosure_preset",
        "Preset",
        "How small numbers were hidden.",
        step="Release",
        required=True,
        listed=True,
    )
    statements: str | None = text(
        "Statements",
        "The statements as printed, as JSON.",
        step="Content",
        required=True,
        length=LONGEST_STATEMENTS,
    )
    quotes: list[str] | None = links("quote", "Quotes", "The quotes that it printed.", step="Content")
    state_hash: str | None = line(
        "State of the kit",
        "The hash of the records that it was made from.",
        step="Content",
        required=True,
        pattern=r"[0-9a-f]{64}",
        pattern_help="a SHA-256 of 64 hexadecimal digits",
    )
    pack_hash: str | None = line(
        "Pack",
        "The pack's own id.",
        step="Content",
        required=True,
        pattern=r"[0-9a-f]{64}",
        pattern_help="a SHA-256 of 64 hexadecimal digits",
    )
    released_by: str | None = line(
        "Released by", "Who released it.", step="Content", required=True, listed=True
    )
    date: str | None = day("Date", "The day of the release.", step="Content", required=True, listed=True)
