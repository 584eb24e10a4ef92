"""The passphrase step of age, in a helper process: it blocks the interpreter for a second or more.

The request is one JSON object (`do`, `data` in base64, `passphrase`, `work`), and so is the answer.
"""

from __future__ import annotations

import base64
import contextlib
import json
import unicodedata
from typing import BinaryIO

from fieldkit import helper_process
from fieldkit.errors import VaultError, WrongPassphrase
from fieldkit.store.db import age_passphrase

#: The work factor of every lock made here, however busy the laptop is: 2^17 steps of scrypt with r = 8 and p = 1, which the
#: age format fixes. OWASP's Password Storage Cheat Sheet recommends that; it takes 128 MiB and about half a second on an old
#: laptop. Tests lower it by setting this name; no option, variable or file does.
WORK = 17


def wrap(secret: bytes, passphrase: str) -> bytes:
    """`secret` as an age file that `passphrase` opens, however a keyboard composes its accents (Unicode NFC)."""
    return _run("wrap", secret, unicodedata.normalize("NFC", passphrase))


def unwrap(wrapped: bytes, passphrase: str) -> bytes:
    """The secret that was given to `wrap`.

    Raises:
        WrongPassphrase: the passphrase does not open it.
        VaultError: it asks for more work than any lock that fieldkit makes.
        ValueError: it is damaged.
    """
    # Another program may have made the lock with the characters as typed, composed or not.
    spellings = dict.fromkeys(
        [unicodedata.normalize("NFC", passphrase), passphrase, unicodedata.normalize("NFD", passphrase)]
    )
    *first, last = spellings
    for spelling in first:
        with contextlib.suppress(WrongPassphrase):
            return _run("unwrap", wrapped, spelling)
    return _run("unwrap", wrapped, last)


def is_weak(wrapped: bytes) -> bool:
    """Whether guessing the passphrase of this lock takes less work than of one made now."""
    try:
        return age_passphrase.work_factor(wrapped) < WORK
    except ValueError:
        return False


def _run(do: str, data: bytes, passphrase: str) -> bytes:
    request = {"do": do, "data": base64.b64encode(data).decode(), "passphrase": passphrase, "work": WORK}
    try:
        answer = json.loads(helper_process.run("scrypt", json.dumps(request).encode()))
    except (OSError, ValueError):
        raise VaultError(
            "The key could not be unlocked: the helper program stopped.",
            kept="Nothing was changed.",
            hint="Close other programs, then try again; if it goes on, restart the laptop.",
        ) from None
    if "data" in answer:
        return base64.b64decode(answer["data"])
    match answer.get("error"):
        case "wrong":
            raise WrongPassphrase(
                "That passphrase does not open this kit.", hint="Check Caps Lock, or use the recovery code."
            )
        case "work":
            raise VaultError(
                "Opening this key file would take more memory or time than this laptop has.",
                kept="Nothing was changed.",
                hint="fieldkit makes no such files. Restore the key files from a backup.",
            )
        case other:
            raise ValueError(other)


def serve(source: BinaryIO, to: BinaryIO) -> None:
    """Answer the one request in `source`."""
    request = json.loads(source.read())
    data, passphrase = base64.b64decode(request["data"]), request["passphrase"]
    try:
        if request["do"] == "wrap":
            done = age_passphrase.lock(data, passphrase, request["work"])
        else:
            done = age_passphrase.unlock(data, passphrase)
        answer = {"data": base64.b64encode(done).decode()}
    except age_passphrase.Wrong:
        answer = {"error": "wrong"}
    except age_passphrase.TooMuchWork:
        answer = {"error": "work"}
    except ValueError as error:
        answer = {"error": str(error) or "damaged"}
    to.write(json.dumps(answer).encode())
