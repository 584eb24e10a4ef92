"""The parts of every page of a handed-over laptop: sentences in lines, in large letters if there is room."""

from __future__ import annotations

from dataclasses import dataclass, field

from textual.content import Content

from fieldkit.presentation.languages.terminal_text import terminal_line
from fieldkit.widgets.large_text import large_type
from fieldkit.widgets.plain import plain, wrapped


@dataclass(frozen=True)
class Drawn:
    """A page: the top line, the question, and the answers below it."""

    title: str
    question: Content
    answers: Content = field(default_factory=Content)
    row_pointed_at: int = 0
    """The row of `answers` where the answer pointed at begins."""
    goes_on_at: int = 0
    """The row from which a notice that does not fit continues, 0 at its end."""
    how: str = ""
    """The sentence on how to answer, where there is room for it."""


def large(text: str, width: int, rows: int) -> Content:
    """Words drawn large if they fit, otherwise in bold."""
    if drawn := large_type(text, width, rows):
        return Content.styled("\n".join(drawn), "bold")
    return sentence_lines(text, width, "bold")


def sentence_lines(text: str, width: int, style: str = "") -> Content:
    """A sentence in lines of `width` cells, each as the terminal must draw it."""
    return plain("\n".join(map(terminal_line, wrapped(text, width))), style)


def rows_of(content: Content) -> int:
    """How many rows a part of a page takes."""
    return content.plain.count("\n") + 1
