"""One spelling for what people write in several: the folding used by every search, look-up and grouping."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

from fieldkit.text import normalized

_SPELT_OUT = {"&": " and ", "+": " plus ", "<": " under ", ">": " over ", "≤": " at most ", "≥": " at least "}
#: A dash right before a number and after a space, but not between numbers: level -1 is not level 1, 16 -17 is 16-17.
_NEGATIVE = re.compile(r"(?<![^\s(\[])(?<!\d\s)[-\u2010-\u2015\u2212\uff0d](?=\d)")
#: Trade marks (NFKC would spell them "TM"), ornamental quotation marks, and tatweel, which only stretches an Arabic word.
_DROPPED = re.compile("[\u2120\u2122\u00a9\u00ae\u275b-\u2760\u0640]")
#: Accents, cantillation, optional points and vowel marks, enclosing marks, variation selectors. Marks that are not
#: listed belong to the spelling: vowel signs of Indic scripts, tones of Thai, voicing of kana.
_OPTIONAL_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0898-\u089f\u08ca-\u08ff\u180b-\u180d\u180f"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)
#: Letters that keyboards of neighbouring languages or careful writers use instead of another.
_SAME_LETTER = {
    "ي": "ی",
    "ى": "ی",
    "ك": "ک",
    "ٱ": "ا",
    "ة": "ه",
    "ہ": "ه",
    "ۃ": "ه",
    "ە": "ه",
    "ё": "е",
    "ѐ": "е",
    "ѝ": "и",
}
_GAP = " "
_NOT_BETWEEN_DIGITS = re.compile("(?<![0-9]) | (?![0-9])")


def _apart(letter: str) -> str:
    """A number in one character (½, ²) with spaces around it: it is separate from the number beside it. Lone accents go."""
    category = unicodedata.category(letter)
    return f" {letter} " if category == "No" else "" if category == "Sk" else letter


class _Letters(dict[int, str]):
    """The replacement of each character, computed on first use."""

    def __missing__(self, code: int) -> str:
        letter = self[code] = _letter(chr(code))
        return letter


def _letter(letter: str) -> str:
    if letter in _SPELT_OUT:
        return _SPELT_OUT[letter]
    if letter in _SAME_LETTER:
        return _SAME_LETTER[letter]
    if _OPTIONAL_MARKS.match(letter):
        return ""
    category = unicodedata.category(letter)
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    if category[0] in "ZPS" or category == "Cc":
        return _GAP
    if category == "Lm" and "\u02b0" <= letter <= "\u02ff":
        return ""  # modifier apostrophes: the one of O'Neill in some fonts, the okina, ayn
    if category[0] not in "LMN":
        return ""
    name = unicodedata.name(letter, "")
    if name.startswith("LATIN"):
        plain = anyascii(letter).casefold()
        return "".join(each for each in plain if each.isalnum()) if plain else letter
    if name.startswith(("GREEK", "ARABIC", "HEBREW")):
        letter = _OPTIONAL_MARKS.sub("", normalized("NFD", letter))
        return "".join(_SAME_LETTER.get(each, each) for each in letter)
    return letter


_LETTERS = _Letters()


@lru_cache(maxsize=16384)
def folded(text: str) -> str:
    """What two spellings of one name have in common; equal for spellings that people take for the same.

    These differences do not count:

    - case, and width (`ＡＢＣ`, `ﬁ`): Unicode's NFKC and case folding;
    - accents of Latin, Greek and Cyrillic (`Zoë`, `Nguyễn`, `ё`; `й` is a letter of its own). Latin letters become the
      ASCII ones that represent them: `Łukasz` lukasz, `Straße` strasse, `Ærø` aero, both Turkish i's i;
    - Arabic vowel marks, hamza and madda on a letter, ta marbuta for heh, the yeh, kaf and heh of other keyboards, tatweel;
      Hebrew points;
    - apostrophes, quotation marks, dashes, full stops, every other punctuation mark and symbol, and spaces. Between two
      digits they leave one space: `Ward 1-2` and `Ward 1/2` are not `Ward 12`. A dash that makes a number negative is
      "minus": `Level -1` is not `Level 1`;
    - joiners, marks of direction, other characters of no width; emoji, unless there is nothing else;
    - the script of digits.

    `&` is "and", `+` "plus", `<` "under", `>` "over", `≤` "at most" and `≥` "at least". Vowel signs of Indic scripts, tone
    marks and the marks of kana are letters and stay. No script but Latin is transliterated, and no words are: `St` is not
    Saint, nor is `Müller` Mueller.

    Returns "" only for text without anything to see; text of nothing but signs folds to those signs.
    """
    key = _NEGATIVE.sub(" minus ", text)
    if text.isascii():
        key = key.lower().translate(_LETTERS)
    else:
        key = _DROPPED.sub("", key)
        key = "".join(map(_apart, key))
        key = normalized("NFKC", normalized("NFKC", key).casefold())
        key = normalized("NFC", key.translate(_LETTERS))
    if _GAP in key:
        key = _NOT_BETWEEN_DIGITS.sub("", _GAP.join(key.split()))
    if key:
        return key
    signs = _OPTIONAL_MARKS.sub("", normalized("NFKC", text).casefold())
    return "".join(sign for sign in signs if not sign.isspace() and unicodedata.category(sign)[0] != "C")


@lru_cache(maxsize=16384)
def folded_word(word: str) -> str:
    """`folded` for one word of a text; "" for symbols alone, such as a dash between spaces."""
    spelling = folded(word)
    return spelling if any(unicodedata.category(letter)[0] in "LMN" for letter in spelling) else ""


def folded_words(text: str) -> str:
    """Each word of `text` folded by itself, separated by single spaces: the text that searches look into."""
    return " ".join(filter(None, map(folded_word, text.split())))


def holds(folded_text: str, wanted: str) -> bool:
    """Whether `folded_words` hold a folded word: inside one of them, or from the start of one on across spaces.

    So `footcare` is found in "foot care", but `hand` not in "with and". A number is in one word: 2026 is not in "20 26".
    """
    return wanted in folded_text or (not wanted.isdecimal() and spans(folded_text, wanted))


def spans(folded_text: str, wanted: str) -> bool:
    """Whether `wanted` begins at the start of one of the words, ignoring spaces."""
    return _spanning(wanted).search(folded_text) is not None


@lru_cache(maxsize=256)
def _spanning(wanted: str) -> re.Pattern[str]:
    letters = " ?".join(map(re.escape, wanted))
    return re.compile(r"(?:^|[\s])" + re.sub("(?<=[0-9]) \\?(?=[0-9])", "", letters))
