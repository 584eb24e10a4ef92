"""What a section is written from: the facts of a cycle, the figures that may be printed, and words for both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldkit.documents.blocks import Block, Cell, Column, Heading, Paragraph, Table
from fieldkit.insight.disclosure.definitions import TOTAL
from fieldkit.insight.disclosure.protection import Protected, ProtectedTable
from fieldkit.insight.disclosure.thresholds import Preset
from fieldkit.insight.statistics.proportions import wilson
from fieldkit.presentation.cycle.printable_quotes import PrintableQuote
from fieldkit.presentation.pack.audiences import Audience
from fieldkit.presentation.pack.pack_facts import PackFacts
from fieldkit.printed_figure import STAR, Figure, Shown
from fieldkit.records.schema.dates import short_date

STARRED = "* A number that is not shown. A star is a small number, or protects one; the two look alike."


@dataclass(frozen=True)
class Material:
    """Everything that the sections of one pack use. No section sees a count of people that is not in `protected`."""

    facts: PackFacts
    audience: Audience
    addressee: str
    preset: Preset
    protected: Protected
    quotes: tuple[PrintableQuote, ...] = ()
    before: tuple[Block, ...] = ()
    """The blocks of the sections before this one."""
    missing: list[str] = field(default_factory=list)
    """What a section lacked, a sentence each: for the coordinator and for the gaps in knowledge."""

    def table(self, name: str) -> ProtectedTable | None:
        """The table of people with that name, None if nobody is in it."""
        named = next((table for table in self.protected.tables if table.name == name), None)
        return named if named is not None and named.rows else None

    def figure(self, table: str, row: str, column: str) -> Figure:
        """One figure of people; a star if there is none."""
        protected = self.table(table)
        return STAR if protected is None else protected.figures.get((row, column), STAR)

    @property
    def feedback_source(self) -> str:
        """The source of numbers of people, in a line for charts."""
        days = [
            short_date(str(self.facts.values[name]))
            for name in ("date_from", "date_to")
            if self.facts.values.get(name)
        ]
        period = " to ".join(days)
        return f"Source: feedback of this cycle{f', {period}' if period else ''}. People, each counted once."

    def star_key(self, *cells: Cell) -> tuple[str, ...]:
        """What a star in a chart means; empty if there is no star."""
        return ("* A number that is not shown.",) if STAR in cells else ()

    def lacks(self, title: str, sentence: str) -> list[Block]:
        """A section with nothing but this sentence, which is also noted as missing."""
        self.missing.append(sentence)
        return [Heading(title), Paragraph(sentence)]


def people_table(
    table: ProtectedTable,
    title: str,
    first: str,
    *,
    about: str = "People, each counted once",
    columns: Mapping[str, Column] | None = None,
    total: str = "Everybody",
) -> Table:
    """A table of people as a block of a document: everybody in the last row, and a note on stars."""
    known = columns or {}
    named = [known.get(column, _column(column)) for column in table.columns]
    labels = [row for row in table.rows if row != TOTAL]
    rows = [
        (label, *(table.figures.get((label, column), STAR) for column in table.columns)) for label in labels
    ]
    if len(labels) != 1 or TOTAL not in table.rows:
        rows.append((total, *(table.figures.get((TOTAL, column), STAR) for column in table.columns)))
    starred = any(cell == STAR for row in rows for cell in row)
    return Table(
        table.name, title, (Column(first), *named), tuple(rows), about, (STARRED,) if starred else ()
    )


def interval(share: Figure, base: Figure) -> str:
    """The 95 % interval of a printed share of a printed number of people, `" (79 to 87 %)"`; "" if one is hidden.

    It follows from the two printed numbers alone, so it reveals nothing more. Wilson's limits, in whole per cents.
    """
    if not (isinstance(share, Shown) and isinstance(base, Shown)) or not base.value:
        return ""
    people = float(base.value)
    limits = wilson(min(float(share.value) * people / 100, people), people)
    if limits is None:
        return ""
    return f" ({int(100 * limits[0] + 0.5)} to {int(100 * limits[1] + 0.5)} %)"


def _column(name: str) -> Column:
    return Column("People", "people") if name == TOTAL else Column(name)
