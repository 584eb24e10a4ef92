"""The timeline of a cycle, from left to right, with one row for each moment."""

from __future__ import annotations

from datetime import date
from typing import Any

from fieldkit.documents.charts.chart_kinds import Timeline
from fieldkit.documents.charts.figure import BLUE, LINE
from fieldkit.documents.charts.ratio_chart import label_rows, place_rows, row_places, rows_tall

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def timeline_height(timeline: Timeline) -> float:
    """The height of the chart in inches."""
    return rows_tall([mark.label for mark in timeline.marks])


def draw_timeline(figure: Any, timeline: Timeline) -> None:
    """Draw a dot for a single day and a bar for a period."""
    axes = figure.add_subplot()
    place_rows(figure)
    days: list[date] = []
    labels = [mark.label for mark in timeline.marks]
    for row, mark in zip(row_places(labels), timeline.marks, strict=True):
        start = date.fromisoformat(mark.start)
        end = date.fromisoformat(mark.end) if mark.end else start
        days += [start, end]
        if end > start:
            axes.plot(
                [start.toordinal(), end.toordinal()],
                [row, row],
                color=BLUE,
                linewidth=5,
                solid_capstyle="butt",
            )
        else:
            axes.plot([start.toordinal()], [row], linestyle="none", marker="o", markersize=5.5, color=BLUE)
    label_rows(axes, labels)
    first, last = (min(days), max(days)) if days else (date(2000, 1, 1), date(2000, 2, 1))
    room = max((last - first).days * 0.04, 3)
    axes.set_xlim(first.toordinal() - room, last.toordinal() + room)
    ticks = _months(first, last)
    axes.set_xticks(
        [tick.toordinal() for tick in ticks],
        [_name(tick, ticks[number - 1] if number else None) for number, tick in enumerate(ticks)],
    )
    for spine in ("top", "right", "left"):
        axes.spines[spine].set_visible(False)
    axes.tick_params(length=0)
    axes.grid(axis="both", color=LINE, linewidth=0.5)
    axes.set_axisbelow(True)


def _months(first: date, last: date) -> list[date]:
    """At most six first days of months, at equal steps, beginning with the month of the first day."""
    begin, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    step = next(
        step for step in (1, 2, 3, 6, 12, 24, 60, 120, 1200, 12000, 120000) if (end - begin) / step < 6
    )
    return [
        date(month // 12, month % 12 + 1, 1)
        for month in range(begin, end + 1, step)
        if date(month // 12, month % 12 + 1, 1) >= first.replace(day=1)
    ]


def _name(day: date, before: date | None) -> str:
    month = _MONTHS[day.month - 1]
    return month if before is not None and before.year == day.year else f"{month}\n{day.year}"
