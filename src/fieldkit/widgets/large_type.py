"""A question in large type: broken between words, each line drawn in blocks, where there is room for it."""

from __future__ import annotations

from fieldkit.widgets.large_text import large_text
from fieldkit.widgets.plain import wrapped

_PER_LETTER = 6
"""Cells that a letter takes at the most, its space included."""


def large_type(text: str, width: int, rows: int) -> list[str]:
    """`text` drawn large in at most `width` cells and `rows` rows.

    Empty where it does not fit, and for every script but unaccented Latin: no large letters are known of others.
    """
    lines = wrapped(text, max(1, width // _PER_LETTER))
    if not text.strip() or 5 * len(lines) - 1 > rows:
        return []
    drawn = [large_text(line, width) for line in lines]
    if not all(drawn):
        return []
    return [row for place, block in enumerate(drawn) for row in ([""] if place else []) + block]
