"""The progress of a pile of paper, in one row: a bar, and the sheets done, refused and marked."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

from fieldkit.presentation.paper.piles import Pile
from fieldkit.text import plural
from fieldkit.widgets.plain import plain
from fieldkit.widgets.plots.charts import bar

_BAR = 20
"""The width of the bar that shows progress, if there is room for it."""
_SHORTEST_BAR = 8


def pile_tally(pile: Pile, width: int) -> Content:
    """The row, in `width` cells if its words fit; the bar takes the rest."""
    done = pile.entered + pile.refused
    refused = (
        plural(pile.refused, "1 without consent", "{n} without consent")
        if pile.sheets_of == "feedback"
        else (plural(pile.refused, "1 counted without a name", "{n} counted without a name"))
    )
    parts = [
        f"{done:,} of {pile.sheets:,} done",
        *([refused] if pile.refused else []),
        *([plural(len(pile.doubtful), "1 to come back to", "{n} to come back to")] if pile.doubtful else []),
    ]
    text = " · ".join(parts)
    length = min(_BAR, width - cell_len(text) - 2)
    length = length if length >= _SHORTEST_BAR else 0
    drawn = bar(done / pile.sheets, 1, length)
    rest = "·" * (length - len(drawn))
    return Content.assemble((drawn, "$accent"), (rest, "$text-muted"), "  " * bool(length), plain(text))
