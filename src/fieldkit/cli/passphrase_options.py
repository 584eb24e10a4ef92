"""A new passphrase, from a file, the environment or the keyboard."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from fieldkit.cli.prompts import ask_twice, read_secret
from fieldkit.store.db.passphrases import demand_strong


def new_secret(file: Path | None, variable: str, option: str, names: Iterable[str]) -> str:
    """A new passphrase, from the file or the environment, or typed twice.

    Raises:
        Misuse: it is easily guessed.
    """
    secret = (
        read_secret(file)
        if file
        else os.environ.get(variable)
        or ask_twice(
            "A passphrase for it (at least 8 characters; four words are easy to remember): ",
            f"Give one with {variable} or {option}.",
        )
    )
    demand_strong(secret, names)
    return secret
