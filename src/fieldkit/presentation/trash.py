"""The trash: every deleted record of every kind, the latest deleted first, until it is erased."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.presentation.record_names import lines_by_name, named
from fieldkit.presentation.wording import when
from fieldkit.records.label import IN_LIST, LONGEST
from fieldkit.records.schema.kind import kinds
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit, Stored
from fieldkit.text import shortened

EMPTY = "The trash is empty."
MOST = 500
"""The most deleted records of one kind to list: the latest ones."""


@dataclass(frozen=True)
class Deleted:
    """One deleted record: what it is, the line that names it in a list, which may be wide, and when it was changed last."""

    record: Stored
    kind: str
    listed: str
    when: str

    @property
    def line(self) -> str:
        """The line that names it everywhere else."""
        return shortened(self.listed, LONGEST)

    @property
    def name(self) -> str:
        """Its kind and line, for use in a sentence."""
        return named(kinds()[self.record.kind], self.line)


def trash(kit: Kit) -> list[Deleted]:
    """The deleted records, latest first. Reads at most `MOST` of each kind."""
    records = [
        record
        for name, kind in kinds().items()
        if not kind.by_command
        for record in kit.page(name, 0, MOST, deleted=True)
    ]
    records.sort(key=lambda record: record.updated, reverse=True)
    terms, now = kit.terms(), kit.clock()
    listed = lines_by_name(kit, records, terms, longest=IN_LIST)
    return [
        Deleted(
            record,
            kinds()[record.kind].title,
            listed[record.name],
            when(record.updated, now),
        )
        for record in records
    ]


def deleted_named(kit: Kit, name: str) -> list[Deleted]:
    """The deleted records with this name, as the trash and the lists write it; [] if there are none."""
    asked = folded(name)
    return [each for each in trash(kit) if asked in {folded(each.line), folded(each.name)}]


def restore(kit: Kit, record: Stored) -> None:
    """Restore one deleted record.

    Raises:
        NotFound: it was erased meanwhile.
    """
    kit.restore(record.name)
