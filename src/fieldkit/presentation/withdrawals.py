"""Withdrawal by receipt code: what it did, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit
    from fieldkit.sync.network.identity import Identity


def withdraw(kit: Kit, me: Identity, code: str) -> str:
    """Erase what the code was given for, here and by the next bundles and network files everywhere. For a thread.

    Raises:
        WrongCode: this can't be a code.
    """
    from fieldkit.store.oplog.receipt_codes import as_printed
    from fieldkit.sync.network.roster import Roster

    coordinating = Roster(kit, me).coordinating
    way = "next network file (i on “send and receive”)" if coordinating else "next bundle"
    code = as_printed(code)
    if kit.count("withdrawal", where={"code": code}):
        return "That code was used before: what it was given for is erased wherever it is merged."
    if kit.withdraw(code):
        return f"Erased here. The {way} takes the withdrawal to every other laptop."
    return (
        "Nothing here was given that code: compare it with the slip once more. If it is right, the record is "
        f"held elsewhere; the {way} takes the withdrawal there."
    )
