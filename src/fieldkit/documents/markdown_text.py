"""A document as Markdown (CommonMark with tables). People's text stays text: nothing in it links, draws or formats."""

from __future__ import annotations

import re

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
from fieldkit.documents.table_cells import is_numeric, with_tables

_ACTIVE = re.compile(r"([\\`*_\[\]|~$])")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
_ADDRESS = re.compile(r"(?i)(?<=http):|(?<=https):|(?<=ftp):|(?<=www)\.|@")
_AT_START = re.compile(r"^(\s*)([#+\-=:!]|\d+(?=[.)]))")


def markdown(document: Document) -> bytes:
    """The document in UTF-8. Charts are left to the other formats; their tables are included."""
    parts = [f"# {_line(document.title)}"]
    if document.subtitle:
        parts.append(_text(document.subtitle))
    if document.facts:
        parts.append("\n".join(f"- {_line(what)}: {_line(value)}" for what, value in document.facts))
    for block, table, above in with_tables(document.blocks):
        parts += _block(block, above) + ([] if table is None else _table(table))
    return ("\n\n".join(parts) + "\n").encode("utf-8")


def _block(block: Block, above: str) -> list[str]:
    match block:
        case Heading():
            return [f"{'#' * (block.level + 1)} {_line(block.text)}"]
        case Paragraph():
            return [_text(block.text)]
        case Items():
            signs = [f"{number}." if block.numbered else "-" for number in range(1, len(block.items) + 1)]
            return ["\n".join(f"{sign} {_line(item)}" for sign, item in zip(signs, block.items, strict=True))]
        case Code():
            text = " ".join(printable(block.text).split())
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
            return [f"{fence}\n{text}\n{fence}"]
        case Note():
            return [_quoted(f"**{_line(block.title)}.** {_text(block.text)}")]
        case Quotation():
            source = f"\n\n{_line(block.source)}" if block.source else ""
            return [_quoted(_text(block.text) + source)]
        case Table():
            return []
        case Chart():
            where = f"; the numbers are in the table “{_line(above)}” above" if above else ""
            return [f"**{_line(block.title)}** (a chart in the other formats{where})"]


def _table(table: Table) -> list[str]:
    titles = [
        _line(f"{column.title} ({column.other_unit})" if column.other_unit else column.title)
        for column in table.columns
    ]
    rules = ["---:" if is_numeric(table, at) else "---" for at in range(len(table.columns))]
    rows = [titles, rules, *([_line(printed(cell)) for cell in row] for row in table.rows)]
    title = f"**{_line(table.title)}**" + (f" ({_line(table.about)})" if table.about else "")
    parts = [title, "\n".join(f"| {' | '.join(row)} |" for row in rows)]
    if table.notes:
        parts.append("\n".join(f"- {_line(note)}" for note in table.notes))
    return parts


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _text(text: str) -> str:
    """Text whose line breaks are kept."""
    return "\\\n".join(_inert(line) for line in printable(text).split("\n") if line.strip())


def _line(text: str) -> str:
    return _inert(" ".join(printable(text).split()))


def _inert(line: str) -> str:
    line = re.sub("[<>&]", lambda match: _ENTITIES[match[0]], " ".join(line.split()))
    line = _ADDRESS.sub(lambda match: f"&#{ord(match[0])};", _ACTIVE.sub(r"\\\1", line))
    return _AT_START.sub(_start, line)


def _start(match: re.Match[str]) -> str:
    """Escape what would begin a heading, a list or a rule at the start of a line."""
    return f"{match[2]}\\" if match[2].isdigit() else f"\\{match[2]}"
