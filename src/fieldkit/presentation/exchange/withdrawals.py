"""Withdrawal by receipt code: what it did, in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.presentation.exchange.device_names import DeviceNames
from fieldkit.store.kit import Kit
from fieldkit.store.oplog.receipt_codes import as_printed


@dataclass(frozen=True)
class Withdrawal:
    """What a withdrawal did here. `erased` is the number of records, `before` whether the code was used before."""

    code: str
    erased: int
    before: bool
    coordinating: bool

    def sentence(self, invite: str) -> str:
        """What happened and what carries it to the other laptops; `invite` says how to write a network file."""
        way = f"next network file ({invite})" if self.coordinating else "next bundle"
        if self.before:
            return (
                "That code was used before: what it was given for is erased, here and wherever it is merged."
            )
        if self.erased:
            return f"Erased here. The {way} takes the withdrawal to every other laptop."
        return (
            "Nothing here was given that code: compare it with the slip once more. If it is right, the record is "
            f"held elsewhere; the {way} takes the withdrawal there."
        )


def withdraw(kit: Kit, code: str) -> Withdrawal:
    """Erase the records of a receipt code: here now, and everywhere by the next bundles and network files. Call it in a thread.

    Raises:
        WrongCode: this can't be a code.
    """
    code = as_printed(code)
    before = kit.count("withdrawal", where={"code": code}) > 0
    coordinating, erased = DeviceNames(kit).coordinating, 0 if before else kit.withdraw(code)
    if erased and coordinating:
        erased += kit.erase_joined()
    return Withdrawal(code, erased, before, coordinating)
