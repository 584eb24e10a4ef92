"""Checking free text for what must not be kept: NHS and telephone numbers, addresses, postcodes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from fieldkit.text import keyboard_sign

if TYPE_CHECKING:
    from fieldkit.records.schema.kind import Kind

SENTENCES = {
    "nhs-number": "This looks like an NHS number. Please take it out: it points to one person.",
    "telephone": "This looks like a telephone number. Please take it out, unless it belongs to a service.",
    "e-mail": "This looks like an e-mail address. Please take it out, unless it belongs to a service.",
    "postcode": "This looks like a whole postcode. Please leave the first half alone, or take it out.",
    "name": "This looks like a name. Please use the survey's own code for the person, or leave it out.",
}

#: Fields that are meant to hold what would be pointed out elsewhere.
MAY_IDENTIFY = frozenset({"telephone", "email", "postcode", "contact", "reference", "postcode_area"})

#: Fields of figures, files and web addresses: their digits do not identify a person.
OF_FILES = frozenset(
    {"url", "sha256", "words_hash", "state_hash", "pack_hash", "statements", "excerpt", "shown", "file_name"}
)

#: Fields that hold a code for one person, but never their name.
CODES_OF_PEOPLE = frozenset({"respondent"})

# Every repeat below is bounded, so the time grows only linearly with the length of the text.
_LIKELY = re.compile(r"[\d@]")
"""Nothing is found in text without a digit or @."""
_FEWEST_DIGITS = 10
"""The least number of digits in NHS and telephone numbers."""
_NOTHING: tuple[tuple[int, int], ...] = ()
_TEN_DIGITS = re.compile(
    # Slashes or commas only as letters print them, 3-3-4: dates and lists have them too.
    r"(?<!\d)(?=(\d(?:[\s\-._()]{0,3}\d){9}|\d{3}[/,]\s?\d{3}[/,]\s?\d{4})(?!\d))"
)
_DIGITS = re.compile(r"\d+")
_BETWEEN = re.compile(r"[\s()\-./_]{1,4}\Z")
_DIGIT_BY_DIGIT = re.compile(r"(?<!\d)0(?:[\s\-.]{1,3}[1237])(?:[\s\-.]{1,3}\d){8,9}(?!\d)")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,100} {0,2}@ {0,2}[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_POSTCODE = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{1,2}[0-9][A-Za-z0-9]?[ \xa0-]{0,2}"
    r"(?:[0-9](?!st|nd|rd|th)[ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{2}|O[ABD-HJLNP-UW-Z]{2})(?![A-Za-z0-9])"
)


@dataclass(frozen=True)
class Warning:
    """Something that may identify a person: `kind` is a key of SENTENCES, `start` and `end` give its place."""

    kind: str
    start: int
    end: int
    sentence: str


def warnings(text: str) -> list[Warning]:
    """The parts of `text` to check before it is saved, in order and without overlaps.

    Digits of every script count, and so do the full-width letters of Chinese and Japanese keyboards.
    """
    text = _plain(text)
    listed: list[Warning] = []
    if _LIKELY.search(text) is None:
        return listed
    numbers = sum(map(len, _DIGITS.findall(text))) >= _FEWEST_DIGITS
    if not numbers and "@" not in text and _POSTCODE.search(text) is None:
        return listed
    for kind, spans in (
        ("nhs-number", _nhs_numbers(text) if numbers else _NOTHING),
        ("e-mail", (match.span() for match in _EMAIL.finditer(text)) if "@" in text else _NOTHING),
        ("telephone", _telephones(text) if numbers else _NOTHING),
        ("telephone", (match.span() for match in _DIGIT_BY_DIGIT.finditer(text)) if numbers else _NOTHING),
        ("postcode", (match.span() for match in _POSTCODE.finditer(text))),
    ):
        if seen := list(spans):
            covered = sorted((warning.start, warning.end) for warning in listed)
            listed += [Warning(kind, start, end, SENTENCES[kind]) for start, end in _free(seen, covered)]
    return sorted(listed, key=lambda warning: warning.start)


def private_in(kind: Kind, values: Mapping[str, Any]) -> dict[str, list[Warning]]:
    """The parts of a record's text to check before it is saved, by field.

    Fields that are meant to hold such details, and kinds that never leave the laptop, have none.
    """
    if not kind.shared:
        return {}
    by_field: dict[str, list[Warning]] = {}
    for name in kind.free_text_names:
        value = values.get(name)
        if name in MAY_IDENTIFY or name in OF_FILES or not isinstance(value, str):
            continue
        met = warnings(value)
        if not met and name in CODES_OF_PEOPLE and looks_like_a_name(value):
            met = [Warning("name", 0, len(value), SENTENCES["name"])]
        if met:
            by_field[name] = met
    return by_field


def looks_like_a_name(code: str) -> bool:
    """Whether a code without digits has several words or is written like a name, in any script."""
    letters = [letter for letter in code if letter.isalpha()]
    if len(letters) < 2 or any(letter.isdecimal() for letter in code):
        return False
    uncased = any(letter.upper() == letter.lower() for letter in letters)
    as_a_name = letters[0].isupper() and any(letter.islower() for letter in letters)
    return len(code.split()) > 1 or uncased or as_a_name


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits pass the check of NHS numbers: weights 10 to 2, modulus 11."""
    if len(digits) != 10 or not digits.isdecimal():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return (11 - total % 11) % 11 == int(digits[9])


def _plain(text: str) -> str:
    """`text`, character by character, in the digits, dashes, spaces and letters of a British keyboard: places stay."""
    return text if text.isascii() else "".join(map(_plain_letter, text))


@lru_cache(maxsize=4_096)
def _plain_letter(letter: str) -> str:
    plain = keyboard_sign(letter)
    if plain.isascii():
        return plain
    digit = unicodedata.digit(letter, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(letter)
    if category == "Pd":
        return "-"
    # Invisible joiners and separators count as spaces between digits.
    return " " if category in {"Zs", "Cf", "Me"} or "\ufe00" <= letter <= "\ufe0f" else letter


def _free(spans: Iterable[tuple[int, int]], covered: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The `spans`, in order, that touch neither those `covered` (in order) nor each other."""
    place, last = 0, 0
    for start, end in spans:
        while place < len(covered) and covered[place][1] <= start:
            place += 1
        if start >= last and (place == len(covered) or end <= covered[place][0]):
            last = end
            yield start, end


def _nhs_numbers(text: str) -> Iterator[tuple[int, int]]:
    for match in _TEN_DIGITS.finditer(text):
        if is_nhs_number("".join(_DIGITS.findall(match.group(1)))):
            yield match.span(1)


def _telephones(text: str) -> Iterator[tuple[int, int]]:
    """Groups of digits that together make a British number (10 or 11 digits from 0) or one with a + or 00."""
    groups = [match.span() for match in _DIGITS.finditer(text)]
    for first, (start, end) in enumerate(groups):
        plus = text[start - 1 : start] == "+" or text[start : start + 2] == "00"
        if not plus and (text[start] != "0" or end - start < 3):
            continue
        total, best, last = 0, 0, start
        for group_start, group_end in groups[first : first + 7]:
            if group_start != start and not _BETWEEN.match(text[last:group_start]):
                break
            total, last = total + group_end - group_start, group_end
            if (10 <= total <= 15) if plus else (10 <= total <= 11):
                best = group_end
        if best:
            yield start - (text[start - 1 : start] in {"+", "("}), best
