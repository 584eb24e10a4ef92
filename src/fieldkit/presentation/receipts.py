"""What a receipt says to this laptop, in words; and writing one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.presentation.wording import counted, runs_shown, when

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit
    from fieldkit.sync.network.identity import Identity
    from fieldkit.sync.receipts.receipt_file import Receipt


CONFIRMED = "Confirmed:"
"""How the line begins that says what a receipt confirmed."""


def held_receipts(kit: Kit) -> list[Receipt]:
    """The receipts that are held now. For a thread."""
    from fieldkit.sync.receipts.receipts import receipts

    return receipts(kit)


def taken(kit: Kit, me: Identity, before: list[Receipt]) -> dict[str, str]:
    """Coordinator's name -> what its receipt says, of those that were not held `before`. For a thread."""
    from fieldkit.sync.network.roster import Roster

    roster = Roster(kit, me)
    last_of = {
        origin: last
        for origin, last in kit.ledger.origins().items()
        if origin.partition(".")[0] == me.device and last
    }
    return {
        roster.name_of(one.device): "\n".join(_said(one, me, last_of, kit.clock()))
        for one in held_receipts(kit)
        if one not in before
    }


def _said(one: Receipt, me: Identity, last_of: dict[str, int], now: int) -> list[str]:
    runs = [run for origin, some in one.held.items() if origin in last_of for run in some]
    confirmed = sum(last - first + 1 for first, last in runs)
    wanted = [run for origin in last_of for run in one.missing.get(origin, [])]
    lines = [f"Written {when(one.made, now)}."]
    lines.append(f"{CONFIRMED} {confirmed:,} of this laptop's {counted(sum(last_of.values()), 'change')}.")
    if wanted:
        lines.append(
            f"Wanted again: {runs_shown(wanted)}. The next bundle takes them (x on “send and receive”)."
        )
    lines += [
        f"Quarantined there: {file['name']}. {file['sentence']}"
        for file in one.aside
        if file["device"] == me.device
    ]
    if one.clashes:
        lines.append(
            f"There, {counted(len(one.clashes), 'conflict waits', 'conflicts wait')} for a decision."
        )
    return lines


def write(kit: Kit, me: Identity, folder: Path) -> Path:
    """Write a receipt for all laptops to a folder, or to a file.

    Raises:
        Misuse: this laptop is no coordinator's.
        StorageError: the disk refuses.
    """
    from fieldkit.sync.receipts.receipt_file import write_receipt

    return write_receipt(kit, me, folder)
