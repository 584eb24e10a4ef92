"""Ratios of observed to expected use: a dot plot with intervals, and a funnel."""

from __future__ import annotations

import itertools
import math
import textwrap
from collections.abc import Sequence
from typing import Any

from fieldkit.documents.blocks import cell_number, printed
from fieldkit.documents.charts.chart_kinds import DotPlot, Funnel, Ratio, numbers, ratio_ends, short
from fieldkit.documents.charts.figure import BLUE, GREY, INK, LINE, SOFT

_TICKS = (3.125, 6.25, 12.5, 25, 50, 71, 100, 141, 200, 400, 800, 1600, 3200, 6400)


_MOST_DOUBLINGS = 6
LABELS = 0.4
"""The share of a chart's width for row labels: the axes of charts of one kind line up below each other."""
_LABEL_CHARACTERS = 27
LABEL_LINES = 6
"""The most lines of a label; the table below holds all of it."""
_BELOW = 0.5
"""Inches below the axes."""
_ROW, _TEXT_LINE, _LEAST_LINES = 0.12, 0.14, 1.4
"""Inches between two rows and of a line of text, and the least number of lines in a row."""


def wrapped(label: str, width: int = _LABEL_CHARACTERS) -> str:
    """A label broken into lines, at most `LABEL_LINES`."""
    lines = textwrap.wrap(short(label, 200), width, max_lines=LABEL_LINES, placeholder=" …") or [""]
    return "\n".join(lines)


def _row_heights(labels: Sequence[str]) -> list[float]:
    """The height of each row in inches, from its own label: a long label makes no other row higher."""
    lines = (wrapped(label).count("\n") + 1 for label in labels)
    return [_ROW + _TEXT_LINE * max(each, _LEAST_LINES) for each in lines]


def row_places(labels: Sequence[str]) -> list[float]:
    """The middle of each row, in inches below the top of the first row."""
    heights = _row_heights(labels)
    ends = itertools.accumulate(heights)
    return [end - height / 2 for end, height in zip(ends, heights, strict=True)]


def rows_tall(labels: Sequence[str], above: float = 0.1) -> float:
    """The height, in inches, of a chart with one row for each label and room for all labels."""
    return above + _BELOW + (sum(_row_heights(labels)) or _ROW + _TEXT_LINE)


def label_rows(axes: Any, labels: Sequence[str]) -> None:
    """Write the labels beside their rows, the first at the top; the scale is inches from there."""
    axes.set_yticks(row_places(labels), [wrapped(label) for label in labels])
    axes.set_ylim(sum(_row_heights(labels)) or _ROW, 0)


def place_rows(figure: Any, above: float = 0.1) -> None:
    """Place the axes alike in every chart: fixed inches above and below them, `LABELS` to their left."""
    height = figure.get_figheight()
    figure.subplots_adjust(left=LABELS, right=0.97, top=1 - above / height, bottom=_BELOW / height)


def dot_plot_height(plot: DotPlot) -> float:
    """The height of the chart in inches."""
    return rows_tall([mark.label for mark in plot.marks])


def draw_dot_plot(figure: Any, plot: DotPlot) -> None:
    """Draw one row for each group: its ratio, whiskers for the 95 % interval, a band for the range that rounding allows."""
    axes = figure.add_subplot()
    place_rows(figure)
    low, high = plot.ends
    axes.set_xscale("log")
    axes.set_xlim(low * 0.94, high * 1.06)
    _ratio_ticks(axes.xaxis, low, high)
    axes.axvline(100, color=INK, linewidth=0.9)
    labels = [mark.label for mark in plot.marks]
    for row, mark in zip(row_places(labels), plot.marks, strict=True):
        colour = GREY if mark.grey else BLUE
        value = cell_number(mark.value)
        if value is None or value <= 0:
            axes.text(100, row, f"  {printed(mark.value) or 'no ratio'}", va="center", color=SOFT)
            continue
        band = numbers(mark.band_low, mark.band_high)
        if len(band) == 2:
            left, right = max(band[0], low * 0.95), max(band[1], low * 0.95)
            axes.fill_betweenx([row - 0.09, row + 0.09], left, right, color=colour, alpha=0.28, linewidth=0)
        ends = numbers(mark.low, mark.high)
        if len(ends) == 2:
            axes.plot([max(ends[0], low * 0.95), ends[1]], [row, row], color=colour, linewidth=1.3)
            axes.plot(ends, [row, row], linestyle="none", marker="|", markersize=6, color=colour)
        _dot(axes, value, row, mark)
    label_rows(axes, labels)
    for text, mark in zip(axes.get_yticklabels(), plot.marks, strict=True):
        text.set_color(SOFT if mark.grey else INK)
    axes.set_xlabel(short(plot.axis))
    _plain(axes)


_WIDE, _HIGH, _LETTER = 290.0, 190.0, 6.0
"""Points: the approximate width and height of a funnel's axes, and the width of a letter."""
_BESIDE = ((5, 3), (-5, 3), (5, -9), (-5, -9), (5, 11), (-5, 11), (5, -17), (-5, -17))


def funnel_height(_: Funnel) -> float:
    """The height of the chart in inches."""
    return 3.7


