"""Finding the part of a record that contains a search word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fieldkit.records.schema.kind import Kind
from fieldkit.records.schema.parse import Terms, labelled
from fieldkit.spelling import folded_word, folded_words, holds
from fieldkit.text import clean, clean_line

_BEFORE, _AFTER = 14, 40


def excerpt(kind: Kind, values: Mapping[str, Any], searched: str, shown: str, terms: Terms) -> str:
    """The text of a record round the first word of `searched` that is not in `shown`, on one line; "" if `shown` holds all
    of them, or none is found.
    """
    seen = folded_words(shown)
    asked = {word: folded_word(word) for word in clean(searched).split()}
    missing = [
        word
        for word, wanted in asked.items()
        if not (holds(seen, wanted) if wanted else word.casefold() in shown.casefold())
    ]
    if not missing:
        return ""
    for name, spec in kind.fields.items():
        value = values.get(name)
        if value is None or spec.link:
            continue
        text = clean_line(labelled(spec, value, terms))
        if place := _place(text, missing[0]):
            return _round(text, *place)
    return ""


def _place(text: str, word: str) -> tuple[int, int] | None:
    """Where `text` holds a word, in any spelling: (start, end)."""
    if match := re.search(re.escape(word), text, re.IGNORECASE):
        return match.span()
    wanted = folded_word(word)
    if not wanted or not holds(folded_words(text), wanted):
        return None
    starts = [match.start() for match in re.finditer(r"\S+", text)]
    # Begin at the last word from which on the text still holds it.
    start = next((at for at in reversed(starts) if holds(folded_words(text[at:]), wanted)), 0)
    return start, min(len(text), start + len(word))


def _round(text: str, start: int, end: int) -> str:
    """The words from `start` to `end` with a few before and after, cut at spaces where possible."""
    first = max(0, start - _BEFORE)
    if first:
        first = text.find(" ", first, start) + 1 or first
    last = min(len(text), end + _AFTER)
    if last < len(text):
        space = text.rfind(" ", end, last)
        last = space if space > 0 else last
    return f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"
