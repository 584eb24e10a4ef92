"""Rationales: why a change makes clinical sense."""

from __future__ import annotations

from fieldkit.records.schema.field import line, link, links, text
from fieldkit.records.schema.kind import Kind, Record, register

RATIONALE = Kind(
    "rationale",
    "Clinical rationale",
    "clinical rationales",
    "A claim about care and the reasons for it, with their sources.",
    label=("claim",),
    desk=True,
    lasting=True,
)


@register(RATIONALE)
class Rationale(Record, table=True):
    """One argument."""

    cycle: str | None = link(
        "cycle", "Cycle", "The cycle that it is for.", step="Claim", required=True, listed=True
    )
    claim: str | None = line(
        "Claim", "What is claimed, in a sentence.", step="Claim", required=True, listed=True, length=500
    )
    because: str | None = text("Because", "The reasons.", step="Claim", required=True)
    sources: list[str] | None = links(
        "desk_source",
        "Sources",
        "The published sources that it rests on. Several may be chosen.",
        step="Claim",
    )
    written_by: str | None = line("Written by", "Who wrote it.", step="Author", listed=True)
    role: str | None = line("Role", "The author's role, for example GP.", step="Author")
    reviewed_by: str | None = line("Reviewed by", "Who reviewed it.", step="Author")
