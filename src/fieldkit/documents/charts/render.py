"""A chart of a document as an SVG element or a picture."""

from __future__ import annotations

from fieldkit.documents.blocks import Chart, printable
from fieldkit.documents.charts.bars import draw_back_to_back, draw_bars, draw_side_by_side, rows_height
from fieldkit.documents.charts.chart_kinds import (
    MOST_MARKS,
    BackToBack,
    Bars,
    DotPlot,
    Drawing,
    Funnel,
    SideBySide,
    Timeline,
)
from fieldkit.documents.charts.figure import Draw, png, svg
from fieldkit.documents.charts.ratio_chart import (
    dot_plot_height,
    draw_dot_plot,
    draw_funnel,
    funnel_height,
)
from fieldkit.documents.charts.timeline import draw_timeline, timeline_height


def chart_svg(chart: Chart) -> str:
    """The chart as an SVG element with title and description.

    Raises:
        ExtraMissing: matplotlib is not installed.
        ValueError: it has more than twelve marks.
    """
    height, draw = _drawn(chart.drawing)
    return svg(chart.name, printable(chart.title), printable(chart.description), height, draw)


def chart_png(chart: Chart) -> bytes:
    """The chart as a PNG picture. Raises the same errors as `chart_svg`."""
    return png(*_drawn(chart.drawing))


def _drawn(drawing: Drawing) -> tuple[float, Draw]:
    if len(drawing.marks) > MOST_MARKS:
        raise ValueError(f"a chart of {len(drawing.marks)} marks; {MOST_MARKS} can be read")
    match drawing:
        case DotPlot():
            return dot_plot_height(drawing), lambda figure: draw_dot_plot(figure, drawing)
        case Funnel():
            return funnel_height(drawing), lambda figure: draw_funnel(figure, drawing)
        case Bars():
            return rows_height(drawing), lambda figure: draw_bars(figure, drawing)
        case BackToBack():
            return rows_height(drawing), lambda figure: draw_back_to_back(figure, drawing)
        case SideBySide():
            return rows_height(drawing), lambda figure: draw_side_by_side(figure, drawing)
        case Timeline():
            return timeline_height(drawing), lambda figure: draw_timeline(figure, drawing)
