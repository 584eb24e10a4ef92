"""Passphrases that are guessed first: the commonest words, keyboard runs, repetitions, dates, the kit's own names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from fieldkit.errors import Misuse

#: The fewest characters of a passphrase.
SHORTEST = 8
ADVICE = (
    "Use several words that have nothing to do with each other: four are easy to remember and hard to guess."
)

#: Neighbouring keys and other well-known sequences; read in both directions.
_ROWS = (
    "1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "abcdefghijklmnopqrstuvwxyz",
    "!@#$%^&*()", "!\"£$%^&*()",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "qazwsxedcrfvtgbyhnujm", "147258369", "0987654321", "1q2w3e4r5t6y7u8i9o0p",
)  # fmt: skip
_RUNS = frozenset(
    row[at : at + 3] for line in _ROWS for row in (line, line[::-1]) for at in range(len(line) - 2)
)
#: Digits and signs typed in place of letters; 1 and ! replace two each.
_STANDS_FOR = (str.maketrans("0134578@$!|", "oleastbasil"), str.maketrans("0134578@$!|", "oieastbasil"))
#: Cyrillic and Greek letters that look like Latin ones.
_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТХаеѕіјорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABESIJKMHOPCTXaesijopcyxABEZHIKMNOPTYXo"
)
_YEARS = re.compile("(?:19|20)[0-9]{2}")
#: Up to this many characters beside a word or a run make it no harder to guess.
_FEW = 4
#: A number with fewer digits is a date, or a telephone number with its country code.
_DIGITS = 14


def demand_strong(passphrase: str, names: Iterable[str] = ()) -> None:
    """Refuse a passphrase that is short or easily guessed; `names` are those of the network and the laptop.

    Raises:
        Misuse: with advice on a better one.
    """
    if reason := weakness(passphrase, names):
        raise Misuse(
            f"That passphrase is too easy to guess: {reason}.", kept="Nothing was changed.", hint=ADVICE
        )


def weakness(passphrase: str, names: Iterable[str] = ()) -> str:
    """Why a passphrase is easy to guess, as the end of a sentence; "" if it is not."""
    if len(passphrase.strip()) < SHORTEST:
        return f"it has fewer than {SHORTEST} characters"
    plain = "".join(unicodedata.normalize("NFKC", passphrase).casefold().split())
    if _repeats(plain):
        return "it repeats itself"
    digits = re.sub(r"\W", "", plain)
    if digits.isdigit() and len(digits) < _DIGITS:
        return "it is a number, such as a date or a telephone number"
    spellings = _spellings(passphrase)
    keys = {plain, *(_YEARS.sub("", spelling) for spelling in spellings)}
    if any(len(typed) - _in_runs(typed) < _FEW for typed in keys):
        return "its keys are next to each other"
    own = {folded for name in names for folded in _spellings(name)}
    for spelling in spellings:
        if any(len(name) >= 3 and _is_little_more(spelling, name) for name in own):
            return "it is the name of the network or the laptop"
        backwards = spelling[::-1]
        if any(
            _is_little_more(word_spelling, word)
            for word_spelling in (spelling, backwards)
            for word in _common()
        ) or _of_common(spelling):
            return "it is one of the commonest"
    return ""


def _spellings(text: str) -> set[str]:
    """The letters and digits of a text: as typed, without accents, and with signs replaced by the letters that they replace or
    look like.
    """
    from fieldkit.spelling import folded  # with its tables, after the first frame

    bases = {
        unicodedata.normalize("NFKC", text).casefold(),
        folded(text),
        folded(text.translate(_LOOKALIKES)),
    }
    bases |= {re.sub(r"[\W\d_]+\Z", "", base) for base in bases}
    spelled = bases | {base.translate(signs) for base in bases for signs in _STANDS_FOR}
    return {kept for spelled_text in spelled if (kept := _letters(spelled_text))}


def _letters(text: str) -> str:
    """The letters and digits alone, without signs and invisible characters."""
    return "".join(filter(str.isalnum, text))


def _is_little_more(passphrase: str, word: str) -> bool:
    """Whether a passphrase is a word, the word twice, or the word with a few characters or digits beside it."""
    if word not in passphrase:
        return False
    left = passphrase.replace(word, "")
    return len(left) < _FEW or (left.isdigit() and len(left) <= 8)


def _of_common(passphrase: str) -> bool:
    """Whether a passphrase is two common words and little else."""
    return any(
        _is_little_more(passphrase[len(word) :], other)
        for word in _common()
        if passphrase.startswith(word)
        for other in _common()
    )


def _repeats(plain: str) -> bool:
    """Whether a few characters make up the whole passphrase: aaaaaaaa, abcabcabc, or very few different ones."""
    if len(set(plain)) < 5:
        return True
    return any(
        plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, min(len(plain) // 2, 6) + 1)
    )


def _in_runs(plain: str) -> int:
    """How many characters lie in runs of three or more."""
    return len({at + step for at in _begins(plain) for step in range(3)})


def _begins(plain: str) -> Iterator[int]:
    return (
        at for at in range(len(plain) - 2) if plain[at : at + 3] in _RUNS or len(set(plain[at : at + 3])) == 1
    )


@cache
def _common() -> frozenset[str]:
    """The commonest words in passphrases, including those of the places and people that fieldkit is made for."""
    import csv  # after the first frame

    text = Path(__file__).with_name("common_passphrases.csv").read_text("utf-8")
    return frozenset(row["word"] for row in csv.DictReader(text.splitlines()))
