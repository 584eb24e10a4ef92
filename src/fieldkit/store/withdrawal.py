"""Receipt codes: who holds the code can have the record erased, on any kit of the network, and nobody else can.

The end of a record's id is a hash of its code. So a code proves itself against the id alone: no table of codes is kept
anywhere, and the proof still holds when the record has become a skeleton.
"""

from __future__ import annotations

import secrets
from hashlib import pbkdf2_hmac

from fieldkit.errors import Misuse

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
#: Letters of a code: 60 bits.
LENGTH = 12
#: Letters at the end of a record id that come from the code: 55 bits.
TAIL = 11
_ROUNDS = 1_000
_SALT = b"fieldkit-withdrawal@v1"
_MISREAD = str.maketrans("oil", "011")


def new_code() -> str:
    """A new receipt code, as it is printed: K7Q2-M9XD-4TBW."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH)).upper()
    return "-".join(letters[start : start + 4] for start in range(0, LENGTH, 4))


def tail_of(code: str) -> str:
    """The 11 letters that the id of the code's record ends in; o, i and l are read as 0, 1 and 1.

    Raises:
        Misuse: this can't be a code.
    """
    letters = "".join(letter for letter in code.lower() if letter.isalnum()).translate(_MISREAD)
    if len(letters) != LENGTH or any(letter not in ALPHABET for letter in letters):
        raise Misuse(
            "That is not a receipt code.",
            hint="It has three times four letters and digits, as K7Q2-M9XD-4TBW.",
        )
    number = int.from_bytes(pbkdf2_hmac("sha256", letters.encode(), _SALT, _ROUNDS, dklen=8), "big") >> (
        64 - 5 * TAIL
    )
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(TAIL)))


def as_printed(code: str) -> str:
    """A code in its one spelling, as K7Q2-M9XD-4TBW.

    Raises:
        Misuse: this can't be one.
    """
    tail_of(code)
    letters = "".join(letter for letter in code.lower() if letter.isalnum())
    whole = letters.translate(_MISREAD).upper()
    return "-".join(whole[start : start + 4] for start in range(0, len(whole), 4))
