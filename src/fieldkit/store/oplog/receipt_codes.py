"""Receipt codes: whoever holds the code can have the record erased, on any kit of the network; nobody else can.

A record's id ends in a hash of its code. So a code proves itself against the id alone: no table of codes is kept anywhere, and
the proof still works when the record has become a skeleton. The last character of a code is a check character, so that a
writing or typing error is recognised.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from hashlib import pbkdf2_hmac

from fieldkit.errors import Misuse, WrongCode
from fieldkit.records.consent import asks
from fieldkit.records.schema.kind import kinds

#: The kind of record that withdraws by a code. It is never erased itself: copies that arrive later need it.
KIND = "withdrawal"
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
#: Characters of a code: 55 random bits and the check character.
LENGTH = 12
#: Characters at the end of a record id that come from the code: 55 bits.
TAIL = 11
_ROUNDS = 1_000
_SALT = b"fieldkit-withdrawal@v1"
_MISREAD = str.maketrans("oil", "011")
#: The check is computed in the field of 32 elements, x^5 + x^2 + 1: each place has its own weight, so any one wrong character
#: and any two swapped ones are detected. It does not start at 0, or twelve zeros would be a code.
_FIELD, _START = 0b100101, 19
#: Fewer codes than this are hashed one after another.
_SIDE_BY_SIDE = 16


def new_code() -> str:
    """A new receipt code, as it is printed: K7Q2-M9XD-4TBW."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return _printed(letters + ALPHABET[_doubled(_sum(letters))])


def tail_of(code: str) -> str:
    """The 11 characters that end the id of the code's record; o, i and l are read as 0, 1 and 1.

    Raises:
        WrongCode: this can't be a code, or a character of it is wrong.
    """
    letters = _letters(code)
    number = int.from_bytes(pbkdf2_hmac("sha256", letters.encode(), _SALT, _ROUNDS, dklen=8), "big") >> (
        64 - 5 * TAIL
    )
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(TAIL)))


def tails_of(codes: Collection[str]) -> set[str]:
    """The tails of those texts that are codes. Each takes long to compute, on purpose; many are computed in parallel."""
    if len(codes) < _SIDE_BY_SIDE:
        return set(map(_tail_if_code, codes)) - {""}
    with ThreadPoolExecutor(os.cpu_count() or 1) as workers:
        return set(workers.map(_tail_if_code, codes)) - {""}


def _tail_if_code(text: str) -> str:
    try:
        return tail_of(text)
    except Misuse:
        return ""


def as_printed(code: str) -> str:
    """A code in its canonical spelling, as K7Q2-M9XD-4TBW.

    Raises:
        WrongCode: this can't be a code, or a character of it is wrong.
    """
    return _printed(_letters(code))


def gives_codes(kind: str) -> bool:
    """Whether people get a receipt code for a record of this kind. A newer version's kind may be one."""
    known = kinds().get(kind)
    return known is None or (known.shared and asks(known))


def is_withdrawn(kind: str, record_id: str, endings: AbstractSet[str]) -> bool:
    """Whether `endings` names this record: by the 11 characters that end its id, for kinds that give codes, or as `kind:id`."""
    return (record_id[-TAIL:] in endings and gives_codes(kind)) or f"{kind}:{record_id}" in endings


class WithdrawnIds:
    """Record ids of any kind that endings name: a skeleton does not state its kind."""

    def __init__(self, endings: AbstractSet[str]) -> None:
        self._endings = endings
        self._ids = {ending.partition(":")[2] for ending in endings if ":" in ending}

    def __contains__(self, record_id: str) -> bool:
        return record_id[-TAIL:] in self._endings or record_id in self._ids


def _letters(code: str) -> str:
    """The 12 characters of a code in their canonical spelling, checked."""
    letters = "".join(letter for letter in code.lower() if letter.isalnum()).translate(_MISREAD)
    if len(letters) != LENGTH or any(letter not in ALPHABET for letter in letters):
        raise WrongCode(
            "That is not a receipt code.",
            kept="Nothing was erased.",
            hint="It has three groups of four letters and digits, for example K7Q2-M9XD-4TBW.",
        )
    if _sum(letters):
        raise WrongCode(
            "That receipt code was mistyped: a letter is wrong, or two have changed places.",
            kept="Nothing was erased.",
            hint="Compare it with the slip, letter by letter.",
        )
    return letters


def _printed(letters: str) -> str:
    return "-".join(letters[start : start + 4] for start in range(0, LENGTH, 4)).upper()


def _sum(letters: str) -> int:
    """The check sum of characters: 0 for a whole, correct code."""
    total = _START
    for letter in letters:
        total = _doubled(total) ^ ALPHABET.index(letter)
    return total


def _doubled(number: int) -> int:
    number <<= 1
    return number ^ _FIELD if number >> 5 else number
