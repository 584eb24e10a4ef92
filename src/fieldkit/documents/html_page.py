"""A document as one HTML page: nothing outside it is asked for, nothing in it runs."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from fieldkit.documents.blocks import Block, Chart, Document, Heading, Table, printable, printed
from fieldkit.documents.table_cells import is_numeric

_MOST_BESIDE = 4
"""Columns that stand beside each other on a telephone."""
_TELEPHONE, _LONG_WORD = 34, 24
"""Characters of the longest words of all columns that fit a telephone, and of a word that is broken rather than moved."""
_MOST_TOGETHER = 12
"""Rows of a table that is not parted over two pages."""


@dataclass(frozen=True)
class _Placed:
    """A block as the template asks for it. The table of several charts stands once, beneath the last of the first ones.

    `id`: of a heading; of a chart, the title of its table where that stands further up.
    """

    kind: str
    it: Block
    id: str = ""
    with_table: bool = True


def html_page(document: Document) -> bytes:
    """The page in UTF-8: self-contained, charts as SVG, no script, a content security policy that forbids all else.

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
        "printed": printed,
        # A sign stays in the line of its number.
        "sentence": lambda text: printable(text).replace(" %", "\u00a0%"),
        "layout": _layout,
        # Drawn by ourselves, parsed and written anew: its texts are escaped.
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
    """The classes of a table: whether its rows are stacked on a telephone, and whether a word in it is too long for a line."""
    columns = zip(
        [column.title for column in table.columns],
        *([printed(cell) for cell in row] for row in table.rows),
        strict=True,
    )
    words = [max(map(len, " ".join(column).split()), default=0) for column in columns]
    classes = (
        ["wide"]
        if len(words) > _MOST_BESIDE or (sum(words) > _TELEPHONE and max(words) <= _LONG_WORD)
        else []
    )
    classes += ["narrow"] if len(words) < _MOST_BESIDE else []
    classes += ["short"] if len(table.rows) <= _MOST_TOGETHER else []
    classes += ["breaks"] if max(words, default=0) > _LONG_WORD else []
    return " ".join(classes)


def _placed(document: Document) -> list[_Placed]:
    blocks = list(document.blocks)
    placed, sections = [], 0
    written: set[str] = set()
    for at, block in enumerate(blocks):
        id_, with_table = "", True
        if isinstance(block, Heading) and block.level == 1:
            sections += 1
            id_ = f"section-{sections}"
        if isinstance(block, Chart):
            after = blocks[at + 1] if at + 1 < len(blocks) else None
            with_table = block.table.name not in written and not (
                isinstance(after, Chart) and after.table == block.table
            )
            if with_table:
                written.add(block.table.name)
            elif block.table.name in written:
                id_ = block.table.title
        placed.append(_Placed(type(block).__name__, block, id_, with_table))
    return placed
