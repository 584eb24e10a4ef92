"""Withdrawal by receipt code: what it did, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit


def withdraw(kit: Kit, code: str) -> str:
    """Erase what the code was given for, here and by the next bundles everywhere. For a thread.

    Raises:
        Misuse: this can't be a code.
    """
    from fieldkit.store.withdrawal import as_printed

    code = as_printed(code)
    if kit.count("withdrawal", where={"code": code}):
        return "That code was handed back before: what it was given for is erased wherever it is merged."
    if kit.withdraw(code):
        return "Erased here. The next bundle takes the withdrawal to every other laptop."
    return (
        "Nothing here was given that code: compare it with the slip once more. If it is right, the record is "
        "held elsewhere; the next bundle takes the withdrawal there."
    )
