"""A dot plot of ratios with their intervals in text: a logarithmic axis with a line at 100. Signs carry the meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from rich.cells import cell_len
from textual.content import Content

from fieldkit.widgets.plain import fit, pad, wrapped

LOW, HIGH = 50.0, 200.0
"""The ends of the axis; values beyond are drawn at the end as an arrow."""
TICKS = (50, 70, 100, 140, 200)
KEY = (
    "● ratio",
    "○ crude: ages not allowed for",
    "◇ recording uncertain",
    "├──┤ 95 % interval",
    "░ rounding",
    "│ 100",
)
"""What each sign means."""
_LEAST_PLOT = 24


@dataclass(frozen=True)
class Dot:
    """One row: ratios for each 100 expected. If `value` is None, `note` replaces it (hidden, nobody, …).

    `band`: the ratios between which rounding in the source leaves the value; an upper end of None is unbounded.
    """

    label: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    band: tuple[float, float | None] | None = None
    hollow: bool = False
    uncertain: bool = False
    note: str = ""


def axis(width: int) -> Content:
    """The axis above the rows of a plot of that width."""
    labels = [" "] * width
    for tick in TICKS:
        figure = str(tick)
        start = min(max(0, _cell(tick, width) - len(figure) // 2), width - len(figure))
        labels[start : start + len(figure)] = figure
    return Content.styled("".join(labels), "$text-muted")


def widths(dots: Sequence[Dot], width: int) -> tuple[int, int, int]:
    """How `width` cells are divided (label, plot, figures), one cell apart. Figures lose their interval if there is no room."""
    figures = 20 if width >= 84 else 6
    label = max([8, *(cell_len(dot.label) for dot in dots)])
    label = min(label, max(12, width - figures - 2 - max(_LEAST_PLOT, width * 5 // 11)))
    return label, max(8, width - label - figures - 2), figures


def row(dot: Dot, label: int, plot: int, figures: int) -> list[Content]:
    """One row of the plot: a label that is too long for its cells goes on in the lines below."""
    style = "$text-muted" if dot.uncertain else ""
    drawn = _drawn(dot, plot)
    first, *more = wrapped(dot.label, label)
    line = Content.assemble(
        (pad(first, label), style),
        " ",
        drawn,
        " ",
        (pad(_figure(dot, figures), figures, "right"), style or "bold"),
    )
    return [line, *(Content.styled(rest, style) for rest in more)]


def _figure(dot: Dot, room: int) -> str:
    if dot.value is None:
        return "" if room < 12 else "no ratio"
    value = f"{dot.value:.1f}"
    if room < 12 or dot.lower is None:
        return value
    upper = "…" if dot.upper is None else f"{dot.upper:.1f}"
    return f"{value} ({dot.lower:.1f}-{upper})"


def _drawn(dot: Dot, width: int) -> Content:
    signs = [(" ", "")] * width
    middle = _cell(100, width)
    signs[middle] = ("│", "$text-muted")
    if dot.value is None:
        return _noted(dot.note, signs, width)
    colour = "$text-muted" if dot.uncertain else "$accent"
    if dot.band is not None:
        for at in range(_cell(dot.band[0], width), _cell(dot.band[1] or HIGH, width) + 1):
            signs[at] = ("░", "$text-muted")
    if dot.lower is not None:
        first, last = _cell(dot.lower, width), _cell(dot.upper or HIGH, width)
        for at in range(first, last + 1):
            signs[at] = ("┼" if at == middle else "─", colour)
        signs[first] = ("◂" if dot.lower < LOW else "├", colour)
        signs[last] = ("▸" if dot.upper is None or dot.upper > HIGH else "┤", colour)
    if dot.value < LOW or dot.value > HIGH:
        signs[_cell(dot.value, width)] = ("◂" if dot.value < LOW else "▸", f"bold {colour}")
    else:
        sign = "◇" if dot.uncertain else "○" if dot.hollow else "●"
        signs[_cell(dot.value, width)] = (sign, f"bold {colour}")
    return Content.assemble(*signs)


def _noted(note: str, signs: Sequence[tuple[str, str]], width: int) -> Content:
    text = fit(note, width)
    rest = signs[cell_len(text) :]
    return Content.assemble((text, "$text-muted"), *rest)


def _cell(value: float, width: int) -> int:
    """The cell of a value on the axis; the end of the axis for a value beyond it."""
    share = (log(max(value, 1e-9)) - log(LOW)) / (log(HIGH) - log(LOW))
    return max(0, min(width - 1, round(share * (width - 1))))
