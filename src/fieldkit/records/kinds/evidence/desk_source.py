"""Desk sources: published reports and studies that a cycle draws on."""

from __future__ import annotations

from fieldkit.records.schema.field import choice, day, line, number, text
from fieldkit.records.schema.kind import Kind, Record, register

DESK_SOURCE = Kind(
    "desk_source",
    "Published source",
    "published sources",
    "A report, study or policy that was read, with what it finds.",
    label=("title", "year"),
    desk=True,
    lasting=True,
)


@register(DESK_SOURCE)
class DeskSource(Record, table=True):
    """One source, and one finding from it."""

    __tablename__ = "desk_source"

    title: str | None = line(
        "Title", "As it is printed in the source.", step="Source", required=True, listed=True, length=500
    )
    authors: str | None = line("Authors", "Who wrote it.", step="Source", listed=True, length=500)
    year: int | None = number(
        "Year", "The year in which it was published.", step="Source", minimum=1800, maximum=2199, listed=True
    )
    source_kind: str | None = choice(
        "source_kind", "About", "What its finding is about.", step="Source", listed=True
    )
    url: str | None = line("Web address", "Where it can be found.", step="Source", length=500)
    licence: str | None = line("Licence", "How it may be used.", step="Source")
    finding: str | None = text("Finding", "What it finds, in a few sentences.", step="Finding", required=True)
    quality: str | None = line(
        "Quality", "How far it can be relied on, for example one small survey.", step="Finding"
    )
    read_on: str | None = day("Read on", "The day on which you read it.", step="Finding")
