"""The parts of every page of a handed-over laptop: sentences in lines, in large letters if there is room."""

from __future__ import annotations

from dataclasses import dataclass, field

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

from fieldkit.presentation.languages.terminal_text import terminal_line
from fieldkit.widgets.large_text import large_type
from fieldkit.widgets.plain import pad, plain, wrapped

_TALL = 24
"""From this height of a page on, what is asked is large where it fits: in a lower one it would be large on few pages alone."""


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


def asked_lines(text: str, width: int, rows: int, height: int) -> Content:
    """What a page of this height asks, or its heading: large in at most `rows` rows, or in bold."""
    return large(text, width, rows) if height >= _TALL else sentence_lines(text, width, "bold")


def sentence_lines(text: str, width: int, style: str = "") -> Content:
    """A sentence in lines of `width` cells, each as the terminal must draw it."""
    return plain("\n".join(map(terminal_line, wrapped(text, width))), style)


class FromRight(Visual):
    """A sentence in a script that is written from the right, with its sign at the right, at whatever width it is drawn."""

    def __init__(self, sign: Content, sentence: str) -> None:
        self._sign, self._sentence = sign, sentence

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        return self._lines(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        return self._lines(width).get_height(rules, width)

    def _lines(self, width: int) -> Content:
        room = max(1, width - 2)
        return Content("\n").join(
            Content.assemble(
                pad(terminal_line(line), room, "right"), " ", Content(" ") if row else self._sign
            )
            for row, line in enumerate(wrapped(self._sentence, room))
        )


def rows_of(content: Content) -> int:
    """How many rows a part of a page takes."""
    return content.plain.count("\n") + 1
