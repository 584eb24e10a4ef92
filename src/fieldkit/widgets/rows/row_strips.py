"""How the lines of a list are drawn: its headings, a row, a row not read yet, a sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from fieldkit.widgets.plain import fit_path, in_place, pad, wrapped
from fieldkit.widgets.sources import GAP, Column, Row

GUTTER = 4
"""Cells before the first column: the cursor's sign, the tick, the row's mark, a space."""
EDGE = 1
"""Cells left free after the last column, as in the lines above and below the list."""
_TICKED = "✓"
_OF_MARKS = {"!": "warning", "×": "error"}
"""The styles of marks that mean the same elsewhere; every other mark has the style of what is chosen."""

Styles = Callable[[str], Style]
"""The style of a part of the list by its name: header, cursor, mark, warning, error, waiting."""


def header_strip(
    columns: Sequence[Column], widths: Sequence[int], width: int, base: Style, of: Styles
) -> Strip:
    """The titles of the columns."""
    titles = " " * GUTTER + _joined([column.title for column in columns], columns, widths)
    return Strip([Segment(titles, base + of("header"))]).adjust_cell_length(width, base)


def row_strip(
    row: Row | None,
    columns: Sequence[Column],
    widths: Sequence[int],
    width: int,
    base: Style,
    of: Styles,
    *,
    under_cursor: bool,
    ticked: bool,
) -> Strip:
    """A row; "…" if it has not been read yet."""
    style = base + of("cursor") if under_cursor else base
    sign, tick = "▸" if under_cursor else " ", _TICKED if ticked else " "
    if row is None:
        return Strip([Segment(f"{sign}{tick}  …", style + of("waiting"))]).adjust_cell_length(width, style)
    return Strip(
        [
            Segment(sign, style),
            Segment(tick, style if under_cursor else style + of("mark")),
            Segment(
                pad(row.mark, 1) + " ",
                style if under_cursor else style + of(_OF_MARKS.get(row.mark, "mark")),
            ),
            Segment(_joined(row.cells, columns, widths), style),
        ]
    ).adjust_cell_length(width, style)


def sentence_strip(sentence: str, y: int, width: int, base: Style, style: Style) -> Strip:
    """Line `y` of the sentence shown if there are no rows."""
    lines = wrapped(sentence, max(10, width - 2 * GUTTER))
    text = lines[y - 1] if 0 < y <= len(lines) else ""
    return Strip([Segment(" " * GUTTER + text, style)]).adjust_cell_length(width, base)


def _joined(texts: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    return (" " * GAP).join(
        in_place(pad(fit_path(text, width) if column.path else text, width, column.align))
        for text, width, column in zip(texts, widths, columns, strict=False)
        if width
    )
