"""A person's name taken into words that can be compared: one script, no titles, particles joined to what they belong to.

`name_words.csv` lists what is known of single words:

- title: left out before a name;
- joined: written apart or together with the word after it (O Brien), and as what;
- optional: written or left out as people like (al, van, bin): neither makes two names alike nor tells them apart;
- common: so many bear it (Kaur, Begum, Singh, Mohammed) that it says little of one person;
- spelling: a shortened form, or a spelling that no rule of `name_sounds` brings together. Somali writes c and x for sounds
  that English has no letters for: Xasan Cali is Hassan Ali.
"""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from anyascii import anyascii

from fieldkit.spelling import folded_word

_MOST_WORDS = 8
_GAPS = re.compile('[-\u2010-\u2015\u2212\uff0d\u05be/,.()\\[\\]{}"“”«»]')
_HUMPS = re.compile("(?<=[a-z])(?=[A-Z])")
#: Letters whose script leaves short vowels out: Hebrew, Arabic and its neighbours.
_NO_VOWELS = re.compile("[\u0590-\u074f\u0750-\u077f\u0870-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
#: Letters of Indic scripts, in which a consonant alone is followed by a.
_INDIC = re.compile("[\u0900-\u0dff]")
_ABDUL = re.compile("^abd(?:ou|[aeou])[lrsznd](?=[a-z]{3})")


class NameWord(NamedTuple):
    """One word of a name in ASCII letters. `vowels` is how its script writes them: "all", "not a" or "none"."""

    letters: str
    vowels: str = "all"
    optional: bool = False

    @property
    def common(self) -> bool:
        """Whether so many people bear it that it says little of one."""
        return self.letters in _known("common")


@cache
def _known(meaning: str) -> dict[str, str]:
    table = (files(__package__) / "name_words.csv").read_text("utf-8").splitlines()
    return {row["word"]: row["written"] for row in csv.DictReader(table) if row["meaning"] == meaning}


@lru_cache(maxsize=16384)
def _words_of(word: str) -> tuple[NameWord, ...]:
    """What one word as it was written becomes: itself, or several where its script writes names without spaces."""
    if not (spelling := folded_word(word)):
        return ()
    if spelling.isascii():
        spelling = _known("spelling").get(spelling, spelling)
        return (NameWord(_ABDUL.sub("abdul", spelling), optional=spelling in _known("optional")),)
    vowels = "none" if _NO_VOWELS.search(spelling) else "not a" if _INDIC.search(spelling) else "all"
    parts = _HUMPS.sub(" ", anyascii(spelling)).split()
    if vowels == "none":  # the catch in the throat begins a word before a vowel that is not written
        parts = [re.sub("^['`]", "a", part) for part in parts]
    plain = ("".join(letter for letter in part.lower() if letter.isalnum()) for part in parts)
    if vowels == "not a":  # a sign for "nasal" is given as m, whatever follows
        plain = (re.sub("m(?=[^aeioumbp])", "n", part) for part in plain)
    return tuple(NameWord(part, vowels) for part in plain if part)


def name_words(name: str) -> tuple[NameWord, ...]:
    """The words of a name, in its order, at most 8; none for a name without letters."""
    parts = [each for word in _GAPS.sub(" ", name).split() for each in _words_of(word)][:_MOST_WORDS]
    while len(parts) > 1 and parts[0].letters in _known("title"):
        parts.pop(0)
    joined: list[NameWord] = []
    for word in parts:
        before = _known("joined").get(joined[-1].letters) if joined else None
        if before is not None and word.vowels == "all":
            joined[-1] = NameWord(before + word.letters)
        else:
            joined.append(word)
    if all(word.optional for word in joined):
        return tuple(word._replace(optional=False) for word in joined)
    return tuple(joined)
