"""What an .xlsx file holds outside its sheets: their names and parts, the number formats of styles, the shared texts."""

from __future__ import annotations

import posixpath
import re
from array import array
from dataclasses import dataclass, field

from fieldkit.importing.reading.number_formats import BUILT_IN, NumberFormat, number_format
from fieldkit.importing.reading.workbook_cells import LONGEST_CELL
from fieldkit.importing.reading.workbook_parts import SHEET_PART, Attributes, Parts, WorkbookRefused

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_MOST_TEXT = 96 << 20
"""Bytes of all shared texts together, which are kept in memory."""
_MOST_STYLES = 100_000
TRUE_WORDS = frozenset({"1", "true", "on"})


@dataclass
class XlsxSheet:
    name: str
    relation: str
    hidden: bool
    part: str = ""


@dataclass
class XlsxBook:
    sheets: list[XlsxSheet] = field(default_factory=list)
    epoch_1904: bool = False
    recalculated: bool = False
    """Programs are to calculate all formulas on opening, so the zeros stored for them mean nothing."""


def open_book(parts: Parts) -> tuple[str, XlsxBook, dict[str, str]]:
    """The folder of the workbook's parts, the workbook's own data, and its parts by type of relationship."""
    main = "xl/workbook.xml"
    roots = _relations(parts, "_rels/.rels") if "_rels/.rels" in parts else {}
    for kind, target in roots.values():
        if kind == "officeDocument" and target in parts:
            main = target
    folder, name = posixpath.split(main)
    book = XlsxBook()

    def start(tag: str, given: Attributes) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "sheet":
            relation = next((value for key, value in given.items() if key.rpartition(":")[2] == "id"), "")
            hidden = given.get("state", "visible").lower() != "visible"
            book.sheets.append(XlsxSheet(given.get("name", ""), relation, hidden))
            if len(book.sheets) > 10_000:
                raise WorkbookRefused("too large")
        elif tag == "workbookPr":
            book.epoch_1904 = given.get("date1904", "").lower() in TRUE_WORDS
        elif tag == "calcPr":
            book.recalculated = given.get("fullCalcOnLoad", "").lower() in TRUE_WORDS

    parts.parse(main, start)
    relations = _relations(parts, f"{folder}/_rels/{name}.rels")
    for sheet in book.sheets:
        kind, sheet.part = relations.get(sheet.relation, ("", ""))
        if kind != "worksheet":
            sheet.part = ""
    book.sheets = [sheet for sheet in book.sheets if sheet.part in parts]
    if not book.sheets:
        raise WorkbookRefused("damaged")
    return folder, book, {kind: target for kind, target in relations.values() if target in parts}


def _relations(parts: Parts, name: str) -> dict[str, tuple[str, str]]:
    """Id -> (type, part), from a part of relationships."""
    folder = posixpath.dirname(posixpath.dirname(name))
    relations: dict[str, tuple[str, str]] = {}

    def start(tag: str, given: Attributes) -> None:
        if tag.rpartition(":")[2] == "Relationship":
            target = given.get("Target", "").strip().replace("\\", "/")
            part = target if target.startswith("/") else posixpath.join(folder, target)
            kind = given.get("Type", "").rpartition("/")[2]
            relations[given.get("Id", "")] = (kind, posixpath.normpath(part).lstrip("/"))
            if len(relations) > 20_000:
                raise WorkbookRefused("too large")

    parts.parse(name, start)
    return relations


def read_styles(parts: Parts, name: str) -> list[NumberFormat]:
    """The number format of each cell style."""
    if name not in parts:
        return []
    codes: dict[str, str] = {}
    used: list[str] = []
    within = ""

    def start(tag: str, given: Attributes) -> None:
        nonlocal within
        tag = tag.rpartition(":")[2]
        if tag == "cellXfs":
            within = tag
        elif tag == "numFmt":
            codes.setdefault(given.get("numFmtId", ""), given.get("formatCode", ""))
        elif tag == "xf" and within:
            used.append(given.get("numFmtId", "0"))
        if len(used) > _MOST_STYLES or len(codes) > _MOST_STYLES:
            raise WorkbookRefused("too large")

    def end(tag: str) -> None:
        nonlocal within
        if tag.rpartition(":")[2] == within:
            within = ""

    parts.parse(name, start, end)
    return [
        number_format(codes.get(number) or BUILT_IN.get(whole_number(number), "General")) for number in used
    ]


def whole_number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else -1


class SharedTexts:
    """The shared texts, in one block of memory, each found by its offset."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("I", [0])

    def add(self, text: str) -> None:
        self._bytes += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))
        if len(self._bytes) + 4 * len(self._ends) > _MOST_TEXT:
            raise WorkbookRefused("too large")

    def __getitem__(self, number: int) -> str:
        if not 0 <= number < len(self._ends) - 1:
            raise WorkbookRefused("damaged")
        return self._bytes[self._ends[number] : self._ends[number + 1]].decode("utf-8", "surrogatepass")


def read_texts(parts: Parts, name: str, texts: SharedTexts) -> None:
    pieces: list[str] = []
    collecting = phonetic = False
    length = 0

    def start(tag: str, _: Attributes) -> None:
        nonlocal collecting, phonetic
        tag = tag.rpartition(":")[2]
        if tag == "si":
            pieces.clear()
        elif tag == "rPh":
            phonetic = True
        elif tag == "t":
            collecting = not phonetic

    def end(tag: str) -> None:
        nonlocal collecting, phonetic, length
        tag = tag.rpartition(":")[2]
        if tag == "t":
            collecting = False
        elif tag == "rPh":
            phonetic = False
        elif tag == "si":
            texts.add(unescaped("".join(pieces)))
            length = 0

    def characters(text: str) -> None:
        nonlocal length
        if collecting and length <= LONGEST_CELL:
            pieces.append(text)
            length += len(text)

    parts.parse(name, start, end, characters, most=SHEET_PART)


def unescaped(text: str) -> str:
    """`text` with characters that XML can't hold, which are written as _x000D_, restored."""
    if "_x" not in text:
        return text
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return text.replace("\r\n", "\n")
