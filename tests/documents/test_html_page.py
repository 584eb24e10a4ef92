"""The HTML page: one file that loads nothing, runs nothing, and fits a phone and A4."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from browser import Browser
from fieldkit.documents.blocks import Chart, Code, Column, Document, Heading, Paragraph, Table
from fieldkit.documents.charts.chart_kinds import Bar, Bars
from fieldkit.documents.html_page import html_page
from fieldkit.printed_figure import Shown
from sample_document import HOSTILE, sample
from tools import tool

ALLOWED = {
    *(
        "html",
        "head",
        "meta",
        "link",
        "title",
        "style",
        "body",
        "header",
        "main",
        "nav",
        "h1",
        "h2",
        "h3",
        "p",
        "ul",
        "ol",
    ),
    *(
        "li",
        "dl",
        "dt",
        "dd",
        "aside",
        "strong",
        "blockquote",
        "footer",
        "div",
        "table",
        "caption",
        "small",
        "thead",
    ),
    *("tbody", "tr", "th", "td", "figure", "figcaption", "a", "section", "pre", "code"),
    *("svg", "desc", "defs", "g", "path", "use", "clippath", "rect", "text", "tspan"),
}


class Tags(HTMLParser):
    """All elements of a page with their attributes."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_people_wrote_is_text_and_nothing_else(text: str) -> None:
    tags = Tags(html_page(sample(text))).all
    assert {tag for tag, _ in tags} <= ALLOWED
    assert not {
        name
        for _, attributes in tags
        for name in attributes
        if name.startswith("on") or name in {"style", "src"}
    }
    links = [attributes["href"] for _, attributes in tags if "href" in attributes]
    assert all(link == "data:," or str(link).startswith("#") for link in links)


def test_ids_are_there_once_and_links_lead_to_them() -> None:
    tags = Tags(html_page(sample())).all
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    wanted = {str(a["href"])[1:] for _, a in tags if str(a.get("href", "")).startswith("#")}
    wanted |= {id_ for _, a in tags for id_ in str(a.get("aria-labelledby", "")).split()}
    assert wanted <= set(ids)


def test_every_chart_has_a_title_a_description_and_its_table() -> None:
    page = html_page(sample()).decode()
    assert page.count("<svg ") == page.count('role="img"') == page.count("</desc>") == 6
    for name in ("ratings", "themes", "use", "dates"):
        table = next(table for table in sample().tables() if table.name == name)
        assert page.count(f"<caption>{table.title}<") == 1
    assert "Very good</text>" in page


def test_the_same_blocks_are_the_same_bytes() -> None:
    assert html_page(sample()) == html_page(sample())


def test_no_date_and_no_program_stands_in_the_page() -> None:
    page = html_page(Document("T", sample().blocks)).decode()
    assert not re.search(r"matplotlib|generator|dc:date|<metadata", page, re.IGNORECASE)


@pytest.mark.parametrize("width", [360, 794], ids=["telephone", "A4"])
def test_a_browser_has_nothing_to_complain_of_and_the_page_fits(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    for number, text in enumerate(("Said.", *HOSTILE)):
        path = tmp_path / f"{number}.html"
        path.write_bytes(html_page(sample(text)))
        page = browser.open(path, width)
        assert page.logged == []
        assert page.requests == [path.as_uri()]
        assert (page.width, page.overflowing) == (width, [])


def test_a_page_of_hostile_paragraphs_prints(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(html_page(Document("T", [Paragraph(text) for text in HOSTILE])))
    page = browser.open(path, pdf=True)
    assert page.logged == []
    assert io.BytesIO(page.pdf).read(5) == b"%PDF-"
    # A4 in points.
    assert {
        tuple(map(round, map(float, box.split()))) for box in re.findall(rb"/MediaBox \[([^\]]*)\]", page.pdf)
    } == {(0, 0, 595, 842)}


def test_a_command_is_not_broken_on_a_telephone(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(
        html_page(Document("T", [Paragraph("Type:"), Code("fieldkit evidence --verify FOLDER")]))
    )
    assert "<pre><code>fieldkit evidence --verify FOLDER</code></pre>" in path.read_text(encoding="utf-8")
    page = browser.open(path, 320, measure="document.querySelector('code').clientHeight")
    assert 0 < page.measured < 25  # one line


LONG = tuple((f"Group {number}", Shown(number)) for number in range(40))


def tables(rows: int) -> Document:
    """Text that fills most of a page, then a table and a chart with the paragraphs that introduce them."""
    filling = [Paragraph(f"Line {number}.") for number in range(24)]
    table = Table("t", "The table", (Column("Group"), Column("Number")), LONG[:rows])
    bars = Chart("c", "The chart", "Bars.", Bars((Bar("A", Shown(1)),), "People"), table)
    blocks = [Heading("Before"), *filling, Heading("After"), Paragraph("What it shows."), bars]
    return Document("T", blocks)


@pytest.mark.parametrize("rows", [5, 40])
@pytest.mark.parametrize("lines", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14])
def test_no_page_ends_with_a_title_or_the_head_of_a_table(
    browser: Browser, tmp_path: Path, rows: int, lines: int
) -> None:
    document = tables(rows)
    blocks = [*([Paragraph("More.")] * lines), *document.blocks]
    path = tmp_path / "page.html"
    path.write_bytes(html_page(Document("T", blocks)))
    (tmp_path / "page.pdf").write_bytes(browser.open(path, 794, pdf=True).pdf)
    text = subprocess.run(
        [tool("pdftotext"), "-layout", str(tmp_path / "page.pdf"), "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for page in text.split("\f"):
        page_lines = [line.strip() for line in page.splitlines() if line.strip()]
        last = page_lines[-2] if len(page_lines) > 1 and page_lines[-1].isdigit() else ""
        assert last not in {"After", "What it shows.", "The chart", "The table"}, page
        assert not last.startswith("Group  "), page
