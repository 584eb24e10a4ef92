"""Where Rich, and with it Textual, may break a line: between words, and never within a telephone number."""

from __future__ import annotations

import re

import rich._wrap

from fieldkit.text import UNBROKEN


def keep_numbers_whole() -> None:
    """Let Rich take a telephone number for one word. It breaks lines at no-break spaces, too, so none could do that."""
    vars(rich._wrap)["re_word"] = re.compile(rf"\s*{UNBROKEN}\s*")
