"""Names of laptops that people confuse: spelt alike, or in letters that look alike.

A laptop may give itself any name. A name that can be confused with another's is shown with words of its fingerprint.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from unicodedata import category

from fieldkit.spelling import folded
from fieldkit.text import BLANK, normalized

#: Letters of other scripts and the Latin ones that they resemble in most typefaces, after Unicode's list of confusable characters
#: (UTS 39), limited to characters that a name can have.
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
#: Digits and Latin letters that look alike.
_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l"})
_UNSEEN = str.maketrans(dict.fromkeys(BLANK, ""))
#: The suffix that lists add to the name of the laptop that shows them.
_OWN = "(this laptop)"


def _keys(name: str) -> tuple[str, str]:
    """Two keys of a name: its spelling and its look. Names that people confuse share one of them."""
    name = name.translate(_UNSEEN)
    look = folded(normalized("NFKC", name).translate(_LOOK)).translate(_ALIKE)
    return folded(name).removesuffix(folded(_OWN)), _unmarked(look).removesuffix(
        folded(_OWN).translate(_ALIKE)
    )


def _unmarked(text: str) -> str:
    """Remove marks of other scripts from Latin letters. Folding keeps marks, because they belong to their own letters."""
    if text.isascii():
        return text
    before = ["", *text]
    return "".join(
        letter
        for last, letter in zip(before, text, strict=False)
        if not (last.isascii() and category(letter)[0] == "M")
    )


def taken_for_one(name: str, other: str) -> bool:
    """Whether people confuse two names."""
    return any(key == another for key, another in zip(_keys(name), _keys(other), strict=True))


class NameHolders:
    """How many laptops have a name, or one that is confused with it."""

    def __init__(self, names: Iterable[str]) -> None:
        self._counts = [Counter(keys) for keys in zip(*map(_keys, names), strict=True)]

    def share(self, name: str) -> bool:
        """Whether more than one of them has this name or one that is confused with it."""
        return any(counts[key] > 1 for counts, key in zip(self._counts, _keys(name), strict=False))
