"""Rows of a CSV file as people write them: the delimiter, and cells that never swallow the next row.

The csv reader of the standard library reads an unclosed quotation mark as the start of one cell that holds the rest of
the file, and has one cell limit for the whole process. So rows are split here.
"""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from fieldkit.text import clean

DELIMITERS = (",", ";", "\t", "|")
LONGEST_ROW = 1_500_000
"""Characters: 45 cells of the greatest length in spreadsheet programs. A longer line is not a row of a table; a longer
quoted cell counts as never closed."""

_SAMPLE_LINES = 200
_SAMPLE_CHARACTERS = 200_000
_SEP_LINE = re.compile(r'"?sep=([,;\t|])"?\s*$', re.IGNORECASE)

UNCLOSED = (
    "A quotation mark in this row is opened and never closed, so nobody knows where its cells end. "
    "The rows below it were read by themselves."
)
UNDOUBLED = (
    "A quotation mark inside a quoted cell is not doubled, so nobody knows where the cells of this row end."
)


class RowTooLong(ValueError):
    """A line of more than `LONGEST_ROW` characters. `line` is its number."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line} is too long")
        self.line = line


@dataclass(slots=True)
class Record:
    """One row, which begins at `line`.

    `problem` is a sentence if the row could not be split; a `doubtful` row has an undoubled quotation mark.
    """

    line: int
    cells: list[str]
    problem: str = ""
    doubtful: bool = False


class Lines:
    """Physical lines and their number; lines can be returned, to be read again."""

    def __init__(self, source: Iterable[str]) -> None:
        self._source = iter(source)
        self._returned: deque[str] = deque()
        self.number = 0

    def take(self) -> str | None:
        """The next line with its line ending, or None at the end."""
        line = self._returned.popleft() if self._returned else next(self._source, None)
        if line is not None:
            self.number += 1
        return line

    def give_back(self, lines: list[str]) -> None:
        """Return `lines`, to be read again before the rest."""
        self._returned.extendleft(reversed(lines))
        self.number -= len(lines)


def physical_lines(text: io.TextIOBase) -> Iterator[str]:
    """The lines of `text`, which end in LF, CR LF or CR.

    Raises:
        RowTooLong: a line has more than `LONGEST_ROW` characters.
    """
    number = 0
    while line := text.readline(LONGEST_ROW):
        number += 1
        if len(line) == LONGEST_ROW and line[-1] not in "\r\n":
            raise RowTooLong(number)
        yield line


def find_delimiter(source: Iterable[str]) -> tuple[str, int]:
    """The delimiter of a file ("" if it has only one column), and the number of lines before the heading.

    Each candidate splits the first rows completely, with quoted cells. The candidate that makes most rows as wide as the heading
    wins; one that does not occur in the heading can't win, whatever the comments hold.
    """
    sample: list[str] = []
    size = 0
    for line in islice(source, _SAMPLE_LINES):
        sample.append(line)
        size += len(line)
        if size > _SAMPLE_CHARACTERS:
            break
    if sample and (named := _SEP_LINE.match(sample[0])):
        return named[1], 1
    best, best_score = "", (0.0, 0)
    for delimiter in DELIMITERS:
        score = _fit(sample, delimiter)
        if score > best_score:
            best, best_score = delimiter, score
    return best, 0


def _fit(sample: list[str], delimiter: str) -> tuple[float, int]:
    """The share of rows as wide as the heading, and its width; zeros if the heading is a single cell."""
    width = rows = alike = 0
    for record in split_rows(Lines(sample), delimiter):
        if record.problem:
            break  # most likely the row at which the sample was cut off
        if is_blank(record.cells):
            continue
        if not width:
            width = len(record.cells)
            if width < 2:
                return 0.0, 0
            continue
        rows += 1
        alike += len(record.cells) == width
    # Even if no row is as wide, a heading that splits is better than one that does not.
    return ((alike + 0.1) / (rows + 0.1), width) if width else (0.0, 0)


def is_blank(cells: Iterable[object]) -> bool:
    """Whether all cells are empty or hold only spaces and control characters, such as the one that ends files of DOS."""
    for cell in cells:
        if cell is None or cell == "":
            continue
        if not isinstance(cell, str) or cell[0].isalnum() or clean(cell):
            return False
    return True


def split_rows(lines: Lines, delimiter: str) -> Iterator[Record]:
    """The rows of `lines`, including blank ones. Quoted cells may hold delimiters, line breaks and doubled marks.

    A quotation mark that is never closed spoils only its own line: that row has a `problem`, and the lines after it are rows
    of their own.
    """
    while (line := lines.take()) is not None:
        if '"' in line:
            yield _split_quoted(line, lines, delimiter)
        else:
            body = line.rstrip("\r\n")
            yield Record(lines.number, body.split(delimiter) if delimiter else [body])


def _split_quoted(text: str, lines: Lines, delimiter: str) -> Record:
    """The row that begins with the line `text`; it takes further lines while a quoted cell is open."""
    first = lines.number
    more: list[str] = []
    cells: list[str] = []
    doubtful = False
    at = 0
    while True:
        opening = _after_spaces(text, at)
        if text[opening : opening + 1] != '"':
            end = text.find(delimiter, at) if delimiter else -1
            if end < 0:
                cells.append(text[at:].rstrip("\r\n"))
                return Record(first, cells, doubtful=doubtful)
            cells.append(text[at:end])
            at = end + 1
            continue
        look = opening + 1
        loose, before = False, len(more)
        while True:
            mark = text.find('"', look)
            if mark < 0:
                line = None if loose or len(text) > LONGEST_ROW else lines.take()
                if line is None:
                    break
                look = len(text)
                text += line
                more.append(line)
                continue
            if text[mark + 1 : mark + 2] == '"':
                look = mark + 2
                continue
            after = _after_spaces(text, mark + 1)
            if text[after : after + 1] in (delimiter, "\r", "\n", ""):
                break
            # A lone mark within a cell. On the cell's first line it is an undoubled quotation mark; on a later line it opens
            # another cell, so this one was never closed.
            if len(more) > before:
                mark = -1
                break
            loose = doubtful = True
            look = mark + 1
        if mark < 0:
            # Return only the lines of this cell: the cells before it were closed.
            lines.give_back(more[before:])
            rest = text[at : len(text) - sum(map(len, more[before:]))].rstrip("\r\n")
            return Record(first, [*cells, rest], problem=UNCLOSED)
        cells.append(text[opening + 1 : mark].replace('""', '"'))
        if not delimiter or text[after : after + 1] != delimiter:
            return Record(first, cells, doubtful=doubtful)
        at = after + 1


def _after_spaces(text: str, at: int) -> int:
    while text[at : at + 1] == " ":
        at += 1
    return at
