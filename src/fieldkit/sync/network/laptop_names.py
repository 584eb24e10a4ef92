"""Names of laptops that people take for one: spelt alike, or in letters that look alike.

A laptop may call itself anything. What another's name is taken for gets the words of its fingerprint beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from unicodedata import category

from fieldkit.spelling import folded
from fieldkit.text import BLANK, normalized

#: Letters of other scripts and the Latin ones that they look like in most typefaces, after Unicode's list of confusable
#: characters (UTS 39), shortened to what a name can be written in.
_LOOK = str.maketrans(
    "АВСЕНІЈКМОРЅТХҮУЬЗГԌԚԜӀҺаьсԁеһіјкӏмнопоргѕтиѵѡхуүԛԝ"
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϺαβεγηικνορτυχωϲϳ"
    "ՍՏՕհոսցօզ"
    "ᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃ"
    "ꓐꓚꓓꓰꓝꓖꓧꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ"
    "ßꞵɑɡɩʜʟᴏ",
    "ABCEHIJKMOPSTXYYb3rGQWIhabcdehijklmHonoprsTuvwxyyqw"
    "ABEZHIKMNOPTYXCMaBeynikvoptuxwcj"
    "USOhnugoq"
    "ABCDEHJKLMPRSTVWZ"
    "BCDEFGHJKLMNOPRSTUVWXYZ"
    "BBagiHLo",
)
#: Digits and letters that look alike among Latin ones.
_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l"})
_UNSEEN = str.maketrans(dict.fromkeys(BLANK, ""))
#: What lists add to the name of the laptop that they are shown on.
_OWN = "(this laptop)"


def _keys(name: str) -> tuple[str, str]:
    """Of names that are taken for one, one of these is the same: how it is spelt, and how it looks."""
    name = name.translate(_UNSEEN)
    look = folded(normalized("NFKC", name).translate(_LOOK)).translate(_ALIKE)
    return folded(name).removesuffix(folded(_OWN)), _unmarked(look).removesuffix(
        folded(_OWN).translate(_ALIKE)
    )


def _unmarked(text: str) -> str:
    """Without the marks of other scripts on Latin letters: folding keeps them, because they belong to their own letters."""
    if text.isascii():
        return text
    before = ["", *text]
    return "".join(
        letter
        for last, letter in zip(before, text, strict=False)
        if not (last.isascii() and category(letter)[0] == "M")
    )


def taken_for_one(name: str, other: str) -> bool:
    """Whether people take two names for one."""
    return any(key == another for key, another in zip(_keys(name), _keys(other), strict=True))


class Bearers:
    """How many laptops bear a name, or one that it is taken for."""

    def __init__(self, names: Iterable[str]) -> None:
        self._counts = [Counter(keys) for keys in zip(*map(_keys, names), strict=True)]

    def share(self, name: str) -> bool:
        """Whether more than one of them bears this name or one like it."""
        return any(counts[key] > 1 for counts, key in zip(self._counts, _keys(name), strict=False))
