"""Word, workbook, Markdown and CSV: opened with other readers, inert, and the same bytes each time."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import textwrap
import zipfile
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
import pytest
from markdown_it import MarkdownIt

from fieldkit.documents.blocks import Chart, Column, Document, Paragraph, Table, printable
from fieldkit.documents.charts.chart_kinds import Bar, Bars
from fieldkit.documents.data_package import DICTIONARY, PACKAGE, data_package
from fieldkit.documents.html_page import html_page
from fieldkit.documents.markdown_text import markdown
from fieldkit.documents.table_workbook import sheet_names, table_workbook
from fieldkit.documents.word_document import word_document
from fieldkit.printed_figure import STAR, Shown
from fieldkit.spreadsheets import restore
from sample_document import HOSTILE, sample

hostile = pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))


def packaged(document: Document) -> dict[str, bytes]:
    return data_package(document, name="sample", preset="ten", star="A number that is not shown.")


@hostile
def test_a_word_processor_reads_every_text_as_text(text: str) -> None:
    content = word_document(sample(text))
    read = docx.Document(io.BytesIO(content))
    shown = " ".join(printable(text).split())
    assert shown in [" ".join(paragraph.text.split()) for paragraph in read.paragraphs]
    assert any(
        shown == " ".join(cell.text.split())
        for table in read.tables
        for row in table.rows
        for cell in row.cells
    )
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        body = parts.read("word/document.xml").decode()
        assert "hyperlink" not in body and "instrText" not in body
        relations = parts.read("word/_rels/document.xml.rels").decode()
        assert "External" not in relations
        assert not [
            name for name in parts.namelist() if "comments" in name or "vba" in name or "thumbnail" in name
        ]


def test_a_word_document_says_nothing_of_who_made_it_when() -> None:
    about = docx.Document(io.BytesIO(word_document(sample()))).core_properties
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")
    assert about.created == about.modified and about.created.year == 2000


def test_pictures_of_charts_carry_their_description() -> None:
    read = docx.Document(io.BytesIO(word_document(sample())))
    described = [shape._inline.docPr.get("descr") for shape in read.inline_shapes]
    assert len(described) == 6 and all(described)


@hostile
def test_a_workbook_holds_no_formula_and_no_link(text: str) -> None:
    content = table_workbook(sample(text), (text,))
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames[0] == "Notes"
    assert all(sheet.sheet_state == "visible" for sheet in book)
    texts = set()
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in {"s", "n"} and cell.hyperlink is None and cell.comment is None
                texts.add(cell.value)
    assert " ".join(printable(text).split()) in {
        " ".join(str(restore(value)).split()) for value in texts if value
    }
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert b"<f>" not in b"".join(parts.read(name) for name in parts.namelist())


def test_numbers_are_numbers_and_stars_are_text_in_a_workbook() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(table_workbook(sample())))["ratings"]
    rows = [tuple(cell.value for cell in row[:2]) for row in sheet.iter_rows(min_row=4)]
    assert rows[0] == ("Answer", "People")
    assert rows[1] == ("Very good", 1171) and rows[5] == ("Very poor", "*")


def test_sheets_of_similar_names_are_told_apart() -> None:
    tables = [
        Table(name, "T", (Column("A"),), (("a",),)) for name in ("a" * 40, "a" * 41, "notes", "[x]", "x")
    ]
    names = [name.casefold() for name in sheet_names(tables)]
    assert len(set(names)) == 5 and "notes" not in names and all(0 < len(name) <= 31 for name in names)


@hostile
def test_markdown_renders_what_people_wrote_as_it_is(text: str) -> None:
    reader = MarkdownIt("gfm-like", {"html": True})
    tokens = reader.parse(markdown(sample(text)).decode())
    inline = [child for token in tokens for child in token.children or []]
    assert not {token.type for token in tokens} & {"html_block", "code_block", "hr"}
    # Only what is to be typed is code.
    fences = [token.content for token in tokens if token.type == "fence"]
    assert fences == [" ".join(printable(text).split()) + "\n"]
    assert {child.type for child in inline} <= {
        "text",
        "strong_open",
        "strong_close",
        "softbreak",
        "hardbreak",
        "text_special",
    }
    headings = [token for token in tokens if token.type == "heading_open"]
    assert len(headings) == 5  # the title and four headings of the document
    shown = "".join(child.content for child in inline if child.type in {"text", "text_special"})
    assert "".join(printable(text).split()) in "".join(shown.split())


@hostile
def test_csv_cells_are_no_formulas_and_say_what_was_written(text: str) -> None:
    for name, content in packaged(sample(text)).items():
        if not name.endswith(".csv"):
            continue
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        assert not [cell for row in rows for cell in row if re.match(r"[=+@\t\r]|-\D", cell)]
        assert len({len(row) for row in rows}) == 1
        if name == "themes.csv":
            assert restore(rows[1][0]) == printable(text)


def test_a_data_package_describes_every_column_and_star() -> None:
    files = packaged(sample())
    described = json.loads(files[PACKAGE])
    assert [each["path"] for each in described["resources"]] == [
        "ratings.csv",
        "themes.csv",
        "use.csv",
        "dates.csv",
    ]
    rows = list(csv.DictReader(io.StringIO(files[DICTIONARY].decode("utf-8-sig"))))
    for each in described["resources"]:
        titles = next(csv.reader(io.StringIO(files[each["path"]].decode("utf-8-sig"))))
        assert titles == [field["name"] for field in each["schema"]["fields"]]
        assert titles == [row["column"] for row in rows if row["table"] == each["name"]]
        assert "*" in each["schema"]["missingValues"]
    assert {row["preset"] for row in rows} == {"ten"}


def test_two_different_tables_of_one_name_are_refused() -> None:
    table, other_table = (Table("t", title, (Column("A"),), (("a",),)) for title in ("One", "Other"))
    with pytest.raises(ValueError, match="called t"):
        packaged(Document("T", [table, other_table]))


def test_rows_fit_their_columns() -> None:
    with pytest.raises(ValueError, match="2 cells under 1"):
        Table("t", "T", (Column("A"),), ((Shown(1), STAR),))


_WRITE = """
import hashlib, sys
sys.path[:0] = sys.argv[1].split(";")
from sample_document import sample
from fieldkit.documents.html_page import html_page
from fieldkit.documents.markdown_text import markdown
from fieldkit.documents.table_workbook import table_workbook
from fieldkit.documents.word_document import word_document
print([hashlib.sha256(write(sample())).hexdigest() for write in (html_page, markdown, table_workbook, word_document)])
"""


def test_bytes_do_not_depend_on_place_time_zone_hash_seed_or_settings(tmp_path: Path) -> None:
    support = str(Path(__file__).parent.parent / "support")
    (tmp_path / "matplotlibrc").write_text("font.family: serif\nfont.size: 30\naxes.grid: True\n")
    written = set()
    for seed, zone, language in (("1", "Asia/Tokyo", "C"), ("2", "America/Lima", "de_DE.UTF-8")):
        environment = {
            **os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LANG": language, "LC_ALL": language,
            "MATPLOTLIBRC": str(tmp_path) if seed == "2" else "",
        }  # fmt: skip
        ran = subprocess.run(
            [sys.executable, "-c", _WRITE, support],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        written.add(ran.stdout)
    assert len(written) == 1


def test_every_writer_puts_the_table_of_several_charts_in_one_place() -> None:
    table = Table("t", "The table", (Column("Group"), Column("Number")), (("A", Shown(12)),))
    bars = Bars((Bar("A", Shown(12)),), "People")
    charts = [Chart(f"c{number}", f"Chart {number}", "Bars.", bars, table) for number in (1, 2, 3)]
    document = Document("T", [*charts[:2], Paragraph("Between."), charts[2]])
    wanted = ["Chart 1", "Chart 2", "The table", "Between.", "Chart 3", "above"]

    def order(text: str) -> list[str]:
        places = {word: text.index(word) for word in wanted}
        return sorted(wanted, key=places.__getitem__)

    read = docx.Document(io.BytesIO(word_document(document)))
    assert order("\n".join(paragraph.text for paragraph in read.paragraphs)) == wanted
    assert (
        order(re.sub(r"<svg.*?</svg>", "", html_page(document).decode().split("<main>")[1], flags=re.S))
        == wanted
    )
    in_markdown = markdown(document).decode()
    assert in_markdown.index("Chart 2") < in_markdown.index("**The table**") < in_markdown.index("Between")


def test_a_workbook_shows_every_heading_whole_and_fits_a_page() -> None:
    titles = ("Group", "Good or very good", "95 % to", "Remarks of the people who were there")
    rows = (("A group", Shown(Decimal("157.0")), Shown(12), "high 99.8"),)
    table = Table("t", "T" * 150, tuple(map(Column, titles)), rows, "Note " * 60)
    sheet = openpyxl.load_workbook(io.BytesIO(table_workbook(Document("D", [table]))))["t"]
    for at, title in enumerate(titles):
        cell = sheet.cell(4, at + 1)
        width = sheet.column_dimensions[cell.column_letter].width
        assert max(map(len, title.split())) < width
        lines = textwrap.wrap(title, int(width - 1))
        assert sheet.row_dimensions[4].height >= 14 * len(lines)
    assert sheet.cell(5, 2).number_format == "#,##0.0"
    assert sheet.page_setup.fitToHeight == 0 and sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.paperSize == 9 and sheet.row_dimensions[2].height >= 45
