"""Where in a record the words stand that somebody looks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fieldkit.records.schema.kind import Kind
from fieldkit.records.schema.parse import Terms, labelled
from fieldkit.text import clean, clean_line

_BEFORE, _AFTER = 14, 40


def excerpt(kind: Kind, values: Mapping[str, Any], words: str, shown: str, terms: Terms) -> str:
    """What a record says round the first of `words` that is not in `shown`, on one line; "" if all of them are, or none
    is found.
    """
    missing = [word for word in clean(words).split() if word.casefold() not in shown.casefold()]
    if not missing:
        return ""
    for name, spec in kind.fields.items():
        value = values.get(name)
        if value is None or spec.shape == "link":
            continue
        said = clean_line(labelled(spec, value, terms))
        if found := re.search(re.escape(missing[0]), said, re.IGNORECASE):
            return _round(said, *found.span())
    return ""


def _round(said: str, start: int, end: int) -> str:
    """A few words before and after, none of them cut where there is a space."""
    first = max(0, start - _BEFORE)
    if first:
        first = said.find(" ", first, start) + 1 or first
    last = min(len(said), end + _AFTER)
    if last < len(said):
        space = said.rfind(" ", end, last)
        last = space if space > 0 else last
    return f"{'…' if first else ''}{said[first:last]}{'…' if last < len(said) else ''}"
