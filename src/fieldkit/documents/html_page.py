"""A document as one HTML page, which loads nothing from outside and runs no code."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from fieldkit.documents.blocks import (
    Block,
    Chart,
    Code,
    Document,
    Heading,
    Items,
    Paragraph,
    Table,
    printable,
    printed,
)
from fieldkit.documents.table_cells import MOST_TOGETHER, is_numeric, with_tables

_MOST_BESIDE = 4
"""The most columns beside each other on a phone."""
_TELEPHONE, _LONG_WORD = 34, 24
"""Characters: the longest words of all columns that fit on a phone; a word that is broken rather than moved."""
_SHORT_CELL = 12
"""The most characters of a cell that is never broken, such as a date."""
_LONG_KEY = 34
"""Characters of a line in a chart's key beyond which it takes both columns."""
_SHORT_LIST = 600
"""The most characters of a list that is kept on one page."""
_SHORT_TABLE = 2_500
"""The most characters of a table that is kept on one page."""
_SHORT_SECTION = 1_500
"""The most characters of a section of text that is kept on one page."""


@dataclass(frozen=True)
class _Placed:
    """A block as the template needs it. `table` is written after it; `above` is the title of the table above that holds its
    numbers. `id`: of a heading. `classes`: how it keeps together on paper. `opens`, `closes`: whether a part that keeps
    together begins before it, or ends after it.
    """

    kind: str
    it: Block
    table: Table | None
    above: str
    id: str = ""
    classes: str = ""
    opens: bool = False
    closes: bool = False


def html_page(document: Document) -> bytes:
    """The page in UTF-8: self-contained, charts as SVG, no script, and a content security policy that forbids all else.

    Raises:
        ExtraMissing: matplotlib, for a chart, is not installed.
    """
    from fieldkit.documents.charts.render import chart_svg

    folder = files("fieldkit.documents")
    style = (folder / "page.css").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "printable": printable,
        "long": lambda line: len(line) > _LONG_KEY,
        "brief": lambda cell: len(printed(cell)) <= _SHORT_CELL,
        "printed": printed,
        # Keep a percent sign on the line of its number.
        "sentence": lambda text: printable(text).replace(" %", "\u00a0%"),
        "layout": _layout,
        # Drawn by fieldkit, then parsed and rewritten, so its texts are escaped.
        "svg": lambda chart: Markup(chart_svg(chart)),
    }
    environment.tests["numeric"] = is_numeric
    blocks = _placed(document)
    page = environment.from_string((folder / "page.html.jinja").read_text(encoding="utf-8")).render(
        document=document,
        blocks=blocks,
        contents=[
            (block.id, block.it.text) for block in blocks if isinstance(block.it, Heading) and block.id
        ],
        style=Markup(style),
        style_hash=base64.b64encode(sha256(style.encode()).digest()).decode(),
    )
    return page.encode("utf-8")


def _layout(table: Table) -> str:
    """The classes of a table: whether its rows are stacked on a phone, and whether it has a word too long for a line."""
    columns = zip(
        [column.title for column in table.columns],
        *([printed(cell) for cell in row] for row in table.rows),
        strict=True,
    )
    longest_words = [max(map(len, " ".join(column).split()), default=0) for column in columns]
    classes = (
        ["wide"]
        if len(longest_words) > _MOST_BESIDE
        or (sum(longest_words) > _TELEPHONE and max(longest_words) <= _LONG_WORD)
        else []
    )
    classes += ["narrow"] if len(longest_words) < _MOST_BESIDE else []
    characters = sum(len(printed(cell)) for row in table.rows for cell in row)
    classes += ["short"] if len(table.rows) <= MOST_TOGETHER and characters <= _SHORT_TABLE else []
    classes += ["breaks"] if max(longest_words, default=0) > _LONG_WORD else []
    return " ".join(classes)


def _placed(document: Document) -> list[_Placed]:
    blocks = with_tables(document.blocks)
    placed, sections, is_open = [], 0, False
    for at, (block, table, above) in enumerate(blocks):
        after = blocks[at + 1][0] if at + 1 < len(blocks) else None
        id_ = ""
        if isinstance(block, Heading) and block.level == 1:
            sections += 1
            id_ = f"section-{sections}"
        opens = not is_open and isinstance(block, Heading) and _keeps_together(block, blocks[at + 1 :])
        is_open = is_open or opens
        closes = is_open and isinstance(after, Heading | None)
        is_open = is_open and not closes
        placed.append(
            _Placed(type(block).__name__, block, table, above, id_, _keeping(block, after), opens, closes)
        )
    return placed


def _keeps_together(heading: Heading, following: Sequence[tuple[Block, Table | None, str]]) -> bool:
    """Whether the section below a heading consists of short text only, which is then kept on one page with its heading."""
    own = [
        block for block, _, _ in itertools.takewhile(lambda each: not isinstance(each[0], Heading), following)
    ]
    if heading.new_page or any(isinstance(block, Table | Chart) for block in own):
        return False
    return sum(map(_characters, own)) <= _SHORT_SECTION


def _characters(block: Block) -> int:
    match block:
        case Items():
            return sum(map(len, block.items))
        case Table() | Chart():
            return 0
        case _:
            return len(block.text)


def _keeping(block: Block, after: Block | None) -> str:
    """The class of a block that keeps together on paper, in itself or with the table or chart that it introduces."""
    if isinstance(block, Heading):
        return "new-page" if block.new_page else ""
    if isinstance(block, Paragraph) and isinstance(after, Table | Chart | Code | Items):
        return "lead"
    if isinstance(block, Items) and sum(map(len, block.items)) <= _SHORT_LIST:
        return "whole"
    return ""
