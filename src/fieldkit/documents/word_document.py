"""A document for word processors (.docx), in which councils edit: headings, tables with repeated headings, charts as pictures."""

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
    Code,
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
from fieldkit.documents.table_cells import MOST_TOGETHER, is_numeric, with_tables

_NO_MOMENT = datetime(2000, 1, 1)
"""The file's time of creation: a real one would reveal something, and differ each time."""
_FONT, _SMALL = "Arial", 9
_WIDE = 6
"""The least number of columns at which a table is set in smaller type."""
_FACTS = (Mm(32), Mm(138))
_PICTURE = Mm(128)
_NOTE, _LINK = "B8500A", "0B5C8F"
_SOFT = RGBColor(0x41, 0x4B, 0x55)
_TABLE = Mm(170)
"""The width of a table, that of the text."""
_LINE, _LONG_WORD, _LONG_TEXT, _SHORT = 105, 20, 40, 11
"""Characters: a line of a table; a word and a text beyond which a column gets no wider; a text that is not broken."""


def word_document(document: Document) -> bytes:
    """The .docx file. It holds no author, no time, no comments, no macros, and no fields except the page number.

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
    blocks = with_tables(document.blocks)
    for at, (block, table, above) in enumerate(blocks):
        after = blocks[at + 1][0] if at + 1 < len(blocks) else None
        _add(word, block, leads=isinstance(after, Table | Chart | Code | Items))
        if above:
            _small(word.add_paragraph(f"The numbers are in the table “{_line(above)}” above."))
        if table is not None:
            _table(word, table)
    saved = io.BytesIO()
    word.save(saved)
    return fixed_zip(saved.getvalue())


def _set_up(word: Any, document: Document) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(18)
    for name in ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Quote"):
        style = word.styles[name]
        style.font.name = _FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:hAnsi"), _FONT)
        fonts.set(qn("w:cs"), _FONT)
    word.styles["Normal"].font.size = Pt(10.5)
    word.styles["Normal"].paragraph_format.space_after = Pt(6)
    word.styles["Title"].font.size = Pt(22)
    for name in ("Title", "Subtitle", "Heading 1", "Heading 2", "Quote"):
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
    """Remove the thumbnail from the library's template: it shows another document."""
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
    table.autofit = False
    for column, width in zip(table.columns, _FACTS, strict=True):
        column.width = width
    for what, value in document.facts:
        cells = table.add_row().cells
        for cell, text, width in zip(cells, (what, value), _FACTS, strict=True):
            cell.width = width
            cell.text = _line(text)
            cell.paragraphs[0].paragraph_format.space_after = Pt(1)
        cells[0].paragraphs[0].runs[0].font.color.rgb = _SOFT
    word.add_paragraph().paragraph_format.space_after = Pt(0)


def _add(word: Any, block: Block, *, leads: bool) -> None:
    """Write a block; `leads`: keep it on the page of the next one. `_table` writes tables."""
    match block:
        case Heading():
            heading = word.add_heading(_line(block.text), block.level)
            heading.paragraph_format.page_break_before = block.new_page
        case Paragraph():
            word.add_paragraph(printable(block.text)).paragraph_format.keep_with_next = leads
        case Items():
            _items(word, block)
        case Code():
            run = word.add_paragraph().add_run(_line(block.text))
            run.font.name, run.font.size = "Courier New", Pt(_SMALL)
        case Note():
            paragraph = _beside_a_line(word.add_paragraph(), _NOTE, "FDF6F0")
            paragraph.add_run(f"{_line(block.title)}. ").bold = True
            paragraph.add_run(printable(block.text))
        case Quotation():
            _beside_a_line(
                word.add_paragraph(printable(block.text), "Quote"), _LINK
            ).paragraph_format.keep_with_next = bool(block.source)
            if block.source:
                _small(_beside_a_line(word.add_paragraph(_line(block.source)), _LINK))
        case Chart():
            _chart(word, block)


def _beside_a_line(paragraph: Any, colour: str, fill: str = "") -> Any:
    """Give a paragraph a line at its left edge, and keep it on one page."""
    properties = paragraph._p.get_or_add_pPr()
    paragraph.paragraph_format.keep_together = True
    border = OxmlElement("w:pBdr")
    border.append(_element("w:left", val="single", sz="18", space="8", color=colour))
    properties.append(border)
    if fill:
        properties.append(_element("w:shd", val="clear", color="auto", fill=fill))
    # Word's schema puts these before the indentation.
    paragraph.paragraph_format.left_indent = Mm(4)
    return paragraph


