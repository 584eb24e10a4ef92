"""Text in large letters, four rows high, to be read across a table: Latin letters with their accents."""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from fieldkit.widgets.plain import wrapped

if TYPE_CHECKING:
    from pyfiglet import Figlet

_FONT = "5x7"
_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}

_PER_LETTER = 6
"""The most cells of a letter, including its space."""
_BETWEEN_WORDS = " " * 4

_ABOVE = {
    "\u0300": ("# ", " #"),
    "\u0301": (" #", "# "),
    "\u0302": (" # ", "# #"),
    "\u0303": (" # #", "# # "),
    "\u0304": ("   ", "###"),
    "\u0306": ("# #", " # "),
    "\u0307": ("#", " "),
    "\u0308": ("# #", "   "),
    "\u030a": ("##", "##"),
    "\u030b": (" # #", "# # "),
    "\u030c": ("# #", " # "),
}
"""The two rows of each accent above a letter, by its combining character."""
_BELOW = {
    "\u0323": "  # ",
    "\u0326": " #  ",
    "\u0327": " ## ",
    "\u0328": "  ##",
}
"""The row of each accent below a letter."""
_WIDE = {
    "M": ("#   #", "## ##", "# # #", "# # #", "#   #", "#   #"),
    "W": ("#   #", "#   #", "# # #", "# # #", "## ##", "#   #"),
}
"""Letters that would look like H in the four columns that the font gives them."""
_STROKE = {"Ł": "L", "Đ": "D", "Ø": "O"}
"""Letters with a stroke, and the same letters without it."""


def large_text(text: str, width: int) -> list[str]:
    """The rows of `text` in large capitals; empty if it does not fit `width` cells or has letters that can't be drawn."""
    word_rows = [_word(word) for word in text.upper().split()]
    if not word_rows or not all(word_rows):
        return []
    rows = [_BETWEEN_WORDS.join(row).rstrip() for row in zip(*word_rows, strict=True)]
    if not any(rows[:2]):
        del rows[:2]
    while not rows[-1]:
        rows.pop()
    if max(map(len, rows)) > width:
        return []
    return [
        "".join(
            _BLOCKS[upper == "#", lower == "#"] for upper, lower in zip_longest(top, bottom, fillvalue=" ")
        )
        for top, bottom in zip_longest(rows[::2], rows[1::2], fillvalue="")
    ]


def large_type(text: str, width: int, rows: int) -> list[str]:
    """`text` drawn large in at most `width` cells and `rows` rows.

    Empty if it does not fit, and for every script but Latin: there are no large letters for the others.
    """
    if not text.strip() or rows < 4:
        return []
    drawn = [large_text(line, width) for line in wrapped(text, max(1, width // _PER_LETTER))]
    lines = [row for place, block in enumerate(drawn) for row in ([""] if place else []) + block]
    return lines if all(drawn) and len(lines) <= rows else []


@cache
def _font() -> Figlet:
    from pyfiglet import Figlet  # only where something is drawn large

    return Figlet(font=_FONT)


def _word(word: str) -> list[str]:
    """The rows of a word, `#` for a dot: two for accents, the letters, what hangs below. Empty if a letter is unknown."""
    letters = [_letter(unicodedata.normalize("NFD", letter)) for letter in unicodedata.normalize("NFC", word)]
    if not all(letters):
        return []
    return [" ".join(row) for row in zip(*letters, strict=True)]


@cache
def _letter(parts: str) -> list[str]:
    """The rows of one letter; `parts` are the letter and its accents; empty if it is not known."""
    base, accents = _STROKE.get(parts[0], parts[0]), parts[1:]
    if not base.isascii() or any(accent not in _ABOVE and accent not in _BELOW for accent in accents):
        return []
    rows = _close(_font().renderText(base).split("\n")[:-1])
    if base in _WIDE:
        rows = [*_WIDE[base], *(" " * 5 for _ in rows[len(_WIDE[base]) :])]
    if not rows[0]:
        return []
    if base != parts[0]:
        rows = [f" {row}" for row in rows]
        rows = [_over(row, {2: "  #", 3: " # ", 4: "#  "}.get(place, "")) for place, row in enumerate(rows)]
    wide = len(rows[0])
    above = ("", "")
    for accent in accents:
        if accent in _ABOVE:
            above = _ABOVE[accent]
        else:
            rows[-1] = _over(rows[-1], _BELOW[accent])
    wide = max(wide, *map(len, (*above, *rows)))
    return [*(row.center(wide) for row in above), *(row.ljust(wide) for row in rows)]


def _over(row: str, dots: str) -> str:
    """A row with more dots added."""
    return "".join("#" if "#" in pair else " " for pair in zip_longest(row, dots, fillvalue=" "))


def _close(rows: list[str]) -> list[str]:
    """The rows without the empty columns at their sides."""
    left = min((len(row) - len(row.lstrip()) for row in rows if row.strip()), default=0)
    right = max((len(row.rstrip()) for row in rows), default=0)
    return [row.ljust(right)[left:right] for row in rows]
