"""Plain lines: output is wrapped at words, input is read as it is, and nothing controls the terminal."""

from __future__ import annotations

import contextlib
import sys
from typing import TextIO

from fieldkit.cli.output import write
from fieldkit.cli.plain.line_breaks import question_for_terminal


class PlainLines:
    """Prints and asks on one stream. The terminal's own cursor is where somebody types."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def say(self, *lines: str) -> None:
        """Print lines, wrapped at words if the stream is a terminal."""
        write(self._stream, *lines)
        self._stream.flush()

    def ask(self, prompt: str) -> str:
        """What somebody types after `prompt`.

        Raises:
            EOFError, KeyboardInterrupt: the answers ended, or the person stopped; the message on that begins a line.
        """
        with (
            contextlib.redirect_stdout(self._stream)
            if self._stream is not sys.stdout
            else contextlib.nullcontext()
        ):
            try:
                return input(question_for_terminal(prompt, self._stream))
            except (EOFError, KeyboardInterrupt):
                self.say("")
                raise

    def agrees(self, prompt: str) -> bool:
        """Whether the answer is yes.

        Raises:
            EOFError: the answers ended.
        """
        return self.ask(prompt).strip().casefold() in {"y", "yes"}
