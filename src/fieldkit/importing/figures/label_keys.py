"""The key of a published label: the same for all spellings of one group."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from fieldkit.spelling import folded

#: The sign between a group and its subgroup.
_SEPARATORS = re.compile(r"\s*(?::|\s[-–—]\s|[-–—/|>])\s*")
_NOTE = re.compile(r"\s*\[\s*(?:note\s*)?[0-9a-z]{1,2}\s*\]", re.IGNORECASE)
_VERSION = re.compile(r"\s\([A-Z]\)(?=\s|$)")
_LAST_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*$")


@lru_cache(maxsize=8192)
def label_key(label: str, digits: bool = False) -> str:
    """The letters of `label`, folded; with `digits` its digits as well. Notes such as [note 1] are left out."""
    wanted = "LMN" if digits else "LM"
    return "".join(
        letter for letter in folded(_NOTE.sub("", label)) if unicodedata.category(letter)[0] in wanted
    )


def heading_key(heading: str) -> str:
    """The key of a heading, without the version of a census classification: `Age (B) (8 categories)` is `agecategories`."""
    return label_key(_VERSION.sub(" ", heading))


def with_leading_group(label: str) -> list[tuple[str, str]]:
    """(possible group, the rest) for each sign in `label` that may separate them, the longest group first."""
    places = [(match.start(), match.end()) for match in _SEPARATORS.finditer(label)]
    return [(label[:start], label[end:]) for start, end in reversed(places) if label[:start] and label[end:]]


def with_trailing_group(label: str) -> tuple[str, str] | None:
    """(possible group, the rest) of a label such as `British (White)`."""
    match = _LAST_BRACKETS.search(label)
    return (match[1], label[: match.start()]) if match and match[1] and match.start() else None
