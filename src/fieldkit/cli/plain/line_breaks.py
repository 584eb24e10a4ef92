"""Breaking what commands print at words, for a terminal."""

from __future__ import annotations

import re
import shutil
from typing import TextIO

_ANSWER = 16
"""Cells of an answer that a terminal is not to break in the middle of a word."""


def for_terminal(text: str, stream: TextIO) -> str:
    """`text` broken at words where `stream` is a terminal; else as it is. Spaces at its end stay."""
    if not stream.isatty():
        return text
    width, end = shutil.get_terminal_size().columns, text[len(text.rstrip(" ")) :]
    return "\n".join(piece for line in text.rstrip(" ").split("\n") for piece in wrap(line, width)) + end


def question_for_terminal(text: str, stream: TextIO) -> str:
    """A question as `for_terminal` breaks it; where its last line leaves no room for an answer, that begins a line."""
    broken = for_terminal(text, stream)
    if stream.isatty():
        free = shutil.get_terminal_size().columns - _cells(broken.rpartition("\n")[2])
        return broken.rstrip(" ") + "\n" if free < _ANSWER else broken
    return broken


def wrap(line: str, width: int) -> list[str]:
    """`line` in lines of at most `width` cells, broken at spaces; what follows is indented as the line is, or as what
    stands behind its first word and two spaces, or behind the key of an answer.

    A word that is wider stays whole, for the terminal to break.
    """
    if _cells(line) < width:
        return [line]
    label = re.match(r" *\S+ {2,}(?=\S)| {2,}(?:\d+|[a-z]) (?=\S)", line)
    indent = " " * (len(line) - len(line.lstrip(" ")))
    if label and _cells(label[0]) <= width // 2:
        indent = " " * _cells(label[0])
    lines, current = [], ""
    for word in re.findall(r"\s*\S+", line):
        if current and _cells(current + word) >= width:
            lines.append(current)
            current = indent + word.lstrip()
        else:
            current += word
    return [*lines, current]


def _cells(text: str) -> int:
    """How many cells of a terminal a text takes."""
    from rich.cells import cell_len  # only where lines are for a terminal

    return cell_len(text)