def _element(tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _items(word: Any, block: Items) -> None:
    for number, item in enumerate(block.items, 1):
        if block.numbered:
            # The library's list style would continue the numbers of the previous list.
            paragraph = word.add_paragraph(f"{number}.\t{_line(item)}")
            paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = (
                Mm(7),
                Mm(-7),
            )
            paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(7))
        else:
            paragraph = word.add_paragraph(_line(item), "List Bullet")
        paragraph.paragraph_format.space_after = Pt(3)


def _chart(word: Any, chart: Chart) -> None:
    _title(word, chart.title)
    picture = word.add_picture(io.BytesIO(chart_png(chart)), width=_PICTURE)
    about = picture._inline.docPr
    about.set("name", chart.name)
    about.set("descr", _line(chart.description))
    word.paragraphs[-1].paragraph_format.keep_with_next = bool(chart.key)
    for number, line in enumerate(chart.key, 1):
        paragraph = _small(word.add_paragraph(_line(line)))
        paragraph.paragraph_format.space_after = Pt(8 if number == len(chart.key) else 0)
        paragraph.paragraph_format.keep_with_next = number < len(chart.key)


def _title(word: Any, text: str) -> None:
    """Write the title of a table or chart, on the same page as what it names."""
    title = word.add_paragraph()
    title.add_run(_line(text)).bold = True
    title.paragraph_format.keep_with_next = True
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(8), Pt(2)


def _table(word: Any, table: Table) -> None:
    _title(word, table.title)
    if table.about:
        about = _small(word.add_paragraph(_line(table.about)))
        about.paragraph_format.keep_with_next, about.paragraph_format.space_after = True, Pt(2)
    grid = word.add_table(rows=1 + len(table.rows), cols=len(table.columns), style="Table Grid")
    grid.autofit = False
    _lines_between_rows(grid)
    headings = [
        f"{column.title} ({column.other_unit})" if column.other_unit else column.title
        for column in table.columns
    ]
    texts = [
        [_line(head) for head in headings],
        *([_line(printed(cell)) for cell in row] for row in table.rows),
    ]
    numeric = [is_numeric(table, at) for at in range(len(table.columns))]
    widths = _widths(texts)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    most = len(table.rows) if len(table.rows) <= MOST_TOGETHER else 2
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
            layout = paragraph.get_or_add_pPr()
            if number < most:
                layout.append(OxmlElement("w:keepNext"))
            layout.append(_element("w:spacing", before="20", after="20"))
            if numeric[at] and at:
                layout.jc_val = WD_ALIGN_PARAGRAPH.RIGHT
    for number, note in enumerate(table.notes):
        paragraph = _small(word.add_paragraph(_line(note)))
        paragraph.paragraph_format.space_before = Pt(0 if number else 3)
        paragraph.paragraph_format.space_after = Pt(0)
    word.add_paragraph().paragraph_format.space_after = Pt(4)


def _lines_between_rows(grid: Any) -> None:
    """Draw grey lines between rows and none between columns, with a little room beside each text."""
    properties = grid._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        drawn = side in {"bottom", "insideH"}
        borders.append(
            _element(f"w:{side}", val="single" if drawn else "nil", sz="4", space="0", color="CFD5DA")
        )
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", w="70", type="dxa"))
    layout = properties.find(qn("w:tblLayout"))
    for element in (borders, margins):
        # The order of the schema: borders, layout, margins, look.
        if element is borders and layout is not None:
            layout.addprevious(element)
        elif layout is not None:
            layout.addnext(element)
        else:
            properties.append(element)


def _widths(texts: list[list[str]]) -> list[int]:
    """The width of each column: room for its longest word, plus a share of the line by the length of its texts."""
    columns = list(zip(*texts, strict=True))
    longest_words = [
        min(max(len(word) for text in column for word in _unbroken(text)), _LONG_WORD) + 3
        for column in columns
    ]
    lengths = [min(max(map(len, column)), _LONG_TEXT) for column in columns]
    left = max(_LINE - sum(longest_words), 0)
    parts = [
        word + left * length / (sum(lengths) or 1)
        for word, length in zip(longest_words, lengths, strict=True)
    ]
    # A table of few short texts takes as little as half the line, so that numbers stay near their labels.
    wanted = sum(max(word, length + 3) for word, length in zip(longest_words, lengths, strict=True))
    whole = _TABLE * min(max(wanted / _LINE, 0.5), 1)
    return [int(whole * part / sum(parts)) for part in parts]


def _unbroken(text: str) -> list[str]:
    """The parts of a text that stay on one line; a short text, such as a date, stays whole."""
    return [text] if len(text) <= _SHORT else text.split()


def _small(paragraph: Any) -> Any:
    for run in paragraph.runs:
        run.font.size = Pt(_SMALL)
    return paragraph


def _line(text: str) -> str:
    return " ".join(printable(text).split())
