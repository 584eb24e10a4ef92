"""Receipts: writing one for the laptops of the network, and what one says when it arrives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fieldkit.cli.file_arguments import target_of
from fieldkit.cli.options import Json, session
from fieldkit.cli.output import aged, counted, moment, print_json, runs_shown, say, spoken
from fieldkit.errors import Misuse

if TYPE_CHECKING:
    from fieldkit.cli.histories import Names
    from fieldkit.store.kit import Kit
    from fieldkit.sync.network.identity import Identity
    from fieldkit.sync.receipts.receipt_file import Receipt

ENDING = ".fkr"


def receipt(
    context: typer.Context,
    out: Annotated[
        str,
        typer.Option("--out", "-o", metavar="FILE.fkr|DIR", help="Where to write it: a file, or a folder."),
    ],
    laptops: Annotated[
        list[str] | None,
        typer.Option(
            "--for",
            metavar="DEVICE",
            help="Only for this laptop, by its name or fingerprint; may be repeated. Else for all.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write a receipt: what has arrived here, what is missing, and what was quarantined.

    Laptops merge it like any file. Only then do they count their changes as confirmed; what is missing they
    send again with their next bundle.
    """
    from fieldkit.sync.network.identity import identity

    with session(context).kit() as kit:
        me = identity(kit)
        devices = devices_named(kit, me, laptops or [])
        path = write(kit, me, out, devices)
    if as_json:
        print_json({"path": str(path), "for": devices or None})
        return
    say(f"Wrote the receipt: {path}", "Carry it back: each laptop merges it with: fieldkit merge FILE.fkr")


def devices_named(kit: Kit, me: Identity, words: list[str]) -> list[str]:
    """The ids of the laptops that these names or fingerprints name.

    Raises:
        NotFound, Misuse: one names none.
    """
    from fieldkit.cli.device_arguments import laptop_named
    from fieldkit.sync.network.roster import Roster

    roster = Roster(kit, me)
    return [laptop_named(roster, one).device for one in words]


def write(kit: Kit, me: Identity, out: str, devices: list[str]) -> Path:
    """Write a receipt to a name or folder as it was typed."""
    from fieldkit.sync.receipts.receipt_file import write_receipt

    demand_coordinator(kit, me)
    return write_receipt(kit, me, target_of(out, ENDING, "a receipt"), devices)


def demand_coordinator(kit: Kit, me: Identity) -> None:
    """Raises Misuse on a laptop that writes no receipts."""
    from fieldkit.sync.network.roster import Roster

    if not Roster(kit, me).coordinating:
        raise Misuse(
            "Only a coordinator's laptop writes receipts.",
            kept="Nothing was changed.",
            hint="Ask the coordinator for one.",
        )


# What arrived


def taken(kit: Kit, before: list[Receipt]) -> list[dict[str, Any]]:
    """What the receipts say that were not held before, each as a plain object."""
    from fieldkit.cli.histories import Names
    from fieldkit.sync.network.identity import identity
    from fieldkit.sync.receipts.receipts import receipts

    me, who = identity(kit), Names(kit)
    own = {
        origin: last
        for origin, last in kit.ledger.origins().items()
        if origin.partition(".")[0] == me.device and last
    }
    return [_said(one, me.device, own, who) for one in receipts(kit) if one not in before]


def _said(one: Receipt, device: str, last_of: dict[str, int], who: Names) -> dict[str, Any]:
    # A copy of this laptop's folder has streams of its own, which are not this one's to count.
    own = {origin: runs for origin, runs in one.held.items() if origin in last_of}
    return {
        "coordinator": who.of(one.device),
        "id": one.device,
        "at": moment(one.made),
        "stamp": one.made,
        "confirmed": [
            {"origin": origin, "from": first, "to": last}
            for origin, runs in own.items()
            for first, last in runs
        ],
        "wanted": [
            {"origin": origin, "from": first, "to": last}
            for origin in own
            for first, last in one.missing.get(origin, [])
        ],
        "aside": [
            {"name": file["name"], "reason": file["reason"], "sentence": file["sentence"]}
            for file in one.aside
            if file["device"] == device
        ],
        "own_changes": sum(last_of.values()),
        "clashes": one.clashes,
    }


def tell_taken(said: dict[str, Any]) -> None:
    """What one receipt says, in lines of words."""
    say(f"Receipt from {said['coordinator']}, {spoken(said['stamp'])}:")
    runs = said["confirmed"]
    confirmed = sum(run["to"] - run["from"] + 1 for run in runs)
    last = f", up to number {runs[-1]['to']:,}" if len({run["origin"] for run in runs}) == 1 else ""
    say(f"    has {confirmed:,} of this laptop's {counted(said['own_changes'], 'change')}{last}")
    if said["wanted"]:
        wanted = runs_shown((run["from"], run["to"]) for run in said["wanted"])
        say(f"    wants again: {wanted}. The next bundle takes it: fieldkit export")
    for file in said["aside"]:
        say(f"    quarantined {file['name']}: {file['sentence']}")
    if said["clashes"]:
        say(f"    {counted(len(said['clashes']), 'conflict waits', 'conflicts wait')} for a decision there")


def unconfirmed_dict(kit: Kit, me: Identity) -> dict[str, Any]:
    """How many changes no coordinator has confirmed, and since when."""
    from fieldkit.sync.receipts.receipts import unconfirmed

    found = unconfirmed(kit, me)
    return {"ops": found.ops, "oldest": moment(found.oldest), "stamp": found.oldest or None}


def unconfirmed_words(found: dict[str, Any], now: int) -> str:
    """49 changes not yet confirmed, the oldest 5 days old."""
    old = f", the oldest {aged(found['stamp'], now)} old" if found["stamp"] else ""
    return f"{counted(found['ops'], 'change')} not yet confirmed{old}"
