"""A document for word processors (.docx), which councils edit: headings, tables with repeated heads, charts as pictures."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from fieldkit.documents.blocks import (
    Block,
    Chart,
    Document,
    Heading,
    Items,
    Note,
    Paragraph,
    Quotation,
    Table,
    printable,
    printed,
)
from fieldkit.documents.charts.render import chart_png
from fieldkit.documents.fixed_zip import fixed_zip
from fieldkit.documents.table_cells import is_numeric

_NO_MOMENT = datetime(2000, 1, 1)
"""What the file says of when it was made: a time would tell, and would differ."""
_FONT, _SMALL = "Arial", 9
_WIDE = 6
"""Columns from which on a table is set smaller."""
_TABLE = Mm(170)
"""How wide a table is: the line."""
_LINE, _LONG_WORD, _LONG_TEXT = 105, 20, 40
"""Characters of a line of a table; of a word and of a text beyond which a column gets no wider."""


def word_document(document: Document) -> bytes:
    """The .docx file. It holds no author, no time, no comments, no macros and no fields but the page number.

    This module needs python-docx: import it inside `evidence_extra()`, when a document is written.

    Raises:
        ExtraMissing: matplotlib, for a chart, is not installed.
    """
    word = docx.Document()
    _set_up(word, document)
    word.add_heading(_line(document.title), 0)
    if document.subtitle:
        word.add_paragraph(printable(document.subtitle), "Subtitle")
    if document.facts:
        _facts(word, document)
    written: set[str] = set()
    for block in document.blocks:
        _add(word, block, written)
    saved = io.BytesIO()
    word.save(saved)
    return fixed_zip(saved.getvalue())


def _set_up(word: Any, document: Document) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(18)
    for name in ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Quote", "Intense Quote"):
        style = word.styles[name]
        style.font.name = _FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:hAnsi"), _FONT)
        fonts.set(qn("w:cs"), _FONT)
    word.styles["Normal"].font.size = Pt(10.5)
    word.styles["Title"].font.size = Pt(22)
    for name in ("Title", "Subtitle", "Heading 1", "Heading 2", "Intense Quote"):
        word.styles[name].font.color.rgb = RGBColor(0x1B, 0x1F, 0x24)
    language = word.styles.element.find(f".//{qn('w:lang')}")
    if language is not None:
        language.set(qn("w:val"), "en-GB")
    about = word.core_properties
    about.author = about.last_modified_by = about.comments = about.keywords = about.subject = (
        about.category
    ) = ""
    about.title, about.language, about.revision = _line(document.title)[:255], "en-GB", 1
    about.created = about.modified = _NO_MOMENT
    _without_thumbnail(word)
    _page_number(section.footer.paragraphs[0])


def _without_thumbnail(word: Any) -> None:
    """The library's template carries a picture of another document."""
    package = word.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[key]


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _facts(word: Any, document: Document) -> None:
    table = word.add_table(rows=0, cols=2)
    for what, value in document.facts:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = _line(what), _line(value)
        cells[0].paragraphs[0].runs[0].bold = True


def _add(word: Any, block: Block, written: set[str]) -> None:
    match block:
        case Heading():
            word.add_heading(_line(block.text), block.level)
        case Paragraph():
            word.add_paragraph(printable(block.text))
        case Items():
            _items(word, block)
        case Note():
            paragraph = word.add_paragraph(style="Intense Quote")
            paragraph.add_run(f"{_line(block.title)}. ").bold = True
            run = paragraph.add_run(printable(block.text))
            run.bold = False
        case Quotation():
            word.add_paragraph(printable(block.text), "Quote")
            if block.source:
                word.add_paragraph(_line(block.source))
        case Table():
            _table(word, block, written)
        case Chart():
            _chart(word, block)
            _table(word, block.table, written)


def _items(word: Any, block: Items) -> None:
    for number, item in enumerate(block.items, 1):
        if block.numbered:
            # A list style of the library counts on from the list before it.
            word.add_paragraph(f"{number}. {_line(item)}")
        else:
            word.add_paragraph(_line(item), "List Bullet")


def _chart(word: Any, chart: Chart) -> None:
    title = word.add_paragraph()
    title.add_run(_line(chart.title)).bold = True
    title.paragraph_format.keep_with_next = True
    picture = word.add_picture(io.BytesIO(chart_png(chart)), width=Mm(150))
    about = picture._inline.docPr
    about.set("name", chart.name)
    about.set("descr", _line(chart.description))
    if chart.key:
        _small(word.add_paragraph("\n".join(_line(line) for line in chart.key)))


def _table(word: Any, table: Table, written: set[str]) -> None:
    """Several charts may have one table: it stands beneath the first."""
    if table.name in written:
        return
    written.add(table.name)
    title = word.add_paragraph()
    title.add_run(_line(table.title)).bold = True
    title.paragraph_format.keep_with_next = True
    if table.about:
        about = word.add_paragraph(_line(table.about))
        about.paragraph_format.keep_with_next = True
        _small(about)
    grid = word.add_table(rows=1 + len(table.rows), cols=len(table.columns), style="Table Grid")
    heads = [
        f"{column.title} ({column.other_unit})" if column.other_unit else column.title
        for column in table.columns
    ]
    texts = [[_line(head) for head in heads], *([_line(printed(cell)) for cell in row] for row in table.rows)]
    numeric = [is_numeric(table, at) for at in range(len(table.columns))]
    widths = _widths(texts)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    for number, (row, cells) in enumerate(zip(grid.rows, texts, strict=True)):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for at, (cell, text) in enumerate(zip(row._tr.tc_lst, cells, strict=True)):
            cell.width = widths[at]
            paragraph = cell.p_lst[0]
            run = paragraph.add_r()
            run.text = text
            size = OxmlElement("w:sz")
            size.set(qn("w:val"), str(2 * (8 if len(table.columns) >= _WIDE else _SMALL)))
            if number == 0:
                run.get_or_add_rPr().append(OxmlElement("w:b"))
            run.get_or_add_rPr().append(size)
            if numeric[at] and at:
                paragraph.get_or_add_pPr().jc_val = WD_ALIGN_PARAGRAPH.RIGHT
    for note in table.notes:
        _small(word.add_paragraph(_line(note)))
    word.add_paragraph()


def _widths(texts: list[list[str]]) -> list[int]:
    """The width of each column: room for its longest word, and the rest of the line by how long its texts are."""
    columns = list(zip(*texts, strict=True))
    words = [
        min(max(len(word) for text in column for word in [*text.split(), ""]), _LONG_WORD) + 3
        for column in columns
    ]
    lengths = [min(max(map(len, column)), _LONG_TEXT) for column in columns]
    left = max(_LINE - sum(words), 0)
    parts = [word + left * length / (sum(lengths) or 1) for word, length in zip(words, lengths, strict=True)]
    return [int(_TABLE * part / sum(parts)) for part in parts]


def _small(paragraph: Any) -> None:
    for run in paragraph.runs:
        run.font.size = Pt(_SMALL)


def _line(text: str) -> str:
    return " ".join(printable(text).split())
