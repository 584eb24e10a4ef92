"""Sentences behind a sign, whose further lines begin where the sentence does and not below the sign."""

from __future__ import annotations

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

_SIGNS = ("× ", "! ", "▪ ")


class Hanging(Visual):
    """A text in which each paragraph that begins with a sign hangs behind it, at whatever width it is drawn."""

    def __init__(self, content: Content) -> None:
        self._content = content

    def __str__(self) -> str:
        return self._content.plain

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        return self._lines(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return self._content.get_optimal_width(rules, container_width)

    def get_height(self, rules: RulesMap, width: int) -> int:
        return self._lines(width).get_height(rules, width)

    def _lines(self, width: int) -> Content:
        lines: list[Content] = []
        for paragraph in self._content.split("\n", allow_blank=True):
            sign = next(filter(paragraph.plain.startswith, _SIGNS), "")
            first, *rest = paragraph[len(sign) :].wrap(max(1, width - len(sign))) or [Content("")]
            lines += [paragraph[: len(sign)] + first, *(Content(" " * len(sign)) + line for line in rest)]
        return Content("\n").join(lines)
