"""Charts: drawn from printed numbers only, at most twelve marks, distinguished by more than colour."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from fieldkit.documents.blocks import Chart
from fieldkit.documents.charts.chart_kinds import Bar, Bars, DotPlot, Ratio, in_parts, ratio_ends
from fieldkit.documents.charts.render import chart_png, chart_svg
from fieldkit.printed_figure import STAR, Shown
from sample_document import ratings, sample, tenth


def bars(*values: Shown | str) -> Chart:
    marks = tuple(
        Bar(f"Bar {number}", STAR if value == "*" else value) for number, value in enumerate(values)
    )
    return Chart("bars", "Bars", "Bars.", Bars(marks, "People"), ratings())


def test_a_hidden_number_has_no_length_and_no_end_of_the_axis_tells_it() -> None:
    # A chart contains nothing of a hidden number: all hidden numbers give the same drawing.
    assert chart_svg(bars(Shown(40), "*")) == chart_svg(bars(Shown(40), "*"))
    texts = re.findall(r">([^<>]+)</text>", chart_svg(bars(Shown(40), "*")))
    assert "*" in texts
    assert max(int(text) for text in texts if text.isdigit()) <= 45


def test_thirteen_marks_are_refused() -> None:
    with pytest.raises(ValueError, match="13 marks"):
        chart_svg(bars(*[Shown(1)] * 13))


@pytest.mark.parametrize(
    ("marks", "parts"), [(0, []), (1, [1]), (12, [12]), (13, [7, 6]), (16, [8, 8]), (25, [9, 8, 8])]
)
def test_many_marks_go_into_charts_of_like_size(marks: int, parts: list[int]) -> None:
    cut = in_parts(range(marks))
    assert [len(part) for part in cut] == parts
    assert [mark for part in cut for mark in part] == list(range(marks))


def test_an_axis_of_ratios_runs_from_50_to_200_and_further_where_a_number_lies_outside() -> None:
    inside = Ratio("a", tenth("88.0"), tenth("51.0"), tenth("199.0"))
    assert ratio_ends([inside]) == (50, 200)
    assert ratio_ends([inside, Ratio("b", tenth("30.0"), tenth("11.0"), tenth("450.0"))]) == (6.25, 800)
    assert ratio_ends([Ratio("c", STAR, STAR, STAR), Ratio("d", Shown(0), Shown(0), tenth("3.5"))]) == (
        3.125,
        200,
    )


def test_crude_ratios_are_hollow_and_doubtful_groups_have_another_shape() -> None:
    def dots(**how: bool) -> str:
        mark = Ratio("Group", tenth("90.0"), tenth("80.0"), tenth("99.0"), **how)
        return chart_svg(Chart("d", "D", "D.", DotPlot((mark,)), ratings()))

    assert len({dots(), dots(hollow=True), dots(grey=True), dots(hollow=True, grey=True)}) == 4


def test_svg_is_text_and_shapes_alone() -> None:
    for block in sample("<b>&").blocks:
        if not isinstance(block, Chart):
            continue
        root = ElementTree.fromstring(chart_svg(block))
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert tags <= {
            "svg",
            "title",
            "desc",
            "defs",
            "g",
            "path",
            "use",
            "clipPath",
            "rect",
            "text",
            "tspan",
        }
        assert not [element for element in root.iter() if element.get("style") or element.get("class")]
        assert root.get("width") is None and root.get("viewBox")


def test_a_picture_says_nothing_of_who_drew_it() -> None:
    picture = chart_png(bars(Shown(3)))
    assert picture.startswith(b"\x89PNG")
    assert b"tEXt" not in picture and b"tIME" not in picture
