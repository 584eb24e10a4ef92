"""Files in quarantine, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from fieldkit.cli.options import Json, add, session
from fieldkit.cli.output import moment, print_json, say, spoken

if TYPE_CHECKING:
    from fieldkit.store.journal.sync_log import Aside
    from fieldkit.store.kit import Kit


def register(app: typer.Typer) -> None:
    """Add this command to the tree."""
    add(app, "quarantine", quarantine)


def quarantine(context: typer.Context, as_json: Json = False) -> None:
    """List the files in quarantine, and why."""
    with session(context).kit() as kit:
        asides = kit.ledger.quarantine()
        if as_json:
            print_json([_as_dict(kit, one) for one in asides])
            return
    if not asides:
        say("No file is in quarantine.")
    for one in asides:
        say(f"{one.name}, {spoken(one.at)}: {one.sentence}")
        if one.hint:
            say(f"    {one.hint}")


def _as_dict(kit: Kit, aside: Aside) -> dict[str, Any]:
    from fieldkit.sync.merge.copies import Copies

    copy = Copies(kit).path(aside.sha256)
    return {
        "name": aside.name,
        "reason": aside.reason,
        "sentence": aside.sentence,
        "hint": aside.hint,
        "at": moment(aside.at),
        "stamp": aside.at,
        "sender": aside.words or None,
        "sha256": aside.sha256,
        "path": str(copy) if copy else None,
    }
