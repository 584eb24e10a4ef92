"""Locks without age's slow step, for tests of what is done with them."""

from __future__ import annotations

from fieldkit.errors import WrongPassphrase


def wrap(key: bytes, secret: str) -> bytes:
    """The key and what opens it, side by side."""
    return secret.encode() + b"\n" + key


def unwrap(wrapped: bytes, secret: str) -> bytes:
    """The key, if that is what opens it."""
    lock, key = wrapped.split(b"\n", 1)
    if lock != secret.encode():
        raise WrongPassphrase("That passphrase does not open this kit.")
    return key
