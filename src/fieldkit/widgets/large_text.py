"""Text in large letters, four rows high, to be read from across a table."""

from __future__ import annotations

from itertools import zip_longest

from fieldkit.widgets.plain import wrapped

_FONT = "5x7"
_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


_PER_LETTER = 6
"""Cells that a letter takes at the most, its space included."""


def large_text(text: str, width: int) -> list[str]:
    """The rows of `text` in large capitals; empty where it does not fit `width` cells or has letters beyond ASCII."""
    from pyfiglet import Figlet  # only where something is drawn large

    if not text.isascii():
        return []
    drawn = Figlet(font=_FONT, width=10 * (len(text) + 1)).renderText(text.upper())
    rows = [row.rstrip() for row in drawn.splitlines()]
    while rows and not rows[-1]:
        rows.pop()
    rows = _close(rows)
    if not rows or max(map(len, rows)) > width:
        return []
    return [
        "".join(
            _BLOCKS[upper == "#", lower == "#"] for upper, lower in zip_longest(top, bottom, fillvalue=" ")
        )
        for top, bottom in zip_longest(rows[::2], rows[1::2], fillvalue="")
    ]


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


def _close(rows: list[str]) -> list[str]:
    """The rows with a single empty column between letters."""
    wide = max(map(len, rows), default=0)
    columns = list(zip(*(row.ljust(wide) for row in rows), strict=True))
    kept = [
        column
        for place, column in enumerate(columns)
        if "#" in column or (place and "#" in columns[place - 1])
    ]
    return ["".join(row) for row in zip(*kept, strict=True)]
