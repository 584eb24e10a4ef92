"""The parts of a document. Blocks are plain values: the same blocks give the same bytes in every writer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldkit.printed_figure import Figure, Shown, Star
from fieldkit.text import clean

if TYPE_CHECKING:
    from fieldkit.documents.charts.chart_kinds import Drawing

LONGEST_BLOCK = 5_000
"""Characters of one text in a document; a longer quotation or note is cut, and says so."""
CUT = " … (cut here: the text is longer)"
STAR = "*"


Cell = str | Figure
"""A cell of a table: text, or a number that passed the disclosure rules."""


@dataclass(frozen=True)
class Heading:
    """A heading; `level` 1 begins a section, 2 a subsection. `new_page`: on paper it begins a new page."""

    text: str
    level: int = 1
    new_page: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Text in sentences."""

    text: str


@dataclass(frozen=True)
class Items:
    """A list of sentences, numbered if the numbers matter."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Code:
    """A command to type, on one line that is never broken."""

    text: str


@dataclass(frozen=True)
class Note:
    """What a reader must know before using what it is beside."""

    text: str
    title: str = "Note"


@dataclass(frozen=True)
class Quotation:
    """A person's exact words, and in a word or two who said them ("" for nobody in particular)."""

    text: str
    source: str = ""


@dataclass(frozen=True)
class Column:
    """A column: its title, the unit of its numbers, and the base of its percentages or rates."""

    title: str
    unit: str = ""
    base: str = ""

    @property
    def other_unit(self) -> str:
        """The unit, unless the title already names it."""
        return "" if self.unit.casefold() == self.title.casefold() else self.unit


@dataclass(frozen=True)
class Table:
    """A table. `name` is its file name, in small letters and hyphens, unique in the document.

    Each row is as long as `columns`; its first cell names it. `about` says which people, records or answers are counted.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    about: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.name}: a row of {len(row)} cells under {len(self.columns)} columns")


@dataclass(frozen=True)
class Chart:
    """A drawing of numbers that are also in `table`, which is printed below it.

    `description` says what is drawn and how to read it, without any number that the table does not print. `key`: the meaning of
    marks, and the source of the numbers, one line each.
    """

    name: str
    title: str
    description: str
    drawing: Drawing
    table: Table
    key: tuple[str, ...] = ()


Block = Heading | Paragraph | Items | Code | Note | Quotation | Table | Chart


@dataclass(frozen=True)
class Document:
    """A document: a title, a subtitle below it, and blocks in order."""

    title: str
    blocks: Sequence[Block]
    subtitle: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    """The lines at its head: (name, value), such as ("Period", "1 to 31 May 2025")."""

    def tables(self) -> list[Table]:
        """All tables in order, including those below charts."""
        return [
            block.table if isinstance(block, Chart) else block
            for block in self.blocks
            if isinstance(block, Table | Chart)
        ]


def printable(text: str, longest: int = LONGEST_BLOCK) -> str:
    """`text` without characters that control a terminal, a page or the reading direction, cut after `longest` characters.

    Surrogates and characters that XML does not allow are left out: no writer could write them.
    """
    if len(text) > longest + len(CUT):
        text = text[:longest] + CUT
    return clean(text.translate(_NOT_IN_XML))


def printed(cell: Cell) -> str:
    """The text of a cell: `1,234`, `12 %`, or `*` if the number is hidden."""
    if isinstance(cell, str):
        return printable(cell)
    if isinstance(cell, Star):
        return STAR
    return f"{cell.value:,} {cell.unit}".rstrip()


def cell_number(cell: Cell) -> int | float | None:
    """The number of a cell, rounded as it is printed; None for text and for a hidden number."""
    if not isinstance(cell, Shown):
        return None
    return cell.value if isinstance(cell.value, int) else float(cell.value)


_NOT_IN_XML = dict.fromkeys(
    (
        0xFFFE,
        0xFFFF,
        *range(0xFDD0, 0xFDF0),
        *(plane << 16 | low for plane in range(1, 17) for low in (0xFFFE, 0xFFFF)),
    )
)
