"""Plain lines: what is said is wrapped at words, what is typed is read as it is, and nothing steers the terminal."""

from __future__ import annotations

import contextlib
import shutil
import sys
from typing import TextIO

from fieldkit.cli.output import write
from fieldkit.text import clean


class PlainLines:
    """Says and asks on one stream. The terminal's own cursor stands where somebody types."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def say(self, *lines: str) -> None:
        """Print lines, wrapped at words where the stream is a terminal."""
        width = shutil.get_terminal_size().columns if self._stream.isatty() else 0
        for line in lines:
            write(self._stream, *(wrap(line, width) if width else [line]))
        self._stream.flush()

    def ask(self, prompt: str) -> str:
        """What somebody types after `prompt`.

        Raises:
            EOFError: the answers ended.
        """
        with (
            contextlib.redirect_stdout(self._stream)
            if self._stream is not sys.stdout
            else contextlib.nullcontext()
        ):
            return input(prompt)

    def agrees(self, prompt: str) -> bool:
        """Whether somebody says yes.

        Raises:
            EOFError: the answers ended.
        """
        return self.ask(prompt).strip().casefold() in {"y", "yes"}


def wrap(line: str, width: int) -> list[str]:
    """`line` in lines of at most `width` cells, broken at spaces; what follows is indented as the line is.

    A word that is wider stays whole, for the terminal to break.
    """
    from rich.cells import cell_len  # only where lines are for a terminal

    indent = " " * (len(line) - len(line.lstrip(" ")))
    line = indent + clean(line)  # which takes the spaces before it
    if cell_len(line) < width:
        return [line]
    lines, current = [], ""
    for word in line.split():
        longer = f"{current} {word}" if current else indent + word
        if current and cell_len(longer) >= width:
            lines.append(current)
            longer = indent + word
        current = longer
    return [*lines, current]
