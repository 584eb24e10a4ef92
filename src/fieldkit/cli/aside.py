"""Files in quarantine, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from fieldkit.cli.options import Json, Yes, session
from fieldkit.cli.output import counted, moment, note, print_json, say, spoken
from fieldkit.cli.prompts import demand_yes
from fieldkit.errors import NotFound
from fieldkit.text import clean_line

if TYPE_CHECKING:
    from fieldkit.store.journal.sync_log import Aside
    from fieldkit.store.kit import Kit


def quarantine(
    context: typer.Context,
    removed: Annotated[
        list[str] | None,
        typer.Option(
            "--remove",
            metavar="NAME",
            help="Delete the kept copy of this file, or of the one with this SHA-256; may be repeated.",
        ),
    ] = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """List the files in quarantine, and why."""
    with session(context).kit(writes=bool(removed)) as kit:
        if removed:
            _remove(kit, removed, yes)
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


def _remove(kit: Kit, names: list[str], yes: bool) -> None:
    from fieldkit.sync.merge.quarantine import remove

    asides = kit.ledger.quarantine()
    for name in names:
        if not any(name in {one.name, one.sha256} for one in asides):
            raise NotFound(
                f"No file “{clean_line(name)}” is in quarantine.",
                kept="Nothing was deleted.",
                hint="See the names with: fieldkit quarantine",
            )
    chosen = [one for one in asides if one.name in names or one.sha256 in names]
    demand_yes(
        f"Delete {counted(len(chosen), 'file')} from quarantine? What was not merged is then only where it came from.",
        yes,
    )
    for one in chosen:
        remove(kit, one)
    note(f"{counted(len(chosen), 'file')} deleted from quarantine.")


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
