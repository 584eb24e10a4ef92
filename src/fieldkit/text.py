"""Text: cleaned where people wrote it, so that it is shown as text and nothing else; and its forms for one and several."""

from __future__ import annotations

import re
import unicodedata

# C0 but tab and line feed, DEL, C1, bidi embeddings, overrides and isolates, line and paragraph
# separators, interlinear anchors, byte order mark, surrogates. Tag characters stay: flags are spelt with them.
_UNCLEAN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufeff\ud800-\udfff]"
)
_BREAKS = re.compile("\r\n|[\r\u2028\u2029\x0b\x0c\x85]")
_SPACES = re.compile("[\t\xa0\u2007\u202f]")


def plural(number: int, singular: str, others: str) -> str:
    """The form of a sentence that fits a number, `{n}` in it replaced: ("1 row was refused.", "{n} rows were refused.").

    The one place that knows how many forms a language has; sentences are given whole, so that they can be translated.
    """
    return (singular if number == 1 else others).replace("{n}", f"{number:,}")


def clean(value: str) -> str:
    """Return `value` in NFC with line ends as LF, odd spaces as spaces, and nothing that steers a terminal.

    Line breaks inside the text stay; spaces at either end go. Letters of every script, joiners and
    emoji stay as they are.
    """
    if value.isascii() and value.isprintable():
        return value.strip()
    value = _BREAKS.sub("\n", value)
    value = _SPACES.sub(" ", value)
    value = _UNCLEAN.sub("", value)
    return unicodedata.normalize("NFC", value).strip()


def clean_line(value: str) -> str:
    """Like `clean`, with line breaks and runs of spaces folded to one space: for names, titles and cells."""
    return " ".join(clean(value).split())
