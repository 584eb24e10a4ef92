"""`fieldkit receipt`: what has arrived here, for the laptops that sent it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.device_arguments import laptop_named
from fieldkit.cli.file_arguments import target_of
from fieldkit.cli.parameters import option
from fieldkit.errors import Misuse
from fieldkit.store.kit import Kit
from fieldkit.sync.network.identity import Identity, identity
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.receipts.receipt_file import write_receipt

_ENDING = ".fkr"


@command()
def receipt(
    kit: Kit,
    out: Annotated[str, option("--out -o", "FILE.fkr|DIR", "Where to write it: a file, or a folder.")],
    laptops: Annotated[
        list[str] | None,
        option(
            "--for",
            "DEVICE",
            "Only for this laptop, by its name or fingerprint; may be repeated. Else for all.",
        ),
    ] = None,
) -> Answer:
    """Write a receipt: what has arrived here, what is missing, and what was quarantined.

    Laptops merge it like any file. Only then do they count their changes as confirmed; what is missing they
    send again with their next bundle.
    """
    me = identity(kit)
    roster = Roster(kit, me)
    devices = [laptop_named(roster, name).device for name in laptops or []]
    path = write_receipt_to(kit, me, out, devices)
    return Answer(
        {"path": str(path), "for": devices or None},
        [
            f"Wrote the receipt: {path}",
            "Carry it back: each laptop merges it with: fieldkit merge FILE.fkr",
        ],
    )


def write_receipt_to(kit: Kit, me: Identity, out: str, devices: list[str]) -> Path:
    """Write a receipt to a typed name or folder."""
    demand_coordinator(kit, me)
    return write_receipt(kit, me, target_of(out, _ENDING, "a receipt"), devices)


def demand_coordinator(kit: Kit, me: Identity) -> None:
    """Raise Misuse on a laptop that writes no receipts."""
    if not Roster(kit, me).coordinating:
        raise Misuse(
            "Only a coordinator's laptop writes receipts.",
            kept="Nothing was changed.",
            hint="Ask the coordinator for one.",
        )
