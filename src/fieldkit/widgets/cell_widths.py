"""How many cells Rich counts for a letter, as many as terminals give it, and where it breaks lines: screens and printed tables
do so alike.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import rich._wrap
import rich.cells
from rich._unicode_data import load as load_table
from rich.cells import CellTable

from fieldkit.text import UNBROKEN

_LAST_SIGN = 0x1FFFF
"""Above this code point no vowel sign is set beside its letter."""


def adapt_rich() -> None:
    """Let Rich, and with it Textual, measure and break lines as terminals and readers need; more calls change nothing."""
    _count_vowel_signs()
    _keep_numbers_whole()


def _count_vowel_signs() -> None:
    """Let Rich, and with it Textual, count a cell for each sign set beside its letter (Unicode's category Mc).

    Terminals do: those that ask `wcwidth` of the C library, xterm, VTE, and tmux for all of them. Rich uses the tables of the
    Python package wcwidth, which give these signs no width: a line in Punjabi, Hindi or Tamil then overlaps what is beside it.
    """
    if vars(rich.cells)["load_cell_table"] is not _table:
        vars(rich.cells)["load_cell_table"] = _table
        rich.cells.get_character_cell_size.cache_clear()
        rich.cells.cached_cell_len.cache_clear()


def _keep_numbers_whole() -> None:
    """Let Rich take a telephone number for one word. It breaks lines at no-break spaces, too, so none could do that."""
    vars(rich._wrap)["re_word"] = re.compile(rf"\s*{UNBROKEN}\s*")


@cache
def _table(unicode_version: str = "auto") -> CellTable:
    table = load_table(unicode_version)
    widths: list[tuple[int, int, int]] = []
    for first, last, width in table.widths:
        if width or first > _LAST_SIGN:
            widths.append((first, last, width))
            continue
        start = first
        for code in range(first, last + 1):
            if unicodedata.category(chr(code)) == "Mc":
                if start < code:
                    widths.append((start, code - 1, 0))
                start = code + 1
        if start <= last:
            widths.append((start, last, 0))
    return table._replace(widths=widths)
