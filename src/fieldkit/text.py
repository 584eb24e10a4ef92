"""Text: cleaned where people wrote it, so that it is shown only as text; and its singular and plural forms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

#: Marks kept on one letter. Unicode's Stream-Safe Text Format allows 30, more than any language writes (UAX 15);
#: sorting more takes quadratic time.
_MOST_MARKS = 30
#: Where so many marks may occur: accents and all scripts but Latin begin at U+0300, and no mark expands to more than three.
_MAY_STACK = re.compile("[\u0300-\U0010ffff]{9,}")

# C0 but tab and line feed, DEL, C1, bidi embeddings, overrides and isolates, line and paragraph
# separators, interlinear anchors, byte order mark, surrogates. Tag characters stay: flags are spelt with them.
_UNCLEAN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufeff\ud800-\udfff]"
)
#: Letters and symbols drawn as nothing: fillers of Hangul, unwritten vowels of Khmer, an empty pattern of
#: Braille, an empty note head.
BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\U0001d159")
#: The bytes of a file's name that are no UTF-8, as Python passes them on.
_BYTES = re.compile("[\udc80-\udcff]")
_BREAKS = re.compile("\r\n|[\r\u2028\u2029\x0b\x0c\x85]")
_SPACES = re.compile("[\t\xa0\u2007\u202f]")
_TELEPHONE = r"(?<![\w.,])(?:\+\d{1,3}(?: ?\(0\))? ?\d{1,5}|\(?0\d{2,4}\)?)(?: \d{3,6}){1,2}(?!\w)"
"""A telephone number with spaces: 0116 496 0000, +44 7700 900123."""
_DAY = r"(?<!\S)[0-3]?\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}(?!\w)"
_PERCENT = r"(?<=\d) (?=%)"
#: What no line is broken within, though there are spaces in it: a telephone number, since half of one can't be rung, a day, a
#: percentage, and a word with the separator behind it, since a line that begins with one looks like an item of a list.
UNBROKEN = rf"(?:{_TELEPHONE}|{_DAY}|{_PERCENT}|\S)+(?: ·(?!\S))?"
_JOINER = "\u200d"
_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63")
_SLASHES = frozenset("\u2044\u2215")
_DOTS = frozenset("\u00b7\u2022\u2024\u2027\u2219\u22c5\u30fb\u066b")
_COMMAS = frozenset("\u060c\u066c\u3001")


def unbroken(text: str) -> list[str]:
    """The parts of a text that no line is broken within."""
    return re.findall(UNBROKEN, text)


def plural(number: int, singular: str, others: str) -> str:
    """The form of a sentence that fits a number, with `{n}` replaced: ("1 row was refused.", "{n} rows were refused.").

    Only this function knows how many forms a language has; sentences are given whole, so that they can be translated.
    """
    return (singular if number == 1 else others).replace("{n}", f"{number:,}")


def capitalised(text: str) -> str:
    """The text with a capital first letter; all others stay as they are."""
    return text[:1].upper() + text[1:]


def clean(value: str) -> str:
    """Return `value` in NFC, with line ends as LF, unusual spaces as spaces, and no terminal control characters.

    Line breaks inside the text stay; spaces at either end go. Letters of every script, joiners and emoji stay unchanged.
    """
    if value.isascii() and value.isprintable():
        return value.strip()
    value = _BREAKS.sub("\n", value)
    value = _SPACES.sub(" ", value)
    value = _UNCLEAN.sub("", value)
    return normalized("NFC", value).strip()


def escaped(json: str) -> str:
    r"""JSON text in which no character steers a terminal or turns the direction of writing: each is written as \uXXXX."""
    return _UNCLEAN.sub(lambda character: f"\\u{ord(character[0]):04x}", json)


def listing(names: Sequence[str], most: int = 50, *, quoted: bool = False) -> str:
    """Names separated by commas, each of at most 200 cells; beyond `most`, the number of others."""
    shown = [shortened(name, 200) for name in names[:most]]
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(f"“{name}”" for name in shown) + more if quoted else ", ".join(shown) + more


def normalized(form: Literal["NFC", "NFD", "NFKC"], text: str) -> str:
    """`text` in a Unicode normal form, with at most 30 marks on one letter: the time is linear in its length."""
    return unicodedata.normalize(form, _MAY_STACK.sub(_unstacked, text))


def _unstacked(run: re.Match[str]) -> str:
    """Part of a text without the excess marks on a letter."""
    kept: list[str] = []
    marks = _marks(run.string[run.start() - 1])[1] if run.start() else 0
    for letter in run[0]:
        leading, trailing = _marks(letter)
        if leading and marks + leading > _MOST_MARKS:
            continue
        marks = marks + leading if leading else trailing
        kept.append(letter)
    return "".join(kept)


@lru_cache(maxsize=4096)
def _marks(letter: str) -> tuple[int, int]:
    """The number of marks that a character is, 0 for a letter; and the number that it ends with."""
    classes = [unicodedata.combining(part) for part in unicodedata.normalize("NFKD", letter)]
    if all(classes):
        return len(classes), len(classes)
    ends = next(place for place, mark in enumerate(reversed(classes)) if not mark)
    # Unicode has no letter preceded by marks; if it had, it would count as marks.
    return (len(classes), ends) if classes[0] else (0, ends)


def clean_line(value: str) -> str:
    """Like `clean`, with line breaks and runs of spaces replaced by one space: for names, titles and cells."""
    return " ".join(clean(value).split())


def displayed(value: str) -> str:
    """`value`, which may contain names of files, as it is shown: like `clean`, and bytes that are no UTF-8 as \\xe9.

    `clean` drops them, and two folders would have one name.
    """
    return clean(
        value if value.isascii() else _BYTES.sub(lambda byte: f"\\x{ord(byte[0]) - 0xDC00:02x}", value)
    )


def displayed_line(value: str) -> str:
    """Like `displayed`, on one line: for names, titles and cells."""
    return " ".join(displayed(value).split())


def shortened(text: str, longest: int = 60) -> str:
    """`text` on one line of at most `longest` cells of a terminal; "…" is in the place of what does not fit.

    No accent is separated from its letter, and no emoji from what it is joined to.
    """
    line = displayed_line(text)
    if len(line) * 2 <= longest or cells(line) <= longest:
        return line
    room, end = longest - 1, 0
    while (room := room - _cells_of(line[end])) >= 0:
        end += 1
    return _cut(line, end)


def cut_to_store(text: str, longest: int) -> str:
    """`text` on one line of at most `longest` characters, for a field that takes no more; else like `shortened`."""
    line = displayed_line(text)
    return line if len(line) <= longest else _cut(line, longest - 1)


def _cut(line: str, end: int) -> str:
    """The beginning of a line, up to `end` or a little before, with "…" behind it."""
    while end and (unicodedata.category(line[end])[0] == "M" or _JOINER in line[end - 1 : end + 1]):
        end -= 1
    return line[:end].rstrip() + "…"


def quoted(text: str, longest: int = 60) -> str:
    """`text` as sentences quote it."""
    return f"“{shortened(text, longest)}”"


def cells(text: str) -> int:
    """The width of one line in cells of a terminal."""
    return len(text) if text.isascii() else sum(map(_cells_of, text))


@lru_cache(maxsize=4096)
def _cells_of(letter: str) -> int:
    category = unicodedata.category(letter)
    if category in {"Mn", "Me"} or (category == "Cf" and letter > "\u1fff"):
        return 0  # marks, joiners, signs of direction
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def keyboard_sign(letter: str) -> str:
    """A digit, dash, slash, point, comma or full-width letter of any script as on a British keyboard; others unchanged."""
    if letter.isascii():
        return letter
    digit = unicodedata.decimal(letter, None)
    if digit is not None:
        return str(digit)
    if "\uff01" <= letter <= "\uff5e":
        return chr(ord(letter) - 0xFEE0)
    for signs, plain in ((_DASHES, "-"), (_SLASHES, "/"), (_DOTS, "."), (_COMMAS, ",")):
        if letter in signs:
            return plain
    return letter


def as_typed(text: str) -> str:
    """A date, time or number on one line, in the signs of a British keyboard, without what is not drawn.

    Programs leave such signs in what is copied from them: marks of direction between the parts of a date, for example.
    """
    text = clean_line(text)
    return text if text.isascii() else "".join(keyboard_sign(letter) for letter in text if _is_drawn(letter))


def _is_drawn(letter: str) -> bool:
    return unicodedata.category(letter) not in {"Cf", "Me"} and not "\ufe00" <= letter <= "\ufe0f"


def is_seen(text: str) -> bool:
    """Whether anything is drawn of a text: spaces, joiners and letters drawn as nothing don't count."""
    return any(unicodedata.category(letter)[0] not in "CZ" and letter not in BLANK for letter in text)


def ended(sentence: str) -> str:
    """A sentence with its stop, unless what it quotes ends in a mark that ends a sentence."""
    return sentence if sentence.endswith((".", "?", "!", "…")) else f"{sentence}."


def titled(title: str, text: str) -> str:
    """A title with its text on one line: no colon after a question mark."""
    return f"{title}{'' if title.endswith('?') else ':'} {text}"


def bounds_in_words(low: float | None, high: float | None) -> str:
    """Which numbers are accepted: `from 1 to 5`, `1 or more`, `up to 5`; "" if all are."""
    if low is not None and high is not None:
        return f"from {low:,} to {high:,}"
    return f"{low:,} or more" if low is not None else f"up to {high:,}" if high is not None else ""
