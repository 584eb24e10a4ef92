"""The PIN that takes the laptop back from a respondent: stored as a slow hash, with its wrong tries counted and limited.

It is stored in the encrypted kit, so only somebody who has opened the kit can try it. A try is counted before it is checked, and
the count survives a restart: ending the program gains nobody a new try.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from fieldkit.errors import FieldkitError, Misuse
from fieldkit.store.local.known_settings import PIN, StoredPin
from fieldkit.store.local.stored_settings import Settings
from fieldkit.text import plural

SHORTEST, LONGEST = 4, 7
"""Digits of a PIN. A passphrase has 8 characters or more, so neither is mistaken for the other."""
TRIES = 5
"""After this many wrong tries the passphrase is asked for."""
LONG_WAIT = 60
"""Seconds between two further tries in a kit without a passphrase."""

#: 2^15 steps of scrypt: 32 MiB, about a tenth of a second on an old laptop. Tests lower it by setting this name.
WORK = 15
_RUN = "01234567890"
_KEYPAD = frozenset({"2580", "0852", "1470", "0741", "1397", "1379", "1590", "1478", "3690"})
"""Lines and corners of a keypad."""
_YEAR = re.compile("19[0-9]{2}|20[0-4][0-9]")


class WrongPin(FieldkitError):
    """The PIN is wrong, or may not be tried now."""

    title = "The PIN"


def looks_like_pin(typed: str) -> bool:
    """Whether `typed` can only be meant as a PIN: a few digits and nothing else."""
    return typed.isascii() and typed.isdecimal() and SHORTEST <= len(typed) <= LONGEST


def check_new(pin: str) -> None:
    """Return if `pin` may be chosen.

    Raises:
        Misuse: it is not a number of 4 to 7 digits, or it is easy to guess.
    """
    if not looks_like_pin(pin):
        raise Misuse(f"A PIN is a number of {SHORTEST} to {LONGEST} digits.", kept="Nothing was changed.")
    if len(set(pin)) < 3 or pin in _RUN or pin in _RUN[::-1] or pin in _KEYPAD or _YEAR.fullmatch(pin):
        raise Misuse(
            "That PIN is easy to guess. Choose at least three different digits: in no order, no line on a keypad, no year.",
            kept="Nothing was changed.",
        )


def choose(settings: Settings, pin: str) -> None:
    """Make `pin` the PIN of this kit; earlier wrong tries are forgotten.

    Raises:
        Misuse: it is not a number of 4 to 7 digits, or it is easy to guess.
    """
    check_new(pin)
    salt = secrets.token_bytes(16)
    settings.put(PIN, StoredPin(salt.hex(), _hash(pin, salt, WORK).hex(), WORK))


def forget(settings: Settings) -> None:
    """Remove the PIN of this kit."""
    settings.forget(PIN)


def is_chosen(settings: Settings) -> bool:
    """Whether this kit has a PIN."""
    return settings.get(PIN) is not None


def tries_used_up(settings: Settings) -> bool:
    """Whether there were too many wrong tries, so that the passphrase is needed."""
    stored = settings.get(PIN)
    return stored is not None and stored.wrong >= TRIES


def allow_again(settings: Settings) -> None:
    """Forget the wrong tries, because the passphrase was given."""
    with settings.changing(PIN) as change:
        if change.value is not None and change.value.wrong:
            change.value = StoredPin(change.value.salt, change.value.digest, change.value.work)


def check(settings: Settings, pin: str, now: int, *, locked: bool) -> None:
    """Return if `pin` is this kit's.

    `now` is in milliseconds since 1970. `locked`: the kit has a passphrase, which is asked for after `TRIES` wrong tries.

    Raises:
        WrongPin: with what to do, and how long to wait.
    """
    with settings.changing(PIN) as change:
        stored = change.value
        if stored is None:
            raise WrongPin("This kit has no PIN.", hint="Use the passphrase.")
        if stored.wrong >= TRIES and locked:
            raise WrongPin(f"{TRIES} wrong tries: the PIN is off.", hint="Use the passphrase of this kit.")
        since = now - stored.tried
        wait = _wait_after(stored.wrong) - (since // 1000 if since >= 0 else 0)
        if wait > 0 and stored.wrong:
            raise WrongPin(
                f"Wait {wait} {plural(wait, 'second', 'seconds')}, then try again.",
                kept="This try was not counted.",
            )
        change.value = StoredPin(stored.salt, stored.digest, stored.work, stored.wrong + 1, now)
    if not hmac.compare_digest(
        _hash(pin, bytes.fromhex(stored.salt), stored.work), bytes.fromhex(stored.digest)
    ):
        left = TRIES - stored.wrong - 1
        if left > 0:
            further = f"{left} more {plural(left, 'try', 'tries')}."
        else:
            further = "Now the passphrase is needed." if locked else f"Try again in {LONG_WAIT} seconds."
        raise WrongPin("That is not the PIN.", hint=further)
    allow_again(settings)


def _wait_after(wrong: int) -> int:
    """Seconds to wait after this many wrong tries: 1, 2, 4, 8."""
    return LONG_WAIT if wrong >= TRIES else 2 ** (wrong - 1) if wrong else 0


def _hash(pin: str, salt: bytes, work: int) -> bytes:
    return hashlib.scrypt(
        pin.encode(), salt=salt, n=1 << work, r=8, p=1, maxmem=(1024 << work) + (1 << 20), dklen=32
    )
