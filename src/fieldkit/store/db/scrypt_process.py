"""The passphrase step of age, in a helper process: it holds the interpreter for a second or more.

One JSON object in (`do`, `data` in base64, `passphrase`), one out.
"""

from __future__ import annotations

import base64
import json
from typing import BinaryIO

from fieldkit import helper_process
from fieldkit.errors import VaultError, WrongPassphrase

#: What the age library says when a file is whole and the passphrase is another.
_WRONG = "Decryption failed"


def wrap(secret: bytes, passphrase: str) -> bytes:
    """`secret` as an age file that `passphrase` opens."""
    return _run("wrap", secret, passphrase)


def unwrap(wrapped: bytes, passphrase: str) -> bytes:
    """What `wrap` was given.

    Raises:
        WrongPassphrase: the passphrase does not open it.
        ValueError: it is damaged.
    """
    return _run("unwrap", wrapped, passphrase)


def _run(do: str, data: bytes, passphrase: str) -> bytes:
    asked = json.dumps({"do": do, "data": base64.b64encode(data).decode(), "passphrase": passphrase})
    try:
        said = json.loads(helper_process.run("scrypt", asked.encode()))
    except (OSError, ValueError):
        raise VaultError(
            "The key could not be unlocked: the helper program stopped.",
            kept="Nothing was changed.",
            hint="Try again; if it goes on, restart the laptop.",
        ) from None
    if "data" in said:
        return base64.b64decode(said["data"])
    if do == "unwrap" and said.get("error") != _WRONG:
        raise ValueError(said.get("error"))
    raise WrongPassphrase(
        "That passphrase does not open this kit.", hint="Check caps lock, or use the recovery code."
    )


def serve(source: BinaryIO, to: BinaryIO) -> None:
    """Answer the one request in `source`."""
    import pyrage

    asked = json.loads(source.read())
    data, passphrase = base64.b64decode(asked["data"]), asked["passphrase"]
    try:
        step = pyrage.passphrase.encrypt if asked["do"] == "wrap" else pyrage.passphrase.decrypt
        answer = {"data": base64.b64encode(step(data, passphrase)).decode()}
    except (pyrage.DecryptError, pyrage.EncryptError) as error:
        answer = {"error": str(error)}
    to.write(json.dumps(answer).encode())