def draw_funnel(figure: Any, funnel: Funnel) -> None:
    """Draw a mark for each group over the number expected, its code beside it, and the control limits as lines."""
    figure.set_layout_engine("constrained")
    axes = figure.add_subplot()
    axes.set_xscale("log")
    axes.set_yscale("log")
    expected = [n for mark in funnel.marks for n in numbers(mark.expected) if n > 0]
    left, right = (min(expected) / 1.6, max(expected) * 1.6) if expected else (1, 100)
    low, high = ratio_ends(funnel.marks)
    axes.set_xlim(left, right)
    axes.set_ylim(low * 0.94, high * 1.06)
    _ratio_ticks(axes.yaxis, low, high)
    _count_ticks(axes.xaxis, left, right)
    axes.axhline(100, color=INK, linewidth=0.9)
    for number, line in enumerate(funnel.lines):
        dashes = ("--", ":")[number % 2]
        for side, points in enumerate((line.lower, line.upper)):
            inside = [(x, y) for x, y in points if left <= x <= right and y > 0]
            if inside:
                axes.plot(
                    *zip(*inside, strict=True),
                    color=SOFT,
                    linewidth=1,
                    linestyle=dashes,
                    label=short(line.label) if side == 0 else None,
                )
    taken: list[tuple[float, float]] = []
    for mark in funnel.marks:
        at, value = cell_number(mark.expected), cell_number(mark.value)
        if at and value:
            across, up = (
                math.log(at / left) / math.log(right / left),
                math.log(value / low) / math.log(high / low),
            )
            taken.append((across * _WIDE, up * _HIGH))
    for mark in funnel.marks:
        at, value = cell_number(mark.expected), cell_number(mark.value)
        if at and value:
            _dot(axes, at, value, mark)
            place = (
                math.log(at / left) / math.log(right / left) * _WIDE,
                math.log(value / low) / math.log(high / low) * _HIGH,
            )
            text = short(mark.code or mark.label, 14)
            beside, above = _free(place, len(text) * _LETTER, taken)
            axes.annotate(
                text,
                (at, value),
                xytext=(beside, above),
                textcoords="offset points",
                ha="left" if beside > 0 else "right",
                color=SOFT if mark.grey else INK,
            )
    axes.set_xlabel(short(funnel.x_axis))
    axes.set_ylabel(short(funnel.y_axis))
    if funnel.lines:
        figure.legend(loc="outside upper right", ncols=2, frameon=False, fontsize=8)
    _plain(axes)


def _free(
    place: tuple[float, float], wide: float, occupied: list[tuple[float, float]]
) -> tuple[float, float]:
    """The place for the text of a mark, in points from it: the side with fewest marks and texts. It is then occupied."""

    def middle(offset: tuple[float, float]) -> tuple[float, float]:
        side, up = offset
        return place[0] + side + math.copysign(wide / 2, side), place[1] + up + _LETTER / 2

    def hidden(offset: tuple[float, float]) -> int:
        across, up = middle(offset)
        return sum(abs(across - x) < wide / 2 + 5 and abs(up - y) < _LETTER + 2 for x, y in occupied)

    best = min(_BESIDE, key=hidden)
    occupied.append(middle(best))
    return best


def _dot(axes: Any, x: float, y: float, mark: Ratio) -> None:
    """Draw a mark: filled, or hollow if crude; a diamond if the coding of the group is unreliable."""
    colour = GREY if mark.grey else BLUE
    axes.plot(
        [x],
        [y],
        linestyle="none",
        marker="D" if mark.grey else "o",
        markersize=5,
        markeredgewidth=1.2,
        color=colour,
        markerfacecolor="white" if mark.hollow else colour,
        zorder=5,
    )


def _ratio_ticks(axis: Any, low: float, high: float) -> None:
    ticks = [tick for tick in _TICKS if low <= tick <= high]
    if (low, high) != (50, 200):
        # A wider axis has room only for doubled ratios; a very wide one for every second of those.
        doublings = round(math.log2(high / low))
        ticks = [100 * 2.0**power for power in range(-6, 7, 1 if doublings <= _MOST_DOUBLINGS else 2)]
        ticks = [tick for tick in ticks if low <= tick <= high]
    axis.set_ticks(ticks, [f"{tick:g}" for tick in ticks])
    axis.set_ticks([], minor=True)


def _count_ticks(axis: Any, left: float, right: float) -> None:
    steps = [base * 10**power for power in range(-1, 9) for base in (1, 2, 5)]
    ticks = [step for step in steps if left <= step <= right]
    if len(ticks) > 7:
        ticks = [tick for tick in ticks if f"{tick:g}"[0] == "1"] or ticks[::3]
    axis.set_ticks(ticks, [f"{tick:,g}" if tick < 1 else f"{tick:,.0f}" for tick in ticks])
    axis.set_ticks([], minor=True)


def _plain(axes: Any, spines: Sequence[str] = ("top", "right", "left")) -> None:
    for spine in spines:
        axes.spines[spine].set_visible(False)
    axes.tick_params(length=0)
    axes.grid(axis="x", color=LINE, linewidth=0.5)
    axes.set_axisbelow(True)
