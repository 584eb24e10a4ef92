"""`fieldkit quarantine`: files that could not be accepted, and why."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.options import Yes
from fieldkit.cli.output import iso_time, note
from fieldkit.cli.prompts import demand_yes
from fieldkit.errors import NotFound
from fieldkit.presentation.wording import counted, date_and_time
from fieldkit.store.journal.sync_log import Aside
from fieldkit.store.kit import Kit
from fieldkit.sync.merge.copies import Copies
from fieldkit.sync.merge.quarantine import remove
from fieldkit.text import clean_line


@command(writes=lambda options: bool(options["names"]))
def quarantine(
    kit: Kit,
    names: Annotated[
        list[str] | None,
        typer.Option(
            "--remove",
            metavar="NAME",
            help="Delete the kept copy of this file, or of the one with this SHA-256; may be repeated.",
        ),
    ] = None,
    yes: Yes = False,
) -> Answer:
    """List the files in quarantine, and why."""
    if names:
        _remove(kit, names, yes)
    files = kit.ledger.quarantine()
    lines = []
    for file in files:
        lines.append(f"{file.name}, {date_and_time(file.at)}: {file.sentence}")
        if file.hint:
            lines.append(f"    {file.hint}")
    return Answer([_as_data(kit, file) for file in files], lines or ["No file is in quarantine."])


def _remove(kit: Kit, names: list[str], yes: bool) -> None:
    files = kit.ledger.quarantine()
    for name in names:
        if not any(name in {file.name, file.sha256} for file in files):
            raise NotFound(
                f"No file “{clean_line(name)}” is in quarantine.",
                kept="Nothing was deleted.",
                hint="See the names with: fieldkit quarantine",
            )
    chosen = [file for file in files if file.name in names or file.sha256 in names]
    demand_yes(
        f"Delete {counted(len(chosen), 'file')} from quarantine? What was not merged is then only where it came from.",
        yes,
    )
    for file in chosen:
        remove(kit, file)
    note(f"{counted(len(chosen), 'file')} deleted from quarantine.")


def _as_data(kit: Kit, file: Aside) -> dict[str, Any]:
    copy = Copies(kit).path(file.sha256)
    return {
        "name": file.name,
        "reason": file.reason,
        "sentence": file.sentence,
        "hint": file.hint,
        "at": iso_time(file.at),
        "stamp": file.at,
        "sender": file.words or None,
        "sha256": file.sha256,
        "path": str(copy) if copy else None,
    }
