"""Short forms of given names, from the data set `nicknames`: Liz is Elizabeth, Bill is William."""

from __future__ import annotations

from functools import cache

from nicknames import NickNamer


@cache
def _namer() -> NickNamer:
    return NickNamer()


@cache
def other_forms(word: str) -> frozenset[str]:
    """The full names for which `word` is a short form, and its own short forms; none for most words."""
    if len(word) < 2:
        return frozenset()
    return frozenset(_namer().canonicals_of(word) | _namer().nicknames_of(word)) - {word}
