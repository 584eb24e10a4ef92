"""Splitting a person's name into words that can be compared: in one script, without titles, particles joined to their word.

`name_words.csv` lists what is known about single words:

- title: left out before a name;
- joined: written apart from or together with the next word (O Brien), and in which form;
- optional: written or left out as people like (al, van, bin); it makes two names neither alike nor different;
- common: so frequent (Kaur, Begum, Singh, Mohammed) that it says little about one person;
- spelling: a short form, or a spelling that no rule of `name_sounds` covers. Somali writes c and x for sounds that English
  has no letters for: Xasan Cali is Hassan Ali.
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
#: Letters of scripts that leave short vowels out: Hebrew, Arabic and related ones.
_NO_VOWELS = re.compile("[\u0590-\u074f\u0750-\u077f\u0870-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
#: Letters of Indic scripts, in which a bare consonant is followed by a.
_INDIC = re.compile("[\u0900-\u0dff]")
_ABDUL = re.compile("^abd(?:ou|[aeou])[lrsznd](?=[a-z]{3})")


class NameWord(NamedTuple):
    """One word of a name in ASCII letters. `vowels` is how its script writes them: "all", "not a" or "none"."""

    letters: str
    vowels: str = "all"
    optional: bool = False

    @property
    def common(self) -> bool:
        """Whether the word is so frequent in names that it says little about one person."""
        return self.letters in _known("common")


@cache
def _known(meaning: str) -> dict[str, str]:
    table = (files(__package__) / "name_words.csv").read_text("utf-8").splitlines()
    return {row["word"]: row["written"] for row in csv.DictReader(table) if row["meaning"] == meaning}


@lru_cache(maxsize=16384)
def _words_of(word: str) -> tuple[NameWord, ...]:
    """The parts of one written word: itself, or several if its script writes names without spaces."""
    if not (spelling := folded_word(word)):
        return ()
    if spelling.isascii():
        spelling = _known("spelling").get(spelling, spelling)
        return (NameWord(_ABDUL.sub("abdul", spelling), optional=spelling in _known("optional")),)
    vowels = "none" if _NO_VOWELS.search(spelling) else "not a" if _INDIC.search(spelling) else "all"
    parts = _HUMPS.sub(" ", anyascii(spelling)).split()
    if vowels == "none":  # a glottal stop begins a word before a vowel that is not written
        parts = [re.sub("^['`]", "a", part) for part in parts]
    plain = ("".join(letter for letter in part.lower() if letter.isalnum()) for part in parts)
    if vowels == "not a":  # the sign for nasal sounds is transliterated as m, whatever follows
        plain = (re.sub("m(?=[^aeioumbp])", "n", part) for part in plain)
    return tuple(NameWord(part, vowels) for part in plain if part)


def name_words(name: str) -> tuple[NameWord, ...]:
    """The words of a name, in order, at most 8; none for a name without letters."""
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
