"""Bars of one quantity, pairs of bars back to back, and pairs of shares side by side."""

from __future__ import annotations

from typing import Any

from fieldkit.documents.blocks import Cell, cell_number, printed
from fieldkit.documents.charts.chart_kinds import BackToBack, Bars, SideBySide, numbers, short
from fieldkit.documents.charts.figure import BLUE, INK, LINE, ORANGE, SOFT
from fieldkit.documents.charts.ratio_chart import LABELS, label_rows, place_rows, row_places, rows_tall

_ABOVE = 0.3
_BAR = 0.2
"""Height of a bar, in inches."""


def rows_height(drawing: Bars | BackToBack | SideBySide) -> float:
    """The height of the chart in inches."""
    return rows_tall([mark.label for mark in drawing.marks], _ABOVE)


def draw_bars(figure: Any, bars: Bars) -> None:
    """Draw a bar for each label, from zero; a hidden number is a star where its bar would begin."""
    axes = figure.add_subplot()
    place_rows(figure, _ABOVE)
    end = _end(*(mark.value for mark in bars.marks))
    labels = [mark.label for mark in bars.marks]
    for row, mark in zip(row_places(labels), bars.marks, strict=True):
        _bar(axes, row, mark.value, BLUE, "", 1)
    label_rows(axes, labels)
    axes.set_xlim(0, end * 1.16)
    axes.set_xlabel(short(bars.axis))
    _plain(axes)


def draw_back_to_back(figure: Any, bars: BackToBack) -> None:
    """Draw two bars for each label, to the left (hatched) and to the right of a line."""
    left, right = figure.subplots(1, 2, sharey=True)
    place_rows(figure, _ABOVE)
    end = _end(*(cell for mark in bars.marks for cell in (mark.left, mark.right)))
    labels = [mark.label for mark in bars.marks]
    for row, mark in zip(row_places(labels), bars.marks, strict=True):
        _bar(left, row, mark.left, ORANGE, "////", -1)
        _bar(right, row, mark.right, BLUE, "", 1)
    label_rows(left, labels)
    left.set_xlim(end * 1.3, 0)
    right.set_xlim(0, end * 1.3)
    left.set_title(short(bars.left, 30), fontsize=8.5, color=INK)
    right.set_title(short(bars.right, 30), fontsize=8.5, color=INK)
    for axes in (left, right):
        axes.locator_params(axis="x", nbins=4, integer=True)
        _plain(axes)
    right.axvline(0, color=INK, linewidth=0.9)
    figure.supxlabel(short(bars.axis), fontsize=8.5, color=SOFT, x=(LABELS + 0.97) / 2, y=0.02)


def draw_side_by_side(figure: Any, plot: SideBySide) -> None:
    """Draw two marks for each label, a dot and a square, joined by a line."""
    axes = figure.add_subplot()
    place_rows(figure, _ABOVE)
    end = _end(*(cell for mark in plot.marks for cell in (mark.left, mark.right)))
    labels = [mark.label for mark in plot.marks]
    for row, mark in zip(row_places(labels), plot.marks, strict=True):
        values = numbers(mark.left, mark.right)
        if len(values) == 2:
            axes.plot(values, [row, row], color=SOFT, linewidth=1)
        for cell, marker, colour, face in ((mark.left, "o", BLUE, BLUE), (mark.right, "s", ORANGE, "white")):
            value = cell_number(cell)
            if value is not None:
                axes.plot(
                    [value], [row], linestyle="none", marker=marker, markersize=5.5, color=colour,
                    markerfacecolor=face, markeredgewidth=1.3, zorder=5,
                    label={"o": short(plot.left, 30), "s": short(plot.right, 30)}[marker],
                )  # fmt: skip
        if cell_number(mark.left) is None:
            axes.annotate(
                printed(mark.left) or "no figure",
                (0, row),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
                color=SOFT,
            )
    label_rows(axes, labels)
    axes.set_xlim(0, end * 1.1)
    axes.set_xlabel(short(plot.axis))
    handles, names = axes.get_legend_handles_labels()
    first = dict(zip(names, handles, strict=True))
    if first:
        figure.legend(
            first.values(), first.keys(), loc="outside upper right", ncols=2, frameon=False, fontsize=8
        )
    _plain(axes)


def _bar(axes: Any, row: float, cell: Cell, colour: str, hatch: str, side: int) -> None:
    value = cell_number(cell)
    if value is not None:
        axes.barh(
            row,
            value,
            height=_BAR,
            color="white" if hatch else colour,
            edgecolor=colour,
            hatch=hatch,
            linewidth=0.8,
        )
    axes.annotate(
        printed(cell) or "no figure",
        (value or 0, row),
        xytext=(4 * side, 0),
        textcoords="offset points",
        va="center",
        ha="left" if side > 0 else "right",
        color=INK if value is not None else SOFT,
    )


def _end(*cells: Cell) -> float:
    """The end of the axis, from printed numbers only."""
    return max([*numbers(*cells), 1])


def _plain(axes: Any) -> None:
    for spine in ("top", "right", "left"):
        axes.spines[spine].set_visible(False)
    axes.tick_params(length=0)
    axes.grid(axis="x", color=LINE, linewidth=0.5)
    axes.set_axisbelow(True)
