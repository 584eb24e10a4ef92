"""A document with every block and every chart, and texts that are hostile to each format."""

from __future__ import annotations

from decimal import Decimal

from fieldkit.documents.blocks import (
    Chart,
    Code,
    Column,
    Document,
    Heading,
    Items,
    Note,
    Paragraph,
    Quotation,
    Table,
)
from fieldkit.documents.charts.chart_kinds import (
    BackToBack,
    Bar,
    Bars,
    DotPlot,
    Funnel,
    FunnelLine,
    Moment,
    Pair,
    Ratio,
    SideBySide,
    Timeline,
)
from fieldkit.printed_figure import STAR, Shown

HOSTILE = (
    "<script>alert(1)</script><img src=http://evil.example/x onerror=alert(1)> [link=https://evil.example]z[/link]",
    '=HYPERLINK("http://evil.example","x")',
    "+1+cmd|' /C calc'!A0",
    "![](http://evil.example/x.png) [a](http://evil.example) <http://evil.example> www.evil.example a@evil.example",
    "\u202eesrever\u202c \u2066isolate\u2069",
    "null \x00 bell \x07 escape \x1b[31m surrogate \ud800 not a character \uffff",
    "# heading\n- list\n1. item\n> quote\n```\ncode\n```\n---\n| a | b |\n|---|---|\n===\n    indented",
    "_x0041_ {{ 7 * 7 }} {% raw %} $x$ **bold** ~~gone~~ `code` &amp; ]]> --> \\",
    "x" * 1_000_000,
)
"""Texts that a person may have said or typed: none may have an effect in any format."""

ANSWERS = ("Very good", "Good", "Neither good nor poor", "Poor", "Very poor", "Don't know")


def per_cent(value: int) -> Shown:
    return Shown(value, "%")


def tenth(value: str) -> Shown:
    return Shown(Decimal(value))


def ratings() -> Table:
    """The six answers, two of them hidden."""
    figures = (Shown(1171), Shown(43), Shown(10), Shown(9), STAR, STAR)
    return Table(
        "ratings",
        "Overall experience",
        (Column("Answer"), Column("People", "people")),
        tuple(zip(ANSWERS, figures, strict=True)),
        "People who rated the service",
        ("* A number that is not shown.",),
    )


def ratios(text: str = "Indian") -> tuple[Ratio, ...]:
    return (
        Ratio(
            text,
            tenth("103.5"),
            tenth("99.6"),
            tenth("107.6"),
            tenth("103.4"),
            tenth("103.7"),
            Shown(2502),
            "H",
        ),
        Ratio(
            "Any other Mixed", tenth("160.4"), tenth("148.7"), tenth("172.7"), expected=Shown(436), grey=True
        ),
        Ratio("Roma", STAR, STAR, STAR, hollow=True),
    )


def sample(text: str = "Said.") -> Document:
    """A document with every block, with `text` in each place that takes one."""
    table = ratings()
    pairs = (Pair(text, Shown(12), Shown(3)), Pair("Parking", STAR, Shown(5)))
    themes = Table(
        "themes", text, (Column("Theme", text, text), Column("Well"), Column("Badly")),
        tuple((pair.label, pair.left, pair.right) for pair in pairs), text, (text,),
    )  # fmt: skip
    moments = (Moment("Figures", "2024-04-01", "2025-03-31"), Moment(text, "2025-06-02"))
    dates = Table(
        "dates", "Dates", (Column("What"), Column("From"), Column("To")),
        tuple((moment.label, moment.start, moment.end) for moment in moments),
    )  # fmt: skip
    use = Table(
        "use", "Use", (Column("Group"), Column("Ratio"), Column("Lower"), Column("Upper"), Column("Expected")),
        tuple((mark.label, mark.value, mark.low, mark.high, mark.expected) for mark in ratios(text)),
    )  # fmt: skip
    line = FunnelLine("95 %", ((100, 80), (1000, 94), (5000, 97)), ((100, 121), (1000, 106), (5000, 103)))
    return Document(
        "Evidence " + text,
        (
            Heading("What people said"),
            Paragraph(text),
            Chart(
                "ratings-bars",
                text,
                text,
                Bars(tuple(Bar(str(a), b) for a, b in table.rows), text),
                table,
                (text,),
            ),
            Heading(text, 2),
            Items((text, "Second")),
            Items((text, "Second"), numbered=True),
            Code(text),
            Note(text, text),
            Quotation(text, text),
            Heading("Charts"),
            Chart("themes-pairs", "Themes", "Pairs.", BackToBack(pairs, text, "Well", text), themes),
            Chart("heard", "Heard", "Pairs.", SideBySide(pairs, text, "Live here", text), themes),
            Heading("Use"),
            Chart("use-dots", "Use", "A row a group.", DotPlot(ratios(text)), use),
            Chart("use-funnel", "Funnel", "Marks.", Funnel(ratios(text), (line,)), use),
            Chart("when", "Dates", "Days.", Timeline(moments), dates),
        ),
        text,
        (("Period", text), (text, "value")),
    )
