"""Breaking the output of commands at words, for a terminal."""

from __future__ import annotations

import re
import shutil
from typing import TextIO

from fieldkit.text import UNBROKEN, cells

_UNBROKEN = re.compile(rf"\s*{UNBROKEN}")
_ANSWER = 16
"""Cells for an answer, so that a terminal does not break it inside a word."""

_FURTHER_IN = " " * 4


def for_terminal(text: str, stream: TextIO) -> str:
    """`text` broken at words if `stream` is a terminal, otherwise unchanged. Spaces at its end stay."""
    if not stream.isatty():
        return text
    width, end = shutil.get_terminal_size().columns, text[len(text.rstrip(" ")) :]
    return "\n".join(piece for line in text.rstrip(" ").split("\n") for piece in wrap(line, width)) + end


def question_for_terminal(text: str, stream: TextIO) -> str:
    """A question broken as by `for_terminal`; if its last line leaves no room, the answer begins on a new line."""
    broken = for_terminal(text, stream)
    if stream.isatty():
        free = shutil.get_terminal_size().columns - cells(broken.rpartition("\n")[2])
        return broken.rstrip(" ") + "\n" if free < _ANSWER else broken
    return broken


def wrap(line: str, width: int) -> list[str]:
    """`line` in lines of at most `width` cells, broken at spaces. A longer word stays whole, for the terminal to break.

    Further lines are indented like what follows a first word and two spaces, or the key of an answer. A line that says what a
    value was read as (`→`) has others like it below, so its further lines are further in. Otherwise they are indented like it.
    """
    if cells(line) < width:
        return [line]
    label = re.match(r" *\S+ {2,}(?=\S)| {2,}(?:\d+|[a-z]) (?=\S)", line)
    indent = " " * (len(line) - len(line.lstrip(" ")))
    if label and cells(label[0]) <= width // 2:
        indent = " " * cells(label[0])
    elif " → " in line:
        indent += _FURTHER_IN
    lines, current = [], ""
    for word in _UNBROKEN.findall(line):
        if current and cells(current + word) >= width:
            lines.append(current)
            current = indent + word.lstrip()
        else:
            current += word
    return [*lines, current]
