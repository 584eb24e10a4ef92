"""How alike two names of people are, and why: spellings, scripts, orders, initials, short forms, typing errors."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rapidfuzz.distance import OSA

from fieldkit.records.people_names.likeness_reasons import Why
from fieldkit.records.people_names.name_sounds import same_sound, sound_of
from fieldkit.records.people_names.name_words import NameWord
from fieldkit.records.people_names.short_names import other_forms

#: The score of two words that are alike in each way.
_SCORES = {
    Why.SAME: 1.0,
    Why.SPELLING: 0.92,
    Why.SCRIPT: 0.92,
    Why.SHORT: 0.8,
    Why.TYPING: 0.8,
    Why.INITIAL: 0.7,
}
_WEAK = frozenset({Why.SHORT, Why.TYPING, Why.INITIAL})
_LONG = 6
"""The least length at which a different last letter of a last word may be a slip."""
_OTHER_NAMES = ({"a", "o"}, {"i", "o"})
"""Last letters that distinguish two family names."""
_A_NAME_MORE = 0.08
_ANOTHER_ORDER = 0.02
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEAR = {pair for row in _KEYS for keys in (row, row[::-1]) for pair in pairwise(keys)}


def word_likeness(first: NameWord, other: NameWord) -> Why | None:
    """Why two words may be the same name; None if they are not."""
    if first.letters == other.letters:
        return Why.SAME if first.vowels == other.vowels else Why.SCRIPT
    if min(len(first.letters), len(other.letters)) == 1:
        return Why.INITIAL if first.letters[0] == other.letters[0] else None
    if same_sound(sound_of(first), sound_of(other)):
        return Why.SPELLING if first.vowels == other.vowels else Why.SCRIPT
    if first.vowels != "all" or other.vowels != "all":
        return None
    if other.letters in other_forms(first.letters) or first.letters in other_forms(other.letters):
        return Why.SHORT
    return Why.TYPING if typing_error(first.letters, other.letters) else None


def typing_error(first: str, other: str) -> bool:
    """Whether the two words differ by a single typing error, and not by a change that makes another name.

    Two letters changed places or, in long words (8 letters), a letter was left out or its neighbour on the keyboard was hit.
    The first and the last letter count as intended: Parminder is not Harminder, Nicola not Nicole. `last_letter_slip` handles
    exceptions for the last letter.
    """
    if (
        first[0] != other[0]
        or min(len(first), len(other)) < 4
        or OSA.distance(first, other, score_cutoff=1) != 1
    ):
        return False
    if len(first) != len(other):
        return max(len(first), len(other)) >= 8 and first[-1] == other[-1]
    places = [at for at, (a, b) in enumerate(zip(first, other, strict=True)) if a != b]
    if len(places) == 2:
        return True
    at = places[0]
    return len(first) >= 8 and at < len(first) - 1 and (first[at], other[at]) in _NEAR


def last_letter_slip(first: Sequence[NameWord], other: Sequence[NameWord]) -> bool:
    """Whether two names differ only in the last letter of their long last word (6 letters): Adeyemi, Adeyeme.

    A word before it must be distinctive. The first word never counts: its last letter tells Christina from Christine. Nor do
    endings that make other family names in Italian and Spanish: Ferrari, Ferraro; Moreno, Morena.
    """
    if len(first) != len(other) or len(first) < 2:
        return False
    *before, last = first
    *before_other, last_other = other
    return (
        before == before_other
        and any(map(_is_distinctive, before))
        and last.vowels == last_other.vowels == "all"
        and len(last.letters) == len(last_other.letters) >= _LONG
        and last.letters[:-1] == last_other.letters[:-1]
        and {last.letters[-1], last_other.letters[-1]} not in _OTHER_NAMES
    )


def likeness(first: Sequence[NameWord], other: Sequence[NameWord]) -> tuple[float, Why] | None:
    """(0-1, why) for two names; None if they are not alike. The order of the two does not matter."""
    best = _likeness(first, other)
    if best is None and last_letter_slip(first, other):
        score = (len(first) - 1 + _SCORES[Why.TYPING]) / len(first)
        return score, Why.TYPING
    if best is None and len(first) != len(other):
        fewer, more = sorted((first, other), key=len)
        joins = (_joined(more, at) for at in range(len(more) - 1))
        joined = [alike for join in joins if (alike := _likeness(fewer, join)) and alike[1] in _SPACED]
        best = (max(joined)[0] - _ANOTHER_ORDER, Why.SPACING) if joined else None
    return best


_SPACED = frozenset({Why.SAME, Why.ORDER, Why.SPELLING})


def _joined(parts: Sequence[NameWord], at: int) -> list[NameWord]:
    return [*parts[:at], NameWord(parts[at].letters + parts[at + 1].letters), *parts[at + 2 :]]


def _is_distinctive(word: NameWord) -> bool:
    """Whether a word is distinctive by itself: neither an initial nor a very common name."""
    return (
        not word.common
        and len(word.letters) > 1
        and (word.vowels == "all" or len(sound_of(word).consonants) > 1)
    )


def _likeness(first: Sequence[NameWord], other: Sequence[NameWord]) -> tuple[float, Why] | None:
    pairs = sorted(
        (-_SCORES[why], abs(i - j), i, j, why)
        for i, a in enumerate(first)
        for j, b in enumerate(other)
        if (why := word_likeness(a, b))
    )
    partner: dict[int, int] = {}
    whys: list[Why] = []
    strong = 0
    for _, _, i, j, why in pairs:
        if i not in partner and j not in partner.values():
            partner[i] = j
            whys.append(why)
            strong += (
                why not in _WEAK
                and not first[i].optional
                and _is_distinctive(first[i])
                and _is_distinctive(other[j])
            )
    left = [word for i, word in enumerate(first) if i not in partner and not word.optional]
    right = [word for j, word in enumerate(other) if j not in partner.values() and not word.optional]
    if (left and right) or not whys:
        return None
    weak = sum(why in _WEAK for why in whys)
    if weak > 1 or (not strong and weak):
        return None
    extra = [word for word in left + right if not word.common]
    needed = sum(1 for i in partner if not first[i].optional)
    score = sum(_SCORES[why] for why in whys) / len(whys) - _A_NAME_MORE * len(extra)
    if needed < 2 and extra:
        return (0.5, Why.ONLY) if not weak else None
    worst = min(whys, key=_SCORES.__getitem__)
    if worst is not Why.SAME:
        return score, worst
    if left or right:
        return score - _ANOTHER_ORDER, Why.MORE
    if [partner[i] for i in sorted(partner)] != sorted(partner.values()):
        return score - _ANOTHER_ORDER, Why.ORDER
    return score, Why.SAME
